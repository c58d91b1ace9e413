import { describe, expect, test } from 'vitest';
import { hostProfile } from '../../src/apache/host';
import { HtaccessDocument, refactorings } from '../../src/language';
import { answerOf } from './answers';
import { pairsOf, REFACTORING_CASES, refactored } from './refactoringCases';

describe.each(REFACTORING_CASES)('$title', (one) => {
  test.each(
    pairsOf(one).map(
      ({ pair, answer }) =>
        [
          `${pair.request.method ?? ''} ${pair.request.target} ${JSON.stringify(pair.request.headers ?? {})}`,
          answer,
          pair,
        ] as const,
    ),
  )('%s -> %s', (_name, answer, pair) => expect(answerOf(pair)).toBe(answer));
});

function titlesAt(text: string, line: number, host = hostProfile()): string[] {
  const position = { line, character: 0 };
  return refactorings(new HtaccessDocument(text), {
    uri: 'u',
    range: { start: position, end: position },
    host,
  }).map(({ title }) => title);
}

describe('places', () => {
  test('conditions stand before those of the rule, with their indentation', () => {
    const text =
      '<IfModule mod_rewrite.c>\n  RewriteEngine On\n  # why\n  RewriteCond a b [OR]\n  RewriteCond c d\n  RewriteRule ^ /dispatch.fcgi';
    expect(refactored({ title: 'Serve the folder static/ without dispatch.fcgi', htaccess: text })).toBe(
      text.replace('  RewriteCond a b', '  RewriteCond %{REQUEST_URI} !^/sub/static/\n  RewriteCond a b'),
    );
  });

  test('redirects stand behind RewriteEngine On, also where that is the last line', () => {
    expect(refactored({ title: 'Add a redirect to https', htaccess: '  RewriteEngine On' })).toMatch(
      /^ {2}RewriteEngine On\n {2}RewriteCond %\{ENV[^]*\[R=301,L\]$/,
    );
  });

  test('the engine is switched on where it is not', () => {
    expect(refactored({ title: 'Add a redirect to https', htaccess: '\r\n\r\n' })).toMatch(
      /^RewriteEngine On\r\nRewriteCond [^]*\[R=301,L\]\r\n\r\n\r\n$/,
    );
  });

  test('nothing twice', () => {
    const once = refactored({ title: 'Add a redirect to https', htaccess: 'RewriteEngine On\n' });
    expect(titlesAt(once, 0)).not.toContain('Add a redirect to https');
    const served = refactored({
      title: 'Serve files that exist without dispatch.fcgi',
      htaccess: 'RewriteRule ^ dispatch.fcgi\n',
    });
    expect(titlesAt(served, 0)).not.toContain('Serve files that exist without dispatch.fcgi');
  });

  test('nothing where it does not belong', () => {
    expect(titlesAt('Options None\n', 0)).toEqual([]);
    expect(titlesAt('<Files a>\nRewriteEngine On\n</Files>', 1)).toEqual([]);
    expect(titlesAt('RewriteEngine On\n', 0, hostProfile({ modules: ['core'] }))).toEqual([]);
    expect(
      titlesAt('RewriteEngine On\nRewriteRule a b.html\n', 1).filter((title) => title.startsWith('Serve')),
    ).toEqual([]);
    expect(titlesAt('', 0)).toContain('Add a redirect to https');
    expect(titlesAt('Header set A b "expr=%{HTTPS} == 1"\n\n', 1)).toContain('Add a redirect to https');
  });
});
