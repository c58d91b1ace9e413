import { chownSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fastcgi, testTerminal } from '../cli/testTerminal';
import { run } from '../../src/cli/run';
import { createUser, isRoot, sshdMissing, startSshd, type Sshd, type TestUser } from './sshd';

/** The command against a real sshd. Its key is trusted "once" each time: nothing is written to the known hosts of who runs the test. */
describe.skipIf(sshdMissing !== undefined || !isRoot)('fastcgi against a real sshd', () => {
  let user: TestUser;
  let sshd: Sshd;
  let cwd: string;
  let remote: string;

  beforeAll(async () => {
    user = createUser();
    sshd = await startSshd({ user: user.name });
    cwd = mkdtempSync(join(tmpdir(), 'fastcgi-project-'));
    remote = join(user.home, 'public_html');
    for (const folder of [join(cwd, '.vscode'), remote]) mkdirSync(folder);
    chownSync(remote, user.uid, user.uid);
    describeTarget({ identityFile: sshd.clientKey });
    writeFileSync(join(cwd, 'dispatch.fcgi'), '#!/bin/sh\r\necho hello\r\n');
    writeFileSync(join(cwd, '.htaccess'), 'DirectoryIndex index.html\n');
  });
  afterAll(async () => {
    await sshd?.stop();
    user?.remove();
    if (cwd) rmSync(cwd, { recursive: true, force: true });
  });

  const describeTarget = (
    more: Readonly<Record<string, string>>,
    log: string | null = join(user.home, 'error.log'),
  ): void => {
    const ssh = { host: '127.0.0.1', port: sshd.port, user: user.name, ...more };
    const target = { ssh, path: remote, ...(log !== null && { log }) };
    writeFileSync(join(cwd, '.vscode/fastcgi.json'), JSON.stringify({ targets: { test: target } }));
  };

  const once = () => ({ cwd, answers: ['once'] });

  test('trusts no unknown key without a person', async () => {
    const { code, err } = await fastcgi(['upload'], { cwd });
    expect(code).toBe(1);
    expect(err).toMatch(/is not known yet:\n {2}\S+ SHA256:/);
    expect(existsSync(join(remote, '.htaccess'))).toBe(false);
  });

  test('asks for the key, shows the plan, and changes nothing with --dry-run', async () => {
    const { code, out } = await fastcgi(['upload', '--dry-run'], { cwd, answers: ['once'] });
    expect(out).toContain('new       .htaccess\n');
    expect(out).toContain('test: would be 2 sent, 0 modes, 0 deleted, 0 unchanged. Nothing was changed.\n');
    expect(code).toBe(0);
    expect(existsSync(join(remote, '.htaccess'))).toBe(false);
  });

  test('keeps a program back that the server cannot run, and shows its words', async () => {
    const { code, err } = await fastcgi(['upload', 'test'], once());
    expect(code).toBe(1);
    expect(err).toMatch(/Nothing was put live: dispatch\.fcgi does not work on the server\. .*\nhello/);
    expect(existsSync(join(remote, 'dispatch.fcgi'))).toBe(false);
  });

  test('uploads, and knows afterwards that all is there', async () => {
    const first = await fastcgi(['upload', 'test', '--force'], once());
    expect(first.code).toBe(0);
    expect(readFileSync(join(remote, 'dispatch.fcgi'), 'utf8')).toBe('#!/bin/sh\necho hello\n');
    const second = await fastcgi(['upload'], once());
    expect(second.out).toBe('test: 0 sent, 0 modes, 0 deleted, 2 unchanged.\n');
  });

  test('leaves a file alone that somebody changed, and says so by its exit code', async () => {
    writeFileSync(join(remote, '.htaccess'), 'DirectoryIndex theirs.html\n');
    writeFileSync(join(cwd, '.htaccess'), 'DirectoryIndex mine.html\n');
    const { code, out } = await fastcgi(['upload'], once());
    expect(code).toBe(1);
    expect(out).toMatch(/^conflict {2}\.htaccess: changed on the server/m);
    expect((await fastcgi(['upload', '--overwrite'], once())).code).toBe(0);
    expect(readFileSync(join(remote, '.htaccess'), 'utf8')).toBe('DirectoryIndex mine.html\n');
  });

  test('reloads without proof where no address is known', async () => {
    const { code, out } = await fastcgi(['reload'], once());
    expect(out).toBe('test: done, but not proved: the target has no "url".\n');
    expect(code).toBe(0);
  });

  test('follows the log until it is interrupted', async () => {
    const entry =
      '[Mon Nov 23 01:24:55.1 2026] [core:error] [pid 1:tid 2] End of script output before headers: a.fcgi';
    writeFileSync(join(user.home, 'error.log'), `${entry}\n`, { mode: 0o644 });
    const interrupt = new AbortController();
    const terminal = testTerminal({ ...once(), interrupted: interrupt.signal });
    const ended = run(['log'], terminal);
    await expect
      .poll(() => terminal.written.out, { timeout: 10_000 })
      .toContain(`${entry}\n    The visitor got a 500`);
    interrupt.abort();
    expect(await ended).toBe(0);
  });

  test('looks for a log that is not named where hosts keep it', async () => {
    describeTarget({ identityFile: sshd.clientKey }, null);
    expect(await fastcgi(['log'], once())).toMatchObject({
      code: 1,
      err: expect.stringContaining('has no "log", and none lies where hosts keep them') as string,
    });
    mkdirSync(join(user.home, 'logs'));
    writeFileSync(join(user.home, 'logs/error_log'), 'the first line\n', { mode: 0o644 });
    const interrupt = new AbortController();
    const terminal = testTerminal({ ...once(), interrupted: interrupt.signal });
    const ended = run(['log'], terminal);
    await expect.poll(() => terminal.written.out, { timeout: 10_000 }).toBe('the first line\n');
    expect(terminal.written.err).toContain(
      'Following logs/error_log. "log" in .vscode/fastcgi.json can name',
    );
    interrupt.abort();
    expect(await ended).toBe(0);
    describeTarget({ identityFile: sshd.clientKey });
  });

  test('shows what has failed, the lines of a failure together', async () => {
    const prefix = (second: number) =>
      `[Mon Nov 23 01:24:${second}.1 2026] [fcgid:warn] [pid 1:tid 2] [client 192.0.2.7:${50_000 + second}] mod_fcgid: stderr: `;
    const failure = (second: number) =>
      [
        `${prefix(second)}Traceback (most recent call last):`,
        `${prefix(second)}  File "${remote}/app.py", line 12, in view`,
        `${prefix(second)}ValueError: \u001b[31mno such page`,
        `[Mon Nov 23 01:24:${second}.2 2026] [core:error] [pid 1:tid 2] [client 192.0.2.7:${50_000 + second}] End of script output before headers: dispatch.fcgi`,
      ].join('\n');
    writeFileSync(join(user.home, 'error.log'), `${failure(10)}\n${failure(20)}\n`);
    const { code, out } = await fastcgi(['log', '--incidents'], once());
    expect(code).toBe(1);
    expect(out).toMatch(
      /^x ValueError: .*no such page.*\n {4}2 times, first 2026-11-23 01:24:10, last 2026-11-23 01:24:20; 192\.0\.2\.7\n/,
    );
    expect(out).toContain(`    at ${remote}/app.py:12 in view\n    Why: `);
    expect(out).toMatch(/1 incident in the last 8 lines of \S+error\.log \(test\)/);
    expect(out).not.toContain('\u001b');
    const json = await fastcgi(['log', '--incidents', '--format', 'json'], once());
    expect(JSON.parse(json.out)).toMatchObject([{ code: 'python.exception', count: 2, place: { line: 12 } }]);
    writeFileSync(join(user.home, 'error.log'), '');
    expect(await fastcgi(['log', '--incidents'], once())).toMatchObject({ code: 0 });
    expect((await fastcgi(['log', '--format', 'json'], once())).code).toBe(2);
  });

  test('asks for a password, without echo, and never shows it', async () => {
    describeTarget({ identityFile: '~/no-such-key' });
    const terminal = testTerminal({ cwd, answers: ['once', 'wrong-password', user.password] });
    const code = await run(['upload'], terminal);
    expect(terminal.asked.map((one) => one.hidden)).toEqual([false, true, true]);
    expect(code).toBe(0);
    expect(JSON.stringify(terminal.written)).not.toMatch(new RegExp(`wrong-password|${user.password}`));
  });
});
