import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { USUAL_MODULES } from '../../src/apache/host';
import { learnHost, LearningError } from '../../src/doctor';
import { parseProject, resolveTarget, type Target } from '../../src/project';
import { connect } from '../../src/remote/connection';
import { fastcgi } from '../cli/testTerminal';
import { prompts } from '../remote/prompts';
import { buildOracleModules } from './apache/build';
import { hasApache, startApache, type ApacheOptions, type ApacheServer } from './apache';
import { createUser, isRoot, sshdMissing, startSshd, type Sshd, type TestUser } from './sshd';

const usable = hasApache().available && sshdMissing === undefined && isRoot;

/** Servers that differ in what they load and grant: what is learned of each equals its configuration. */
describe.skipIf(!usable)('the doctor learns', () => {
  let user: TestUser;
  let sshd: Sshd;
  let site: string;

  beforeAll(async () => {
    user = createUser();
    chmodSync(user.home, 0o755);
    site = join(user.home, 'site');
    mkdirSync(site);
    chownSync(site, user.uid, user.uid);
    sshd = await startSshd({ user: user.name });
  });
  afterAll(async () => {
    await sshd?.stop();
    user?.remove();
  });

  function targetOf(url: string): Target {
    const ssh = { host: '127.0.0.1', port: sshd.port, user: user.name };
    const { project } = parseProject(JSON.stringify({ targets: { live: { ssh, path: site, url } } }));
    const resolved = resolveTarget(project, 'live');
    if (!('target' in resolved)) throw new Error(resolved.problem);
    return resolved.target;
  }

  async function learn(url: string, stop = new AbortController(), onStep?: () => void) {
    const own = { knownHostsFiles: [sshd.knownHosts], agent: 'none' as const, configFile: 'none' as const };
    const ssh = { host: '127.0.0.1', port: sshd.port, user: user.name, identityFile: sshd.clientKey };
    const connection = await connect({ ...ssh, ...own }, { prompts: prompts({}) });
    try {
      return await learnHost(connection, {
        target: targetOf(`${url}/`),
        signal: stop.signal,
        ...(onStep && { onStep }),
      });
    } finally {
      connection.dispose();
      expect(readdirSync(site).filter((name) => name !== '.htaccess')).toEqual([]);
    }
  }

  async function withApache<Result>(
    options: Partial<ApacheOptions>,
    work: (apache: ApacheServer) => Promise<Result>,
  ): Promise<Result> {
    const apache = await startApache({ documentRoot: site, children: 4, ...options });
    try {
      return await work(apache);
    } finally {
      await apache.stop();
    }
  }

  const without = (...names: readonly string[]) => USUAL_MODULES.filter((name) => !names.includes(name));
  const version = /Apache\/(\S+)/.exec(execFileSync('/usr/sbin/apache2', ['-v'], { encoding: 'utf8' }))?.[1];

  /** What Apache itself says that it has loaded, under the names of a profile. */
  function loaded({ folder }: ApacheServer): string[] {
    const args = ['-M', '-d', folder, '-f', join(folder, 'apache.conf')];
    const text = execFileSync('/usr/sbin/apache2', args, {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const own: Readonly<Record<string, string>> = { core: 'core', http: 'http_core', mpm_prefork: 'prefork' };
    return [...text.matchAll(/^ (\w+)_module /gm)].map(([, name = '']) => own[name] ?? `mod_${name}`).sort();
  }

  /** In CI one server for each way of asking; LEARN=all takes all. */
  const servers = process.env['LEARN'] === 'all' ? 4 : 2;
  const configurations: readonly (readonly [string, Partial<ApacheOptions>, object])[] = [
    ['a usual shared host', {}, { allowOverride: ['All'] }],
    [
      'one with three classes, and without mod_headers and mod_fcgid',
      {
        allowOverride: 'AuthConfig FileInfo Limit',
        modules: without('mod_headers', 'mod_fcgid', 'mod_brotli'),
      },
      { allowOverride: ['AuthConfig', 'FileInfo', 'Limit'], fcgid: null },
    ],
    [
      'one that forgives, and grants some Options',
      { allowOverride: 'FileInfo Indexes Options=Indexes,FollowSymLinks Nonfatal=Override' },
      {
        allowOverride: ['FileInfo', 'Indexes', 'Options', 'Nonfatal=Override'],
        allowOverrideOptions: ['Indexes', 'FollowSymLinks'],
      },
    ],
    [
      'one that forgives what it does not know, and grants no FileInfo',
      { allowOverride: 'AuthConfig Indexes Nonfatal=Unknown', modules: without('mod_access_compat') },
      { allowOverride: ['AuthConfig', 'Indexes', 'Nonfatal=Unknown'] },
    ],
  ];

  test.each(configurations.slice(0, servers))('%s', async (_, options, expected) => {
    await withApache(options, async (apache) => {
      const { host, notes } = await learn(apache.url);
      expect(host).toEqual({ apache: version, ...expected, modules: expect.any(Array) as string[] });
      expect([...(host.modules ?? [])].sort()).toEqual(loaded(apache));
      expect(notes).toEqual([]);
    });
  });

  test.each([
    ['at once', USUAL_MODULES],
    ['one by one where no header can be set', without('mod_headers')],
  ])('the directives of modules that are no part of Apache, %s', async (_, modules) => {
    const { foreign } = await buildOracleModules();
    const config = `LoadModule foreign_module "${foreign}"`;
    await withApache({ modules, config }, async ({ url }) => {
      const { host, notes } = await learn(url);
      const passenger = ['Passenger*', 'RackEnv', 'RailsEnv'];
      expect(host.directives).toEqual([...passenger, 'php_flag', 'php_value']);
      expect(notes).toEqual([]);
    });
  });

  test('by the command, which asks first and saves what was learned', async () => {
    await withApache({ allowOverride: 'AuthConfig FileInfo Indexes' }, async ({ url }) => {
      const cwd = mkdtempSync(join(tmpdir(), 'fastcgi-learn-'));
      try {
        const file = join(cwd, '.vscode/fastcgi.json');
        const ssh = { host: '127.0.0.1', port: sshd.port, user: user.name, identityFile: sshd.clientKey };
        const target = { ssh, path: site, url: `${url}/`, host: { treeRoot: '/site', apache: '2.4.10' } };
        mkdirSync(join(cwd, '.vscode'));
        writeFileSync(file, JSON.stringify({ targets: { live: target } }));
        const before = readFileSync(file, 'utf8');
        await fastcgi(['doctor', '--learn'], { cwd, answers: ['no'] });
        await fastcgi(['doctor', '--learn'], { cwd, answers: ['yes', 'once', 'no'] });
        expect(readFileSync(file, 'utf8')).toBe(before);
        const { code, out } = await fastcgi(['doctor', '--learn'], { cwd, answers: ['yes', 'once', 'yes'] });
        expect(code).toBe(0);
        expect(out).toContain(`Apache ${version ?? ''}\nAllowOverride AuthConfig FileInfo Indexes\n`);
        expect(out).toContain(`- version ${version ?? ''}, not 2.4.10`);
        const { project, problems } = parseProject(readFileSync(file, 'utf8'));
        expect(problems).toEqual([]);
        expect(project.targets['live']?.host).toMatchObject({
          apache: version,
          treeRoot: '/site',
          allowOverride: ['AuthConfig', 'FileInfo', 'Indexes'],
        });
      } finally {
        rmSync(cwd, { recursive: true });
      }
    });
  });

  /** Something before the server, as hosts have it. */
  async function behind<Result>(
    answer: (passed: { status: number; server: string; count: number }) => { status: number; server: string },
    work: (url: string) => Promise<Result>,
  ): Promise<Result> {
    return withApache({}, async (apache) => {
      let count = 0;
      const front = createServer((request, response) => void pass(request, response));
      const pass = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
        const passed = await fetch(`${apache.url}${request.url ?? ''}`);
        const { status, headers } = passed;
        const given = answer({ status, server: headers.get('server') ?? '', count: (count += 1) });
        const learned = headers.get('x-fastcgi-learned');
        response.writeHead(given.status, {
          Server: given.server,
          ...(learned !== null && { 'X-Fastcgi-Learned': learned }),
        });
        response.end(await passed.text());
      };
      await once(front.listen(0, '127.0.0.1'), 'listening');
      try {
        return await work(`http://127.0.0.1:${(front.address() as AddressInfo).port}`);
      } finally {
        front.closeAllConnections();
        front.close();
      }
    });
  }

  test('the same through nginx that passes everything on', async () => {
    const { host, notes } = await behind(
      ({ status }) => ({ status, server: 'nginx' }),
      (url) => learn(url),
    );
    expect(host).toMatchObject({ apache: version, allowOverride: ['All'] });
    expect(notes).toEqual([]);
  });

  test.each([
    ['LiteSpeed', () => ({ status: 200, server: 'LiteSpeed' }), /calls itself "LiteSpeed"/],
    [
      'nginx that hands out files itself',
      () => ({ status: 200, server: 'nginx/1.22.1' }),
      /nginx before Apache/,
    ],
    ['another place', () => ({ status: 404, server: 'Apache' }), /404 .* do not lead to the same place/],
    ['a firewall', () => ({ status: 403, server: 'Apache' }), /403 .*a firewall/],
    [
      'a limit of requests',
      ({ status, count }: { status: number; count: number }) => ({
        status: count > 3 ? 429 : status,
        server: 'Apache',
      }),
      /200 at first and 429 in the middle/,
    ],
  ] as const)('nothing, and says so, from %s', async (_, answer, words) => {
    const learned = behind(answer, (url) => learn(url));
    await expect(learned).rejects.toThrow(words);
    await expect(learned).rejects.toBeInstanceOf(LearningError);
  });

  test('that no .htaccess is read', async () => {
    const { host, notes } = await withApache({ allowOverride: 'None' }, ({ url }) => learn(url));
    expect(host).toEqual({ allowOverride: ['None'] });
    expect(notes).toHaveLength(1);
  });

  test('nothing from a site that fails anyway, and leaves nothing there, nor when it is stopped', async () => {
    await withApache({}, async ({ url }) => {
      const stop = new AbortController();
      await expect(learn(url, stop, () => stop.abort())).rejects.toThrow(/abort|stopped/i);
      writeFileSync(join(site, '.htaccess'), 'RewritEngine On\n');
      await expect(learn(url)).rejects.toBeInstanceOf(LearningError);
    });
  });
});
