import { afterEach, beforeEach, expect, test } from 'vitest';
import type { DocumentHighlight, Hover, SelectionRange } from 'vscode-languageserver';
import { Editor } from './editor';

let editor: Editor;

beforeEach(async () => {
  editor = new Editor();
  await editor.start();
});

afterEach(() => editor.dispose());

const at = (line: number, character: number) => ({ position: { line, character } });

test('highlights and selection ranges', async () => {
  await editor.open('RewriteRule ^(a)$ /$1 [L]\n');
  const marks = await editor.ask<DocumentHighlight[]>('textDocument/documentHighlight', at(0, 20));
  expect(marks.map(({ range }) => [range.start.character, range.end.character])).toEqual([
    [13, 16],
    [19, 21],
  ]);
  const positions = [{ line: 0, character: 23 }];
  const [selection] = await editor.ask<SelectionRange[]>('textDocument/selectionRange', { positions });
  expect(selection?.range).toEqual({ start: { line: 0, character: 23 }, end: { line: 0, character: 24 } });
});

test('hover explains a regular expression', async () => {
  await editor.open('RewriteRule ^(a)$ /$1 [L]\n');
  const hover = await editor.ask<Hover>('textDocument/hover', at(0, 14));
  expect(JSON.stringify(hover)).toContain('group 1, used as `$1`');
});
