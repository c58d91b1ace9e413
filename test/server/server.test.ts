import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, describe, expect, test } from 'vitest';
import type { CodeAction, CompletionItem, DocumentSymbol, FoldingRange, Hover } from 'vscode-languageserver';
import { hostProfile } from '../../src/apache/host';
import { diskFiles } from '../../src/server/diskFiles';
import { placeOf } from '../../src/server/place';
import type { LanguageServerOptions } from '../../src/server/server';
import { Editor, URI } from './editor';

let editor: Editor;
const cleanup: (() => void)[] = [];

afterEach(() => {
  editor.dispose();
  for (const one of cleanup.splice(0)) one();
});

async function started(options: LanguageServerOptions = {}, initialization: object = {}): Promise<Editor> {
  editor = new Editor(options);
  await editor.start(initialization);
  return editor;
}

const at = (line: number, character: number) => ({ position: { line, character } });

describe('the language server', () => {
  test('tells what it can do', async () => {
    editor = new Editor();
    const { capabilities } = await editor.start();
    expect(capabilities).toMatchObject({
      hoverProvider: true,
      documentSymbolProvider: true,
      foldingRangeProvider: true,
      completionProvider: { resolveProvider: true },
      codeActionProvider: { codeActionKinds: ['quickfix', 'refactor.rewrite'] },
    });
    expect(capabilities.completionProvider?.triggerCharacters).toContain('<');
  });

  test('publishes the verdict of each version, and clears it', async () => {
    await started();
    await editor.open('RewriteEngin On\n');
    expect(await editor.diagnostics(1)).toMatchObject([{ code: 'apache.invalid-command', source: 'Apache' }]);
    await editor.change('RewriteEngine On\n', 2);
    expect(await editor.diagnostics(2)).toEqual([]);
    await editor.close();
    expect(await editor.diagnostics()).toEqual([]);
  });

  test('gives the verdict at once, and advice when the keys rest', async () => {
    await started();
    await editor.open('Redirect /old.html?a=1 /new.html\nBogus\n');
    const verdict = await editor.diagnostics(1);
    expect(verdict.map(({ code }) => code)).toEqual(['apache.invalid-command']);
    const all = await editor.diagnostics(1);
    expect(all.map(({ code }) => code)).toEqual(['redirect.query-in-path', 'apache.invalid-command']);
  });

  test('shows advice as loudly as the project file and then the user want it', async () => {
    await started();
    await editor.open('Redirect /old.html?a=1 /new.html\n');
    expect(await editor.diagnostics(1)).toMatchObject([{ code: 'redirect.query-in-path', severity: 2 }]);
    await editor.sendHosts(hostProfile(), { advice: { 'redirect.query-in-path': 'hint' } });
    expect(await editor.diagnostics(1)).toMatchObject([{ severity: 4 }]);
    editor.settings = { advice: { severity: { 'redirect.query-in-path': 'error', other: 'loud' } } };
    await editor.changedSettings();
    expect(await editor.diagnostics(1)).toMatchObject([{ severity: 1, source: 'htaccess' }]);
    editor.settings = { advice: { severity: { 'redirect.query-in-path': 'off' } } };
    await editor.changedSettings();
    expect(await editor.diagnostics(1)).toEqual([]);
  });

  test('advises on modules that are no part of Apache where the client tells nothing of them', async () => {
    await started();
    await editor.sendHosts(hostProfile());
    await editor.open('PassengerEnabled on\n');
    expect(await editor.diagnostics(1)).toMatchObject([{ code: 'host.foreign-module', severity: 3 }]);
    await editor.sendHosts(hostProfile({ directives: ['Passenger*'] }));
    expect(await editor.diagnostics(1)).toEqual([]);
    await editor.sendHosts(hostProfile({ directives: [] }));
    expect(await editor.diagnostics(1)).toMatchObject([{ code: 'apache.invalid-command' }]);
  });

  test('judges again when the host changes', async () => {
    await started();
    await editor.open('ExpiresActive On\n');
    expect(await editor.diagnostics(1)).toEqual([]);
    await editor.sendHosts(hostProfile({ modules: ['core'] }));
    expect(await editor.diagnostics(1)).toMatchObject([{ code: 'apache.invalid-command' }]);
  });

  test('answers hover, outline and folding', async () => {
    await started();
    await editor.open('<IfModule mod_rewrite.c>\n  RewriteEngine On\n  RewriteRule a b [L]\n</IfModule>\n');
    const hover = await editor.ask<Hover>('textDocument/hover', at(1, 4));
    expect(JSON.stringify(hover)).toContain('mod_rewrite.html#rewriteengine');
    const symbols = await editor.ask<DocumentSymbol[]>('textDocument/documentSymbol');
    expect(symbols[0]?.children?.map(({ name }) => name)).toEqual(['a → b']);
    expect(await editor.ask<FoldingRange[]>('textDocument/foldingRange')).toEqual([
      { startLine: 0, endLine: 2 },
    ]);
    expect(await editor.ask<Hover>('textDocument/hover', at(9, 0))).toBeNull();
  });

  test('completes, and explains an item for the host of its document', async () => {
    await started({}, { canSuggestAgain: true });
    await editor.sendHosts(hostProfile({ apache: '2.4.60' }));
    await editor.open('Redir');
    const items = await editor.ask<CompletionItem[]>('textDocument/completion', at(0, 5));
    const item = items.find(({ label }) => label === 'RedirectRelative');
    if (item === undefined) throw new Error('RedirectRelative is not offered');
    expect(item.command?.command).toBe('editor.action.triggerSuggest');
    const resolved = await editor.resolve(item);
    expect(JSON.stringify(resolved.documentation)).toContain('Since Apache 2.4.58');
    expect(items.find(({ label }) => label === '<Files')?.insertTextFormat).toBe(2);
  });

  test('offers quick fixes for what it published', async () => {
    await started();
    await editor.open('RewriteEngin On\n');
    const diagnostics = await editor.diagnostics(1);
    const range = diagnostics[0]?.range;
    const actions = await editor.ask<CodeAction[]>('textDocument/codeAction', {
      range,
      context: { diagnostics },
    });
    expect(actions[0]?.title).toBe('Change to RewriteEngine');
    expect(actions[0]?.diagnostics).toEqual(diagnostics);
    expect(actions[0]?.edit?.changes?.[URI]).toEqual([{ range, newText: 'RewriteEngine' }]);
  });

  test('says nothing about documents that are not open', async () => {
    await started();
    expect(await editor.ask('textDocument/completion', at(0, 0))).toEqual([]);
    expect(await editor.ask('textDocument/foldingRange')).toEqual([]);
  });
});

describe('the files of the workspace', () => {
  /** A folder with these files, as a server's only workspace folder. */
  async function opened(files: Readonly<Record<string, string>>): Promise<{ root: string; folder: string }> {
    const root = mkdtempSync(join(tmpdir(), 'fastcgi-server-'));
    cleanup.push(() => rmSync(root, { recursive: true }));
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    }
    await started({ files: [diskFiles] });
    const folder = pathToFileURL(root).href;
    await editor.sendHosts(hostProfile(), { folder });
    return { root, folder };
  }

  test('are checked though nobody opened them, and again when they change on disk', async () => {
    const { root, folder } = await opened({ '.htaccess': 'Bogus\n', 'a b/é/.htaccess': 'Options x\n' });
    expect(await editor.diagnosticsOf(`${folder}/.htaccess`)).toMatchObject([
      { code: 'apache.invalid-command' },
    ]);
    expect(await editor.diagnosticsOf(`${folder}/a%20b/%C3%A9/.htaccess`)).toMatchObject([
      { code: 'apache.refused' },
    ]);
    writeFileSync(join(root, '.htaccess'), 'Options -Indexes\n');
    rmSync(join(root, 'a b'), { recursive: true });
    await editor.changedOnDisk(`${folder}/.htaccess`, `${folder}/a%20b`);
    expect(await editor.diagnosticsOf(`${folder}/.htaccess`)).toEqual([]);
    expect(await editor.diagnosticsOf(`${folder}/a%20b/%C3%A9/.htaccess`)).toEqual([]);
  });

  test('a file with a byte order mark, and one that is too large', async () => {
    const { folder } = await opened({
      'mark/.htaccess': '\uFEFFOptions -Indexes\n',
      'large/.htaccess': '# nothing\n'.repeat(300_000),
    });
    const [mark] = await editor.diagnosticsOf(`${folder}/mark/.htaccess`);
    expect(mark?.message).toContain('byte order mark');
    const [large] = await editor.diagnosticsOf(`${folder}/large/.htaccess`);
    expect(large).toMatchObject({ code: 'file.too-large', message: expect.stringContaining('3 MB') });
  });

  test('a document speaks for its file while it is open', async () => {
    const { folder } = await opened({ '.htaccess': 'Bogus\n' });
    const uri = `${folder}/.htaccess`;
    expect(await editor.diagnosticsOf(uri)).toHaveLength(1);
    await editor.open('Options -Indexes\n', uri);
    expect(await editor.diagnosticsOf(uri)).toEqual([]);
    await editor.close(uri);
    expect(await editor.diagnosticsOf(uri)).toEqual([]);
    expect(await editor.diagnosticsOf(uri)).toMatchObject([{ code: 'apache.invalid-command' }]);
  });

  test('decide what <IfFile> holds, and what visitors get to see', async () => {
    const { root, folder } = await opened({
      '.htaccess': '<IfFile !/site/on>\nBogus\n</IfFile>\n',
      'index.html': '',
    });
    const uri = `${folder}/.htaccess`;
    expect(await editor.diagnosticsOf(uri)).toMatchObject([{ code: 'apache.invalid-command' }]);
    writeFileSync(join(root, 'on'), '');
    await editor.changedOnDisk(`${folder}/on`);
    expect(await editor.diagnosticsOf(uri)).toEqual([]);
    writeFileSync(join(root, '.env'), 'SECRET=1\n');
    await editor.changedOnDisk(`${folder}/.env`);
    expect(await editor.diagnosticsOf(uri)).toMatchObject([{ code: 'exposure.private-file' }]);
  });

  test('what is written in a folder above counts below at once', async () => {
    const { folder } = await opened({
      '.htaccess': 'Options -Indexes\n',
      'blog/.htaccess': 'RewriteEngine On\n',
    });
    await editor.open('RewriteEngine On\nRewriteRule ^a$ b [L]\n', `${folder}/.htaccess`);
    expect(await editor.diagnosticsOf(`${folder}/blog/.htaccess`)).toMatchObject([
      { code: 'rewrite.child-drops-parent' },
    ]);
  });
});

describe('file names', () => {
  const site = (): string => {
    const root = mkdtempSync(join(tmpdir(), 'fastcgi-server-'));
    cleanup.push(() => rmSync(root, { recursive: true }));
    mkdirSync(join(root, 'public/blog'), { recursive: true });
    writeFileSync(join(root, 'public/blog/é.html'), '');
    writeFileSync(join(root, 'public/404.html'), '');
    symlinkSync(tmpdir(), join(root, 'public/outside'));
    return pathToFileURL(root).href;
  };

  test('come from the workspace folder', async () => {
    const folder = site();
    await started({ files: [diskFiles] });
    const uri = `${folder}/public/blog/.htaccess`;
    await editor.sendHosts(hostProfile(), { folder, documentRoot: 'public' });
    await editor.open('ErrorDocument 404 /\nRewriteRule a ', uri);
    const labels = async (line: number, character: number): Promise<string[]> =>
      (await editor.ask<CompletionItem[]>('textDocument/completion', at(line, character), uri)).map(
        ({ label }) => label,
      );
    expect(await labels(0, 19)).toEqual(['404.html', 'blog/', 'outside']);
    expect(await labels(1, 14)).toContain('é.html');
  });

  test('never from outside of it', async () => {
    const folder = site();
    const names = async (path: string) => (await diskFiles.list(folder, path)).map(({ name }) => name);
    expect(await names('public/blog')).toEqual(['é.html']);
    expect(await names('public/outside')).toEqual([]);
    expect(await names('../')).toEqual([]);
    expect(await names('public/404.html')).toEqual([]);
    expect(await diskFiles.stat(folder, '../')).toBeUndefined();
    expect(await diskFiles.stat(folder, 'public/outside')).toMatchObject({ kind: 'link' });
    expect(await diskFiles.stat(folder, 'public/outside')).not.toHaveProperty('target');
    expect(await diskFiles.read(folder, 'public/outside/x')).toBeUndefined();
    expect(diskFiles.canRead('untitled:/a')).toBe(false);
  });
});

test('a document has a place on the server', () => {
  const hosts = [{ folder: 'file:///w', host: hostProfile(), documentRoot: './public/' }];
  expect(placeOf('file:///w/public/%C3%A9/.htaccess', hosts)).toEqual({
    directory: '/site/public/Ã©/',
    documentRoot: '/site/public/',
  });
  expect(placeOf('file:///w/%/.htaccess', [{ folder: 'file:///w', host: hostProfile() }])).toEqual({
    directory: '/site/%/',
    documentRoot: '/site/',
  });
  expect(placeOf('untitled:a', hosts)).toBeUndefined();
});
