import * as fs from 'node:fs';
import { CaseSite } from '../apache/caseSite';
import type { HostProfile } from '../apache/host';
import type { FileStat, Site } from '../apache/site';
import { byteStringOf, isAscii, textOfByteString } from '../text/bytes';

/** Where a site's files lie. */
export interface DiskSiteOptions {
  /** The folder on this machine, absolute. */
  readonly folder: string;
  /** The same folder's path on the server, a byte string; `folder` itself when not given. */
  readonly treeRoot?: string;
  /** Milliseconds for which an answer may be repeated without asking the disk; 0 always asks. */
  readonly cacheLife?: number;
}

/**
 * A site as it lies on disk. Nothing outside its folder is seen, but for the folders above it (which exist) and what
 * symbolic links inside lead to. Answers are repeated for a short time, or until `invalidate()`.
 */
export class DiskSite implements Site {
  readonly folder: string;
  readonly treeRoot: string;
  readonly #cacheLife: number;
  readonly #cache = new Map<string, { readonly until: number; readonly answer: unknown }>();

  constructor({ folder, treeRoot, cacheLife = 500 }: DiskSiteOptions) {
    this.folder = folder.replace(/[\\/]+$/, '');
    this.treeRoot = (treeRoot ?? byteStringOf(Buffer.from(this.folder.replaceAll('\\', '/')))).replace(
      /\/+$/,
      '',
    );
    this.#cacheLife = cacheLife;
  }

  stat(path: string): FileStat | undefined {
    return this.#cached(`stat ${path}`, () => this.#stat(path, fs.statSync));
  }

  lstat(path: string): FileStat | undefined {
    return this.#cached(`lstat ${path}`, () => this.#stat(path, fs.lstatSync));
  }

  read(path: string): { readonly content: string } | 'unreadable' | undefined {
    return this.#cached(`read ${path}`, () => this.#read(path));
  }

  list(path: string): readonly string[] | undefined {
    return this.#cached(`list ${path}`, () => this.#list(path));
  }

  /** Forgets every answer: something on disk has changed. */
  invalidate(): void {
    this.#cache.clear();
  }

  /** The path on this machine, or undefined for one outside the site. */
  localPath(path: string): string | undefined {
    const inside = this.#inside(path);
    return inside === undefined ? undefined : this.folder + textOfByteString(inside);
  }

  /** The part of a server path below the tree's root, with its leading slash; undefined outside. */
  #inside(path: string): string | undefined {
    const inside = path === this.treeRoot || path.startsWith(`${this.treeRoot}/`);
    return inside && !/\/\.\.(\/|$)|\0/.test(path) ? path.slice(this.treeRoot.length) : undefined;
  }

  /** For the file system's own calls: bytes where the name is not ASCII, since it need not be UTF-8. */
  #diskPath(path: string): string | Buffer | undefined {
    const inside = this.#inside(path);
    if (inside === undefined) return undefined;
    if (isAscii(inside)) return this.folder + inside || '/';
    return Buffer.concat([Buffer.from(this.folder), Buffer.from(inside, 'latin1')]);
  }

  #stat(path: string, look: (path: string | Buffer) => fs.Stats): FileStat | undefined {
    const disk = this.#diskPath(path);
    if (disk === undefined) return this.#isAbove(path) ? FOLDER_ABOVE : undefined;
    return attempt(() => fileStat(look(disk)));
  }

  #isAbove(path: string): boolean {
    return `${this.treeRoot}/`.startsWith(path.endsWith('/') ? path : `${path}/`);
  }

  #read(path: string): { readonly content: string } | 'unreadable' | undefined {
    const disk = this.#diskPath(path);
    if (disk === undefined) return undefined;
    try {
      if (!fs.statSync(disk).isFile()) return undefined;
      return { content: fs.readFileSync(disk, 'latin1') };
    } catch (error) {
      return isMissing(error) ? undefined : 'unreadable';
    }
  }

  #list(path: string): readonly string[] | undefined {
    const disk = this.#diskPath(path);
    if (disk === undefined) return undefined;
    return attempt(() => fs.readdirSync(disk, 'buffer').map((name) => name.toString('latin1')));
  }

  #cached<Answer>(key: string, ask: () => Answer): Answer {
    const now = performance.now();
    const known = this.#cache.get(key);
    if (known !== undefined && known.until > now) return known.answer as Answer;
    if (this.#cache.size > 10_000) this.#cache.clear();
    const answer = ask();
    if (this.#cacheLife > 0) this.#cache.set(key, { until: now + this.#cacheLife, answer });
    return answer;
  }
}

/** Systems whose disks take `a` and `A` for the same name. */
const FOLDS_CASE = process.platform === 'darwin' || process.platform === 'win32';

/** The site as the host would see it: with the host's rule about upper and lower case, not that of this machine. */
export function asOnHost(site: DiskSite, host: HostProfile): Site {
  if (host.caseInsensitive === FOLDS_CASE) return site;
  return new CaseSite(site, { root: site.treeRoot, exact: FOLDS_CASE });
}

const FOLDER_ABOVE: FileStat = { kind: 'directory', size: 0, mode: 0o755 };

function fileStat(stats: fs.Stats): FileStat {
  return {
    kind: kindOf(stats),
    size: stats.size,
    mode: stats.mode & 0o7777,
    mtime: Math.floor(stats.mtimeMs / 1000),
    uid: stats.uid,
  };
}

function kindOf(stats: fs.Stats): FileStat['kind'] {
  if (stats.isFile()) return 'file';
  if (stats.isDirectory()) return 'directory';
  return stats.isSymbolicLink() ? 'link' : 'other';
}

function attempt<Value>(ask: () => Value): Value | undefined {
  try {
    return ask();
  } catch {
    return undefined;
  }
}

function isMissing(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ENOENT' || code === 'ENOTDIR' || code === 'ELOOP' || code === 'ENAMETOOLONG';
}
