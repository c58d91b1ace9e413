import type { HostProfile } from './host';
import type { FileStat, Site } from './site';

/** What the web server's user is to the files; the owner's permissions are never its own. */
export type WebServerUser = 'group' | 'others';

/** The bits by which it may read a file or list a folder, and enter a folder. A member of the group has the group's alone. */
export const MAY_READ: Readonly<Record<WebServerUser, number>> = { group: 0o040, others: 0o004 };
export const MAY_ENTER: Readonly<Record<WebServerUser, number>> = { group: 0o010, others: 0o001 };

/** What the web server's user is on a host. */
export const userOf = ({ fileModes }: HostProfile): WebServerUser =>
  fileModes === 'group' ? 'group' : 'others';

/** Where the tree lies, and what a path comes to once all links are followed (undefined outside the tree). */
export interface ModeSiteOptions {
  readonly root: string;
  readonly realPath: (path: string) => string | undefined;
  readonly user: WebServerUser;
}

/**
 * A site whose permissions are those on the server, as its web server sees it: somebody who is not the owner of its
 * files, whoever looks at them here. The root of the tree is open, by whatever means: some hosts give it to the web
 * server's group.
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
    return file !== undefined && !this.#permits(path, MAY_READ) ? 'unreadable' : file;
  }

  list(path: string): readonly string[] | undefined {
    const isOpen = this.#isReached(path) && this.#permits(path, MAY_READ);
    return isOpen ? this.#site.list(path) : undefined;
  }

  #permits(path: string, bits: Readonly<Record<WebServerUser, number>>): boolean {
    const { root, user } = this.#options;
    const mode = this.#site.stat(path)?.mode;
    return path === root || mode === undefined || (mode & bits[user]) !== 0;
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
      if (this.#site.stat(folder)?.kind === 'directory' && !this.#permits(folder, MAY_ENTER)) return false;
    }
    return true;
  }
}
