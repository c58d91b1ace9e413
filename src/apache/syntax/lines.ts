/** Bytes that a joined line may have with its line end: HUGE_STRING_LEN, for files read as .htaccess. Measured and in server/util.c. */
export const MAX_LINE_LENGTH = 8192;

/** A directive, comment or blank as Apache reads it: physical lines joined by `\`, trimmed, cut at a NUL. */
export interface LogicalLine {
  /** Joined and trimmed. */
  readonly text: string;
  /** Offset of the first byte of the first physical line. */
  readonly start: number;
  /** Offset behind the line end of the last physical line. */
  readonly end: number;
  /** 1-based number of the first physical line. */
  readonly firstLine: number;
  /** 1-based number of the last physical line: the one that Apache reports. */
  readonly line: number;
  /** Where the pieces of `text` came from: [offset in text, offset in source], ascending. */
  readonly pieces: readonly (readonly [inText: number, inSource: number])[];
}

/** Source offset of an offset in the line's text. */
export function sourceOffset(line: LogicalLine, inText: number): number {
  let found = line.pieces[0] ?? [0, line.start];
  for (const piece of line.pieces) {
    if (piece[0] > inText) break;
    found = piece;
  }
  return found[1] + (inText - found[0]);
}

/** True for the bytes that the C locale calls space. */
export function isSpace(code: number): boolean {
  return code === 32 || (code >= 9 && code <= 13);
}

/** The sizes that Apache's line buffer takes while it grows (server/util.c, apr's allocator); the last one is final. */
const BUFFER_SIZES = [207, 415, 831, 1663, 8135, 16327] as const;

/** The growing buffer of one reading loop: it decides where a NUL in a long line cuts, and when a line is too long. */
export class LineBuffer {
  #step = 0;

  get size(): number {
    return BUFFER_SIZES[this.#step] ?? MAX_LINE_LENGTH;
  }

  /** Takes the next size; false when there is none. */
  grow(): boolean {
    if (this.#step + 1 >= BUFFER_SIZES.length) return false;
    this.#step += 1;
    return true;
  }
}

/** What a reader gives: a line, the end of the text, or a line that is longer than Apache takes. */
export type LineResult = LogicalLine | 'end' | 'too-long';

/** Reads logical lines from a byte string exactly as ap_varbuf_cfg_getline does for .htaccess files. */
export class LineReader {
  readonly #source: string;
  #at = 0;
  #lineNumber = 0;

  constructor(source: string) {
    this.#source = source;
  }

  /** Number of the physical line read last; trying to read behind the end counts as one more, as in Apache. */
  get lineNumber(): number {
    return this.#lineNumber;
  }

  /** Offset of the first unread byte. */
  get offset(): number {
    return this.#at;
  }

  /** The next logical line. After 'too-long' the reader stands behind the part that was read. */
  next(buffer: LineBuffer): LineResult {
    const start = this.#at;
    this.#lineNumber += 1;
    if (start >= this.#source.length) return 'end';
    const lineEnd = this.#source.indexOf('\n', start);
    if (lineEnd >= 0 && lineEnd + 1 - start < buffer.size && this.#isPlain(start, lineEnd)) {
      this.#at = lineEnd + 1;
      return this.#trimmed(this.#source.slice(start, lineEnd), start, this.#lineNumber, [[0, start]]);
    }
    return this.#readJoined(buffer, start);
  }

  /** No NUL, and no continuation at the end: what nearly every line is. */
  #isPlain(start: number, lineEnd: number): boolean {
    let last = this.#source.charCodeAt(lineEnd - 1);
    if (last === 13 && lineEnd - 1 > start) last = this.#source.charCodeAt(lineEnd - 2);
    if (last === 92 && lineEnd > start) return false;
    const nul = this.#nextNul(start);
    return nul < 0 || nul > lineEnd;
  }

  #nul = -2;

  #nextNul(from: number): number {
    if (this.#nul !== -1 && this.#nul < from) this.#nul = this.#source.indexOf('\0', from);
    return this.#nul;
  }

  #readJoined(buffer: LineBuffer, start: number): LineResult {
    const firstLine = this.#lineNumber;
    const pieces: [number, number][] = [];
    let text = '';
    let entry = 0;
    for (;;) {
      if (this.#at >= this.#source.length) {
        // A last line that just fills the buffer is lost in Apache: it asks for more, and finds the end.
        if (text.length === entry) return 'end';
        break;
      }
      pieces.push([text.length, this.#at]);
      text += this.#take(buffer.size - text.length - 1);
      if (text.endsWith('\n')) {
        const body = text.endsWith('\r\n') ? text.slice(0, -2) : text.slice(0, -1);
        if (!body.endsWith('\\')) break;
        text = body.slice(0, -1);
        this.#lineNumber += 1;
      } else if (text.length >= buffer.size - 1) {
        if (!buffer.grow()) return 'too-long';
        entry = text.length;
      } else {
        break;
      }
    }
    return text.length > MAX_LINE_LENGTH ? 'too-long' : this.#trimmed(text, start, firstLine, pieces);
  }

  /** Reads up to `room` bytes or a line end; what follows a NUL in them is lost. */
  #take(room: number): string {
    const from = this.#at;
    const lineEnd = this.#source.indexOf('\n', from);
    const stop = Math.min(lineEnd < 0 ? this.#source.length : lineEnd + 1, from + Math.max(room, 0));
    this.#at = stop;
    const nul = this.#nextNul(from);
    return this.#source.slice(from, nul >= 0 && nul < stop ? nul : stop);
  }

  #trimmed(raw: string, start: number, firstLine: number, pieces: LogicalLine['pieces']): LogicalLine {
    let from = 0;
    let to = raw.length;
    while (from < to && isSpace(raw.charCodeAt(from))) from += 1;
    while (to > from && isSpace(raw.charCodeAt(to - 1))) to -= 1;
    return {
      text: raw.slice(from, to),
      start,
      end: this.#at,
      firstLine,
      line: this.#lineNumber,
      pieces: from === 0 ? pieces : pieces.map(([inText, inSource]) => [inText - from, inSource] as const),
    };
  }
}
