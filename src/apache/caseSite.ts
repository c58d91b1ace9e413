import { lowerCase } from '../text/bytes';
import type { FileStat, Site } from './site';

/**
 * A site seen with the host's rule about upper and lower case where the disk has another one: `exact` for a host that tells
 * `a` from `A`, on a disk that does not (macOS, Windows); otherwise for a host that does not, on a disk that does. Only
 * ASCII letters fold. Paths above `root` are left alone. It
 * asks for the lists of folders anew each time: the site behind it may remember them.
 */
export class CaseSite implements Site {
  readonly #site: Site;
  readonly #root: string;
  readonly #isExact: boolean;

  constructor(site: Site, { root, exact }: { readonly root: string; readonly exact: boolean }) {
    this.#site = site;
    this.#root = root;
    this.#isExact = exact;
  }

  stat(path: string): FileStat | undefined {
    const real = this.#realPath(path);
    return real === undefined ? undefined : this.#site.stat(real);
  }

  lstat(path: string): FileStat | undefined {
    const real = this.#realPath(path);
    return real === undefined ? undefined : this.#site.lstat(real);
  }

  read(path: string): { readonly content: string } | 'unreadable' | undefined {
    const real = this.#realPath(path);
    return real === undefined ? undefined : this.#site.read(real);
  }

  list(path: string): readonly string[] | undefined {
    const real = this.#realPath(path);
    return real === undefined ? undefined : this.#site.list(real);
  }

  /** The path as it is written on the disk; undefined where the host would find nothing. */
  #realPath(path: string): string | undefined {
    if (!path.startsWith(`${this.#root}/`)) return path;
    let real: string | undefined = this.#root;
    for (const name of path.slice(this.#root.length + 1).split('/')) {
      real = real === undefined || name === '' || name === '.' ? real : this.#below(real, name);
    }
    return real !== undefined && path.endsWith('/') ? `${real}/` : real;
  }

  #below(folder: string, name: string): string | undefined {
    // A folder that cannot be listed keeps its secret.
    const names = this.#site.list(folder);
    if (names === undefined || names.includes(name)) return `${folder}/${name}`;
    if (this.#isExact) return undefined;
    const other = names.find((one) => lowerCase(one) === lowerCase(name));
    return other === undefined ? undefined : `${folder}/${other}`;
  }
}
