import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { APACHE_REGEX, parseRegex } from '../../../src/apache/regex';
import { isPlain } from '../../../src/apache/regex/plain';
import { corpus } from './corpus';

// prettier-ignore
const PIECES = [
  'a', 'b', 'Z', '9', '_', '/', '.', ':', '=', ',', ' ', '#', '&', '!', '<', '\xe9', '^', '$', '|', '*', '+', '?', '(', '(?:', '(?=', '(?!',
  '(?<n>', ')', '[', '[^', ']', '-', 'a-z', '0-9', '[:alpha:]', '\\', '\\d', '\\w', '\\.', '\\-', '\\\xe9', '\\1', '\\b', '\\Q', '\\E',
  '{', '}', '{2}', '{1,3}', '{3,}', '{2,5}', '{5,2}', '{10,12}',
];

const patterns = fc.array(fc.constantFrom(...PIECES), { maxLength: 12 }).map((pieces) => pieces.join(''));

const compiles = (pattern: string): boolean =>
  [{}, APACHE_REGEX, { ...APACHE_REGEX, caseless: true }, { multiline: true }].every(
    (options) => parseRegex(pattern, options).problem === undefined,
  );

describe('plain patterns', () => {
  it.each([
    '',
    '^(.*)$',
    '^shop/([a-z0-9-]+)/?$',
    '^(en|de)/(?:page-(\\d{1,4}))?$',
    '\\.(gif|jpe?g)$',
    '(?!a)b',
  ])('are %s', (pattern) => expect(isPlain(pattern, APACHE_REGEX)).toBe(true));

  it.each(['(', ')', '[', 'a**', 'a{3,2}', '[b-a]', '\\', '\\x{100}', '(*UTF)a', '[[:foo:]]', '[:alpha:]'])(
    'are not %s',
    (pattern) => expect(isPlain(pattern, APACHE_REGEX)).toBe(false),
  );

  it('are not those of extended syntax, where a comment may hide a bracket', () => {
    expect(isPlain('(a#)', { ...APACHE_REGEX, extended: true })).toBe(false);
  });

  it('all compile', () => {
    fc.assert(
      fc.property(patterns, (pattern) => !isPlain(pattern, APACHE_REGEX) || compiles(pattern)),
      { numRuns: 20_000 },
    );
    for (const [pattern] of Object.values(corpus).flat())
      expect(!isPlain(pattern, APACHE_REGEX) || compiles(pattern)).toBe(true);
  });

  it.each([
    '('.repeat(999),
    `(${'(a)'.repeat(300)}`,
    `((${'a*'.repeat(480)}{`,
    `${'[a-z]+'.repeat(160)}(`,
    '\\'.repeat(999),
  ])('are told in little time from %s', (pattern) => {
    const start = performance.now();
    expect(isPlain(pattern, APACHE_REGEX)).toBe(false);
    expect(performance.now() - start).toBeLessThan(200);
  });
});
