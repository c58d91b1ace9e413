/** Texts that are kept with what was made of them; beyond it all are forgotten. */
const MOST_KEPT = 20_000;

/** What was made of texts, for files that are read again and again while somebody writes them. */
export class TextCache<Made extends object | string> {
  readonly #made = new Map<string, Made>();

  /** What `make` makes of a text, made once. */
  get(text: string, make: (text: string) => Made): Made {
    const known = this.#made.get(text);
    if (known !== undefined) return known;
    const own = ownCopy(text);
    const made = make(own);
    if (this.#made.size >= MOST_KEPT) this.#made.clear();
    this.#made.set(own, made);
    return made;
  }
}

/** The same text without the memory of the file that it was cut from: engines keep the whole for the sake of a part. */
function ownCopy(text: string): string {
  return [text.slice(0, 1), text.slice(1)].join('');
}
