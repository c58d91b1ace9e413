import * as fs from 'node:fs';
import * as path from 'node:path';
import type { CrashPause } from './events';
import type { ProgramCommand } from './launchPlan';
import { DispatcherPool, type PoolOptions } from './pool';

/** A process as it is now. */
export interface RunningProcess {
  readonly dispatcher: string;
  readonly pid: number;
  readonly busy: boolean;
  /** Requests answered so far. */
  readonly answered: number;
}

/** A dispatcher that was started since the site is served, and how it fares. */
export interface DispatcherState {
  readonly dispatcher: string;
  readonly processes: readonly RunningProcess[];
  /** The pause after several failed starts, while it lasts. */
  readonly pause: CrashPause | null;
}

/** The processes of all dispatchers of a site. */
export class DispatcherPools {
  readonly #options: Omit<PoolOptions, 'command'>;
  readonly #pools = new Map<string, { readonly inode: string; readonly pool: DispatcherPool }>();

  constructor(options: Omit<PoolOptions, 'command'>) {
    this.#options = options;
  }

  /** The processes of a command. As in mod_fcgid, a file with another inode is another program. */
  of(command: ProgramCommand): DispatcherPool {
    const { program, args } = command;
    const key = args.length === 0 ? program : [program, ...args].join('\0');
    const inode = this.#options.rules.reloadsOn === 'inode' ? inodeOf(command.program) : '';
    const known = this.#pools.get(key);
    if (known?.inode === inode) return known.pool;
    // Processes of the old file serve nobody any more.
    void known?.pool.restart();
    const pool = this.#newPool(command);
    this.#pools.set(key, { inode, pool });
    return pool;
  }

  /** The pools of one dispatcher, or all. */
  list(dispatcher?: string): DispatcherPool[] {
    const all = [...this.#pools.values()].map(({ pool }) => pool);
    return dispatcher === undefined ? all : all.filter((pool) => pool.file === dispatcher);
  }

  /** Ends a dispatcher that has turned out to be none. */
  async end(unneeded: DispatcherPool): Promise<void> {
    for (const [key, { pool }] of this.#pools) if (pool === unneeded) this.#pools.delete(key);
    await unneeded.dispose();
  }

  states(): DispatcherState[] {
    return this.list().map((pool) => {
      const dispatcher = pool.file;
      const processes = pool.processes.map((one) => ({ dispatcher, ...one }));
      return { dispatcher, processes, pause: pool.pause };
    });
  }

  #newPool(command: ProgramCommand): DispatcherPool {
    if (!this.#options.rules.runsPhp || !isPhpCgi(command))
      return new DispatcherPool({ ...this.#options, command });
    return new DispatcherPool({
      ...this.#options,
      command: { ...command, args: [...FRESH_PHP, ...command.args] },
      environment: { ...LASTING_PHP, ...this.#options.environment },
    });
  }
}

const isPhpCgi = ({ program }: ProgramCommand): boolean => /^php[\d.]*-cgi/.test(path.basename(program));

/** php-cgi ends after 500 requests unless told otherwise. */
const LASTING_PHP = { PHP_FCGI_MAX_REQUESTS: '0' };
/** OPcache looks for changes of a file every two seconds: whoever reloads a page in between would see the old one. */
const FRESH_PHP = ['-d', 'opcache.revalidate_freq=0'];

function inodeOf(file: string): string {
  const stats = fs.statSync(file, { throwIfNoEntry: false });
  return stats === undefined ? '' : `${stats.dev} ${stats.ino}`;
}
