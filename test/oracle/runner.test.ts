import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startRunner, type Runner } from '../../src/runner';
import { ask, type ClientAnswer } from '../runner/testSite';
import { hasApache, startApache, type ApacheServer } from './apache';
import { isAnswerTime } from './parity/comparable';

const CLASSIC = new URL('../sites/classic', import.meta.url).pathname;
const PATH = '/usr/local/bin:/usr/bin:/bin';
/** Both servers are asked by this name, so that names and ports in their answers are the same. */
const HOST = 'site.test:8080';

/** Sends the variables of each request as JSON, without what WSGI adds. */
const DUMP = `#!/usr/bin/env python3
import json
import fcgi

def dump(self, application):
    self._write(b'Content-Type: application/json\\n\\n' + json.dumps(self.request_environ()).encode())

fcgi.FastCGIHandler.run = dump
fcgi.WSGIServer(None).run()
`;

const DUMP_RULES = `SetEnv PLAIN "two words"
SetEnv EMPTY
SetEnv HTTP_MADE_UP set
SetEnvIf Request_URI "^/dump/([^/?]*)" SEEN=$1 SHORT
SetEnvIf X-One ^1$ ONE=uno !SHORT
SetEnvIfNoCase User-Agent ^TEST$ TESTER
BrowserMatch ^t BROWSER=t
SetEnvIf SEEN ^foo$ AGAIN=foo
PassEnv PATH
RewriteEngine On
RewriteBase /dump
RewriteCond %{REQUEST_URI} !^/dump/dump.fcgi
RewriteRule ^(.*)$ dump.fcgi/$1 [QSA,E=FROM_RULE:three,E=HTTP_X_AUTH:%{HTTP:Authorization}]
`;

/** `alice` gets in with `wonder`. */
const MEMBERS = 'alice:$apr1$z7b4RsAM$YWJ5MB4JE3tGHHxVHhNdW0\n';

const membersRules = (folder: string): string => `AuthType Basic
AuthName Members
AuthUserFile ${folder}/members/.htpasswd
Require user alice
RewriteEngine On
RewriteRule ^out$ /dump/out
RewriteCond %{REQUEST_URI} !dump.fcgi
RewriteRule ^(.*)$ dump.fcgi/$1
`;

/** Prints what the query says, decoded: raw output of a program. */
const SAY = `#!/usr/bin/env python3
import fcgi
from urllib.parse import unquote_to_bytes

def say(self, application):
    self.request_environ()
    self._write(unquote_to_bytes(self.request_environ().get('QUERY_STRING', '')))

fcgi.FastCGIHandler.run = say
fcgi.WSGIServer(None).run()
`;

const peer = hasApache();

interface Asked {
  readonly target: string;
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string;
}

describe.skipIf(!peer.available)('the runner and Apache with mod_fcgid', () => {
  let folder: string;
  let apache: ApacheServer;
  let runner: Runner;

  beforeAll(async () => {
    folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'parity-')));
    writeSite(folder);
    apache = await startApache({ documentRoot: folder, config: 'ServerTokens Full' });
    runner = await startRunner({
      root: folder,
      name: 'site.test',
      environment: { PATH },
      mode: 'faithful',
    });
  });

  afterAll(async () => {
    await runner.dispose();
    await apache.stop();
    fs.rmSync(folder, { recursive: true, force: true });
  });

  async function both({ target, ...options }: Asked): Promise<{ theirs: ClientAnswer; ours: ClientAnswer }> {
    const sent = { ...options, headers: { host: HOST, ...options.headers } };
    const theirs = await ask(apache, target, sent);
    return { theirs, ours: await ask(runner, target, sent) };
  }

  it.each(REQUESTS)('answer $method $target alike', async (asked) => {
    const { theirs, ours } = await both(asked);
    expect(comparable(ours)).toEqual(comparable(theirs));
  });

  it.each(SAYINGS)('turn the output %j into the same answer', async (output) => {
    const asked = Date.now();
    const { theirs, ours } = await both({ target: `/say/say.fcgi?${encodeURIComponent(output)}` });
    expect(comparable(ours, asked)).toEqual(comparable(theirs, asked));
  });

  it.each(DUMPED)('give the program the same variables for $method $target', async (asked) => {
    const { theirs, ours } = await both(asked);
    expect(variables(ours)).toEqual(variables(theirs));
    expect(theirs.status).toBe(200);
  });

  it.each(CONDITIONS)('agree over $headers', async ({ headers }) => {
    const { etag = '', 'last-modified': date = '' } = (await both({ target: '/project/static/site.css' }))
      .theirs.headers;
    const filled = Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [
        name,
        value.replace('ETAG', etag).replace('DATE', date),
      ]),
    );
    const { theirs, ours } = await both({ target: '/project/static/site.css', headers: filled });
    expect(comparable(ours)).toEqual(comparable(theirs));
  });

  // Apache sends its page twice here: once with, once without a header.
  it.each(['X Bad: 1\n\nx', ': empty\n\nx', 'X-Control: a\u0001b\n\nbody'])(
    'refuse the header of %j',
    async (output) => {
      const { theirs, ours } = await both({ target: `/say/say.fcgi?${encodeURIComponent(output)}` });
      expect([ours.status, ours.reason]).toEqual([theirs.status, theirs.reason]);
      expect(theirs.body).toBe(ours.body + ours.body);
    },
  );

  it('keep a long form and refuse a longer one', async () => {
    for (const length of [65_000, 131_072 - 5, 131_073 - 5]) {
      const headers = { 'content-type': 'application/x-www-form-urlencoded' };
      const asked = { target: '/project/form', method: 'POST', headers, body: `text=${'x'.repeat(length)}` };
      const { theirs, ours } = await both(asked);
      expect([length, comparable(ours)]).toEqual([length, comparable(theirs)]);
    }
  });
});

function writeSite(folder: string): void {
  fs.cpSync(CLASSIC, folder, { recursive: true, filter: (name) => !name.includes('__pycache__') });
  for (const name of ['dump', 'members', 'say', 'plain folder', 'listed/sub'])
    fs.mkdirSync(path.join(folder, name), { recursive: true });
  const files: Record<string, string> = {
    'dump/.htaccess': DUMP_RULES,
    'dump/dump.fcgi': DUMP,
    'members/.htaccess': membersRules(folder),
    'members/.htpasswd': MEMBERS,
    'members/dump.fcgi': DUMP,
    'say/say.fcgi': SAY,
    'say/page.txt': 'a page\n',
    'plain folder/index.html': 'in a folder\n',
    'plain folder/.htaccess':
      'Header set X-Plain 1\nAddDefaultCharset utf-8\nSetEnvIf Request_Method OPTIONS ASKED\nHeader set X-Asked 1 env=ASKED\n',
    'listed/b.txt': 'b',
    'empty.txt': '',
    'unknown.xyz': 'x',
    'project/real.txt': 'real\n',
    '.hidden': 'x',
  };
  for (const [name, text] of Object.entries(files)) fs.writeFileSync(path.join(folder, name), text);
  for (const name of ['dump', 'members', 'say'])
    fs.copyFileSync(path.join(CLASSIC, 'project/fcgi.py'), path.join(folder, name, 'fcgi.py'));
  fs.chmodSync(folder, 0o755);
  for (const name of ['dump/dump.fcgi', 'members/dump.fcgi', 'say/say.fcgi'])
    fs.chmodSync(path.join(folder, name), 0o755);
  // A file changed in this very second has a weak tag: let it be older.
  const past = new Date(Date.now() - 60_000);
  for (const name of fs.readdirSync(folder, { recursive: true, encoding: 'utf8' }))
    fs.utimesSync(path.join(folder, name), past, past);
}

const GET = { method: 'GET' };
const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

const REQUESTS: readonly (Asked & { method: string })[] = [
  { ...GET, target: '/members/' },
  { method: 'HEAD', target: '/members/none' },
  { ...GET, target: '/members/', headers: { authorization: 'Basic eDp5' } },
  { ...GET, target: '/members/.htpasswd' },
  ...[
    '/',
    '/index.html',
    '/index.html?x=1',
    '/index.html/more',
    '/project',
    '/project?x=1',
    '/project/',
    '/project/?x=1',
    '/project/hello/World',
    '/project/hello/World?a=1&b=%20',
    '/project/hello/J%C3%BCrgen%20X',
    '/project/hello/a//b/./c/../d',
    '/project/hello/a%2Fb',
    '/project/hello/%FF',
    '/project/hello/a+b%2B',
    '/project/form',
    '/project/nothing',
    '/project/error',
    '/project/real.txt',
    '/project/app.py',
    '/project/static/site.css',
    '/project/static/site.css?v=2',
    '/project/static/nothing.css',
    '/project/static/',
    '/project/static',
    '/project/more_static/x',
    '/project/nothing.png',
    '/project/dispatch.fcgi',
    '/project/dispatch.fcgi/',
    '/project/dispatch.fcgi/hello/direct?x',
    '/project/DISPATCH.FCGI',
    '/project/dispatch.fcgi2',
    '/project/.htaccess',
    '/PROJECT/',
    '/Project/hello/x',
    '/nothing',
    '/plain%20folder/',
    '/plain%20folder',
    '/empty.txt',
    '/unknown.xyz',
    '/a%00b',
    '/%zz',
  ].map((target) => ({ ...GET, target })),
  { method: 'HEAD', target: '/' },
  { method: 'HEAD', target: '/project/' },
  { method: 'HEAD', target: '/project/nothing' },
  { method: 'HEAD', target: '/nothing' },
  { method: 'POST', target: '/project/form', headers: FORM, body: 'text=a%26b%C3%A4' },
  {
    method: 'POST',
    target: '/project/form',
    headers: { ...FORM, 'transfer-encoding': 'chunked' },
    body: 'text=chunked',
  },
  { method: 'POST', target: '/project/form', headers: FORM, body: '' },
  { method: 'POST', target: '/nothing', body: 'x' },
  { method: 'PUT', target: '/project/form', body: 'x' },
  { method: 'DELETE', target: '/project/x' },
  { method: 'PUT', target: '/index.html', body: 'x' },
  { method: 'DELETE', target: '/index.html' },
  { method: 'PATCH', target: '/nothing' },
  { method: 'POST', target: '/index.html', headers: FORM, body: 'x=1' },
  { method: 'POST', target: '/plain%20folder/', body: 'x' },
  { method: 'OPTIONS', target: '/index.html' },
  { method: 'OPTIONS', target: '/nothing' },
  { method: 'OPTIONS', target: '/plain%20folder/index.html' },
  { method: 'OPTIONS', target: '/plain%20folder/' },
  { method: 'OPTIONS', target: '/plain%20folder' },
  { method: 'OPTIONS', target: '/unknown.xyz' },
  { method: 'OPTIONS', target: '/project/form' },
  { method: 'OPTIONS', target: '/dump/dump.fcgi' },
];

const ALICE = `Basic ${Buffer.from('alice:wonder').toString('base64')}`;

const DUMPED: readonly (Asked & { method: string })[] = [
  ...[
    '/dump/foo/bar?env&x=1',
    '/dump/foo',
    '/dump/',
    '/dump/a%20b/c%C3%A9//d/./e',
    '/dump/index.html',
    '/dump/plain%20folder/',
    '/dump/dump.fcgi',
    '/dump/dump.fcgi?',
    '/dump/dump.fcgi/',
    '/dump/dump.fcgi/x/y?q=%41',
    '/dump/dump.fcgi//x',
    '//dump//foo',
    '/dump/listed',
    '/dump/project/x',
    '/dump/project',
    '/dump/project/static/site.css/y',
    '/dump/dump/x',
  ].map((target) => ({ ...GET, target })),
  {
    method: 'GET',
    target: '/dump/agent',
    headers: { 'user-agent': 'test', accept: '*/*', 'accept-language': 'de' },
  },
  {
    ...GET,
    target: '/dump/headers',
    headers: {
      authorization: 'Basic eDp5',
      cookie: 'a=1; b=2',
      proxy: 'evil',
      'x-one': '1',
      te: 'trailers',
      x_under: 'u',
      'x.dot': 'd',
      'keep-alive': '5',
      upgrade: 'h2c',
      'if-none-match': '"x"',
      'content-type': 'text/odd',
      'x-empty': '',
      'x-latin': '\u00e4',
    },
  },
  ...['/members/in', '/members/dump.fcgi', '/members/out'].map((target) => ({
    ...GET,
    target,
    headers: { authorization: ALICE },
  })),
  { method: 'POST', target: '/dump/form?x=1', headers: FORM, body: 'a=b' },
  { method: 'POST', target: '/dump/form', headers: { 'transfer-encoding': 'chunked' }, body: 'abc' },
  { method: 'PUT', target: '/dump/put', body: 'abc' },
];

const SAYINGS: readonly string[] = [
  'Content-Type: text/plain\n\nbody',
  'Content-Type: Text/Plain; Charset=X\r\n\r\nbody',
  'Status: 404 Not Found\nContent-Type: text/plain\n\nmissing',
  'Status: 418\n\nteapot',
  'Status: 200 Fine By Me\n\nx',
  'Status: abc\nX-Kept: 1\n\nx',
  'Status: 999 Odd\n\nx',
  'Status: 204 No Content\nContent-Type: text/plain\n\n',
  'Status: 304 Not Modified\nETag: "1"\n\n',
  'Status: 500 Own\nContent-Type: text/plain\n\nown page',
  '\nbody without headers',
  'no header at all\n',
  'A: b\n',
  '',
  'HTTP/1.1 200 OK\nA: b\n\nx',
  'X-Fold: a\n b\n\tc\nX-Other: 1\n\nx',
  'X-Dup: 1\nx-dup: 2\nVary: Accept\nVary: Cookie\nSet-Cookie: a=1\nSet-Cookie: b=2\n\nx',
  'WWW-Authenticate: Basic realm="a"\nWWW-Authenticate: Digest realm="b"\nStatus: 401 No\n\nx',
  'Location: /say/page.txt\n\nlost',
  'Location: /dump/from?y\n\nlost',
  'Location: /nothing\nX-Lost: 1\n\nlost',
  'Location: http://example.test/?a&b\nX-Kept: 1\nSet-Cookie: k=v\nContent-Type: text/plain\n\nlost',
  'Location: other/page\n\nlost',
  'Location: \n\nlost',
  'Status: 302 Found\nLocation: http://example.test/\nContent-Type: text/plain\n\nown body',
  'Status: 301 Moved\nLocation: /say/page.txt\n\n',
  'Status: 200\nLocation: /say/page.txt\n\nlost',
  'Content-Length: 4\nContent-Type: text/plain\n\nbody',
  'Last-Modified: Mon, 01 Jan 2024 00:00:00 GMT\nETag: "x"\n\nbody',
  'Last-Modified: nonsense\n\nbody',
  'Last-Modified: Mon, 01 Jan 2085 00:00:00 GMT\n\nbody',
  'Content-Type:\n\nbody',
  'content-type: text/a\nContent-Type: text/b\n\nbody',
  'Date: Mon, 01 Jan 2024 00:00:00 GMT\nServer: mine\n\nbody',
  'X-Latin: \u00e4\n\nbody',
  'X-Nul: a\u0000b\n\nbody',
  'Content-Encoding: gzip\nContent-Language: de\nExpires: 0\nCache-Control: no-store\n\nbody',
];

const CONDITIONS: readonly { readonly headers: Record<string, string> }[] = [
  { headers: { 'if-none-match': 'ETAG' } },
  { headers: { 'if-none-match': '"x", ETAG' } },
  { headers: { 'if-none-match': 'W/ETAG' } },
  { headers: { 'if-none-match': '*' } },
  { headers: { 'if-none-match': '"x"', 'if-modified-since': 'DATE' } },
  { headers: { 'if-modified-since': 'DATE' } },
  { headers: { 'if-modified-since': 'Mon, 01 Jan 2024 00:00:00 GMT' } },
  { headers: { 'if-modified-since': 'nonsense' } },
  { headers: { 'if-match': 'ETAG' } },
  { headers: { 'if-match': '"x"' } },
  { headers: { 'if-unmodified-since': 'DATE' } },
  { headers: { 'if-unmodified-since': 'Mon, 01 Jan 2024 00:00:00 GMT' } },
  { headers: { range: 'bytes=0-9' } },
  { headers: { range: 'bytes=10-' } },
  { headers: { range: 'bytes=-5' } },
  { headers: { range: 'bytes=0-0' } },
  { headers: { range: 'bytes=5-2' } },
  { headers: { range: 'bytes=100000-' } },
  { headers: { range: 'bytes=0-9999999' } },
  { headers: { range: 'bytes=-0' } },
  { headers: { range: 'bytes=-' } },
  { headers: { range: 'lines=0-1' } },
  { headers: { range: 'bytes=0-9', 'if-range': 'ETAG' } },
  { headers: { range: 'bytes=0-9', 'if-range': '"x"' } },
  { headers: { range: 'bytes=0-9', 'if-range': 'DATE' } },
  { headers: { range: 'bytes=0-9', 'if-none-match': 'ETAG' } },
];

/** Headers that say who and when, or how the connection goes on. */
const OWN_HEADERS = ['server', 'date', 'connection', 'keep-alive'];

/** The order of methods in Allow is random in Apache. */
function sorted([name, value]: [string, unknown]): [string, unknown] {
  return name === 'allow' ? [name, String(value).split(',').sort()] : [name, value];
}

/** `asked`: when both were asked, where a time of the answer may be in it; the second may answer a second later than the first. */
function comparable({ status, reason, headers, body }: ClientAnswer, asked = Infinity): unknown {
  const shared = Object.fromEntries(
    Object.entries(headers)
      .filter(([name]) => !OWN_HEADERS.includes(name))
      .map(([name, value]) => sorted([name, isAnswerTime(name, String(value), asked) ? 'NOW' : value])),
  );
  // Apache ends this one page by closing the connection instead of by its length.
  if (status === 416) delete shared['content-length'];
  return { status, reason, headers: shared, body: body.startsWith('{"') ? variables({ body }) : body };
}

/** Variables that cannot be equal: the client's port, a random name, and the name of the server's program. */
const OWN_VARIABLES = /^(REDIRECT_)*(REMOTE_PORT|SERVER_SOFTWARE|UNIQUE_ID)$/;

function variables({ body }: { readonly body: string }): unknown {
  return Object.fromEntries(
    Object.entries(JSON.parse(body) as Record<string, string>).filter(([name]) => !OWN_VARIABLES.test(name)),
  );
}
