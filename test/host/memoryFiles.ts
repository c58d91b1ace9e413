import * as vscode from 'vscode';

/** The scheme of folders that are on no disk. */
export const MEMORY_SCHEME = 'memory';

interface Folder {
  readonly entries: Map<string, Folder | Uint8Array>;
}

/** Files that are nowhere but in this object, as those of a repository on a server are for VS Code. */
export class MemoryFiles implements vscode.FileSystemProvider {
  readonly #changed = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  readonly onDidChangeFile = this.#changed.event;
  readonly #root: Folder = { entries: new Map() };

  /** `files`: contents by absolute paths. */
  constructor(files: Readonly<Record<string, string>> = {}) {
    for (const [path, text] of Object.entries(files)) {
      const parts = path.split('/').filter((part) => part !== '');
      const name = parts.pop() ?? '';
      let folder = this.#root;
      for (const part of parts) folder = enter(folder, part);
      folder.entries.set(name, new TextEncoder().encode(text));
    }
  }

  watch(): vscode.Disposable {
    return new vscode.Disposable(() => undefined);
  }

  stat(uri: vscode.Uri): vscode.FileStat {
    const found = this.#find(uri);
    return found instanceof Uint8Array
      ? { type: vscode.FileType.File, ctime: 0, mtime: 0, size: found.length }
      : { type: vscode.FileType.Directory, ctime: 0, mtime: 0, size: 0 };
  }

  readDirectory(uri: vscode.Uri): [string, vscode.FileType][] {
    const found = this.#find(uri);
    if (found instanceof Uint8Array) throw vscode.FileSystemError.FileNotADirectory(uri);
    return Array.from(found.entries, ([name, entry]) => [
      name,
      entry instanceof Uint8Array ? vscode.FileType.File : vscode.FileType.Directory,
    ]);
  }

  readFile(uri: vscode.Uri): Uint8Array {
    const found = this.#find(uri);
    if (!(found instanceof Uint8Array)) throw vscode.FileSystemError.FileIsADirectory(uri);
    return found;
  }

  createDirectory(uri: vscode.Uri): void {
    enter(this.#holderOf(uri), nameOf(uri));
    this.#tell(vscode.FileChangeType.Created, uri);
  }

  writeFile(uri: vscode.Uri, content: Uint8Array): void {
    const { entries } = this.#holderOf(uri);
    const isNew = !entries.has(nameOf(uri));
    entries.set(nameOf(uri), content);
    this.#tell(isNew ? vscode.FileChangeType.Created : vscode.FileChangeType.Changed, uri);
  }

  delete(uri: vscode.Uri): void {
    this.#holderOf(uri).entries.delete(nameOf(uri));
    this.#tell(vscode.FileChangeType.Deleted, uri);
  }

  rename(from: vscode.Uri, to: vscode.Uri): void {
    this.#holderOf(to).entries.set(nameOf(to), this.#find(from));
    this.delete(from);
    this.#tell(vscode.FileChangeType.Created, to);
  }

  #holderOf(uri: vscode.Uri): Folder {
    const holder = this.#find(vscode.Uri.joinPath(uri, '..'));
    if (holder instanceof Uint8Array) throw vscode.FileSystemError.FileNotADirectory(uri);
    return holder;
  }

  #find(uri: vscode.Uri): Folder | Uint8Array {
    let at: Folder | Uint8Array = this.#root;
    for (const part of uri.path.split('/').filter((one) => one !== '')) {
      const next: Folder | Uint8Array | undefined =
        at instanceof Uint8Array ? undefined : at.entries.get(part);
      if (next === undefined) throw vscode.FileSystemError.FileNotFound(uri);
      at = next;
    }
    return at;
  }

  #tell(type: vscode.FileChangeType, uri: vscode.Uri): void {
    this.#changed.fire([{ type, uri }]);
  }
}

function enter({ entries }: Folder, name: string): Folder {
  const known = entries.get(name);
  if (known !== undefined && !(known instanceof Uint8Array)) return known;
  const made: Folder = { entries: new Map() };
  entries.set(name, made);
  return made;
}

const nameOf = ({ path }: vscode.Uri): string => path.slice(path.lastIndexOf('/') + 1);
