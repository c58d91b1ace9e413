import { expect, test } from 'vitest';
import type { SelectionRange } from 'vscode-languageserver';
import { selectionRanges } from '../../src/language';
import { atCursor } from './marked';

/** What the selection at the `|` grows to, smallest first. */
function growth(marked: string): string[] {
  const { document, position } = atCursor(marked);
  const found: string[] = [];
  for (
    let at: SelectionRange | undefined = selectionRanges(document, [position])[0];
    at !== undefined;
    at = at.parent
  ) {
    const { start, end } = at.range;
    found.push(document.source.slice(document.offsetAt(start), document.offsetAt(end)));
  }
  return found;
}

test('from a flag to the file', () => {
  const rule = 'RewriteRule ^a$ b [R=301,L]';
  expect(growth('<IfModule x>\nRewriteCond a b\nRewriteRule ^a$ b [R=|301,L]\n</IfModule>\n')).toEqual([
    'R=301',
    '[R=301,L]',
    '^a$ b [R=301,L]',
    rule,
    `RewriteCond a b\n${rule}`,
    `RewriteCond a b\n${rule}\n`,
    `<IfModule x>\nRewriteCond a b\n${rule}\n</IfModule>`,
    `<IfModule x>\nRewriteCond a b\n${rule}\n</IfModule>\n`,
  ]);
});

test('from a group outwards, and a variable', () => {
  expect(growth('RewriteRule "^(a(b|)c)$" d').slice(0, 4)).toEqual([
    '(b)',
    '(a(b)c)',
    '^(a(b)c)$',
    '"^(a(b)c)$"',
  ]);
  expect(growth('RewriteCond %{HTTP_|HOST} a').slice(0, 2)).toEqual(['HTTP_HOST', '%{HTTP_HOST}']);
});

test('an empty file has its one place', () => expect(growth('|')).toEqual(['']));
