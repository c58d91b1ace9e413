import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { MarkupContent } from 'vscode-languageserver';
import { hostProfile } from '../../src/apache/host';
import { hover, HtaccessDocument } from '../../src/language';
import { regexPlaces } from '../../src/language/regexPlaces';
import { regexParts, regexText } from '../../src/language/regexText';
import { generateQuestions } from '../oracle/regexGenerator';
import { atCursor } from './marked';

/** What the hover at the `|` says. */
function hoverAt(marked: string): string {
  const { document, position } = atCursor(marked);
  const found = hover(document, position, hostProfile());
  return (found?.contents as MarkupContent | undefined)?.value ?? '';
}

/** The parts of a rule's pattern as `source: words`, indented. */
function parts(pattern: string): string[] {
  return regexParts(pattern, { use: 'rule', caseless: false }).map(
    ({ start, end, text, depth }) => `${'  '.repeat(depth)}${pattern.slice(start, end)}: ${text}`,
  );
}

describe('parts', () => {
  test.each([
    ['^project/(.*)$', ['^: the start', 'project/: the text `project/`', '(.*): group 1, used as `$1`: anything, also nothing', '$: the end']],
    ['a.+?', ['a: the text `a`', '.+?: anything, at least one character, as few as possible']],
    [String.raw`\d{2,4}\.`, [String.raw`\d{2,4}: one digit, 2 to 4 times`, String.raw`\.: the text ${'`.`'}`]],
    ['[^/a-c ]', ['[^/a-c ]: one character but `/`, `a`–`c`, a space']],
    ['(?:www|ftp)?', ['(?:www|ftp)?: together: the text `www` or the text `ftp`; or not at all']],
    ['(?<name>x)', ['(?<name>x): group 1 “name”, used as `$1`: the text `x`']],
    ['(?!a)b', ['(?!a): only where this does not follow: the text `a`', 'b: the text `b`']],
    ['(a(b)c)', ['(a(b)c): group 1, used as `$1`', '  a: the text `a`', '  (b): group 2, used as `$2`: the text `b`', '  c: the text `c`']],
    ['a|b$', ['a: either the text `a`', 'b$: either', '  b: the text `b`', '  $: the end']],
    ['', []],
  ])('%s', (pattern, expected) => expect(parts(pattern)).toEqual(expected)); // prettier-ignore

  test('a long pattern is cut', () => {
    expect(regexText({ start: 0, end: 0, use: 'rule', pattern: 'a\\d'.repeat(99), isLiteral: true, caseless: false }, 0)).toMatch(/\n- …$/);
  }); // prettier-ignore

  test('no pattern is too odd', () => {
    const tryOne = (pattern: string): void => {
      const place = { start: 0, end: 0, use: 'condition', pattern, isLiteral: true, caseless: true } as const;
      expect(regexText(place, 0)).toContain('Regular expression');
      for (const { start, end } of regexParts(pattern, place)) expect(start).toBeLessThanOrEqual(end);
    };
    for (const { pattern } of generateQuestions(7, 3000)) tryOne(pattern);
    fc.assert(fc.property(fc.string(), tryOne), { numRuns: 500 });
  });
});

describe('hover', () => {
  test('says what the pattern is compared with, and marks the part under the cursor', () => {
    const text = hoverAt('RewriteRule ^a(b|+)$ /c [NC,L]');
    expect(text).toContain('the path below this folder');
    expect(text).toContain('Upper and lower case are the same.');
    expect(text).toContain('- `(b+)` **group 1, used as `$1`: the text `b`, once or more**');
  });

  test('groups of conditions are used by %', () => {
    expect(hoverAt('RewriteCond %{HTTP_HOST} !^(w|)')).toContain('used as `%1`');
  });

  test.each([
    ['RedirectMatch 301 ^/|a /b', 'whole path'],
    ['RedirectMatch ^/|a /b', 'whole path'],
    ['<FilesMatch "\\.b|ak$">', 'the name of the file'],
    ['<Files ~ "b|ak$">', 'the name of the file'],
    ['SetEnvIfNoCase User-Agent "b|ot" x', 'the attribute'],
    ['BrowserMatch b|ot x', 'the attribute'],
    ['Header always edit Set-Cookie ^|a b', "the header's value"],
    ['<If "%{HTTP_HOST} =~ /^w|ww/">', 'the left side'],
    ['Require expr "%{HTTP_HOST} =~ m#^w|ww#i"', 'the left side'],
    ['RewriteCond expr "%{HTTP_HOST} =~ m#^w|ww#"', 'the left side'],
  ])('%s', (marked, expected) => expect(hoverAt(marked)).toContain(expected));

  test.each(['RewriteCond a -|f', 'RewriteCond a !-|d', 'RewriteCond a =|b', 'RewriteCond a -gt|5', 'Options -Indexe|sx'])(
    'no pattern: %s',
    (marked) => expect(hoverAt(marked)).not.toContain('Regular expression'),
  ); // prettier-ignore

  test('a pattern that PCRE2 refuses says so', () => {
    expect(hoverAt('RewriteRule ^(|a b')).toContain('missing closing parenthesis at offset 3');
  });
});

test('places are those of the pattern, whatever stands around it', () => {
  const of = (text: string): string[] => {
    const [entry] = new HtaccessDocument(text).entries;
    return entry === undefined ? [] : regexPlaces(entry.line).map(({ start, end }) => entry.line.text.slice(start, end));
  }; // prettier-ignore
  expect(of('RewriteRule "!^a b" c')).toEqual(['^a b']);
  expect(of(`RewriteCond a '!^a' [NC]`)).toEqual(['^a']);
  expect(of('<FilesMatch a>')).toEqual(['a']);
  expect(of('<If "a =~ /b/ || c !~ m|d|i">')).toEqual(['b', 'd']);
});
