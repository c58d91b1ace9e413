import { execFile, spawnSync } from 'node:child_process';
import * as http from 'node:http';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { curlCommand, type Repeated } from '../../src/extension/requests/curl';

const hasCurl = spawnSync('curl', ['--version']).status === 0;

interface Seen {
  readonly method: string;
  readonly target: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: string;
}

/** What arrives when the shell runs the command is what was recorded. */
describe.skipIf(!hasCurl)('a request copied as curl, run by bash', () => {
  const seen: Seen[] = [];
  const server = http.createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const { method = '', url: target = '', rawHeaders } = request;
      const headers = rawHeaders.flatMap((name, at) =>
        at % 2 === 0 ? [[name, rawHeaders[at + 1] ?? ''] as const] : [],
      );
      seen.push({ method, target, headers, body: Buffer.concat(parts).toString('latin1') });
      response.end();
    });
  });
  let base = '';

  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });

  afterAll(() => void server.close());

  const bytes = (text: string) => {
    const all = new Uint8Array(Buffer.from(text, 'latin1'));
    return { bytes: all, length: all.length };
  };

  const requests: readonly Repeated[] = [
    { method: 'GET', target: '/a/../b?c=[1]&d={2,3}', requestHeaders: [], requestBody: bytes('') },
    {
      method: 'GET',
      target: "/it's?%22",
      requestHeaders: [['Cookie', `a="b"; c='d'`]],
      requestBody: bytes(''),
    },
    { method: 'HEAD', target: '/', requestHeaders: [['X-Empty', '']], requestBody: bytes('') },
    {
      method: 'POST',
      target: '/form',
      requestHeaders: [['Content-Type', 'application/x-www-form-urlencoded']],
      requestBody: bytes('a=1&b=%20@file'),
    },
    {
      method: 'PUT',
      target: '/raw',
      requestHeaders: [
        ['Host', 'other.test'],
        ['X-Name', 'J\xc3\xbcrgen'],
      ],
      requestBody: bytes('@line\r\n\x01\xff\\ $HOME `x`'),
    },
    { method: 'POST', target: '/nul', requestHeaders: [], requestBody: bytes("\0a%s\\'\n\xfe7") },
    { method: 'DELETE', target: '/x', requestHeaders: [], requestBody: bytes('') },
  ];

  it.each(requests)('$method $target', async (request) => {
    await promisify(execFile)('bash', ['-c', curlCommand(request, base)]);
    const got = seen.at(-1);
    expect(got).toMatchObject({ method: request.method, target: request.target });
    for (const header of request.requestHeaders) expect(got?.headers).toContainEqual(header);
    expect(got?.body).toBe(Buffer.from(request.requestBody.bytes).toString('latin1'));
    const hadType = request.requestHeaders.some(([name]) => name === 'Content-Type');
    expect(got?.headers.some(([name]) => name.toLowerCase() === 'content-type')).toBe(hadType);
  });
});
