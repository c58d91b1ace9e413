import { setTimeout as sleep } from 'node:timers/promises';
import { hasReason } from './errors';
import { lastArchivedLines } from './place';
import type { SftpSession } from './sftp';

/** Milliseconds after which no server writes to a file any more that was rotated away: it is told to open the new one. */
const PATIENCE = 3000;
/** Lines that are remembered, that are held back, and so many of an archive that are looked at. */
const MOST = 2000;

export interface LeftBehindOptions {
  readonly path: string;
  /** Aborted when nobody follows any more. */
  readonly signal: AbortSignal;
  onLines(lines: string[]): void | Promise<void>;
}

/**
 * `tail -F` leaves the old file as soon as its name leads elsewhere, but the web server writes to it until it is told of the new one. Lines
 * of the new file are held back for a while after a rotation, and what came behind the last line that tail gave of the old one goes before
 * them.
 */
export class LeftBehind {
  readonly #session: SftpSession;
  readonly #options: LeftBehindOptions;
  /** The last lines that were given out. */
  #recent: string[] = [];
  /** What has come since a rotation; undefined while none is waited for. */
  #held: string[] | undefined;
  #looking: Promise<void> = Promise.resolve();

  constructor(session: SftpSession, options: LeftBehindOptions) {
    this.#session = session;
    this.#options = options;
  }

  /** Lines as tail gives them. While a returned promise waits, more are held back than memory should hold. */
  take(lines: readonly string[]): void | Promise<void> {
    if (!this.#held) return this.#give(lines);
    this.#held = this.#held.concat(lines);
    return this.#held.length > MOST ? this.#looking : undefined;
  }

  /** The name leads to another file now, or will soon. */
  rotated(): void {
    if (this.#held) return;
    this.#held = [];
    this.#looking = this.#look();
  }

  /** Gives out at once what is held back, and holds nothing any more. */
  end(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    if (held.length > 0) void this.#give(held);
  }

  #give(lines: readonly string[]): void | Promise<void> {
    this.#recent = this.#recent.concat(lines).slice(-MOST);
    return this.#options.onLines([...lines]);
  }

  async #look(): Promise<void> {
    const archived = await this.#archived();
    let next = this.#inOrder(archived);
    while (this.#held && next.length > 0) {
      this.#held = [];
      await this.#give(next);
      next = this.#held;
    }
    this.#held = undefined;
  }

  /** What is held back, with what was left behind at its place; the first lines may still be those of the old file. */
  #inOrder(archived: readonly string[]): string[] {
    const held = this.#held ?? [];
    const old = new Set(archived);
    const first = held.findIndex((line) => !old.has(line));
    const own = first < 0 ? held : held.slice(0, first);
    const given = new Set([...this.#recent, ...own]);
    const last = archived.findLastIndex((line) => given.has(line));
    const left = last < 0 ? [] : archived.slice(last + 1);
    return [...own, ...left, ...held.slice(own.length)];
  }

  /** The end of the old file, once the server writes to the new one; nothing without an archive or a connection. */
  async #archived(): Promise<readonly string[]> {
    const { path, signal } = this.#options;
    try {
      do await sleep(PATIENCE, undefined, { signal });
      while (!(await this.#isThere()));
      return await lastArchivedLines(this.#session, path, MOST);
    } catch {
      // That the connection has ended is told by whoever follows.
      return [];
    }
  }

  #isThere(): Promise<boolean> {
    return this.#session.stat(this.#options.path).then(
      () => true,
      (error: unknown) => {
        if (!hasReason(error, 'no-such-file')) throw error;
        return false;
      },
    );
  }
}
