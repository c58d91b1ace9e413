/**
 * Joins what was read before a connection ended to what is read after it: a log is read again from a few lines back, and those that
 * were seen are left out, so that nothing is lost and nothing comes twice. Where nothing fits, all is new.
 */
export class Seam {
  readonly #length: number;
  #known: string[] = [];
  /** How many of the next lines are known; undefined until the first of them have come. */
  #ahead: number | undefined = 0;

  /** `length`: how many lines back a log is read again. */
  constructor(length: number) {
    this.#length = length;
  }

  /** Forgets everything: another log. */
  clear(): void {
    this.#known = [];
    this.#ahead = 0;
  }

  /** The next lines start some way back. */
  reopen(): void {
    this.#ahead = undefined;
  }

  /** Takes lines as they come; gives those that were not seen before. */
  take(lines: readonly string[]): readonly string[] {
    if (lines.length === 0) return lines;
    this.#ahead ??= this.#overlapWith(lines);
    const seen = Math.min(this.#ahead, lines.length);
    this.#ahead -= seen;
    const fresh = lines.slice(seen);
    this.#known = [...this.#known, ...fresh.slice(-this.#length)].slice(-this.#length);
    return fresh;
  }

  /** The longest end of what is known with which these lines begin, or in which they lie. */
  #overlapWith(lines: readonly string[]): number {
    const known = this.#known;
    const from = known.findIndex((_, at) =>
      lines.slice(0, known.length - at).every((line, index) => line === known[at + index]),
    );
    return from < 0 ? 0 : known.length - from;
  }
}
