import type { Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { basename, join, relative, sep } from 'node:path';
import { ActionError } from './command';

/** What a file is to `fastcgi check`. */
export type CheckedKind = 'htaccess' | 'dispatcher';

/** Folders that hold no part of the site. */
const SKIPPED = new Set(['node_modules', '.git', '.hg', '.svn', '.venv', '__pycache__']);

/** What a file name says; undefined for files that are not checked. */
export function kindOfFile(name: string): CheckedKind | undefined {
  if (name === '.htaccess' || name === 'htaccess.txt' || name.endsWith('.htaccess')) return 'htaccess';
  return name.endsWith('.fcgi') ? 'dispatcher' : undefined;
}

/**
 * The files to check below a path, in a stable order; a file that is named itself is always taken (as a dispatcher
 * unless its name speaks of a .htaccess). Links are not followed into folders.
 */
export async function* filesBelow(path: string): AsyncGenerator<{ path: string; kind: CheckedKind }> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) throw new ActionError(`There is no file or folder ${path}.`);
  if (found.isDirectory()) yield* filesIn(path);
  else yield { path, kind: kindOfFile(basename(path)) ?? 'dispatcher' };
}

async function* filesIn(folder: string): AsyncGenerator<{ path: string; kind: CheckedKind }> {
  for await (const path of everyFileIn(folder)) {
    const kind = kindOfFile(basename(path));
    if (kind !== undefined) yield { path, kind };
  }
}

/** The `*.urls` files below a path, in a stable order; a file that is named itself is always taken. */
export async function* urlFilesBelow(path: string): AsyncGenerator<string> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) throw new ActionError(`There is no file or folder ${path}.`);
  if (!found.isDirectory()) yield path;
  else for await (const file of everyFileIn(path)) if (file.endsWith('.urls')) yield file;
}

async function* everyFileIn(folder: string): AsyncGenerator<string> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((): Dirent[] => []);
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    if (!entry.isDirectory()) yield path;
    else if (!SKIPPED.has(entry.name)) yield* everyFileIn(path);
  }
}

/** A path as it is shown: relative to the working folder where it lies below it, with `/`. */
export function shownPath(path: string, cwd: string): string {
  const below = relative(cwd, path);
  return (below.startsWith('..') ? path : below).split(sep).join('/');
}
