import * as vscode from 'vscode';
import { findFiles } from '../findFiles';
import { formatRequest, parseUrls, type UrlCase } from '../../urls';

/** Files beyond which a folder's URL tests are not searched for any further. */
const MOST_FILES = 200;

/** A `*.urls` file with its text, as it is being written where it is open. */
export interface UrlsFile {
  readonly uri: vscode.Uri;
  readonly text: string;
}

/** All `*.urls` files of a workspace folder. */
export async function urlFilesOf(folder: vscode.WorkspaceFolder): Promise<UrlsFile[]> {
  const uris = await findFiles({ endings: ['urls'], most: MOST_FILES, folder });
  const files = await Promise.all(uris.map((uri) => textOf(uri)));
  return files
    .filter((file) => file !== undefined)
    .sort((one, other) => (one.uri.path < other.uri.path ? -1 : 1));
}

async function textOf(uri: vscode.Uri): Promise<UrlsFile | undefined> {
  const open = vscode.workspace.textDocuments.find((one) => one.uri.toString() === uri.toString());
  if (open) return { uri, text: open.getText() };
  try {
    return { uri, text: new TextDecoder().decode(await vscode.workspace.fs.readFile(uri)) };
  } catch {
    // It went away since it was found.
    return undefined;
  }
}

/** The cases of a file, with the words that a list shows. */
export function casesOf({
  text,
}: UrlsFile): readonly { readonly written: UrlCase; readonly label: string }[] {
  return parseUrls(text).cases.map((written) => ({ written, label: formatRequest(written) }));
}
