import * as vscode from 'vscode';
import { fixedText, toLf, type DispatcherFix } from '../../dispatcher';
import { byteStringOf, bytesOf } from '../../text/bytes';
import type { DiskTools } from '../diskTools';
import { Failure, requireTrust } from '../failures';
import type { ProgramsThere } from '../targets/programsThere';
import { keepLf } from './keepLf';

/** What is needed for more than the text; nothing of it in a browser. */
export interface RepairTools {
  readonly disk?: DiskTools | undefined;
  readonly programsThere?: Pick<ProgramsThere, 'setMode'> | undefined;
}

/** Mends one thing in a script. Line endings and first lines change the text, to be undone and saved by the user; bytes that no text shows are written at once. */
export async function repair(
  document: vscode.TextDocument,
  fix: DispatcherFix,
  { disk, programsThere }: RepairTools = {},
): Promise<void> {
  if (fix.kind === 'to-lf') await convertToLf(document);
  else if (fix.kind === 'keep-lf') await keepLf(document.uri);
  else if (fix.kind === 'git-mode') await makeExecutable(document.uri, disk);
  else if (fix.kind === 'set-mode-on-target') await programsThere?.setMode(document.uri, fix);
  else if (fix.kind === 'first-line' || fix.kind === 'change')
    await replaceText(document, fixedText(document.getText(), fix));
  else if (fix.kind === 'set-mode') await setMode(document.uri, fix.mode, disk);
  else await rewrite(document, (bytes) => fixedText(bytes, fix));
}

/** Where VS Code shows LF already, only the file has other endings: it keeps one kind for a whole text. */
async function convertToLf(document: vscode.TextDocument): Promise<void> {
  if (document.eol === vscode.EndOfLine.LF) {
    await rewrite(document, toLf);
    return;
  }
  const editor = await vscode.window.showTextDocument(document);
  await editor.edit((edit) => edit.setEndOfLine(vscode.EndOfLine.LF));
}

async function replaceText(document: vscode.TextDocument, text: string): Promise<void> {
  const edit = new vscode.WorkspaceEdit();
  const whole = new vscode.Range(0, 0, document.lineCount, 0);
  edit.replace(document.uri, whole, text);
  await vscode.workspace.applyEdit(edit);
}

async function makeExecutable(uri: vscode.Uri, disk: DiskTools | undefined): Promise<void> {
  requireTrust();
  if (uri.scheme !== 'file' || disk === undefined)
    throw new Failure(vscode.l10n.t('Only files on a disk are in git.'));
  await disk.makeExecutableInGit(uri.fsPath);
}

async function setMode(uri: vscode.Uri, mode: number, disk: DiskTools | undefined): Promise<void> {
  if (uri.scheme !== 'file' || disk === undefined)
    throw new Failure(vscode.l10n.t('Only files on a disk have permissions.'));
  await disk.setMode(uri.fsPath, mode);
}

/** Rewrites the file's bytes; unsaved changes are saved first, so that none is lost. */
async function rewrite(document: vscode.TextDocument, change: (bytes: string) => string): Promise<void> {
  if (document.isDirty && !(await document.save())) {
    throw new Failure(vscode.l10n.t('The file could not be saved, so it was not changed.'));
  }
  const before = byteStringOf(await vscode.workspace.fs.readFile(document.uri));
  const after = change(before);
  if (after !== before) await vscode.workspace.fs.writeFile(document.uri, bytesOf(after));
}

/** What a button or quick fix is called, in the reader's language. */
export function titleOf(fix: DispatcherFix): string {
  if (fix.kind === 'to-lf') return vscode.l10n.t('Convert to LF');
  if (fix.kind === 'keep-lf')
    return vscode.l10n.t('Keep LF in git and in editors (.gitattributes, .editorconfig)');
  if (fix.kind === 'without-bom') return vscode.l10n.t('Remove the byte order mark');
  return fix.title;
}
