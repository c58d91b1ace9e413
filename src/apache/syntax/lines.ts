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
  /** What was made of the line when the file was read before. */
  readonly known?: KnownLine | undefined;
}

/** What was made of a line, with the line's text. */
export interface KnownLine {
  readonly text: string;
}

/** Source offset of an offset in the line's text. */
export function sourceOffset(line: LogicalLine, inText: number): number {
  if (line instanceof PlainLine) return line.from + inText;
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

/** Counts what Apache takes from the memory pool of the request: a line buffer that was taken last can grow where it lies. */
export class PoolClock {
  taken = 0;
}

/** Beyond it a buffer has memory of its own, in pages of which 57 bytes are bookkeeping (VARBUF_SMALL_SIZE, apr_allocator). */
const SMALL_SIZE = 2048;
const PAGE_ROOM = 8192 - 57;

/**
 * The growing buffer of one reading loop (ap_varbuf): its size decides where a NUL in a long line cuts, and when a line is
 * too long.
 */
export class LineBuffer {
  readonly #pool: PoolClock | undefined;
  #takenAt = 0;
  #size = 207;

  /** With a size instead of the pool it never grows. */
  constructor(memory: PoolClock | number = new PoolClock()) {
    if (typeof memory === 'number') {
      this.#size = memory;
      return;
    }
    this.#pool = memory;
    this.#take(memory);
  }

  get size(): number {
    return this.#size;
  }

  /** Takes the next size; false when it is large enough for every line. */
  grow(): boolean {
    if (this.#pool === undefined || this.#size >= MAX_LINE_LENGTH) return false;
    const wanted = (2 * this.#size + 8) & ~7;
    if (wanted > SMALL_SIZE) {
      this.#size = this.#size < PAGE_ROOM ? PAGE_ROOM : PAGE_ROOM + 8192;
      return true;
    }
    const isBehind = this.#pool.taken === this.#takenAt;
    this.#size = isBehind ? this.#size + wanted : wanted - 1;
    this.#take(this.#pool);
    return true;
  }

  #take(pool: PoolClock): void {
    pool.taken += 1;
    this.#takenAt = pool.taken;
  }
}

/** What a reader gives: a line, the end of the text, or a line that is longer than Apache takes. */
export type LineResult = LogicalLine | 'end' | 'too-long';

/** What lines are read from: a file, or the lines that a macro puts in its place (ap_configfile_t). */
export interface ConfigFile {
  /** As Apache's messages name it. */
  readonly name: string;
  /** Number of the physical line read last; trying to read behind the end counts as one more, as in Apache. */
  readonly lineNumber: number;
  /** Offset in the source of the first unread byte. */
  readonly offset: number;
  /** Who keeps what is made of its lines, for the next reading; undefined where texts alone tell that. */
  readonly memory: LineMemory | undefined;
  /** The next logical line. After 'too-long' the reader stands behind the part that was read. */
  next(buffer: LineBuffer): LineResult;
  /** Up to `room` bytes or to a line end, NUL and all; undefined at the end. The line is counted unless a NUL hides its end. */
  takeBytes(room: number): string | undefined;
  /** Counts one line without reading. */
  skipNumber(): void;
}

/** What the joining of physical lines needs of a file. */
interface PhysicalLines {
  /** One attempt to read, which counts as a line: up to `room` bytes or a line end, cut at a NUL; undefined at the end. */
  take(room: number): string | undefined;
  /** Takes back the count of a line that goes on. */
  goOn(): void;
  /** Offset in the source of what is taken next. */
  readonly offset: number;
}

/** A joined line before it is trimmed. */
interface RawLine {
  readonly text: string;
  readonly pieces: readonly (readonly [inText: number, inSource: number])[];
}

/** Joins physical lines until one ends without `\` (ap_varbuf_cfg_getline). */
export function joinLines(lines: PhysicalLines, buffer: LineBuffer): RawLine | 'end' | 'too-long' {
  const pieces: [number, number][] = [];
  let text = '';
  let entry = 0;
  for (;;) {
    const { offset } = lines;
    const taken = lines.take(buffer.size - text.length - 1);
    if (taken === undefined) {
      // A last line that just fills the buffer is lost in Apache: it asks for more, and finds the end.
      if (text.length === entry) return 'end';
      break;
    }
    if (pieces.at(-1)?.[0] === text.length) pieces.pop();
    pieces.push([text.length, offset]);
    text += taken;
    if (text.endsWith('\n')) {
      const body = text.endsWith('\r\n') ? text.slice(0, -2) : text.slice(0, -1);
      if (!body.endsWith('\\')) break;
      text = body.slice(0, -1);
    } else if (text.length >= buffer.size - 1) {
      if (!buffer.grow()) return 'too-long';
      entry = text.length;
      lines.goOn();
    } else {
      break;
    }
  }
  return text.length > MAX_LINE_LENGTH ? 'too-long' : { text, pieces };
}

/** The place of a logical line in its source. */
type LinePlace = Pick<LogicalLine, 'start' | 'end' | 'firstLine' | 'line'>;

/** The line without spaces at its ends (cfg_trim_line). */
export function trimmedLine({ text: raw, pieces }: RawLine, place: LinePlace): LogicalLine {
  let from = 0;
  let to = raw.length;
  while (from < to && isSpace(raw.charCodeAt(from))) from += 1;
  while (to > from && isSpace(raw.charCodeAt(to - 1))) to -= 1;
  const moved = from === 0 ? pieces : pieces.map(([inText, inSource]) => [inText - from, inSource] as const);
  return { text: raw.slice(from, to), pieces: moved, ...place };
}

/** A line of one piece: files have thousands, and few readers ask where a piece came from. */
export class PlainLine implements LogicalLine {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  readonly line: number;
  /** Offset in the source of the text. */
  readonly from: number;
  readonly known: KnownLine | undefined;

  constructor(text: string, place: Pick<PlainLine, 'from' | 'start' | 'end' | 'line' | 'known'>) {
    this.text = text;
    this.start = place.start;
    this.end = place.end;
    this.line = place.line;
    this.from = place.from;
    this.known = place.known;
  }

  get firstLine(): number {
    return this.line;
  }

  get pieces(): LogicalLine['pieces'] {
    return [[0, this.from]];
  }
}

/** Keeps what is made of the lines of a file, from one reading to the next. */
export interface LineMemory {
  /** What was made of the line between two offsets, where it is the same as before. */
  knownAt(start: number, end: number): KnownLine | undefined;
  /** What is made of a line, in the order of the file: what is known, or what `make` gives. */
  keep<Known extends KnownLine>(line: PlainLine, make: (text: string) => Known): Known;
}

/** Reads logical lines from a byte string exactly as ap_varbuf_cfg_getline does for .htaccess files. */
export class LineReader implements ConfigFile {
  readonly name: string;
  readonly #source: string;
  #at = 0;
  #lineNumber = 0;
  #nul = -2;
  readonly memory: LineMemory | undefined;

  constructor(source: string, name = '.htaccess', memory?: LineMemory) {
    this.#source = source;
    this.name = name;
    this.memory = memory;
  }

  get lineNumber(): number {
    return this.#lineNumber;
  }

  get offset(): number {
    return this.#at;
  }

  next(buffer: LineBuffer): LineResult {
    const start = this.#at;
    if (start >= this.#source.length) {
      this.#lineNumber += 1;
      return 'end';
    }
    const lineEnd = this.#source.indexOf('\n', start);
    const length = lineEnd + 1 - start;
    const fits = length < buffer.size && length <= MAX_LINE_LENGTH;
    if (lineEnd >= 0 && fits && this.#isPlain(start, lineEnd)) {
      this.#at = lineEnd + 1;
      this.#lineNumber += 1;
      return this.#plain(start, lineEnd);
    }
    const firstLine = this.#lineNumber + 1;
    const joined = joinLines(this.#physicalLines(), buffer);
    return typeof joined === 'string' ? joined : this.#placed(joined, start, firstLine);
  }

  takeBytes(room: number): string | undefined {
    const from = this.#at;
    if (from >= this.#source.length) return undefined;
    const lineEnd = this.#source.indexOf('\n', from);
    this.#at = Math.min(lineEnd < 0 ? this.#source.length : lineEnd + 1, from + Math.max(room, 0));
    const isWhole = lineEnd >= 0 && this.#at === lineEnd + 1;
    const taken = this.#source.slice(from, this.#at);
    if (isWhole && !taken.includes('\0')) this.#lineNumber += 1;
    return taken;
  }

  skipNumber(): void {
    this.#lineNumber += 1;
  }

  #placed(line: RawLine, start: number, firstLine = this.#lineNumber): LogicalLine {
    return trimmedLine(line, { start, end: this.#at, firstLine, line: this.#lineNumber });
  }

  /** A line of one piece without spaces at its ends. */
  #plain(start: number, lineEnd: number): PlainLine {
    const source = this.#source;
    let from = start;
    let to = lineEnd;
    const end = lineEnd + 1;
    while (from < to && isSpace(source.charCodeAt(from))) from += 1;
    while (to > from && isSpace(source.charCodeAt(to - 1))) to -= 1;
    const known = this.memory?.knownAt(start, end);
    const text = known?.text ?? source.slice(from, to);
    return new PlainLine(text, { from, start, end, line: this.#lineNumber, known });
  }

  /** No NUL, and no continuation at the end: what nearly every line is. */
  #isPlain(start: number, lineEnd: number): boolean {
    let last = this.#source.charCodeAt(lineEnd - 1);
    if (last === 13 && lineEnd - 1 > start) last = this.#source.charCodeAt(lineEnd - 2);
    if (last === 92 && lineEnd > start) return false;
    const nul = this.#nextNul(start);
    return nul < 0 || nul > lineEnd;
  }

  #nextNul(from: number): number {
    if (this.#nul !== -1 && this.#nul < from) this.#nul = this.#source.indexOf('\0', from);
    return this.#nul;
  }

  #physicalLines(): PhysicalLines {
    const offset = (): number => this.#at;
    return {
      take: (room) => this.#take(room),
      goOn: () => (this.#lineNumber -= 1),
      get offset() {
        return offset();
      },
    };
  }

  /** Reads up to `room` bytes or a line end; what follows a NUL in them is lost. */
  #take(room: number): string | undefined {
    this.#lineNumber += 1;
    const from = this.#at;
    if (from >= this.#source.length) return undefined;
    const lineEnd = this.#source.indexOf('\n', from);
    const stop = Math.min(lineEnd < 0 ? this.#source.length : lineEnd + 1, from + Math.max(room, 0));
    this.#at = stop;
    const nul = this.#nextNul(from);
    return this.#source.slice(from, nul >= 0 && nul < stop ? nul : stop);
  }
}
