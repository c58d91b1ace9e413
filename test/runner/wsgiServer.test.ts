import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
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
import { ownCommand } from '../../src/runner/programs';
import { byteStringOf, bytesOf } from '../../src/text/bytes';

const FCGI_PY = new URL('../../media/templates/shared/fcgi.py', import.meta.url).pathname;
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

/** The launcher's socket has a name a moment before it listens. */
async function listening(socketPath: string): Promise<void> {
  for (let tries = 0; tries < 500; tries++) {
    const socket = net.connect(socketPath);
    const connected = await once(socket, 'connect').then(
      () => true,
      () => false,
    );
    socket.destroy();
    if (connected) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

interface Started {
  /** The first connection. */
  readonly peer: Peer;
  /** One more connection. */
  readonly again: () => Peer;
  /** The dispatcher; its modules lie beside it. */
  readonly file: string;
  readonly child: ChildProcess;
  /** Code or signal of the end. */
  readonly exit: Promise<number | string | null>;
}

async function connect(
  application = VALIDATED,
  { run = 'WSGIServer(application).run()', useLauncher = false } = {},
): Promise<Started> {
  const file = writeProgram(application, run);
  const environment = { PATH: process.env['PATH'] ?? '' };
  const plan = { plan: { kind: 'launcher' as const } };
  const { child, address } = await launch({
    command: ownCommand(file),
    environment,
    socketFolder: path.dirname(file),
    socketName: 's',
    ...(useLauncher ? plan : {}),
  });
  const socketPath = 'path' in address ? address.path : '';
  const exit = new Promise<number | string | null>((resolve) =>
    child.once('exit', (code, signal) => resolve(signal ?? code)),
  );
  cleanups.push(() => child.kill('SIGKILL'));
  child.stderr?.on('data', () => undefined);
  await listening(socketPath);
  const again = (): Peer => {
    const peer = new Peer(net.connect(socketPath));
    cleanups.push(() => peer.destroy());
    return peer;
  };
  return { peer: again(), again, file, child, exit };
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

  it.each([
    ['a list in one piece', "return [b'one', b'two']", ['onetwo']],
    ['each piece of an iterator at once', "return iter([b'one', b'two'])", ['one', 'two']],
    ['what write() is given at once', "write(b'one')\n    return [b'two']", ['one', 'two']],
  ])('sends %s', async (_what, statement, pieces) => {
    const { peer } = await connect(`
def application(environ, start_response):
    write = start_response('200 OK', [])
    ${statement}`);
    peer.send(request());
    await peer.ended(1);
    const sent = peer.records.filter(({ type }) => type === RecordType.stdout);
    const texts = sent.map(({ content }) => byteStringOf(content).replace(/^Status.*\r\n\r\n/s, ''));
    expect(texts).toEqual([...pieces, '']);
  });

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
    expect(unknown?.type).toBe(RecordType.unknownType);
    expect([...(unknown?.content ?? EMPTY)]).toEqual([77, 0, 0, 0, 0, 0, 0, 0]);
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

describe('fcgi.py with records as the specification allows them', () => {
  const echo = `
def application(environ, start_response):
    body = environ['wsgi.input'].read()
    start_response('200 OK', [('Content-Type', 'text/plain')])
    return [repr((len(body), body[-3:], sorted(k for k in environ if k.startswith('X')))).encode()]`;

  it('takes a stream in records of one byte, with padding, and an empty value', async () => {
    const { peer } = await connect(echo);
    const params = encodeNameValues([...PARAMS, ['X', ''], ['XL', 'v'.repeat(128)]]);
    peer.send(encodeBegin(1, true));
    for (const byte of params) peer.send(encodeRecord(RecordType.params, 1, Uint8Array.of(byte)));
    peer.send(encodeRecord(RecordType.params, 1, EMPTY));
    for (const byte of bytesOf('abc')) peer.send(encodeRecord(RecordType.stdin, 1, Uint8Array.of(byte)));
    peer.send(encodeRecord(RecordType.stdin, 1, EMPTY));
    await peer.ended(1);
    expect(peer.text(RecordType.stdout)).toMatch(/\(3, b'abc', \['X', 'XL'\]\)$/);
  });

  it('takes a request without a single variable', async () => {
    const { peer } = await connect(echo);
    peer.send(encodeBegin(1, true), encodeRecord(RecordType.params, 1, EMPTY));
    peer.send(encodeRecord(RecordType.stdin, 1, EMPTY));
    await peer.ended(1);
    expect(peer.text(RecordType.stdout)).toMatch(/^Status: 200 OK\r\n.*\(0, b'', \[\]\)$/s);
  });

  it('keeps a long body outside the memory', async () => {
    const { peer } = await connect(echo);
    peer.send(request(PARAMS, `${'x'.repeat(3_000_000)}end`));
    await peer.ended(1);
    expect(peer.text(RecordType.stdout)).toMatch(/\(3000003, b'end', \[\]\)$/);
  });

  it('closes on another version and on a record that is too short, and goes on', async () => {
    const { peer, again } = await connect(echo);
    peer.destroy();
    const old = again();
    const record = encodeBegin(1, true);
    record[0] = 2;
    old.send(record);
    await until(() => old.closed);
    const short = again();
    short.send(encodeRecord(RecordType.beginRequest, 1, Uint8Array.of(0)));
    await until(() => short.closed);
    const good = again();
    good.send(request());
    await good.ended(1);
  });

  it('answers the request that has the number, and no other', async () => {
    const { peer } = await connect(echo);
    const sent = encodeRequest({ requestId: 300, keepConnection: true, params: PARAMS, body: bytesOf('q') });
    peer.send(encodeStream(RecordType.stdin, 7, bytesOf('stray')), sent);
    await peer.ended(1);
    expect(new Set(peer.records.map(({ requestId }) => requestId))).toEqual(new Set([300]));
  });
});

describe('the life of a process of fcgi.py', () => {
  const plain = `
import os
def application(environ, start_response):
    print('printed', environ['PATH_INFO'])
    start_response('200 OK', [('Content-Type', 'text/plain')])
    return [str(os.getpid()).encode()]`;

  it('sends what the application prints to the error log', async () => {
    const { peer } = await connect(plain);
    peer.send(request());
    await peer.ended(1);
    expect(peer.text(RecordType.stderr)).toBe('printed /a\n');
  });

  it('ends after one more request when it was touched, with status 0', async () => {
    const { peer, file, exit } = await connect(plain);
    peer.send(request());
    await peer.ended(1);
    const later = new Date(Date.now() + 5000);
    fs.utimesSync(file, later, later);
    peer.send(request());
    await peer.ended(2);
    expect(await exit).toBe(0);
  });

  it('stays when it was touched and reload=False', async () => {
    const { peer, file, child } = await connect(plain, {
      run: 'WSGIServer(application, reload=False).run()',
    });
    fs.utimesSync(file, 5, 5);
    for (const count of [1, 2]) {
      peer.send(request());
      await peer.ended(count);
    }
    expect(child.exitCode).toBeNull();
  });

  it('ends at once and with status 0 on SIGTERM when it waits', async () => {
    const { peer, child, exit } = await connect(plain);
    peer.send(request());
    await peer.ended(1);
    child.kill('SIGTERM');
    expect(await exit).toBe(0);
  });

  const slow = `
import time
def application(environ, start_response):
    environ['wsgi.errors'].write('begun\\n')
    time.sleep(0.6)
    start_response('200 OK', [('Content-Type', 'text/plain')])
    return [b'done']`;

  it('finishes its request before it ends on SIGTERM', async () => {
    const { peer, child, exit } = await connect(slow);
    peer.send(request());
    await until(() => peer.text(RecordType.stderr) === 'begun\n');
    child.kill('SIGTERM');
    await peer.ended(1);
    expect(peer.text(RecordType.stdout)).toMatch(/done$/);
    expect(await exit).toBe(0);
  });

  /** Answers only while another request is being answered, or after a while without one; says which. */
  const meeting = `
import os, time
def application(environ, start_response):
    os.mkdir(environ['PATH_INFO'][1:])
    for n in range(int(environ['QUERY_STRING'])):
        if os.path.isdir('a') and os.path.isdir('b'):
            break
        time.sleep(0.01)
    met = os.path.isdir('a') and os.path.isdir('b')
    os.rmdir(environ['PATH_INFO'][1:]) if not met else None
    start_response('200 OK', [('Content-Type', 'text/plain')])
    return [b'together' if met else b'alone']`;

  it.each([
    ['one after the other', 'WSGIServer(application).run()', 50, 'alone'],
    ['at the same time with threads', 'WSGIServer(application, threads=3).run()', 1000, 'together'],
  ])('answers two connections %s', async (_, run, tries, how) => {
    const { peer, again } = await connect(meeting, { run });
    const other = again();
    for (const [one, path] of [
      [peer, '/a'],
      [other, '/b'],
    ] as const) {
      const params = PARAMS.filter(([name]) => name !== 'PATH_INFO');
      one.send(request([...params, ['PATH_INFO', path], ['QUERY_STRING', String(tries)]], '', false));
    }
    await Promise.all([peer.ended(1), other.ended(1)]);
    for (const one of [peer, other]) expect(one.text(RecordType.stdout)).toMatch(new RegExp(`${how}$`));
  });

  it('with threads ends on SIGTERM, and after it was touched', async () => {
    const run = 'WSGIServer(application, threads=3).run()';
    const one = await connect(slow, { run });
    one.peer.send(request());
    await one.peer.ended(1);
    one.child.kill('SIGTERM');
    expect(await one.exit).toBe(0);
    const other = await connect(slow, { run });
    other.peer.send(request());
    await other.peer.ended(1);
    fs.utimesSync(other.file, 5, 5);
    other.peer.send(request());
    await other.peer.ended(2);
    expect(await other.exit).toBe(0);
  });

  it('shows an error page for a module that cannot be imported, and the page once it can', async () => {
    const { peer, file, child } = await connect('', { run: "WSGIServer('later:page').run()" });
    peer.send(request());
    await peer.ended(1);
    expect(peer.text(RecordType.stdout)).toMatch(/^Status: 500 .*<h1>This page has failed<\/h1>/s);
    expect(peer.text(RecordType.stderr)).toContain("ModuleNotFoundError: No module named 'later'");
    fs.writeFileSync(
      path.join(path.dirname(file), 'later.py'),
      "def page(environ, start_response):\n    start_response('200 OK', [])\n    return [b'there']\n",
    );
    peer.send(request());
    await peer.ended(2);
    expect(peer.text(RecordType.stdout)).toMatch(/there$/);
    expect(child.exitCode).toBeNull();
  });

  it('sends its own error page', async () => {
    const { peer } = await connect('def application(environ, start_response):\n    raise KeyError(1)', {
      run: "WSGIServer(application, error_page=b'<p>Sorry').run()",
    });
    peer.send(request());
    await peer.ended(1);
    expect(peer.text(RecordType.stdout)).toMatch(/\r\n\r\n<p>Sorry$/);
  });
});

describe('fcgi.py', () => {
  it.each([6, 7, 8, 9, 10, 11, 12, 13, 14])('has the syntax of Python 3.%i', (minor) => {
    const script =
      'import ast, sys\nast.parse(open(sys.argv[1]).read(), feature_version=(3, int(sys.argv[2])))';
    const { status, stderr } = spawnSync('python3', ['-c', script, FCGI_PY, String(minor)]);
    expect([status, stderr.toString()]).toEqual([0, '']);
  });

  it('is the same file in the sample site', () => {
    const copy = new URL('../sites/classic/project/fcgi.py', import.meta.url);
    expect(fs.readFileSync(copy, 'utf8')).toBe(fs.readFileSync(FCGI_PY, 'utf8'));
  });

  it('hides the dispatcher in the addresses that a framework makes', async () => {
    const { peer } = await connect(`
from fcgi import clean_urls
from wsgiref.util import application_uri
@clean_urls
def application(environ, start_response):
    start_response('200 OK', [])
    return [(application_uri(environ) + environ['PATH_INFO']).encode()]`);
    peer.send(request([...PARAMS.slice(0, 1), ['SCRIPT_NAME', '/project/x.fcgi'], ...PARAMS.slice(3)]));
    await peer.ended(1);
    expect(peer.text(RecordType.stdout)).toMatch(/http:\/\/localhost\/project\/$/);
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
