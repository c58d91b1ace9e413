import type { Site } from '../apache/site';
import { textOfByteString } from '../text/bytes';
import { NO_FILES, type WorkspaceFiles } from './files';
import { FolderIndex, type IndexedHtaccess } from './folderIndex';
import { decodedPath } from './names';
import { OpenSite } from './openSite';
import { placeOf, type Place } from './place';
import { folderOf, type FolderHost } from './protocol';

/** Where a .htaccess lies, with the files around it: what verdict, advice and evaluation need beside its text. */
export interface Surroundings extends Place {
  readonly site: Site;
}

/** A .htaccess of the workspace. */
export interface WorkspaceHtaccess extends IndexedHtaccess {
  readonly uri: string;
}

/** What the index is made of. */
export interface WorkspaceIndexOptions {
  /** The first that can read a folder is asked for it. */
  readonly files: readonly WorkspaceFiles[];
  /** The text of an open document. `uri` is decoded. */
  readonly openText: (decodedUri: string) => string | undefined;
  /** Called when answers may have changed: after a crawl, an update, or a content that arrived late. */
  readonly onChange: () => void;
}

/** Paths that changed at once beyond which a folder is read anew. */
const MANY = 500;

/**
 * The files of all workspace folders, each as a `Site` that answers at once: open documents as they are being written,
 * everything else as it was saved. Kept fresh by `update`.
 */
export class WorkspaceIndex {
  readonly #options: WorkspaceIndexOptions;
  readonly #folders = new Map<string, { readonly index: FolderIndex; readonly site: Site }>();
  #work: Promise<void> = Promise.resolve();
  #isDisposed = false;

  constructor(options: WorkspaceIndexOptions) {
    this.#options = options;
  }

  /** The files around a document; undefined for one that is in no workspace folder, or in one that cannot be read. */
  surroundingsOf(uri: string): Surroundings | undefined {
    const holder = folderOf(uri, this.#holders);
    const folder = holder && this.#folders.get(holder.folder);
    const place = placeOf(uri, this.#holders);
    return folder && place && { ...place, site: folder.site };
  }

  /** Every .htaccess and template of one in the workspace. */
  get htaccess(): readonly WorkspaceHtaccess[] {
    return [...this.#folders.values()].flatMap(({ index }) =>
      Array.from(index.htaccess.values(), (one) => ({
        ...one,
        uri: uriBelow(index.holder.folder, one.path),
      })),
    );
  }

  /** Takes other workspace folders; those whose host is the same keep what was read. */
  setFolders(holders: readonly FolderHost[]): void {
    const earlier = new Map(this.#folders);
    this.#folders.clear();
    for (const holder of holders) {
      const known = earlier.get(holder.folder);
      if (known !== undefined && JSON.stringify(known.index.holder) === JSON.stringify(holder)) {
        this.#folders.set(holder.folder, known);
        earlier.delete(holder.folder);
      } else this.#add(holder);
    }
    for (const { index } of earlier.values()) index.dispose();
  }

  /** Looks again at paths that changed on disk. */
  update(uris: readonly string[]): void {
    for (const { index } of this.#folders.values()) {
      const prefix = `${decodedPath(index.holder.folder)}/`;
      const inside = [...new Set(uris.map(decodedPath))].filter((uri) => uri.startsWith(prefix));
      if (inside.length > MANY) this.#readAnew(index.holder);
      else if (inside.length > 0)
        this.#updateSome(
          index,
          inside.map((uri) => uri.slice(prefix.length)),
        );
    }
  }

  /** Reads every folder anew, for editors that do not tell what changes on disk. */
  readAgain(): void {
    for (const { index } of this.#folders.values()) this.#readAnew(index.holder);
  }

  /** Resolves when everything that was asked to be read has been read. */
  settled(): Promise<void> {
    return this.#work;
  }

  dispose(): void {
    this.#isDisposed = true;
    for (const { index } of this.#folders.values()) index.dispose();
    this.#folders.clear();
  }

  get #holders(): readonly FolderHost[] {
    return Array.from(this.#folders.values(), ({ index }) => index.holder);
  }

  #add(holder: FolderHost): void {
    const index = this.#indexOf(holder);
    this.#put(index);
    this.#queue(async () => {
      await index.crawl();
      return true;
    });
  }

  /** The old answers stand until the new ones are complete. */
  #readAnew(holder: FolderHost): void {
    const index = this.#indexOf(holder);
    this.#queue(async () => {
      await index.crawl();
      const known = this.#folders.get(holder.folder);
      if (known?.index.holder !== holder) return false;
      known.index.dispose();
      this.#put(index);
      return true;
    });
  }

  #updateSome(index: FolderIndex, paths: readonly string[]): void {
    this.#queue(async () => {
      let isChanged = false;
      for (const path of paths) if (await index.update(path)) isChanged = true;
      return isChanged;
    });
  }

  #indexOf(holder: FolderHost): FolderIndex {
    const files = this.#options.files.find((one) => one.canRead(holder.folder)) ?? NO_FILES;
    return new FolderIndex(holder, files, () => this.#changed());
  }

  #put(index: FolderIndex): void {
    const { folder, host } = index.holder;
    const decoded = decodedPath(folder);
    const site = new OpenSite(index.saved, (path) => {
      if (!path.startsWith(`${host.treeRoot}/`)) return undefined;
      return this.#options.openText(decoded + textOfByteString(path.slice(host.treeRoot.length)));
    });
    this.#folders.set(folder, { index, site });
  }

  /** One after the other: an update that came later is also read later. `work` says whether answers are other ones. */
  #queue(work: () => Promise<boolean>): void {
    this.#work = this.#after(this.#work, work);
  }

  async #after(earlier: Promise<void>, work: () => Promise<boolean>): Promise<void> {
    await earlier;
    if (await work()) this.#changed();
  }

  #changed(): void {
    if (!this.#isDisposed) this.#options.onChange();
  }
}

/** The URI of a path below a folder. */
function uriBelow(folder: string, path: string): string {
  return [folder, ...path.split('/').map(encodeURIComponent)].join('/');
}
