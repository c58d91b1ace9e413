import { afterEach, describe, it } from 'mocha';
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { diagnosticsOf, diskText, fix, openNew, placeOf, remove, until } from './site';

const SCRIPT = '#!/usr/bin/perl\nprint "Content-Type: text/plain\\n\\nhello";\n';
const MARK = '\uFEFF';

describe('scripts', () => {
  let file = '';
  let number = 0;
  // Each test has a file of its own: VS Code remembers the state of a file that was there before.
  const open = (extension: string, content: string) =>
    openNew((file = `project/new${++number}.${extension}`), content);

  afterEach(async () => {
    await setLfOnSave(undefined);
    await remove(placeOf(file));
  });

  for (const extension of ['fcgi', 'cgi']) {
    it(`.${extension} with CRLF are an error that a quick fix mends`, async () => {
      const document = await open(extension, SCRIPT.replaceAll('\n', '\r\n'));
      const [first] = await diagnosticsOf(document.uri);
      assert.ok(first);
      assert.equal(first.severity, vscode.DiagnosticSeverity.Error);
      assert.equal(first.range.start.line, 0);
      await fix(document.uri, first, 'Convert to LF');
      assert.equal(document.eol, vscode.EndOfLine.LF);
      await document.save();
      assert.equal(await diskText(document.uri), SCRIPT);
    });
  }

  it('are saved with LF', async () => {
    const document = await open('fcgi', SCRIPT.replaceAll('\n', '\r\n'));
    await type(document, 'print "more";\r\n');
    await document.save();
    assert.equal(await diskText(document.uri), `${SCRIPT}print "more";\n`);
    await until(
      () => vscode.languages.getDiagnostics(document.uri).map(({ code }) => code),
      (codes) => !codes.includes('dispatcher.crlf'),
    );
  });

  it('keep CRLF where the setting says so', async () => {
    await setLfOnSave(false);
    const document = await open('fcgi', SCRIPT.replaceAll('\n', '\r\n'));
    await type(document, 'print "more";\r\n');
    await document.save();
    assert.match(await diskText(document.uri), /print "more";\r\n$/);
  });

  it('with a byte order mark are an error that a quick fix mends', async () => {
    const document = await open('fcgi', MARK + SCRIPT);
    const found = await until(
      () => vscode.languages.getDiagnostics(document.uri).find(({ code }) => code === 'dispatcher.bom'),
      (one) => one !== undefined,
    );
    assert.ok(found);
    await fix(document.uri, found, 'Remove the byte order mark');
    await until(
      () => diskText(document.uri),
      (text) => text === SCRIPT,
    );
  });

  it('can be converted by command', async () => {
    const document = await open('fcgi', SCRIPT.replaceAll('\n', '\r\n'));
    await vscode.commands.executeCommand('fastcgi.convertToLf');
    await document.save();
    assert.equal(await diskText(document.uri), SCRIPT);
  });
});

async function type(document: vscode.TextDocument, text: string): Promise<void> {
  const edit = new vscode.WorkspaceEdit();
  edit.insert(document.uri, new vscode.Position(document.lineCount, 0), text);
  await vscode.workspace.applyEdit(edit);
}

async function setLfOnSave(value: boolean | undefined): Promise<void> {
  const settings = vscode.workspace.getConfiguration();
  await settings.update('fastcgi.guard.lfOnSave', value, vscode.ConfigurationTarget.Global);
}
