import type { Site } from '../apache/site';

/** Folders below that are looked through; of more nothing is said. */
const MOST_FOLDERS = 500;

/**
 * The .htaccess files of all folders below one: what each holds; `'unknown'` where one cannot be read, and at the end where
 * there are too many folders.
 */
export function* htaccessBelow(site: Site, directory: string): Generator<{ content: string } | 'unknown'> {
  const waiting = foldersIn(site, directory);
  for (let count = 0; waiting.length > 0; count++) {
    if (count === MOST_FOLDERS) return yield 'unknown';
    const folder = waiting.pop() ?? '';
    const read = site.read(`${folder}.htaccess`);
    if (read !== undefined) yield read === 'unreadable' ? 'unknown' : read;
    waiting.push(...foldersIn(site, folder));
  }
}

function foldersIn(site: Site, folder: string): string[] {
  const names = site.list(folder) ?? [];
  return names
    .filter((name) => site.lstat(folder + name)?.kind === 'directory')
    .map((name) => `${folder}${name}/`);
}
