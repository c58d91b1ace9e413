import { FASTCGI_VERSION, HEADER_LENGTH, type FastCgiRecord } from './protocol';

const NOTHING = new Uint8Array(0);

/**
 * Records out of a byte stream that arrives in pieces of any size, in time linear to its length. After a byte that
 * cannot begin a record (a version other than 1) nothing more is read: `fault` says so, and the connection is of no
 * further use.
 */
export class RecordDecoder {
  /** Bytes not yet given out lie in #buffer from #start to #end. */
  #buffer: Uint8Array = NOTHING;
  #start = 0;
  #end = 0;
  /** #buffer is a piece as it came, which is not ours to write to. */
  #isBorrowed = false;
  #fault: string | null = null;

  /** What made the stream unreadable, or null. */
  get fault(): string | null {
    return this.#fault;
  }

  /** True when the stream may end here: no record is half read. */
  get atBoundary(): boolean {
    return this.#start === this.#end;
  }

  /** The records that are complete now. Their content is a view of the pieces: it lasts as long as the memory of those. */
  push(chunk: Uint8Array): FastCgiRecord[] {
    const records: FastCgiRecord[] = [];
    if (this.#fault !== null) return records;
    this.#append(chunk);
    for (let record = this.#next(); record !== null; record = this.#next()) records.push(record);
    return records;
  }

  /** The memory of the last piece will be written over: what is held of it becomes a copy. */
  own(): void {
    if (!this.#isBorrowed) return;
    this.#isBorrowed = false;
    // `slice` of what Node calls a Buffer is a view.
    this.#buffer = this.atBoundary ? NOTHING : new Uint8Array(this.#buffer.subarray(this.#start, this.#end));
    this.#end -= this.#start;
    this.#start = 0;
  }

  /** A piece that arrives when nothing is held is read where it is; else it goes behind what is held. */
  #append(chunk: Uint8Array): void {
    const held = this.#end - this.#start;
    if (held === 0) {
      this.#buffer = chunk;
      this.#start = 0;
      this.#end = chunk.length;
      this.#isBorrowed = true;
      return;
    }
    if (this.#isBorrowed || this.#end + chunk.length > this.#buffer.length) {
      const grown = new Uint8Array(Math.max(2 * held, held + chunk.length));
      grown.set(this.#buffer.subarray(this.#start, this.#end));
      this.#buffer = grown;
      this.#start = 0;
      this.#end = held;
      this.#isBorrowed = false;
    }
    this.#buffer.set(chunk, this.#end);
    this.#end += chunk.length;
  }

  #next(): FastCgiRecord | null {
    const at = this.#start;
    if (at === this.#end) return null;
    const bytes = this.#buffer;
    if (bytes[at] !== FASTCGI_VERSION) {
      this.#fault = `a record begins with byte ${bytes[at] ?? 0}, not with FastCGI version ${FASTCGI_VERSION}`;
      return null;
    }
    const contentStart = at + HEADER_LENGTH;
    if (contentStart > this.#end) return null;
    const contentEnd = contentStart + (((bytes[at + 4] ?? 0) << 8) | (bytes[at + 5] ?? 0));
    const next = contentEnd + (bytes[at + 6] ?? 0);
    if (next > this.#end) return null;
    this.#start = next;
    const requestId = ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0);
    return { type: bytes[at + 1] ?? 0, requestId, content: bytes.subarray(contentStart, contentEnd) };
  }
}
