import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { reload } from '../../src/deploy/reload';
import { mendOnServer } from '../../src/doctor';
import { remotePreflight } from '../../src/deploy/preflight';
import { rollback } from '../../src/deploy/rollback';
import { recover } from '../../src/deploy/recover';
import { uploadFile, uploadProject, type UploadReport } from '../../src/deploy/upload';
import { connect, type RemoteConnection } from '../../src/remote/connection';
import { prompts } from '../remote/prompts';
import { countRequests } from './countedRequests';
import { differences, digest, snapshotOf, type Entry, type Snapshot } from './siteSnapshot';
import { createUser, isRoot, sshdMissing, startSshd, type Sshd, type TestUser } from './sshd';

/**
 * Whatever is done with a site, nothing on the account changes but what has to: each name's kind, mode, owner, group, inode, number of
 * links, time and content are compared. UNTOUCHED=100 asks for so many sites of each kind of account; CI takes one.
 */
const sites = Number(process.env['UNTOUCHED'] ?? 1);
const firstSeed = Number(process.env['UNTOUCHED_SEED'] ?? 1);
const usable = sshdMissing === undefined && isRoot;
const library = readFileSync(new URL('../../media/templates/shared/fcgi.py', import.meta.url), 'utf8');
const program = (page: string): string =>
  `#!/usr/bin/python3\nfrom lib.app import page\nimport fcgi\ndef application(environ, start_response):\n    start_response('200 OK', [])\n    return [page + b'${page}']\nfcgi.WSGIServer(application).run()\n`;

type Kind = 'shell and Perl' | 'shell without Perl' | 'SFTP only';

describe.skipIf(!usable).each<[Kind, string]>([
  ['shell and Perl', '022'],
  ['shell and Perl', '077'],
  ['shell without Perl', '002'],
  ['SFTP only', '077'],
])('an account with %s and umask %s', (kind, umask) => {
  let user: TestUser;
  let sshd: Sshd;
  let scratch: string;
  let webGroup: number;
  let connection: RemoteConnection;

  beforeAll(async () => {
    user = createUser();
    scratch = mkdtempSync(join(tmpdir(), 'fastcgi-untouched-'));
    execFileSync('usermod', ['-a', '-G', 'www-data', user.name]);
    webGroup = Number(execFileSync('getent', ['group', 'www-data'], { encoding: 'utf8' }).split(':')[2]);
    sshd = await startSshd({ user: user.name, config: configOf() });
    const profile = join(user.home, '.bashrc');
    writeFileSync(profile, `umask ${umask}\n${existsSync(profile) ? readFileSync(profile, 'utf8') : ''}`);
  });
  afterAll(async () => {
    await sshd?.stop();
    user?.remove();
    rmSync(scratch, { recursive: true, force: true });
  });

  function configOf(): string[] {
    const sftp = `internal-sftp -u 0${umask}`;
    if (kind === 'SFTP only') return [`ForceCommand ${sftp}`];
    return [
      `Subsystem sftp ${sftp}`,
      ...(kind === 'shell and Perl' ? [] : [`SetEnv PATH=${toolsWithoutPerl()}`]),
    ];
  }

  function toolsWithoutPerl(): string {
    const folder = join(scratch, 'tools');
    mkdirSync(folder);
    chmodSync(scratch, 0o755);
    chmodSync(folder, 0o755);
    for (const name of readdirSync('/usr/bin').filter((one) => !one.startsWith('perl'))) {
      symlinkSync(`/usr/bin/${name}`, join(folder, name));
    }
    return folder;
  }

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

  /** A site as it may lie on a server, and a project that is to go there. */
  class Site {
    readonly local: string;
    readonly home: string;
    readonly site: string;
    readonly remotePath: string;
    readonly dispatcher: string;
    readonly random: () => number;
    /** The project, as it is to lie there. */
    readonly files = new Map<string, string>();

    constructor(seed: number) {
      this.random = generator(seed);
      this.local = join(scratch, `local-${seed}`);
      this.home = join(user.home, `account-${seed}`);
      this.site = join(this.home, this.pick(['site', "it's a site", 'Möbel']));
      this.dispatcher = this.pick(['dispatch.fcgi', 'cgi-bin/dispatch.fcgi']);
      mkdirSync(this.home);
      const isLink = this.random() < 0.3;
      mkdirSync(isLink ? join(this.home, 'real') : this.site);
      if (isLink) symlinkSync('real', this.site);
      this.remotePath = this.site;
      this.#furnish();
      this.#project();
    }

    pick<T>(of: readonly T[]): T {
      return of[Math.floor(this.random() * of.length)] as T;
    }

    /** What others have put there. */
    #furnish(): void {
      const there = (path: string, text: string) => {
        mkdirSync(dirname(join(this.site, path)), { recursive: true });
        writeFileSync(join(this.site, path), text);
      };
      for (const name of strangeNames) {
        there(`visitors/${name}`, name);
        chmodSync(join(this.site, 'visitors', name), this.pick([0o600, 0o640, 0o664, 0o444, 0o755]));
      }
      there('private/.keep', '');
      there('visitors/behind.cgi', '#!/bin/sh\r\necho\r\n');
      symlinkSync('behind.cgi', join(this.site, 'visitors/tool.cgi'));
      there('data/log.txt', 'line\n');
      there('lib/other.py', 'other = 1\n');
      mkdirSync(join(this.site, 'empty'));
      writeFileSync(join(this.home, 'beside.txt'), 'beside\n');
      linkSync(join(this.home, 'beside.txt'), join(this.site, 'second name.txt'));
      symlinkSync('data/log.txt', join(this.site, 'inside.txt'));
      symlinkSync(join(this.home, 'beside.txt'), join(this.site, 'outside.txt'));
      symlinkSync('/nowhere/at/all', join(this.site, 'dangling'));
      symlinkSync('data', join(this.site, 'folder-link'));
      there('sealed/file.txt', 'sealed\n');
      there('adopted.txt', 'of another\n');
      for (const [folder, mode] of [
        ['private', 0o700],
        ['data', 0o2775],
        ['empty', 0o711],
        ['sealed', 0o555],
      ] as const) {
        chmodSync(join(this.site, folder), mode);
      }
      execFileSync('chown', ['-hR', `${user.name}:${user.name}`, this.home]);
      chownSync(join(this.site, 'visitors/behind.cgi'), user.uid, webGroup);
      chmodSync(join(this.site, 'visitors/behind.cgi'), 0o750);
      chownSync(join(this.site, 'data'), user.uid, webGroup);
      chmodSync(join(this.site, 'data'), 0o2775);
      chownSync(join(this.site, 'data/log.txt'), 33, webGroup);
      chmodSync(join(this.site, 'data/log.txt'), 0o660);
      chownSync(join(this.site, 'adopted.txt'), 33, webGroup);
      chmodSync(join(this.site, 'adopted.txt'), 0o664);
      if (this.random() < 0.4) {
        chownSync(this.site, user.uid, webGroup);
        chmodSync(this.site, 0o2755);
      }
    }

    #project(): void {
      const line = this.pick(['\n', '\r\n']);
      this.put(this.dispatcher, program('one').replaceAll('\n', line));
      const folder = this.dispatcher.includes('/') ? 'cgi-bin/' : '';
      this.put(`${folder}fcgi.py`, library);
      this.put(`${folder}lib/app.py`, "page = b'one'\n");
      if (this.random() < 0.5) this.put(`${folder}second.fcgi`, program('second').replaceAll('\n', line));
      this.put('.htaccess', `Options -Indexes${line}`);
      this.put('config.ini', `secret = 1${line}`);
      this.put('empty.txt', '');
      this.put('data/made.txt', 'made\n');
      this.put('data/new/below.txt', 'below\n');
      this.put('new/deep/er/file.txt', 'deep\n');
      this.put('uploads/.gitkeep', '');
      this.put('adopted.txt', 'of another\n');
      for (const name of strangeNames) this.put(`new/${name}`, name);
      if (this.random() < 0.3) for (let at = 0; at < 60; at++) this.put(`many/${at}.txt`, `${at}\n`);
    }

    put(path: string, text: string): void {
      mkdirSync(dirname(join(this.local, path)), { recursive: true });
      writeFileSync(join(this.local, path), text);
      this.files.set(path, text.startsWith('#!') ? text.replaceAll('\r\n', '\n') : text);
    }

    drop(path: string): void {
      rmSync(join(this.local, path));
      this.files.delete(path);
    }

    get options() {
      const { local: localRoot, remotePath, dispatcher } = this;
      return { localRoot, remotePath, dispatcher, tryPrograms: this.random() < 0.6 };
    }

    /** All of the account but the state folder, whose content is its own. */
    look(): Snapshot {
      return snapshotOf(user.home, ['.fastcgi-deploy']);
    }

    /** A name of the site as `look` gives it. */
    name(path: string): string {
      const real = execFileSync('realpath', [this.site], { encoding: 'utf8' }).trimEnd();
      return join(real, path).slice(user.home.length + 1);
    }

    /** What an upload had to change, by its report. */
    wanted(before: Snapshot, report: Pick<UploadReport, 'created' | 'changed' | 'deleted' | 'modes'>) {
      const wanted = new Map<string, Partial<Entry> | null>();
      const asSent = (path: string) => {
        const text = this.files.get(path) ?? '';
        return { kind: 'file' as const, content: digest(text), links: 1, uid: user.uid };
      };
      for (const path of report.created) {
        const isProgram = path.endsWith('.fcgi') || (this.files.get(path) ?? '').startsWith('#!');
        wanted.set(this.name(path), { ...asSent(path), mode: isProgram ? '755' : '644' });
        for (let at = dirname(path); at !== '.'; at = dirname(at)) {
          const name = this.name(at);
          if (!before.has(name))
            wanted.set(name, { kind: 'folder', uid: user.uid, ...this.#inherited(before, at) });
        }
      }
      for (const path of report.changed) {
        const was = before.get(this.name(path)) as Entry;
        wanted.set(this.name(path), { ...asSent(path), mode: was.mode, gid: was.gid });
      }
      for (const path of report.deleted) wanted.set(this.name(path), null);
      // A file of somebody else keeps its mode.
      for (const path of report.modes) {
        const was = before.get(this.name(path)) as Entry;
        wanted.set(this.name(path), { ...was, mode: was.uid === user.uid ? '644' : was.mode });
      }
      return wanted;
    }

    #inherited(before: Snapshot, folder: string): Partial<Entry> {
      let above = dirname(folder);
      while (above !== '.' && !before.has(this.name(above))) above = dirname(above);
      const over = before.get(this.name(above === '.' ? '' : above).replace(/\/$/, ''));
      const isSet = over !== undefined && (Number.parseInt(over.mode, 8) & 0o2000) !== 0;
      return isSet ? { mode: '2755', gid: over.gid } : { mode: '755' };
    }

    remove(): void {
      rmSync(this.home, { recursive: true });
      rmSync(this.local, { recursive: true });
      rmSync(join(user.home, '.fastcgi-deploy'), { recursive: true, force: true });
    }
  }

  const stateRubbish = (): string[] => {
    const state = join(user.home, '.fastcgi-deploy');
    const names = existsSync(state) ? readdirSync(state, { recursive: true, encoding: 'utf8' }) : [];
    return names.filter((name) => /lock|intent|journal|clock|up~/.test(name));
  };
  const temporaries = (): string[] =>
    readdirSync('/tmp')
      .filter((name) => statOf(join('/tmp', name)) === user.uid)
      .map((name) => `/tmp/${name}`);
  const processes = (): string[] =>
    lines('ps', ['-u', user.name, '-o', 'args=']).filter((args) => !/^sshd|sftp-server|<defunct>/.test(args));
  /** A shell that nobody needs any more ends a moment later. */
  const rubbish = async (): Promise<string[]> => {
    let found: string[] = [];
    for (let patience = 40; patience > 0; patience--) {
      found = [...stateRubbish(), ...temporaries(), ...processes()];
      if (found.length === 0) break;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    return found;
  };

  /** Does something, and gives what is not as it had to be. */
  async function judged<T extends UploadReport | undefined | object>(
    site: Site,
    what: string,
    work: () => Promise<T>,
    wanted: (before: Snapshot, report: T) => ReturnType<Site['wanted']> = () => new Map(),
  ): Promise<string[]> {
    const before = site.look();
    const report = await work();
    const found = differences(before, site.look(), wanted(before, report));
    return [...found, ...(await rubbish())].map((one) => `${what}: ${one}`);
  }

  async function seen(seed: number): Promise<string[]> {
    const site = new Site(seed);
    const found: string[] = [];
    const step = async (what: string, work: () => Promise<UploadReport>) =>
      found.push(...(await judged(site, `site ${seed}, ${what}`, work, (...of) => site.wanted(...of))));
    const still = async (what: string, work: () => Promise<object | undefined>) =>
      found.push(...(await judged(site, `site ${seed}, ${what}`, work)));
    connection = await login();
    try {
      await step('first upload', () => uploadProject(connection, site.options));
      await still('nothing to do', () => uploadProject(connection, site.options));
      if (kind === 'shell and Perl') {
        const { remotePath, dispatcher } = site;
        await still('preflight', () =>
          remotePreflight(connection, { remotePath, dispatcher, timeLimit: 2000 }),
        );
      }
      // Somebody gives the secret to the web server alone, and hides a folder.
      const config = join(site.site, 'config.ini');
      chownSync(config, user.uid, webGroup);
      chmodSync(config, 0o640);
      chmodSync(join(site.site, site.dispatcher), 0o750);
      chownSync(join(site.site, site.dispatcher), user.uid, webGroup);
      linkSync(join(site.site, 'config.ini'), join(site.home, 'config-backup.ini'));
      const future = Math.floor(Date.now() / 1000) + 3600;
      utimesSync(join(site.site, '.htaccess'), future, future);
      site.put('config.ini', 'secret = 2\n');
      await step('a saved file', () => uploadFile(connection, { ...site.options, file: 'config.ini' }));
      site.put(site.dispatcher, program('two'));
      site.put('.htaccess', 'Options -Indexes -MultiViews\n');
      await step('changed files', () => uploadProject(connection, site.options));
      if (site.random() < 0.5) hide(join(site.site, 'new/deep/er'));
      const before = site.look();
      site.drop('new/deep/er/file.txt');
      site.drop('config.ini');
      const removal = await uploadProject(connection, site.options);
      expect(removal.deleted).toHaveLength(2);
      found.push(...(await rubbish()));
      await rollback(connection, { remotePath: site.remotePath, dispatcher: site.dispatcher });
      found.push(
        ...differences(before, site.look(), restored(site, before, removal.deleted)).map(
          (one) => `site ${seed}, there and back: ${one}`,
        ),
      );
      site.put('config.ini', 'secret = 2\n');
      site.put('new/deep/er/file.txt', 'deep\n');
      const replaced = (was: Snapshot) => kept(site, was);
      found.push(
        ...(await judged(
          site,
          `site ${seed}, reload`,
          () =>
            reload(connection, {
              remotePath: site.remotePath,
              dispatcher: site.dispatcher,
              strategy: 'replace',
            }),
          replaced,
        )),
      );
      found.push(
        ...(await judged(
          site,
          `site ${seed}, mending`,
          () => mended(site),
          (was) => mending(site, was),
        )),
      );
      site.put(site.dispatcher, '#!/usr/bin/python3\nimport not_there\n');
      if (kind === 'shell and Perl') {
        await still('a trial that fails', () =>
          uploadProject(connection, { ...site.options, tryPrograms: true }).then(
            () => Promise.reject(new Error('it was put live')),
            () => ({}),
          ),
        );
      }
      site.put('config.ini', 'secret = 3\n');
      site.put('another/new/one.txt', 'new\n');
      for (const share of sites === 1 ? [0.5] : [0.2, 0.5, 0.8]) await broken(site, share, found, seed);
    } finally {
      connection.dispose();
      site.remove();
    }
    return found;
  }

  async function mended(site: Site): Promise<object> {
    const fix = { kind: 'to-lf', title: '', path: 'visitors/tool.cgi' } as const;
    return { changed: await mendOnServer(connection, fix, site.remotePath) };
  }

  /** The file behind the link. */
  function mending(site: Site, before: Snapshot) {
    const { inode: _, mtime: __, ...same } = before.get(site.name('visitors/behind.cgi')) as Entry;
    const [keep = ''] = readdirSync(join(site.site, 'visitors')).filter((name) => name.includes('.keep-'));
    return new Map<string, Partial<Entry>>([
      [site.name('visitors/behind.cgi'), { ...same, content: digest('#!/bin/sh\necho\n') }],
      [site.name(`visitors/${keep}`), { ...same }],
    ]);
  }

  /** Cancels, or loses the connection, somewhere on the way: everything is as before, or, after the next connection, done. */
  async function broken(site: Site, share: number, found: string[], seed: number): Promise<void> {
    const before = site.look();
    const cancel = site.random() < 0.5;
    const at = Math.ceil(share * 40);
    const abort = new AbortController();
    const stop = countRequests((number) => {
      if (number !== at) return;
      if (cancel) abort.abort();
      else connection.dispose();
    });
    const options = { ...site.options, tryPrograms: false };
    await uploadProject(connection, { ...options, signal: abort.signal }).catch(() => undefined);
    stop();
    connection.dispose();
    connection = await login();
    await recover(connection, site.remotePath);
    const report = await uploadProject(connection, { ...options, dryRun: true });
    const isOld = report.created.length > 0;
    const done = isOld
      ? new Map()
      : site.wanted(before, {
          created: ['another/new/one.txt'],
          changed: ['config.ini', site.dispatcher],
          deleted: [],
          modes: [],
        });
    const how = `site ${seed}, ${cancel ? 'cancelled' : 'broken'} at ${at}, ${isOld ? 'old' : 'new'}`;
    found.push(
      ...[...differences(before, site.look(), done), ...(await rubbish())].map((one) => `${how}: ${one}`),
    );
    if (isOld) return;
    site.put('config.ini', `secret = ${at}\n`);
    site.drop('another/new/one.txt');
    await uploadProject(connection, options);
    site.put('another/new/one.txt', `${at}\n`);
    site.put('config.ini', `secret = 1${at}\n`);
    site.put(site.dispatcher, `#!/usr/bin/python3\nimport not_there${at}\n`);
  }

  /** What came back is the same but for its inode and time. */
  function restored(site: Site, before: Snapshot, paths: readonly string[]) {
    const wanted = new Map<string, Partial<Entry>>();
    for (const path of paths) {
      for (let at = path; at !== '.' && at !== 'new'; at = dirname(at)) {
        const { inode: _, mtime: __, links: ___, ...same } = before.get(site.name(at)) as Entry;
        wanted.set(site.name(at), same);
      }
    }
    return wanted;
  }

  function kept(site: Site, before: Snapshot) {
    const { inode: _, mtime: __, ...same } = before.get(site.name(site.dispatcher)) as Entry;
    const folder = dirname(join(site.site, site.dispatcher));
    const keeps = readdirSync(folder).filter((name) => /\.keep-\d+-/.test(name));
    return new Map<string, Partial<Entry>>([
      [site.name(site.dispatcher), { ...same, links: 1 }],
      ...keeps.map((name): [string, Partial<Entry>] => [
        site.name(join(dirname(site.dispatcher), name)),
        { kind: 'file', content: same.content },
      ]),
    ]);
  }

  test('leaves everything else as it was, whatever is done', async () => {
    const found: string[] = [];
    for (let at = 0; at < sites; at++) found.push(...(await seen(firstSeed + at)));
    expect(found).toEqual([]);
  }, 3_600_000);
});

const strangeNames = [
  'a b.txt',
  "quo'te.txt",
  '-dash.txt',
  'line\nbreak.txt',
  'Grüße.txt',
  '$HOME `id`.txt',
  '"double".html',
];

/** Numbers from 0 to 1 that are the same for the same seed (mulberry32). */
function generator(seed: number): () => number {
  let state = seed * 0x9e3779b9;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** As chmod(1) does it: a setgid folder stays one. */
function hide(folder: string): void {
  chmodSync(folder, 0o700 | (statSync(folder).mode & 0o2000));
}

function statOf(path: string): number | undefined {
  try {
    return statSync(path).uid;
  } catch {
    return undefined;
  }
}

function lines(command: string, args: readonly string[]): string[] {
  try {
    return execFileSync(command, args, { encoding: 'utf8' }).split('\n').filter(Boolean);
  } catch {
    return [];
  }
}
