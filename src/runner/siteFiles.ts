import type { Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** Folders that hold no part of the site. */
const SKIPPED = new Set(['node_modules', '.git', '.hg', '.svn', '.venv', '__pycache__']);

/**
 * Every file below a folder that may belong to a site, in a stable order; links are not followed into folders. A folder of
 * the name `.htaccess` is among them, since Apache opens it as a file.
 */
export async function* everyFileIn(folder: string): AsyncGenerator<string> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((): Dirent[] => []);
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    if (!entry.isDirectory() || entry.name === '.htaccess') yield path;
    else if (!SKIPPED.has(entry.name)) yield* everyFileIn(path);
  }
}

/** The `*.urls` files among them. */
export async function* urlFilesIn(folder: string): AsyncGenerator<string> {
  for await (const path of everyFileIn(folder)) if (path.endsWith('.urls')) yield path;
}
