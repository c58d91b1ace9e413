import { joinRemote, stagingFolder, stagingPath } from './names';

/** A new folder that is filled under a temporary name and renamed as a whole. */
export interface StagedFolder {
  /** Relative to the target. */
  readonly path: string;
  readonly temporary: string;
  readonly final: string;
}

/**
 * Where new content waits: a file beside the one it will replace; everything below a folder that does not exist yet inside a temporary
 * folder beside it, which only its owner can enter. So one rename makes a whole new folder live, and a dead upload leaves nothing in it.
 */
export class Layout {
  /** New folders without a new parent. */
  readonly roots: readonly StagedFolder[];
  readonly #target: string;
  readonly #missing: readonly string[];

  /** `missing`: folders to create, relative, parents first. `id`: eight hex digits of this upload. */
  constructor(target: string, missing: readonly string[], id: string) {
    this.#target = target;
    this.#missing = missing;
    const known = new Set(missing);
    this.roots = missing
      .filter((path) => !foldersOver(path).some((above) => known.has(above)))
      .map((path) => {
        const final = joinRemote(target, path);
        return { path, final, temporary: stagingFolder(final, id) };
      });
  }

  /** Absolute temporary folders, parents first. */
  get folders(): string[] {
    return this.#missing.map((path) => this.#inside(path) ?? joinRemote(this.#target, path));
  }

  /** The new folder that a path arrives with; undefined for a file beside others. */
  rootOf(path: string): StagedFolder | undefined {
    return this.roots.find((root) => path.startsWith(`${root.path}/`));
  }

  /** Absolute path under which a file waits. */
  temporaryOf(path: string, sha256: string): string {
    return this.#inside(path) ?? stagingPath(joinRemote(this.#target, path), sha256);
  }

  #inside(path: string): string | undefined {
    const root = this.roots.find((one) => path === one.path || path.startsWith(`${one.path}/`));
    return root && root.temporary + path.slice(root.path.length);
  }
}

/** The folders above a path, its own parent last; without ''. */
function foldersOver(path: string): string[] {
  const segments = path.split('/').slice(0, -1);
  return segments.map((_, index) => segments.slice(0, index + 1).join('/'));
}
