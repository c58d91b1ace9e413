import { before, describe, it } from 'mocha';
import assert from 'node:assert/strict';
import * as vscode from 'vscode';

describe('activation', () => {
  let extension: vscode.Extension<unknown> | undefined;

  before(() => {
    extension = vscode.extensions.getExtension('vscode-fastcgi.vscode-fastcgi');
  });

  it('is installed under its published name', () => {
    assert.ok(extension);
  });

  it('recognises a .htaccess and activates on it', async () => {
    const folder = vscode.workspace.workspaceFolders?.[0];
    assert.ok(folder);
    const [file] = await vscode.workspace.findFiles('**/.htaccess', undefined, 1);
    assert.ok(file, `no .htaccess below ${folder.uri.fsPath}`);
    const document = await vscode.workspace.openTextDocument(file);
    await vscode.window.showTextDocument(document);
    await extension?.activate();
    assert.equal(extension?.isActive, true);
  });

  it('registers every command that its manifest promises', async () => {
    const manifest = extension?.packageJSON as { contributes?: { commands?: { command: string }[] } };
    const promised = (manifest.contributes?.commands ?? []).map((entry) => entry.command);
    const registered = new Set(await vscode.commands.getCommands(true));
    assert.deepEqual(
      promised.filter((command) => !registered.has(command)),
      [],
    );
  });
});
