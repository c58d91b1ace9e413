import { FASTCGI_VERSION, HEADER_LENGTH, type FastCgiRecord } from './protocol';

/**
 * Records out of a byte stream that arrives in pieces of any size, in time linear to its length. After a byte that
 * cannot begin a record (a version other than 1) nothing more is read: `fault` says so, and the connection is of no
 * further use.
 */
export class RecordDecoder {
  /** Bytes not yet given out lie in #buffer from #start to #end. */
  #buffer = new Uint8Array(0);
  #start = 0;
  #end = 0;
  #fault: string | null = null;

  /** What made the stream unreadable, or null. */
  get fault(): string | null {
    return this.#fault;
  }

  /** True when the stream may end here: no record is half read. */
  get atBoundary(): boolean {
    return this.#start === this.#end;
  }

  /** The records that are complete now. Their content is a copy. */
  push(chunk: Uint8Array): FastCgiRecord[] {
    const records: FastCgiRecord[] = [];
    if (this.#fault !== null) return records;
    this.#append(chunk);
    for (let record = this.#next(); record !== null; record = this.#next()) records.push(record);
    return records;
  }

  #append(chunk: Uint8Array): void {
    const held = this.#end - this.#start;
    if (this.#end + chunk.length > this.#buffer.length) {
      const grown = new Uint8Array(Math.max(2 * held, held + chunk.length));
      grown.set(this.#buffer.subarray(this.#start, this.#end));
      this.#buffer = grown;
      this.#start = 0;
      this.#end = held;
    }
    this.#buffer.set(chunk, this.#end);
    this.#end += chunk.length;
  }

  #next(): FastCgiRecord | null {
    const [version, type = 0, idHigh = 0, idLow = 0, lengthHigh = 0, lengthLow = 0, padding = 0] =
      this.#buffer.subarray(this.#start, this.#end);
    if (this.#start === this.#end) return null;
    if (version !== FASTCGI_VERSION) {
      this.#fault = `a record begins with byte ${version}, not with FastCGI version ${FASTCGI_VERSION}`;
      return null;
    }
    const contentStart = this.#start + HEADER_LENGTH;
    const contentEnd = contentStart + ((lengthHigh << 8) | lengthLow);
    if (this.#end - this.#start < HEADER_LENGTH || contentEnd + padding > this.#end) return null;
    this.#start = contentEnd + padding;
    return { type, requestId: (idHigh << 8) | idLow, content: this.#buffer.slice(contentStart, contentEnd) };
  }
}
