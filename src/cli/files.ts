import { readFile, stat } from 'node:fs/promises';
import { basename, relative, sep } from 'node:path';
import { everyFileIn, urlFilesIn } from '../runner/siteFiles';
import { ActionError } from './command';

/** What a file is to `fastcgi check`. */
export type CheckedKind = 'htaccess' | 'dispatcher';

/** What a file name says; undefined for files that are not checked. */
export function kindOfFile(name: string): CheckedKind | undefined {
  if (name === '.htaccess' || name === 'htaccess.txt' || name.endsWith('.htaccess')) return 'htaccess';
  return /\.f?cgi$/.test(name) ? 'dispatcher' : undefined;
}

/**
 * The files to check below a path, in a stable order; a file that is named itself is always taken (as a dispatcher
 * unless its name speaks of a .htaccess). Links are not followed into folders.
 */
export async function* filesBelow(path: string): AsyncGenerator<{ path: string; kind: CheckedKind }> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) throw new ActionError(`There is no file or folder ${path}.`);
  if (found.isDirectory() && basename(path) !== '.htaccess') yield* filesIn(path);
  else yield { path, kind: kindOfFile(basename(path)) ?? 'dispatcher' };
}

/**
 * The bytes of a file.
 * @throws an Error in words for people; also where it is no regular file: a pipe or a device may never end
 */
export async function readRegularFile(path: string): Promise<Buffer> {
  const found = await stat(path);
  if (found.isFile()) return readFile(path);
  if (!found.isDirectory()) throw new Error('it is no file, but a pipe, a socket or a device');
  // ap_pcfg_openfile takes files alone, and a .htaccess that is something else forbids everything.
  const outcome = basename(path) === '.htaccess' ? ': Apache answers 403 to every request here' : '';
  throw new Error(`it is a folder${outcome}`);
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
  else yield* urlFilesIn(path);
}

/** A path as it is shown: relative to the working folder where it lies below it, with `/`. */
export function shownPath(path: string, cwd: string): string {
  const below = relative(cwd, path);
  return (below.startsWith('..') ? path : below).split(sep).join('/');
}
