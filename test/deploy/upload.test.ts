import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { reload } from '../../src/deploy/reload';
import { changedSinceUpload } from '../../src/deploy/changedSinceUpload';
import { commitOf } from '../../src/deploy/git';
import { recover } from '../../src/deploy/recover';
import { uploadProject, uploadSelection, type UploadOptions } from '../../src/deploy/upload';
import { connect, type RemoteConnection } from '../../src/remote/connection';
import { prompts } from '../remote/prompts';
import { startServer, type TestServer, type WriteFate } from '../remote/server';

/** A server without any extension: no rename over an existing file, no hard links, no shell. */
let server: TestServer;
let connection: RemoteConnection;
let folder: string;
let local: string;
let remote: string;
let fate: (count: number) => WriteFate;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'fastcgi-upload-'));
  local = join(folder, 'local');
  remote = join(folder, 'server', 'site');
  mkdirSync(local);
  mkdirSync(remote, { recursive: true });
  fate = () => 'store';
  server = await startServer({ home: join(folder, 'server'), onWrite: (count) => fate(count) });
  connection = await login();
});

afterEach(async () => {
  connection.dispose();
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

const login = () => connect(server.target, { prompts: prompts({ hostKey: async () => 'once' }) });

const options = (more: Partial<UploadOptions> = {}): UploadOptions => ({
  localRoot: local,
  remotePath: remote,
  dispatcher: 'dispatch.fcgi',
  ...more,
});

function put(path: string, content: string): void {
  mkdirSync(dirname(join(local, path)), { recursive: true });
  writeFileSync(join(local, path), content);
}

const onServer = (path: string) => readFileSync(join(remote, path), 'utf8');
const everything = () => readdirSync(remote, { recursive: true, encoding: 'utf8' }).sort();

test('replaces files without posix-rename, and a second upload writes nothing', async () => {
  put('dispatch.fcgi', '#!/bin/sh\r\none\r\n');
  put('lib/code.py', 'one\n');
  expect(await uploadProject(connection, options())).toMatchObject({
    created: ['dispatch.fcgi', 'lib/code.py'],
  });
  put('dispatch.fcgi', '#!/bin/sh\r\ntwo\r\n');
  put('lib/code.py', 'two\n');
  expect(await uploadProject(connection, options())).toMatchObject({
    changed: ['dispatch.fcgi', 'lib/code.py'],
  });
  expect([onServer('dispatch.fcgi'), onServer('lib/code.py')]).toEqual(['#!/bin/sh\ntwo\n', 'two\n']);
  expect(everything()).toEqual(['dispatch.fcgi', 'lib', 'lib/code.py']);
  fate = () => {
    throw new Error('written');
  };
  expect(await uploadProject(connection, options())).toMatchObject({ kept: 2, bytes: 0 });
});

test('a disk that fills up: old content intact, no temporaries, no new folders', async () => {
  put('page.html', 'old\n');
  await uploadProject(connection, options());
  put('page.html', 'new\n');
  put('fresh/big.bin', 'x'.repeat(500_000));
  let start: number | undefined;
  fate = (count) => (count - (start ??= count) > 6 ? 'fail' : 'store');
  await expect(uploadProject(connection, options())).rejects.toMatchObject({
    reason: 'no-space',
    message: expect.stringContaining('the site is as before'),
  });
  expect(onServer('page.html')).toBe('old\n');
  expect(everything()).toEqual(['page.html']);
});

test('stopped while the server has fallen silent: over within seconds, and the site is as it was', async () => {
  put('page.html', 'old\n');
  await uploadProject(connection, options());
  put('page.html', 'new\n');
  put('big.bin', 'x'.repeat(3_000_000));
  let start: number | undefined;
  const stop = new AbortController();
  fate = (count) => {
    if (count - (start ??= count) < 20) return 'store';
    stop.abort();
    return 'freeze';
  };
  const since = performance.now();
  await expect(uploadProject(connection, { ...options(), signal: stop.signal })).rejects.toMatchObject({
    name: 'RemoteError',
  });
  // A silent server is otherwise given a minute.
  expect(performance.now() - since).toBeLessThan(30_000);
  expect(onServer('page.html')).toBe('old\n');
}, 40_000);

test('a connection that is lost in the middle ends the upload, and the site is as it was', async () => {
  put('page.html', 'old\n');
  await uploadProject(connection, options());
  put('page.html', 'new\n');
  put('big.bin', 'x'.repeat(3_000_000));
  let start: number | undefined;
  fate = (count) => (count - (start ??= count) > 20 ? 'drop' : 'store');
  await expect(uploadProject(connection, options())).rejects.toMatchObject({ reason: 'connection-lost' });
  expect(onServer('page.html')).toBe('old\n');
  expect(existsSync(join(remote, 'big.bin'))).toBe(false);

  fate = () => 'store';
  connection = await login();
  expect(await uploadProject(connection, options())).toMatchObject({
    changed: ['page.html'],
    created: ['big.bin'],
  });
  expect(everything()).toEqual(['big.bin', 'page.html']);
});

test('a rename that fails in the burst: told, and finished or taken back', async () => {
  await interruptedUpload();
  expect(onServer('a.txt')).toBe('new a\n');
  expect(onServer('dispatch.fcgi')).toBe('#!/bin/sh\nold\n');
  connection = await login();
  const recovered = await recover(connection, remote);
  expect(recovered).toMatchObject({ completed: [join(remote, 'dispatch.fcgi')], lost: [] });
  expect(onServer('dispatch.fcgi')).toBe('#!/bin/sh\nnew\n');
  expect(await recover(connection, remote)).toBe(undefined);
});

test('an upload that finishes an interrupted one and fails then does not say that nothing was changed', async () => {
  await interruptedUpload();
  connection = await login();
  put('big.bin', 'x'.repeat(6_000_000));
  const onProgress = () => (fate = () => 'drop');
  await expect(uploadProject(connection, options({ onProgress }))).rejects.toMatchObject({
    reason: 'connection-lost',
    message: expect.stringMatching(
      /^An earlier upload that was interrupted was finished first: the site has its files now\. After that: The connection to the server was lost on the way\. Nothing was changed/,
    ) as string,
  });
  expect(onServer('dispatch.fcgi')).toBe('#!/bin/sh\nnew\n');
  expect(existsSync(join(remote, 'big.bin'))).toBe(false);
});

/** A second upload, whose connection ends when all but the dispatcher is in its place. */
async function interruptedUpload(): Promise<void> {
  put('a.txt', 'old a\n');
  put('dispatch.fcgi', '#!/bin/sh\nold\n');
  await uploadProject(connection, options());
  put('a.txt', 'new a\n');
  put('dispatch.fcgi', '#!/bin/sh\nnew\n');
  const session = await connection.sftp();
  const rename = session.rename.bind(session);
  session.rename = async (from, to) => {
    if (to.endsWith('dispatch.fcgi')) connection.dispose();
    return rename(from, to);
  };
  await expect(uploadProject(connection, options())).rejects.toMatchObject({ reason: 'connection-lost' });
}

test('secrets and leftovers stay here, and settings cannot change that', async () => {
  for (const path of [
    '.env',
    '.env.local',
    '.vscode/fastcgi.json',
    '.git/config',
    'node_modules/x/y.js',
    'a.swp',
    'b~',
    'c.pyc',
    '__pycache__/d',
    '.DS_Store',
    'skip.me',
    '.x.deadbeef.up~',
    '#z#',
    '.#z',
  ]) {
    put(path, 'no\n');
  }
  put('page.html', 'yes\n');
  const report = await uploadProject(connection, options({ ignore: ['*.me', '!.env', '!.vscode/'] }));
  expect(report.created).toEqual(['page.html']);
});

test('a file that changes while it is sent is noticed, and nothing is changed', async () => {
  put('page.html', 'old\n');
  put('big.bin', 'x'.repeat(6_000_000));
  let touched = false;
  const upload = uploadProject(connection, {
    ...options(),
    onProgress: ({ bytes }) => {
      if (bytes < 1_000_000 || touched) return;
      touched = true;
      put('big.bin', 'y'.repeat(6_000_000));
    },
  });
  await expect(upload).rejects.toMatchObject({
    reason: 'failure',
    message: expect.stringContaining('changed while it was being uploaded'),
  });
  expect(everything()).toEqual([]);
});

test('the time stamp of changed content always moves on, also against a clock that went back', async () => {
  put('code.py', 'value = 1\n');
  await uploadProject(connection, options());
  const future = Math.floor(Date.now() / 1000) + 5000;
  utimesSync(join(remote, 'code.py'), future, future);
  put('code.py', 'value = 2\n');
  expect(await uploadProject(connection, options())).toMatchObject({ changed: ['code.py'] });
  expect(Math.floor(statSync(join(remote, 'code.py')).mtimeMs / 1000)).toBe(future + 1);
});

test('reload without links, shell and address: replaced, and honest about it', async () => {
  put('dispatch.fcgi', '#!/bin/sh\n');
  await uploadProject(connection, options());
  const before = statSync(join(remote, 'dispatch.fcgi'));
  const report = await reload(connection, { remotePath: remote, dispatcher: 'dispatch.fcgi' });
  const after = statSync(join(remote, 'dispatch.fcgi'));
  expect(report).toMatchObject({ proved: false, evidence: 'not-asked', strategy: 'replace' });
  expect(report.steps.join('\n')).toContain('no hard links');
  expect(after.ino).not.toBe(before.ino);
  expect(Math.floor(after.mtimeMs / 1000)).toBeGreaterThan(Math.floor(before.mtimeMs / 1000));
  expect(after.mode & 0o777).toBe(0o755);
  expect(everything()).toEqual(['dispatch.fcgi']);
});

test('a damaged manifest makes nothing ours: no file is deleted or overwritten', async () => {
  put('page.html', 'old\n');
  put('other.html', 'other\n');
  await uploadProject(connection, options());
  const state = join(folder, 'server', '.fastcgi-deploy');
  const [name = ''] = readdirSync(state).filter((entry) => entry.startsWith('site-'));
  writeFileSync(join(state, name, 'manifest.json'), '{"version":1,"files":{"page');
  rmSync(join(local, 'other.html'));
  put('page.html', 'new longer\n');
  expect(await uploadProject(connection, options())).toMatchObject({
    deleted: [],
    changed: [],
    conflicts: [{ path: 'page.html', reason: 'not-from-here' }],
  });
});

test("a target's own modes reach files, programs and new folders, and are set where they differ", async () => {
  put('dispatch.fcgi', '#!/bin/sh\n');
  put('new/inner/a.txt', 'a');
  put('b.txt', 'b');
  const modes = { files: 0o640, programs: 0o700, folders: 0o711 };
  const modeOf = (path: string) => (statSync(join(remote, path)).mode & 0o7777).toString(8);
  await uploadProject(connection, options());
  expect(['dispatch.fcgi', 'new', 'new/inner', 'b.txt'].map(modeOf)).toEqual(['755', '755', '755', '644']);
  put('other/inner/a.txt', 'a');
  const report = await uploadProject(connection, options({ modes }));
  expect(report.modes).toEqual(['b.txt', 'dispatch.fcgi', 'new/inner/a.txt']);
  const paths = ['dispatch.fcgi', 'b.txt', 'other', 'other/inner', 'other/inner/a.txt', 'new'];
  expect(paths.map(modeOf).join(' ')).toBe('700 640 711 711 640 755');
  expect((await uploadProject(connection, options({ modes }))).modes).toEqual([]);
});

test('what git changed since the last whole upload, with what went its own way since', async () => {
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=A', '-c', 'user.email=a@example.test', '-C', local, ...args]);
  const changed = () => changedSinceUpload(connection, { remotePath: remote, localRoot: local });
  const whole = async () => uploadProject(connection, options({ commit: await commitOf(local) }));
  expect(await changed()).toBe(undefined);
  git('init', '-q');
  for (const name of ['a', 'b', 'c', 'd']) put(name, name);
  git('add', '.');
  git('commit', '-qm', 'one');
  put('d', 'not committed');
  await whole();
  git('checkout', '-q', 'd');
  // Sent before it was committed, and taken back since: git sees no difference, the server has one.
  expect(await changed()).toEqual(['a', 'b', 'c', 'd']);
  await whole();
  expect(await changed()).toEqual([]);

  put('a', 'a2');
  put('b', 'b2');
  git('commit', '-qam', 'two');
  await uploadSelection(connection, { ...options({ commit: await commitOf(local) }), paths: ['a'] });
  put('new', 'new');
  rmSync(join(local, 'c'));
  expect(await changed()).toEqual(['a', 'b', 'c', 'new']);
  const paths = (await changed()) ?? [];
  const report = await uploadSelection(connection, { ...options(), paths });
  expect(report).toMatchObject({ created: ['new'], changed: ['b'], deleted: ['c'], kept: 1 });
});
