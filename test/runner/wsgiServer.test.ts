import { spawn } from 'node:child_process';
import * as fs from 'node:fs';
import * as net from 'node:net';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import {
  encodeAbort,
  encodeBegin,
  encodeNameValues,
  encodeRecord,
  encodeRequest,
  encodeStream,
  decodeNameValues,
  RecordDecoder,
  RecordType,
  type FastCgiRecord,
  type NameValue,
} from '../../src/fastcgi';
import { launch } from '../../src/runner/launch';
import { byteStringOf, bytesOf } from '../../src/text/bytes';

const FCGI_PY = new URL('../sites/classic/project/fcgi.py', import.meta.url).pathname;
const EMPTY = new Uint8Array(0);

/** The least that WSGI asks of a server, as wsgiref.validate wants it. */
const PARAMS: readonly NameValue[] = [
  ['REQUEST_METHOD', 'GET'],
  ['SCRIPT_NAME', '/x.fcgi'],
  ['PATH_INFO', '/a'],
  ['SERVER_NAME', 'localhost'],
  ['SERVER_PORT', '80'],
  ['SERVER_PROTOCOL', 'HTTP/1.1'],
];

const VALIDATED = `
from wsgiref.validate import validator
def simple(environ, start_response):
    body = environ['wsgi.input'].read(int(environ.get('CONTENT_LENGTH') or 0))
    environ['wsgi.errors'].write('caf\\u00e9\\n')
    environ['wsgi.errors'].flush()
    start_response('200 OK', [('Content-Type', 'text/plain')])
    return [b'got %d' % len(body), b' bytes']
application = validator(simple)
`;

const cleanups: (() => void)[] = [];
afterEach(() => cleanups.splice(0).forEach((clean) => clean()));

function writeProgram(application: string, run: string): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'wsgi-'));
  cleanups.push(() => fs.rmSync(folder, { recursive: true, force: true }));
  fs.copyFileSync(FCGI_PY, path.join(folder, 'fcgi.py'));
  const file = path.join(folder, 'x.fcgi');
  fs.writeFileSync(file, `#!/usr/bin/env python3\nfrom fcgi import WSGIServer\n${application}\n${run}\n`, {
    mode: 0o755,
  });
  return file;
}

/** A raw FastCGI connection to a server of fcgi.py. */
class Peer {
  readonly records: FastCgiRecord[] = [];
  readonly #decoder = new RecordDecoder();
  readonly #socket: net.Socket;
  closed = false;

  constructor(socket: net.Socket) {
    this.#socket = socket;
    socket.on('error', () => undefined).on('close', () => (this.closed = true));
    socket.on('data', (chunk: Buffer) => this.records.push(...this.#decoder.push(chunk)));
  }

  send(...records: readonly Uint8Array[]): void {
    this.#socket.write(Buffer.concat(records));
  }

  /** Waits until so many END_REQUESTs have come. */
  async ended(count: number): Promise<void> {
    await until(() => this.records.filter(({ type }) => type === RecordType.endRequest).length >= count);
  }

  text(type: number): string {
    return this.records
      .filter((record) => record.type === type)
      .map(({ content }) => byteStringOf(content))
      .join('');
  }

  destroy(): void {
    this.#socket.destroy();
  }
}

async function until(isSo: () => boolean): Promise<void> {
  for (let tries = 0; tries < 500 && !isSo(); tries++)
    await new Promise((resolve) => setTimeout(resolve, 10));
  expect(isSo()).toBe(true);
}

async function connect(
  application = VALIDATED,
  { run = 'WSGIServer(application).run()', useLauncher = false } = {},
): Promise<{ peer: Peer; again: () => Peer }> {
  const file = writeProgram(application, run);
  const environment = { PATH: process.env['PATH'] ?? '' };
  const options = { file, environment, socketFolder: path.dirname(file), socketName: 's', useLauncher };
  const { child, socketPath } = await launch(options);
  cleanups.push(() => child.kill('SIGKILL'));
  child.stderr?.on('data', () => undefined);
  await until(() => fs.existsSync(socketPath));
  const again = (): Peer => {
    const peer = new Peer(net.connect(socketPath));
    cleanups.push(() => peer.destroy());
    return peer;
  };
  return { peer: again(), again };
}

function request(params: readonly NameValue[] = PARAMS, body = '', keepConnection = true): Uint8Array {
  const length: NameValue = ['CONTENT_LENGTH', String(body.length)];
  return encodeRequest({ requestId: 1, keepConnection, params: [...params, length], body: bytesOf(body) });
}

describe('fcgi.py under a FastCGI server', () => {
  it.each([false, true])(
    'passes the validator and keeps its connection (launcher: %s)',
    async (useLauncher) => {
      const { peer } = await connect(VALIDATED, { useLauncher });
      for (let count = 1; count <= 3; count++) {
        peer.send(request(PARAMS, 'x'.repeat(70_000)));
        await peer.ended(count);
      }
      const page = 'Status: 200 OK\r\nContent-Type: text/plain\r\n\r\ngot 70000 bytes';
      expect(peer.text(RecordType.stdout)).toBe(page.repeat(3));
      expect(peer.text(RecordType.stderr)).toBe('caf\u00c3\u00a9\n'.repeat(3));
      expect(peer.closed).toBe(false);
    },
  );

  it('reads a request in one-byte pieces with padding, and closes when asked', async () => {
    const { peer } = await connect();
    for (const byte of request(PARAMS, 'abc', false)) peer.send(Uint8Array.of(byte));
    await peer.ended(1);
    expect(peer.text(RecordType.stdout)).toContain('got 3 bytes');
    await until(() => peer.closed);
  });

  it('takes variables of more than one record', async () => {
    const { peer } = await connect(`
def application(environ, start_response):
    start_response('200 OK', [])
    return [str(len(environ['LONG'])).encode(), environ['LATIN'].encode('latin-1')]`);
    peer.send(request([...PARAMS, ['LONG', 'x'.repeat(200_000)], ['LATIN', '\u00e4']]));
    await peer.ended(1);
    expect(peer.text(RecordType.stdout)).toMatch(/\r\n\r\n200000\u00e4$/);
  });

  it('ends an aborted request and goes on with the next', async () => {
    const { peer } = await connect();
    peer.send(encodeBegin(1, true), encodeAbort(1));
    await peer.ended(1);
    expect(peer.records.map(({ type }) => type)).toEqual([RecordType.endRequest]);
    peer.send(request());
    await peer.ended(2);
    expect(peer.text(RecordType.stdout)).toContain('got 0 bytes');
  });

  it('answers management records and refuses what it cannot do', async () => {
    const { peer } = await connect();
    const names: readonly NameValue[] = [
      ['FCGI_MPXS_CONNS', ''],
      ['FCGI_MAX_REQS', ''],
      ['OTHER', ''],
    ];
    peer.send(encodeRecord(RecordType.getValues, 0, encodeNameValues(names)), encodeRecord(77, 0, EMPTY));
    const filter = encodeBegin(4, true);
    filter[9] = 3;
    peer.send(
      filter,
      encodeBegin(1, true),
      encodeBegin(2, true),
      encodeRecord(55, 1, EMPTY),
      encodeStream(RecordType.stdin, 9, EMPTY),
    );
    peer.send(
      encodeStream(RecordType.params, 1, encodeNameValues(PARAMS)),
      encodeStream(RecordType.stdin, 1, EMPTY),
    );
    await peer.ended(3);
    const [values, unknown, role, multiplex] = peer.records;
    expect(values).toMatchObject({ type: RecordType.getValuesResult, requestId: 0 });
    expect(decodeNameValues(values?.content ?? EMPTY)).toEqual([
      ['FCGI_MPXS_CONNS', '0'],
      ['FCGI_MAX_REQS', '1'],
    ]);
    expect(unknown).toMatchObject({
      type: RecordType.unknownType,
      content: Uint8Array.of(77, 0, 0, 0, 0, 0, 0, 0),
    });
    expect([role?.requestId, role?.content[4]]).toEqual([4, 3]);
    expect([multiplex?.requestId, multiplex?.content[4]]).toEqual([2, 1]);
    expect(peer.text(RecordType.stdout)).toContain('got 0 bytes');
  });

  it('survives a connection that ends in the middle, and garbage', async () => {
    const { peer, again } = await connect();
    peer.send(request().subarray(0, 30));
    peer.destroy();
    const garbage = again();
    garbage.send(bytesOf('GET / HTTP/1.1\r\n\r\n'));
    await until(() => garbage.closed);
    const good = again();
    good.send(request());
    await good.ended(1);
    expect(good.text(RecordType.stdout)).toContain('200 OK');
  });

  const failing = `
def application(environ, start_response):
    raise RuntimeError('secret')`;

  it('hides a traceback from visitors and logs it', async () => {
    const { peer } = await connect(failing);
    peer.send(request());
    await peer.ended(1);
    expect(peer.text(RecordType.stdout)).toMatch(/^Status: 500 /);
    expect(peer.text(RecordType.stdout)).not.toContain('secret');
    expect(peer.text(RecordType.stderr)).toContain('RuntimeError: secret');
  });

  it('shows it with debug=True', async () => {
    const { peer } = await connect(failing, { run: 'WSGIServer(application, debug=True).run()' });
    peer.send(request());
    await peer.ended(1);
    expect(peer.text(RecordType.stdout)).toContain('RuntimeError: secret');
  });

  it('sends what an iterator yields before a failure, and ends the request', async () => {
    const { peer } = await connect(`
def application(environ, start_response):
    start_response('200 OK', [('Content-Type', 'text/plain')])
    yield b'first'
    yield b'x' * 200000
    raise RuntimeError('late')`);
    peer.send(request());
    await peer.ended(1);
    expect(peer.text(RecordType.stdout)).toMatch(/\r\n\r\nfirstx{200000}$/);
    expect(peer.text(RecordType.stderr)).toContain('RuntimeError: late');
  });
});

describe('fcgi.py started from a shell', () => {
  function start(
    args: readonly string[],
    environment: Record<string, string>,
    input = '',
  ): Promise<[string, string]> {
    const file = writeProgram(VALIDATED, 'WSGIServer(application).run()');
    const env = { PATH: process.env['PATH'] ?? '', ...environment };
    const child = spawn(file, args, { env, stdio: 'pipe' });
    child.stdin.end(input);
    return Promise.all([child.stdout, child.stderr].map(readAll)) as Promise<[string, string]>;
  }

  async function readAll(stream: NodeJS.ReadableStream): Promise<string> {
    const parts: Buffer[] = [];
    for await (const part of stream) parts.push(Buffer.from(part));
    return Buffer.concat(parts).toString();
  }

  it('prints one page and says how it was started', async () => {
    const [output, errors] = await start(['/a%20b?x=1'], {});
    expect(output).toBe('Status: 200 OK\r\nContent-Type: text/plain\r\n\r\ngot 0 bytes');
    expect(errors).toContain('started from a shell, not by a FastCGI server: printing one page, /a b');
  });

  it('answers as a CGI program with a body', async () => {
    const cgi = {
      ...Object.fromEntries(PARAMS),
      GATEWAY_INTERFACE: 'CGI/1.1',
      REQUEST_METHOD: 'POST',
      CONTENT_LENGTH: '4',
    };
    const [output, errors] = await start([], cgi, 'abcd');
    expect(output).toContain('got 4 bytes');
    expect(errors).toBe('caf\u00e9\n');
  });
});
