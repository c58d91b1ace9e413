import { byteStringOfText, lowerCase } from '../text/bytes';
import { MAY_ENTER, MAY_READ, type WebServerUser } from './modeSite';
import { leadsOut } from './paths';
import type { FileStat, Site } from './site';

/**
 * One entry of a described tree: a text, `null` for an empty folder, text or base64 with permission bits
 * (a number as `stat` gives it, or octal digits as a string), or a symbolic link.
 */
export type MemoryEntry =
  | string
  | null
  | { readonly text: string; readonly mode?: number | string }
  | { readonly base64: string; readonly mode?: number | string }
  | { readonly link: string }
  /** A folder with permission bits of its own. */
  | { readonly mode: number | string };

/** A file, with what is known of it. */
export interface MemoryFile {
  readonly kind: 'file';
  /** A byte string, or how to get it when it is asked for. */
  readonly content: string | (() => string);
  readonly mode: number;
  /** Bytes; those of `content` when absent. */
  readonly size?: number;
  /** Seconds since 1970, when known. */
  readonly mtime?: number;
}

/** What can lie at a path: a file, a symbolic link (`target` is a byte string), or a folder. */
export type MemoryNode = MemoryFile | { readonly kind: 'link'; readonly target: string } | MemoryFolder;

/** A folder. */
export interface MemoryFolder {
  readonly kind: 'directory';
  /** By name, folded where case does not matter. */
  readonly children: Map<string, { readonly name: string; node: MemoryNode }>;
  mode: number;
}

/** As Linux: more links than this in one path are a loop (ELOOP), longer paths are refused (PATH_MAX). */
const MOST_LINKS = 40;
const LONGEST_PATH = 4096;

/** Where the tree hangs, and whether `A` and `a` are the same name. */
export interface MemorySiteOptions {
  readonly treeRoot: string;
  readonly caseInsensitive?: boolean;
  /** True where permission bits say nothing of what the web server may read: those of somebody's working copy. */
  readonly ignoresModes?: boolean;
  /** `others` when absent. */
  readonly user?: WebServerUser;
}

/**
 * A site in memory. Keys are paths relative to the tree, ordinary text; folders on the way are implied. Entries that
 * cannot be (below a file, outside the tree) are left out.
 */
export function memorySite(files: Readonly<Record<string, MemoryEntry>>, options: MemorySiteOptions): Site {
  const site = new MemorySite(options);
  for (const [path, entry] of Object.entries(files)) {
    if (!path.split('/').includes('..'))
      site.put(`${options.treeRoot}/${byteStringOfText(path)}`, nodeOf(entry));
  }
  return site;
}

/** A tree of files in memory that can change. Paths are absolute on the server, byte strings. */
export class MemorySite implements Site {
  readonly #root: MemoryFolder = folder(0o755);
  readonly #treeRoot: string;
  readonly #foldsCase: boolean;
  readonly #ignoresModes: boolean;
  readonly #user: WebServerUser;

  constructor(options: MemorySiteOptions) {
    const { treeRoot, caseInsensitive = false, ignoresModes = false, user = 'others' } = options;
    this.#treeRoot = treeRoot;
    this.#foldsCase = caseInsensitive;
    this.#ignoresModes = ignoresModes;
    this.#user = user;
    this.folderAt(treeRoot);
  }

  stat(path: string): FileStat | undefined {
    return statOf(this.#find(path, true));
  }

  lstat(path: string): FileStat | undefined {
    const found = this.#find(path, false);
    const stat = statOf(found);
    const isOut = found?.node.kind === 'link' && leadsOut(path, found.node.target, this.#treeRoot);
    return stat !== undefined && isOut ? { ...stat, leadsOut: true } : stat;
  }

  read(path: string): { readonly content: string } | 'unreadable' | undefined {
    const found = this.#find(path, true);
    if (found?.closed) return 'unreadable';
    if (found?.node.kind !== 'file') return undefined;
    return this.#isReadable(found.node) ? { content: contentOf(found.node) } : 'unreadable';
  }

  list(path: string): readonly string[] | undefined {
    const found = this.#find(path, true);
    if (found?.node.kind !== 'directory' || found.closed || !this.#isReadable(found.node)) return undefined;
    return Array.from(found.node.children.values(), ({ name }) => name);
  }

  /** Puts a node at a path. A folder that is already there keeps its content. */
  put(path: string, node: MemoryNode): void {
    const parts = partsOf(path);
    const name = parts.pop();
    const parent = this.folderAt(parts.join('/'));
    if (name === undefined || parent === undefined) return;
    const there = parent.children.get(this.#key(name));
    if (there?.node.kind === 'directory' && node.kind === 'directory') there.node.mode = node.mode;
    else if (there?.node.kind !== 'directory') parent.children.set(this.#key(name), { name, node });
  }

  /** Takes away what lies at a path, a folder with all that is in it. */
  remove(path: string): void {
    const parts = partsOf(path);
    const name = parts.pop();
    const parent = this.#find(`/${parts.join('/')}`, true)?.node;
    if (name !== undefined && parent?.kind === 'directory') parent.children.delete(this.#key(name));
  }

  /** The folder at a path, made where it is missing; undefined below a file or link. */
  folderAt(path: string): MemoryFolder | undefined {
    let at = this.#root;
    for (const name of partsOf(path)) {
      const child = at.children.get(this.#key(name)) ?? { name, node: folder(0o755) };
      at.children.set(this.#key(name), child);
      if (child.node.kind !== 'directory') return undefined;
      at = child.node;
    }
    return at;
  }

  /**
   * Walks a path as the kernel does. `closed`: the way leads through a folder that the web server may not enter, or
   * round and round through links; a name in such a folder is reported as closed even where nothing is.
   */
  #find(path: string, follow: boolean): Found | undefined {
    const walk = new Walk(this.#root, path);
    for (let name = walk.next(); name !== undefined; name = walk.next()) {
      const here = walk.node;
      if (here.kind !== 'directory') return undefined;
      if (name === '/') continue;
      if (!this.#ignoresModes && (here.mode & MAY_ENTER[this.#user]) === 0) walk.closed = true;
      if (name === '..') walk.up();
      else if (name !== '.' && !walk.enter(here.children.get(this.#key(name))?.node, follow)) {
        return walk.closed ? { node: NOTHING, closed: true } : undefined;
      }
    }
    return { node: walk.node, closed: walk.closed };
  }

  #isReadable({ mode }: { readonly mode: number }): boolean {
    return this.#ignoresModes || (mode & MAY_READ[this.#user]) !== 0;
  }

  #key(name: string): string {
    return this.#foldsCase ? lowerCase(name) : name;
  }
}

/** Where a walk came to. */
interface Found {
  readonly node: MemoryNode;
  /** The way leads through a folder that the web server may not enter, or through too many links. */
  readonly closed: boolean;
}

/** Where a walk through the tree stands. */
class Walk {
  closed = false;
  #trail: MemoryFolder[];
  #last: MemoryNode;
  #links = 0;
  readonly #pending: string[] = [];

  constructor(root: MemoryFolder, path: string) {
    this.#trail = [root];
    this.#last = root;
    this.#queue(path);
  }

  get node(): MemoryNode {
    return this.#last;
  }

  next(): string | undefined {
    return this.#pending.pop();
  }

  up(): void {
    if (this.#trail.length > 1) this.#trail.pop();
    this.#last = this.#trail.at(-1) ?? this.#last;
  }

  /** Goes on to a child; false where there is none or a link cannot be followed. */
  enter(child: MemoryNode | undefined, follow: boolean): boolean {
    if (child === undefined) return false;
    if (child.kind === 'link' && (follow || this.#pending.length > 0)) return this.#followLink(child.target);
    if (child.kind === 'directory') this.#trail.push(child);
    this.#last = child;
    return true;
  }

  #followLink(target: string): boolean {
    if (++this.#links > MOST_LINKS) this.closed = true;
    if (this.closed || target === '' || target.length > LONGEST_PATH) return false;
    if (target.startsWith('/')) this.#trail = this.#trail.slice(0, 1);
    this.#last = this.#trail.at(-1) ?? this.#last;
    this.#queue(target);
    return true;
  }

  /** What ends with a slash or `/.` must be a folder; in the latter case one that may be entered. */
  #queue(path: string): void {
    if (path.endsWith('/')) this.#pending.push('/');
    else if (path.endsWith('/.')) this.#pending.push('.');
    for (const part of partsOf(path).reverse()) this.#pending.push(part);
  }
}

function nodeOf(entry: MemoryEntry): MemoryNode {
  if (entry === null) return folder(0o755);
  if (typeof entry === 'string') return { kind: 'file', content: byteStringOfText(entry), mode: 0o644 };
  if ('link' in entry) return { kind: 'link', target: byteStringOfText(entry.link) };
  if ('text' in entry)
    return { kind: 'file', content: byteStringOfText(entry.text), mode: modeOf(entry.mode, 0o644) };
  if ('base64' in entry)
    return { kind: 'file', content: decoded(entry.base64), mode: modeOf(entry.mode, 0o644) };
  return folder(modeOf(entry.mode, 0o755));
}

/** What cannot be base64 gives an empty content. */
function decoded(base64: string): string {
  try {
    return atob(base64);
  } catch {
    return '';
  }
}

function modeOf(mode: number | string | undefined, usual: number): number {
  const bits = typeof mode === 'string' ? Number.parseInt(mode, 8) : mode;
  return bits === undefined || Number.isNaN(bits) ? usual : bits & 0o7777;
}

function folder(mode: number): MemoryFolder {
  return { kind: 'directory', children: new Map(), mode };
}

/** All of a described tree belongs to one user, as on a shared host: SymLinksIfOwnerMatch lets its links through. */
const OWNER = 1000;

/** Stands for whatever is missing behind a closed folder. */
const NOTHING: MemoryNode = { kind: 'file', content: '', mode: 0 };

function contentOf({ content }: MemoryFile): string {
  return typeof content === 'string' ? content : content();
}

function statOf(found: Found | undefined): FileStat | undefined {
  if (found === undefined || found.closed) return undefined;
  const { node } = found;
  if (node.kind === 'link') return { kind: 'link', size: node.target.length, mode: 0o777, uid: OWNER };
  if (node.kind === 'directory') return { kind: node.kind, size: 0, mode: node.mode, uid: OWNER };
  const { kind, mode, size = contentOf(node).length, mtime } = node;
  return { kind, size, mode, uid: OWNER, ...(mtime === undefined ? {} : { mtime }) };
}

function partsOf(path: string): string[] {
  return path.split('/').filter((part) => part !== '' && part !== '.');
}
