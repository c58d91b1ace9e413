import type { RemoteConnection } from './connection';
import { hasReason, RemoteError } from './errors';
import { LineSplitter } from './lines';
import type { LogPlace, PlaceKeeper } from './place';
import type { RemoteHandle, SftpSession } from './sftp';

const pieceSize = 32_768;
const readAhead = 8;
const anchorSize = 128;
const startWindow = 256 * 1024;
/** So many looks in a row must show another file under the name: until it is told, a server still writes to the old one. */
const looksAtOther = 3;

export interface PollOptions {
  onLines(lines: string[]): void | Promise<void>;
  onNote(text: string): void;
  /** All lines that the file had when it was written last (seconds since 1970) were given out. */
  onCaughtUp?(written: number): void;
  readonly lines?: number;
  readonly signal: AbortSignal;
  readonly interval?: number;
  /** Where to begin; at the last lines where it is absent or unknown. */
  readonly start?: LogPlace;
  readonly keeper?: PlaceKeeper;
}

/**
 * Follows a file by looking at it again and again. SFTP has no inode numbers, so the bytes before the last position serve as an anchor:
 * where they differ, or the file is shorter, it is another file or was emptied. Ends with the signal; throws when the connection is lost.
 */
export async function pollFile(
  connection: RemoteConnection,
  path: string,
  options: PollOptions,
): Promise<void> {
  const poller = new Poller(await connection.sftp(), path, options);
  try {
    while (!options.signal.aborted) {
      await poller.look();
      await pause(options.interval ?? 1000, options.signal);
    }
  } finally {
    await poller.close();
  }
}

class Poller {
  readonly #session: SftpSession;
  readonly #path: string;
  readonly #options: PollOptions;
  readonly #splitter: LineSplitter;
  #handle: RemoteHandle | undefined;
  #position = 0;
  #anchor: Buffer = Buffer.alloc(0);
  /** The first file is shown from its last lines, later ones from their start. */
  #first = true;
  #noted: string | undefined;
  /** Something was read since the end was reached last. */
  #hasNews = false;
  #otherLooks = 0;
  /** The name was missing before it led to the other file, which was told. */
  #wasGone = false;

  constructor(session: SftpSession, path: string, options: PollOptions) {
    this.#session = session;
    this.#path = path;
    this.#options = options;
    this.#splitter = new LineSplitter(options);
  }

  async look(): Promise<void> {
    if (!this.#handle && !(await this.#open())) return;
    if (await this.#readOn()) return this.#checkName();
    await this.#moveOn(`${this.#path} was emptied; showing what comes now.`);
  }

  async close(): Promise<void> {
    const handle = this.#handle;
    this.#handle = undefined;
    if (handle) await this.#session.closeHandle(handle, this.#path).catch(() => undefined);
  }

  async #open(): Promise<boolean> {
    try {
      this.#handle = await this.#session.open(this.#path, 'read');
    } catch (error) {
      this.#first &&= !hasReason(error, 'no-such-file');
      this.#noteOnce(unreadableNote(error, this.#path));
      return false;
    }
    if (this.#noted !== undefined) this.#options.onNote(`${this.#path} is there now.`);
    this.#noted = undefined;
    this.#position = 0;
    this.#anchor = Buffer.alloc(0);
    if (this.#first) await this.#begin();
    else this.#options.keeper?.moved(0);
    this.#first = false;
    return true;
  }

  async #begin(): Promise<void> {
    const { position, anchor } = this.#options.start ?? {};
    if (position === undefined) return this.#skipToLastLines();
    this.#position = position;
    this.#anchor = (anchor ?? this.#anchor).subarray(-anchorSize);
  }

  async #skipToLastLines(): Promise<void> {
    const handle = this.#opened();
    const { size } = await this.#session.fstat(handle, this.#path);
    const start = Math.max(0, size - startWindow);
    const tail = await this.#session.readRange(handle, start, size, this.#path);
    const from = startOfLastLines(tail, this.#options.lines ?? 200, start === 0);
    this.#position = start + from;
    this.#options.keeper?.moved(this.#position);
  }

  /** False, and nothing given out, where what lies before the position is not what was read: the file was emptied, and may have grown again. */
  async #readOn(): Promise<boolean> {
    while (!this.#options.signal.aborted) {
      const starts = Array.from({ length: readAhead }, (_, index) => this.#position + index * pieceSize);
      const handle = this.#opened();
      const [sameText, ...pieces] = await Promise.all([
        this.#anchorHolds(handle),
        ...starts.map((start) => this.#session.read(handle, start, pieceSize, this.#path)),
      ]);
      if (!sameText) return false;
      for (const piece of pieces) {
        await this.#take(piece);
        if (piece.length < pieceSize) break;
      }
      if (pieces.some((piece) => piece.length < pieceSize)) return true;
    }
    return true;
  }

  async #take(piece: Buffer): Promise<void> {
    if (piece.length === 0) return;
    this.#position += piece.length;
    this.#hasNews = true;
    this.#anchor = Buffer.concat([this.#anchor, piece.subarray(-anchorSize)]).subarray(-anchorSize);
    await this.#splitter.push(piece);
    this.#options.keeper?.take(piece);
  }

  /** After reading to the end: does the name still lead to this file? Where it is gone, the old file may still be written to. */
  async #checkName(): Promise<void> {
    const handle = this.#opened();
    const [open, named] = await Promise.all([
      this.#session.fstat(handle, this.#path),
      this.#session.stat(this.#path).catch(missingAsUndefined),
    ]);
    if (!named) return this.#noteOnce(`${this.#path} is gone. Waiting for it.`);
    if (this.#noted !== undefined) this.#options.onNote(`${this.#path} is there now.`);
    const wasGone = this.#noted !== undefined;
    this.#noted = undefined;
    if (open.size === this.#position && this.#hasNews) this.#options.onCaughtUp?.(open.mtime);
    this.#hasNews = false;
    const isOther = wasGone || named.size !== open.size || named.mtime !== open.mtime;
    if (isOther || this.#otherLooks > 0) await this.#checkOther(wasGone);
  }

  async #anchorHolds(handle: RemoteHandle): Promise<boolean> {
    if (this.#anchor.length === 0) return true;
    const bytes = await this.#session.read(
      handle,
      this.#position - this.#anchor.length,
      this.#anchor.length,
      this.#path,
    );
    return bytes.equals(this.#anchor);
  }

  /** Size or time differ between handle and name: either it grew between the two questions, or the name leads to another file. */
  async #checkOther(wasGone: boolean): Promise<void> {
    const other = await this.#session.open(this.#path, 'read').catch(missingAsUndefined);
    if (!other) return;
    const grown = await this.#anchorHolds(other).catch(() => false);
    await this.#session.closeHandle(other, this.#path);
    this.#otherLooks = grown && this.#anchor.length > 0 ? 0 : this.#otherLooks + 1;
    this.#wasGone ||= wasGone;
    if (this.#otherLooks < looksAtOther) return;
    // The old file may have got its last lines after we read it.
    await this.#readOn();
    await this.#moveOn(this.#wasGone ? undefined : `${this.#path} was rotated; showing the new file.`);
  }

  async #moveOn(note: string | undefined): Promise<void> {
    await this.#splitter.flush();
    await this.close();
    this.#otherLooks = 0;
    this.#wasGone = false;
    if (note !== undefined) this.#options.onNote(note);
    await this.look();
  }

  #noteOnce(note: string): void {
    if (this.#noted === undefined) this.#options.onNote(note);
    this.#noted = note;
  }

  #opened(): RemoteHandle {
    if (!this.#handle) throw new RemoteError('cancelled', 'The file was closed.');
    return this.#handle;
  }
}

/** Offset of the first of the last `count` whole lines. `fromStart`: the bytes begin where the file does. */
export function startOfLastLines(bytes: Buffer, count: number, fromStart: boolean): number {
  let at = bytes.at(-1) === 10 ? bytes.length - 1 : bytes.length;
  if (count === 0) return bytes.length;
  for (let lines = 0; lines < count; lines++) {
    const newline = at === 0 ? -1 : bytes.lastIndexOf(10, at - 1);
    if (newline < 0) return fromStart ? 0 : at + 1;
    at = newline;
  }
  return at + 1;
}

function unreadableNote(error: unknown, path: string): string {
  if (hasReason(error, 'no-such-file')) return `${path} does not exist yet. Waiting for it.`;
  if (hasReason(error, 'permission-denied'))
    return `${path} may not be read by this account. Waiting for permission.`;
  throw error;
}

function missingAsUndefined(error: unknown): undefined {
  if (!hasReason(error, 'no-such-file')) throw error;
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const finish = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', finish);
      resolve();
    };
    const timer = setTimeout(finish, milliseconds);
    signal.addEventListener('abort', finish, { once: true });
    if (signal.aborted) finish();
  });
}
