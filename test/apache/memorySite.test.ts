import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { memorySite, type MemoryEntry } from '../../src/apache/memorySite';

const treeRoot = '/site';
const site = (files: Record<string, MemoryEntry>, caseInsensitive = false) =>
  memorySite(files, { treeRoot, caseInsensitive });

describe('a site in memory', () => {
  test('implies folders and gives contents as byte strings', () => {
    const one = site({ 'a/b/é.txt': 'é', 'a/raw': { base64: '/wA=' }, empty: null });
    expect(one.stat('/')?.kind).toBe('directory');
    expect(one.stat('/site/a/b/')?.kind).toBe('directory');
    expect(one.list('/site')).toEqual(['a', 'empty']);
    expect(one.list('/site/empty')).toEqual([]);
    expect(one.read('/site/a/b/\xC3\xA9.txt')).toEqual({ content: '\xC3\xA9' });
    expect(one.read('/site/a/raw')).toEqual({ content: '\xFF\0' });
    expect(one.stat('/site/a/raw')).toEqual({ kind: 'file', size: 2, mode: 0o644, uid: 1000 });
  });

  test('knows what is not there', () => {
    const one = site({ 'a.txt': 'x' });
    for (const path of [
      '/site/b',
      '/site/a.txt/',
      '/site/a.txt/b',
      '/site/a.txt/..',
      '/other',
      '/site/A.txt',
    ]) {
      expect([one.stat(path), one.lstat(path), one.read(path), one.list(path)]).toEqual([
        undefined,
        undefined,
        undefined,
        undefined,
      ]);
    }
    expect(one.read('/site')).toBeUndefined();
    expect(one.list('/site/a.txt')).toBeUndefined();
  });

  test('follows links: relative, absolute, through folders, and not for ever', () => {
    const one = site({
      'd/a.txt': 'x',
      near: { link: 'd/a.txt' },
      far: { link: '/site/d' },
      up: { link: 'd/../d/./a.txt' },
      loop: { link: 'loop' },
      dead: { link: 'nowhere' },
      'd/back': { link: '..' },
    });
    for (const path of ['near', 'far/a.txt', 'up', 'd/back/near', 'd/back/d/back/up']) {
      expect(one.read(`/site/${path}`)).toEqual({ content: 'x' });
    }
    expect(one.lstat('/site/near')).toMatchObject({ kind: 'link' });
    expect(one.lstat('/site/far/a.txt')).toMatchObject({ kind: 'file' });
    for (const path of ['loop', 'dead', 'loop/x']) expect(one.stat(`/site/${path}`)).toBeUndefined();
    expect(one.lstat('/site/loop')).toMatchObject({ kind: 'link' });
  });

  test('follows as many links as Linux does', () => {
    const chain = (length: number) =>
      Object.fromEntries(
        Array.from({ length }, (_, at) => [`l${at}`, { link: at === 0 ? 'end' : `l${at - 1}` }]),
      );
    expect(site({ end: 'x', ...chain(40) }).read('/site/l39')).toEqual({ content: 'x' });
    const loop = site({ end: 'x', ...chain(41) });
    expect([loop.read('/site/l40'), loop.stat('/site/l40')]).toEqual(['unreadable', undefined]);
  });

  test('has permissions for others', () => {
    const one = site({
      secret: { text: 'x', mode: 0o640 },
      open: { text: 'x', mode: '604' },
      'closed/.htaccess': 'x',
      closed: { mode: 0o750 },
    });
    expect(one.read('/site/secret')).toBe('unreadable');
    expect(one.read('/site/open')).toEqual({ content: 'x' });
    expect(one.stat('/site/closed')?.mode).toBe(0o750);
    expect(one.read('/site/closed/.htaccess')).toBe('unreadable');
    expect(one.read('/site/closed/other')).toBe('unreadable');
    expect(one.stat('/site/closed/other')).toBeUndefined();
  });

  test('may ignore case', () => {
    const one = site({ 'Dir/File.TXT': 'x', 'dir/two': 'y' }, true);
    expect(one.read('/site/dir/file.txt')).toEqual({ content: 'x' });
    expect(one.list('/SITE/DIR')).toEqual(['File.TXT', 'two']);
  });

  test('leaves out what cannot be', () => {
    const one = site({ a: 'x', 'a/b': 'y', '../c': 'z', 'd/e': 'f', d: 'no', '__proto__/x': 'p' });
    expect(one.list('/site')).toEqual(['a', 'd', '__proto__']);
    expect(one.list('/site/d')).toEqual(['e']);
    expect(one.list('/')).toEqual(['site']);
  });

  test('never throws', () => {
    const name = fc.constantFrom('a', 'b', '..', '.', '', '/', 'A', '\0');
    const path = fc.array(name, { maxLength: 6 }).map((parts) => parts.join('/'));
    const entry = fc.oneof(
      fc.string(),
      fc.constant(null),
      fc.record({ link: path }),
      fc.record({ base64: fc.string(), mode: fc.integer() }),
      fc.record({ mode: fc.string() }),
    );
    fc.assert(
      fc.property(fc.dictionary(path, entry), path, fc.boolean(), (files, asked, folds) => {
        const one = site(files, folds);
        for (const at of [asked, `/site/${asked}`]) {
          const stat = one.stat(at);
          const isListed = stat?.kind === 'directory' && (stat.mode & 0o004) !== 0;
          expect(one.list(at) !== undefined).toBe(isListed);
          expect(stat?.kind).not.toBe('link');
          one.lstat(at);
          one.read(at);
        }
      }),
      { numRuns: 1000 },
    );
  });
});
