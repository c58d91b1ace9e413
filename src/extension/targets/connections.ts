import type { SshTarget } from '../../remote/target';

/** The part of a live connection that sharing needs. */
export interface SharedConnection {
  /** Resolves when the connection is over. */
  readonly closed: Promise<unknown>;
  dispose(): void;
}

/** Opens a connection; rejects when it cannot. */
export type Open<Connection> = (ssh: SshTarget | string, signal: AbortSignal) => Promise<Connection>;

/** Milliseconds without work after which a connection is closed. */
const IDLE = 120_000;

interface Entry<Connection> {
  readonly connection: Promise<Connection>;
  readonly abort: AbortController;
  users: number;
  connected: boolean;
  idle?: ReturnType<typeof setTimeout>;
}

/** One connection for each target, shared by everything that works on it, closed when nothing has for a while. */
export class Connections<Connection extends SharedConnection> {
  readonly #open: Open<Connection>;
  readonly #idleTime: number;
  readonly #entries = new Map<string, Entry<Connection>>();
  #disposed = false;

  constructor(open: Open<Connection>, idleTime = IDLE) {
    this.#open = open;
    this.#idleTime = idleTime;
  }

  /** Number of connections that are open or being opened. */
  get size(): number {
    return this.#entries.size;
  }

  /**
   * Does some work over the connection of a target. Who gives up does not wait for the connection; connecting itself is given up when
   * everybody who waits for it has.
   * @throws the signal's reason, what `open` rejects with, or what the work throws
   */
  async use<Result>(
    ssh: SshTarget | string,
    signal: AbortSignal,
    work: (connection: Connection) => Promise<Result>,
  ): Promise<Result> {
    signal.throwIfAborted();
    const key = JSON.stringify(ssh);
    const entry = this.#entries.get(key) ?? this.#connect(key, ssh);
    clearTimeout(entry.idle);
    entry.users += 1;
    try {
      const connection = await unlessAborted(entry.connection, signal);
      if (this.#disposed) throw new Error('Connections are closed');
      return await work(connection);
    } finally {
      entry.users -= 1;
      if (entry.users === 0) this.#rest(key, entry);
    }
  }

  /** Closes all connections; what is under way is rejected. */
  dispose(): void {
    this.#disposed = true;
    for (const [key, entry] of this.#entries) this.#close(key, entry);
  }

  #connect(key: string, ssh: SshTarget | string): Entry<Connection> {
    if (this.#disposed) throw new Error('Connections are closed');
    const abort = new AbortController();
    const connection = this.#open(ssh, abort.signal);
    const entry: Entry<Connection> = { connection, abort, users: 0, connected: false };
    this.#entries.set(key, entry);
    const forget = () => {
      clearTimeout(entry.idle);
      if (this.#entries.get(key) === entry) this.#entries.delete(key);
    };
    connection.then(() => (entry.connected = true), forget);
    connection.then(({ closed }) => closed.then(forget, forget)).catch(forget);
    return entry;
  }

  #rest(key: string, entry: Entry<Connection>): void {
    if (this.#entries.get(key) !== entry) return;
    if (!entry.connected) {
      this.#close(key, entry);
      return;
    }
    entry.idle = setTimeout(() => this.#close(key, entry), this.#idleTime);
  }

  #close(key: string, entry: Entry<Connection>): void {
    clearTimeout(entry.idle);
    entry.abort.abort();
    if (this.#entries.get(key) === entry) this.#entries.delete(key);
    entry.connection.then(
      (connection) => connection.dispose(),
      // It never came up: nothing to close.
      () => undefined,
    );
  }
}

/** The promise's outcome, or the signal's reason if that comes first. */
export function unlessAborted<Value>(promise: Promise<Value>, signal: AbortSignal): Promise<Value> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason as Error);
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}
