import { describe, it } from 'mocha';
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { diagnosticsOf, diskText, fix, openNew, placeOf, remove, until } from './site';

describe('.htaccess', () => {
  it('gets the verdict of Apache, in its words, on its line', async () => {
    const document = await openNew('.htaccess', 'RewriteEngine On\nRewriteRuel ^a$ /b\n');
    try {
      assert.equal(document.languageId, 'htaccess');
      const [first, ...others] = await diagnosticsOf(document.uri);
      assert.match(first?.message ?? '', /Invalid command 'RewriteRuel', perhaps misspelled/);
      assert.equal(first?.range.start.line, 1);
      assert.equal(first?.severity, vscode.DiagnosticSeverity.Error);
      assert.deepEqual(others, []);
      const edit = new vscode.WorkspaceEdit();
      edit.replace(document.uri, new vscode.Range(1, 0, 1, 11), 'RewriteRule');
      await vscode.workspace.applyEdit(edit);
      await diagnosticsOf(document.uri, 'none');
    } finally {
      await remove(document.uri);
    }
  });

  it('is checked though nobody opened it, again when it changes, and no more when it is gone', async () => {
    const uri = placeOf('closed/.htaccess');
    const write = (text: string) => vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(text));
    await write('Bogus\n');
    const [first] = await diagnosticsOf(uri);
    assert.match(first?.message ?? '', /Invalid command 'Bogus'/);
    await write('<IfFile /site/closed/on>\nOther\n</IfFile>\n');
    await diagnosticsOf(uri, 'none');
    await vscode.workspace.fs.writeFile(placeOf('closed/on'), new Uint8Array());
    const [second] = await diagnosticsOf(uri);
    assert.match(second?.message ?? '', /Invalid command 'Other'/);
    await vscode.workspace.fs.delete(placeOf('closed'), { recursive: true });
    await diagnosticsOf(uri, 'none');
  });

  it('with a byte order mark, which no editor shows, is an error that a quick fix mends', async () => {
    const document = await openNew('marked.htaccess', '\uFEFFOptions -Indexes\n');
    try {
      const [first, ...others] = await diagnosticsOf(document.uri);
      assert.ok(first);
      assert.match(first.message, /Invalid command 'Options'.* byte order mark/);
      assert.equal(first.range.start.line, 0);
      assert.deepEqual(others, []);
      await fix(document.uri, first, 'Remove the byte order mark');
      await diagnosticsOf(document.uri, 'none');
      assert.equal(await diskText(document.uri), 'Options -Indexes\n');
    } finally {
      await remove(document.uri);
    }
  });

  it('is judged for the host that the project file describes', async () => {
    const project = placeOf('.vscode/fastcgi.json');
    const before = await vscode.workspace.fs.readFile(project);
    const document = await openNew('.htaccess', 'Options -Indexes\n');
    try {
      await vscode.workspace.fs.writeFile(project, new TextEncoder().encode('{ "host": "no-options" }'));
      await until(
        () => vscode.languages.getDiagnostics(document.uri).map(({ message }) => message),
        (messages) => messages.some((one) => one.includes('Options not allowed here')),
      );
    } finally {
      await vscode.workspace.fs.writeFile(project, before);
      await diagnosticsOf(document.uri, 'none');
      await remove(document.uri);
    }
  });
});

describe('the project file', () => {
  const messages = () =>
    vscode.languages
      .getDiagnostics(placeOf('.vscode/fastcgi.json'))
      .filter(({ source }) => source === 'FastCGI')
      .map(({ message }) => message)
      .join('\n');

  for (const { what, text, message } of [
    { what: 'an unknown field', text: '{ "documentRot": "." }', message: /documentRot/ },
    {
      what: 'a password',
      text: '{ "targets": { "a": { "ssh": { "host": "example.com", "password": "x" }, "path": "/a" } } }',
      message: /password/,
    },
    { what: 'broken JSON', text: '{ "documentRoot": ', message: /no valid JSON/ },
  ]) {
    it(`with ${what} says so`, async () => {
      const project = placeOf('.vscode/fastcgi.json');
      const before = await vscode.workspace.fs.readFile(project);
      try {
        await vscode.workspace.fs.writeFile(project, new TextEncoder().encode(text));
        await until(messages, (told) => message.test(told));
      } finally {
        await vscode.workspace.fs.writeFile(project, before);
        await until(messages, (told) => told === '');
      }
    });
  }
});
