import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import * as v8 from 'node:v8';
import * as vm from 'node:vm';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { evaluate } from '../../src/apache/request';
import { MODES, type RunnerOptions } from '../../src/runner';
import { sendRaw } from '../oracle/parity/rawClient';
import { ask, rawProgram, testSite, type TestSite } from './testSite';

const sites: TestSite[] = [];

async function serve(files: Record<string, string>, options: Partial<RunnerOptions> = {}): Promise<TestSite> {
  const site = await testSite(files, { developerPages: true, ...options });
  sites.push(site);
  return site;
}

afterEach(async () => {
  await Promise.all(sites.splice(0).map((site) => site.dispose()));
});

// RUNNER_SOAK asks for more of everything: 10000 requests, and 1 GB of errors, for the whole.
const SOAK = Number(process.env['RUNNER_SOAK'] ?? 600);
const MEGABYTES = SOAK >= 10_000 ? 1000 : 100;

/** A program that answers every request by Python code with the request in `connection`. */
function answering(code: string): string {
  return rawProgram(`connection = accept()
while True:
    ${code}
    request(connection)`);
}

const SEND_OK = 'sendall(record(OUT, b"Content-Type: text/plain\\n\\nok") + end())';
const OK = `connection.${SEND_OK}`;

describe('a program that', () => {
  it('becomes a daemon is told to have ended, and its child ends with the site', async () => {
    const site = await serve({
      'x.fcgi': rawProgram(
        'pid = os.fork()\nif pid:\n    print(pid, flush=True)\n    os._exit(0)\ntime.sleep(60)',
      ),
    });
    expect((await ask(site.runner, '/x.fcgi')).body).toContain('ended with exit code 0');
    const { text } = await site.waitFor('output');
    await expect.poll(() => isAlive(Number(text))).toBe(false);
  });

  it(`writes ${MEGABYTES} megabytes to its error output is answered, in bounded memory`, async () => {
    let length = 0;
    const site = await serve(
      {
        'x.fcgi': answering(
          `[sys.stderr.write("e" * 1000000) for _ in range(${MEGABYTES})]; sys.stderr.flush(); ${OK}`,
        ),
      },
      {
        requestTimeLimit: 110_000,
        onEvent: (event) => void (event.kind === 'output' && (length += event.text.length)),
      },
    );
    const before = process.memoryUsage().rss;
    expect((await ask(site.runner, '/x.fcgi')).body).toBe('ok');
    await expect.poll(() => length, { timeout: 60_000 }).toBe(MEGABYTES * 1_000_000);
    expect(process.memoryUsage().rss - before).toBeLessThan(150_000_000);
  }, 120_000);

  it('opens file descriptor 0 itself cannot be reached, and the request ends at its limit', async () => {
    const site = await serve(
      {
        'x.fcgi': rawProgram(
          'os.close(0); os.open("/dev/null", os.O_RDONLY); listener.close(); time.sleep(60)',
        ),
      },
      { requestTimeLimit: 800 },
    );
    const began = performance.now();
    expect((await ask(site.runner, '/x.fcgi')).status).toBe(500);
    expect(performance.now() - began).toBeLessThan(6000);
  });

  it('says who it is in more records than it needs, out of order, is understood', async () => {
    const program = answering(
      'connection.sendall(record(OUT, b"Content-Type: text/pl") + record(ERR, b"a") + record(OUT, b"ain\\n") + record(OUT, b"\\n") + record(ERR, b"b") + record(OUT, b"ok") + record(OUT) + record(ERR) + end())',
    );
    const site = await serve({ 'x.fcgi': program });
    expect(await ask(site.runner, '/x.fcgi')).toMatchObject({
      body: 'ok',
      headers: { 'content-type': 'text/plain' },
    });
  });

  it('codes its body in chunks by itself is understood; one that ends the connection ends it', async () => {
    const head = 'Content-Type: text/plain\\nContent-Length: 1\\nTransfer-Encoding: chunked\\n\\n';
    const site = await serve({
      'x.fcgi': answering(`connection.sendall(record(OUT, b"${head}3\\r\\nabc\\r\\n0\\r\\n\\r\\n") + end())`),
      'y.fcgi': answering('connection.sendall(record(OUT, b"Connection: close\\n\\nok") + end())'),
    });
    const { body, headers } = await ask(site.runner, '/x.fcgi');
    expect([body, headers['transfer-encoding'], headers['content-length']]).toEqual([
      'abc',
      'chunked',
      undefined,
    ]);
    const request = 'GET /y.fcgi HTTP/1.1\r\nHost: localhost\r\n\r\n';
    const answer = await sendRaw(site.runner.port, request.repeat(2));
    expect([answer.headers['connection'], answer.body]).toEqual(['close', 'ok']);
  });

  it('streams is passed on after a moment in the mode kind, and held in the mode faithful', async () => {
    const program = answering(
      'connection.sendall(record(OUT, b"Content-Type: text/plain\\n\\nfirst")); time.sleep(1.5); connection.sendall(record(OUT, b"second") + end())',
    );
    for (const [mode, isHeld] of [
      ['kind', false],
      ['faithful', true],
    ] as const) {
      const site = await serve({ 'x.fcgi': program }, { mode });
      const response = await fetch(`http://127.0.0.1:${site.runner.port}/x.fcgi`);
      const began = performance.now();
      expect(await response.text()).toBe('firstsecond');
      expect(performance.now() - began < 400).toBe(isHeld);
    }
  });
});

describe('a program that serves two requests', () => {
  // Who still reached the socket would be cut off, as with Apache: it is closed before the last answer.
  const LAST = `listener.close(); os.close(0); c.${SEND_OK}; c.close(); time.sleep(0.05); os._exit(`;
  const ON_TWO_CONNECTIONS = rawProgram(`c = accept()\nc.${SEND_OK}\nc.close()\nc = accept()\n${LAST}0)`);
  /** Has read the third one when it ends. */
  const onOneConnection = (code: number): string =>
    rawProgram(`c = accept()\nc.${SEND_OK}\nrequest(c)\nc.${SEND_OK}\nrequest(c)\nos._exit(${code})`);
  const statuses = async (site: TestSite, method: string): Promise<string> => {
    const body = method === 'POST' ? { body: 'x' } : {};
    const answers: number[] = [];
    for (let n = 0; n < 7; n++) answers.push((await ask(site.runner, '/x.fcgi', { method, ...body })).status);
    return answers.join(' ');
  };
  const ALL = '200 200 200 200 200 200 200';

  it.each(['kind', 'faithful', 'mod_fastcgi'] as const)(
    'and closes its socket is followed by another one, as with Apache (%s)',
    async (mode) => {
      const site = await serve({ 'x.fcgi': ON_TWO_CONNECTIONS }, { mode });
      expect([await statuses(site, 'GET'), await statuses(site, 'POST')]).toEqual([ALL, ALL]);
      expect(site.problems().filter((message) => !message.includes('spawn score'))).toEqual([]);
    },
  );

  it('and ends on the kept connection is followed by another one where it ends in good order', async () => {
    const site = await serve({ 'x.fcgi': onOneConnection(0) });
    expect(await statuses(site, 'GET')).toBe(ALL);
    expect(site.problems()).toEqual([]);
    const failing = await serve({ 'x.fcgi': onOneConnection(3) });
    expect(await statuses(failing, 'GET')).toContain('200 200 500');
    expect(failing.problems()[0]).toContain('ended with exit code 3 while it handled the request');
  });
});

describe('the mode mod_fastcgi', () => {
  it('keeps repeats apart, refuses chunked bodies, forgives a missing end, gives no PATH', async () => {
    expect(MODES.mod_fastcgi.timeLimit).toBe(30_000);
    const site = await serve(
      {
        'x.fcgi': answering(
          'connection.sendall(record(OUT, b"X-A: 1\\nX-A: 2\\nContent-Type: text/plain\\n\\n" + str(sorted(set(os.environ) - {"LC_CTYPE"})).encode()) + record(OUT)); connection.close(); connection = accept(); ' +
            OK +
            '; connection.close(); connection = accept()',
        ),
        'y.fcgi': rawProgram(
          'c = accept()\nc.sendall(record(OUT, b"Content-Type: text/plain\\n\\nwhole") + record(OUT))\ntime.sleep(30)',
        ),
      },
      { mode: 'mod_fastcgi', requestTimeLimit: 1000, environment: {} },
    );
    const chunked =
      'POST /x.fcgi HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n';
    expect((await sendRaw(site.runner.port, chunked)).statuses).toEqual(['HTTP/1.1 411 Length Required']);
    expect(await ask(site.runner, '/y.fcgi')).toMatchObject({ status: 200, body: 'whole' });
  });
});

describe('a body', () => {
  it('of fifty megabytes is streamed to the program, with its length', async () => {
    const program = rawProgram(`import zlib
c = listener.accept()[0]
total, crc = 0, 0
while True:
    _, kind, _, length, padding = struct.unpack('!BBHHBx', read(c, 8))
    content = read(c, length + padding)[:length]
    if kind == 5 and not length:
        break
    if kind == 5:
        total, crc = total + length, zlib.crc32(content, crc)
c.sendall(record(OUT, b'Content-Type: text/plain\\n\\n%d %d' % (total, crc)) + end())
time.sleep(9)`);
    const site = await serve({ 'x.fcgi': program });
    const body = Buffer.alloc(50_000_000, 'streamed ');
    const before = process.memoryUsage().rss;
    const answer = await ask(site.runner, '/x.fcgi', { method: 'POST', body });
    expect(answer.body).toMatch(/^50000000 \d+$/);
    expect(process.memoryUsage().rss - before).toBeLessThan(120_000_000);
  });

  it('that breaks off leaves the program free for others', async () => {
    const site = await serve({ 'x.fcgi': answering(OK) }, { maxProcesses: 1 });
    const head = 'POST /x.fcgi HTTP/1.1\r\nHost: localhost\r\nContent-Length: 900000\r\n\r\n';
    await sendRaw(site.runner.port, head + 'x'.repeat(100_000));
    expect((await ask(site.runner, '/x.fcgi')).body).toBe('ok');
  });
});

describe('a crash loop', () => {
  it('is told, shown and cleared', async () => {
    const site = await serve({ 'x.fcgi': '#!/bin/sh\nexit 1\n' });
    for (let n = 0; n < 3; n++) await ask(site.runner, '/x.fcgi');
    const paused = await site.waitFor('paused');
    expect(paused).toMatchObject({ failures: 3, message: expect.stringContaining('exit code 1') });
    expect(paused.until).toBeGreaterThan(Date.now() - 2000);
    const [state] = site.runner.dispatchers();
    expect(state).toMatchObject({ dispatcher: expect.stringMatching(/x\.fcgi$/), pause: { failures: 3 } });
    site.runner.clearPauses(state?.dispatcher);
    await site.waitFor('resumed');
    expect(site.runner.dispatchers()).toMatchObject([{ pause: null }]);
    const before = site.events.filter(({ kind }) => kind === 'started').length;
    await ask(site.runner, '/x.fcgi');
    expect(site.events.filter(({ kind }) => kind === 'started').length).toBe(before + 1);
  });
});

describe('a site', () => {
  afterEach(() => vi.unstubAllEnvs());

  it.each(['two words', `it's "quoted" $HOME`, 'größe ü', 'a&b;c', '-rf', 'n'.repeat(200)])(
    'in a folder named %s is served',
    async (name) => {
      const files = { [`${name}/x.fcgi`]: answering(OK), [`${name}/a.txt`]: 'text' };
      const site = await serve(files, { evaluate });
      const address = `/${encodeURIComponent(name)}`;
      expect((await ask(site.runner, `${address}/x.fcgi`)).body).toBe('ok');
      expect((await ask(site.runner, `${address}/a.txt`)).body).toBe('text');
    },
  );

  it('runs its programs where the path of the temporary folder is too long for a socket', async () => {
    const long = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'long-')), 't'.repeat(120));
    fs.mkdirSync(long);
    vi.stubEnv('TMPDIR', long);
    const site = await serve({ 'x.fcgi': answering(OK) });
    expect((await ask(site.runner, '/x.fcgi')).body).toBe('ok');
    fs.rmSync(path.dirname(long), { recursive: true });
  });

  it.each([
    '/../secret.txt',
    '/%2e%2e/secret.txt',
    '/a/../../secret.txt',
    '/..%2fsecret.txt',
    '/a/%2e%2e%2f../secret.txt',
  ])('gives nothing from outside for %s', async (target) => {
    const site = await serve({ 'a/b.txt': 'b' }, { evaluate });
    fs.writeFileSync(path.join(path.dirname(site.folder), 'secret.txt'), 'SECRET');
    const answer = await sendRaw(site.runner.port, `GET ${target} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
    fs.rmSync(path.join(path.dirname(site.folder), 'secret.txt'));
    expect(answer.statuses).toEqual([expect.stringMatching(/ 40[04] /)]);
    expect(answer.body).not.toContain('SECRET');
  });
});

describe('many requests with crashes', () => {
  it(`leave nothing behind: ${SOAK}, one in a hundred a crash`, async () => {
    const program = rawProgram(`import re
connection = listener.accept()[0]
while True:
    crash = False
    while True:
        _, kind, _, length, padding = struct.unpack('!BBHHBx', read(connection, 8))
        content = read(connection, length + padding)[:length]
        crash = crash or (kind == 4 and b'crash' in content)
        if kind == 5 and not length:
            break
    if crash:
        os._exit(1)
    connection.sendall(record(OUT, b'Content-Type: text/plain\\n\\nok') + end())`);
    const counts = { ok: 0, failed: 0 };
    // A first site opens for good what Node keeps for its own.
    await (await testSite({ 'x.fcgi': program })).dispose();
    const idle = resources();
    const site = await serve({ 'x.fcgi': program }, { maxProcesses: 4, onEvent: () => undefined });
    const run = async (first: number): Promise<void> => {
      for (let n = first; n < SOAK; n += 8) {
        const answer = await ask(site.runner, n % 100 === 50 ? '/x.fcgi/crash' : '/x.fcgi/fine');
        if (answer.body === 'ok') counts.ok++;
        else counts.failed++;
      }
    };
    await run(SOAK - 8);
    const before = resources();
    await Promise.all(Array.from({ length: 8 }, (_, n) => run(n)));
    const after = resources();
    process.stdout.write(`before ${JSON.stringify(before)}, after ${JSON.stringify(after)}\n`);
    expect(after.heap - before.heap).toBeLessThan(20_000_000);
    expect(after.resident - before.resident).toBeLessThan(100_000_000);
    // Each process has a connection and two pipes; four may live where one did before.
    expect(after.descriptors - before.descriptors).toBeLessThanOrEqual(4 * 3 + 4);
    expect(after.sockets - before.sockets).toBeLessThanOrEqual(4 * 3 + 4);
    expect(counts.failed).toBeGreaterThanOrEqual(Math.floor(SOAK / 100));
    expect(counts.failed).toBeLessThanOrEqual(Math.ceil(SOAK / 100) + 1);
    expect(site.runner.processes().length).toBeLessThanOrEqual(4);
    const pids = site.runner.processes().map(({ pid }) => pid);
    await site.dispose();
    sites.length = 0;
    await expect.poll(() => resources().sockets).toBeLessThanOrEqual(idle.sockets);
    expect(resources().descriptors).toBeLessThanOrEqual(idle.descriptors);
    expect(pids.filter(isAlive)).toEqual([]);
    expect(children()).toEqual([]);
  }, 400_000);
});

v8.setFlagsFromString('--expose-gc');
const collectGarbage = vm.runInNewContext('gc') as () => void;

/** What this process holds: bytes, and open descriptors by kind. */
function resources(): { heap: number; resident: number; descriptors: number; sockets: number } {
  collectGarbage();
  const { heapUsed: heap, rss: resident } = process.memoryUsage();
  const open = fs.readdirSync('/proc/self/fd').flatMap((name) => {
    try {
      return [fs.readlinkSync(`/proc/self/fd/${name}`)];
    } catch {
      return [];
    }
  });
  const sockets = open.filter((one) => one.startsWith('socket:')).length;
  return { heap, resident, descriptors: open.length, sockets };
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !/^State:\s+Z/m.test(fs.readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

function children(): string[] {
  const table = execFileSync('ps', ['-e', '-o', 'ppid=,args='], { encoding: 'utf8' });
  return table
    .split('\n')
    .filter((line) => line.trim().startsWith(`${process.pid} `) && line.includes('.fcgi'));
}
