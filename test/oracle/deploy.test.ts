import { randomBytes } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { get } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { hostProfile } from '../../src/apache/host';
import { findModule } from '../../src/deploy/moduleProbe';
import { reloadOrTakeBack, worksNow } from '../../src/deploy/proved';
import { reload } from '../../src/deploy/reload';
import { listReleases, rollback, whatIsDeployed } from '../../src/deploy/rollback';
import { writeDeployed, type WriteOptions } from '../../src/deploy/remoteEdit';
import { readStamped, statDeployed } from '../../src/deploy/remoteLook';
import { recover } from '../../src/deploy/recover';
import { uploadFile, uploadProject, type UploadOptions } from '../../src/deploy/upload';
import { switchName } from '../../src/deploy/switchName';
import { listWorkers } from '../../src/deploy/workers';
import { connect, type RemoteConnection } from '../../src/remote/connection';
import { prompts } from '../remote/prompts';
import { hasApache, startApache, type ApacheServer } from './apache';
import { countRoundTrips } from './roundTrips';
import { createUser, isRoot, sshdMissing, startSshd, type Sshd, type TestUser } from './sshd';

const usable = sshdMissing === undefined && isRoot;

describe.skipIf(!usable)('deploy to a real sshd as a temporary account', () => {
  let user: TestUser;
  let sshd: Sshd;
  let connection: RemoteConnection;
  let local: string;
  let remote: string;
  let site = 0;

  beforeAll(async () => {
    user = createUser();
    sshd = await startSshd({ user: user.name });
  });
  afterAll(async () => {
    await sshd?.stop();
    user?.remove();
  });
  beforeEach(async () => {
    local = mkdtempSync(join(tmpdir(), 'fastcgi-local-'));
    remote = join(user.home, `site${++site}`);
    makeRemoteFolder(remote);
    connection = await login(sshd);
  });
  afterEach(() => {
    connection.dispose();
    rmSync(local, { recursive: true, force: true });
  });

  const makeRemoteFolder = (path: string) => {
    mkdirSync(path);
    chownSync(path, user.uid, user.uid);
    chmodSync(path, 0o755);
  };
  const put = (path: string, content: string) => {
    mkdirSync(dirname(join(local, path)), { recursive: true });
    writeFileSync(join(local, path), content);
  };
  const options = (more: Partial<UploadOptions> = {}): UploadOptions => ({
    localRoot: local,
    remotePath: remote,
    dispatcher: 'dispatch.fcgi',
    ...more,
  });
  const onServer = (path: string) => readFileSync(join(remote, path), 'utf8');
  const modeOf = (path: string) => statSync(join(remote, path)).mode & 0o7777;
  const everything = (folder: string): string[] =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
  const sixty = () => {
    for (let at = 0; at < 57; at++)
      put(`lib/part${at % 5}/module${at}.py`, `value = ${at}\n`.repeat(at * 20));
    put('dispatch.fcgi', '#!/usr/bin/perl\r\nprint "hello";\r\n');
    put('.htaccess', 'Options -Indexes\r\n');
    put('run.sh', '#!/bin/sh\necho hello\n');
  };

  test('sends 60 files, then nothing, then one', async () => {
    sixty();
    const first = await uploadProject(connection, options());
    expect(first.created).toHaveLength(60);
    expect(everything(remote).filter((name) => name.includes('up~'))).toEqual([]);
    expect(onServer('lib/part2/module12.py')).toBe('value = 12\n'.repeat(240));

    const state = join(user.home, '.fastcgi-deploy');
    const stamps = () => everything(state).map((name) => `${name} ${statSync(join(state, name)).ino}`);
    const before = [...stamps(), ...everything(remote)];
    const again = await uploadProject(connection, options());
    expect(again).toMatchObject({
      created: [],
      changed: [],
      deleted: [],
      modes: [],
      kept: 60,
      conflicts: [],
      bytes: 0,
    });
    expect([...stamps(), ...everything(remote)]).toEqual(before);

    put('lib/part2/module12.py', 'value = 1200\n');
    const third = await uploadProject(connection, options());
    expect(third).toMatchObject({ created: [], changed: ['lib/part2/module12.py'], kept: 59 });
    expect(onServer('lib/part2/module12.py')).toBe('value = 1200\n');
  });

  test('an edit of a file on the server is a careful upload, and stays an edit on the server', async () => {
    put('lib/app.py', 'first = 1\n');
    put('run.sh', '#!/bin/sh\necho hello\n');
    await uploadProject(connection, options());
    writeFileSync(join(remote, 'visitors.txt'), 'one\n');
    chownSync(join(remote, 'visitors.txt'), user.uid, user.uid);
    chmodSync(join(remote, 'lib/app.py'), 0o640);
    const edit = async (path: string, content: string) => {
      const { stamp } = await readStamped(connection, remote, path);
      return writeDeployed(connection, {
        remotePath: remote,
        path,
        content: Buffer.from(content),
        base: stamp,
        baseSha256: stamp.sha256,
      });
    };
    const { id } = await edit('lib/app.py', 'first = 12\n');
    expect([onServer('lib/app.py'), modeOf('lib/app.py')]).toEqual(['first = 12\n', 0o640]);
    await edit('run.sh', '#!/bin/sh\r\necho other\r\n');
    expect([onServer('run.sh'), modeOf('run.sh')]).toEqual(['#!/bin/sh\necho other\n', 0o755]);
    await edit('visitors.txt', 'one\ntwo\n');
    expect(everything(remote).filter((name) => name.includes('up~'))).toEqual([]);
    expect((await listReleases(connection, remote)).map(({ entry }) => entry.id)).toContain(id);

    // What the project has is older: it neither goes over the edit nor takes away what it does not know.
    put('run.sh', '#!/bin/sh\necho other\n');
    const next = await uploadProject(connection, options());
    expect(next).toMatchObject({ created: [], changed: [], deleted: [], kept: 1 });
    expect(next.conflicts).toEqual([{ path: 'lib/app.py', reason: 'changed-on-server' }]);
    expect(onServer('visitors.txt')).toBe('one\ntwo\n');
  });

  test('an edit on the server never goes over what came there meanwhile, nor through a link', async () => {
    put('app.py', 'first = 1\n');
    await uploadProject(connection, options());
    const write = (path: string, of: Pick<WriteOptions, 'base' | 'baseSha256'>) =>
      writeDeployed(connection, { remotePath: remote, path, content: Buffer.from('mine = 1\n'), ...of });
    const { stamp: base } = await readStamped(connection, remote, 'app.py');
    // Of the same length and within the same second.
    writeFileSync(join(remote, 'app.py'), 'first = 2\n');
    utimesSync(join(remote, 'app.py'), base.mtime, base.mtime);
    await expect(write('app.py', { base, baseSha256: base.sha256 })).rejects.toThrow(
      /was changed on the server since/,
    );
    unlinkSync(join(remote, 'app.py'));
    await expect(write('app.py', { base })).rejects.toThrow(/was removed on the server since/);
    expect(existsSync(join(remote, 'app.py'))).toBe(false);

    mkdirSync(join(user.home, 'elsewhere'), { recursive: true });
    writeFileSync(join(user.home, 'elsewhere/secret.py'), 'secret = 1\n');
    symlinkSync(join(user.home, 'elsewhere'), join(remote, 'out'));
    const found = await statDeployed(connection, remote, 'out/secret.py');
    expect(found).toMatchObject({ kind: 'file', linked: true });
    await expect(write('out/secret.py', { base: found })).rejects.toThrow(/lies behind a link/);
    expect(readFileSync(join(user.home, 'elsewhere/secret.py'), 'utf8')).toBe('secret = 1\n');
    expect(await statDeployed(connection, remote, 'missing/file.py')).toBeUndefined();
  });

  test('programs arrive executable with LF, folders and files readable, the state for the owner only', async () => {
    sixty();
    await connection.exec(`umask`);
    await uploadProject(connection, options());
    expect(onServer('dispatch.fcgi')).toBe('#!/usr/bin/perl\nprint "hello";\n');
    expect(onServer('.htaccess')).toBe('Options -Indexes\r\n');
    expect([
      modeOf('dispatch.fcgi'),
      modeOf('run.sh'),
      modeOf('.htaccess'),
      modeOf('lib'),
      modeOf('lib/part1'),
    ]).toEqual([0o755, 0o755, 0o644, 0o755, 0o755]);
    expect(everything(remote).filter((name) => name.includes('.fastcgi-deploy'))).toEqual([]);
    const state = join(user.home, '.fastcgi-deploy');
    expect(statSync(state).mode & 0o777).toBe(0o700);
    expect(readFileSync(join(state, '.htaccess'), 'utf8')).toContain('Require all denied');
    const manifest = everything(state).find(
      (name) => name.endsWith('manifest.json') && name.includes(`site${site}-`),
    );
    expect(statSync(join(state, manifest ?? '')).mode & 0o777).toBe(0o600);
  });

  test('keeps the mode of the server, but never writable for others', async () => {
    put('page.html', 'one\n');
    put('tool.cgi', '#!/bin/sh\n');
    await uploadProject(connection, options());
    chmodSync(join(remote, 'page.html'), 0o666);
    chmodSync(join(remote, 'tool.cgi'), 0o700);
    put('page.html', 'two\n');
    put('tool.cgi', '#!/bin/sh\ntrue\n');
    await uploadProject(connection, options());
    expect([modeOf('page.html'), modeOf('tool.cgi')]).toEqual([0o644, 0o700]);
  });

  test('a file of somebody else keeps its mode, and keeps nothing back', async () => {
    writeFileSync(join(remote, 'theirs.html'), 'same\n');
    chmodSync(join(remote, 'theirs.html'), 0o664);
    put('theirs.html', 'same\n');
    put('page.html', 'one\n');
    await uploadProject(connection, options());
    expect([onServer('page.html'), modeOf('theirs.html')]).toEqual(['one\n', 0o664]);
    expect(await recover(connection, remote)).toBeUndefined();
  });

  test('what the web server may read by its group alone, it may read afterwards', async () => {
    const groups = (...paths: string[]) => paths.map((path) => statSync(join(remote, path)).gid);
    const other = Number(execFileSync('id', ['-g', 'www-data'], { encoding: 'utf8' }));
    const put640 = (text: string) => {
      put('dispatch.fcgi', `#!/bin/sh\n${text}\n`);
      put('config.ini', text);
    };
    put640('one');
    await uploadProject(connection, options());
    const live = ['config.ini', 'dispatch.fcgi'] as const;
    for (const path of live) {
      chownSync(join(remote, path), user.uid, other);
      chmodSync(join(remote, path), 0o750);
    }
    put640('two');
    const { notes } = await uploadProject(connection, options());
    expect(notes).toEqual(live.map((path) => expect.stringContaining(`${path} could not keep its group`)));
    // From now on the account is a member.
    execFileSync('usermod', ['-a', '-G', 'www-data', user.name]);
    for (const path of live) chownSync(join(remote, path), user.uid, other);
    connection.dispose();
    connection = await login(sshd);
    put640('three');
    expect(await uploadProject(connection, options())).toMatchObject({ notes: [], changed: live });
    expect(groups(...live)).toEqual([other, other]);
    await rollback(connection, { remotePath: remote });
    expect(groups(...live)).toEqual([other, other]);
    await reload(connection, { remotePath: remote, dispatcher: 'dispatch.fcgi', strategy: 'replace' });
    expect(groups(...live)).toEqual([other, other]);
    writeFileSync(join(remote, '.htaccess'), 'RewriteEngine On\nRewriteRule ^x$ dispatch.fcgi [L]\n');
    const host = hostProfile();
    const { to } = await switchName(connection, { remotePath: remote, dispatcher: 'dispatch.fcgi', host });
    expect([groups(to), modeOf(to)]).toEqual([[other], 0o750]);
  });

  test('an edit on the server is a conflict, and kept in the trash when overruled', async () => {
    put('page.html', 'ours\n');
    put('other.html', 'other\n');
    await uploadProject(connection, options());
    writeFileSync(join(remote, 'page.html'), 'theirs, longer\n');
    put('page.html', 'ours again\n');
    put('other.html', 'other again\n');
    const report = await uploadProject(connection, options());
    expect(report.conflicts).toEqual([{ path: 'page.html', reason: 'changed-on-server' }]);
    expect(report.changed).toEqual(['other.html']);
    expect(onServer('page.html')).toBe('theirs, longer\n');

    const forced = await uploadProject(connection, options({ overwrite: true }));
    expect(forced.changed).toEqual(['page.html']);
    expect(onServer('page.html')).toBe('ours again\n');
    expect(readFileSync(join(forced.trash ?? '', 'page.html'), 'utf8')).toBe('theirs, longer\n');
  });

  test('a file of the same content that was there before is adopted, another is a conflict', async () => {
    writeFileSync(join(remote, 'same.html'), 'same\n');
    writeFileSync(join(remote, 'different.html'), 'theirs\n');
    put('same.html', 'same\n');
    put('different.html', 'ours!!\n');
    const report = await uploadProject(connection, options());
    expect(report).toMatchObject({ created: [], changed: [], kept: 1 });
    expect(report.conflicts).toEqual([{ path: 'different.html', reason: 'not-from-here' }]);
  });

  test('deletes what we put there, and nothing else', async () => {
    put('a/ours.txt', 'ours\n');
    put('stay.txt', 'stay\n');
    await uploadProject(connection, options());
    writeFileSync(join(remote, 'theirs.txt'), 'theirs\n');
    rmSync(join(local, 'a'), { recursive: true });
    const report = await uploadProject(connection, options());
    expect(report.deleted).toEqual(['a/ours.txt']);
    expect(everything(remote)).toEqual(['stay.txt', 'theirs.txt']);
    expect(readFileSync(join(report.trash ?? '', 'a/ours.txt'), 'utf8')).toBe('ours\n');
  });

  test('a dry run says the same and changes nothing', async () => {
    put('page.html', 'one\n');
    const home = everything(user.home);
    const report = await uploadProject(connection, options({ dryRun: true }));
    expect(report).toMatchObject({ created: ['page.html'], bytes: 0, dryRun: true });
    expect(everything(user.home)).toEqual(home);
  });

  test('one file alone', async () => {
    put('page.html', 'one\n');
    put('other.html', 'other\n');
    await uploadProject(connection, options());
    put('page.html', 'two\n');
    put('other.html', 'not this one\n');
    const report = await uploadFile(connection, { ...options(), file: 'page.html' });
    expect(report.changed).toEqual(['page.html']);
    expect([onServer('page.html'), onServer('other.html')]).toEqual(['two\n', 'other\n']);
    expect(await uploadProject(connection, options())).toMatchObject({
      changed: ['other.html'],
      conflicts: [],
    });
  });

  test('waits for few answers: three for a saved file, seven for a first upload, and little more for what has to be looked for', async () => {
    sixty();
    await connection.hasShell();
    expect(await countRoundTrips(() => uploadProject(connection, options()))).toBeLessThanOrEqual(8);
    const file = 'lib/part2/module12.py';
    const saved = async () => {
      put(file, `value = ${Math.random()}\n`);
      return countRoundTrips(() => uploadFile(connection, { ...options(), file }));
    };
    await saved();
    expect(await saved()).toBeLessThanOrEqual(4);
    expect(onServer(file)).toBe(readFileSync(join(local, file), 'utf8'));
    for (const at of [1, 2, 3]) put(`lib/part${at}/module${at}.py`, 'changed\n');
    expect(await countRoundTrips(() => uploadProject(connection, options()))).toBeLessThanOrEqual(8);
    expect(await countRoundTrips(() => uploadProject(connection, options()))).toBeLessThanOrEqual(4);
    const narrow = await startSshd({ user: user.name, config: ['MaxSessions 1'] });
    connection.dispose();
    connection = await login(narrow);
    await saved();
    await saved();
    expect(onServer(file)).toBe(readFileSync(join(local, file), 'utf8'));
    await narrow.stop();
    const plain = await startSshd({ user: user.name, config: ['ForceCommand internal-sftp'] });
    connection.dispose();
    connection = await login(plain);
    await saved();
    expect(await saved()).toBeLessThanOrEqual(9);
    rmSync(remote, { recursive: true });
    mkdirSync(remote);
    chownSync(remote, user.uid, user.uid);
    rmSync(join(user.home, '.fastcgi-deploy'), { recursive: true });
    connection.dispose();
    connection = await login(plain);
    await connection.hasShell();
    // One more where the local files are read in the meantime.
    expect(await countRoundTrips(() => uploadProject(connection, options()))).toBeLessThanOrEqual(15);
    expect(onServer(file)).toBe(readFileSync(join(local, file), 'utf8'));
    connection.dispose();
    await plain.stop();
    expect(everything(remote).filter((name) => name.includes('up~'))).toEqual([]);
  });

  test('an edit on the server is noticed by a saved file, too', async () => {
    put('page.html', 'one\n');
    await uploadProject(connection, options());
    put('page.html', 'two\n');
    await uploadFile(connection, { ...options(), file: 'page.html' });
    writeFileSync(join(remote, 'page.html'), 'by somebody else\n');
    put('page.html', 'three\n');
    const report = await uploadFile(connection, { ...options(), file: 'page.html' });
    expect(report.conflicts).toEqual([{ path: 'page.html', reason: 'changed-on-server' }]);
    expect(onServer('page.html')).toBe('by somebody else\n');
  });

  test('what somebody else has uploaded meanwhile is seen by a saved file', async () => {
    put('page.html', 'one\n');
    await uploadProject(connection, options());
    put('page.html', 'two\n');
    await uploadFile(connection, { ...options(), file: 'page.html' });
    const other = await login(sshd);
    put('page.html', 'by the other\n');
    put('more.html', 'more\n');
    await uploadProject(other, options());
    other.dispose();
    put('page.html', 'three\n');
    expect((await uploadFile(connection, { ...options(), file: 'page.html' })).changed).toEqual([
      'page.html',
    ]);
    expect(onServer('page.html')).toBe('three\n');
    expect(await uploadProject(connection, options())).toMatchObject({ kept: 2, changed: [], created: [] });
  });

  test('a missing folder is named, and nothing is written', async () => {
    put('page.html', 'one\n');
    const home = everything(user.home);
    const missing = uploadProject(connection, options({ remotePath: `${remote}/nowhere` }));
    await expect(missing).rejects.toMatchObject({
      reason: 'no-such-file',
      message: expect.stringContaining('/nowhere'),
    });
    expect(everything(user.home)).toEqual(home);
  });

  test('a read-only folder: refused, old content as before, nothing left behind', async () => {
    put('page.html', 'old\n');
    await uploadProject(connection, options());
    put('page.html', 'new\n');
    put('sub/added.html', 'new\n');
    chmodSync(remote, 0o555);
    const refused = uploadProject(connection, options());
    await expect(refused).rejects.toMatchObject({ reason: 'permission-denied' });
    expect(everything(remote)).toEqual(['page.html']);
    expect(onServer('page.html')).toBe('old\n');
    chmodSync(remote, 0o755);
    expect(await uploadProject(connection, options())).toMatchObject({
      created: ['sub/added.html'],
      changed: ['page.html'],
    });
  });

  test('a full disk: said so, old content intact, no temporaries', async () => {
    execFileSync('mount', [
      '-t',
      'tmpfs',
      '-o',
      `size=2m,uid=${user.uid},gid=${user.uid},mode=755`,
      'tmpfs',
      remote,
    ]);
    try {
      put('page.html', 'old\n');
      put('lib/a.txt', 'a\n');
      await uploadProject(connection, options());
      put('page.html', 'new\n');
      put('lib/big.bin', 'x'.repeat(4 * 1024 * 1024));
      put('fresh/b.txt', 'b\n');
      const before = everything(remote);
      await expect(uploadProject(connection, options())).rejects.toMatchObject({ reason: 'no-space' });
      expect(everything(remote)).toEqual(before);
      expect(onServer('page.html')).toBe('old\n');
    } finally {
      execFileSync('umount', [remote]);
    }
  });

  test('a connection lost inside the burst is finished by the next one', async () => {
    sixty();
    await uploadProject(connection, options());
    for (let at = 0; at < 57; at++) put(`lib/part${at % 5}/module${at}.py`, `changed = ${at}\n`);
    put('dispatch.fcgi', '#!/usr/bin/perl\nprint "changed";\n');
    await cutInsideBurst(connection, remote, 20);
    await expect(uploadProject(connection, options())).rejects.toMatchObject({ reason: 'connection-lost' });
    expect(onServer('dispatch.fcgi')).toContain('hello');
    expect(everything(remote).some((name) => name.includes('.up~'))).toBe(true);

    connection = await login(sshd);
    const recovered = await recover(connection, remote);
    expect(recovered?.lost).toEqual([]);
    expect(recovered?.completed.length).toBeGreaterThan(0);
    expect(onServer('dispatch.fcgi')).toContain('changed');
    for (let at = 0; at < 57; at++)
      expect(onServer(`lib/part${at % 5}/module${at}.py`)).toBe(`changed = ${at}\n`);
    expect(everything(remote).filter((name) => name.includes('.up~'))).toEqual([]);
    expect(await uploadProject(connection, options())).toMatchObject({
      changed: [],
      conflicts: [],
      kept: 60,
    });
  });

  test('a rename that is refused in the burst: what was switched is taken back', async () => {
    sixty();
    await uploadProject(connection, options());
    put('lib/part1/module1.py', 'changed\n');
    put('lib/fresh/added.py', 'added\n');
    // Something that goes is more than one command does.
    rmSync(join(local, 'lib/part0/module0.py'));
    put('dispatch.fcgi', '#!/usr/bin/perl\nprint "changed";\n');
    const session = await connection.sftp();
    const rename = session.posixRename.bind(session);
    session.posixRename = (from, to) =>
      to === join(remote, 'dispatch.fcgi') ? rename(`${from}-is-gone`, to) : rename(from, to);
    const before = everything(remote);
    await expect(uploadProject(connection, options())).rejects.toMatchObject({
      reason: 'failure',
      message: expect.stringContaining('The site is as before'),
    });
    expect(onServer('lib/part1/module1.py')).toBe('value = 1\n'.repeat(20));
    expect(onServer('dispatch.fcgi')).toContain('hello');
    expect(everything(remote)).toEqual(before);
    expect(await recover(connection, remote)).toBe(undefined);
  });

  test('a connection lost while sending leaves the site as it was, and the next upload cleans up', async () => {
    put('page.html', 'old\n');
    await uploadProject(connection, options());
    put('page.html', 'new\n');
    put('big.bin', 'y'.repeat(8 * 1024 * 1024));
    const cut = uploadProject(connection, {
      ...options(),
      onProgress: ({ bytes }) => bytes > 1024 * 1024 && connection.dispose(),
    });
    await expect(cut).rejects.toMatchObject({ name: 'RemoteError' });
    expect(onServer('page.html')).toBe('old\n');
    expect(existsSync(join(remote, 'big.bin'))).toBe(false);

    connection = await login(sshd);
    expect(await uploadProject(connection, options())).toMatchObject({
      created: ['big.bin'],
      changed: ['page.html'],
    });
    expect(everything(remote)).toEqual(['big.bin', 'page.html']);
  });

  const many = () => {
    for (let at = 0; at < 60; at++)
      put(`lib/part${at % 3}/${at}.bin`, randomBytes(40_000).toString('latin1'));
  };

  test.each([
    ['one file', () => put('big.bin', 'y'.repeat(8 * 1024 * 1024))],
    ['the stream of one command', many],
  ])('cancelling removes what was sent: %s', async (_, fill) => {
    fill();
    const stop = new AbortController();
    const upload = uploadProject(connection, {
      ...options(),
      signal: stop.signal,
      onProgress: () => stop.abort(),
    });
    await expect(upload).rejects.toMatchObject({ reason: 'cancelled' });
    expect(everything(remote)).toEqual([]);
  });

  test('a file that changes while one command takes them all is noticed, and nothing is changed', async () => {
    many();
    const path = 'lib/part2/59.bin';
    const onProgress = () => put(path, randomBytes(40_000).toString('latin1'));
    await expect(uploadProject(connection, { ...options(), onProgress })).rejects.toThrow(
      /part2\/\d+\.bin changed while it was being uploaded/,
    );
    expect(everything(remote)).toEqual([]);
    expect(await uploadProject(connection, options())).toMatchObject({ recovered: undefined });
    expect(onServer(path)).toBe(readFileSync(join(local, path), 'utf8'));
  });

  test('two uploads at once: one is told to wait', async () => {
    sixty();
    const results = await Promise.allSettled([
      uploadProject(connection, options()),
      uploadProject(connection, options()),
    ]);
    const refused = results.filter((result) => result.status === 'rejected');
    expect(refused).toHaveLength(1);
    expect(refused[0]?.reason).toMatchObject({ reason: 'locked' });
  });

  describe('rolls back', () => {
    const options1 = () => ({ remotePath: remote, dispatcher: 'dispatch.fcgi' });
    const versions = async (count: number) => {
      const ids: string[] = [];
      for (let at = 1; at <= count; at++) {
        put('page.html', `version ${at}\n`);
        put('dispatch.fcgi', `#!/bin/sh\n# ${at}\n`);
        if (at === 2) put('only/two.txt', 'two\n');
        if (at === 3) rmSync(join(local, 'only'), { recursive: true });
        ids.push((await uploadProject(connection, options())).id ?? '');
      }
      return ids;
    };
    const inode = (path: string) => statSync(join(remote, path)).ino;

    test('to the upload before, and back again', async () => {
      await versions(3);
      const before = inode('dispatch.fcgi');
      const report = await rollback(connection, options1());
      expect(report).toMatchObject({ removed: [], conflicts: [] });
      expect([...report.restored].sort()).toEqual(['dispatch.fcgi', 'only/two.txt', 'page.html']);
      expect([onServer('page.html'), onServer('only/two.txt')]).toEqual(['version 2\n', 'two\n']);
      // A program that comes back must not come back under the inode that its old processes are known by.
      expect(inode('dispatch.fcgi')).not.toBe(before);
      expect(modeOf('dispatch.fcgi')).toBe(0o755);
      const again = await rollback(connection, options1());
      expect(again.removed).toEqual(['only/two.txt']);
      expect(onServer('page.html')).toBe('version 3\n');
      expect(everything(remote)).toEqual(['dispatch.fcgi', 'page.html']);
    });

    test('to any kept release, and says what is deployed', async () => {
      const [first = ''] = await versions(5);
      const releases = await listReleases(connection, remote);
      expect(releases.map(({ current }) => current)).toEqual([true, false, false, false, false]);
      const plan = await rollback(connection, { ...options1(), to: first, dryRun: true });
      expect(plan.restored).toEqual(['dispatch.fcgi', 'page.html']);
      expect(onServer('page.html')).toBe('version 5\n');
      await rollback(connection, { ...options1(), to: first });
      expect([onServer('page.html'), everything(remote).length]).toEqual(['version 1\n', 2]);
      const { entry, files } = await whatIsDeployed(connection, remote);
      expect(entry).toMatchObject({ kind: 'rollback', restores: first, files: 2 });
      expect([...files.keys()]).toEqual(['dispatch.fcgi', 'page.html']);
      put('page.html', 'version 1\n');
      put('dispatch.fcgi', '#!/bin/sh\n# 1\n');
      expect(await uploadProject(connection, options())).toMatchObject({ changed: [], conflicts: [] });
    });

    test('but not over the work of others, unless told to', async () => {
      await versions(2);
      writeFileSync(join(remote, 'page.html'), 'somebody else\n');
      const report = await rollback(connection, options1());
      expect(report.conflicts).toEqual([{ path: 'page.html', reason: 'changed-on-server' }]);
      expect(onServer('page.html')).toBe('somebody else\n');
    });

    test('to what somebody else had made of a file before it was overruled', async () => {
      await versions(1);
      writeFileSync(join(remote, 'page.html'), 'somebody else, longer\n');
      put('page.html', 'ours again\n');
      await uploadProject(connection, options({ overwrite: true }));
      await rollback(connection, options1());
      expect(onServer('page.html')).toBe('somebody else, longer\n');
    });

    test('not at all where the old content is no longer kept', async () => {
      const ids = await versions(2);
      const state = join(user.home, '.fastcgi-deploy');
      const trash = everything(state).find((name) => name.endsWith(`trash/${ids[1]}/page.html`));
      rmSync(join(state, trash ?? ''));
      await expect(rollback(connection, options1())).rejects.toMatchObject({ reason: 'no-such-file' });
      expect(onServer('page.html')).toBe('version 2\n');
    });

    test('the first upload away, leaving what was there before it', async () => {
      writeFileSync(join(remote, 'theirs.html'), 'theirs\n');
      await versions(1);
      const report = await rollback(connection, options1());
      expect(report).toMatchObject({ release: undefined, removed: ['dispatch.fcgi', 'page.html'] });
      expect(everything(remote)).toEqual(['theirs.html']);
    });
  });

  test('names of all sorts arrive as they are, also by the stream', async () => {
    const names = [
      ' two  spaces ',
      '-rf',
      'it\'s "quoted" $HOME `id`',
      'new\nline',
      'ünï☃',
      '*?[x]',
      `${'n'.repeat(180)}.txt`,
    ];
    for (const name of names) put(`${name}/${name}`, `${name}\n`);
    for (let at = 0; at < 60; at++) put(`-many/-file ${at}`, `${at}\n`);
    const report = await uploadProject(connection, options());
    expect(report.created).toHaveLength(names.length + 60);
    for (const name of names) expect(onServer(`${name}/${name}`)).toBe(`${name}\n`);
    expect(onServer('-many/-file 59')).toBe('59\n');
    expect(await uploadProject(connection, options())).toMatchObject({ kept: names.length + 60, bytes: 0 });
  });

  test('nothing is written through a link that may lead out', async () => {
    const outside = join(user.home, `outside${site}`);
    makeRemoteFolder(outside);
    symlinkSync(outside, join(remote, 'static'));
    put('static/site.css', 'body {}\n');
    put('page.html', 'page\n');
    const report = await uploadProject(connection, options({ overwrite: true }));
    expect(report.conflicts).toEqual([{ path: 'static/site.css', reason: 'behind-link' }]);
    expect(everything(outside)).toEqual([]);
    expect(onServer('page.html')).toBe('page\n');
  });

  test('the root folder of a machine is refused', async () => {
    put('page.html', 'page\n');
    await expect(uploadProject(connection, options({ remotePath: '/' }))).rejects.toMatchObject({
      reason: 'configuration',
    });
  });

  test('a large file that broke off is continued', async () => {
    const content = Buffer.alloc(24 * 1024 * 1024, 'abcdefgh');
    put('big.bin', content.toString());
    const cut = uploadProject(connection, {
      ...options(),
      onProgress: ({ bytes }) => bytes > 12 * 1024 * 1024 && connection.dispose(),
    });
    await expect(cut).rejects.toMatchObject({ name: 'RemoteError' });
    connection = await login(sshd);
    let first: number | undefined;
    const report = await uploadProject(connection, {
      ...options(),
      onProgress: ({ bytes }) => (first ??= bytes),
    });
    expect(report.created).toEqual(['big.bin']);
    expect(first).toBeGreaterThan(4 * 1024 * 1024);
    expect(readFileSync(join(remote, 'big.bin')).equals(content)).toBe(true);
    expect(everything(remote)).toEqual(['big.bin']);
  });

  describe.skipIf(!hasApache().available)('under a real Apache with mod_fcgid', () => {
    let apache: ApacheServer | undefined;
    afterEach(async () => {
      await apache?.stop();
      apache = undefined;
    });

    const perl = (version: string) =>
      `#!/usr/bin/perl\nuse FCGI;\nmy $r = FCGI::Request();\nwhile ($r->Accept() >= 0) { print "Content-Type: text/plain\\r\\n\\r\\n${version} $$\\n"; }\n`;
    const rules =
      'RewriteEngine On\nRewriteCond %{REQUEST_FILENAME} !-f\nRewriteRule ^(.*)$ dispatch.fcgi/$1 [QSA,L]\n';
    const start = async () => {
      put('.htaccess', rules);
      put('dispatch.fcgi', perl('version0'));
      await uploadProject(connection, options());
      apache = await startApache({ documentRoot: remote, user: user.name });
      return apache.url;
    };

    test('20 uploads in a row: the very next request runs the new code', async () => {
      const url = await start();
      expect((await answerOf(url)).text).toMatch(/^version0 /);
      const stale: string[] = [];
      const failed: number[] = [];
      for (let at = 1; at <= 20; at++) {
        put('dispatch.fcgi', perl(`version${at}`));
        await uploadProject(connection, options());
        const answer = await answerOf(`${url}/page`);
        if (answer.status !== 200) failed.push(answer.status);
        else if (!answer.text.startsWith(`version${at} `)) stale.push(`${at}: ${answer.text}`);
      }
      expect({ stale, failed }).toEqual({ stale: [], failed: [] });
    });

    test('20 reloads in a row: a new process each time, proved, and old ones ended', async () => {
      const url = await start();
      const unproved: unknown[] = [];
      for (let at = 1; at <= 20; at++) {
        const before = (await answerOf(url)).text;
        const report = await reload(connection, {
          remotePath: remote,
          dispatcher: 'dispatch.fcgi',
          url: `${url}/page`,
        });
        const after = await answerOf(url);
        if (report.evidence !== 'new-process' || after.status !== 200 || after.text === before)
          unproved.push({ report, before, after });
      }
      expect(unproved).toEqual([]);
      const running = execFileSync('ps', ['-o', 'args=', '-u', user.name], { encoding: 'utf8' });
      const workers = running.split('\n').filter((line) => line.includes(join(remote, 'dispatch.fcgi')));
      expect(workers.length).toBeLessThanOrEqual(2);
      expect(modeOf('dispatch.fcgi')).toBe(0o755);
    });

    /** Requests without a pause until it is told to end. Gives what came that was not 200 with a version. */
    const load = (url: string) => {
      const strange: string[] = [];
      let count = 0;
      const stop = new AbortController();
      const client = async () => {
        while (!stop.signal.aborted) {
          const { status, text } = await answerOf(`${url}/load`).catch((error: unknown) => ({
            status: 0,
            text: String(error),
          }));
          count++;
          if (status !== 200 || !text.startsWith('version')) strange.push(`${status} ${text}`);
          // Apache and this test share the machine with others.
          await new Promise((resolve) => setTimeout(resolve, 5));
        }
      };
      const clients = [client(), client(), client()];
      const end = async () => {
        stop.abort();
        await Promise.all(clients);
        return { strange, count };
      };
      /** Resolves when so many more requests were answered: a machine may be quicker than its load. */
      const more = async (wanted: number) => {
        const enough = count + wanted;
        await expect.poll(() => count, { timeout: 30_000 }).toBeGreaterThanOrEqual(enough);
      };
      return { end, more };
    };

    // DEPLOYS=20 asks for as many as the aim names; CI has time for a few.
    const deploys = Number(process.env['DEPLOYS'] ?? 5);
    test('deploys in a row under load: no request fails, none is answered by old code after the proof, no old process stays', async () => {
      const url = await start();
      await answerOf(url);
      const { end, more } = load(url);
      const stale: string[] = [];
      const unproved: unknown[] = [];
      for (let at = 1; at <= deploys; at++) {
        put('dispatch.fcgi', perl(`version${at}`));
        await uploadProject(connection, options());
        const { proved, evidence } = await reload(connection, {
          remotePath: remote,
          dispatcher: 'dispatch.fcgi',
          url: `${url}/page`,
        });
        if (!proved) unproved.push(evidence);
        const answers = await Promise.all(Array.from({ length: 5 }, () => answerOf(`${url}/page`)));
        await more(6);
        stale.push(...answers.map(({ text }) => text).filter((text) => !text.startsWith(`version${at} `)));
      }
      const { strange, count } = await end();
      expect({ stale, unproved, strange }).toEqual({ stale: [], unproved: [], strange: [] });
      expect(count).toBeGreaterThan(5 * deploys);
      // What was busy when its time came ends with the next reload.
      await reload(connection, { remotePath: remote, dispatcher: 'dispatch.fcgi', url });
      const workers = await listWorkers(connection, [join(remote, 'dispatch.fcgi')]);
      const texts = await Promise.all(Array.from({ length: 10 }, () => answerOf(url)));
      expect(new Set(texts.map(({ text }) => text.split(' ')[0]))).toEqual(new Set([`version${deploys}`]));
      expect(workers.length).toBeLessThanOrEqual(4);
    });

    test('says which module is loaded, and leaves nothing of the question', async () => {
      const url = await start();
      const before = everything(remote);
      expect(await findModule(connection, { remotePath: remote, url })).toBe('mod_fcgid');
      expect(everything(remote)).toEqual(before);
      expect(await uploadProject(connection, options())).toMatchObject({ changed: [], created: [] });
    });

    test('another name for the dispatcher under load: no request fails, and later uploads know it', async () => {
      const url = await start();
      await answerOf(url);
      const { end } = load(url);
      const taken: string[] = [];
      for (let at = 1; at <= 3; at++) {
        put('dispatch.fcgi', perl(`version${at}`));
        const host = hostProfile();
        const { to } = await switchName(connection, {
          remotePath: remote,
          dispatcher: 'dispatch.fcgi',
          localRoot: local,
          host,
        });
        taken.push(to);
        expect((await answerOf(`${url}/page`)).text).toMatch(new RegExp(`^version${at} `));
      }
      expect(taken).toEqual(['dispatch-2.fcgi', 'dispatch-3.fcgi', 'dispatch-4.fcgi']);
      put('dispatch.fcgi', perl('version9'));
      expect((await uploadProject(connection, options())).changed).toEqual(['dispatch-4.fcgi']);
      const report = await reload(connection, { remotePath: remote, dispatcher: 'dispatch.fcgi', url });
      expect(report.proved).toBe(true);
      expect((await answerOf(url)).text).toMatch(/^version9 /);
      expect((await end()).strange).toEqual([]);
      expect(onServer('.htaccess')).toContain('dispatch-4.fcgi/$1');
      expect(readFileSync(join(local, '.htaccess'), 'utf8')).toContain(' dispatch.fcgi/$1');
    });

    test('a dispatcher that is broken at start, uploaded all the same, is taken back', async () => {
      const url = await start();
      const order = { remotePath: remote, dispatcher: 'dispatch.fcgi', url: `${url}/page` };
      const worked = await worksNow(order.url);
      put('dispatch.fcgi', '#!/usr/bin/perl\ndie "broken";\n');
      const { id } = await uploadProject(connection, options());
      const { report, takenBack, afterwards } = await reloadOrTakeBack(connection, order, {
        worked,
        deploy: id,
      });
      expect(report.evidence).toBe('failing');
      expect(takenBack?.restored).toEqual(['dispatch.fcgi']);
      expect(afterwards).toMatchObject({ status: 200 });
      expect((await answerOf(url)).text).toMatch(/^version0 /);
    });

    test('a first upload is not taken back: what was not there did not work', async () => {
      put('.htaccess', 'Options +ExecCGI\n');
      put('dispatch.fcgi', '#!/usr/bin/perl\ndie "broken";\n');
      apache = await startApache({ documentRoot: remote, user: user.name });
      const url = `${apache.url}/dispatch.fcgi`;
      const worked = await worksNow(url);
      const { id } = await uploadProject(connection, options());
      const order = { remotePath: remote, dispatcher: 'dispatch.fcgi', url };
      const { report, takenBack } = await reloadOrTakeBack(connection, order, { worked, deploy: id });
      expect({ worked, evidence: report.evidence, takenBack }).toEqual({
        worked: true,
        evidence: 'failing',
        takenBack: undefined,
      });
      expect(onServer('dispatch.fcgi')).toContain('broken');
    });

    test('a request that an old process is still working on is not cut off', async () => {
      const url = await start();
      const [begun, go] = [join(remote, 'begun'), join(remote, 'go')];
      const waiting = `if ($ENV{PATH_INFO} eq "/slow") { open F, ">", "${begun}"; close F; select undef, undef, undef, 0.05 until -e "${go}" }`;
      put('dispatch.fcgi', perl('slow').replace('{ print', `{ ${waiting} print`));
      await uploadProject(connection, options());
      await answerOf(url);
      const pending = answerOf(`${url}/slow`);
      await expect.poll(() => existsSync(begun), { timeout: 20_000 }).toBe(true);
      const report = await reload(connection, {
        remotePath: remote,
        dispatcher: 'dispatch.fcgi',
        url: `${url}/page`,
      });
      expect(report).toMatchObject({ proved: true, evidence: 'new-process' });
      expect(report.steps.join('\n')).toContain('Left 1 old process(es) alone');
      writeFileSync(go, '');
      expect((await pending).status).toBe(200);
    });

    test('touch does nothing under mod_fcgid, and the report says so', async () => {
      const url = await start();
      await answerOf(url);
      const report = await reload(connection, {
        remotePath: remote,
        dispatcher: 'dispatch.fcgi',
        url,
        strategy: 'touch',
      });
      expect(report).toMatchObject({ proved: false, evidence: 'old-process', status: 200 });
      expect(report.module).toBe('mod_fcgid');
    });

    test('a broken dispatcher is reported as failing', async () => {
      const url = await start();
      await answerOf(url);
      put('dispatch.fcgi', '#!/usr/bin/perl\ndie "broken";\n');
      await uploadProject(connection, options());
      const report = await reload(connection, { remotePath: remote, dispatcher: 'dispatch.fcgi', url });
      expect(report).toMatchObject({ proved: false, evidence: 'failing' });
    });
  });

  test('a missing dispatcher is named', async () => {
    const report = reload(connection, { remotePath: remote, dispatcher: 'dispatch.fcgi' });
    await expect(report).rejects.toMatchObject({
      reason: 'no-such-file',
      message: expect.stringContaining('Upload it'),
    });
    expect(() => unlinkSync(join(remote, 'dispatch.fcgi'))).toThrow('ENOENT');
  });
});

function login(sshd: Sshd): Promise<RemoteConnection> {
  return connect(
    {
      host: '127.0.0.1',
      port: sshd.port,
      user: sshd.user,
      identityFile: sshd.clientKey,
      knownHostsFiles: [sshd.knownHosts],
      agent: 'none',
      configFile: 'none',
    },
    { prompts: prompts() },
  );
}

/** Ends the connection when the burst has done so many renames. */
async function cutInsideBurst(connection: RemoteConnection, folder: string, after: number): Promise<void> {
  const session = await connection.sftp();
  const rename = session.posixRename.bind(session);
  let count = 0;
  session.posixRename = async (from, to) => {
    if (to.startsWith(`${folder}/`) && ++count > after) connection.dispose();
    return rename(from, to);
  };
}

function answerOf(url: string): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    get(url, { agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
    }).on('error', reject);
  });
}
