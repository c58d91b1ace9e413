import * as vscode from 'vscode';
import type { FileEntry } from '../server/files';
import type { FilesRequest } from '../server/protocol';

/** Files of one folder beyond which sizes are not asked for one by one: each can be a request over a network. */
const MOST_SIZES = 300;

/** Answers the language server's questions about files of workspace folders that are on no disk of its own. Never rejects. */
export async function answerFiles(asked: FilesRequest): Promise<unknown> {
  const folder = vscode.workspace.workspaceFolders?.find(({ uri }) => isSame(uri, asked.folder));
  if (folder === undefined || asked.path.split('/').includes('..')) return null;
  const uri = asked.path === '' ? folder.uri : vscode.Uri.joinPath(folder.uri, ...asked.path.split('/'));
  try {
    if (asked.ask === 'list') return await list(uri);
    if (asked.ask === 'stat') return await entryAt(uri);
    return base64(await vscode.workspace.fs.readFile(uri));
  } catch {
    // Not there, or not readable.
    return null;
  }
}

/** The server got the URI of a folder from us, but may have lost a slash at its end. */
const isSame = (uri: vscode.Uri, text: string): boolean => uri.toString().replace(/\/+$/, '') === text;

async function list(folder: vscode.Uri): Promise<readonly FileEntry[]> {
  const names = await vscode.workspace.fs.readDirectory(folder);
  const isLong = names.length > MOST_SIZES;
  const entries = names.map(async ([name, type]) => {
    const isTold = isLong && !name.endsWith('htaccess');
    return isTold ? entryOf(name, { type, size: 1 }) : entryAt(vscode.Uri.joinPath(folder, name));
  });
  return (await Promise.all(entries)).filter((entry) => entry !== undefined);
}

async function entryAt(uri: vscode.Uri): Promise<FileEntry | undefined> {
  try {
    return entryOf(uri.path.slice(uri.path.lastIndexOf('/') + 1), await vscode.workspace.fs.stat(uri));
  } catch {
    // It vanished meanwhile.
    return undefined;
  }
}

/** What a link leads to is not told by VS Code's file systems: it counts as what it leads to. */
function entryOf(
  name: string,
  { type, size, mtime }: Pick<vscode.FileStat, 'type' | 'size'> & { readonly mtime?: number },
): FileEntry | undefined {
  const time = mtime === undefined ? {} : { mtime: Math.floor(mtime / 1000) };
  if (type & vscode.FileType.Directory && !(type & vscode.FileType.SymbolicLink))
    return { name, kind: 'directory', size: 0, mode: 0o755, ...time };
  return type & vscode.FileType.File ? { name, kind: 'file', size, mode: 0o644, ...time } : undefined;
}

function base64(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 8192) {
    text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  }
  return btoa(text);
}
