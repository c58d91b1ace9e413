/** A place in a text: both zero-based, `character` counted in the text's own units. */
export interface Position {
  readonly line: number;
  readonly character: number;
}

/** Half-open range of offsets. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Line starts of a text, for offset <-> position. Lines end at LF; a CR before it belongs to the line. */
export class LineIndex {
  readonly #starts: number[] = [0];
  readonly #length: number;

  constructor(text: string) {
    this.#length = text.length;
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) this.#starts.push(at + 1);
  }

  /** Number of lines; a text that ends in LF has an empty last one. */
  get lineCount(): number {
    return this.#starts.length;
  }

  /** Offset of the first character of a zero-based line, clamped to the text. */
  startOf(line: number): number {
    return line < 0 ? 0 : (this.#starts[line] ?? this.#length);
  }

  /** Position of an offset, clamped to the text. */
  positionAt(offset: number): Position {
    const at = Math.max(0, Math.min(offset, this.#length));
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#starts[middle] ?? 0) <= at) low = middle;
      else high = middle - 1;
    }
    return { line: low, character: at - (this.#starts[low] ?? 0) };
  }
}
