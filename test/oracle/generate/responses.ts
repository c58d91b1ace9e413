import type { OraclePair, OracleRequest } from '../apache/oracle';
import type { SiteFiles } from '../apache/site_folders';
import { Random } from './random';

const FILES: SiteFiles = {
  'index.html': 'home '.repeat(48),
  'run.fcgi': { text: '#!/bin/sh\n', mode: '755' },
  'style.css': 'a {}',
  'image.png': 'png',
  'plain.txt': 'x'.repeat(68),
  'more.txt': 'x'.repeat(69),
  unknown: 'no type',
  'error.html': 'error page',
  'sub/index.html': 'sub',
  'sub/page.html': 'page',
  'sub/a b.txt': 'blank',
  'empty/': null,
};

// prettier-ignore
const PATHS = ['/', '/index.html', '/run.fcgi', '/run.fcgi/info', '/style.css', '/image.png', '/plain.txt', '/more.txt', '/unknown', '/none', '/sub', '/sub/', '/sub/page.html', '/sub/a%20b.txt', '/sub/none',
  '/sub//page.html', '/empty/', '/old', '/old/', '/old/a/b', '/older', '/old/%3F%25%23x', '/old/caf%C3%A9', '/sub/old/x', "/old/a'b", '/old;x'];
const QUERIES = ['', '', '', '?', '?a=1', '?a=1&b=%20', '?http://x/'];
// prettier-ignore
const REQUEST_HEADERS: readonly (readonly [string, string])[] = [['X-Test', 'a1'], ['X-Test', 'b"2, c'], ['x-other', ''], ['User-Agent', 'Test/1.0 (MSIE 6)'], ['Referer', 'http://www.example.test/'], ['Accept', 'text/html'], ['Host', 'Example.test:8080'], ['Cookie', 'a=b'], ['Accept-Encoding', 'gzip, deflate, br'], ['Accept-Encoding', 'gzip'], ['Accept-Encoding', 'br;q=0, gzip;q=0.5'], ['Accept-Encoding', 'identity, GZIP;q=0'], ['Accept-Encoding', 'deflate']];

const STATUS = [
  'permanent',
  'temp',
  'seeother',
  'gone',
  '301',
  '302',
  '303',
  '307',
  '308',
  '404',
  '410',
  '403',
  '418',
  '500',
  '503',
  '200',
  '204',
  '304',
  '451',
  '999',
];
const FROM = [
  '/',
  '/old',
  '/old/',
  '/sub',
  '/sub/old',
  '/style.css',
  '/none',
  '//old',
  '/run.fcgi',
  '/index.html',
  '/older',
];
const PATTERNS = [
  '^/old(.*)$',
  '^/old/(.*)/(.*)$',
  '.*',
  'old',
  '^/sub/(?:page|none)',
  '\\.css$',
  '^/$',
  '^/(o)(l)?(d)',
  'A',
  '(x)?old',
];
// prettier-ignore
const TO = ['/', '/new', '/new?x=1', 'http://other.example.test/new', 'https://other.example.test', 'http://other.example.test/?a', 'http://user:pass@other.example.test:80/x y', 'http://other.example.test:8443/#top', '/a b?c d#e f',
  'mailto:a@example.test', 'ftp://x:21/', '//other/x', 'http:x', '///x', 'https://[::1]:443/', 'HTTP://other:80/'];
const TEMPLATES = [
  '/$1',
  'http://other.example.test/$1?$2',
  '/new/$0',
  '/x\\$1&',
  '$1',
  '/n$1#$2',
  'http://o$1.test/',
  '/%{HTTP_HOST}',
  'http://other.example.test:$1/',
  '/$9',
  'new',
  '//$1/x',
  '\\',
];
// prettier-ignore
const TARGET_EXPRESSIONS = ['/to%{REQUEST_URI}', 'https://%{HTTP_HOST}%{REQUEST_URI}', '%{REQUEST_URI}x', 'https://other.example.test/?u=%{escape:%{REQUEST_URI}}', 'http://other.example.test/%{req:X-Test}', 'none', '%{QUERY_STRING}', '/x y?%{QUERY_STRING}'];

const NAMES = ['A', 'B', 'C', 'D_1', 'a', 'X-Test', 'no-gzip'];
const SUBJECTS = [
  'X-Test',
  'x-other',
  'User-Agent',
  'Request_URI',
  'REMOTE_ADDR',
  'Remote_Host',
  'Request_Method',
  'Request_Protocol',
  'Server_Addr',
  'Host',
  '^X-',
  '^x-',
  'X.*t',
  'A',
  'B',
  'None',
  'accept',
];
const TESTS = [
  '.*',
  '^$',
  'a',
  'A',
  '1',
  '(a)(1)?',
  '^(.*)$',
  '^/old',
  'MSIE',
  'msie',
  '\\.css',
  'GET',
  '127',
  'example',
  '(t)(e)',
  '^(x)?',
  'HTTP/1\\.1',
];
const SETTINGS = [
  'A',
  'A=1',
  'B=$1',
  'B=$0-$2',
  '!A',
  'C=x=y',
  '!B',
  'a=lower',
  'D_1=\\$1',
  'A=!',
  'C="a b"',
  'B=\\\\x',
];
// prettier-ignore
const CONDITIONS = ["%{REQUEST_URI} =~ m#^/(o)l(d)?#", "%{REQUEST_URI} !~ m#^/(o)ld#", "-n req('X-Test')", 'true', 'false', "%{HTTP_HOST} == 'www.example.test'", "req('X-Test') =~ /(.)1/", "-z env('A')", "env('A') == '1'", "%{REQUEST_STATUS} == 404", "%{CONTENT_TYPE} =~ m#^text/#", "resp('X-A') == 'a'", "%{HANDLER} == 'fcgid-script'", "%{REQUEST_METHOD} == 'GET' && req('User-Agent') =~ /MSIE/"];

const HEADERS = [
  'X-A',
  'X-B',
  'x-a',
  'Cache-Control',
  'Vary',
  'Content-Type',
  'Set-Cookie',
  'ETag',
  'Last-Modified',
  'Accept-Ranges',
  'Expires',
  'Location',
  'X-Test',
];
// prettier-ignore
const VALUES = ['a', 'b', 'a, b', '"a,b"', '', 'text/plain', 'text/html; charset=utf-8', 'x%%y', '%{A}e', '%{B}e-%{C}e', '%t', '%D x', '%l', '%i%b', '%{HTTPS}s', '%{SERVER_NAME}s', '%{NONE}s', '\\t|', '\\x', '\\\\', 'expr=%{REQUEST_URI}', 'expr=%{req:X-Test}-%{HTTP_HOST}', 'expr=%{resp:X-A}', 'expr=%{CONTENT_TYPE}', 'expr=%{REQUEST_STATUS}', 'Accept', 'no-cache', 'max-age=5', '%{A}'];
const EDITS = [
  ['a', 'b'],
  ['^(.)(.*)$', '$2$1'],
  ['(.)', '<$1>'],
  ['b$', '%{A}e'],
  ['text', 'TEXT'],
  [',', ';'],
  ['$', '; Secure'],
  ['^', 'x'],
  ['x', 'expr=%{REQUEST_URI}'],
  ['\\d+', '\\$0'],
];
const CLAUSES = [
  'env=A',
  'env=!A',
  'env=B',
  'early',
  ...CONDITIONS.map((condition) => `"expr=${condition}"`),
];

const CODES = [
  'A3600',
  'M0',
  'A0',
  'A-5',
  'M86400',
  'access plus 1 month',
  'now 2 weeks',
  'modification plus 30 years',
  'access plus 1 year 2 days',
  'Access plus 1 day',
];
const TYPES = [
  'text/html',
  'TEXT/CSS',
  'image/*',
  'text/*',
  '*/*',
  'text/plain',
  'image/png',
  'text/html; charset=utf-8',
  'httpd/unix-directory',
  'text/html;x',
];

const quote = (text: string): string =>
  `"${text.replaceAll(/(["\\])/g, (all, at: string) => (at === '"' ? '\\"' : all))}"`;

type LineMaker = (random: Random) => string;

function redirect(random: Random): string {
  const status = random.maybe(0.5, `${random.pick(STATUS)} `);
  const isPlain = /^(?:[012459]|gone)/.test(status);
  switch (random.below(5)) {
    case 0:
      return isPlain && random.chance(0.5)
        ? `Redirect ${status}`
        : `Redirect ${isPlain ? '' : status}${quote(random.pick(TARGET_EXPRESSIONS))}`;
    case 1:
    case 2:
      return `RedirectMatch ${status}${quote(random.pick(PATTERNS))}${isPlain ? '' : ` ${quote(random.pick(TEMPLATES))}`}`;
    case 3:
      return `Redirect${random.pick(['Temp', 'Permanent'])} ${random.pick(FROM)} ${quote(random.pick(TO))}`;
    default:
      return `Redirect ${status}${random.pick(FROM)}${isPlain ? '' : ` ${quote(random.pick(TO))}`}`;
  }
}

function variable(random: Random): string {
  const settings = random.times(1 + random.below(2), () => random.pick(SETTINGS)).join(' ');
  switch (random.below(9)) {
    case 0:
      return `SetEnv ${random.pick(NAMES)} ${quote(random.pick(['1', '', 'x y', '$1']))}`;
    case 1:
      return `UnsetEnv ${random.pick(NAMES)}`;
    case 2:
      return `PassEnv ${random.pick(['GREETING', 'PATH', 'NOTHING'])}`;
    case 3:
    case 4:
      return expressionVariable(random, settings);
    case 5:
      return `BrowserMatch${random.maybe(0.5, 'NoCase')} ${quote(random.pick(TESTS))} ${settings}`;
    default:
      return `SetEnvIf${random.maybe(0.4, 'NoCase')} ${random.pick(SUBJECTS)} ${quote(random.pick(TESTS))} ${settings}`;
  }
}

/** Without a match Apache takes `$1` from memory that nobody has written to. */
function expressionVariable(random: Random, settings: string): string {
  const hasGroups = settings.includes('$');
  const fitting = CONDITIONS.filter((condition) => !hasGroups || /^%.*=~.*[(]o|=~ .[(]/.test(condition));
  return `SetEnvIfExpr ${quote(random.pick(fitting))} ${settings}`;
}

function header(random: Random): string {
  const directive = random.chance(0.15)
    ? 'RequestHeader'
    : `Header${random.maybe(0.4, random.pick([' always', ' onsuccess']))}`;
  const action = random.pick([
    'set',
    'set',
    'add',
    'append',
    'merge',
    'unset',
    'edit',
    'edit*',
    'setifempty',
    'note',
    'echo',
  ]);
  const clause = random.maybe(0.35, ` ${random.pick(CLAUSES)}`);
  if (action === 'echo') return `Header echo ${random.pick(['^X-', '^Host$', 'e'])}${clause}`;
  if (action === 'note' && directive === 'RequestHeader') return 'RequestHeader unset User-Agent';
  const start = `${directive} ${action} ${random.pick(HEADERS)}`;
  if (action === 'unset') return start + clause;
  if (!action.startsWith('edit')) return `${start} ${quote(random.pick(VALUES))}${clause}`;
  const edits = EDITS.filter(([pattern]) => action === 'edit' || (pattern !== '^' && pattern !== '$'));
  return `${start} ${random.pick(edits).map(quote).join(' ')}${clause}`;
}

function expires(random: Random): string {
  switch (random.below(4)) {
    case 0:
      return `ExpiresActive ${random.chance(0.85) ? 'On' : 'Off'}`;
    case 1:
      return `ExpiresDefault ${quote(random.pick(CODES))}`;
    default:
      return `ExpiresByType ${quote(random.pick(TYPES))} ${quote(random.pick(CODES))}`;
  }
}

const OTHERS: readonly LineMaker[] = [
  () => 'ErrorDocument 404 /error.html',
  () => 'ErrorDocument 410 "it is gone"',
  () => 'ErrorDocument 403 /none',
  () => 'AddDefaultCharset utf-8',
  () => 'RedirectRelative On',
  () => 'RedirectRelative Off',
  () => 'AddType text/x-own .css',
  () => 'DirectoryIndex page.html index.html',
];

const FILTERS = ['DEFLATE', 'BROTLI_COMPRESS', 'deflate', 'BROTLI_COMPRESS;DEFLATE'];

const COMPRESSION: readonly LineMaker[] = [
  (random) =>
    `AddOutputFilterByType ${random.pick(FILTERS)} ${random.pick(['text/html text/css', 'text/plain', 'text/html', 'TEXT/HTML'])}`,
  (random) =>
    `AddOutputFilterByType ${random.pick(FILTERS)} ${random.pick(['text/html text/css text/plain', 'text/plain'])}`,
  (random) => `SetOutputFilter ${random.pick(FILTERS)}`,
  (random) => `AddOutputFilter ${random.pick(FILTERS)} ${random.pick(['html', '.css', 'txt'])}`,
  () => 'SetEnvIf Request_URI more no-gzip',
  () => 'SetEnvIf Request_URI . force-gzip',
  () => 'BrowserMatch MSIE gzip-only-text/html',
  () => 'SetEnvIf X-Test a no-brotli',
  () => 'SetEnvIf Request_URI n filter-errordocs',
  () => 'Header append Vary User-Agent',
  () => 'Header edit Vary Accept X',
  () => 'Header set Content-Encoding identity',
  () => 'Header set X-E "expr=%{resp:Content-Encoding}"',
  () => 'Header always set X-M "expr=%{LAST_MODIFIED}"',
  () => 'AddEncoding x-gzip .txt',
  (random) =>
    `FilterDeclare ${random.pick(['COMPRESS', 'other'])} CONTENT_SET\nFilterProvider COMPRESS DEFLATE "%{CONTENT_TYPE} =~ m#^text/(p|c)#"\nFilterChain ${random.pick(['COMPRESS', '+COMPRESS', '@COMPRESS', '=COMPRESS'])}`,
  (random) => `FilterChain ${random.pick(['!', '-COMPRESS', '-BYTYPE:DEFLATE'])}`,
];

const compression: LineMaker = (random) => random.pick(COMPRESSION)(random);

/** What a file is about: kinds of lines with their weight. */
const KINDS: readonly (readonly { readonly weight: number; readonly make: LineMaker }[])[] = [
  [{ weight: 1, make: redirect }],
  [{ weight: 1, make: variable }],
  [{ weight: 1, make: header }],
  [{ weight: 1, make: compression }],
  [
    { weight: 3, make: expires },
    { weight: 1, make: header },
  ],
  [
    { weight: 1, make: redirect },
    { weight: 2, make: variable },
    { weight: 4, make: header },
    { weight: 2, make: expires },
  ],
];

function line(random: Random, kind: (typeof KINDS)[number]): string {
  if (random.chance(0.06)) return random.pick(OTHERS)(random);
  return random.weighted(kind).make(random);
}

function lines(random: Random, kind: (typeof KINDS)[number]): string[] {
  const made = random.times(1 + random.below(4), () => line(random, kind));
  if (random.chance(0.85)) return made;
  const section = random.pick([
    '<Files "*.css">',
    '<FilesMatch "\\.(html|fcgi)$">',
    '<If "%{REQUEST_URI} =~ m#^/sub#">',
    '<Files "run.fcgi">',
  ]);
  return [section, ...made, `</${/^<(\w+)/.exec(section)?.[1] ?? ''}>`, line(random, kind)];
}

function site(random: Random): SiteFiles {
  const kind = random.pick(KINDS);
  const start = kind === KINDS[4] ? ['ExpiresActive On'] : [];
  const files: Record<string, SiteFiles[string]> = { ...FILES };
  files['.htaccess'] = `${[...start, ...lines(random, kind)].join('\n')}\n`;
  if (random.chance(0.35)) files['sub/.htaccess'] = `${lines(random, kind).join('\n')}\n`;
  return files;
}

function request(random: Random): OracleRequest {
  const headers = new Map(random.times(random.below(3), () => random.pick(REQUEST_HEADERS)));
  return {
    method: random.chance(0.92) ? 'GET' : random.pick(['HEAD', 'POST', 'OPTIONS']),
    target: random.pick(PATHS) + random.pick(QUERIES),
    headers: [...headers],
  };
}

/** An endless sequence of sites that redirect, set variables, headers or times of expiry, and requests to them. The same seed gives the same pairs. */
export function* responsePairs(seed: number): Generator<OraclePair> {
  const random = new Random(seed * 104_729 + 5);
  for (;;) {
    const files = site(random);
    for (let left = 4; left > 0; left--) yield { files, request: request(random) };
  }
}
