import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { LiveSite } from '../../src/deploy/liveSite';
import type { AskedRequest } from '../../src/urls';

const never = new AbortController().signal;

async function served(listener: RequestListener) {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { server, address: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` };
}

function get(target: string, headers: AskedRequest['request']['headers'] = []): AskedRequest {
  return { request: { method: 'GET', target, headers }, host: {} };
}

describe('a live site', () => {
  test('is asked a few at a time, and answers in order', async () => {
    let now = 0;
    let most = 0;
    const { address } = await served((request, response) => {
      most = Math.max(most, ++now);
      setTimeout(() => {
        now -= 1;
        response.writeHead(Number(request.url?.slice(1))).end();
      }, 5);
    });
    const wanted = Array.from({ length: 30 }, (_, index) => 200 + index);
    const answers = await new LiveSite(address, { interrupted: never }).askAll(
      wanted.map((one) => get(`/${one}`)),
    );
    expect(answers.map((one) => one.kind === 'seen' && one.seen.status)).toEqual(wanted);
    expect(most).toBe(4);
  });

  test('is given up when it is silent', async () => {
    const { address } = await served(() => undefined);
    const site = new LiveSite(address, { interrupted: never, timeLimit: 50 });
    expect(await site.askAll([get('/')])).toEqual([{ kind: 'failed', why: 'no answer within 0.05 seconds' }]);
  });

  test('says in words why it cannot be reached', async () => {
    const { server, address } = await served((request) => request.socket.end('nonsense\r\n\r\n'));
    const site = new LiveSite(address, { interrupted: never });
    const why = async (): Promise<string> => JSON.stringify(await site.askAll([get('/')]));
    expect(await why()).toContain('what came is no HTTP');
    await new Promise((resolve) => server.close(resolve));
    expect(await why()).toContain('nothing listens at this address and port (ECONNREFUSED)');
  });

  test('is left at once by Ctrl-C, with no connection open', async () => {
    const { server, address } = await served(() => interrupt.abort());
    const interrupt = new AbortController();
    const site = new LiveSite(address, { interrupted: interrupt.signal });
    const answers = await site.askAll(Array.from({ length: 9 }, () => get('/')));
    expect(answers.map((one) => one.kind)).toEqual(Array.from({ length: 9 }, () => 'failed'));
    await expect
      .poll(() => new Promise((resolve) => server.getConnections((_, count) => resolve(count))))
      .toBe(0);
  });

  test('leaves no connection behind an endless answer', async () => {
    const { server, address } = await served((_, response) => {
      response.writeHead(200);
      response.write('x'.repeat(100_000));
    });
    const [answer] = await new LiveSite(address, { interrupted: never }).askAll([get('/')]);
    expect(answer).toMatchObject({ kind: 'seen', seen: { status: 200 } });
    await expect
      .poll(() => new Promise((resolve) => server.getConnections((_, count) => resolve(count))))
      .toBe(0);
  });

  test('sees bytes as they come, and every header', async () => {
    const { address } = await served((request, response) => {
      response.socket?.end(
        `HTTP/1.1 302 Found\r\nLocation: /\u00E9\r\nA: ${String(request.headers['x'])}\r\na: 2\r\n\r\n`,
        'latin1',
      );
    });
    const [answer] = await new LiveSite(address, { interrupted: never }).askAll([
      get('/', [['X', '\u00FF']]),
    ]);
    expect(answer).toEqual({
      kind: 'seen',
      seen: {
        status: 302,
        location: '/\u00E9',
        headers: [
          ['Location', '/\u00E9'],
          ['A', '\u00FF'],
          ['a', '2'],
        ],
      },
    });
  });

  test('describes the server for the prediction', () => {
    const host = (address: string) => new LiveSite(address, { interrupted: never }).host;
    expect(host('https://www.example.com')).toEqual({
      serverName: 'www.example.com',
      https: true,
      port: 443,
    });
    expect(host('http://www.example.com:8080/')).toEqual({
      serverName: 'www.example.com',
      https: false,
      port: 8080,
    });
    expect(() => host('https://example.com/~me/')).toThrow('https://example.com/ alone');
    expect(() => host('ftp://example.com/')).toThrow('https://www.example.com/');
  });
});
