import type { Random } from '../generate/random';
import { RAW_ANSWERS } from './rawAnswers';
import { RAW_REQUESTS } from './rawRequests';

/** One request as bytes, with a name to find it by. */
export interface Exchange {
  readonly name: string;
  readonly bytes: string;
}

/** A CGI program answers, after an internal redirect of `/changed/away`. */
export const leadsToCgi = ({ bytes }: Exchange): boolean =>
  /^\w+ (?:\/cgi\/|\/limit\/dump|\/changed\/(?:dump\.cgi|away))/.test(bytes);

/** Both servers are asked by this name, so that names and ports in their answers are the same. */
export const HOST = 'site.test:8080';

const ALICE = `Basic ${Buffer.from('alice:wonder').toString('base64')}`;

const FILES = [
  '/',
  '/a.txt',
  '/long.txt',
  '/empty.txt',
  '/page.html',
  '/unknown.xyz',
  '/noextension',
  '/sp%20ace/%C3%BC.txt',
  '/sub',
  '/sub/',
  '/headers/page.html',
  '/headers/data.bin',
  '/bare/page.html',
  '/tag/page.html',
  '/index.html',
  '/project/static/site.css',
] as const;
const PROGRAMS = [
  '/p/dump.fcgi',
  '/p/dump.fcgi/',
  '/p/dump.fcgi/more/path',
  '/p/dump.fcgi?x=1&y=%20',
  '/p/go/a/b',
  '/p/go/a%20b/c%C3%A9//d/./e?q',
  '/p/go/',
  '/p/go/%7Etilde',
  '/p/go/a+b?a+b',
  '/p/dump.fcgi//x//y',
  '/p/dump.fcgi/a.txt',
  '/members/in/x?y',
  '/members/dump.fcgi',
  '/p/count.fcgi',
  '/project/hello/World',
  '/project/hello/%E4',
  '/project/form',
  '/project/nothing',
  '/cgi/dump.cgi',
  '/changed/dump.cgi/more?x',
  '/changed/dump.fcgi',
  '/changed/page.html',
  '/changed/away',
  '/cgi/dump.cgi/info?x=1',
  '/cgi/dump.cgi?one+two+%41',
  '/php/',
  '/php/index.php?a=b',
  '/php/index.php/info/x?q=1',
  '/php/some/where',
  '/php/status.php',
] as const;
const ODD = [
  '/none',
  '/p/none',
  '/p',
  '/p/',
  '/p/gone',
  '/p/forbidden',
  '/p/away',
  '/docs/none',
  '/docs/gone',
  '/docs/lost',
  '/docs/old',
  '/docs/secret',
  '/docs/say.fcgi',
  '/docs/say.fcgi?x',
  '/docs/dies.fcgi',
  '/docs/none/deeper',
  '/bare/none',
  '/bare/secret',
  '/bare/gone',
  '/bare/busy',
  '/limit/count.fcgi',
  '/limit/dump.cgi',
  '/members/',
  '/members/page.html',
  '/members/none',
  '/members/.htpasswd',
  '/.htaccess',
  '/a.txt/more',
  '/a.txt%2Fx',
  '/a%00b',
  '/%zz',
  '/%',
  '/..',
  '/../a.txt',
  '/p/../a.txt',
  '/p/..%2fa.txt',
  '/./a.txt',
  '//a.txt',
  '/a.txt?',
  '/a.txt?x=%00',
  '/A.TXT',
  '/a.txt%20',
  '/a%2etxt',
  '/project',
  '/project/error',
  '/project/app.py',
  '/sp ace/x',
  '/%C3%BC',
  '/\xfc',
  '/p/dump.fcgi%3Fx',
  '/p/go/%3F',
  '/cgi/none.cgi',
  '/cgi',
  '/p/say.fcgi',
  '*',
] as const;

/** Of every template. */
const PAGES = [
  '/',
  '',
  '/hello/J%C3%BCrgen%20K',
  '/hello/%3Cb%3E?x=1',
  '/hello/a//b/./c',
  '/form?text=a%26b',
  '/form?text=%FF&text=2',
  '/form',
  '/form',
  '/old',
  '/nothing',
  '/error',
  '/static/site.css',
  '/static/none.css',
  '/robots.txt',
  '/error.html',
  '/dispatch.fcgi',
  '/dispatch.fcgi/form?text=x',
] as const;

/** What a program may print, and should not. */
export const SAYINGS: readonly string[] = [
  'Content-Type: text/plain\n\nbody',
  'Content-Type: Text/Plain; Charset=X\r\n\r\nbody',
  'Status: 404 Not Found\nContent-Type: text/plain\n\nmissing',
  'Status: 404\n\n',
  'Status: 418\n\nteapot',
  'Status: 200 Fine By Me\n\nx',
  'Status: 999 Odd\n\nx',
  'Status: 204 No Content\nContent-Type: text/plain\n\n',
  'Status: abc\nX-Kept: 1\n\nx',
  'Status: 99\n\nx',
  'Status: 600\n\nx',
  'Status: 100\n\nx',
  'Status:\n\nx',
  'Status: 200\nStatus: 404\n\nx',
  'Status: 304 Not Modified\nETag: "1"\n\n',
  'Status: 500 Own\nContent-Type: text/plain\n\nown page',
  'Status: 503\nRetry-After: 5\n\nbusy',
  '\nbody without headers',
  'no header at all\n',
  'A: b\n',
  '',
  '\r\n',
  'HTTP/1.1 200 OK\nA: b\n\nx',
  'X-Fold: a\n b\n\tc\nX-Other: 1\n\nx',
  'X-Dup: 1\nx-dup: 2\nVary: Accept\nVary: Cookie\nSet-Cookie: a=1\nSet-Cookie: b=2\n\nx',
  'WWW-Authenticate: Basic realm="a"\nWWW-Authenticate: Digest realm="b"\nStatus: 401 No\n\nx',
  'Location: /p/page.txt\n\nlost',
  'Location: /p/dump.fcgi/from?y\n\nlost',
  'Location: /none\nX-Lost: 1\n\nlost',
  'Location: /docs/none\n\n',
  'Location: http://example.test/?a&b\nX-Kept: 1\nSet-Cookie: k=v\nContent-Type: text/plain\n\nlost',
  'Location: other/page\n\nlost',
  'Location: \n\nlost',
  'Location: //example.test/x\n\n',
  'Status: 302 Found\nLocation: http://example.test/\nContent-Type: text/plain\n\nown body',
  'Status: 301 Moved\nLocation: /p/page.txt\n\n',
  'Status: 200\nLocation: /p/page.txt\n\nlost',
  'Status: 303 See\nLocation: /x\n\n',
  'Content-Length: 4\nContent-Type: text/plain\n\nbody',
  'Content-Length: 2\n\nbody',
  'Content-Length: 0\n\n',
  'Content-Length: x\n\nbody',
  'Content-Length: -1\n\nbody',
  'Last-Modified: Mon, 01 Jan 2024 00:00:00 GMT\nETag: "x"\n\nbody',
  'Last-Modified: nonsense\n\nbody',
  'Last-Modified: Mon, 01 Jan 2085 00:00:00 GMT\n\nbody',
  'ETag: unquoted\n\nbody',
  'Content-Type:\n\nbody',
  'content-type: text/a\nContent-Type: text/b\n\nbody',
  'Date: Mon, 01 Jan 2024 00:00:00 GMT\nServer: mine\n\nbody',
  'X-Latin: \u00e4\n\nbody',
  'X-Nul: a\u0000b\n\nbody',
  'Content-Encoding: gzip\nContent-Language: de\nExpires: 0\nCache-Control: no-store\n\nbody',
  'Allow: GET\nStatus: 405\n\nno',
  'X-Tab:\tvalue\t\n\nx',
  'X-Space:   value   \n\nx',
  'X-Empty:\n\nx',
  'Content-Range: bytes 0-1/2\nStatus: 206\n\nab',
  'Accept-Ranges: bytes\nContent-Length: 10\n\n0123456789',
  'Traceback (most recent call last):\n  File "x"\n',
  `X-Long: ${'y'.repeat(8000)}\n\nx`,
  `X-Long: ${'y'.repeat(8200)}\n\nx`,
  'Pragma: no-cache\nContent-Disposition: attachment; filename="x"\n\n\u0000\u0001\u00ff',
  'Keep-Alive: timeout=1\n\nx',
  'Connection: close\n\nx',
  'Transfer-Encoding: chunked\n\n3\r\nabc\r\n0\r\n\r\n',
  'Transfer-Encoding: chunked\nContent-Length: 1\n\n3\r\nabc\r\n0\r\n\r\n',
  'Status: abc\nContent-Type: text/plain\n\nx',
  'Transfer-Encoding: gzip\n\nx',
  'Transfer-Encoding: gzip, chunked\n\n1\r\nx\r\n0\r\n\r\n',
  'Transfer-Encoding: gzip\nContent-Length: 1\n\nx',
  'Content-Type: text/html\n\n<p>x</p>',
];

const METHODS = [
  'GET',
  'GET',
  'GET',
  'GET',
  'HEAD',
  'POST',
  'PUT',
  'DELETE',
  'OPTIONS',
  'PATCH',
  'TRACE',
  'PROPFIND',
  'FOO',
] as const;
const RANGES = [
  'bytes=0-0',
  'bytes=0-4',
  'bytes=5-',
  'bytes=-3',
  'bytes=0-1,4-5',
  'bytes=0-99,200-299,-10',
  'bytes=4-5,0-1',
  'bytes=0-5,3-8',
  'bytes=0-4,5-8',
  'bytes=90000-',
  'bytes=0-1,90000-',
  'bytes=5-2',
  'bytes=-0',
  'bytes=-',
  'bytes=',
  'bytes=x-y',
  'bytes=0-,0-',
  'bytes= 0-1',
  'bytes=0-1 , 3-4',
  'bytes=0-1, 3-4',
  'Bytes=0-3',
  'lines=0-1',
  'bytes=0-1;',
  'bytes=-99999',
  'bytes=0-99999',
  'bytes=,0-1',
  'bytes=0-1,',
  'bytes=1-1,1-1,1-1',
  'bytes=3-4,1-2,0-0',
  'bytes=9-10,0-2,5-6',
] as const;
const CONDITIONS: readonly (readonly [string, string])[] = [
  ['If-None-Match', '*'],
  ['If-None-Match', '"x"'],
  ['If-None-Match', 'W/"x"'],
  ['If-None-Match', '"x", "1"'],
  ['If-None-Match', '"1"'],
  ['If-Match', '*'],
  ['If-Match', '"x"'],
  ['If-Match', 'W/"x"'],
  ['If-Modified-Since', 'Mon, 01 Jan 2024 00:00:00 GMT'],
  ['If-Modified-Since', 'Mon, 01 Jan 2085 00:00:00 GMT'],
  ['If-Modified-Since', 'nonsense'],
  ['If-Modified-Since', 'Monday, 01-Jan-24 00:00:00 GMT'],
  ['If-Unmodified-Since', 'Mon, 01 Jan 2024 00:00:00 GMT'],
  ['If-Unmodified-Since', 'Mon, 01 Jan 2085 00:00:00 GMT'],
  ['If-Range', '"x"'],
  ['If-Range', 'Mon, 01 Jan 2024 00:00:00 GMT'],
];
const FIELDS: readonly (readonly [string, string])[] = [
  ['Accept', '*/*'],
  ['Accept-Language', 'de, en;q=0.5'],
  ['Cookie', 'a=1; b=2'],
  ['Cookie', 'c=3'],
  ['User-Agent', 'parity'],
  ['Referer', 'http://x.test/'],
  ['X-One', '1'],
  ['x-one', '2'],
  ['X-Empty', ''],
  ['X-Latin', '\xe4\xf6'],
  ['x_under', 'u'],
  ['X.Dot', 'd'],
  ['Proxy', 'evil'],
  ['TE', 'trailers'],
  ['Keep-Alive', '5'],
  ['Upgrade', 'websocket'],
  ['Content-Type', 'text/odd; charset=x'],
  ['Content-Type', 'application/x-www-form-urlencoded'],
  ['Authorization', ALICE],
  ['Authorization', 'Basic eDp5'],
  ['Authorization', 'Bearer t'],
  ['Proxy-Authorization', 'Basic eDp5'],
  ['Trailer', 'X-T'],
  ['X-Forwarded-For', '10.0.0.1'],
  ['Max-Forwards', '3'],
  ['Expect', '100-continue'],
  ['Pragma', 'no-cache'],
  ['Via', '1.1 x'],
  ['X-Fold', 'a\r\n b'],
];
const BODIES = [
  '',
  'x',
  'text=a%26b%C3%A4',
  'a=b&c=d',
  'x'.repeat(5000),
  'y'.repeat(70_000),
  'z'.repeat(131_072),
  'z'.repeat(131_073),
] as const;
const CONNECTIONS = ['close', 'keep-alive', 'Keep-Alive, TE', 'Upgrade', 'x', 'close, x'] as const;

/** Seeded exchanges without end, on a site with these templates; the hand-made ones come first. */
export function* exchanges(random: Random, templates: readonly string[]): Generator<Exchange> {
  for (const [name, bytes] of Object.entries(RAW_REQUESTS)) yield { name, bytes };
  for (const name of Object.keys(RAW_ANSWERS)) yield exchangeOf('GET', `/raw/${name}.fcgi`, []);
  for (const saying of SAYINGS) yield exchangeOf('GET', `/p/say.fcgi?${encodeBytes(saying)}`, []);
  for (const saying of SAYINGS) yield exchangeOf('HEAD', `/docs/say.fcgi?${encodeBytes(saying)}`, []);
  for (const saying of SAYINGS) yield exchangeOf('GET', `/told/say.fcgi?${encodeBytes(saying)}`, []);
  for (const saying of SAYINGS) yield exchangeOf('GET', `/cgi/say.cgi?${encodeBytes(saying)}`, []);
  for (const id of templates) for (const page of PAGES) yield exchangeOf('GET', `/t/${id}${page}`, []);
  const pages = templates.flatMap((id) => PAGES.map((page) => `/t/${id}${page}`));
  for (;;) {
    if (random.chance(0.2)) yield spoken(random);
    else if (pages.length > 0 && random.chance(0.4)) yield asked(random, random.pick(pages));
    else yield asked(random, random.pick(random.pick([FILES, PROGRAMS, PROGRAMS, ODD])));
  }
}

function spoken(random: Random): Exchange {
  const folder = random.pick(['/p', '/p', '/docs', '/told']);
  const target = `${folder}/say.fcgi?${encodeBytes(random.pick(SAYINGS))}`;
  const fields = random.chance(0.6) ? [random.pick(CONDITIONS)] : [];
  if (random.chance(0.2)) fields.push(['Range', random.pick(RANGES)]);
  if (random.chance(0.3)) fields.push(['Connection', random.pick(CONNECTIONS)]);
  return exchangeOf(
    random.pick(['GET', 'GET', 'HEAD', 'POST']),
    target,
    fields,
    random.chance(0.1) ? '1.0' : '1.1',
  );
}

function asked(random: Random, target: string): Exchange {
  const fields = random.times(random.below(4), () => random.pick(FIELDS));
  if (random.chance(0.25)) fields.push(random.pick(CONDITIONS));
  if (random.chance(0.2)) fields.push(['Range', random.pick(RANGES)]);
  if (random.chance(0.3)) fields.push(['Connection', random.pick(CONNECTIONS)]);
  if (target.startsWith('/members') && random.chance(0.6)) fields.push(['Authorization', ALICE]);
  const method = random.pick(METHODS);
  const version = random.chance(0.07) ? '1.0' : '1.1';
  if (method === 'GET' || method === 'HEAD' || random.chance(0.3))
    return exchangeOf(method, target, fields, version);
  const body = random.pick(BODIES);
  if (random.chance(0.25) && version === '1.1') {
    const chunked = [...fields, ['Transfer-Encoding', 'chunked'] as const];
    return exchangeOf(method, target, chunked, version, inChunks(body, random));
  }
  return exchangeOf(method, target, [...fields, ['Content-Length', String(body.length)]], version, body);
}

function inChunks(body: string, random: Random): string {
  const size = random.pick([3, 100, 8000, 100_000]);
  let text = '';
  for (let at = 0; at < body.length && body.length / size < 2000; at += size) {
    const part = body.slice(at, at + size);
    text += `${part.length.toString(16)}\r\n${part}\r\n`;
  }
  return `${text}0\r\n\r\n`;
}

function exchangeOf(
  method: string,
  target: string,
  fields: readonly (readonly [string, string])[],
  version = '1.1',
  body = '',
): Exchange {
  const sent = fields.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  const head = `${method} ${target} HTTP/${version}\r\nHost: ${HOST}\r\n${sent}\r\n`;
  return { name: `${head.slice(0, 300)}(${body.length})`, bytes: head + body };
}

/** Every byte that is no letter or digit, in hexadecimal. */
function encodeBytes(text: string): string {
  return text.replaceAll(/[^A-Za-z0-9]/g, (byte) => `%${byte.charCodeAt(0).toString(16).padStart(2, '0')}`);
}
