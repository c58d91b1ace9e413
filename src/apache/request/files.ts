import type { FileStat } from '../site';
import type { RequestRecord } from './record';

/** What is there for a path: a folder above the tree is one, whatever the site knows. */
export function statPath(r: RequestRecord, path: string): FileStat | undefined {
  const bare = path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path;
  if (isAbove(bare, r.host.treeRoot)) return FOLDER;
  const found = r.site.stat(bare);
  // A slash behind anything but a folder is an error for the operating system.
  return bare === path || found?.kind === 'directory' ? found : undefined;
}

/** What a folder above the tree looks like. */
export const FOLDER: FileStat = { kind: 'directory', size: 0, mode: 0o755 };

/** True for the tree's own folder and those above it, which the site does not hold. */
export function isAbove(path: string, treeRoot: string): boolean {
  return path === '/' || path === treeRoot || treeRoot.startsWith(`${path}/`);
}
