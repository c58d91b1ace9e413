import { once } from 'node:events';
import * as fs from 'node:fs';
import * as net from 'node:net';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { encodeEnd, encodeRecord, encodeRequest, RecordType } from '../../src/fastcgi';
import { Departure } from '../../src/runner/departure';
import { ProgramConnection, REQUEST_ID, type ExchangeEnd } from '../../src/runner/exchange';

const cleanups: (() => void)[] = [];
afterEach(() => cleanups.splice(0).forEach((clean) => clean()));

/** A program that gives this answer, in one write, to whatever comes. */
async function programAnswering(answer: Uint8Array): Promise<ProgramConnection> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'exchange-'));
  const server = net.createServer((socket) => {
    socket.on('data', () => socket.write(answer)).on('error', () => undefined);
  });
  server.listen(path.join(folder, 's'));
  await once(server, 'listening');
  const limits = { timeLimit: 0, totalLimit: 0, forgivesMissingEnd: false };
  const connection = new ProgramConnection(
    (onread) => net.connect({ path: path.join(folder, 's'), onread }),
    limits,
    () => undefined,
  );
  cleanups.push(() => {
    connection.socket.destroy();
    server.close();
    fs.rmSync(folder, { recursive: true, force: true });
  });
  await once(connection.socket, 'connect');
  return connection;
}

function exchange(connection: ProgramConnection, output: () => boolean): Promise<ExchangeEnd> {
  const params = { requestId: REQUEST_ID, keepConnection: true, params: [], body: new Uint8Array(0) };
  const none = (): void => undefined;
  const sink = { output, error: none, pause: none, onceReady: none };
  const job = { request: encodeRequest(params), body: null, sink, departure: new Departure() };
  return new Promise((resolve) => connection.run(job, none, resolve));
}

describe('a connection to a program', () => {
  it('serves the next request when the end came with what was too much for the client', async () => {
    const output = encodeRecord(RecordType.stdout, REQUEST_ID, new Uint8Array(100));
    const answer = Buffer.concat([output, encodeEnd(REQUEST_ID)]);
    const connection = await programAnswering(answer);
    for (let n = 0; n < 3; n++)
      expect(await exchange(connection, () => false)).toStrictEqual({ kind: 'complete' });
  });
});
