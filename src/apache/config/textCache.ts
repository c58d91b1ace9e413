/** Texts that are kept with what was made of them; beyond it all are forgotten. */
const MOST_KEPT = 50_000;

interface Kept<Made> {
  readonly text: string;
  readonly made: Made;
  /** What was asked for after this one the last time. */
  next: Kept<Made> | undefined;
}

/** What was made of texts, for files that are read again and again while somebody writes them. */
export class TextCache<Made extends object | string> {
  readonly #byText = new Map<string, Kept<Made>>();
  #last: Kept<Made> | undefined;

  /** What `make` makes of a text, made once. */
  get(text: string, make: (text: string) => Made): Made {
    // Most lines of a file follow the same line as before, and comparing is quicker than looking up.
    const expected = this.#last?.next;
    if (expected !== undefined && expected.text === text) {
      this.#last = expected;
      return expected.made;
    }
    const found = this.#byText.get(text) ?? this.#add(ownCopy(text), make);
    if (this.#last !== undefined) this.#last.next = found;
    this.#last = found;
    return found.made;
  }

  #add(own: string, make: (text: string) => Made): Kept<Made> {
    const added: Kept<Made> = { text: own, made: make(own), next: undefined };
    if (this.#byText.size >= MOST_KEPT) {
      this.#byText.clear();
      this.#last = undefined;
    }
    this.#byText.set(own, added);
    return added;
  }
}

/** The same text without the memory of the file that it was cut from: engines keep the whole for the sake of a part. */
export function ownCopy(text: string): string {
  return [text.slice(0, 1), text.slice(1)].join('');
}
