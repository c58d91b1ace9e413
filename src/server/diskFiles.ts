import { lstat, readdir, readFile, readlink, realpath } from 'node:fs/promises';
import type { Stats } from 'node:fs';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FileEntry, WorkspaceFiles } from './files';

/** Files of folders on this machine's disk. */
export const diskFiles: WorkspaceFiles = {
  canRead: (folderUri) => folderUri.startsWith('file:'),
  list: (folderUri, path) => orElse([], () => listFolder(folderUri, path)),
  stat: (folderUri, path) =>
    orElse(undefined, async () => {
      const place = await placeOf(folderUri, path);
      return place && entryOf(place.root, place.path, await lstat(place.path));
    }),
  read: (folderUri, path) =>
    orElse(undefined, async () => {
      const place = await placeOf(folderUri, path);
      return place && (await lstat(place.path)).isFile() ? readFile(place.path) : undefined;
    }),
};

/** Names whose properties are asked for at a time. */
const AT_A_TIME = 64;

async function listFolder(folderUri: string, path: string): Promise<readonly FileEntry[]> {
  const place = await placeOf(folderUri, path);
  if (place === undefined || !(await lstat(place.path)).isDirectory()) return [];
  const names = await readdir(place.path);
  const entries: FileEntry[] = [];
  for (let at = 0; at < names.length; at += AT_A_TIME) {
    const some = names.slice(at, at + AT_A_TIME).map((name) => entryAt(place.root, join(place.path, name)));
    for (const entry of await Promise.all(some)) if (entry !== undefined) entries.push(entry);
  }
  return entries;
}

/** Where a path lies, without links above its last segment; undefined where that is outside of the workspace folder. */
async function placeOf(folderUri: string, path: string): Promise<{ root: string; path: string } | undefined> {
  const root = await realpath(fileURLToPath(folderUri));
  if (path === '') return { root, path: root };
  const named = resolve(root, path);
  const folder = await realpath(dirname(named));
  const isInside = folder === root || folder.startsWith(root + sep);
  return isInside ? { root, path: join(folder, basename(named)) } : undefined;
}

/** What vanished since its folder was read is no entry. */
function entryAt(root: string, path: string): Promise<FileEntry | undefined> {
  return orElse(undefined, async () => entryOf(root, path, await lstat(path)));
}

async function entryOf(root: string, path: string, stats: Stats): Promise<FileEntry | undefined> {
  const kind = kindOf(stats);
  if (kind === undefined) return undefined;
  const { size, mode, mtimeMs } = stats;
  const found = { name: basename(path), kind, size, mode: mode & 0o7777, mtime: Math.floor(mtimeMs / 1000) };
  const target = kind === 'link' ? await targetOf(root, path) : undefined;
  return target === undefined ? found : { ...found, target };
}

function kindOf(stats: Stats): FileEntry['kind'] | undefined {
  if (stats.isFile()) return 'file';
  if (stats.isDirectory()) return 'directory';
  return stats.isSymbolicLink() ? 'link' : undefined;
}

async function targetOf(root: string, path: string): Promise<string | undefined> {
  const below = relative(root, resolve(dirname(path), await readlink(path)));
  return below === '..' || below.startsWith(`..${sep}`) ? undefined : below.split(sep).join('/');
}

async function orElse<Value>(otherwise: Value, ask: () => Promise<Value>): Promise<Value> {
  try {
    return await ask();
  } catch {
    // Not there, not readable, or gone meanwhile: as if it were not there.
    return otherwise;
  }
}
