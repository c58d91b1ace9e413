import * as fs from 'node:fs';
import * as path from 'node:path';

/** Folders whose changes mean nothing to a site, and which can be large. */
const UNWATCHED = new Set(['node_modules', '__pycache__', 'venv', '.venv', '.git', '.hg', '.svn']);
/** More folders than this are not watched: each costs a handle. */
const MOST_FOLDERS = 2000;
/** Milliseconds of quiet after which changes are told. */
const QUIET = 100;

/** Watches a tree of folders. */
export interface TreeWatcher {
  dispose(): void;
}

/**
 * Tells, after a moment of quiet, which files below a folder have changed, been made or removed. Paths are absolute
 * and text. New folders are watched as they come. Version control, caches and virtual environments are left out.
 */
export function watchTree(root: string, onChange: (files: readonly string[]) => void): TreeWatcher {
  const watchers = new Map<string, fs.FSWatcher>();
  const changed = new Set<string>();
  let timer: NodeJS.Timeout | undefined;

  const tell = (): void => {
    const files = [...changed];
    changed.clear();
    onChange(files);
  };
  const note = (file: string): void => {
    changed.add(file);
    clearTimeout(timer);
    timer = setTimeout(tell, QUIET);
  };
  const unwatch = (folder: string): void => {
    watchers.get(folder)?.close();
    watchers.delete(folder);
  };
  const watchFolder = (folder: string): void => {
    if (watchers.has(folder) || watchers.size >= MOST_FOLDERS) return;
    try {
      const watcher = fs.watch(folder, (_event, name) => onEvent(folder, name));
      watcher.on('error', () => unwatch(folder));
      watchers.set(folder, watcher);
      for (const child of subfolders(folder)) watchFolder(child);
    } catch {
      // Gone again, or not ours to read: nothing in it can be served either.
    }
  };
  const onEvent = (folder: string, name: string | null): void => {
    if (name === null || UNWATCHED.has(name)) return;
    const file = path.join(folder, name);
    if (isFolder(file)) noteNewFolder(file);
    else unwatch(file);
    note(file);
  };
  // What was in it before the watch began made no event.
  const noteNewFolder = (folder: string): void => {
    if (watchers.has(folder)) return;
    watchFolder(folder);
    for (const file of filesBelow(folder)) note(file);
  };

  watchFolder(root);
  return {
    dispose() {
      clearTimeout(timer);
      for (const folder of watchers.keys()) unwatch(folder);
    },
  };
}

/** Files in a folder at any depth; none where it is gone again. */
function filesBelow(folder: string): string[] {
  try {
    const own = fs.readdirSync(folder, { withFileTypes: true }).filter((entry) => !entry.isDirectory());
    const deeper = subfolders(folder).flatMap(filesBelow);
    return [...own.map((entry) => path.join(folder, entry.name)), ...deeper];
  } catch {
    return [];
  }
}

function subfolders(folder: string): string[] {
  return fs
    .readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !UNWATCHED.has(entry.name))
    .map((entry) => path.join(folder, entry.name));
}

function isFolder(file: string): boolean {
  return fs.statSync(file, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
