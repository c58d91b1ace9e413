import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { preflight } from '../../src/runner';
import { rawProgram } from './testSite';

const CLASSIC = new URL('../sites/classic/project', import.meta.url).pathname;

describe('preflight', () => {
  let folder: string;

  beforeAll(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'preflight-'));
    for (const name of ['dispatch.fcgi', 'app.py', 'fcgi.py']) {
      fs.copyFileSync(path.join(CLASSIC, name), path.join(folder, name));
    }
  });

  afterAll(() => fs.rmSync(folder, { recursive: true }));

  function program(text: string, mode = 0o755): string {
    const file = path.join(folder, 'x.fcgi');
    fs.rmSync(file, { force: true });
    fs.writeFileSync(file, text, { mode });
    return file;
  }

  it('of the sample succeeds both ways', async () => {
    const report = await preflight(path.join(folder, 'dispatch.fcgi'));
    expect(report).toMatchObject({
      ok: true,
      startFault: null,
      shell: { ok: true, status: 200, contentType: 'text/html; charset=utf-8' },
      server: { ok: true, status: 200, contentType: 'text/html; charset=utf-8' },
    });
    expect(report.shell?.errorOutput).toContain('started from a shell');
    expect(report.server?.body).toContain('It works');
  });

  it('asks for the wanted page', async () => {
    const report = await preflight(path.join(folder, 'dispatch.fcgi'), { target: '/hello/Ada?x=1' });
    expect(report.shell?.body).toContain('Hello, Ada!');
    expect(report.server?.body).toContain('Hello, Ada!');
  });

  it.each([
    ['missing.fcgi', 'missing'],
    ['.', 'not-a-file'],
  ])('of %s says so without a trial', async (name, reason) => {
    const report = await preflight(path.join(folder, name));
    expect(report).toMatchObject({ ok: false, startFault: { reason }, shell: null, server: null });
  });

  it.each([
    ['#!/usr/bin/env python3\n', 0o644, 'not-executable'],
    ['#!/usr/bin/env python3\r\n', 0o755, 'carriage-return'],
    ['#!/usr/bin/python3\r\n', 0o755, 'carriage-return'],
    ['\ufeff#!/usr/bin/env python3\n', 0o755, 'byte-order-mark'],
    ['print(1)\n', 0o755, 'no-shebang'],
    ['', 0o755, 'no-shebang'],
    ['#!/opt/none/python3\n', 0o755, 'interpreter-missing'],
    ['#!/usr/bin/env python9\n', 0o755, 'interpreter-missing'],
    ['#! /usr/bin/env -S python9 -u\n', 0o755, 'interpreter-missing'],
  ] as const)('of %j with mode %o finds %s', async (text, mode, reason) => {
    const report = await preflight(program(text, mode));
    expect(report.startFault).toMatchObject({ reason });
    expect(report.startFault?.message.length).toBeGreaterThan(40);
  });

  it('of a file in a folder that may not be entered, or of a link back to itself, says so', async () => {
    const closed = path.join(folder, 'closed');
    fs.mkdirSync(closed);
    fs.writeFileSync(path.join(closed, 'x.fcgi'), '#!/bin/sh\n');
    fs.chmodSync(closed, 0o000);
    fs.symlinkSync('loop.fcgi', path.join(folder, 'loop.fcgi'));
    const isRoot = process.getuid?.() === 0;
    // Nothing is closed to root. The file is looked at before anything is waited for.
    if (isRoot) process.seteuid?.(65_534);
    const looking = preflight(path.join(closed, 'x.fcgi'));
    if (isRoot) process.seteuid?.(0);
    const message = expect.stringMatching(
      /^x\.fcgi cannot be reached: a folder .* may not be entered/,
    ) as string;
    expect((await looking).startFault).toMatchObject({ reason: 'unreadable', message });
    const loop = await preflight(path.join(folder, 'loop.fcgi'));
    expect(loop.startFault?.message).toMatch(/^loop\.fcgi cannot be reached: ELOOP/);
    fs.chmodSync(closed, 0o755);
  });

  it('of a missing module names it', async () => {
    const report = await preflight(program('#!/usr/bin/env python3\nimport not_there_module\n'));
    expect(report.ok).toBe(false);
    expect(report.shell?.message).toContain("No module named 'not_there_module': install it");
    expect(report.server?.message).toContain('exit code 1');
    expect(report.server?.errorOutput).toContain('not_there_module');
  });

  it('of a plain CGI program tells that the server needs more', async () => {
    const report = await preflight(program('#!/bin/sh\nprintf "Content-Type: text/plain\\n\\nhi"\n'));
    expect(report.shell).toMatchObject({ ok: true, body: 'hi' });
    expect(report.server).toMatchObject({ ok: false, message: expect.stringContaining('plain CGI program') });
  });

  it('of a program that works only under a server succeeds', async () => {
    const text = rawProgram('c = accept()\nc.sendall(record(OUT, b"A: b\\n\\nok") + end())');
    const report = await preflight(program(text));
    expect(report.server).toMatchObject({ ok: true, body: 'ok' });
    expect(report).toMatchObject({
      ok: true,
      shell: { ok: false, message: expect.stringContaining('no fault') },
    });
  });

  it.each([
    ['a syntax error', '#!/usr/bin/env python3\ndef (:\n', /exit code 1/, /SyntaxError/],
    ['an end without a word', '#!/usr/bin/env python3\n', /exit code 0/, /^$/],
    [
      'a module of Perl that is missing',
      '#!/usr/bin/env perl\nuse Not::There;\n',
      /exit code 2/,
      /Not\/There\.pm/,
    ],
    [
      'an exit in the middle of a request',
      rawProgram('accept()\nimport os\nos._exit(3)'),
      /exit code 3/,
      /^$/,
    ],
    ['a crash in the middle of a request', rawProgram('accept()\nimport os\nos.abort()'), /SIGABRT/, /^$/],
    ['a kill', rawProgram('accept()\nimport os\nos.kill(os.getpid(), 9)'), /SIGKILL/, /^$/],
    ['an exception', rawProgram('accept()\n1/0'), /exit code 1/, /ZeroDivisionError/],
    [
      'an answer without headers',
      rawProgram('c = accept()\nc.sendall(record(OUT, b"hello") + end())'),
      /not what a web server understands/,
      /^$/,
    ],
    [
      'a web server of its own',
      '#!/bin/sh\nexec python3 -m http.server 0\n',
      /did not answer|speak FastCGI/,
      /^/,
    ],
    [
      'a module that is missing',
      '#!/usr/bin/env python3\nimport not_there\n',
      /named 'not_there': install it/,
      /not_there/,
    ],
  ])('of %s says what happened, why, and what to do', async (_, text, words, errors) => {
    // An interpreter takes its time on a machine that is busy; only silence is to be over soon.
    const timeLimit = words.source.includes('did not answer') ? 3000 : 8000;
    const { ok, startFault, server } = await preflight(program(text), { timeLimit });
    expect([ok, startFault]).toEqual([false, null]);
    expect(server?.message).toMatch(words);
    expect(server?.message.length).toBeGreaterThan(50);
    expect(server?.errorOutput).toMatch(errors);
  });

  it('of a program that never answers ends it, and all that it started', async () => {
    const text = '#!/bin/sh\ntrap "" TERM\nsleep 60 &\necho $! >>"$0.pids"\nwait\n';
    const report = await preflight(program(text), { timeLimit: 1500 });
    expect(report.shell?.message).toContain('still running after 1.5 s');
    expect(report.server?.message).toContain('did not answer for 1.5 s');
    const pids = fs.readFileSync(path.join(folder, 'x.fcgi.pids'), 'utf8').trim().split('\n').map(Number);
    expect(pids.length).toBe(2);
    expect(pids.filter(isRunning)).toEqual([]);
  });
});

function isRunning(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(fs.readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}
