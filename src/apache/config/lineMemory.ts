import type { KnownLine, LineMemory, PlainLine } from '../syntax/lines';
import { ownCopy } from './textCache';

/** A text, and what was made of those of its lines that are a piece each and say something, in their order. */
interface ReadLines {
  readonly source: string;
  /** Offsets of the lines. */
  readonly starts: number[];
  readonly known: KnownLine[];
}

/** Shorter texts are read as quickly as they are compared, with what is known of their lines' texts. */
const SHORTEST = 65_536;

/** Longer texts are no work of a person's, and their lines would fill the memory. */
const LONGEST = 4_194_304;

/** Files whose lines are remembered: somebody writes one, perhaps two, at a time. */
const MOST_FILES = 4;

/** What was made of the lines of large files when they were read last, so that a key pressed does not cost a new reading of all. */
export class LineMemories {
  readonly #byFile = new Map<string, ReadLines>();

  /** For the next reading of a file; undefined where it is short. */
  of(file: string, source: string): LineMemory | undefined {
    if (source.length > LONGEST) return FORGETFUL;
    if (source.length < SHORTEST) return undefined;
    const before = this.#byFile.get(file);
    const now: ReadLines = { source, starts: [], known: [] };
    this.#byFile.delete(file);
    this.#byFile.set(file, now);
    for (const oldest of this.#byFile.keys()) {
      if (this.#byFile.size <= MOST_FILES) break;
      this.#byFile.delete(oldest);
    }
    return new LinesAgain(before ?? NOTHING_READ, now);
  }
}

/** For a file that is not read again. */
const FORGETFUL: LineMemory = {
  knownAt: () => undefined,
  keep: ({ text }, make) => make(text),
};

const NOTHING_READ: ReadLines = { source: '', starts: [], known: [] };

/** Knows the lines that a text shares with what it was before, at its begin and at its end. */
class LinesAgain implements LineMemory {
  readonly #before: ReadLines;
  readonly #now: ReadLines;
  /** Up to here nothing has changed. */
  readonly #prefix: number;
  /** From here on nothing has changed but the offset, by so much. */
  readonly #suffix: number;
  readonly #shift: number;
  /** Whether most of it was never read before. */
  readonly #isNew: boolean;
  #at = 0;

  constructor(before: ReadLines, now: ReadLines) {
    this.#before = before;
    this.#now = now;
    const { length } = now.source;
    const most = Math.min(before.source.length, length);
    this.#prefix = commonPrefix(before.source, now.source);
    this.#suffix = length - commonSuffix(before.source, now.source, most - this.#prefix);
    this.#shift = length - before.source.length;
    this.#isNew = this.#suffix - this.#prefix > length >> 1;
  }

  knownAt(start: number, end: number): KnownLine | undefined {
    if (start < this.#suffix && end > this.#prefix) return undefined;
    const old = start < this.#suffix ? start : start - this.#shift;
    const { starts, known } = this.#before;
    while ((starts[this.#at] ?? old) < old) this.#at += 1;
    return starts[this.#at] === old ? known[this.#at] : undefined;
  }

  keep<Known extends KnownLine>(line: PlainLine, make: (text: string) => Known): Known {
    // A few new lines shall not keep the whole text for as long as they stay.
    const made = (line.known as Known | undefined) ?? make(this.#isNew ? line.text : ownCopy(line.text));
    this.#now.starts.push(line.start);
    this.#now.known.push(made);
    return made;
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
