/** Reads a chunked body (RFC 9112, section 7.1): content out of bytes that arrive in pieces of any size. */
export class ChunkedDecoder {
  #state: 'size' | 'content' | 'end of content' | 'trailer' | 'done' | 'bad' = 'size';
  #line = '';
  #left = 0;

  /** The body has ended. */
  get isDone(): boolean {
    return this.#state === 'done';
  }

  /** The bytes are no chunked body; nothing after them can be understood. */
  get isBad(): boolean {
    return this.#state === 'bad';
  }

  /** Takes bytes and gives what of them is content, and how many bytes were used: all, but for those after the end. */
  push(bytes: Buffer): { readonly content: Buffer[]; readonly used: number } {
    const content: Buffer[] = [];
    let at = 0;
    while (at < bytes.length && this.#state !== 'done' && this.#state !== 'bad') {
      if (this.#state === 'content') {
        const part = bytes.subarray(at, at + this.#left);
        content.push(part);
        at += part.length;
        this.#left -= part.length;
        if (this.#left === 0) this.#state = 'end of content';
      } else at = this.#takeLine(bytes, at);
    }
    return { content, used: at };
  }

  #takeLine(bytes: Buffer, start: number): number {
    const end = bytes.indexOf(0x0a, start);
    this.#line += bytes.toString('latin1', start, end < 0 ? bytes.length : end);
    if (this.#line.length > LINE_LIMIT) this.#state = 'bad';
    if (end < 0) return bytes.length;
    const line = this.#line;
    this.#line = '';
    if (line.endsWith('\r')) this.#endLine(line.slice(0, -1));
    else this.#state = 'bad';
    return end + 1;
  }

  #endLine(line: string): void {
    if (this.#state === 'size') this.#beginChunk(line);
    else if (this.#state === 'end of content') this.#state = line === '' ? 'size' : 'bad';
    else if (line === '') this.#state = 'done';
  }

  #beginChunk(line: string): void {
    const size = /^([0-9A-Fa-f]{1,12})[ \t]*(?:;.*)?$/.exec(line)?.[1];
    if (size === undefined) {
      this.#state = 'bad';
      return;
    }
    this.#left = Number.parseInt(size, 16);
    this.#state = this.#left === 0 ? 'trailer' : 'content';
  }
}

const LINE_LIMIT = 8190;
