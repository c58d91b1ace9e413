import type { OraclePair, OracleRequest } from '../apache/oracle';
import type { SiteFiles } from '../apache/site_folders';
import { Random } from './random';

/**
 * What the other generators leave out: requests that clients seldom make (old protocols, no Host, whole URLs, rare methods,
 * conditions and ranges), error documents that lead to each other, rules handed down through many folders, cookies with all
 * their parts, methods that rules limit.
 */

type Maker = (random: Random) => string;
type Header = readonly [name: string, value: string];

const SCRIPT = { text: '#!/bin/sh\n', mode: '755' };
const DEEP = 'a/b/c/d/';
const FOLDERS = ['', 'a/', 'a/b/', 'a/b/c/', DEEP];

const FILES: SiteFiles = {
  'index.html': 'home',
  'run.fcgi': SCRIPT,
  'page.html': 'a page of some length',
  'empty.txt': '',
  'e1.html': 'first error page',
  'e2.html': 'second',
  'err/run.fcgi': SCRIPT,
  'err/shut/e.html': 'shut',
  'err/shut/.htaccess': 'Require all denied\n',
  'err/broken/e.html': 'broken',
  'err/broken/.htaccess': 'Nonsense\n',
  'err/index.html': 'index',
  'as.is': 'Status: 201 Made\nContent-Type: text/x-as\nX-As: is\n\nbody',
  ...Object.fromEntries(
    FOLDERS.slice(1).flatMap((folder) => [
      [`${folder}page.html`, `page of ${folder}`],
      [`${folder}run.fcgi`, SCRIPT],
    ]),
  ),
};

// prettier-ignore
const METHODS = ['GET', 'GET', 'GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'TRACE', 'PATCH', 'PROPFIND', 'MKCOL', 'COPY', 'LOCK', 'VERSION-CONTROL', 'BASELINE-CONTROL', 'FOO', 'get', 'Get', 'G!T', 'CONNECT', 'BREW', 'REPORT', 'ACL'];
// prettier-ignore
const PROTOCOLS = ['HTTP/1.0', 'HTTP/1.0', 'HTTP/1.1', 'HTTP/1.2', 'HTTP/1.9', 'HTTP/2.0', 'HTTP/0.9', 'HTTP/3', 'http/1.1', 'HTTP/1.10', 'HTTP/01.1', 'HTTP/1.', 'HTTPS/1.1', 'HTTP/1.1 x', '', 'HTTP/1,1', 'HTCPCP/1.0'];
// prettier-ignore
const PATHS = ['/', '/page.html', '/page.html', '/page.html/info', '/run.fcgi', '/run.fcgi/x', '/none', '/none/x', '/empty.txt', '/err', '/err/', '/err/none', '/err/shut/e.html', '/err/broken/e.html', '/a', '/a/', '/a/page.html', '/a/x', '/a/b/page.html', '/a/b/x', '/a/b/c/page.html', '/a/b/c/x/y', '/a/b/c/d/page.html', '/a/b/c/d/', '/a/b/c/d/x', '/a/b/c/d/run.fcgi/i', '/as.is', '/e1.html', '/e2.html'];
const SERVERS = [
  'http://www.example.test', 'HTTP://WWW.example.test', 'http://www.example.test:80', 'http://other.test', 'http://other.test:8080', 'https://www.example.test', 'http://', 'http://:80', 'http://www.example.test.', 'http://u@www.example.test', 'ftp://www.example.test', 'http:', 'x:', 'http://[::1]', 'http://[::1', 'http://a b', 'http://www.example.test:x', 'http://127.0.0.1', '//www.example.test', 'ws://www.example.test',
]; // prettier-ignore
const QUERIES = ['', '', '', '?', '?a=1', '?a=1&b=%20', '??', '?a?b'];

const MODIFIED = 'Mon, 01 Jan 2024 00:00:00 GMT';
/** What a client may make its request depend on, and the parts it may ask for. */
// prettier-ignore
export const CONDITIONS: readonly Header[] = [
  ['If-Modified-Since', MODIFIED], ['If-Modified-Since', 'Sun, 31 Dec 2023 23:59:59 GMT'], ['If-Modified-Since', 'Tue, 02 Jan 2024 00:00:00 GMT'], ['If-Modified-Since', 'Monday, 01-Jan-24 00:00:00 GMT'], ['If-Modified-Since', 'Mon Jan  1 00:00:00 2024'], ['If-Modified-Since', 'nonsense'], ['If-Modified-Since', 'Fri, 01 Jan 2100 00:00:00 GMT'],
  ['If-Unmodified-Since', MODIFIED], ['If-Unmodified-Since', 'Sun, 31 Dec 2023 23:59:59 GMT'], ['If-Unmodified-Since', 'never'], ['If-None-Match', '*'], ['If-None-Match', '"x"'], ['If-None-Match', 'x'], ['If-Match', '*'], ['If-Match', '"x"'], ['If-Match', '"x", *'], ['If-Match', ''], ['If-None-Match', 'W/"x", "y"'],
  ['Range', 'bytes=0-1'], ['Range', 'bytes=2-'], ['Range', 'bytes=-3'], ['Range', 'bytes=0-1,3-4'], ['Range', 'bytes=0-1,2-3'], ['Range', 'bytes=90-'], ['Range', 'bytes=90-,0-1'], ['Range', 'bytes=3-1'], ['Range', 'bytes=x'], ['Range', 'lines=0-1'], ['Range', 'bytes=-0'], ['Range', 'bytes=0-'], ['Range', 'BYTES=0-0'], ['Range', 'bytes= 0-1'], ['Range', 'bytes=0-1, 4-5'], ['Range', 'bytes=0-99'], ['Request-Range', 'bytes=0-1'],
  ['If-Range', MODIFIED], ['If-Range', 'Tue, 02 Jan 2024 00:00:00 GMT'], ['If-Range', '"x"'], ['If-Range', 'x'],
];
// prettier-ignore
const HEADERS: readonly Header[] = [
  ['X-Test', 'ab'], ['Cookie', 'a=b; c=d'], ['Accept', 'text/html'], ['Accept-Language', 'de'], ['User-Agent', 'Test/1.0'], ['Referer', 'http://www.example.test/'], ['Host', 'www.example.test:8080'], ['Host', ''], ['Host', 'other.test'], ['Host', 'a,b'], ['Host', '[::1]:80'], ['Host', 'www.example.test:0'], ['Expect', '100-continue'], ['Expect', 'nonsense'], ['Connection', 'close'], ['Connection', 'keep-alive'], ['Authorization', 'Basic YTpi'], ['Authorization', 'Digest username="a"'], ['Max-Forwards', '0'], ['Content-Length', '0'], ['Content-Length', 'x'], ['Content-Length', '-1'],
  ['Transfer-Encoding', 'nonsense'], ['X Bad', 'x'], ['X-Bad ', 'x'], ['X-Ctl', 'a\u0001b'], ['', 'x'], ['X-Long', 'y'.repeat(8170)], ['X-Long', 'y'.repeat(8300)],
];

function request(random: Random): OracleRequest {
  const method = random.chance(0.6) ? 'GET' : random.pick(METHODS);
  const isPlain = random.chance(0.8);
  const protocol = isPlain ? 'HTTP/1.1' : random.pick(PROTOCOLS);
  const server = random.chance(0.12) ? random.pick(SERVERS) : '';
  const own = random.chance(0.03)
    ? random.pick(['*', '', 'page.html', '?a', 'www.example.test:80', '/a#b', '/a b'])
    : '';
  const target = own === '' ? `${server}${random.pick(PATHS)}${random.pick(QUERIES)}` : own;
  const headers = new Map([
    ...random.times(random.pick([0, 0, 1, 1, 2]), () => random.pick(CONDITIONS)),
    ...random.times(random.pick([0, 0, 0, 0, 1]), () => random.pick(HEADERS)),
  ]);
  const isHostless = random.chance(isPlain ? 0.02 : 0.4);
  return { method, target, protocol, headers: [...headers], ...(isHostless && { isHostless }) };
}

const pickOf =
  (list: readonly string[]): Maker =>
  (random) =>
    random.pick(list);

const STATUS = pickOf([
  '404',
  '403',
  '500',
  '400',
  '410',
  '401',
  '405',
  '412',
  '416',
  '501',
  '503',
  '414',
  '406',
  '300',
  '421',
  '408',
]);
// prettier-ignore
const DOCUMENTS = pickOf(['/e1.html', '/e2.html', '/err/none', '/err/', '/err', '/err/shut/e.html', '/err/broken/e.html', '/err/run.fcgi', '/err/run.fcgi/i?x', '/a/x', '/a/b/x', '/none?y', '"text %{REQUEST_STATUS}"', '"text', 'default', 'http://other.test/e', 'http://www.example.test/e1.html', '/%{REQUEST_STATUS}.html', 'word', '//e1.html', '/e1.html#x', '/a/b/c/d/', '"expr=%{REQUEST_URI}"', '/e%31.html', '/e1%2ehtml', 'e1.html', '/as.is']);
const METHOD_LISTS = pickOf([
  'GET',
  'POST',
  'GET POST',
  'PUT DELETE',
  'OPTIONS',
  'PROPFIND LOCK',
  'PATCH',
  'HEAD GET',
  'BREW GET',
  'POST FOO',
  'get',
]);

// prettier-ignore
const RULES = pickOf([
  'RewriteRule ^x$ page.html', 'RewriteRule ^x$ page.html [L]', 'RewriteRule ^x$ /page.html [R=301]', 'RewriteRule ^(.*)x$ $1page.html [END]', 'RewriteRule page - [E=P:%{REQUEST_URI}]', 'RewriteRule ^(b|c)/(.*)$ - [E=$1:$2]', 'RewriteRule ^none(.*)$ run.fcgi$1 [QSA,L]', 'RewriteRule . - [E=DEPTH:%{ENV:DEPTH}+]', 'RewriteRule ^page - [F]', 'RewriteRule ^page - [G,NS]', 'RewriteRule ^d/ - [S=1]', 'RewriteRule ^ - [C]', 'RewriteRule ^(.+)$ - [E=LAST:$1]',
  'RewriteRule ^page.html$ /e1.html [PT]', 'RewriteRule ^x /a/b/c/d/x', 'RewriteRule ^ - [T=text/x-rule]', 'RewriteRule page - [H=send-as-is]', 'RewriteRule ^y$ - [R=404]', 'RewriteRule ^e1 /e2.html [L]', 'RewriteRule ^e2 /e1.html [L]', 'RewriteRule ^e1 - [R=403,L]', 'RewriteRule ^err/ - [R=410]',
  'RewriteCond %{REQUEST_METHOD} !^(GET|HEAD)$\nRewriteRule ^ - [R=405]', 'RewriteCond %{THE_REQUEST} \\sHTTP/1\\.0$\nRewriteRule ^ - [E=OLD]', 'RewriteCond %{SERVER_PROTOCOL} !1\\.1$\nRewriteRule ^(.*)$ - [E=PROTO:%{SERVER_PROTOCOL}]', 'RewriteRule ^ - [E=PROTO:%{SERVER_PROTOCOL},E=HOST:%{HTTP_HOST},E=NAME:%{SERVER_NAME}:%{SERVER_PORT}]', 'RewriteCond %{HTTP_HOST} ^$\nRewriteRule ^ - [F]', 'RewriteRule ^(x|none)$ http://%{HTTP_HOST}/$1 [R]', 'RewriteCond %{HTTP:Accept-Language} de\nRewriteRule ^ - [E=L:de]', 'RewriteCond %{HTTP_COOKIE} a=b\nRewriteCond %{HTTP:X-Test} a [NV]\nRewriteRule ^ - [E=L:c]', 'RewriteCond %{HTTP_USER_AGENT} Test\nRewriteRule ^x$ page.html', 'RewriteCond %{HTTP_ACCEPT} html [OR]\nRewriteCond %{HTTP_REFERER} x\nRewriteRule ^x$ page.html',
]);
// prettier-ignore
const COOKIE_PARTS: readonly (readonly string[])[] = [
  ['c', 'd', 'C', 'n%{ENV:P}', ''], ['v', '', '%{REQUEST_URI}', '$0', 'a b', 'x;y', '"q"', 'a=b'], ['.example.test', 'www.example.test', '%{HTTP_HOST}', '', 'x'], ['', '0', '5', '-1', '525600', 'x', '1.5'], ['', '/', '/a', '$0', 'x y'], ['', 'secure', 'true', '1', 'false', '0', 'SECURE', 'TRUE'], ['', 'httponly', 'HttpOnly', 'true', '1', 'false', 'no'], ['', 'Lax', 'Strict', 'None', 'false', '0', 'lax', 'other'],
];

function cookie(random: Random): string {
  const count = 2 + random.below(7);
  const parts = COOKIE_PARTS.slice(0, count).map((values) => random.pick(values));
  const text = random.chance(0.3) ? `;${parts.join(';')}` : parts.join(':');
  return `RewriteRule ${random.pick(['^', '(.*)', 'page', '^x$'])} ${random.pick(['-', '-', '/e1.html', '/none'])} "[CO=${text.replaceAll('"', "'")}${random.maybe(0.3, `,${random.pick(['L', 'R', 'NS', 'R=301,L', 'CO=z:1:x.test', 'END'])}`)}]"`;
}

// prettier-ignore
const INHERIT = pickOf(['Inherit', 'InheritBefore', 'InheritDown', 'InheritDownBefore', 'IgnoreInherit', 'MergeBase', 'Inherit MergeBase', 'InheritDown MergeBase', 'InheritDownBefore IgnoreInherit', 'Inherit InheritDown', 'AllowNoSlash', 'AllowNoSlash InheritBefore', 'InheritBefore IgnoreInherit MergeBase', 'IgnoreContextInfo Inherit']);

function rewriting(random: Random): string[] {
  return [
    ...(random.chance(0.8) ? [`RewriteEngine ${random.pick(['On', 'On', 'On', 'On', 'Off'])}`] : []),
    ...(random.chance(0.6) ? [`RewriteOptions ${INHERIT(random)}`] : []),
    ...(random.chance(0.35)
      ? [`RewriteBase ${random.pick(['/', '/a', '/a/b/', '/a/b/c/d', '/err', '/z/'])}`]
      : []),
    ...random.times(random.below(4), () => (random.chance(0.25) ? cookie(random) : RULES(random))),
  ];
}

// prettier-ignore
const LINES: readonly Maker[] = [
  (random) => `ErrorDocument ${STATUS(random)} ${DOCUMENTS(random)}`,
  (random) => `ErrorDocument ${STATUS(random)} ${DOCUMENTS(random)}\nErrorDocument ${STATUS(random)} ${DOCUMENTS(random)}`,
  (random) => `ErrorDocument 404 ${random.pick(['/e1.html', '/err/none'])}\nErrorDocument 403 ${random.pick(['/e2.html', '/err/shut/e.html'])}\nRedirect ${random.pick(['403', '404', '410', '500'])} ${random.pick(['/e1.html', '/e2.html', '/none'])}`,
  (random) => `<Limit ${METHOD_LISTS(random)}>\nRequire ${random.pick(['all denied', 'ip 10', 'method GET', 'all granted'])}\n</Limit>`,
  (random) => `<LimitExcept ${METHOD_LISTS(random)}>\nRequire ${random.pick(['all denied', 'all granted', 'valid-user'])}\n</LimitExcept>`,
  (random) => `<Limit ${METHOD_LISTS(random)}>\nOrder ${random.pick(['deny,allow', 'allow,deny'])}\n${random.pick(['Deny', 'Allow'])} from ${random.pick(['all', '127', '10'])}\n</Limit>`,
  (random) => `<LimitExcept ${METHOD_LISTS(random)}>\nOrder ${random.pick(['deny,allow', 'allow,deny'])}\nDeny from all\n</LimitExcept>`,
  (random) => `AllowMethods ${random.pick(['GET', 'GET POST', 'reset', 'OPTIONS TRACE', 'FOO', 'get', 'HEAD'])}`,
  (random) => `Require method ${random.pick(['GET', 'POST PUT', 'OPTIONS', 'FOO', 'TRACE', 'HEAD'])}`,
  (random) => `AuthType ${random.pick(['Digest', 'Basic', 'None', 'Form'])}\nAuthName r\n${random.pick(['AuthUserFile /nowhere', 'AuthDigestProvider file\nAuthUserFile /nowhere', 'AuthDigestDomain / /a', 'AuthDigestNonceLifetime 5'])}\nRequire valid-user`,
  (random) => `FileETag ${random.pick(['None', 'MTime', 'Size', 'MTime Size', 'All -INode', 'Digest', '-MTime', '+Size -MTime', 'None +Size'])}`,
  (random) => `SetEnvIf ${random.pick(['Request_Protocol', 'Request_Method', 'Host', 'If-None-Match', 'Range'])} ${random.pick(['1\\.0', '"(.*)"', '^$', 'HTTP', 'GET'])} ${random.pick(['V', 'V=$1', 'V=$0', 'nokeepalive', 'force-response-1.0', 'downgrade-1.0'])}`,
  (random) => `Header ${random.pick(['', 'always '])}${random.pick(['set X-A a', 'set X-P "expr=%{SERVER_PROTOCOL}"', 'set X-S "expr=%{REQUEST_STATUS}"', 'unset ETag', 'unset Last-Modified', 'set ETag "\\"x\\""', 'set Content-Range x', 'append Vary X-V', 'merge Vary Accept-Language', 'set Vary *', 'unset Vary', 'set Last-Modified "Tue, 02 Jan 2024 00:00:00 GMT"', 'set Accept-Ranges none', 'unset Accept-Ranges', 'edit Set-Cookie ^(.)(.*)$ $2$1'])}${random.maybe(0.2, ' "expr=%{REQUEST_STATUS} != 200"')}`,
  (random) => random.pick(['RequestHeader unset Range', 'RequestHeader unset If-Modified-Since early', 'RequestHeader set Range bytes=0-0', 'RequestHeader set If-None-Match *', 'RequestHeader unset Host', 'RequestHeader set Host x.test', 'ExpiresActive On\nExpiresDefault A5', 'ContentDigest On', 'AcceptPathInfo On', 'AcceptPathInfo Off', 'SetOutputFilter DEFLATE', 'AddHandler send-as-is .is', 'AddType text/html .html', 'SetHandler none', 'SetHandler run', 'Action run /run.fcgi', 'Action run /none virtual', 'Action text/html /run.fcgi', 'DirectoryIndex page.html', 'DirectoryIndex none run.fcgi', 'Options -Indexes', 'IndexIgnore *', 'IndexOptions FancyIndexing', 'DirectorySlash Off', 'FallbackResource /run.fcgi', 'FallbackResource disabled', 'CheckSpelling On', 'LimitRequestBody 1', 'QualifyRedirectURL On', 'CGIPassAuth On', 'Options None', 'ServerSignature EMail']),
  (random) => `Redirect${random.pick([' 301', ' seeother', '', ' 410'])} ${random.pick(['/none /page.html', '/a/x http://other.test/', '/e1.html /e2.html', '/page.html /page.html']).replace(/ \S+$/, (all) => all)}`.replace(/( 410 \S+) .*/, '$1'),
];

function htaccess(random: Random, isRewriting: boolean): string {
  const lines = isRewriting ? rewriting(random) : [];
  const others = random.times(random.below(isRewriting ? 3 : 5), () => random.pick(LINES)(random));
  return `${(random.chance(0.5) ? [...lines, ...others] : [...others, ...lines]).join('\n')}\n`;
}

function site(random: Random): SiteFiles {
  const chain = FOLDERS.filter((folder) => random.chance(folder === '' ? 0.8 : 0.45));
  const isRewriting = random.chance(0.6);
  const texts = chain.map((folder) => [`${folder}.htaccess`, htaccess(random, isRewriting)] as const);
  return { ...FILES, ...Object.fromEntries(texts) };
}

/** An endless sequence of such sites and requests. The same seed gives the same pairs. */
export function* edgePairs(seed: number): Generator<OraclePair> {
  const random = new Random(seed * 6_700_417 + 5);
  for (;;) {
    const files = site(random);
    for (let left = 5; left > 0; left--) yield { files, request: request(random) };
  }
}
