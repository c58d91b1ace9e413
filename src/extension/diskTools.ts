import type { dispatcherFacts } from '../runner/dispatcherFacts';

/** What only a machine knows of files, and does with them; a browser has none of it. Paths are those of the machine's disk. */
export interface DiskTools {
  /** Permissions, git and interpreters, where they can be found out. */
  readonly factsOf: typeof dispatcherFacts;
  readonly setMode: (path: string, mode: number) => Promise<void>;
  readonly makeExecutableInGit: (path: string) => Promise<void>;
}
