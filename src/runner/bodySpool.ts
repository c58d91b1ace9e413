import * as fs from 'node:fs';
import type { RequestBody } from './http/requestBody';

/** Where a body went that was read to its end. */
export interface Spooled {
  readonly kind: 'whole';
  readonly length: number;
  /** In memory, or null when it is in the file. */
  readonly bytes: Buffer | null;
  /** A file that holds it and has no name any more; close it. */
  readonly file: number | null;
}

/** A body that could not be kept. */
export type SpoolEnd =
  | Spooled
  | { readonly kind: 'too-long'; readonly length: number }
  | { readonly kind: 'closed' | 'malformed' };

/** How a body is kept. */
export interface SpoolOptions {
  /** Bytes that are taken at most. */
  readonly limit: number;
  /** Bytes with which it counts as whole: the piece that goes beyond them is its last. */
  readonly cutAfter: number;
  /** Bytes beyond which it goes to a file. */
  readonly inMemory: number;
  /** A path for that file that nothing has. */
  readonly filePath: () => string;
  /** Sees every piece. */
  readonly onPart: (part: Buffer) => void;
}

/**
 * Reads a body to its end: short ones into memory, long ones into a file without a name. Fails with the system's error where that
 * cannot be written.
 */
export function spoolBody(body: RequestBody, options: SpoolOptions): Promise<SpoolEnd> {
  return new Promise((resolve, reject) => {
    const spool = new Spool(options);
    let isCut = false;
    body.read({
      data: (received) => {
        if (isCut) return false;
        const part = received.subarray(0, piecesBeyond(options.cutAfter - spool.length));
        options.onPart(part);
        try {
          if (!spool.take(part)) resolve({ kind: 'too-long', length: spool.length });
        } catch (error) {
          // Of a full disk, say: what still comes goes nowhere.
          spool.drop();
          reject(error);
        }
        isCut = spool.length > options.cutAfter;
        if (isCut) resolve(spool.end());
        return !isCut;
      },
      end: () => resolve(spool.end()),
      fail: (kind) => {
        if (!isCut) spool.drop();
        resolve({ kind });
      },
    });
  });
}

/** Bytes that Apache reads at once, of one chunk. */
const PIECE = 8192;

/** Bytes of the pieces with which more than so many have been read. */
const piecesBeyond = (length: number): number => (Math.floor(length / PIECE) + 1) * PIECE;

class Spool {
  readonly #options: SpoolOptions;
  #parts: Buffer[] = [];
  #file: number | null = null;
  #isOver = false;
  #at = 0;
  length = 0;

  constructor(options: SpoolOptions) {
    this.#options = options;
  }

  /** False once it is too long. */
  take(part: Buffer): boolean {
    if (this.#isOver) return true;
    this.length += part.length;
    if (this.length > this.#options.limit) {
      this.drop();
      return false;
    }
    this.#parts.push(part);
    if (this.length > this.#options.inMemory || this.#file !== null) this.#flush();
    return true;
  }

  #flush(): void {
    this.#file ??= openUnnamed(this.#options.filePath());
    // With its place: the file's own position stays at its beginning, where a program begins to read.
    for (const part of this.#parts.splice(0))
      this.#at += fs.writeSync(this.#file, part, 0, part.length, this.#at);
  }

  end(): SpoolEnd {
    if (this.#isOver) return { kind: 'too-long', length: this.length };
    this.#isOver = true;
    const bytes = this.#file === null ? Buffer.concat(this.#parts) : null;
    return { kind: 'whole', length: this.length, bytes, file: this.#file };
  }

  drop(): void {
    this.#isOver = true;
    this.#parts = [];
    if (this.#file !== null) fs.closeSync(this.#file);
    this.#file = null;
  }
}

/** Opens a new file that nobody else can find. */
export function openUnnamed(path: string): number {
  const file = fs.openSync(path, 'wx+', 0o600);
  fs.rmSync(path, { force: true });
  return file;
}
