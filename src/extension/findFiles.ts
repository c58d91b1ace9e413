import * as vscode from 'vscode';

/** Folders that hold no part of a site. */
const NO_SITE = ['node_modules', '.git', '.venv', 'venv', '__pycache__'];

const EXCLUDED = `**/{${NO_SITE.join(',')}}/**`;

/** Names beyond which a folder that VS Code cannot search is not looked through any further: each folder can be a request. */
const MOST_NAMES = 20_000;

/** Folders that are read at the same time. */
const AT_ONCE = 8;

/** File systems that VS Code searches by itself. */
const SEARCHED = new Set(['file', 'vscode-remote']);

/** What is looked for. */
export interface FileSearch {
  /** Endings of names, without the dot. */
  readonly endings: readonly string[];
  /** Files beyond which there is no further search. */
  readonly most: number;
  /** Where; all workspace folders when absent. */
  readonly folder?: vscode.WorkspaceFolder;
}

/**
 * Files of the workspace by the endings of their names. Where only an extension knows the files, as in a repository that is
 * not cloned, VS Code's own search waits for that extension to search too, which many never do: there the folders are read.
 */
export async function findFiles({ endings, most, folder }: FileSearch): Promise<vscode.Uri[]> {
  const folders = folder ? [folder] : (vscode.workspace.workspaceFolders ?? []);
  const found: vscode.Uri[] = [];
  for (const one of folders) {
    const left = most - found.length;
    if (left <= 0) break;
    found.push(...(await (SEARCHED.has(one.uri.scheme) ? search : walk)(one, endings, left)));
  }
  return found;
}

function search(folder: vscode.WorkspaceFolder, endings: readonly string[], most: number) {
  const names = endings.length === 1 ? endings[0] : `{${endings.join(',')}}`;
  const pattern = new vscode.RelativePattern(folder, `**/*.${names}`);
  return vscode.workspace.findFiles(pattern, EXCLUDED, most);
}

async function walk(
  { uri }: vscode.WorkspaceFolder,
  endings: readonly string[],
  most: number,
): Promise<vscode.Uri[]> {
  const found: vscode.Uri[] = [];
  const waiting = [uri];
  for (let names = 0; waiting.length > 0 && names < MOST_NAMES && found.length < most;) {
    const folders = waiting.splice(0, AT_ONCE);
    const lists = await Promise.all(folders.map(entriesOf));
    for (const [n, entries] of lists.entries()) {
      names += entries.length;
      for (const [name, type] of entries) {
        const child = vscode.Uri.joinPath(folders[n] ?? uri, name);
        const isFolder = type === vscode.FileType.Directory;
        if (isFolder && !NO_SITE.includes(name)) waiting.push(child);
        else if (!isFolder && endings.some((ending) => name.endsWith(`.${ending}`))) found.push(child);
      }
    }
  }
  return found.slice(0, most);
}

/** None where the folder cannot be read, or is gone. */
async function entriesOf(folder: vscode.Uri): Promise<readonly [string, vscode.FileType][]> {
  try {
    return await vscode.workspace.fs.readDirectory(folder);
  } catch {
    return [];
  }
}
