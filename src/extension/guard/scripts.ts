import { stat } from 'node:fs/promises';
import * as vscode from 'vscode';
import { checkDispatcher, type DispatcherProblem } from '../../dispatcher';
import { byteStringOf, byteStringOfText } from '../../text/bytes';

/** Which files are CGI or FastCGI programs. */
export const SCRIPT_PATTERN = '**/*.{fcgi,cgi}';

/** True for a document that the web server would start as a program. */
export function isScript(document: vscode.TextDocument): boolean {
  return /\.f?cgi$/i.test(document.uri.path) && document.uri.scheme !== 'git';
}

/**
 * What is wrong with a script, as it would be on the server: the file on disk where the document is saved, since VS Code hides byte
 * order marks and mixed line endings from the text; else the text as the next save would write it.
 */
export async function problemsOf(document: vscode.TextDocument): Promise<readonly DispatcherProblem[]> {
  const version = document.version;
  const facts = { path: document.uri.path, ...(await modeOf(document.uri)) };
  const content = document.isDirty ? unsaved(document) : await saved(document);
  if (document.isClosed || document.version !== version) return [];
  return checkDispatcher(content, facts);
}

/** A document's bytes on the server, as a byte string; undefined for an unsaved text in another encoding than UTF-8. */
export async function byteStringIn(document: vscode.TextDocument): Promise<string | undefined> {
  if (document.isDirty && !/^utf8(?:bom)?$/.test(document.encoding)) return undefined;
  const content = document.isDirty ? unsaved(document) : await saved(document);
  return typeof content === 'string' ? byteStringOfText(content) : byteStringOf(content);
}

function unsaved(document: vscode.TextDocument): string {
  return (document.encoding === 'utf8bom' ? '\uFEFF' : '') + document.getText();
}

/** UTF-8 becomes text, so that columns are those of the editor; UTF-16 stays bytes, which is what the check looks for. */
async function saved(document: vscode.TextDocument): Promise<string | Uint8Array> {
  try {
    const bytes = await vscode.workspace.fs.readFile(document.uri);
    return bytes.subarray(0, 4).includes(0) || bytes[0] === 0xff || bytes[0] === 0xfe
      ? bytes
      : new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
  } catch {
    // Deleted, or not written yet: the text is all there is.
    return unsaved(document);
  }
}

/** Permission bits, where they mean something. */
async function modeOf(uri: vscode.Uri): Promise<{ mode?: number }> {
  if (uri.scheme !== 'file' || process.platform === 'win32') return {};
  try {
    return { mode: (await stat(uri.fsPath)).mode & 0o7777 };
  } catch {
    return {};
  }
}
