import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { CodeAction, CompletionItem, TextEdit, WorkspaceEdit } from 'vscode-languageserver';
import { hostProfile } from '../../src/apache/host';
import { diskFiles } from '../../src/server/diskFiles';
import { Editor } from './editor';

// Edits that are worked out for a later text than the one that was asked about land in the wrong places: they take away or
// cut what was typed while the answer was on its way.

let editor: Editor;
let root: string;
let uri: string;
/** Lets the files of the folder be read. */
let readFiles: () => void;

beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'fastcgi-meanwhile-'));
  uri = pathToFileURL(join(root, '.htaccess')).href;
  writeFileSync(join(root, 'new.html'), '');
  const gate = new Promise<void>((resolve) => {
    readFiles = resolve;
  });
  const list: typeof diskFiles.list = async (...of) => gate.then(() => diskFiles.list(...of));
  editor = new Editor({ files: [{ ...diskFiles, list }] });
  await editor.start();
  await editor.sendHosts(hostProfile(), { folder: pathToFileURL(root).href });
});

afterEach(() => {
  readFiles();
  editor.dispose();
  rmSync(root, { recursive: true });
});

/** What is typed while the answer is on its way. */
const type = async (text: string, line: number, character: number): Promise<void> => {
  const at = { line, character };
  await editor.edit([{ range: { start: at, end: at }, text }], 2, uri);
  // The server has heard of it.
  await editor.ask('textDocument/documentSymbol', {}, uri);
};

const at = (line: number, character: number) => ({ position: { line, character } });

test('a completion replaces no more than there was behind the cursor', async () => {
  await editor.open('Redirect 301 /old / [kept]\n', uri);
  const asked = editor.ask<CompletionItem[]>('textDocument/completion', at(0, 19), uri);
  await type('newform', 0, 19);
  readFiles();
  const item = (await asked).find(({ label }) => label === 'new.html');
  expect(item?.textEdit).toMatchObject({
    range: { start: { line: 0, character: 19 }, end: { line: 0, character: 19 } },
  });
});

test('what is behind the cursor is kept where the editor inserts', async () => {
  readFiles();
  const client = new Editor();
  client.completionItem = { insertReplaceSupport: true };
  await client.start();
  await client.open('RewriteCond %{REQUEST_U# of the next line\n<IfM>\n');
  const edits = async (line: number, character: number, label: string) => {
    const items = await client.ask<CompletionItem[]>('textDocument/completion', at(line, character));
    return items.find((one) => one.label === label)?.textEdit;
  };
  expect(await edits(0, 23, 'REQUEST_URI')).toMatchObject({
    insert: { start: { character: 14 }, end: { character: 23 } },
    replace: { start: { character: 14 }, end: { character: 24 } },
  });
  // The bracket that the editor closed by itself is part of the tag.
  expect(await edits(1, 4, '<IfModule')).toMatchObject({
    range: { start: { character: 0 }, end: { character: 5 } },
  });
  client.dispose();
});

test('what can be made of a line is made of the text that was seen', async () => {
  await editor.open('RewriteEngine On\nRewriteRule ^ dispatch.fcgi [L]\n', uri);
  const [start, end] = [at(1, 0).position, at(1, 0).position];
  const params = { range: { start, end }, context: { diagnostics: [], triggerKind: 1 } };
  const asked = editor.ask<CodeAction[]>('textDocument/codeAction', params, uri);
  await type('# one\n# two\n', 0, 0);
  readFiles();
  const serve = (await asked).find(({ title }) => title.startsWith('Serve files that exist'));
  expect(serve?.edit?.changes?.[uri]?.map(({ range }) => range.start.line)).toEqual([1]);
});

test('a variable is renamed where it stood', async () => {
  await editor.open('SetEnv BOT 1\nRequire env BOT\n', uri);
  const asked = editor.ask<WorkspaceEdit>('textDocument/rename', { ...at(0, 8), newName: 'B' }, uri);
  await type('# one\n', 0, 0);
  readFiles();
  const edits = (await asked).changes?.[uri] ?? [];
  expect(edits.map(({ range }) => range.start)).toEqual([
    { line: 0, character: 7 },
    { line: 1, character: 12 },
  ]);
});

test('lines are formatted where they stood', async () => {
  readFiles();
  await editor.open('<Files a>\nA\n</Files>\n', uri);
  let answer = (): void => undefined;
  editor.beforeSettings = new Promise((resolve) => {
    answer = resolve;
  });
  const options = { tabSize: 2, insertSpaces: true };
  const ask = (method: string, more: object) =>
    editor.ask<TextEdit[]>(`textDocument/${method}`, { options, ...more }, uri);
  const asked = [
    ask('formatting', {}),
    ask('rangeFormatting', { range: { start: at(1, 0).position, end: at(1, 1).position } }),
    ask('onTypeFormatting', { ...at(1, 1), ch: '>' }),
    ask('onTypeFormatting', { ...at(2, 0), ch: '\n' }),
  ];
  await type('# one\n', 0, 0);
  answer();
  for (const edits of await Promise.all(asked))
    expect(edits).toEqual([{ range: { start: at(1, 0).position, end: at(1, 0).position }, newText: '  ' }]);
});
