import { describe, expect, it } from 'vitest';
import { CaseSite } from '../../src/apache/caseSite';
import { memorySite } from '../../src/apache/memorySite';

const FILES = { 'Sub/Page.html': 'page', 'Sub/\u00c9.txt': 'accent' };
const ROOT = '/site';

describe('a disk that folds case, for a host that does not', () => {
  const disk = memorySite(FILES, { treeRoot: ROOT, caseInsensitive: true });
  const site = new CaseSite(disk, { root: ROOT, exact: true });

  it('has only what is written exactly so', () => {
    expect(disk.stat('/site/sub/page.HTML')).toBeDefined();
    expect(site.stat('/site/sub/page.HTML')).toBeUndefined();
    expect(site.read('/site/Sub/page.html')).toBeUndefined();
    expect(site.lstat('/site/SUB')).toBeUndefined();
    expect(site.list('/site/sub/')).toBeUndefined();
    expect(site.read('/site/Sub/Page.html')).toEqual({ content: 'page' });
    expect(site.list('/site/Sub/')).toEqual(['Page.html', '\u00c3\u0089.txt']);
  });

  it('leaves what lies above alone', () => {
    expect(site.stat('/SITE')).toEqual(disk.stat('/SITE'));
  });
});

describe('a disk that tells case apart, for a host that does not', () => {
  const disk = memorySite(FILES, { treeRoot: ROOT });
  const site = new CaseSite(disk, { root: ROOT, exact: false });

  it('finds names in whatever case', () => {
    expect(site.read('/site/sub/PAGE.HTML')).toEqual({ content: 'page' });
    expect(site.stat('/site/SUB/')).toMatchObject({ kind: 'directory' });
    expect(site.stat('/site/sub/none')).toBeUndefined();
  });

  it('folds ASCII alone', () => {
    expect(site.stat('/site/sub/\u00c3\u00a9.txt')).toBeUndefined();
  });
});
