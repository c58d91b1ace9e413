import type { FileStat, Site } from './site';

/** What others may do: the web server's user is assumed to be neither the owner nor in the group. */
export const OTHERS_READ = 0o004;
export const OTHERS_ENTER = 0o001;

/** Where the tree lies, and what a path comes to once all links are followed (undefined outside the tree). */
export interface ModeSiteOptions {
  readonly root: string;
  readonly realPath: (path: string) => string | undefined;
}

/**
 * A site whose permissions are those on the server, as its web server sees it: somebody who is neither the owner nor in
 * the group of its files, whoever looks at them here. The root of the tree is open, by whatever means: some hosts
 * give it to the web server's group.
 */
export class ModeSite implements Site {
  readonly #site: Site;
  readonly #options: ModeSiteOptions;

  constructor(site: Site, options: ModeSiteOptions) {
    this.#site = site;
    this.#options = options;
  }

  stat(path: string): FileStat | undefined {
    return this.#isReached(path) ? this.#site.stat(path) : undefined;
  }

  lstat(path: string): FileStat | undefined {
    const slash = path.lastIndexOf('/');
    const folder = this.#options.realPath(path.slice(0, slash));
    return this.#isReached(path, folder && folder + path.slice(slash)) ? this.#site.lstat(path) : undefined;
  }

  read(path: string): { readonly content: string } | 'unreadable' | undefined {
    if (!this.#isReached(path)) return 'unreadable';
    const file = this.#site.read(path);
    return file !== undefined && !this.#permits(path, OTHERS_READ) ? 'unreadable' : file;
  }

  list(path: string): readonly string[] | undefined {
    const isOpen = this.#isReached(path) && this.#permits(path, OTHERS_READ);
    return isOpen ? this.#site.list(path) : undefined;
  }

  #permits(path: string, bit: number): boolean {
    const mode = this.#site.stat(path)?.mode;
    return path === this.#options.root || mode === undefined || (mode & bit) !== 0;
  }

  /** Whether the web server may enter every folder on the way, also on that of a link. */
  #isReached(path: string, real = this.#options.realPath(path)): boolean {
    return this.#isOpen(path) && (real === undefined || real === path || this.#isOpen(real));
  }

  #isOpen(path: string): boolean {
    const { root } = this.#options;
    if (!path.startsWith(`${root}/`)) return true;
    let slash = path.indexOf('/', root.length + 1);
    for (; slash >= 0; slash = path.indexOf('/', slash + 1)) {
      const folder = path.slice(0, slash);
      if (this.#site.stat(folder)?.kind === 'directory' && !this.#permits(folder, OTHERS_ENTER)) return false;
    }
    return true;
  }
}
