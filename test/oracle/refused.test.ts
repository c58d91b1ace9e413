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
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { reload } from '../../src/deploy/reload';
import { rollback } from '../../src/deploy/rollback';
import { recover } from '../../src/deploy/recover';
import { uploadProject, type UploadOptions } from '../../src/deploy/upload';
import { connect, type RemoteConnection } from '../../src/remote/connection';
import { prompts } from '../remote/prompts';
import { createUser, isRoot, sshdMissing, startSshd, type Sshd, type TestUser } from './sshd';

const usable = sshdMissing === undefined && isRoot;

describe.skipIf(!usable)('what the server refuses in the middle of an upload', () => {
  let user: TestUser;
  let sshd: Sshd;
  let connection: RemoteConnection;
  let local: string;
  let remote: string;
  let mounted: string[] = [];
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
    mkdirSync(remote);
    chownSync(remote, user.uid, user.uid);
    connection = await login();
  });
  afterEach(() => {
    connection.dispose();
    for (const folder of mounted) execFileSync('umount', [folder]);
    mounted = [];
    rmSync(local, { recursive: true, force: true });
  });

  const login = () =>
    connect(
      {
        host: '127.0.0.1',
        port: sshd.port,
        user: user.name,
        identityFile: sshd.clientKey,
        knownHostsFiles: [sshd.knownHosts],
        agent: 'none',
        configFile: 'none',
      },
      { prompts: prompts() },
    );
  const put = (path: string, content: string) => {
    mkdirSync(dirname(join(local, path)), { recursive: true });
    writeFileSync(join(local, path), content);
  };
  const options = (): UploadOptions => ({ localRoot: local, remotePath: remote });
  const upload = () => uploadProject(connection, options());
  /** A file system of its own, in memory. */
  const mount = (folder: string, limits: string) => {
    mkdirSync(folder, { recursive: true });
    const mode = `uid=${user.uid},gid=${user.uid},mode=755`;
    execFileSync('mount', ['-t', 'tmpfs', '-o', `${limits},${mode}`, 'tmpfs', folder]);
    mounted.push(folder);
  };
  /** Everything below a folder: content, mode, owner and time of the files. */
  const snapshot = (folder = remote) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .sort()
      .map((name) => {
        const path = join(folder, name);
        const { mode, uid, mtimeMs } = statSync(path);
        if (statSync(path).isDirectory()) return [name, mode, uid];
        return [name, mode, uid, Math.floor(mtimeMs / 1000), readFileSync(path, 'utf8')];
      });
  /** Only who owns a file, or the folder, may replace or remove it; this file is root's. */
  const closeTo = (path: string) => {
    chownSync(join(remote, path), 0, 0);
    chownSync(dirname(join(remote, path)), 0, 0);
    chmodSync(dirname(join(remote, path)), 0o1777);
  };
  const openAgain = (path: string) => {
    chownSync(join(remote, path), user.uid, user.uid);
    chownSync(dirname(join(remote, path)), user.uid, user.uid);
    chmodSync(dirname(join(remote, path)), 0o755);
  };
  const first = async () => {
    for (const name of ['.htaccess', 'lib/one.py', 'lib/two.py', 'lib/gone.py']) put(name, `# ${name}\n`);
    await upload();
    chmodSync(join(remote, 'lib/one.py'), 0o640);
  };
  const second = () => {
    for (const name of ['.htaccess', 'lib/one.py', 'lib/two.py', 'fresh/new.py'])
      put(name, `# new ${name}\n`);
    rmSync(join(local, 'lib/gone.py'));
  };
  const isDone = () => {
    expect(readFileSync(join(remote, '.htaccess'), 'utf8')).toBe('# new .htaccess\n');
    expect(existsSync(join(remote, 'lib/gone.py'))).toBe(false);
    expect(JSON.stringify(snapshot())).not.toContain('.up~');
  };

  describe.each([
    ['with the trash on the same file system', false],
    ['with the trash on another file system', true],
  ])('%s', (_, apart) => {
    beforeEach(() => {
      if (apart) mount(remote, 'size=4m');
    });

    test.each([
      ['a removal', 'lib/gone.py', 'may not remove'],
      ['a replacement', 'lib/two.py', 'Could not replace'],
    ])('%s: all is as before, and nothing stands in the way of the next one', async (_what, path, words) => {
      await first();
      second();
      closeTo(path);
      const before = snapshot();
      await expect(upload()).rejects.toMatchObject({
        message: expect.stringMatching(new RegExp(`${words} .*${path}.*The site is as before`)) as string,
      });
      expect(snapshot()).toEqual(before);
      expect(await recover(connection, remote)).toBeUndefined();
      openAgain(path);
      expect(await upload()).toMatchObject({ conflicts: [], deleted: ['lib/gone.py'] });
      isDone();
      expect(await rollback(connection, { remotePath: remote })).toMatchObject({ conflicts: [] });
      expect(readFileSync(join(remote, 'lib/gone.py'), 'utf8')).toBe('# lib/gone.py\n');
    });

    test.each(['lib/gone.py', 'lib/two.py'])(
      'an interrupted upload that cannot be finished (%s) is taken back',
      async (path) => {
        await first();
        second();
        const before = snapshot();
        await cutAfter(connection, remote, 1);
        await expect(upload()).rejects.toMatchObject({ reason: 'connection-lost' });
        connection = await login();
        // Still to come when the line was cut.
        closeTo(path);
        expect(await recover(connection, remote)).toMatchObject({ outcome: 'undone' });
        openAgain(path);
        const files = (all: readonly unknown[][]) => all.filter((one) => one.length > 3);
        expect(files(snapshot())).toEqual(files(before));
        expect(await upload()).toMatchObject({ conflicts: [], deleted: ['lib/gone.py'] });
        isDone();
      },
    );
  });

  test('what fails after an interrupted upload was finished says both', async () => {
    await first();
    second();
    await cutAfter(connection, remote, 1);
    await expect(upload()).rejects.toMatchObject({ reason: 'connection-lost' });
    connection = await login();
    const finished =
      /^An earlier upload that was interrupted was finished first: the site has its files now\. After that: /;
    mkdirSync(join(remote, 'closed'));
    chmodSync(join(remote, 'closed'), 0o755);
    put('closed/page.html', '1\n');
    await expect(upload()).rejects.toMatchObject({
      reason: 'permission-denied',
      message: expect.stringMatching(
        new RegExp(`${finished.source}This account may not put files into \\S+/closed on the server`),
      ) as string,
    });
    isDone();
    await expect(upload()).rejects.toMatchObject({
      message: expect.stringMatching(/^This account may not put/) as string,
    });
  });

  test('the permissions of a file that somebody else owns are not set out to be corrected', async () => {
    await first();
    chownSync(join(remote, 'lib/two.py'), 0, 0);
    chmodSync(join(remote, 'lib/two.py'), 0o666);
    chmodSync(join(remote, 'lib/gone.py'), 0o666);
    expect(await upload()).toMatchObject({ modes: ['lib/gone.py'], notes: [] });
    expect(await upload()).toMatchObject({ modes: [], kept: 4, id: undefined });
    expect(statSync(join(remote, 'lib/two.py')).mode & 0o777).toBe(0o666);
  });

  test('a disk without room for the note of what is removed: nothing is lost, whatever it has left', async () => {
    const reasons = new Set<string>();
    mount(join(user.home, '.fastcgi-deploy'), 'size=1m,nr_inodes=64');
    await first();
    second();
    for (const name of ['.htaccess', 'lib/one.py', 'lib/two.py']) put(name, `# ${name}\n`);
    const [folder = ''] = mounted;
    const before = snapshot();
    for (let left = 1; ; left++) {
      const free = Number(execFileSync('stat', ['-f', '-c', '%d', folder], { encoding: 'utf8' }));
      const ballast = Array.from({ length: free - left }, (__, at) => join(folder, `ballast${at}`));
      for (const file of ballast) writeFileSync(file, '');
      const error = await upload().then(
        () => undefined,
        (one: Error & { reason?: string }) => one,
      );
      for (const file of ballast) rmSync(file);
      if (!error) break;
      reasons.add(error.reason ?? '');
      expect(snapshot()).toEqual(before);
      expect(error.message).toMatch(/The site is as before|the site is as before/);
    }
    expect(existsSync(join(remote, 'lib/gone.py'))).toBe(false);
    expect(await rollback(connection, { remotePath: remote })).toMatchObject({ restored: ['lib/gone.py'] });
    expect([...reasons].sort()).toEqual(['failure', 'no-space']);
  });

  test('a disk that takes no more files, and a folder that is closed, are named', async () => {
    mount(remote, 'size=1m,nr_inodes=8');
    await first();
    second();
    put('fresh/other.py', '1\n');
    await expect(upload()).rejects.toMatchObject({
      reason: 'no-space',
      message: expect.stringMatching(
        /\/site\d+\/[\w./]+: the disk can take no more files\. Nothing was changed: the site is as before/,
      ) as string,
    });
    rmSync(join(local, 'fresh'), { recursive: true });
    chmodSync(join(remote, 'lib'), 0o555);
    await expect(upload()).rejects.toMatchObject({
      reason: 'permission-denied',
      message: expect.stringMatching(
        /^This account may not put files into \S+\/lib on the server, where (one|two)\.py belongs\. Nothing was changed.*"ignore"/,
      ) as string,
    });
    chmodSync(join(remote, 'lib'), 0o755);
  });

  test.each(['auto', 'touch'] as const)(
    'a reload in a folder that is closed names the folder (%s)',
    async (strategy) => {
      put('dispatch.fcgi', '#!/bin/sh\n');
      await upload();
      chmodSync(remote, 0o555);
      await expect(
        reload(connection, { remotePath: remote, dispatcher: 'dispatch.fcgi', strategy }),
      ).rejects.toMatchObject({
        reason: 'permission-denied',
        message: `This account may not put files into ${remote} on the server, where dispatch.fcgi belongs. The program was not reloaded. Correct the owner or the mode of that folder (chmod u+w).`,
      });
      chmodSync(remote, 0o755);
    },
  );

  test("a reload by Passenger's file makes the folder of it", async () => {
    put('dispatch.fcgi', '#!/bin/sh\n');
    await upload();
    const order = { remotePath: remote, dispatcher: 'dispatch.fcgi', strategy: 'restart-file' } as const;
    expect(await reload(connection, order)).toMatchObject({ evidence: 'not-asked' });
    expect(existsSync(join(remote, 'tmp/restart.txt'))).toBe(true);
  });
});

/** Ends the connection once so many files are in their places. */
async function cutAfter(connection: RemoteConnection, folder: string, files: number): Promise<void> {
  const session = await connection.sftp();
  const rename = session.posixRename.bind(session);
  let count = 0;
  session.posixRename = async (from, to) => {
    if (to.startsWith(`${folder}/`) && count++ >= files) connection.dispose();
    return rename(from, to);
  };
}
