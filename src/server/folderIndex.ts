import { MemorySite, type MemoryNode } from '../apache/memorySite';
import type { Site } from '../apache/site';
import { byteStringOf, byteStringOfText } from '../text/bytes';
import type { FileEntry, WorkspaceFiles } from './files';
import { isHtaccessName } from './names';
import type { FolderHost } from './protocol';

/** Names beyond which a folder is not looked through any further: a bound for a home folder that was opened by mistake. */
const MOST_NAMES = 60_000;

/** Folders in which nothing is searched: no part of the site, or too much of it. Their own files are known, for what asks whether visitors can read them. */
const CLOSED = new Set(['node_modules', '.git', '.hg', '.svn', '.bzr', '.venv', '__pycache__']);

/** Bytes of a file beyond which its content is not looked at: what Apache's directives read is small. */
const LARGEST_CONTENT = 2_000_000;

/** Characters of contents that are kept besides those of the .htaccess files. */
const MOST_KEPT = 32_000_000;

/** A .htaccess of the index. */
export interface IndexedHtaccess {
  /** Relative to the workspace folder, ordinary text. */
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  /** Undefined for one that is too large to be read. */
  readonly content: string | undefined;
}

/**
 * The files of one workspace folder, as a `Site` that answers at once. `crawl` reads the whole folder, `update` what has
 * changed. Contents, but for those of .htaccess files, are fetched when they are first asked for; until then such a file
 * is empty.
 */
export class FolderIndex {
  readonly holder: FolderHost;
  /** The files as they are saved. */
  readonly saved: Site;
  readonly #tree: MemorySite;
  readonly #files: WorkspaceFiles;
  readonly #changed: () => void;
  readonly #htaccess = new Map<string, IndexedHtaccess>();
  readonly #contents = new Map<string, string>();
  readonly #fetching = new Set<string>();
  #kept = 0;
  #names = 0;
  #isDisposed = false;

  /** `changed` is called when a content arrived that an earlier answer was without. */
  constructor(holder: FolderHost, files: WorkspaceFiles, changed: () => void) {
    const { treeRoot, caseInsensitive } = holder.host;
    this.holder = holder;
    this.#tree = new MemorySite({ treeRoot, caseInsensitive, ignoresModes: true });
    this.saved = this.#tree;
    this.#files = files;
    this.#changed = changed;
  }

  /** Every .htaccess, by its path. */
  get htaccess(): ReadonlyMap<string, IndexedHtaccess> {
    return this.#htaccess;
  }

  /** Whether there were more names than are looked at. */
  get isPartial(): boolean {
    return this.#names >= MOST_NAMES;
  }

  /** Reads everything below a folder (the whole when empty). Resolves early after `dispose`. */
  async crawl(from = ''): Promise<void> {
    const waiting = [from];
    for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
      const entries = await this.#files.list(this.holder.folder, folder);
      if (this.#isDisposed) return;
      const isClosed = CLOSED.has(lastName(folder));
      for (const entry of entries) {
        if (this.#names >= MOST_NAMES) return;
        this.#names += 1;
        await this.#take(folder, entry);
        if (entry.kind === 'directory' && !isClosed) waiting.push(joined(folder, entry.name));
      }
    }
  }

  /** Looks again at a path where something was made, changed or removed. False where no answer about the site is another one. */
  async update(path: string): Promise<boolean> {
    const folder = path.slice(0, Math.max(0, path.lastIndexOf('/')));
    if (path === '' || folder.split('/').some((name) => CLOSED.has(name))) return false;
    const entry = await this.#files.stat(this.holder.folder, path);
    if (this.#isDisposed) return false;
    const known = this.#tree.lstat(this.#serverPath(path));
    const isRead = this.#htaccess.has(path) || this.#contents.has(path);
    if (entry === undefined && known === undefined) return false;
    if (entry?.kind !== 'directory' || known?.kind !== 'directory') this.#remove(path);
    if (entry === undefined) return true;
    await this.#take(folder, entry);
    if (entry.kind === 'directory' && known?.kind !== 'directory') await this.crawl(path);
    const isSame =
      known?.kind === entry.kind && (entry.kind !== 'file' || (known.size === 0) === (entry.size === 0));
    return !isSame || isRead || entry.kind === 'link';
  }

  dispose(): void {
    this.#isDisposed = true;
  }

  async #take(folder: string, entry: FileEntry): Promise<void> {
    const path = joined(folder, entry.name);
    this.#tree.put(this.#serverPath(path), this.#nodeOf(path, entry));
    if (entry.kind !== 'file' || !isHtaccessName(entry.name) || CLOSED.has(lastName(folder))) return;
    const bytes = entry.size > LARGEST_CONTENT ? undefined : await this.#files.read(this.holder.folder, path);
    if (this.#isDisposed) return;
    const content = bytes && byteStringOf(bytes);
    this.#htaccess.set(path, { path, size: entry.size, content });
  }

  #nodeOf(path: string, entry: FileEntry): MemoryNode {
    const { kind, size, mode, mtime, target } = entry;
    if (kind === 'directory') return { kind, mode, children: new Map() };
    if (kind === 'link') return { kind, target: target === undefined ? '' : this.#serverPath(target) };
    return { kind, size, mode, content: () => this.#contentOf(path, size), ...(mtime && { mtime }) };
  }

  #remove(path: string): void {
    this.#tree.remove(this.#serverPath(path));
    for (const kept of [this.#htaccess, this.#contents]) {
      for (const known of kept.keys()) {
        if (known === path || known.startsWith(`${path}/`)) kept.delete(known);
      }
    }
  }

  #contentOf(path: string, size: number): string {
    const known = this.#htaccess.get(path)?.content ?? this.#contents.get(path);
    if (known === undefined && size > 0 && size <= LARGEST_CONTENT) void this.#fetch(path);
    return known ?? '';
  }

  async #fetch(path: string): Promise<void> {
    if (this.#fetching.has(path)) return;
    this.#fetching.add(path);
    const bytes = await this.#files.read(this.holder.folder, path);
    this.#fetching.delete(path);
    if (this.#isDisposed) return;
    if (this.#kept > MOST_KEPT) this.#contents.clear();
    if (this.#contents.size === 0) this.#kept = 0;
    // What cannot be read stays empty, and is not asked for again until it changes.
    this.#contents.set(path, bytes === undefined ? '' : byteStringOf(bytes));
    this.#kept += bytes?.length ?? 0;
    if (bytes !== undefined && bytes.length > 0) this.#changed();
  }

  #serverPath(path: string): string {
    const { treeRoot } = this.holder.host;
    return path === '' ? treeRoot : `${treeRoot}/${byteStringOfText(path)}`;
  }
}

const joined = (folder: string, name: string): string => (folder === '' ? name : `${folder}/${name}`);

const lastName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
