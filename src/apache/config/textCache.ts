/** Texts that are kept with what was made of them; beyond it all are forgotten. */
const MOST_KEPT = 50_000;

/** After so many new texts in a row a whole file is new, which may then be kept for the sake of its parts: they are most of it. */
const MANY_IN_A_ROW = 1000;

/** What becomes of the texts of a whole new file: all are kept, or those that come after many are left to who knows the file. */
type Keeping = 'all' | 'few-in-a-row';

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
  #newInARow = 0;
  readonly #keeping: Keeping;

  constructor(keeping: Keeping = 'all') {
    this.#keeping = keeping;
  }

  /** What `make` makes of a text, made once. */
  get(text: string, make: (text: string) => Made): Made {
    // Most lines of a file follow the same line as before, and comparing is quicker than looking up.
    const expected = this.#last?.next;
    if (expected !== undefined && expected.text === text) {
      this.#last = expected;
      this.#newInARow = 0;
      return expected.made;
    }
    // The copy is looked up, not the part of a file: its hash is then known when it is kept.
    const isMany = this.#newInARow >= MANY_IN_A_ROW;
    const own = isMany ? text : ownCopy(text);
    const known = this.#byText.get(own);
    if (known === undefined && isMany && this.#keeping === 'few-in-a-row') return make(text);
    const found = known ?? this.#add(own, make);
    this.#newInARow = known === undefined ? this.#newInARow + 1 : 0;
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
function ownCopy(text: string): string {
  return [text.slice(0, 1), text.slice(1)].join('');
}
