import type { LineMemory, PlainLine } from '../syntax/lines';

/** A text and those of its lines that are a piece each, in their order. */
interface ReadLines {
  readonly source: string;
  readonly lines: PlainLine[];
}

/** Shorter texts are cut into lines as quickly as they are compared. */
const SHORTEST = 16_384;

/** Longer texts are no work of a person's, and their lines would fill the memory. */
const LONGEST = 4_194_304;

/** Files whose lines are remembered: somebody writes one, perhaps two, at a time. */
const MOST_FILES = 4;

/** The lines of large files as they were read last, by the file, so that a key pressed does not cost a new reading of all. */
export class LineMemories {
  readonly #byFile = new Map<string, ReadLines>();

  /** For the next reading of a file; undefined where it is short, or far too long. */
  of(file: string, source: string): LineMemory | undefined {
    if (source.length < SHORTEST || source.length > LONGEST) return undefined;
    const before = this.#byFile.get(file);
    const now: ReadLines = { source, lines: [] };
    this.#byFile.delete(file);
    this.#byFile.set(file, now);
    for (const oldest of this.#byFile.keys()) {
      if (this.#byFile.size <= MOST_FILES) break;
      this.#byFile.delete(oldest);
    }
    return new LinesAgain(before ?? NOTHING_READ, now);
  }
}

const NOTHING_READ: ReadLines = { source: '', lines: [] };

/** Gives the lines that a text shares with what it was before, at its begin and at its end. */
class LinesAgain implements LineMemory {
  readonly #before: readonly PlainLine[];
  readonly #now: PlainLine[];
  /** Up to here nothing has changed. */
  readonly #prefix: number;
  /** From here on nothing has changed but the offset, by so much. */
  readonly #suffix: number;
  readonly #shift: number;
  #at = 0;

  constructor(before: ReadLines, now: ReadLines) {
    this.#before = before.lines;
    this.#now = now.lines;
    const most = Math.min(before.source.length, now.source.length);
    this.#prefix = commonPrefix(before.source, now.source);
    this.#suffix = now.source.length - commonSuffix(before.source, now.source, most - this.#prefix);
    this.#shift = now.source.length - before.source.length;
  }

  lineAt(start: number, line: number): PlainLine | undefined {
    const isBehind = start >= this.#suffix;
    if (!isBehind && start >= this.#prefix) return undefined;
    const old = isBehind ? start - this.#shift : start;
    const lines = this.#before;
    let found = lines[this.#at];
    while (found !== undefined && found.start < old) found = lines[++this.#at];
    if (found?.start !== old || (!isBehind && found.end > this.#prefix)) return undefined;
    return found.movedTo(start, line);
  }

  add(line: PlainLine): void {
    this.#now.push(line);
  }
}

/** Engines compare pieces of this size far quicker than one character after the other. */
const PIECE = 4096;

/** Length of what both texts begin with. */
function commonPrefix(one: string, other: string): number {
  const most = Math.min(one.length, other.length);
  let at = 0;
  for (let step = PIECE; step >= 1; step >>= 4) {
    while (at + step <= most && one.slice(at, at + step) === other.slice(at, at + step)) at += step;
  }
  return at;
}

/** Length of what both texts end with, at most so much. */
function commonSuffix(one: string, other: string, most: number): number {
  const piece = (text: string, end: number, size: number): string =>
    text.slice(text.length - end - size, text.length - end);
  let at = 0;
  for (let step = PIECE; step >= 1; step >>= 4) {
    while (at + step <= most && piece(one, at, step) === piece(other, at, step)) at += step;
  }
  return at;
}
