import * as fs from 'node:fs';
import * as path from 'node:path';
import * as vscode from 'vscode';
import { evaluate } from '../../apache/request';
import { hostProfile } from '../../apache/host';
import { DiskSite, type RequestRecord } from '../../runner';
import { byteStringOfText, textOfByteString } from '../../text/bytes';
import { decisivePlace } from '../../urls';
import { Failure } from '../failures';
import { localHost } from '../../runner';
import type { Served } from '../runner';
import { nearestUrlsFile, testLineOf } from './urlTest';

/** "Record as URL Test": writes the line into the nearest `*.urls` file, or a new one, and shows it. */
export async function recordTest(record: RequestRecord, served: Served): Promise<void> {
  const top = served.one.folder.uri.fsPath;
  const documentRoot = path.resolve(top, served.one.project.documentRoot);
  const file = nearestUrlsFile(folderOf(record, documentRoot), top, namesIn);
  const site = new DiskSite({ folder: top });
  const host = { ...hostProfile(localHost(served.one.project.host)), treeRoot: site.treeRoot };
  const line = testLineOf(record, {
    folder: path.dirname(file),
    documentRoot,
    host,
    evaluate: (request) =>
      evaluate({ request, site, host, documentRoot: byteStringOfText(documentRoot), trace: false }),
  });
  if (line === undefined) {
    throw new Failure(vscode.l10n.t('The request was refused before any .htaccess had a say.'));
  }
  await append(vscode.Uri.file(file), line);
}

/** Where the line belongs: beside the `.htaccess` that decided, else the file that answered, else the document root. */
function folderOf({ outcome }: RequestRecord, documentRoot: string): string {
  const decided = outcome === null ? undefined : decisivePlace(outcome)?.file;
  const answered = outcome !== null && 'file' in outcome.answer ? outcome.answer.file : undefined;
  const file = decided ?? answered;
  const folder = file === undefined ? documentRoot : path.dirname(textOfByteString(file));
  return fs.existsSync(folder) ? folder : documentRoot;
}

function namesIn(folder: string): readonly string[] {
  try {
    return fs.readdirSync(folder);
  } catch {
    return [];
  }
}

async function append(uri: vscode.Uri, line: string): Promise<void> {
  const edit = new vscode.WorkspaceEdit();
  const isNew = !fs.existsSync(uri.fsPath);
  if (isNew) edit.createFile(uri, { contents: new Uint8Array() });
  if (isNew) await vscode.workspace.applyEdit(edit);
  const document = await vscode.workspace.openTextDocument(uri);
  const known = document
    .getText()
    .split(/\r?\n/)
    .findIndex((text) => text.trim() === line);
  const at = known >= 0 ? known : await appendLine(document, line);
  const range = document.lineAt(at).range;
  await vscode.window.showTextDocument(document, { selection: range, preview: false });
}

/** Gives the number of the new line. A file without changes of one's own is saved. */
async function appendLine(document: vscode.TextDocument, line: string): Promise<number> {
  const wasDirty = document.isDirty;
  const last = document.lineAt(document.lineCount - 1);
  const text = last.text.trim() === '' ? `${line}\n` : `\n${line}\n`;
  const edit = new vscode.WorkspaceEdit();
  edit.insert(document.uri, last.range.end, text);
  await vscode.workspace.applyEdit(edit);
  if (!wasDirty) await document.save();
  return last.text.trim() === '' ? last.lineNumber : last.lineNumber + 1;
}
