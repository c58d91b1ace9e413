import { joinRemote, stagingFolder, stagingPath } from './names';
import type { Plan } from './plan';

/** A new folder that is filled under a temporary name and renamed as a whole. */
export interface StagedFolder {
  /** Relative to the target. */
  readonly path: string;
  readonly temporary: string;
  readonly final: string;
  /** Bits beside its permissions: setgid, or none. */
  readonly bits: number;
}

/**
 * Where new content waits: a file beside the one it will replace; everything below a folder that does not exist yet inside a temporary
 * folder beside it, which only its owner can enter. So one rename makes a whole new folder live, and a dead upload leaves nothing in it.
 */
export class Layout {
  /** New folders without a new parent. */
  readonly roots: readonly StagedFolder[];
  readonly #target: string;
  readonly #plan: Pick<Plan, 'folders' | 'setgid'>;

  /** `id`: eight hex digits of this upload. */
  constructor(target: string, plan: Pick<Plan, 'folders' | 'setgid'>, id: string) {
    this.#target = target;
    this.#plan = plan;
    const known = new Set(plan.folders);
    this.roots = plan.folders
      .filter((path) => !foldersOver(path).some((above) => known.has(above)))
      .map((path) => {
        const final = joinRemote(target, path);
        return { path, final, temporary: stagingFolder(final, id), bits: this.#bits(path) };
      });
  }

  /** Absolute temporary folders, parents first, with their bits beside the permissions. */
  get folders(): { readonly path: string; readonly bits: number }[] {
    return this.#plan.folders.map((path) => ({
      path: this.#inside(path) ?? joinRemote(this.#target, path),
      bits: this.#bits(path),
    }));
  }

  /** The new folder that a path arrives with; undefined for a file beside others. */
  rootOf(path: string): StagedFolder | undefined {
    return this.roots.find((root) => path.startsWith(`${root.path}/`));
  }

  /** Absolute path under which a file waits. */
  temporaryOf(path: string, sha256: string): string {
    return this.#inside(path) ?? stagingPath(joinRemote(this.#target, path), sha256);
  }

  #bits(path: string): number {
    return this.#plan.setgid.has(path) ? 0o2000 : 0;
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
