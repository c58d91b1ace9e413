import { ExprGenerator } from './generate';

/**
 * Random expressions that are always accepted, made of few texts so that comparisons and matches often hold: for tests
 * of values against Apache. Their texts have no quotes, control characters or `${`.
 */
export class ValueGenerator {
  readonly #random: ExprGenerator;

  constructor(seed: number) {
    this.#random = new ExprGenerator(seed);
  }

  pick<T>(list: readonly T[]): T {
    return this.#random.pick(list);
  }

  /** A string expression: texts, variables, functions of functions. */
  text(depth = 3): string {
    let text = '';
    for (let left = 1 + this.#random.below(3); left > 0; left--) text += this.#part(depth);
    return text;
  }

  #part(depth: number): string {
    switch (this.#random.below(depth > 0 ? 7 : 3)) {
      case 0:
        return `%{${this.pick(VARIABLES)}}`;
      case 1:
        return this.pick([
          '\\x41',
          '\\101',
          '\\\\',
          '%',
          '$',
          '$1',
          '\\.',
          '%41',
          '%2f',
          '%2F',
          '%zz',
          'A+b',
          '=',
          '-',
        ]);
      case 2:
        return this.pick(TEXTS);
      default:
        return `%{${this.pick(FUNCTIONS)}:${this.#argument(depth - 1)}}`;
    }
  }

  #argument(depth: number): string {
    return this.#random.below(3) === 0 ? this.pick(HEADERS) : this.text(depth).replaceAll('}$', '}');
  }

  condition(depth = 3): string {
    if (depth === 0) return this.#comparison();
    switch (this.#random.below(12)) {
      case 0:
        return `${this.pick(['!', 'not '])}${this.condition(depth - 1)}`;
      case 1:
      case 2:
        return `${this.condition(depth - 1)} ${this.pick(['&&', '||', 'and', 'or'])} ${this.condition(depth - 1)}`;
      case 3:
        return `(${this.condition(depth - 1)})`;
      case 4:
        return `-${this.pick(['n', 'z', 'T'])} ${this.word(2)}`;
      case 5:
        return `-${this.pick(['f', 'd', 'e', 's', 'L', 'h', 'x'])} '${this.pick(PATHS)}'`;
      case 6:
        return `${this.word(1)} -${this.pick(['fnmatch', 'strmatch', 'strcmatch'])} ${this.#glob()}`;
      case 7:
        return this.#network();
      case 8:
        return this.#match();
      case 9:
        return this.#membership();
      default:
        return this.#comparison();
    }
  }

  #comparison(): string {
    const operator = this.pick(['==', '!=', '<', '<=', '>', '>=', '-eq', '-ne', '-lt', '-le', '-gt', '-ge']);
    return `${this.word(2)} ${operator} ${this.word(2)}`;
  }

  #membership(): string {
    const words = Array.from({ length: 1 + this.#random.below(3) }, () => this.word(1));
    return `${this.word(1)} in {${words.join(', ')}}`;
  }

  #network(): string {
    if (this.#random.below(4) === 0) return `-R '${this.pick(NETWORKS)}'`;
    return `'${this.pick(ADDRESSES)}' -ipmatch '${this.pick(NETWORKS)}'`;
  }

  #match(): string {
    const pattern = this.pick([
      '/^(a)(b)?/',
      '/(b|c)(x)?$/',
      'm#^([^/]*)/(.*)$#',
      '/A/i',
      '/^$/',
      '/(.)(.)(.)/',
      '/(e)/i',
    ]);
    const test = `${this.word(1)} ${this.pick(['=~', '!~'])} ${pattern}`;
    const use = `'$${this.#random.below(4)}' ${this.pick(['==', '!='])} ${this.word(1)}`;
    return this.pick([test, `(${test} && ${use})`, `(${test} || ${use})`]);
  }

  /** A condition that ends in captures whenever it holds by a match; its backreferences follow a match. */
  capture(): string {
    const subject = () => this.pick(["'a'", "'ab'", "'abc'", "'a/b/c'", '%{REQUEST_URI}', "'x'.'bc'", "''"]);
    const pattern = () =>
      this.pick(['/^(a)(b)?/', '/(b|c)(x)?$/', 'm#^([^/]*)/(.*)$#', '/(.)(.)(.)/', '/^$/', '/()b/']);
    const match = () => `${subject()} ${this.pick(['=~', '=~', '!~'])} ${pattern()}`;
    return this.pick([
      match(),
      `${match()} && ${match()}`,
      `${match()} || ${match()}`,
      `${subject()} =~ /(.*)/ && '$1' == '$0'`,
      `${subject()} =~ /(.*)(b)?/ && ${match()} && '$1' != 'q'`,
      `'abcdefghijkl' =~ /(a)(b)(c)(d)(e)(f)(g)(h)(i)(j)(k)/ && ('$9'.'$0' == 'x' || ${match()})`,
    ]);
  }

  #glob(): string {
    let glob = '';
    for (let left = this.#random.below(5); left > 0; left--) glob += this.pick(GLOBS);
    return `'${glob}'`;
  }

  word(depth: number): string {
    switch (this.#random.below(depth > 0 ? 8 : 4)) {
      case 0:
        return this.pick(['0', '1', '-5', '10', '007', '99999999999999999999']);
      case 1:
        return `%{${this.pick(VARIABLES)}}`;
      case 2:
        return `$${this.#random.below(4)}`;
      case 3:
        return `'${this.pick(TEXTS)}'`;
      case 4:
        return `${this.word(depth - 1)} . ${this.word(depth - 1)}`;
      case 5:
        return `${this.pick(FUNCTIONS)}(${this.word(depth - 1)})`;
      default:
        return `'${this.text(depth - 1)}'`;
    }
  }
}

/** Paths for file tests; the test makes them below its document root, `~`. */
export const PATHS = [
  '~/file',
  '~/empty',
  '~/folder',
  '~/link',
  '~/script',
  '~/missing',
  '',
  'relative',
  '~/dangling',
];

const TEXTS = [
  'a',
  'b',
  'ab',
  'abc',
  'A',
  '',
  'a/b',
  'ab/c',
  'Ab ',
  '0',
  'off',
  'False',
  ' 12',
  '3x',
  '\xe9',
  'zz',
  'a*b',
  '[a',
];
// prettier-ignore
const VARIABLES = [
  'REQUEST_METHOD', 'request_uri', 'QUERY_STRING', 'HTTP_USER_AGENT', 'HTTP_HOST', 'HTTP_REFERER', 'HTTP_ACCEPT', 'HTTPS',
  'IS_SUBREQ', 'REMOTE_ADDR', 'SERVER_NAME', 'SERVER_PORT', 'SERVER_PROTOCOL', 'DOCUMENT_ROOT', 'THE_REQUEST', 'IPV6', 'HTTP2',
  'CONTEXT_PREFIX', 'REMOTE_USER', 'AUTH_TYPE', 'REQUEST_SCHEME', 'CONN_REMOTE_ADDR', 'HTTP_COOKIE', 'SSL_PROTOCOL',
];
// prettier-ignore
const FUNCTIONS = [
  'req', 'http', 'req_novary', 'osenv', 'env', 'tolower', 'TOUPPER', 'escape', 'unescape', 'base64', 'unbase64', 'md5', 'sha1', 'ldap',
];
const HEADERS = ['User-Agent', 'x-word', 'Host', 'X-Missing', 'PATH', 'X-Number'];
const GLOBS = [
  'a',
  'b',
  'c',
  '*',
  '?',
  '[a-c]',
  '[!a]',
  '[^b',
  '/',
  '\\\\*',
  '[]a]',
  '[a-]',
  'A',
  '[A-Z]',
  '**',
  '[b/]',
];
const ADDRESSES = [
  '10.1.2.3',
  '10.2.0.1',
  '::1',
  '::ffff:10.1.2.3',
  'fe80::1',
  '127.1',
  '0x7f000001',
  '127.0.0.1',
  '1.2.3',
  '',
  '010.1.2.3',
];
const NETWORKS = [
  '10.0.0.0/8',
  '10.1',
  '10.1.2.3',
  '127.0.0.0/8',
  '::1',
  'fe80::/10',
  '10.1.0.0/255.255.0.0',
  '::/1',
  '8.1.2.3',
  '127.',
  '1.2.0.3',
];
