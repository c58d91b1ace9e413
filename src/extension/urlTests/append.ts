import * as vscode from 'vscode';
import type { Evaluated } from '../../server/evaluationProtocol';
import { formatRequest } from '../../urls';
import { noFolder } from '../failures';
import { urlFilesOf } from '../watch/urlFiles';
import type { WatchedUrl } from '../watch/watchedUrl';

/** "Record as URL Test": writes the request with its present outcome into the nearest `*.urls` file, or a new one, and shows it. */
export async function appendUrlTest({ uri, request }: WatchedUrl, { outcome }: Evaluated): Promise<void> {
  const folder = vscode.workspace.getWorkspaceFolder(uri);
  if (!folder) throw noFolder();
  const home = vscode.Uri.joinPath(uri, '..');
  const line = `${formatRequest(request)} -> ${outcome}`;
  // Paths in an outcome begin at the folder of the file: only a file of this folder says the same.
  const beside = (await urlFilesOf(folder)).find(
    (file) => vscode.Uri.joinPath(file.uri, '..').path === home.path,
  );
  const target = beside?.uri ?? vscode.Uri.joinPath(home, 'site.urls');
  if (!beside) await vscode.workspace.fs.writeFile(target, new Uint8Array());
  const document = await vscode.workspace.openTextDocument(target);
  const known = document.getText().split(/\r?\n/).indexOf(line);
  const at = known >= 0 ? known : await appendLine(document, line);
  const selection = new vscode.Range(at, 0, at, line.length);
  await vscode.window.showTextDocument(document, { selection });
}

/** Gives the number of the new line. */
async function appendLine(document: vscode.TextDocument, line: string): Promise<number> {
  const last = document.lineAt(document.lineCount - 1);
  const needsBreak = last.text !== '';
  const edit = new vscode.WorkspaceEdit();
  edit.insert(document.uri, last.range.end, `${needsBreak ? '\n' : ''}${line}\n`);
  await vscode.workspace.applyEdit(edit);
  return last.lineNumber + (needsBreak ? 1 : 0);
}
