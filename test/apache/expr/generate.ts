/** Random expressions for tests: valid ones from a grammar, damaged ones, token soup, and noise; the same for the same seed. */
export class ExprGenerator {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** A whole number below `bound`. */
  below(bound: number): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % bound;
  }

  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)] as T;
  }

  /** A condition or a string expression: well-formed, damaged, tokens in any order, or any bytes. */
  any(mode: 'condition' | 'string'): string {
    switch (this.below(8)) {
      case 0:
        return this.#soup();
      case 1:
        return this.#noise();
      case 2:
      case 3:
      case 4:
        return this.#damage(this.valid(mode));
      default:
        return this.valid(mode);
    }
  }

  valid(mode: 'condition' | 'string'): string {
    return mode === 'condition' ? this.condition(3) : this.#textParts('', 3);
  }

  condition(depth: number): string {
    if (depth === 0) return this.pick(['true', 'false', "-n 'a'", '1 == 1', "'a' < 'b'"]);
    switch (this.below(10)) {
      case 0:
        return `${this.pick(['!', 'not ', '! '])}${this.condition(depth - 1)}`;
      case 1:
      case 2:
        return `${this.condition(depth - 1)} ${this.pick(['&&', '||', 'and', 'or'])} ${this.condition(depth - 1)}`;
      case 3:
        return `(${this.condition(depth - 1)})`;
      case 4:
        return `-${this.pick(UNARY)} ${this.word(2)}`;
      case 5:
        return `${this.word(2)} -${this.pick(BINARY)} ${this.word(1)}`;
      case 6:
        return `${this.word(2)} ${this.pick(['=~', '!~'])} ${this.#regex()}`;
      case 7:
        return `${this.word(2)} ${this.pick(['in', '-in'])} ${this.#list()}`;
      default:
        return `${this.word(2)}${this.pick([' ', ''])}${this.pick(COMPARISONS)}${this.pick([' ', ''])}${this.word(2)}`;
    }
  }

  word(depth: number): string {
    switch (this.below(depth > 0 ? 9 : 4)) {
      case 0:
        return this.pick(['0', '1', '-5', '42', '007', '99999999999999999999']);
      case 1:
        return `%{${this.pick(VARIABLES)}}`;
      case 2:
        return `$${this.below(10)}`;
      case 3:
        return this.pick(["'a'", '"b"', "''", "'10.0.0.0/8'", "'127.0.0.1'"]);
      case 4:
        return `${this.word(depth - 1)}${this.pick([' . ', '.'])}${this.word(depth - 1)}`;
      case 5:
        return `${this.pick(FUNCTIONS)}(${this.word(depth - 1)})`;
      case 6:
        return `%{${this.pick(FUNCTIONS)}:${this.#textParts('}', depth - 1)}}`;
      default:
        return this.#quoted(depth - 1);
    }
  }

  #quoted(depth: number): string {
    const quote = this.pick(["'", '"']);
    return `${quote}${this.#textParts(quote, depth)}${quote}`;
  }

  #textParts(end: string, depth: number): string {
    let text = '';
    for (let left = this.below(4) + (end === '}' ? 1 : 0); left > 0; left--)
      text += this.#textPart(end, depth);
    return text;
  }

  #textPart(end: string, depth: number): string {
    switch (this.below(depth > 0 ? 8 : 5)) {
      case 0:
        return `$${this.below(10)}`;
      case 1:
        return this.pick(['\\n', '\\t', '\\101', '\\x', '\\\\', '\\60', '\\0']);
      case 2:
        return this.pick(['%', '$', ' ', end === '}' ? '{' : '}']);
      case 5:
        return `%{${this.pick(VARIABLES)}}`;
      case 6:
        return `%{${this.pick(FUNCTIONS)}:${this.#textParts('}', depth - 1)}}`;
      default:
        return this.pick(['abc', 'x=1', '/path', 'A-b_c', '10.1.2.3', 'User-Agent', 'Host']);
    }
  }

  #regex(): string {
    const body = this.pick(['a', '^(.*)$', 'a|b', '(a)(b)?', '\\d+', '(', '[a', 'a{2}', '', '(?i)x']);
    const [open, close] = this.pick([
      ['/', '/'],
      ['m#', '#'],
      ['m!', '!'],
      ['m,', ','],
      ['m_', '_'],
    ] as const);
    return `${open}${body}${close}${this.pick(['', '', 'i', 'x'])}`;
  }

  #list(): string {
    if (this.below(3) === 0) return `${this.pick(['PeerExtList', 'nolist'])}(${this.word(1)})`;
    const words = Array.from({ length: 1 + this.below(3) }, () => this.word(1));
    return `{${words.join(this.pick([', ', ',']))}}`;
  }

  #damage(text: string): string {
    let damaged = text;
    for (let left = 1 + this.below(2); left > 0; left--) damaged = this.#damageOnce(damaged);
    return damaged;
  }

  #damageOnce(text: string): string {
    const at = this.below(text.length + 1);
    switch (this.below(4)) {
      case 0:
        return text.slice(0, at) + text.slice(at + 1 + this.below(3));
      case 1:
        return text.slice(0, at);
      case 2:
        return text.slice(0, at) + this.pick(TOKENS) + text.slice(at);
      default:
        return text.slice(0, at) + this.#byte() + text.slice(at);
    }
  }

  #soup(): string {
    const space = this.pick([' ', ' ', '']);
    return Array.from({ length: 1 + this.below(8) }, () => this.pick(TOKENS)).join(space);
  }

  #noise(): string {
    return Array.from({ length: this.below(16) }, () => this.#byte()).join('');
  }

  #byte(): string {
    const code = this.below(3) === 0 ? 1 + this.below(255) : 32 + this.below(95);
    return code === 10 || code === 13 ? ' ' : String.fromCharCode(code);
  }
}

const COMPARISONS = [
  '==',
  '=',
  '!=',
  '<',
  '<=',
  '>',
  '>=',
  ' -eq ',
  ' -ne ',
  ' -lt ',
  ' -le ',
  ' -gt ',
  ' ge ',
  ' eq ',
];
const UNARY = ['n', 'z', 'T', 'R', 'f', 'd', 'e', 's', 'L', 'h', 'x', 'F', 'U', 'A', 'Q', 'N', 'foo'];
const BINARY = ['ipmatch', 'fnmatch', 'strmatch', 'strcmatch', 'IPMATCH', 'nomatch', 'x'];
const VARIABLES = [
  'HTTP_HOST',
  'REQUEST_URI',
  'http_user_agent',
  'REMOTE_ADDR',
  'HTTPS',
  'SSL_PROTOCOL',
  'HC_BODY',
  'NOSUCH',
  'TIME_YEAR',
  'QUERY_STRING',
];
const FUNCTIONS = [
  'req',
  'http',
  'reqenv',
  'note',
  'env',
  'tolower',
  'TOUPPER',
  'escape',
  'unescape',
  'base64',
  'unbase64',
  'md5',
  'sha1',
  'ldap',
  'file',
  'filesize',
  'SSL',
  'nofunc',
  'req_novary',
];
// prettier-ignore
const TOKENS = [
  'true', 'false', '(', ')', '{', '}', ',', ':', '.', '!', 'not', '&&', '||', 'and', 'or', '==', '=', '!=', '<', '>', '=~', '!~',
  '-in', 'in', '-eq', 'ge', '-f', '-n', '-foo', '-ipmatch', '%{', '%{HTTP_HOST}', '%{req:', '$1', '$', '%', '/', '/a/', '/a/i', 'm#a#',
  'm', "'", '"', "'a'", '"b"', '12', '-7', '-', 'abc', 'req', '~', '&', '|', '\\', '@', '\t', '%{nosuch}', "''", '12abc', 'trueish',
];
