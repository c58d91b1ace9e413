import { setTimeout as sleep } from 'node:timers/promises';
import { hasReason } from './errors';
import { lastArchivedLines } from './place';
import type { SftpSession } from './sftp';

/** Milliseconds after which no server writes to a file any more that was rotated away: it is told to open the new one. */
const PATIENCE = 3000;
/** Lines that are remembered, and so many of an archive that are looked at. */
const MOST = 2000;

/**
 * `tail -F` leaves the old file as soon as its name leads elsewhere, but the web server writes to it until it is told of the new one. Some
 * time after a rotation this gives what came behind the last line that tail gave of it.
 */
export class LeftBehind {
  readonly #session: SftpSession;
  readonly #path: string;
  readonly #signal: AbortSignal;
  /** The last lines that were given out. */
  #recent: string[] = [];
  #isLooking = false;

  constructor(session: SftpSession, path: string, signal: AbortSignal) {
    this.#session = session;
    this.#path = path;
    this.#signal = signal;
  }

  /** What was given out; while a rotated file is still awaited, its last lines must not be forgotten for what the new one brings. */
  given(lines: readonly string[]): void {
    if (this.#isLooking && this.#recent.length > MOST) return;
    this.#recent = [...this.#recent, ...lines.slice(-MOST)];
    if (!this.#isLooking) this.#recent = this.#recent.slice(-MOST);
  }

  /** Gives the lines that were left behind, once the server writes to the new file; none without an archive or a connection. */
  async rotated(): Promise<readonly string[]> {
    if (this.#isLooking) return [];
    this.#isLooking = true;
    try {
      do await sleep(PATIENCE, undefined, { signal: this.#signal });
      while (!(await this.#isThere()));
      const recent = new Set(this.#recent);
      const lines = await lastArchivedLines(this.#session, this.#path, MOST);
      const last = lines.findLastIndex((line) => recent.has(line));
      return last < 0 ? [] : lines.slice(last + 1);
    } catch {
      // That the connection has ended is told by whoever follows.
      return [];
    } finally {
      this.#isLooking = false;
    }
  }

  #isThere(): Promise<boolean> {
    return this.#session.stat(this.#path).then(
      () => true,
      (error: unknown) => {
        if (!hasReason(error, 'no-such-file')) throw error;
        return false;
      },
    );
  }
}
