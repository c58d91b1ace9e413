import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { adviceOn } from '../advice/marked';
import { startOracle, type Oracle, type OracleRequest } from './apache/oracle';

/** What is said of a variable's value in a condition: patterns that nothing matches, and near ones that something does. */
interface Fact {
  readonly never: readonly string[];
  readonly sometimes: readonly string[];
}

const NAME: Fact = {
  never: ['^https?://', 'test/', String.raw`\?`, '[#@]', '=www.example.test/', String.raw`\\b`, '^a(?:/b|=)'],
  sometimes: ['^www', '^$', String.raw`^\[::1\]`, 'test(?:/|$)', '[^a-z.]'],
};
const NUMBER: Fact = {
  never: ['^[0-9]:', '-', '[^0-9]', '=80s', '^ ', 'a|b'],
  sometimes: [String.raw`^\d+$`, '0', '>0'],
};
const PARTS = ['', '_YEAR', '_MON', '_DAY', '_HOUR', '_MIN', '_SEC', '_WDAY'];

// prettier-ignore
const UNKNOWN = [
  'SCRIPT_NAME', 'PHP_SELF', 'HTTP_X_FORWARDED_PROTO', 'HTTP_ACCEPT_LANGUAGE', 'HTTP_CONNECTION', 'HTTPS2', 'REDIRECT_STATUS', 'REQUEST_STATUS', 'HANDLER', 'CONTENT_TYPE', 'SSL_PROTOCOL', 'DOCUMENT_URI',
  'UNSAFE_RAW', 'REMOTE', 'GATEWAY_INTERFACE', 'CONTEXT', 'REQUEST', 'TIME_ZONE', 'SERVER', 'REQUEST_LOG_ID', 'ENV', 'PATH_TRANSLATED', 'QUERY_STRING_UNESCAPED', 'SCRIPT_URI', 'SCRIPT_URL', 'LAST_MODIFIED', 'HTTP_ORIGIN',
];
// prettier-ignore
const KNOWN = [
  'REQUEST_METHOD', 'request_method', 'SERVER_SOFTWARE', 'API_VERSION', 'DOCUMENT_ROOT', 'CONTEXT_DOCUMENT_ROOT', 'CONN_REMOTE_ADDR', 'IPV6', 'SCRIPT_USER', 'SCRIPT_GROUP', 'SERVER_ADDR', 'SERVER_PROTOCOL', 'REMOTE_HOST',
  'HTTP_ACCEPT', 'HTTP_COOKIE', 'HTTP_REFERER', 'HTTP_FORWARDED', 'HTTP_USER_AGENT', 'HTTP_PROXY_CONNECTION', 'REQUEST_FILENAME', 'SCRIPT_FILENAME', 'PATH_INFO',
];

// prettier-ignore
const FACTS: Readonly<Record<string, Fact>> = {
  '%{REQUEST_URI}': {
    never: ['^admin', '^[^/]', '^(?:www|http)', String.raw`^\*`, String.raw`^\?`, '^(?i)INDEX'],
    sometimes: ['^/admin', '^$', '^/?new', '^.new', '!^/', '^/', String.raw`\?`, 'http://|http:/'],
  },
  '%{QUERY_STRING}': { never: [], sometimes: [String.raw`^\?`, String.raw`^\?a`, '^$', '/', ' |%20'] },
  '%{THE_REQUEST}': {
    never: ['^/', '^/index', '^(?:/a|/b)'],
    sometimes: ['^GET ', String.raw`^\S+ /`, '^[a-z]', '^[^A-Z]', '^OPTIONS', String.raw`^\S+ http:`],
  },
  '%{HTTPS}': { never: ['=1', '^true', '=OFF', '=""', '^https', '^$'], sometimes: ['off', '=off', '!=on', '!^on$', '^o', '=OFF [NC]'] },
  '%{REQUEST_SCHEME}': { never: ['=ftp', '^https?://', '^$', '=HTTP'], sometimes: ['=http', '^https?$', '!=https', '=HTTP [NC]'] },
  '%{IS_SUBREQ}': { never: ['=1', '^yes', '=TRUE', '^$'], sometimes: ['=true', '=false', '^[tf]'] },
  '%{HTTP_HOST}': { ...NAME, sometimes: [...NAME.sometimes, ':80$'] },
  '%{HTTP:Host}': { ...NAME, sometimes: [...NAME.sometimes, ':80$'] },
  '%{SERVER_NAME}': { ...NAME, sometimes: ['^www', String.raw`^\[::1\]`, 'test(?:/|$)', '[^a-z.]'] },
  '%{SERVER_PORT}': NUMBER,
  '%{REMOTE_PORT}': NUMBER,
  '%{REMOTE_ADDR}': { never: ['/8$', ' ', '=127.0.0.0/8', '^127.*/'], sometimes: [String.raw`^127\.`, '=127.0.0.1', String.raw`^127\..*(?:/|1)$`] },
  ...Object.fromEntries(UNKNOWN.map((name) => [`%{${name}}`, { never: ['.'], sometimes: [] }])),
  ...Object.fromEntries(KNOWN.map((name) => [`%{${name}}`, { never: [], sometimes: ['.'] }])),
  ...Object.fromEntries(PARTS.map((part) => [`%{TIME${part}}`, { ...NUMBER, sometimes: [String.raw`^\d+$`] }])),
};

const HOSTS = [
  ...Array.from('/?#=&@\\').flatMap((byte) => [
    byte,
    `a${byte}b.test`,
    `www.example.test:80${byte}`,
    `${byte}a.test`,
  ]),
  '',
  ' ',
  'www.example.test:80',
  '[::1]',
  '[::1]:8080',
  '[::1]/',
  'http://www.example.test',
  'WWW.EXAMPLE.TEST',
  '1',
  '_a',
  'a-b',
];
const TARGETS = [
  '/', '/new', '/admin', '/none', '/moved', '/x??a', '/x??a?b', '/new?', '/new?a/b%20c', '/%3Fa', '//new', '/./new', '/new#x', '/new/', '/new/info', '*', 'admin', '?a', '/*',
  'http://www.example.test', 'http://www.example.test/admin', 'http://www.example.test?a', 'http://a@b.test/new', 'https://www.example.test/new', 'ftp://www.example.test/new',
  '/http://a.test/b', '/http:/a.test', 'http://http://a', 'www.example.test:80', 'HTTP://[::1]/new', '/%2f', '/new%20x',
]; // prettier-ignore
const METHODS = ['GET', 'HEAD', 'OPTIONS', 'POST', 'CONNECT', 'TRACE', 'get', 'NONSENSE', '-'];
const PRETENDED = {
  Accept: '*/*', Cookie: 'a=b', Referer: 'a', 'User-Agent': 'a', 'Proxy-Connection': 'a', 'Accept-Language': 'de', Origin: 'a', Script: 'a', 'Script-Name': 'a', Path: 'a',
  HTTPS: '1', 'X-Forwarded-Proto': 'https', 'X-Forwarded-For': '10.0.0.0/8', 'X-Forwarded-Host': 'a/b', 'X-Forwarded-Port': '443s', Forwarded: 'proto=ftp',
}; // prettier-ignore

const REQUESTS: readonly OracleRequest[] = [
  ...TARGETS.map((target) => ({ target })),
  ...METHODS.flatMap((method) => ['/new', '*', 'a.test:80'].map((target) => ({ target, method }))),
  ...TARGETS.map((target) => ({ target, protocol: 'HTTP/1.0', isHostless: true })),
  ...HOSTS.map((Host, at) => ({
    target: at % 3 === 0 ? 'http://www.example.test/new' : '/new',
    headers: { Host },
  })),
  { target: 'http://www.example.test/new', headers: { Host: 'a/b' } },
  { target: '/new', headers: PRETENDED },
];

/** Rules run also in lookups of files and URLs, after an internal redirect and for the page of an error. */
const AROUND = `ErrorDocument 404 /new
RewriteEngine On
RewriteCond %{IS_SUBREQ} =false
RewriteCond %{DOCUMENT_ROOT}/sub/x -F [OR]
RewriteCond %{REQUEST_URI} -U [OR]
RewriteCond %{LA-U:REMOTE_USER} x
RewriteRule ^none$ -
RewriteRule ^moved$ /new?/moved
`;

interface Case {
  readonly condition: string;
  readonly isPossible: boolean;
}

const CASES: readonly Case[] = Object.entries(FACTS).flatMap(([variable, { never, sometimes }]) => [
  ...never.map((pattern) => ({ condition: `RewriteCond ${variable} ${quoted(pattern)}`, isPossible: false })),
  ...sometimes.map((pattern) => ({
    condition: `RewriteCond ${variable} ${quoted(pattern)}`,
    isPossible: true,
  })),
]);

function quoted(pattern: string): string {
  return pattern.includes(' ') && !pattern.endsWith('[NC]') ? `"${pattern}"` : pattern;
}

const rulesFor = (cases: readonly Case[]): string =>
  cases.map(({ condition }, at) => `${condition}\nRewriteRule ^ - [E=C${at}_:1]\n`).join('');

/** Rules that are said never to apply or never to match, and near ones that do; a rule that applies sets HELD. */
interface RuleCase {
  readonly code: string;
  readonly never: readonly string[];
  readonly sometimes: readonly string[];
}

const HELD = '- [E=HELD:1]';
const section = (open: string, rules: string): string => `<${open}>\n${rules}\n</${/^\w+/.exec(open)?.[0]}>`;

// prettier-ignore
const RULES: readonly RuleCase[] = [
  {
    code: 'rewrite.leading-slash',
    never: [`RewriteRule ^/ ${HELD}`, `RewriteRule ^/go ${HELD}`, `RewriteRule ^https?://.* ${HELD}`, `RewriteRule ^go$ b\nRewriteRule ^/ ${HELD}`, `RewriteRule ^go$ /new [L]\nRewriteRule ^/new ${HELD}`],
    sometimes: [
      `RewriteRule ^go$ /x\nRewriteRule ^/x ${HELD}`, `RewriteRule ^go$ b [R]\nRewriteRule ^http:// ${HELD}`, `RewriteRule ^/x ${HELD}\nRewriteRule ^go$ /x [N]`, `RewriteRule ^go$ %{REQUEST_URI}\nRewriteRule ^/ ${HELD}`,
      `RewriteRule ^/?go ${HELD}`, `RewriteRule ^(go|/x) ${HELD}`, `RewriteRule ^https?:/ ${HELD}`, `RewriteRule !^a ${HELD}`,
    ],
  },
  {
    code: 'rewrite.section-path',
    never: [section('If "true"', `RewriteRule ^go ${HELD}`), section('Files go', `RewriteRule ^(?:go|new|site) ${HELD}`), section('FilesMatch .', `RewriteRule ^[a-z] ${HELD}`), section('If "true"', `RewriteRule ^/go$ /new [L]\nRewriteRule ^go ${HELD}`)],
    sometimes: [
      section('If "true"', `RewriteRule /go$ b\nRewriteRule ^b ${HELD}\nRewriteRule ^ /new [L]`), section('Files go', `RewriteRule /go$ /b [R]\nRewriteRule ^http ${HELD}`),
      section('If "true"', `RewriteRule ^b ${HELD}\nRewriteRule ^/.*/go$ %{ENV:NONE}b [N]`), section('If "true"', `RewriteRule ^/.*go ${HELD}`), section('If "true"', `RewriteRule ^.*go ${HELD}`), section('IfModule mod_dir.c', `RewriteRule ^go ${HELD}`),
    ],
  },
  {
    code: 'rewrite.never-reached',
    never: [`RewriteRule ^ - [L]\nRewriteRule ^ ${HELD}`, `RewriteRule .* - [END]\nRewriteRule ^ ${HELD}`, `RewriteRule ^(.*)$ http://a.test/ [R=301,L]\nRewriteRule ^ ${HELD}`, `RewriteRule ^ - [F]\nRewriteRule ^ ${HELD}`],
    sometimes: [
      `RewriteRule ^ http://a.test/ [R=301]\nRewriteRule ^ ${HELD}`, `RewriteRule ^ - [L,NS]\nRewriteRule ^ ${HELD}`, `RewriteRule .+ - [L]\nRewriteRule ^ ${HELD}`, `RewriteRule ^ - [S=1]\nRewriteRule ^ - [L]\nRewriteRule ^ ${HELD}`,
      `RewriteRule ^none - [C]\nRewriteRule ^ - [L]\nRewriteRule ^ ${HELD}`, `RewriteCond %{QUERY_STRING} .\nRewriteRule ^ - [L]\nRewriteRule ^ ${HELD}`,
    ],
  },
  {
    code: 'regex.never-matches',
    never: [`RewriteRule a^go ${HELD}`, `RewriteRule go$. ${HELD}`, String.raw`RewriteRule ^\w+\z. ${HELD}`, `RewriteRule "(?:x^|go$n)" ${HELD}`],
    sometimes: [`RewriteRule ^^go$$ ${HELD}`, `RewriteRule (?:x|^)go$ ${HELD}`, `RewriteRule "x?^go" ${HELD}`, `RewriteRule "go$(?:x)?" ${HELD}`],
  },
  {
    code: 'rewrite.condition-never-matches',
    never: [`RewriteRule ^go$ /new [L]\nRewriteCond %{HTTP_HOST} a/b\nRewriteRule ^ ${HELD}`],
    sometimes: [`RequestHeader set Host a/b\nRewriteRule ^go$ /new [L]\nRewriteCond %{HTTP_HOST} a/b\nRewriteRule ^ ${HELD}`],
  },
];

let oracle: Oracle;

beforeAll(async () => {
  oracle = await startOracle();
});

afterAll(() => oracle?.stop());

describe('what is said of the values of variables', () => {
  it('is said of the patterns that nothing can match, and of no other', () => {
    const said = CASES.map(({ condition }) =>
      adviceOn(`RewriteEngine On\n${condition}\nRewriteRule ^ - [F]\n`).some(
        ({ code }) => code === 'rewrite.condition-never-matches' || code === 'rewrite.unknown-variable',
      ),
    );
    expect(CASES.filter(({ isPossible }, at) => said[at] === isPossible)).toEqual([]);
  });

  it('is so for whatever request reaches a rule of a real Apache', async () => {
    const files = { '.htaccess': `${AROUND}${rulesFor(CASES)}`, new: 'new', 'index.html': '', 'sub/x': '' };
    const answers = await oracle.run(REQUESTS.map((request) => ({ files, request })));
    const held = new Set(
      answers.flatMap((answer) =>
        (answer?.trace ?? []).flatMap((line) => {
          const number = /setting env variable 'C(\d+)_'/.exec(line)?.[1];
          return number === undefined ? [] : [Number(number)];
        }),
      ),
    );
    expect(CASES.filter(({ isPossible }, at) => held.has(at) !== isPossible)).toEqual([]);
  });

  it.each(RULES)('is so for rules: $code', async ({ code, never, sometimes }) => {
    const texts = [...never, ...sometimes].map((rules) => `RewriteEngine On\nRewriteBase /\n${rules}\n`);
    const said = texts.map((text) => adviceOn(text).some((one) => one.code === code));
    const targets = [
      '/go',
      '/',
      '/new',
      '/go?http://a/go',
      '//go',
      '/http:/a',
      '/%2fgo',
      'http://a.test/go',
      '/site/go',
      '/http://a.test/b',
      '//http://a.test',
      '/http:///a',
      '/https:%2f%2fa',
      '/./https://a',
      'http://http://a',
    ];
    const files = texts.map((text) => ({ '.htaccess': text, go: '', new: '', 'index.html': '' }));
    const answers = await oracle.run(
      files.flatMap((site) => targets.map((target) => ({ files: site, request: { target } }))),
    );
    const held = texts.map((_text, at) =>
      answers
        .slice(at * targets.length, (at + 1) * targets.length)
        .some(
          (answer) => answer?.trace.some((line) => line.includes("setting env variable 'HELD'")) === true,
        ),
    );
    expect(texts.filter((_text, at) => said[at] !== at < never.length)).toEqual([]);
    expect(texts.filter((_text, at) => held[at] === at < never.length)).toEqual([]);
  });

  it.each([
    ['', 'RewriteOptions Inherit\n', true],
    ['RewriteOptions InheritDown\n', '', true],
    ['RewriteOptions InheritDownBefore\n', 'RewriteOptions InheritBefore\nRewriteRule ^go$ /x [N]\n', true],
    ['', '', false],
  ])(
    'a rule ^/x is asked about /x by a folder below: "%s" above, "%s" there',
    async (above, below, isHeld) => {
      const files = {
        '.htaccess': `RewriteEngine On\n${above}RewriteRule ^/x ${HELD}\n`,
        'sub/.htaccess': `RewriteEngine On\n${below}RewriteRule ^go$ /x\n`,
        'sub/go': '',
        x: '',
      };
      const [answer] = await oracle.run([{ files, request: { target: '/sub/go' } }]);
      const found = adviceOn(files['.htaccess'], { site: files }).map(({ code }) => code);
      expect(answer?.trace.some((line) => line.includes("setting env variable 'HELD'"))).toBe(isHeld);
      expect(found).toEqual(isHeld ? [] : ['rewrite.leading-slash']);
    },
  );
});
