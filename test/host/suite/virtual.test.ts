import { after, before, describe, it } from 'mocha';
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { MEMORY_SCHEME, MemoryFiles } from '../memoryFiles';
import { until } from './site';

const FILES = {
  '/site/.vscode/fastcgi.json': '{ "documentRoot": "public", "host": { "apache": "2.4.37" } }',
  '/site/public/.htaccess':
    'RewriteEngine On\nErrorDocument 404 /missing.html\nRewriteRule ^hello$ page.html\nRewriteRuel\n',
  '/site/public/older/.htaccess': 'RedirectRelative On\n',
  '/site/public/page.html': 'a page',
  '/site/public/missing.html': 'missing',
  '/site/public/run.fcgi': '#!/usr/bin/perl\r\n',
  '/site/public/site.urls': '/hello -> file page.html\n/other -> 404\n',
};

describe('a workspace that is on no disk', () => {
  const root = vscode.Uri.from({ scheme: MEMORY_SCHEME, path: '/site' });
  const placeOf = (path: string) => vscode.Uri.joinPath(root, ...path.split('/'));
  const rules = placeOf('public/.htaccess');
  const messagesOf = (uri: vscode.Uri) =>
    vscode.languages
      .getDiagnostics(uri)
      .map(({ message }) => message)
      .join('\n');
  let files: vscode.Disposable;
  let document: vscode.TextDocument;

  before(async () => {
    await vscode.extensions.getExtension('vscode-fastcgi.vscode-fastcgi')?.activate();
    files = vscode.workspace.registerFileSystemProvider(MEMORY_SCHEME, new MemoryFiles(FILES));
    assert.ok(vscode.workspace.updateWorkspaceFolders(1, 0, { uri: root }));
    await until(
      () => vscode.workspace.workspaceFolders?.length,
      (count) => count === 2,
    );
    document = await vscode.workspace.openTextDocument(rules);
    await vscode.window.showTextDocument(document);
  });

  after(async () => {
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
    vscode.workspace.updateWorkspaceFolders(1, 1);
    await until(
      () => vscode.workspace.workspaceFolders?.length,
      (count) => count === 1,
    );
    files.dispose();
  });

  it('is judged, files that nobody opened too, by its own project file', async () => {
    await until(
      () => messagesOf(rules),
      (text) => text.includes("Invalid command 'RewriteRuel'"),
    );
    await until(
      () => messagesOf(placeOf('public/older/.htaccess')),
      (text) => text.includes('2.4.58'),
    );
    await until(
      () => messagesOf(placeOf('public/run.fcgi')),
      (text) => text !== '',
    );
  });

  it('gets completion, also of its files, hover, links, symbols and formatting', async () => {
    const run = vscode.commands.executeCommand;
    const at = document.positionAt(document.getText().indexOf('/missing') + 1);
    const { items } = await run<vscode.CompletionList>('vscode.executeCompletionItemProvider', rules, at);
    const labels = items.map(({ label }) => (typeof label === 'string' ? label : label.label));
    assert.ok(
      labels.some((label) => label.endsWith('page.html')),
      labels.join(' '),
    );
    const [hover] = await run<vscode.Hover[]>(
      'vscode.executeHoverProvider',
      rules,
      new vscode.Position(1, 3),
    );
    assert.match(hover?.contents.map(textOf).join('\n') ?? '', /ErrorDocument/);
    const links = await run<vscode.DocumentLink[]>('vscode.executeLinkProvider', rules);
    assert.deepEqual(
      links.map(({ target }) => target?.path),
      ['/site/public/missing.html', '/site/public/page.html'],
    );
    const symbols = await run<unknown[]>('vscode.executeDocumentSymbolProvider', rules);
    assert.ok(symbols.length > 0);
    await replaceIn(document, 'RewriteRuel', '<IfModule mod_dir.c>\nDirectoryIndex a.html\n</IfModule>');
    const options = { insertSpaces: true, tabSize: 2 };
    const edits = await run<vscode.TextEdit[]>('vscode.executeFormatDocumentProvider', rules, options);
    assert.deepEqual(
      edits.map(({ newText }) => newText),
      ['  '],
    );
  });

  it('finds the tests of URLs, counts them over rules, and follows their files', async () => {
    const lenses = () =>
      vscode.commands.executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', rules);
    const titles = async () => (await lenses()).map(({ command }) => command?.title).join('|');
    await until(titles, (text) => text.includes('1 of 2 URL tests'));
    await vscode.workspace.fs.writeFile(
      placeOf('public/more.urls'),
      new TextEncoder().encode('/hello -> 200\n'),
    );
    await until(titles, (text) => text.includes('2 of 3 URL tests'));
  });
});

async function replaceIn(document: vscode.TextDocument, old: string, text: string): Promise<void> {
  const start = document.positionAt(document.getText().indexOf(old));
  const edit = new vscode.WorkspaceEdit();
  edit.replace(document.uri, new vscode.Range(start, start.translate(0, old.length)), text);
  await vscode.workspace.applyEdit(edit);
}

const textOf = (content: vscode.MarkdownString | vscode.MarkedString): string =>
  typeof content === 'string' ? content : content.value;
