import * as fs from 'node:fs';
import { CaseSite } from '../apache/caseSite';
import type { HostProfile } from '../apache/host';
import { ModeSite, userOf } from '../apache/modeSite';
import { leadsOut } from '../apache/paths';
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
  readonly #stats: Answers<FileStat | undefined> = new Map();
  readonly #linkStats: Answers<FileStat | undefined> = new Map();
  readonly #contents: Answers<Content> = new Map();
  readonly #names: Answers<readonly string[] | undefined> = new Map();
  readonly #askContent = (path: string): Content => this.#read(path);
  readonly #askNames = (path: string): readonly string[] | undefined => this.#list(path);

  constructor({ folder, treeRoot, cacheLife = 500 }: DiskSiteOptions) {
    this.folder = folder.replace(/[\\/]+$/, '');
    this.treeRoot = (treeRoot ?? byteStringOf(Buffer.from(this.folder.replaceAll('\\', '/')))).replace(
      /\/+$/,
      '',
    );
    this.#cacheLife = cacheLife;
  }

  stat(path: string): FileStat | undefined {
    return this.#cachedStat(this.#stats, path, statOf);
  }

  lstat(path: string): FileStat | undefined {
    return this.#cachedStat(this.#linkStats, path, linkStatOf);
  }

  read(path: string): Content {
    return this.#cached(this.#contents, path, this.#askContent);
  }

  list(path: string): readonly string[] | undefined {
    return this.#cached(this.#names, path, this.#askNames);
  }

  /** Forgets every answer: something on disk has changed. */
  invalidate(): void {
    for (const answers of [this.#stats, this.#linkStats, this.#contents, this.#names]) answers.clear();
  }

  /** The path on this machine, or undefined for one outside the site. */
  localPath(path: string): string | undefined {
    const inside = this.#inside(path);
    return inside === undefined ? undefined : this.folder + textOfByteString(inside);
  }

  /** The server's path of what a path comes to once all links are followed; undefined outside the site, or where nothing is. */
  realPath(path: string): string | undefined {
    const disk = this.#diskPath(path);
    if (disk === undefined) return undefined;
    const [top, real] = [this.folder || '/', disk].map((one) =>
      attempt(() => fs.realpathSync(one, 'buffer').toString('latin1')),
    );
    const isInside = real !== undefined && top !== undefined && `${real}/`.startsWith(`${top}/`);
    return isInside ? this.treeRoot + real.slice(top.length) : undefined;
  }

  /** The part of a server path below the tree's root, with its leading slash; undefined outside. */
  #inside(path: string): string | undefined {
    const inside = path === this.treeRoot || path.startsWith(`${this.treeRoot}/`);
    return inside && !/\/\.\.(\/|$)|\0/.test(path) ? path.slice(this.treeRoot.length) : undefined;
  }

  /** For the file system's own calls: bytes where the name is not ASCII, since it need not be UTF-8. */
  #diskPath(path: string): string | Buffer | undefined {
    const inside = this.#inside(this.#withoutParents(path) ?? '..');
    if (inside === undefined) return undefined;
    if (isAscii(inside)) return this.folder + inside || '/';
    return Buffer.concat([Buffer.from(this.folder), Buffer.from(inside, 'latin1')]);
  }

  /** A path as the system takes it: `..` is the folder that holds what comes before it, where that is a folder and no link leads away. */
  #withoutParents(path: string): string | undefined {
    if (!path.includes('/..')) return path;
    let at = '';
    for (const name of path.split('/').slice(1)) {
      if (name !== '..') at += `/${name}`;
      else if (this.stat(at === '' ? '/' : at)?.kind !== 'directory') return undefined;
      else {
        const real = this.#isAbove(at) ? at : this.realPath(at);
        if (real === undefined) return undefined;
        at = real.slice(0, Math.max(real.lastIndexOf('/'), 0));
      }
    }
    return at === '' ? '/' : at;
  }

  #stat(path: string, look: Look): FileStat | undefined {
    const plain = this.#withoutParents(path);
    const disk = plain === undefined ? undefined : this.#diskPath(plain);
    if (disk === undefined) return plain !== undefined && this.#isAbove(plain) ? FOLDER_ABOVE : undefined;
    const stats = attempt(() => look(disk));
    if (stats === undefined) return undefined;
    return stats.isSymbolicLink() && this.#leadsOut(disk)
      ? { ...fileStat(stats), leadsOut: true }
      : fileStat(stats);
  }

  /** What the server has at the other end of such a link need not be here. */
  #leadsOut(disk: string | Buffer): boolean {
    const target = attempt(() => fs.readlinkSync(disk, 'buffer').toString('latin1')) ?? '';
    const [link, folder] = [disk, this.folder].map((path) => Buffer.from(path).toString('latin1'));
    return link !== undefined && folder !== undefined && leadsOut(link, target, folder);
  }

  #isAbove(path: string): boolean {
    return `${this.treeRoot}/`.startsWith(path.endsWith('/') ? path : `${path}/`);
  }

  #read(path: string): Content {
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

  #cached<Answer>(answers: Answers<Answer>, path: string, ask: (path: string) => Answer): Answer {
    const now = performance.now();
    const known = fresh(answers.get(path), now);
    return known === undefined ? this.#kept(answers, path, { now, answer: ask(path) }) : known.answer;
  }

  #cachedStat(answers: Answers<FileStat | undefined>, path: string, look: Look): FileStat | undefined {
    const now = performance.now();
    const known = fresh(answers.get(path), now);
    if (known !== undefined) return known.answer;
    // Not kept: it is only as fresh as what it is taken from.
    if (this.#isBelowNoFolder(path, now)) return undefined;
    return this.#kept(answers, path, { now, answer: this.#stat(path, look) });
  }

  #kept<Answer>(answers: Answers<Answer>, path: string, { now, answer }: Asked<Answer>): Answer {
    if (answers.size > MOST_ANSWERS) answers.clear();
    if (this.#cacheLife > 0) answers.set(path, { until: now + this.#cacheLife, answer });
    return answer;
  }

  /** True where something above the path is known to be missing, or no folder: the disk need not be asked. */
  #isBelowNoFolder(path: string, now: number): boolean {
    let slash = path.lastIndexOf('/');
    for (; slash > this.treeRoot.length; slash = path.lastIndexOf('/', slash - 1)) {
      const above = path.slice(0, slash);
      const known = fresh(this.#stats.get(above), now) ?? fresh(this.#linkStats.get(above), now);
      if (known === undefined || known.answer?.kind === 'link') continue;
      return known.answer?.kind !== 'directory';
    }
    return false;
  }
}

/** What a file holds. */
type Content = { readonly content: string } | 'unreadable' | undefined;

/** An answer of the disk, and the moment, by `performance.now()`, until which it may be repeated. */
interface Known<Answer> {
  readonly until: number;
  readonly answer: Answer;
}

/** An answer that has just been given. */
interface Asked<Answer> {
  readonly now: number;
  readonly answer: Answer;
}

type Answers<Answer> = Map<string, Known<Answer>>;

type Look = (path: string | Buffer) => fs.Stats | undefined;

const MOST_ANSWERS = 10_000;

const fresh = <Answer>(known: Known<Answer> | undefined, now: number): Known<Answer> | undefined =>
  known !== undefined && known.until > now ? known : undefined;

// Most of what is asked for is missing: that is an answer, and no error.
const statOf: Look = (path) => fs.statSync(path, { throwIfNoEntry: false });
const linkStatOf: Look = (path) => fs.lstatSync(path, { throwIfNoEntry: false });

/** Systems whose disks take `a` and `A` for the same name. */
const FOLDS_CASE = process.platform === 'darwin' || process.platform === 'win32';

/** The site as the host would see it: with the host's rules about upper and lower case and about permissions, not with what holds on this machine. */
export function asOnHost(disk: DiskSite, host: HostProfile): Site {
  const root = disk.treeRoot;
  const realPath = (path: string): string | undefined => disk.realPath(path);
  const hasModes = process.platform !== 'win32';
  const user = userOf(host);
  const site = host.fileModes && hasModes ? new ModeSite(disk, { root, realPath, user }) : disk;
  return host.caseInsensitive === FOLDS_CASE ? site : new CaseSite(site, { root, exact: FOLDS_CASE });
}

const FOLDER_ABOVE: FileStat = { kind: 'directory', size: 0, mode: 0o755 };

function fileStat(stats: fs.Stats): FileStat {
  return {
    kind: kindOf(stats),
    size: stats.size,
    mode: stats.mode & 0o7777,
    mtime: Math.floor(stats.mtimeMs * 1000) / 1e6,
    inode: stats.ino,
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
  return code === 'ENOENT' || code === 'ENOTDIR' || code === 'ENAMETOOLONG';
}
