import { describe, expect, test } from 'vitest';
import type { DocumentSymbol } from 'vscode-languageserver';
import { hostProfile } from '../../src/apache/host';
import { codeActions, diagnose, documentSymbols, foldingRanges, HtaccessDocument } from '../../src/language';

/** The outline as indented names. */
function outline(symbols: readonly DocumentSymbol[], indent = ''): string[] {
  return symbols.flatMap(({ name, children = [] }) => [indent + name, ...outline(children, `${indent}  `)]);
}

const folds = (text: string): string[] =>
  foldingRanges(new HtaccessDocument(text)).map(({ startLine, endLine, kind }) =>
    `${startLine}-${endLine} ${kind ?? ''}`.trim(),
  );

describe('the outline', () => {
  test('holds sections and rules', () => {
    const text =
      '<IfModule mod_rewrite.c>\nRewriteEngine On\nRewriteRule "^a b$" /c [L]\n</IfModule>\nRedirect 301 /x /é\nRewriteRule\n';
    expect(outline(documentSymbols(new HtaccessDocument(text)))).toEqual([
      'IfModule mod_rewrite.c',
      '  ^a b$ → /c',
      '301 /x /é',
      'RewriteRule',
    ]);
  });

  test('a rule begins with its conditions', () => {
    const text = 'RewriteCond a b\n# why\nRewriteCond c d\nRewriteRule e f\nRewriteRule g h';
    const symbols = documentSymbols(new HtaccessDocument(text));
    expect(symbols.map(({ range }) => [range.start.line, range.end.line])).toEqual([
      [0, 3],
      [4, 4],
    ]);
    for (const { range, selectionRange } of symbols) expect(selectionRange.end).toEqual(range.end);
  });

  test('is the same after an edit as for a file that was never seen', () => {
    const before =
      'RewriteCond a b\nRewriteRule c d\n<Files x>\nRedirect /é /f\n</Files>\nRewriteRule g \\\n  h\n';
    const edits: readonly (readonly [string, string])[] = [
      ['c d', 'cc d'],
      ['RewriteCond a b\n', ''],
      ['RewriteCond', '# why\nRewriteRule i j\nRewriteCond'],
      ['<Files x>\n', ''],
      ['RewriteRule c d\n', ''],
      ['g \\\n', 'g \\\n\\\n'],
      ['g \\\n  ', 'g   '],
      ['Redirect', '  Redirect'],
      ['é', 'e'],
      ['Redirect /é /f\n', 'Redirect /é /f\nRedirect /é /f\n'],
    ];
    for (const [from, to] of edits) {
      const after = before.replace(from, () => to);
      documentSymbols(new HtaccessDocument('RewriteRule other other'));
      const fresh = documentSymbols(new HtaccessDocument(after));
      documentSymbols(new HtaccessDocument(before));
      expect(documentSymbols(new HtaccessDocument(after))).toEqual(fresh);
    }
  });

  test('bears very deep nesting', () => {
    const symbols = documentSymbols(new HtaccessDocument('<Files a>\n'.repeat(50_000)));
    expect(() => JSON.stringify(symbols)).not.toThrow();
  });
});

describe('folding', () => {
  test('sections end before their closing tag', () => {
    expect(folds('<Files a>\n<If "b">\nOptions -Indexes\n</If>\n</Files>\n')).toEqual(['0-3', '1-2']);
    expect(folds('<Files a>\n</Files>\n')).toEqual([]);
    expect(folds('<Files a>\nOptions -Indexes\n')).toEqual([]);
  });

  test('comments and continued lines', () => {
    expect(folds('# a\n  # b\n# c\n\n# d\nRewriteRule a \\\n  b \\\n  [L]\n')).toEqual([
      '0-2 comment',
      '5-7',
    ]);
    expect(folds('# a\n# b')).toEqual(['0-1 comment']);
  });
});

describe('code actions', () => {
  const document = new HtaccessDocument('Options -Indexes\nRewriteEngin On\n');
  const problems = diagnose(document, hostProfile());
  const at = (line: number) => ({ start: { line, character: 3 }, end: { line, character: 3 } });
  const request = { uri: 'file:///site/.htaccess', diagnostics: [] };

  test('are those of the problems at the cursor', () => {
    const actions = codeActions(problems, { ...request, range: at(1) });
    expect(actions[0]).toMatchObject({
      title: 'Change to RewriteEngine',
      kind: 'quickfix',
      isPreferred: true,
    });
    expect(actions[0]?.edit?.changes?.['file:///site/.htaccess']).toHaveLength(1);
    expect(codeActions(problems, { ...request, range: at(0) })).toEqual([]);
  });

  test('respect the kinds that are asked for', () => {
    expect(codeActions(problems, { ...request, range: at(1), only: ['refactor'] })).toEqual([]);
    expect(codeActions(problems, { ...request, range: at(1), only: ['quickfix'] })).not.toEqual([]);
  });
});
