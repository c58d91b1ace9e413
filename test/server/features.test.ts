import { afterEach, beforeEach, expect, test } from 'vitest';
import type {
  CodeAction,
  DocumentHighlight,
  Hover,
  SelectionRange,
  SemanticTokens,
  SignatureHelp,
} from 'vscode-languageserver';
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

test('what can be made of a line is told to who asks, and not by itself', async () => {
  await editor.open('RewriteEngine On\nRewriteRule ^ dispatch.fcgi [L]\n');
  const range = { start: { line: 1, character: 0 }, end: { line: 1, character: 0 } };
  const titles = async (context: object): Promise<string[]> => {
    const given = { range, context: { diagnostics: [], ...context } };
    const actions = await editor.ask<CodeAction[]>('textDocument/codeAction', given);
    return actions.map(({ title }) => title);
  };
  const serve = 'Serve files that exist without dispatch.fcgi';
  expect(await titles({ triggerKind: 1 })).toContain(serve);
  expect(await titles({ triggerKind: 2 })).not.toContain(serve);
  expect(await titles({ only: ['refactor'], triggerKind: 2 })).toContain('Add a redirect to https');
  expect(await titles({ only: ['quickfix'] })).not.toContain(serve);
});

test('signature help follows the arguments', async () => {
  await editor.open('RewriteRule ^a$ \n');
  const help = await editor.ask<SignatureHelp>('textDocument/signatureHelp', at(0, 16));
  expect(help.signatures[0]?.label).toBe('RewriteRule pattern substitution [flags]');
  expect(help.activeParameter).toBe(1);
});

test('the closing tag for a new line', async () => {
  await editor.open('  <IfModule a>\n\nOptions None\n');
  expect(await editor.ask('fastcgi/closingTag', at(1, 0))).toBe('  </IfModule>');
  expect(await editor.ask('fastcgi/closingTag', at(2, 0))).toBeNull();
});

test('semantic tokens', async () => {
  await editor.open('SetEnv A 1\nRequire env A\n');
  const all = await editor.ask<SemanticTokens>('textDocument/semanticTokens/full');
  expect(all.data).toEqual([0, 7, 1, 0, 1, 1, 12, 1, 0, 0]);
  const range = { start: { line: 1, character: 0 }, end: { line: 1, character: 13 } };
  const some = await editor.ask<SemanticTokens>('textDocument/semanticTokens/range', { range });
  expect(some.data).toEqual([1, 12, 1, 0, 0]);
});
