import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import * as vscode from 'vscode';

/** Milliseconds for anything that the editor does by itself. */
const LIMIT = 15_000;

/** A place in the open sample site, a copy. */
export function placeOf(relativePath: string): vscode.Uri {
  const folder = vscode.workspace.workspaceFolders?.[0];
  assert.ok(folder, 'no folder is open');
  return vscode.Uri.joinPath(folder.uri, ...relativePath.split('/'));
}

/** Writes a file, opens it in an editor, and gives its document. */
export async function openNew(relativePath: string, content: string): Promise<vscode.TextDocument> {
  const uri = placeOf(relativePath);
  await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(content));
  const document = await vscode.workspace.openTextDocument(uri);
  await vscode.window.showTextDocument(document);
  return document;
}

/** Closes all editors without a question, and removes a file. */
export async function remove(uri: vscode.Uri): Promise<void> {
  await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  await vscode.workspace.fs.delete(uri);
}

/** The text of a file on the disk. */
export async function diskText(uri: vscode.Uri): Promise<string> {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(await vscode.workspace.fs.readFile(uri));
}

/** Waits until something holds; fails with what was seen last. */
export async function until<Value>(
  look: () => Value | Promise<Value>,
  holds: (value: Value) => boolean,
): Promise<Value> {
  const end = Date.now() + LIMIT;
  let seen = await look();
  while (!holds(seen)) {
    if (Date.now() > end) assert.fail(`not within ${LIMIT} ms: ${JSON.stringify(seen)}`);
    await sleep(50);
    seen = await look();
  }
  return seen;
}

/** Waits for the first of our diagnostics of a file, or for none. */
export async function diagnosticsOf(uri: vscode.Uri, wanted: 'some' | 'none' = 'some') {
  return until(
    () => vscode.languages.getDiagnostics(uri),
    (found) => found.length > 0 === (wanted === 'some'),
  );
}

/** Carries out the quick fix with this title where a diagnostic is. */
export async function fix(uri: vscode.Uri, diagnostic: vscode.Diagnostic, title: string): Promise<void> {
  const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
    'vscode.executeCodeActionProvider',
    uri,
    diagnostic.range,
  );
  const action = actions.find((one) => one.title === title);
  assert.ok(action, `no "${title}" among ${actions.map((one) => one.title).join(', ')}`);
  if (action.edit) await vscode.workspace.applyEdit(action.edit);
  const { command } = action;
  if (command)
    await vscode.commands.executeCommand(command.command, ...((command.arguments ?? []) as unknown[]));
}
