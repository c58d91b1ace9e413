import { joinLines, trimmedLine, type ConfigFile, type LineBuffer, type LineResult } from '../syntax/lines';

/** What lines are put where. */
export interface Insertion {
  /** Each with its line end. */
  readonly lines: readonly string[];
  /** As Apache's messages name it. */
  readonly name: string;
  /** The file that goes on behind the lines. */
  readonly next: ConfigFile;
  /** Offsets in the source of the directive that put them there. */
  readonly start: number;
  readonly end: number;
  /** Called when the lines are used up. */
  onEnd(next: ConfigFile): void;
}

/**
 * Lines read in the place of a directive, with line numbers of their own, and behind them the file that they interrupt
 * (mod_macro's array_contents_t). As there, the line behind the last one is read through this file, and is lost when it
 * has no line end.
 */
export class InsertedLines implements ConfigFile {
  readonly name: string;
  readonly memory = undefined;
  readonly #insertion: Insertion;
  readonly #text: string;
  #at = 0;
  #lineNumber = 0;

  constructor(insertion: Insertion) {
    this.#insertion = insertion;
    this.name = insertion.name;
    this.#text = insertion.lines.join('');
  }

  get lineNumber(): number {
    return this.#lineNumber;
  }

  get offset(): number {
    return this.#insertion.next.offset;
  }

  next(buffer: LineBuffer): LineResult {
    const { next, start, end } = this.#insertion;
    const behind = next.offset;
    const isOwn = this.#at < this.#text.length;
    const offset = (): number => (this.#at < this.#text.length ? start : next.offset);
    const joined = joinLines(
      {
        take: (room) => this.#take(room),
        goOn: () => (this.#lineNumber -= 1),
        get offset() {
          return offset();
        },
      },
      buffer,
    );
    if (typeof joined === 'string') return joined;
    const line = this.#lineNumber;
    const from = isOwn ? start : behind;
    const to = next.offset === behind ? end : next.offset;
    return trimmedLine(joined, { start: from, end: to, firstLine: line, line });
  }

  takeBytes(room: number): string | undefined {
    if (this.#at < this.#text.length) {
      const bytes = this.#ownBytes(room);
      if (isCounted(bytes)) this.#lineNumber += 1;
      return bytes;
    }
    const { next } = this.#insertion;
    this.#insertion.onEnd(next);
    const bytes = next.takeBytes(room);
    if (bytes !== undefined && isCounted(bytes)) this.#lineNumber += 1;
    return bytes;
  }

  skipNumber(): void {
    this.#lineNumber += 1;
  }

  #take(room: number): string | undefined {
    this.#lineNumber += 1;
    const bytes = this.#at < this.#text.length ? this.#ownBytes(room) : this.#bytesBehind(room);
    const nul = bytes?.indexOf('\0') ?? -1;
    return nul < 0 ? bytes : bytes?.slice(0, nul);
  }

  #ownBytes(room: number): string {
    const lineEnd = this.#text.indexOf('\n', this.#at);
    const stop = Math.min(lineEnd + 1, this.#at + Math.max(room, 0));
    const bytes = this.#text.slice(this.#at, stop);
    this.#at = stop;
    return bytes;
  }

  /** From the interrupted file; a rest without a line end that is shorter than the room is lost. */
  #bytesBehind(room: number): string | undefined {
    const { next } = this.#insertion;
    this.#insertion.onEnd(next);
    const bytes = next.takeBytes(room);
    // Here a line counts also where a NUL hides its end.
    if (bytes?.endsWith('\n') === true && !isCounted(bytes)) next.skipNumber();
    if (bytes !== undefined && (bytes.endsWith('\n') || bytes.length >= room)) return bytes;
    next.skipNumber();
    return undefined;
  }
}

const isCounted = (bytes: string): boolean => bytes.endsWith('\n') && !bytes.includes('\0');
