import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { hostProfile } from '../../src/apache/host';
import { backOffOf } from '../../src/deploy/backOff';
import { download, nameOfDeployed, readDeployed } from '../../src/deploy/download';
import { removeRetired, revive } from '../../src/deploy/revive';
import { reload } from '../../src/deploy/reload';
import { uploadProject, uploadSelection } from '../../src/deploy/upload';
import { parseLogLine } from '../../src/errorlog';
import { connect, type RemoteConnection } from '../../src/remote/connection';
import { countRequests } from '../oracle/countedRequests';
import { prompts } from '../remote/prompts';
import { startServer, type TestServer } from '../remote/server';
import { ModFastcgi, type Answer } from './modFastcgi';

const rules =
  'AddHandler fastcgi-script .fcgi\nRewriteEngine On\nRewriteCond %{REQUEST_FILENAME} !-f\nRewriteRule ^(.*)$ dispatch.fcgi/$1 [QSA,L]\n';

describe('under mod_fastcgi', () => {
  let server: TestServer;
  let connection: RemoteConnection;
  let folder: string;
  let local: string;
  let remote: string;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'fastcgi-revive-'));
    local = join(folder, 'local');
    remote = join(folder, 'server', 'site');
    mkdirSync(local);
    mkdirSync(remote, { recursive: true });
    // A server that renames over a file by its shell alone, and shows no processes.
    const exec = (command: string) => {
      if (!/mv -f|__ok__/.test(command)) return { stdout: '', code: 1 };
      const { stdout, status } = spawnSync('sh', ['-c', command], { encoding: 'utf8', input: '' });
      return { stdout, code: status ?? 1 };
    };
    server = await startServer({ home: join(folder, 'server'), exec });
    connection = await connect(server.target, { prompts: prompts({ hostKey: async () => 'once' }) });
    writeFileSync(join(local, '.htaccess'), rules);
  });
  afterEach(async () => {
    connection.dispose();
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const program = (text: string) => writeFileSync(join(local, 'dispatch.fcgi'), `#!/bin/sh\n# ${text}\n`);
  const upload = () =>
    uploadProject(connection, { localRoot: local, remotePath: remote, dispatcher: 'dispatch.fcgi' });
  const place = () => ({ remotePath: remote, dispatcher: 'dispatch.fcgi' });
  const order = () => ({ ...place(), localRoot: local, host: hostProfile({ addHandler: {} }) });
  const codeOf = (answer: Answer) =>
    answer.kind === 'answered' ? answer.code.split('# ')[1]?.trim() : answer.kind;
  const backedOff = (module: ModFastcgi) => {
    const now = new Date(module.now * 1000).toISOString().slice(0, 19);
    return backOffOf(
      module.log.map((line) => parseLogLine(line)),
      now,
      'dispatch.fcgi',
    );
  };

  test('a touch or a new file reloads only where the host updates by itself', async () => {
    for (const autoUpdate of [false, true]) {
      const module = new ModFastcgi(remote, { autoUpdate });
      program('one');
      await upload();
      expect(codeOf(module.request('/page'))).toBe('one');
      program('two');
      await upload();
      // A time stamp within the second of the start is never noticed: ours always moves on.
      await reload(connection, { ...place(), strategy: 'touch' });
      await reload(connection, { ...place(), strategy: 'touch' });
      expect(codeOf(module.request('/page'))).toBe(autoUpdate ? 'two' : 'one');
    }
  });

  test('the file is never dated into the future by more than the reloads within one second', async () => {
    program('one');
    await upload();
    for (let at = 0; at < 3; at++) await reload(connection, { ...place(), strategy: 'touch' });
    const ahead = statSync(join(remote, 'dispatch.fcgi')).mtimeMs / 1000 - Date.now() / 1000;
    expect(ahead).toBeLessThan(5);
  });

  test('back-off: nothing under the old name helps, the new one answers at once, and no request ever goes nowhere', async () => {
    const module = new ModFastcgi(remote, { autoUpdate: true });
    program('die');
    await upload();
    expect(module.request('/page').kind).toBe('hangs');
    expect(backedOff(module)).toMatchObject({
      kind: 'backed-off',
      secondsLeft: 567,
      cause: 'it ended with status 1',
    });
    program('fixed');
    await upload();
    await reload(connection, place());
    expect(module.request('/page').kind).toBe('hangs');

    const seen = new Set<string>();
    const stop = countRequests(() => {
      for (const target of ['/page', '/dispatch.fcgi', '/dispatch-2.fcgi/x']) {
        const before = module.now;
        const answer = module.request(target);
        module.now = before;
        seen.add(`${target} ${answer.kind === 'answered' ? codeOf(answer) : answer.kind}`);
      }
    });
    const report = await revive(connection, order()).finally(stop);
    expect(report).toMatchObject({ from: 'dispatch.fcgi', to: 'dispatch-2.fcgi', rewritten: ['.htaccess'] });
    expect(codeOf(module.request('/page'))).toBe('fixed');
    const bad = [...seen].filter(
      (one) => /source|nowhere/.test(one) && !one.startsWith('/dispatch-2.fcgi/x nowhere'),
    );
    expect(bad).toEqual([]);
    expect(seen).toContain('/page hangs');

    // The next uploads know the name, and go on without a switch.
    program('fixed again');
    expect((await upload()).changed).toEqual(['dispatch-2.fcgi']);
    expect(readdirSync(remote).sort()).toEqual(['.htaccess', 'dispatch-2.fcgi', 'dispatch.fcgi']);
  });

  test('under another name, a single upload, a conflict, a comparison and a download mean the same file', async () => {
    program('one');
    await upload();
    await revive(connection, order());
    const there = () => readFileSync(join(remote, 'dispatch-2.fcgi'), 'utf8');
    const options = { localRoot: local, remotePath: remote, dispatcher: 'dispatch.fcgi' };
    const paths = ['dispatch.fcgi', '.htaccess'];
    program('two');
    const alone = await uploadSelection(connection, { ...options, paths });
    expect(alone).toMatchObject({ changed: ['dispatch-2.fcgi'], created: [], conflicts: [], deleted: [] });
    expect(there()).toContain('# two');

    writeFileSync(join(remote, 'dispatch-2.fcgi'), '#!/bin/sh\n# somebody else was here\n');
    program('three');
    const { conflicts } = await upload();
    expect(conflicts).toEqual([{ path: 'dispatch.fcgi', reason: 'changed-on-server' }]);
    expect(await nameOfDeployed(connection, remote, 'dispatch-2.fcgi')).toBe('dispatch.fcgi');
    const theirs = await readDeployed(connection, remote, 'dispatch.fcgi');
    expect(theirs.toString()).toContain('somebody else');
    const mine = conflicts.map(({ path }) => path);
    await uploadSelection(connection, { ...options, paths: mine, overwrite: mine });
    expect(there()).toContain('# three');

    // The .htaccess there names dispatch-2.fcgi: that is no difference to anybody here.
    expect((await readDeployed(connection, remote, '.htaccess')).toString()).toBe(rules);
    rmSync(join(local, '.htaccess'));
    rmSync(join(local, 'dispatch.fcgi'));
    const report = await download(connection, { localRoot: local, remotePath: remote, path: '' });
    expect(report).toEqual({ written: ['.htaccess', 'dispatch.fcgi'], same: 0, notes: [] });
    expect(readFileSync(join(local, '.htaccess'), 'utf8')).toBe(rules);
    expect(readFileSync(join(local, 'dispatch.fcgi'), 'utf8')).toContain('# three');
    expect(statSync(join(local, 'dispatch.fcgi')).mode & 0o100).toBe(0o100);
    expect((await upload()).plan).toMatchObject({ create: [], change: [], conflicts: [] });
  });

  test('the old name goes when nobody can wait for it any more, and not before', async () => {
    program('one');
    await upload();
    await revive(connection, order());
    expect(await removeRetired(connection, remote)).toEqual([]);
    const state = join(folder, 'server', '.fastcgi-deploy');
    const [name = ''] = readdirSync(state).filter((one) => one.startsWith('site-'));
    const file = join(state, name, 'manifest.json');
    writeFileSync(
      file,
      readFileSync(file, 'utf8').replace(
        /"since":(\d+)/,
        (_, since: string) => `"since":${Number(since) - 60}`,
      ),
    );
    expect(await removeRetired(connection, remote)).toEqual(['dispatch.fcgi']);
    expect(readdirSync(remote).sort()).toEqual(['.htaccess', 'dispatch-2.fcgi']);
  });

  test('what would fail again is not sent', async () => {
    program('one');
    await upload();
    writeFileSync(join(local, 'dispatch.fcgi'), 'no shebang\n');
    await expect(revive(connection, order())).rejects.toMatchObject({ reason: 'configuration' });
    program('two');
    const starts = async () => 'it ends with status 1.';
    await expect(revive(connection, { ...order(), starts })).rejects.toMatchObject({
      message: expect.stringContaining('would fail under its new name, too'),
    });
    expect(readdirSync(remote).sort()).toEqual(['.htaccess', 'dispatch.fcgi']);
  });

  test('refused where Apache would show the source, or nothing names the program', async () => {
    writeFileSync(
      join(local, '.htaccess'),
      rules.replace(
        'AddHandler fastcgi-script .fcgi',
        '<FilesMatch "^d[i]spatch.fcgi$">\nSetHandler fastcgi-script\n</FilesMatch>',
      ),
    );
    program('one');
    await upload();
    await expect(revive(connection, order())).rejects.toMatchObject({
      message: expect.stringContaining('source'),
    });
    writeFileSync(join(local, '.htaccess'), 'Options -Indexes\n');
    await upload();
    await expect(revive(connection, order())).rejects.toMatchObject({
      message: expect.stringContaining('names'),
    });
    expect(readdirSync(remote).sort()).toEqual(['.htaccess', 'dispatch.fcgi']);
  });
});
