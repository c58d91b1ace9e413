import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fnmatch, hasWildcard } from '../../../src/apache/expr';

describe('fnmatch', () => {
  it.each([
    ['*', ''],
    ['a*c', 'abbc'],
    ['a?c', 'a/c'],
    ['[a-c]x', 'bx'],
    ['[!a]', 'b'],
    ['[^a]', 'b'],
    ['[]a]', ']'],
    ['[a', '[a'],
    ['[a-', '[a-'],
    ['[a-]', '-'],
    ['[\\]]', ']'],
    ['[a-\\c]', 'b'],
    ['\\*', '*'],
    ['a\\', 'a\\'],
    ['*.ht[ab]*', 'x.htaccess'],
    ['*a*b*c', 'xaybzc'],
    ['?*?', 'ab'],
  ])('%s matches %s', (pattern, subject) => {
    expect(fnmatch(pattern, subject)).toBe(true);
  });

  it.each([
    ['?', ''],
    ['', 'a'],
    ['\\*', 'a'],
    ['[a-c]', 'd'],
    ['[!a-c]', 'b'],
    ['?*?', 'a'],
    ['[a-\xff]', '\xe9'],
    ['A', 'a'],
  ])('%s does not match %s', (pattern, subject) => {
    expect(fnmatch(pattern, subject)).toBe(false);
  });

  it('matches slashes only by slashes in a path', () => {
    const path = { pathname: true };
    expect(fnmatch('*/b', 'a/b', path)).toBe(true);
    expect(fnmatch('a\\/b', 'a/b', path)).toBe(true);
    expect(fnmatch('a*b', 'a/b', path)).toBe(false);
    expect(fnmatch('a?b', 'a/b', path)).toBe(false);
    expect(fnmatch('a[/]b', 'a/b', path)).toBe(false);
    expect(fnmatch('[a/b]', '[a/b]', path)).toBe(true);
    expect(fnmatch('a/*', 'a/', path)).toBe(true);
    expect(fnmatch('a/', 'a', path)).toBe(false);
  });

  it('ignores case where asked', () => {
    expect(fnmatch('[A-C]b?', 'bBc', { caseless: true })).toBe(true);
    expect(fnmatch('a', '\xc1', { caseless: true })).toBe(false);
  });

  it('keeps leading dots hidden, and backslashes literal, where asked', () => {
    expect(fnmatch('*', '.a', { period: true })).toBe(false);
    expect(fnmatch('[.]a', '.a', { period: true })).toBe(false);
    expect(fnmatch('.*', '.a', { period: true })).toBe(true);
    expect(fnmatch('\\.a', '.a', { period: true })).toBe(true);
    expect(fnmatch('*/*', 'a/.b', { period: true, pathname: true })).toBe(false);
    expect(fnmatch('*/*', 'a/.b', { period: true })).toBe(true);
    expect(fnmatch('\\*', '\\x', { noEscape: true })).toBe(true);
  });

  it('agrees with a regular expression on plain patterns', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '/'), maxLength: 12 });
    const glob = fc.string({ unit: fc.constantFrom('a', 'b', '/', '*', '?'), maxLength: 8 });
    fc.assert(
      fc.property(glob, text, fc.boolean(), (pattern, subject, pathname) => {
        const any = pathname ? '[^/]' : '[^]';
        const regex = new RegExp(
          `^${pattern.replaceAll('*', `${any}*`).replaceAll(/\?/g, any)}$`.replaceAll('/', '\\/'),
        );
        return fnmatch(pattern, subject, { pathname }) === regex.test(subject);
      }),
      { numRuns: 3000 },
    );
  });

  it('tells patterns from plain names', () => {
    expect(['a*', '?', '[a]', 'a[b', 'a\\*', 'a]', ']['].map(hasWildcard)).toEqual([
      true,
      true,
      true,
      false,
      false,
      false,
      false,
    ]);
  });
});
