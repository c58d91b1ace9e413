import { mergePath } from '../paths';
import type { FileStat } from '../site';
import type { UnknownUse } from './outcome';
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

/** Says that a path is asked for which lies outside the tree, and which nobody told of: what the server has there decides. */
export function noteOutside(r: RequestRecord, path: string, { directive, origin }: Asking): void {
  const { host, site, evaluation } = r;
  const whole = mergePath(path);
  if (isAbove(whole, host.treeRoot) || whole.startsWith(`${host.treeRoot}/`)) return;
  if (site.knows?.(whole) === true || site.lstat(whole) !== undefined) return;
  if (evaluation.unknown.some((known) => known.origin === origin)) return;
  const reason = `${whole} lies outside the tree: what the server has there is not known, and counts as missing`;
  evaluation.unknown.push({ directive, origin, reason });
}

/** What asks for a file. */
type Asking = Pick<UnknownUse, 'directive' | 'origin'>;
