import { lowerCase } from '../../text/bytes';
interface Entry {
  readonly name: string;
  /** The name in lower case. */
  readonly key: string;
  value: string;
}

/** Entries beyond which names are looked up in an index: ordinary tables are quicker without. */
const MANY = 16;

/** An ordered list of names and values whose names ignore case (apr_table_t): headers, environment, notes. */
export class Table {
  #entries: Entry[] = [];
  /** The entries of each name; made when a long table is first asked. */
  #index: Map<string, Entry[]> | undefined;

  static of(entries: Iterable<readonly [name: string, value: string]>): Table {
    const table = new Table();
    for (const [name, value] of entries) table.add(name, value);
    return table;
  }

  /** The first value of a name. */
  get(name: string): string | undefined {
    return this.#first(lowerCase(name))?.value;
  }

  /** All values of a name, in order. */
  all(name: string): string[] {
    return this.#of(lowerCase(name)).map((entry) => entry.value);
  }

  /** Puts one value in the place of all others of that name; the first one's spelling of the name stays. */
  set(name: string, value: string): void {
    const key = lowerCase(name);
    const first = this.#first(key);
    if (first === undefined) {
      this.add(name, value);
      return;
    }
    first.value = value;
    if (this.#of(key).length > 1) this.#keep((entry) => entry === first || entry.key !== key);
  }

  /** One more value beside those that are there. */
  add(name: string, value: string): void {
    const entry = { name, key: lowerCase(name), value };
    this.#entries.push(entry);
    if (this.#index !== undefined) addTo(this.#index, entry);
  }

  /** Appends to the first value of that name with `, `, or adds it. */
  merge(name: string, value: string): void {
    const first = this.#first(lowerCase(name));
    if (first === undefined) this.add(name, value);
    else first.value = `${first.value}, ${value}`;
  }

  unset(name: string): void {
    const key = lowerCase(name);
    if (this.#first(key) !== undefined) this.#keep((entry) => entry.key !== key);
  }

  entries(): (readonly [name: string, value: string])[] {
    return this.#entries.map(({ name, value }) => [name, value] as const);
  }

  copy(): Table {
    return Table.of(this.entries());
  }

  /** The entries of `over`, then those of `base` (apr_table_overlay): a look-up finds those of `over` first. */
  static overlay(base: Table, over: Table): Table {
    return Table.of([...over.entries(), ...base.entries()]);
  }

  #first(key: string): Entry | undefined {
    return this.#entries.length > MANY ? this.#of(key)[0] : this.#entries.find((entry) => entry.key === key);
  }

  #of(key: string): readonly Entry[] {
    if (this.#entries.length <= MANY) return this.#entries.filter((entry) => entry.key === key);
    if (this.#index === undefined) {
      this.#index = new Map();
      for (const entry of this.#entries) addTo(this.#index, entry);
    }
    return this.#index.get(key) ?? NONE;
  }

  #keep(stays: (entry: Entry) => boolean): void {
    this.#entries = this.#entries.filter(stays);
    this.#index = undefined;
  }
}

const NONE: readonly Entry[] = [];

function addTo(index: Map<string, Entry[]>, entry: Entry): void {
  const known = index.get(entry.key);
  if (known === undefined) index.set(entry.key, [entry]);
  else known.push(entry);
}
