import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DiskSite } from '../../src/runner/diskSite';

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

  it('asks the disk again after a change, also below what was missing', () => {
    const site = new DiskSite({ folder, treeRoot: '/s' });
    expect([site.stat('/s/new'), site.stat('/s/new/x')]).toEqual([undefined, undefined]);
    fs.mkdirSync(path.join(folder, 'new'));
    fs.writeFileSync(path.join(folder, 'new/x'), '');
    site.invalidate();
    expect([site.stat('/s/new')?.kind, site.stat('/s/new/x')?.kind]).toEqual(['directory', 'file']);
  });

  it('lets nothing stand for longer than its time, also not what follows from it', async () => {
    const site = new DiskSite({ folder, treeRoot: '/s', cacheLife: 40 });
    expect(site.stat('/s/new')).toBeUndefined();
    await new Promise((resolve) => setTimeout(resolve, 25));
    expect(site.stat('/s/new/x')).toBeUndefined();
    fs.mkdirSync(path.join(folder, 'new'));
    fs.writeFileSync(path.join(folder, 'new/x'), '');
    await new Promise((resolve) => setTimeout(resolve, 25));
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
