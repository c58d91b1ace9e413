import { afterEach, beforeEach, expect, test } from 'vitest';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { CompletionItem, DocumentLink, Location, WorkspaceEdit } from 'vscode-languageserver';
import { hostProfile } from '../../src/apache/host';
import { diskFiles } from '../../src/server/diskFiles';
import { Editor } from './editor';

let editor: Editor;
let folder: string;
let root: string;

beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'fastcgi-navigation-'));
  folder = pathToFileURL(root).href;
  mkdirSync(join(root, 'public/für'), { recursive: true });
  writeFileSync(join(root, 'public/404.html'), '');
  writeFileSync(join(root, 'public/.htaccess'), 'SetEnvIf Host a BOT\nErrorDocument 404 /404.html\n');
  writeFileSync(join(root, 'public/für/.htaccess'), '');
  editor = new Editor({ files: [diskFiles] });
  await editor.start();
  await editor.sendHosts(hostProfile(), { folder, documentRoot: 'public' });
  await editor.open('Require env BOT\nErrorDocument 403 /404.html\n', inner());
});

afterEach(() => {
  editor.dispose();
  rmSync(root, { recursive: true });
});

const inner = (): string => `${folder}/public/${encodeURIComponent('für')}/.htaccess`;
const outer = (): string => `${folder}/public/.htaccess`;
const at = (line: number, character: number) => ({ position: { line, character } });

test('from file to file', async () => {
  const definitions = await editor.ask<Location[]>('textDocument/definition', at(0, 13), inner());
  expect(definitions).toEqual([
    { uri: outer(), range: { start: { line: 0, character: 16 }, end: { line: 0, character: 19 } } },
  ]);
  const context = { includeDeclaration: true };
  const references = await editor.ask<Location[]>(
    'textDocument/references',
    { ...at(1, 25), context },
    inner(),
  );
  expect(references.map(({ uri }) => uri)).toEqual([outer(), inner()]);
  const links = await editor.ask<DocumentLink[]>('textDocument/documentLink', {}, inner());
  expect(links.map(({ target }) => target)).toEqual([`${folder}/public/404.html`]);
});

test('renames a variable everywhere, and says why not', async () => {
  expect(await editor.ask('textDocument/prepareRename', at(0, 13), inner())).toMatchObject({
    placeholder: 'BOT',
  });
  const edit = await editor.ask<WorkspaceEdit>(
    'textDocument/rename',
    { ...at(0, 13), newName: 'CRAWLER' },
    inner(),
  );
  expect(Object.keys(edit.changes ?? {})).toEqual([outer(), inner()]);
  await expect(editor.ask('textDocument/rename', { ...at(0, 13), newName: 'a b' }, inner())).rejects.toThrow(
    'no name for an environment variable',
  );
  expect(await editor.ask('textDocument/prepareRename', at(1, 3), inner())).toBeNull();
});

test('a file that is renamed is named anew, as the files are being written', async () => {
  await editor.open('ErrorDocument 404 "/404.html"\n', outer());
  const files = [{ oldUri: `${folder}/public/404.html`, newUri: `${folder}/public/none.html` }];
  const edit = await editor.ask<WorkspaceEdit>('workspace/willRenameFiles', { files });
  expect(edit.changes).toEqual({
    [outer()]: [
      {
        range: { start: { line: 0, character: 19 }, end: { line: 0, character: 28 } },
        newText: '/none.html',
      },
    ],
    [inner()]: [
      {
        range: { start: { line: 1, character: 18 }, end: { line: 1, character: 27 } },
        newText: '/none.html',
      },
    ],
  });
  const elsewhere = [{ oldUri: 'file:///elsewhere/a', newUri: 'file:///elsewhere/b' }];
  expect(await editor.ask('workspace/willRenameFiles', { files: elsewhere })).toBeNull();
});

test('a document outside of every folder stands alone', async () => {
  await editor.open('SetEnv A 1\nRequire env A\nErrorDocument 404 /404.html\n', 'untitled:a');
  const found = await editor.ask<Location[]>('textDocument/definition', at(1, 12), 'untitled:a');
  expect(found.map(({ uri }) => uri)).toEqual(['untitled:a']);
  expect(await editor.ask('textDocument/documentLink', {}, 'untitled:a')).toEqual([]);
});

test('completion brings to the front what other files of the site use', async () => {
  writeFileSync(join(root, 'public/.htaccess'), 'SSLOptions +StrictRequire\n');
  await editor.changedOnDisk(outer());
  await editor.open('\n', inner());
  const first = async (): Promise<string[]> => {
    const items = await editor.ask<CompletionItem[]>('textDocument/completion', at(0, 0), inner());
    return items.slice(0, 5).map(({ label }) => label);
  };
  await expect.poll(first).toContain('SSLOptions');
});
