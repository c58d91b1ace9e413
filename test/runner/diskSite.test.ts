import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { hostProfile } from '../../src/apache/host';
import { memorySite } from '../../src/apache/memorySite';
import { evaluate } from '../../src/apache/request';
import type { Site } from '../../src/apache/site';
import { asOnHost, DiskSite } from '../../src/runner/diskSite';
import { MODE_SITES, MODE_TARGETS } from '../apache/modeSites';
import { writeSite } from '../oracle/apache/site_folders';

let folder = '';

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'disk-site-'));
  fs.mkdirSync(path.join(folder, 'docs'));
  fs.writeFileSync(path.join(folder, 'page.html'), 'page');
  fs.symlinkSync('docs', path.join(folder, 'link'));
});

afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

describe('a site on disk', () => {
  it('says the same whether what lies above was asked for before or not', () => {
    const paths = [
      '/none/a/b',
      '/none/a',
      '/none',
      '/page.html/x/y',
      '/page.html',
      '/link/x',
      '/link',
      '/docs/x',
      '/docs',
    ];
    fs.writeFileSync(path.join(folder, 'docs/x'), '');
    const alone = paths.map((one) => new DiskSite({ folder, treeRoot: '/s' }).stat(`/s${one}`)?.kind);
    expect(alone).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
      'file',
      'file',
      'directory',
      'file',
      'directory',
    ]);
    for (const order of [paths, [...paths].reverse()]) {
      const site = new DiskSite({ folder, treeRoot: '/s' });
      for (const one of order) site.lstat(`/s${one}`);
      expect(paths.map((one) => site.stat(`/s${one}`)?.kind)).toEqual(alone);
    }
  });

  it.each<[path: string, kind: string | undefined]>([
    ['/s/docs/..', 'directory'],
    ['/s/docs/../page.html', 'file'],
    ['/s/docs/./../docs//../page.html', 'file'],
    ['/s/far/..', 'directory'],
    ['/s/far/../page.html', undefined],
    ['/s/far/../below', 'directory'],
    ['/s/page.html/.', undefined],
    ['/s/page.html/', undefined],
    ['/s/page.html/..', undefined],
    ['/s/none/../page.html', undefined],
    ['/s/../s/page.html', 'file'],
    ['/s/..', 'directory'],
    ['/s/../other', undefined],
    ['/s/docs/../../etc/passwd', undefined],
    ['/s/away/..', undefined],
    ['/s/docs/...', undefined],
  ])('takes %s as the system does, and as a site in memory: %s', (asked, kind) => {
    fs.mkdirSync(path.join(folder, 'docs/below'));
    fs.symlinkSync('docs/below', path.join(folder, 'far'));
    fs.symlinkSync(os.tmpdir(), path.join(folder, 'away'));
    const files = {
      'docs/below': null,
      'page.html': 'page',
      far: { link: 'docs/below' },
      away: { link: '/elsewhere' },
    };
    expect(new DiskSite({ folder, treeRoot: '/s' }).stat(asked)?.kind).toBe(kind);
    expect(memorySite(files, { treeRoot: '/s' }).stat(asked)?.kind).toBe(kind);
  });

  it('asks the disk again after a change, also below what was missing', () => {
    const site = new DiskSite({ folder, treeRoot: '/s' });
    expect([site.stat('/s/new'), site.stat('/s/new/x')]).toEqual([undefined, undefined]);
    fs.mkdirSync(path.join(folder, 'new'));
    fs.writeFileSync(path.join(folder, 'new/x'), '');
    site.invalidate();
    expect([site.stat('/s/new')?.kind, site.stat('/s/new/x')?.kind]).toEqual(['directory', 'file']);
  });

  it('lets nothing stand for longer than its time, also not what follows from it', () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    onTestFinished(() => void vi.useRealTimers());
    const site = new DiskSite({ folder, treeRoot: '/s', cacheLife: 40 });
    expect(site.stat('/s/new')).toBeUndefined();
    vi.advanceTimersByTime(25);
    expect(site.stat('/s/new/x')).toBeUndefined();
    fs.mkdirSync(path.join(folder, 'new'));
    fs.writeFileSync(path.join(folder, 'new/x'), '');
    vi.advanceTimersByTime(25);
    expect(site.stat('/s/new/x')?.kind).toBe('file');
  });

  it('asks each time where nothing is kept', () => {
    const site = new DiskSite({ folder, treeRoot: '/s', cacheLife: 0 });
    expect(site.stat('/s/new/x')).toBeUndefined();
    fs.mkdirSync(path.join(folder, 'new'));
    fs.writeFileSync(path.join(folder, 'new/x'), '');
    expect(site.stat('/s/new/x')?.kind).toBe('file');
  });
});

describe.skipIf(process.platform === 'win32')('permissions', () => {
  const host = hostProfile({ treeRoot: '/s', fileModes: true });

  function answers(site: Site): readonly string[] {
    return MODE_TARGETS.map((target) => {
      const request = { method: 'GET', target, headers: [['Host', host.serverName]] as const };
      const { status, filename, env } = evaluate({ request, site, host, documentRoot: '/s', time: 0 });
      return `${target} ${status} ${filename} ${env['DEEP'] ?? ''}`;
    });
  }

  it.each(MODE_SITES.map((files, at) => [at, files] as const))(
    'are those of the server where the host profile says so: site %i',
    (at, files) => {
      const tree = path.join(folder, String(at));
      writeSite(tree, files, '/s');
      const disk = new DiskSite({ folder: tree, treeRoot: '/s' });
      expect(answers(asOnHost(disk, host))).toEqual(answers(memorySite(files, { treeRoot: '/s' })));
      const open = answers(asOnHost(disk, hostProfile({ treeRoot: '/s' })));
      expect(open.filter((line) => / 403 /.test(line))).toEqual([]);
    },
  );

  it.each(MODE_SITES.map((files, at) => [at, files] as const))(
    "are the group's where the web server is in it: site %i",
    (at, files) => {
      const tree = path.join(folder, `group${at}`);
      writeSite(tree, files, '/s');
      const site = asOnHost(new DiskSite({ folder: tree, treeRoot: '/s' }), { ...host, fileModes: 'group' });
      expect(answers(site)).toEqual(answers(memorySite(files, { treeRoot: '/s', user: 'group' })));
    },
  );

  it.each([
    ['group', 0o640, 200],
    ['group', 0o604, 403],
    ['group', 0o600, 403],
    [true, 0o640, 403],
    [true, 0o604, 200],
  ] as const)('with fileModes %s a file %o is answered %i', (fileModes, mode, expected) => {
    fs.chmodSync(path.join(folder, 'page.html'), mode);
    const site = asOnHost(new DiskSite({ folder, treeRoot: '/s' }), { ...host, fileModes });
    const request = { method: 'GET', target: '/page.html', headers: [['Host', host.serverName]] as const };
    expect(evaluate({ request, site, host, documentRoot: '/s', time: 0 }).status).toBe(expected);
  });

  it('that keep others out are answered 403', () => {
    fs.chmodSync(path.join(folder, 'page.html'), 0o600);
    const site = asOnHost(new DiskSite({ folder, treeRoot: '/s' }), host);
    const request = { method: 'GET', target: '/page.html', headers: [['Host', host.serverName]] as const };
    const { status, logMessage } = evaluate({ request, site, host, documentRoot: '/s', time: 0 });
    expect([status, logMessage]).toEqual([403, 'AH00132: file permissions deny server access: /s/page.html']);
  });
});
