import { describe, expect, test } from 'vitest';
import { hostProfile } from '../../src/apache/host';
import { memorySite } from '../../src/apache/memorySite';
import { evaluate } from '../../src/apache/request';
import { outcomeAnswer } from '../../src/cli/explainAnswer';
import { HtaccessDocument, refactorings } from '../../src/language';
import type { OraclePair } from '../oracle/apache/oracle';
import { pairsOf, REFACTORING_CASES, refactored } from './refactoringCases';

/** `status location` or `status file`, as our evaluation answers. */
function answerOf({ files, request }: OraclePair): string {
  const host = hostProfile();
  const site = memorySite(files, { treeRoot: host.treeRoot });
  const given = Object.entries({
    Host: 'www.example.test',
    ...(request.headers as Record<string, string> | undefined),
  });
  const asked = { method: request.method ?? 'GET', target: request.target, headers: given };
  const outcome = evaluate({ request: asked, site, host, documentRoot: host.treeRoot, time: 1_764_000_000 });
  const { status, location, file } = outcomeAnswer(outcome, { treeRoot: host.treeRoot, trace: false }) as {
    status: number;
    location: string | null;
    file: string | null;
  };
  return [status, location ?? (status < 300 ? file : null)].filter((one) => one !== null).join(' ');
}

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
  });
});
