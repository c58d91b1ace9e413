import * as net from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { evaluate } from '../../src/apache/request';
import { ask, rawProgram, testSite, type TestSite } from './testSite';

const sites: TestSite[] = [];
const sockets: net.Socket[] = [];

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  for (const site of sites.splice(0)) await site.dispose();
});

/** Prints the variables that it gets, one a line. */
const ECHO = rawProgram(`connection = listener.accept()[0]
def pairs(data):
    at = 0
    def length():
        nonlocal at
        size = data[at]
        at += 1
        if size >= 128:
            size = (size & 127) << 24 | data[at] << 16 | data[at + 1] << 8 | data[at + 2]
            at += 3
        return size
    while at < len(data):
        name, value = length(), length()
        yield data[at:at + name] + b'=' + data[at + name:at + name + value]
        at += name + value
params = b''
while True:
    _, kind, _, length, padding = struct.unpack('!BBHHBx', read(connection, 8))
    content = read(connection, length + padding)[:length]
    if kind == 4:
        params += content
    if kind == 5 and not length:
        text = b'\\n'.join(sorted(pairs(params)))
        params = b''
        head = b'Content-Length: %d\\n\\n' % len(text)
        connection.sendall(record(OUT, head + text) + end())`);

const HTACCESS = 'RewriteEngine On\nRewriteRule !^echo\\.fcgi /echo.fcgi [L]\n';

async function serve(): Promise<TestSite> {
  const files = { '.htaccess': HTACCESS, 'echo.fcgi': ECHO };
  const site = await testSite(files, { evaluate, recordRequests: true, watch: false });
  sites.push(site);
  return site;
}

const GET = 'GET /page?x=1 HTTP/1.1\r\nHost: localhost\r\nCookie: a=b\r\n\r\n';

/** Asks on one connection; gives the bodies in order. */
function talk(site: TestSite): (bytes: string, answers: number) => Promise<string[]> {
  const socket = net.connect(site.runner.port, '127.0.0.1');
  sockets.push(socket);
  let text = '';
  let told = (): void => undefined;
  socket.on('data', (part: Buffer) => {
    text += part.toString('latin1');
    told();
  });
  return async (bytes, answers) => {
    socket.write(bytes);
    const bodies: string[] = [];
    while (bodies.length < answers) {
      const head = text.indexOf('\r\n\r\n');
      const length = Number(/Content-Length: (\d+)/.exec(text.slice(0, Math.max(0, head)))?.[1]);
      if (head >= 0 && text.length >= head + 4 + length) {
        bodies.push(text.slice(head + 4, head + 4 + length));
        text = text.slice(head + 4 + length);
      } else await new Promise<void>((resolve) => (told = resolve));
    }
    return bodies;
  };
}

const idOf = (body: string): string => /^UNIQUE_ID=(.*)$/m.exec(body)?.[1] ?? '';
const withoutIds = (body: string): string => body.replaceAll(/^((?:REDIRECT_)*UNIQUE_ID)=.*$/gm, '$1');

describe('a request that comes again on its connection', () => {
  it('gives the program the same variables but for its id', async () => {
    const site = await serve();
    const bodies = await talk(site)(GET.repeat(3), 3);
    expect(new Set(bodies.map(idOf)).size).toBe(3);
    expect(bodies.map((body) => /^REDIRECT_UNIQUE_ID=(.*)$/m.exec(body)?.[1])).toEqual(bodies.map(idOf));
    expect(new Set(bodies.map(withoutIds)).size).toBe(1);
    expect(bodies[0]).toContain('HTTP_COOKIE=a=b');
    expect(bodies[0]).toContain('REDIRECT_URL=/page');
  });

  it('tells of each request what its program got', async () => {
    const site = await serve();
    const bodies = await talk(site)(GET.repeat(2), 2);
    await site.waitFor('request', ({ id }) => id === 2);
    const told = site.events.flatMap((event) => (event.kind === 'request' ? [event.record] : []));
    const texts = told.map((record) =>
      record?.environment
        .map((pair) => pair.join('='))
        .sort()
        .join('\n'),
    );
    expect(texts).toEqual(bodies);
  });

  it('is another one in other words, of another connection, or after a change of the site', async () => {
    const site = await serve();
    const [same, other] = [talk(site), talk(site)];
    const [first = ''] = await same(GET, 1);
    const [longer = ''] = await same(GET.replace('a=b', 'a=bc'), 1);
    const [shorter = ''] = await same(GET.replace('Cookie: a=b\r\n', ''), 1);
    expect(longer).toContain('HTTP_COOKIE=a=bc');
    expect(shorter).not.toContain('HTTP_COOKIE');
    const port = /^REMOTE_PORT=.*$/m;
    expect(port.exec((await other(GET, 1))[0] ?? '')?.[0]).not.toBe(port.exec(first)?.[0]);
    site.write('.htaccess', `SetEnv NEW yes\n${HTACCESS}`);
    await site.runner.restart();
    expect((await same(GET, 1))[0]).toContain('\nNEW=yes');
  });
});

describe('an answer in many pieces', () => {
  it('comes as the program wrote it, held back at first and passed on later', async () => {
    const program = rawProgram(`connection = listener.accept()[0]
while True:
    _, kind, _, length, padding = struct.unpack('!BBHHBx', read(connection, 8))
    read(connection, length + padding)
    if kind == 5 and not length:
        connection.sendall(record(OUT, b'Content-Type: text/plain\\n\\n'))
        for n in range(300):
            connection.sendall(record(OUT, bytes([n % 251]) * (1 + n * 7 % 3000)))
        connection.sendall(end())`);
    const site = await testSite({ 'pieces.fcgi': program }, { evaluate, watch: false });
    sites.push(site);
    const parts = Array.from({ length: 300 }, (_, n) => Buffer.alloc(1 + ((n * 7) % 3000), n % 251));
    const whole = Buffer.concat(parts).toString('latin1');
    for (let n = 0; n < 3; n++) expect((await ask(site.runner, '/pieces.fcgi')).body).toBe(whole);
  });
});
