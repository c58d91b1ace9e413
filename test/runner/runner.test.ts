import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as net from 'node:net';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { evaluate } from '../../src/apache/request';
import type { RunnerOptions } from '../../src/runner';
import { RunnerError, startRunner } from '../../src/runner';
import { classicEvaluator } from './classicEvaluator';
import { ask, rawProgram, testSite, type TestSite } from './testSite';

const CLASSIC = new URL('../sites/classic', import.meta.url).pathname;
const sites: TestSite[] = [];

async function serve(files: Record<string, string>, options: Partial<RunnerOptions> = {}): Promise<TestSite> {
  const site = await testSite(files, options);
  sites.push(site);
  return site;
}

/** The sample site, copied, so that nothing is written into the repository. */
function classic(): Record<string, string> {
  const names = [
    'index.html',
    'project/dispatch.fcgi',
    'project/app.py',
    'project/fcgi.py',
    'project/static/site.css',
  ];
  return Object.fromEntries(names.map((name) => [name, fs.readFileSync(path.join(CLASSIC, name), 'utf8')]));
}

/** A program that answers every request with one text, by Python code with the request in `connection`. */
function answering(code: string): string {
  return rawProgram(`connection = accept()
while True:
    ${code}
    request(connection)`);
}

/** A program that sends this output to every request. */
function printing(output: string): string {
  return answering(`connection.sendall(record(OUT, ${JSON.stringify(output)}.encode('latin-1')) + end())`);
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !/^State:\s+Z/m.test(fs.readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

/** Node closes the handle of an ended process a little after its exit event. */
function settled(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 100));
}

function descendants(): string[] {
  const table = execFileSync('ps', ['-e', '-o', 'ppid=,args='], { encoding: 'utf8' });
  return table
    .split('\n')
    .filter((line) => line.trim().startsWith(`${process.pid} `) && line.includes('.fcgi'));
}

afterEach(async () => {
  await Promise.all(sites.splice(0).map((site) => site.dispose()));
});

describe('the sample site', () => {
  it('answers pages, forms and static files', async () => {
    const { runner } = await serve(classic());
    expect(await ask(runner, '/')).toMatchObject({ status: 200, headers: { 'content-type': 'text/html' } });
    expect((await ask(runner, '/project/')).body).toContain('It works');
    expect((await ask(runner, '/project/hello/J%C3%BCrgen?x=1')).body).toContain('Hello, J\u00c3\u00bcrgen!');
    expect(await ask(runner, '/project/nothing')).toMatchObject({ status: 404 });
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    const posted = await ask(runner, '/project/form', { method: 'POST', headers: form, body: 'text=a%26b' });
    expect(posted.body).toContain('<q>a&amp;b</q> (3 characters)');
    const chunked = { ...form, 'transfer-encoding': 'chunked' };
    expect(
      (await ask(runner, '/project/form', { method: 'POST', headers: chunked, body: 'text=x' })).body,
    ).toContain('<q>x</q>');
    expect(await ask(runner, '/project/static/site.css')).toMatchObject({
      headers: { 'content-type': 'text/css' },
    });
    expect(runner.processes()).toMatchObject([{ busy: false, answered: 5 }]);
  });

  it('sends HEAD without a body', async () => {
    const { runner } = await serve(classic());
    const head = await ask(runner, '/project/', { method: 'HEAD' });
    expect(head).toMatchObject({ status: 200, body: '' });
    expect(Number(head.headers['content-length'])).toBeGreaterThan(100);
    expect((await ask(runner, '/project/')).status).toBe(200);
  });

  it('shows no traceback to visitors and tells it as output', async () => {
    const site = await serve(classic());
    const answer = await ask(site.runner, '/project/error');
    expect(answer).toMatchObject({ status: 500 });
    expect(answer.body).not.toContain('RuntimeError');
    const told = site.events.flatMap((event) =>
      event.kind === 'output' && event.stream === 'stderr' ? [event.text] : [],
    );
    expect(told.join('')).toContain('RuntimeError: This page always fails');
    expect(site.events.at(-1)).toMatchObject({
      kind: 'request',
      status: 500,
      method: 'GET',
      target: '/project/error',
    });
  });

  it('answers many requests at once with at most the allowed processes', async () => {
    const { runner } = await serve(classic(), { maxProcesses: 2 });
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, n) => ask(runner, `/project/hello/${n}`)),
    );
    answers.forEach((answer, n) => expect(answer.body).toContain(`Hello, ${n}!`));
    const processes = runner.processes();
    expect(processes.length).toBeLessThanOrEqual(2);
    expect(processes.reduce((sum, one) => sum + one.answered, 0)).toBe(40);
  });
});

describe('what a program finds', () => {
  const dump = answering(
    `import json; data = json.dumps([dict(os.environ), os.getcwd(), sys.argv, os.getpgrp() == os.getpid()]); connection.sendall(record(OUT, ('\\n' + data).encode()) + end())`,
  );

  it('is PATH and what was asked for, its own folder, its path, and a group of its own', async () => {
    const site = await serve(
      { 'sub/env.fcgi': dump },
      { environment: { FOO: 'bar', PATH: '/usr/bin:/bin' } },
    );
    const [variables, folder, args, leads] = JSON.parse((await ask(site.runner, '/sub/env.fcgi')).body);
    // LC_CTYPE is Python's own doing (PEP 538).
    expect(
      Object.keys(variables)
        .filter((name) => name !== 'LC_CTYPE')
        .sort(),
    ).toEqual(['FOO', 'PATH']);
    const real = fs.realpathSync(path.join(site.folder, 'sub'));
    expect([folder, args[0], leads]).toEqual([real, path.join(site.folder, 'sub/env.fcgi'), true]);
  });
});

describe('a program that fails', () => {
  const cases: readonly (readonly [string, string, readonly string[]])[] = [
    [
      'ends at start',
      '#!/usr/bin/env python3\nimport sys\nsys.stderr.write("no such module\\n")\nsys.exit(3)\n',
      ['exit code 3', 'no such module'],
    ],
    [
      'is a plain CGI program',
      '#!/bin/sh\necho "Content-Type: text/plain"\necho\necho hello\n',
      ['exit code 0', 'plain CGI program'],
    ],
    ['is killed', rawProgram('accept()\nos.kill(os.getpid(), 9)'), ['killed by SIGKILL']],
    [
      'prints garbage into the protocol',
      answering('connection.sendall(b"HTTP/1.1 200 OK"); time.sleep(9)'),
      ['does not speak FastCGI', 'byte 72'],
    ],
    ['refuses', answering('connection.sendall(record(END, bytes([0,0,0,0,2,0,0,0])))'), ['overloaded']],
    [
      'prints nothing',
      answering('connection.sendall(end())'),
      ['End of script output before headers: x.fcgi'],
    ],
    [
      'prints no header',
      printing('<h1>Hello</h1>\n'),
      ['malformed header from script &#39;x.fcgi&#39;: Bad header: &lt;h1&gt;Hello'.replaceAll('&#39;', "'")],
    ],
    [
      'does not end its headers',
      printing('Content-Type: text/html\n'),
      ['Premature end of script headers: x.fcgi'],
    ],
    [
      'dies after a small part',
      rawProgram(
        'c = accept()\nc.sendall(record(ERR, b"half way") + record(OUT, b"A: b\\n\\npart"))\ntime.sleep(0.1)\nos._exit(1)',
      ),
      ['exit code 1', 'half way'],
    ],
    ['closes the connection', answering('connection.close(); time.sleep(9)'), ['closed the connection']],
    ['has no shebang', 'print("x")\n', ['#! line']],
    ['has CRLF', '#!/usr/bin/env python3\r\nprint("x")\r\n', ['CRLF', 'python3\\r']],
    ['has a BOM', '\ufeff#!/usr/bin/env python3\n', ['byte order mark']],
    ['has no such interpreter', '#!/opt/nothing/python3\n', ['/opt/nothing/python3']],
    ['has no such interpreter in PATH', '#!/usr/bin/env python9\n', ['python9', 'PATH']],
  ];

  it.each(cases)('because it %s is explained with 500', async (_, program, words) => {
    const site = await serve({ 'x.fcgi': program });
    const answer = await ask(site.runner, '/x.fcgi');
    expect(answer).toMatchObject({ status: 500, headers: { 'content-type': 'text/html; charset=utf-8' } });
    for (const word of words) expect(answer.body.replaceAll('&quot;', '"')).toContain(word);
    expect(answer.body).toContain('What a visitor of the real site would see');
    expect(site.problems().length).toBeGreaterThan(0);
  });

  it('because it is not executable or missing is explained', async () => {
    const site = await serve({});
    site.write('x.fcgi', rawProgram('accept()'), 0o644);
    expect((await ask(site.runner, '/x.fcgi')).body).toContain('chmod 755 x.fcgi');
    fs.chmodSync(path.join(site.folder, 'x.fcgi'), 0o755);
    fs.rmSync(path.join(site.folder, 'x.fcgi'));
    expect((await ask(site.runner, '/x.fcgi')).status).toBe(500);
    expect(site.problems().at(-1)).toContain('does not exist');
    expect(site.events.some((event) => event.kind === 'started')).toBe(false);
  });

  it('shows its words as text, and Apache’s page where that is wished', async () => {
    const program = printing('<script>alert(1)</script>\n');
    const site = await serve({ 'x.fcgi': program });
    expect((await ask(site.runner, '/x.fcgi')).body).not.toContain('<script>');
    const plain = await serve({ 'x.fcgi': program }, { developerPages: false });
    const answer = await ask(plain.runner, '/x.fcgi');
    expect(answer).toMatchObject({
      status: 500,
      headers: { 'content-type': 'text/html; charset=iso-8859-1' },
    });
    expect(answer.body).toContain('<h1>Internal Server Error</h1>');
  });

  it('never answers: it is stopped after the time limit, even if it ignores SIGTERM', async () => {
    const program = rawProgram('signal.signal(signal.SIGTERM, signal.SIG_IGN)\nc = accept()\ntime.sleep(60)');
    const site = await serve({ 'x.fcgi': program }, { requestTimeLimit: 1500 });
    expect((await ask(site.runner, '/x.fcgi')).body).toContain('did not answer for 1.5 s');
    const { pid } = await site.waitFor('started');
    expect(await site.waitFor('exited')).toMatchObject({ pid, signal: 'SIGKILL', expected: true });
    expect(alive(pid)).toBe(false);
  });

  it('never sends END_REQUEST: the hint names the cause', async () => {
    const program = answering('connection.sendall(record(OUT, b"A: b\\n\\nx") + record(OUT)); time.sleep(9)');
    const site = await serve({ 'x.fcgi': program }, { requestTimeLimit: 1500 });
    expect((await ask(site.runner, '/x.fcgi')).body).toContain('wsgi.errors');
  });

  it('dies after more than 64 KB: the client sees the connection break', async () => {
    const program = rawProgram(
      'c = accept()\nc.sendall(record(OUT, b"A: b\\n\\n") + record(OUT, bytes(60000)) * 3)\ntime.sleep(0.2)\nos._exit(1)',
    );
    const site = await serve({ 'x.fcgi': program });
    await expect(ask(site.runner, '/x.fcgi')).rejects.toThrow('aborted');
    expect(await site.waitFor('request')).toMatchObject({ status: 200 });
  });

  it('writes a lot to its error output and still answers', async () => {
    const program = answering(
      'sys.stderr.write("e" * 3000000); sys.stderr.flush(); connection.sendall(record(ERR, b"f" * 60000) * 50 + record(OUT, b"A: b\\n\\nok") + end())',
    );
    const site = await serve({ 'x.fcgi': program });
    expect((await ask(site.runner, '/x.fcgi')).body).toBe('ok');
    const length = site.events.reduce(
      (sum, event) => sum + (event.kind === 'output' ? event.text.length : 0),
      0,
    );
    expect(length).toBe(6_000_000);
  });

  it('again and again must wait; restart() and a changed file end the pause', async () => {
    const site = await serve({ 'x.fcgi': '#!/usr/bin/env python3\nraise SystemExit(1)\n' });
    for (let n = 0; n < 4; n++) await ask(site.runner, '/x.fcgi');
    expect(site.problems().some((message) => message.includes('3 times in a row'))).toBe(true);
    expect(site.events.filter((event) => event.kind === 'started').length).toBe(3);
    await site.runner.restart();
    await ask(site.runner, '/x.fcgi');
    expect(site.events.filter((event) => event.kind === 'started').length).toBe(4);
    for (let n = 0; n < 3; n++) await ask(site.runner, '/x.fcgi');
    site.write('x.fcgi', printing('\nfixed'));
    await site.waitFor('reloaded');
    expect((await ask(site.runner, '/x.fcgi')).body).toBe('fixed');
  });
});

describe('a program’s answer', () => {
  it('may be in one-byte pieces, padded, with unknown records between, and others’ ids', async () => {
    const program = answering(
      'data = record(99, b"?") + record(OUT, b"Status: 201 Made\\nX-A: 1\\n\\nbo") + struct.pack("!BBHHBx", 1, OUT, 1, 2, 5) + b"dy" + bytes(5) + record(ERR, b"note") + struct.pack("!BBHHBx", 1, OUT, 7, 1, 0) + b"!" + end(); [connection.sendall(bytes([byte])) for byte in data]',
    );
    const site = await serve({ 'x.fcgi': program });
    for (let n = 0; n < 3; n++) {
      expect(await ask(site.runner, '/x.fcgi')).toMatchObject({
        status: 201,
        reason: 'Made',
        headers: { 'x-a': '1' },
        body: 'body!',
      });
    }
    expect(site.runner.processes()).toMatchObject([{ answered: 3 }]);
  });

  it('goes on when the connection closes after each answer', async () => {
    const program = rawProgram(
      'while True:\n    c = accept()\n    c.sendall(record(OUT, b"\\nok") + end())\n    c.close()',
    );
    const site = await serve({ 'x.fcgi': program });
    for (let n = 0; n < 10; n++) {
      const method = n % 2 ? 'POST' : 'GET';
      expect((await ask(site.runner, '/x.fcgi', { method })).body).toBe('ok');
    }
    expect(site.events.filter((event) => event.kind === 'started').length).toBe(1);
  });

  it('with Location goes inside the server or to the client', async () => {
    const site = await serve({
      'in.fcgi': printing('Location: /page.txt\n\nlost'),
      'out.fcgi': printing('Location: https://example.test/?a&b\nX-Kept: 1\nETag: "1"\n\nlost'),
      'loop.fcgi': printing('Location: /loop.fcgi\n\n'),
      'page.txt': 'page',
    });
    expect(await ask(site.runner, '/in.fcgi', { method: 'POST', body: 'x' })).toMatchObject({
      status: 200,
      body: 'page',
    });
    const out = await ask(site.runner, '/out.fcgi');
    expect(out).toMatchObject({
      status: 302,
      headers: { location: 'https://example.test/?a&b', 'x-kept': '1' },
    });
    expect(out.headers).not.toHaveProperty('etag');
    expect(out.body).toContain('href="https://example.test/?a&amp;b"');
    expect((await ask(site.runner, '/loop.fcgi')).body).toContain('AH00124');
  });

  it('obeys the conditions of the request, unless it has a status of its own', async () => {
    const site = await serve({
      'a.fcgi': printing('ETag: "1"\nContent-Type: text/plain\n\nbody'),
      'b.fcgi': printing('Status: 200 OK\nETag: "1"\n\nbody'),
    });
    const headers = { 'if-none-match': '"1"' };
    expect(await ask(site.runner, '/a.fcgi', { headers })).toMatchObject({ status: 304, body: '' });
    expect(await ask(site.runner, '/b.fcgi', { headers })).toMatchObject({ status: 200, body: 'body' });
    expect(await ask(site.runner, '/a.fcgi', { headers: { 'if-match': '"2"' } })).toMatchObject({
      status: 412,
    });
  });

  it('is cut to a Content-Length that is too small, and breaks with one that is too large', async () => {
    const site = await serve({
      'small.fcgi': printing('Content-Length: 2\n\nbody'),
      'large.fcgi': printing('Content-Length: 20\n\nbody'),
    });
    expect((await ask(site.runner, '/small.fcgi')).body).toBe('bo');
    await expect(ask(site.runner, '/large.fcgi')).rejects.toThrow('aborted');
  });

  it('is long and arrives whole, at the client’s pace', async () => {
    const program = answering(
      'connection.sendall(record(OUT, b"\\n") + record(OUT, bytes(65000)) * 400 + end())',
    );
    const site = await serve({ 'x.fcgi': program });
    expect((await ask(site.runner, '/x.fcgi')).body.length).toBe(26_000_000);
  });
});

describe('requests', () => {
  it('longer than mod_fcgid takes are refused as there', async () => {
    const site = await serve(classic(), { mode: 'faithful', developerPages: true });
    const ok = await ask(site.runner, '/project/nothing', { method: 'POST', body: Buffer.alloc(131_072) });
    expect(ok.status).toBe(404);
    const long = await ask(site.runner, '/project/nothing', { method: 'POST', body: Buffer.alloc(131_073) });
    expect(long.status).toBe(500);
    expect(long.body).toContain('exceeds MaxRequestLen (131072)');
  });

  it('for another host name are refused', async () => {
    const site = await serve({ 'a.txt': 'a' }, { name: 'site.example' });
    const { port } = site.runner;
    const status = async (host: string): Promise<number> =>
      (await ask(site.runner, '/a.txt', { headers: { host } })).status;
    const own = ['localhost', `localhost:${port}`, '127.0.0.1', `[::1]:${port}`, 'Site.Example'];
    for (const host of [...own, `shop.localhost:${port}`, 'Shop.LocalHost.', 'a.b_c.localhost']) {
      expect([host, await status(host)]).toEqual([host, 200]);
    }
    expect(await status('localhost@evil')).toBe(400);
    for (const host of ['evil.example', 'localhost.evil.example', 'evillocalhost', '127.0.0.1.nip.io']) {
      expect([host, await status(host)]).toEqual([host, 403]);
    }
  });

  it('whose client goes away free the process', async () => {
    const program = answering('time.sleep(0.3); connection.sendall(record(OUT, b"\\nok") + end())');
    const site = await serve({ 'x.fcgi': program }, { maxProcesses: 1 });
    const socket = net.connect(site.runner.port, '127.0.0.1');
    socket.write('GET /x.fcgi HTTP/1.1\r\nHost: localhost\r\n\r\n');
    await site.waitFor('started');
    socket.destroy();
    expect((await ask(site.runner, '/x.fcgi')).body).toBe('ok');
  });

  it('whose client goes away in the middle are not blamed on the program, which ends them without a word', async () => {
    const program = rawProgram(
      'while True:\n    c = listener.accept()[0]\n    while True:\n        _, kind, _, n, pad = struct.unpack("!BBHHBx", read(c, 8))\n        read(c, n + pad)\n        if kind == 2 or (kind == 5 and not n):\n            c.sendall(end())\n            break\n    c.close()',
    );
    for (const leave of ['destroy', 'resetAndDestroy'] as const) {
      const site = await serve({ 'x.fcgi': program });
      const socket = net.connect(site.runner.port, '127.0.0.1');
      socket.write('POST /x.fcgi HTTP/1.1\r\nHost: localhost\r\nContent-Length: 200000\r\n\r\nbeginning');
      await site.waitFor('started');
      await new Promise((resolve) => setTimeout(resolve, 50));
      socket[leave]();
      await site.waitFor('request');
      expect([leave, site.problems()]).toEqual([leave, []]);
    }
  });

  it('whose client goes away while the program starts leave it to the next one', async () => {
    let start = (): void => undefined;
    const gate = new Promise<Record<string, never>>((resolve) => (start = () => resolve({})));
    const count = rawProgram(`n, c = 0, accept()
while True:
    n += 1
    c.sendall(record(OUT, b"\\n%d" % n) + end())
    request(c)`);
    const site = await serve({ 'x.fcgi': count }, { maxProcesses: 1, prepare: () => gate });
    const socket = net.connect(site.runner.port, '127.0.0.1');
    socket.write('GET /x.fcgi HTTP/1.1\r\nHost: localhost\r\n\r\n');
    await site.waitFor('arrived');
    const next = ask(site.runner, '/x.fcgi');
    await site.waitFor('arrived', ({ id }) => id === 2);
    socket.resetAndDestroy();
    await settled();
    start();
    expect((await next).body).toBe('1');
    expect(site.events.filter(({ kind }) => kind === 'started').length).toBe(1);
  });

  it('that wait for a program are answered, in their order, also when it dies and cannot be started again', async () => {
    const dying = rawProgram(`c = accept()
while not os.path.exists('go'): time.sleep(0.01)
os._exit(1)`);
    const site = await serve({ 'x.fcgi': dying }, { maxProcesses: 1, watch: false });
    const order: number[] = [];
    const answers = [0, 1, 2, 3, 4].map(async (n) => {
      const { status } = await ask(site.runner, `/x.fcgi?${n}`);
      order.push(n);
      return status;
    });
    await site.waitFor('arrived', ({ target }) => target.endsWith('?4'));
    fs.chmodSync(path.join(site.folder, 'x.fcgi'), 0o644);
    site.write('go', '');
    expect(await Promise.all(answers)).toEqual([500, 500, 500, 500, 500]);
    expect(order.filter((n) => n > 0)).toEqual([1, 2, 3, 4]);
  });
});

describe('static files', () => {
  const file = {
    'a.txt': '0123456789',
    '.secret': 'x',
    '.git/config': 'x',
    '.well-known/x.txt': 'ok',
    'sub/b.txt': 'b',
  };

  it('have type, length, time and tag, and obey conditions', async () => {
    const { runner } = await serve(file);
    const first = await ask(runner, '/a.txt');
    expect(first).toMatchObject({
      status: 200,
      body: '0123456789',
      headers: { 'content-type': 'text/plain', 'content-length': '10' },
    });
    const { etag = '', 'last-modified': date = '' } = first.headers;
    // Weak, since a file that has just been written may change again.
    expect(etag).toMatch(/^W\/"a-[0-9a-f]+"$/);
    expect(await ask(runner, '/a.txt', { method: 'HEAD' })).toMatchObject({
      status: 200,
      body: '',
      headers: { 'content-length': '10' },
    });
    for (const headers of [
      { 'if-none-match': etag },
      { 'if-none-match': '*' },
      { 'if-modified-since': date },
    ]) {
      expect(await ask(runner, '/a.txt', { headers })).toMatchObject({ status: 304, body: '' });
    }
    expect(
      (await ask(runner, '/a.txt', { headers: { 'if-none-match': '"x"', 'if-modified-since': date } }))
        .status,
    ).toBe(200);
    expect((await ask(runner, '/a.txt', { headers: { 'if-match': '"x"' } })).status).toBe(412);
  });

  it.each([
    ['bytes=2-4', 206, '234', 'bytes 2-4/10'],
    ['bytes=7-', 206, '789', 'bytes 7-9/10'],
    ['bytes=-3', 206, '789', 'bytes 7-9/10'],
    ['bytes=0-99', 206, '0123456789', 'bytes 0-9/10'],
    ['bytes=4-2', 200, '0123456789', undefined],
    ['bytes=0-1,1-4', 206, '01234', 'bytes 0-4/10'],
    ['bytes=0-1,99-', 206, '01', 'bytes 0-1/10'],
    ['bytes=0-5,5-9,0-3', 206, '0123456789', 'bytes 0-9/10'],
    ['lines=1-2', 200, '0123456789', undefined],
  ])('give %s', async (range, status, body, contentRange) => {
    const { runner } = await serve(file);
    const answer = await ask(runner, '/a.txt', { headers: { range } });
    expect(answer).toMatchObject({ status, body });
    expect(answer.headers['content-range']).toBe(contentRange);
  });

  it('are sent as they are where a .htaccess compresses', async () => {
    const files = {
      'page.html': 'page '.repeat(100),
      '.htaccess': 'SetOutputFilter BROTLI_COMPRESS;DEFLATE',
    };
    const { runner } = await serve(files, { evaluate });
    const { headers, body } = await ask(runner, '/page.html', { headers: { 'Accept-Encoding': 'gzip, br' } });
    expect([headers['content-encoding'], headers['vary'], body]).toEqual([
      undefined,
      'Accept-Encoding',
      files['page.html'],
    ]);
  });

  it('do not exist beyond their end, for other methods, or behind a dot', async () => {
    const { runner } = await serve(file);
    expect(await ask(runner, '/a.txt', { headers: { range: 'bytes=10-' } })).toMatchObject({ status: 416 });
    expect(await ask(runner, '/a.txt', { method: 'PUT' })).toMatchObject({ status: 405 });
    expect(await ask(runner, '/.secret')).toMatchObject({ status: 403 });
    expect(await ask(runner, '/.git/config')).toMatchObject({ status: 403 });
    expect(await ask(runner, '/.well-known/x.txt')).toMatchObject({ status: 200, body: 'ok' });
    for (const target of [
      '/../../../../etc/passwd',
      '/..%2f..%2fetc/passwd',
      '/sub/../../etc/passwd',
      '/a.txt%00',
    ]) {
      expect((await ask(runner, target)).status).toBe(404);
    }
  });
});

describe('changed files', () => {
  it('of the program’s language start it anew; others do not', async () => {
    const site = await serve(classic());
    await ask(site.runner, '/project/');
    site.write('project/notes.txt', 'x');
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(site.events.some((event) => event.kind === 'reloaded')).toBe(false);
    site.write('project/app.py', classic()['project/app.py']?.replaceAll('It works', 'Changed') ?? '');
    await site.waitFor('reloaded');
    await site.waitFor('exited');
    expect((await ask(site.runner, '/project/')).body).toContain('Changed');
  });

  it('in new folders and .htaccess count too', async () => {
    const site = await serve(classic());
    await ask(site.runner, '/project/');
    site.write('project/sub/deep/more.py', 'x = 1');
    await site.waitFor('reloaded', ({ files }) => files.some((name) => name.includes('sub')));
    site.write('.htaccess', '# x');
    await site.waitFor('reloaded', ({ files }) => files.some((name) => name.endsWith('.htaccess')));
  });
});

describe('the end', () => {
  it('leaves nothing open: no process, child of a process, socket, folder or handle', async () => {
    await settled();
    const before = process
      .getActiveResourcesInfo()
      .filter((kind) => kind !== 'Immediate')
      .sort();
    const own = fs.mkdtempSync(path.join(os.tmpdir(), 'own-'));
    vi.stubEnv('TMPDIR', own);
    const program = rawProgram(
      'signal.signal(signal.SIGTERM, signal.SIG_IGN)\nchild = os.fork()\nif not child:\n    time.sleep(60)\nc = accept()\nc.sendall(record(OUT, ("\\n%d" % child).encode()) + end())\ntime.sleep(60)',
    );
    const site = await testSite({ 'x.fcgi': program, ...classic() });
    const child = Number((await ask(site.runner, '/x.fcgi')).body);
    await ask(site.runner, '/project/');
    const hanging = ask(site.runner, '/x.fcgi').catch(() => null);
    await site.waitFor('started', ({ dispatcher }) => dispatcher.endsWith('dispatch.fcgi'));
    const pids = site.runner.processes().map(({ pid }) => pid);
    expect(alive(child) && pids.every(alive)).toBe(true);
    const began = performance.now();
    await Promise.all([site.dispose(), site.dispose()]);
    expect(performance.now() - began).toBeLessThan(4000);
    await hanging;
    expect([child, ...pids].filter(alive)).toEqual([]);
    expect(descendants()).toEqual([]);
    expect(fs.readdirSync(own)).toEqual([]);
    vi.unstubAllEnvs();
    fs.rmdirSync(own);
    await settled();
    expect(
      process
        .getActiveResourcesInfo()
        .filter((kind) => kind !== 'Immediate')
        .sort(),
    ).toEqual(before);
    await expect(ask(site.runner, '/')).rejects.toThrow('ECONNREFUSED');
  });

  it('of a start on a taken port is an error that says so', async () => {
    const site = await serve({});
    const second = startRunner({ root: site.folder, evaluate: classicEvaluator, port: site.runner.port });
    await expect(second).rejects.toMatchObject({
      reason: 'port-in-use',
      message: expect.stringContaining('another port'),
    });
    await expect(startRunner({ root: '/nowhere/at/all' })).rejects.toBeInstanceOf(RunnerError);
  });
});
