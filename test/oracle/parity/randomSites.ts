import { FILE_TIME, type SiteFiles } from '../apache/site_folders';
import { Random } from '../generate/random';
import { HOST, type Exchange } from './exchanges';

/** A site in a folder of its own below the document root, and requests to it. */
export interface RandomSite {
  readonly files: SiteFiles;
  readonly exchanges: readonly Exchange[];
}

/** What stands for the URL path of the site's folder in the texts below. */
const HERE = '@';

const LONG = 'abcdefghij'.repeat(100);
const FILES: Readonly<Record<string, string>> = {
  'index.html': 'home\n',
  'page.html': '<p>page</p>\n',
  'long.txt': LONG,
  'empty.txt': '',
  'style.css': 'a {}\n',
  noext: 'x',
  'odd.xyz': 'odd',
  'error.html': '<p>error</p>\n',
  'say.fcgi': '',
  'say.cgi': '',
  'sub/index.html': 'index\n',
  'sub/page.html': '<p>sub</p>\n',
  'sub/say.fcgi': '',
  'sub/deep/a.txt': '0123456789\n',
  'list/a&b.txt': 'a',
  'list/\u00e9 x.html': 'e',
  'list/in/b.txt': 'b',
  'page.html.de': 'deutsch\n',
};

/** Answers what the query says, decoded; without one it says what of the body it got, and some variables. */
export const SAY_PROGRAM = `#!/usr/bin/env python3
import fcgi, zlib
from urllib.parse import unquote_to_bytes

def say(self, application):
    environ = self.request_environ()
    query = environ.get('QUERY_STRING', '')
    if '%0a' in query:
        return self._write(unquote_to_bytes(query))
    body = self.get_stdin().read()
    names = ('REQUEST_METHOD', 'SCRIPT_NAME', 'PATH_INFO', 'CONTENT_LENGTH', 'CONTENT_TYPE', 'HTTP_X_ONE', 'HTTP_HOST', 'REDIRECT_URL', 'REDIRECT_STATUS', 'V')
    told = ' '.join('%s=%s' % (name, environ[name]) for name in names if name in environ)
    self._write(b'Content-Type: text/plain\\n\\n%d %d %s' % (len(body), zlib.crc32(body), told.encode()))

fcgi.FastCGIHandler.run = say
fcgi.WSGIServer(None).run()
`;

const CGI_PROGRAM = `#!/bin/sh
printf 'Content-Type: text/plain\\nX-From: cgi\\n\\n%s %s ' "$REQUEST_METHOD" "$PATH_INFO"
cat
`;

type Line = (random: Random) => string;

const DOCUMENTS = [
  `${HERE}/error.html`, `${HERE}/say.fcgi`, `${HERE}/say.fcgi/x?q`, '"text <b>"', `${HERE}/none`, `${HERE}/sub/`, 'http://o.test/e', 'default', `${HERE}/error.html?x`, `${HERE}/say.fcgi?Status%3a%20404%0a%0anone`, `${HERE}/say.fcgi?no%0a`, `${HERE}/list`, `${HERE}/empty.txt`, `${HERE}/say.cgi`,
]; // prettier-ignore
const HEADERS = [
  'X-A', 'X-A', 'X-B', 'Content-Type', 'Cache-Control', 'Vary', 'Content-Language', 'Set-Cookie', 'Expires', 'Content-Encoding', 'Connection', 'Retry-After', 'WWW-Authenticate', 'Content-Location', 'Keep-Alive', 'Trailer', 'Upgrade',
]; // prettier-ignore
const TYPES = ['text/plain', 'text/x-own', 'text/html; charset=utf-8', 'application/x-own', 'TEXT/HTML'];
const STATUSES = ['401', '403', '404', '405', '410', '411', '412', '413', '416', '500', '501', '503'];
const PATHS = ['page.html', 'long.txt', 'none', 'sub/page.html', 'sub/', 'say.fcgi', 'sub', 'list/', ''];

const condition = (random: Random): string =>
  random.maybe(0.2, random.pick([' env=V', ' env=!V', ' "expr=%{REQUEST_STATUS} == 404"', ' "expr=-n %{CONTENT_TYPE}"', ' "expr=%{REQUEST_STATUS} -ge 400"'])); // prettier-ignore

// prettier-ignore
const LINES: readonly Line[] = [
  (random) => `Header ${random.pick(['', '', 'always ', 'onsuccess '])}${random.pick(['set', 'set', 'append', 'merge', 'add', 'setifempty'])} ${random.pick(HEADERS)} ${random.pick(['one', '"a, b"', '"%{V}e"', '5', 'chunked', 'close', '"expr=%{REQUEST_URI}"', '"expr=%{REQUEST_STATUS}"', 'text/x', '""'])}${condition(random)}`,
  (random) => `Header ${random.pick(['', 'always ', 'onsuccess '])}unset ${random.pick([...HEADERS, 'ETag', 'Last-Modified', 'Accept-Ranges'])}${condition(random)}`,
  (random) => `Header ${random.pick(['', 'always '])}${random.pick(['edit', 'edit*'])} ${random.pick(HEADERS)} ${random.pick(['^(.+)$ "<$1>"', '[a-z] z', '(\\d) $1$1', '$ ;x', '"text|html" yes', '"; *charset=.*" ""'])}${condition(random)}`,
  (random) => `ErrorDocument ${random.pick(STATUSES)} ${random.pick(DOCUMENTS)}`,
  (random) => `ErrorDocument ${random.pick(STATUSES)} ${random.pick(DOCUMENTS)}`,
  (random) => `FileETag ${random.pick(['None', 'MTime', 'Size', 'All', 'INode MTime Size', '-MTime', '+INode', 'Digest', 'MTime Size Digest'])}`,
  (random) => `ExpiresActive ${random.pick(['On', 'On', 'Off'])}\nExpires${random.pick(['Default A60', 'Default M86400', 'ByType text/html A5', 'ByType text/plain "modification plus 1 day"', 'Default "access plus 1 month"'])}`,
  (random) => random.pick(['AddType text/x-t .html', 'AddType text/html;charset=x .css', 'AddType application/x-own .txt .xyz', 'AddCharset utf-8 .html', 'AddLanguage de .de', 'AddEncoding x-gzip .txt', 'AddEncoding gzip .css', 'DefaultLanguage fr', 'RemoveType .html', 'RemoveType .txt', 'AddDefaultCharset utf-8', 'AddDefaultCharset On', 'AddDefaultCharset Off', 'AddHandler cgi-script .cgi', 'RemoveHandler .fcgi', 'AddHandler fcgid-script .none', 'AddHandler default-handler .fcgi']),
  (random) => `ForceType ${random.pick([...TYPES.map((type) => `"${type}"`), 'none'])}`,
  (random) => `SetHandler ${random.pick(['none', 'default-handler', 'own'])}`,
  (random) => `Options ${random.pick(['+Indexes', '-Indexes', '-ExecCGI', 'None', 'All', '+MultiViews'])}`,
  (random) => `DirectoryIndex ${random.pick(['disabled', 'none.html page.html', 'say.fcgi', 'index.html', `${HERE}/error.html`, 'list', 'none'])}`,
  (random) => `DirectorySlash ${random.pick(['On', 'Off'])}`,
  (random) => `AcceptPathInfo ${random.pick(['On', 'Off', 'Default'])}`,
  (random) => `LimitRequestBody ${random.pick(['0', '1', '10', '100', '4999', '5000', '70000'])}`,
  (random) => `Redirect ${random.pick(['', 'permanent ', '303 ', '307 ', '308 '])}${HERE}/${random.pick(PATHS)} ${random.pick(['http://o.test/a?b', `${HERE}/x`, '/'])}`,
  (random) => `Redirect ${random.pick(STATUSES)} ${HERE}/${random.pick(PATHS)}`,
  (random) => `RedirectMatch ${random.pick(['410', '404', '403', '503', '500', '405', '412', '416'])} ${random.pick(['none', 'long', '/$', 'page'])}`,
  (random) => `RewriteEngine On\nRewriteRule ${random.pick(['^none', '^go(.*)$', '\\.xyz$', '^long', '^page', '^$', 'deep'])} ${random.pick([`say.fcgi/$1 [L]`, `${HERE}/page.html [L]`, '- [F]', '- [G]', `${HERE}/say.fcgi?%{QUERY_STRING} [L]`, 'http://o.test/$0 [R=302,NE]', '- [R=503,L]', '- [R=404]', '- [T=text/x-rule,E=V:rule]', 'long.txt [L]', '- [R=405]', '- [R=304]', '- [R=204]', '- [R=401]', '- [CO=a:b:o.test]'])}`,
  (random) => `Require ${random.pick(['all denied', 'all granted', 'method GET HEAD', 'env V', 'not env V', 'ip 10', 'valid-user'])}`.replace(/^Require not.*/, '<RequireAll>\nRequire all granted\nRequire not env V\n</RequireAll>'),
  (random) => `AllowMethods ${random.pick(['GET', 'GET POST', 'reset', 'HEAD'])}`,
  (random) => `SetEnvIf ${random.pick(['X-One', 'Request_Method', 'Request_URI', 'Request_Protocol'])} ${random.pick(['.', '^GET$', 'page', '1\\.0', '^1$'])} ${random.pick(['V=set', 'V', '!V', 'no-gzip', 'redirect-carefully'])}`,
  (random) => `SetEnv ${random.pick(['V yes', 'V', 'no-etag 1'])}`,
  (random) => `RequestHeader ${random.pick(['set X-One changed', 'unset X-One', 'unset Range', 'unset If-None-Match', 'unset Host', 'set If-Modified-Since "Mon, 01 Jan 2085 00:00:00 GMT"', 'append X-One more', 'unset Content-Type', 'unset If-Modified-Since', 'set Expect 100-continue', 'set Accept-Language de'])}`,
  () => `FallbackResource ${HERE}/say.fcgi`,
  () => 'AuthType Basic\nAuthName "x"\nAuthUserFile /none\nRequire valid-user',
  () => 'ContentDigest On',
  () => 'AddHandler cgi-script .cgi',
];

const SECTIONS = ['<Files "*.html">', '<Files say.fcgi>', '<FilesMatch "\\.(txt|css)$">', '<If "%{REQUEST_METHOD} == \'GET\'">', '<If "%{QUERY_STRING} =~ /x/">', '<Limit POST PUT>', '<LimitExcept GET>', '<Files "">', '<If "%{REQUEST_STATUS} == 404">', '<Files none>']; // prettier-ignore

function htaccess(random: Random): string {
  const lines = random.times(1 + random.below(5), () => {
    const line = random.pick(LINES)(random);
    if (random.chance(0.85)) return line;
    const open = random.pick(SECTIONS);
    return `${open}\n${line}\n</${/^<(\w+)/.exec(open)?.[1]}>`;
  });
  return `${lines.join('\n')}\n`;
}

// ---- requests ----

const OUTPUTS = [
  'Content-Type: text/plain\n\nbody', 'Status: 404 No\nContent-Type: text/plain\n\nmissing', 'Status: 500\n\n', 'Status: 304\nETag: "1"\n\n', 'Location: /none\n\n', 'Location: http://o.test/\nX-A: kept\n\n', 'X-A: program\nX-A: twice\nContent-Length: 4\n\nbody', 'ETag: "e"\nLast-Modified: Mon, 01 Jan 2024 00:00:00 GMT\n\nbody', 'Content-Length: 9\n\nshort', 'Transfer-Encoding: chunked\n\n1\r\nx\r\n0\r\n\r\n', 'no head\n', 'Vary: Cookie\nSet-Cookie: a=b\nContent-Type: text/html\n\n<p>x', 'Status: 204\n\n', 'Status: 206\nContent-Range: bytes 0-1/2\n\nab', 'Connection: close\n\nx', `X-A: a\n\n${LONG.repeat(70)}`, `Accept-Ranges: bytes\nContent-Type: text/plain\n\n${LONG}`, `Location: ${HERE}/page.html\nX-A: earlier\n\n`, `Location: ${HERE}/none\n\n`, 'Status: 401 Who\nWWW-Authenticate: Basic realm="x"\n\nwho', 'Status: 412\n\nx', 'Status: 405\nAllow: GET\n\n', 'Content-Type: text/html\nStatus: 503 Busy\n\n',
]; // prettier-ignore

const METHODS = ['GET', 'GET', 'GET', 'GET', 'HEAD', 'HEAD', 'POST', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND', 'FOO', 'CONNECT']; // prettier-ignore
const TARGETS = ['', '/', '/index.html', '/page.html', '/long.txt', '/long.txt', '/empty.txt', '/style.css', '/noext', '/odd.xyz', '/say.fcgi', '/say.fcgi', '/say.fcgi/in/fo', '/say.cgi', '/say.cgi/x?a', '/sub', '/sub/', '/sub/page.html', '/sub/none', '/sub/say.fcgi', '/sub/deep/', '/sub/deep/a.txt', '/sub/deep/a.txt/more', '/list', '/list/', '/list/a%26b.txt', '/list/%C3%A9%20x.html', '/list/in', '/none', '/none?x', '/go/a%20b?x', '/page.html/x', '/page', '/none/', '/page.html?x=%00', '/%6cong.txt', '//long.txt', '/./page.html', '/sub/../page.html', '/page.html%00', '/a%2fb', '/%', '/page.html;x', '/index.html/', '/list/x/../a%26b.txt', '/sub/deep/%2e%2e/page.html', '/../../../..', '/say.fcgi?', '/say.fcgi%3fx', '/page.html#x', '/page.html\\', '/error.html']; // prettier-ignore
const DATE = 'Mon, 01 Jan 2024 00:00:00 GMT';
const OLD = 'Sun, 31 Dec 2023 00:00:00 GMT';
const NEW = 'Mon, 01 Jan 2085 00:00:00 GMT';

/** The usual tag of a file of this many bytes. */
const tagOf = (size: number): string => `"${size.toString(16)}-${(FILE_TIME * 1_000_000).toString(16)}"`;
const TAGS = ['*', '"x"', 'W/"x"', tagOf(1000), tagOf(1000), tagOf(12), `W/${tagOf(1000)}`, `"x", ${tagOf(1000)}`, `"${FILE_TIME.toString(16)}"`, '"e"', tagOf(0)]; // prettier-ignore
const RANGES = ['bytes=0-0', 'bytes=0-4', 'bytes=5-', 'bytes=-3', 'bytes=0-1,4-5', 'bytes=4-5,0-1', 'bytes=0-5,3-8', 'bytes=90000-', 'bytes=0-1,90000-', 'bytes=5-2', 'bytes=-0', 'bytes=', 'bytes=x-y', 'bytes=0-', 'Bytes=0-3', 'lines=0-1', 'bytes=-99999', 'bytes=0-999', 'bytes=999-1000', 'bytes=1000-', 'bytes=0-,0-', 'bytes=1-1 , 5-5']; // prettier-ignore

// prettier-ignore
const FIELDS: readonly ((random: Random) => readonly [string, string])[] = [
  (random) => [random.pick(['If-None-Match', 'If-None-Match', 'If-Match', 'If-Range']), random.pick(TAGS)],
  (random) => [random.pick(['If-Modified-Since', 'If-Modified-Since', 'If-Unmodified-Since', 'If-Range']), random.pick([DATE, OLD, NEW, 'nonsense', '0', 'Monday, 01-Jan-24 00:00:00 GMT', 'Mon Jan  1 00:00:00 2024'])],
  (random) => ['Range', random.pick(RANGES)],
  (random) => ['Range', random.pick(RANGES)],
  (random) => ['Connection', random.pick(['close', 'keep-alive', 'Keep-Alive, TE', 'x, close', 'X-One'])],
  (random) => ['TE', random.pick(['trailers', 'deflate', 'chunked', ''])],
  (random) => ['X-One', random.pick(['1', '', 'a b', '\xe4', 'x'.repeat(300)])],
  (random) => ['Accept-Language', random.pick(['de', 'en, de;q=0.1', '*', 'x;q=2'])],
  (random) => ['Accept', random.pick(['*/*', 'text/html', 'image/png', 'text/*;q=0'])],
  () => ['Content-Type', 'text/odd'],
  () => ['Authorization', 'Basic eDp5'],
  () => ['Upgrade', 'h2c'],
  (random) => ['Cookie', random.pick(['a=1', 'a=1; b=2'])],
  () => ['Request-Range', 'bytes=1-2'],
  () => ['User-Agent', 'MSIE 3.0'],
  () => ['Max-Forwards', '0'],
];
const HOSTS = [HOST, HOST, HOST, HOST, HOST, HOST, 'site.test', 'SITE.test:8080', 'site.test.', 'site.test:', 'site.test:0', 'site.test:80', 'site.test:65536', 'site.test:8080 ', 'site.test/x', 'site test', 'site.test,site.test']; // prettier-ignore
const BODIES = ['', 'x', 'a=b&c=d', 'x'.repeat(11), 'y'.repeat(5000), 'z'.repeat(70_000)];

function target(random: Random): string {
  if (random.chance(0.25)) {
    const said = random.pick(OUTPUTS).replaceAll(/[^A-Za-z0-9]/g, (byte) => `%${byte.charCodeAt(0).toString(16).padStart(2, '0')}`); // prettier-ignore
    return `${HERE}/${random.pick(['say.fcgi', 'say.fcgi', 'sub/say.fcgi', 'go/x'])}?${said.replaceAll('%40', HERE)}`;
  }
  const path = HERE + random.pick(TARGETS);
  return random.chance(0.04) ? random.pick([`http://${HOST}${path}`, `https://site.test${path}`, path.slice(1), `HTTP://site.test${path}`]) : path; // prettier-ignore
}

function framed(random: Random, method: string): readonly [fields: string, body: string] {
  if (method === 'TRACE' || random.chance(['GET', 'HEAD'].includes(method) ? 0.9 : 0.2)) return ['', ''];
  const body = random.pick(BODIES);
  const expect = random.maybe(0.25, 'Expect: 100-continue\r\n');
  if (random.chance(0.45)) {
    const coding = random.weighted([
      { weight: 8, text: 'chunked' },
      { weight: 1, text: 'gzip chunked' },
      { weight: 1, text: 'gzip, chunked' },
      { weight: 1, text: random.pick(['chunked;x', 'Chunked', 'chunked, chunked', 'gzip\tchunked', 'chunked,', 'chunked ', ',chunked', 'identity']) },
    ]).text; // prettier-ignore
    return [`Transfer-Encoding: ${coding}\r\n${expect}`, inChunks(random, body)];
  }
  const length = random.weighted([
    { weight: 12, text: String(body.length) },
    { weight: 1, text: random.pick([`0${body.length}`, `${body.length}, ${body.length}`, `+${body.length}`, '', 'x']) },
  ]).text; // prettier-ignore
  return [`Content-Length: ${length}\r\n${expect}`, body];
}

function inChunks(random: Random, body: string): string {
  const size = random.pick([3, 100, 8000, 100_000]);
  const extension = random.maybe(0.1, ';a=b');
  let text = '';
  for (let at = 0; at < body.length && body.length / size < 200; at += size) {
    const part = body.slice(at, at + size);
    text += `${part.length.toString(16)}${extension}\r\n${part}\r\n`;
  }
  const trailer = random.maybe(0.1, 'X-Trailer: t\r\n');
  return `${text}${random.chance(0.97) ? '0' : '00'}\r\n${trailer}\r\n`;
}

function exchange(random: Random): Exchange {
  const method = random.pick(METHODS);
  const version = random.chance(0.1) ? '1.0' : '1.1';
  const fields = random.times(random.pick([0, 0, 1, 1, 2, 3]), () => random.pick(FIELDS)(random));
  const [framing, body] = framed(random, method);
  const host = random.chance(0.02) ? '' : `Host: ${random.pick(HOSTS)}\r\n`;
  const sent = fields.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  const head = `${method} ${target(random)} HTTP/${version}\r\n${host}${sent}${framing}\r\n`;
  return { name: head.slice(0, 400), bytes: head + body };
}

/** Seeded sites without end; the `at`th lies below `/sAT`. */
export function* randomSites(seed: number): Generator<RandomSite> {
  const random = new Random(seed * 6_700_417 + 3);
  for (let at = 0; ; at++) {
    const here = `/s${at}`;
    const placed = (text: string): string => text.replaceAll(HERE, here);
    const files: Record<string, string> = { ...FILES, '.htaccess': htaccess(random) };
    if (random.chance(0.4)) files['sub/.htaccess'] = htaccess(random);
    if (random.chance(0.2)) files['sub/deep/.htaccess'] = htaccess(random);
    if (random.chance(0.2)) files['list/.htaccess'] = htaccess(random);
    const written = Object.entries(files).map(([path, text]) => [
      `s${at}/${path}`,
      entryOf(path, placed(text)),
    ]);
    yield {
      files: Object.fromEntries(written) as SiteFiles,
      exchanges: random.times(6, () => exchange(random)).map(({ name, bytes }) => ({ name: placed(name), bytes: placed(bytes) })), // prettier-ignore
    };
  }
}

function entryOf(path: string, text: string): string | { readonly text: string; readonly mode: string } {
  if (path.endsWith('.fcgi')) return { text: '#!/bin/false\n', mode: '755' };
  if (path.endsWith('.cgi')) return { text: CGI_PROGRAM, mode: '755' };
  return text;
}

/** A difference that stays on a site with these rules; docs/runner.md says the same to users. */
export const KNOWN_OF_SITES: readonly {
  readonly reason: string;
  readonly fits: (request: string, rules: string, theirs: string) => boolean;
}[] = [
  {
    reason: 'names that begin with a dot are not listed',
    fits: (_request, _rules, theirs) => theirs.includes('.htaccess'),
  },
  {
    reason: 'a chunked body is measured against LimitRequestBody only where a program reads it',
    fits: (request, rules) => /^Transfer-Encoding/m.test(request) && /LimitRequestBody/.test(rules),
  },
  {
    reason: 'after a refusal Apache sends its 413 without what the refusal would have said, or not at all',
    fits: (request, rules) =>
      /^Content-Length/m.test(request) && /LimitRequestBody/.test(rules) && /AuthType|valid-user/.test(rules),
  },
];
