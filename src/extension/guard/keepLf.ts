import * as vscode from 'vscode';
import { withEditorconfigLines, withGitattributesLines } from '../../dispatcher/keepLf';
import { Failure } from '../failures';

/** Adds what keeps LF to `.gitattributes` and `.editorconfig` of the file's workspace folder, and saves both. */
export async function keepLf(uri: vscode.Uri): Promise<void> {
  const folder = vscode.workspace.getWorkspaceFolder(uri);
  if (!folder) throw new Failure(vscode.l10n.t('The file lies in no folder of the workspace.'));
  await change(vscode.Uri.joinPath(folder.uri, '.gitattributes'), withGitattributesLines);
  await change(vscode.Uri.joinPath(folder.uri, '.editorconfig'), withEditorconfigLines);
}

async function change(file: vscode.Uri, changed: (text: string) => string): Promise<void> {
  const before = await textOf(file);
  const after = changed(before ?? '');
  if (after !== before) await vscode.workspace.fs.writeFile(file, new TextEncoder().encode(after));
}

async function textOf(file: vscode.Uri): Promise<string | undefined> {
  const open = vscode.workspace.textDocuments.find((one) => one.uri.toString() === file.toString());
  if (open?.isDirty && !(await open.save()))
    throw new Failure(vscode.l10n.t('The file could not be saved, so it was not changed.'));
  try {
    return new TextDecoder().decode(await vscode.workspace.fs.readFile(file));
  } catch {
    // There is none yet.
    return undefined;
  }
}
