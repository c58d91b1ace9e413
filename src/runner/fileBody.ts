import * as fs from 'node:fs';
import type { BodySource } from './exchange';
import type { BodySink } from './http/requestBody';

/** Bytes that are read in one go. */
const PIECE = 65_536;

/** A body that lies in an open file. */
export class FileBody implements BodySource {
  readonly #file: number;
  readonly #length: number;
  #at = 0;
  #sink: BodySink | null = null;

  constructor(file: number, length: number) {
    this.#file = file;
    this.#length = length;
  }

  read(sink: BodySink): void {
    this.#sink = sink;
    this.resume();
  }

  resume(): void {
    const sink = this.#sink;
    if (sink === null) return;
    while (this.#at < this.#length) {
      const piece = Buffer.allocUnsafe(Math.min(PIECE, this.#length - this.#at));
      const length = fs.readSync(this.#file, piece, 0, piece.length, this.#at);
      this.#at += length;
      if (!sink.data(piece.subarray(0, length))) return;
    }
    this.#sink = null;
    sink.end();
  }
}

/** Writes a body to a file; false where it does not end well. Fails with the system's error where it cannot be written. */
export function copied(source: BodySource, file: number): Promise<boolean> {
  let at = 0;
  return new Promise((resolve, reject) => {
    source.read({
      data: (part) => {
        try {
          fs.writeSync(file, part, 0, part.length, at);
        } catch (error) {
          reject(error);
        }
        at += part.length;
        return true;
      },
      end: () => resolve(true),
      fail: () => resolve(false),
    });
  });
}
