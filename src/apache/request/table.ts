/** An ordered list of names and values whose names ignore case (apr_table_t): headers, environment, notes. */
export class Table {
  #entries: { name: string; key: string; value: string }[] = [];

  static of(entries: Iterable<readonly [name: string, value: string]>): Table {
    const table = new Table();
    for (const [name, value] of entries) table.add(name, value);
    return table;
  }

  /** The first value of a name. */
  get(name: string): string | undefined {
    const key = name.toLowerCase();
    return this.#entries.find((entry) => entry.key === key)?.value;
  }

  /** All values of a name, in order. */
  all(name: string): string[] {
    const key = name.toLowerCase();
    return this.#entries.filter((entry) => entry.key === key).map((entry) => entry.value);
  }

  /** Puts one value in the place of all others of that name; the first one's spelling of the name stays. */
  set(name: string, value: string): void {
    const key = name.toLowerCase();
    const first = this.#entries.find((entry) => entry.key === key);
    if (first === undefined) {
      this.#entries.push({ name, key, value });
      return;
    }
    first.value = value;
    this.#entries = this.#entries.filter((entry) => entry === first || entry.key !== key);
  }

  /** One more value beside those that are there. */
  add(name: string, value: string): void {
    this.#entries.push({ name, key: name.toLowerCase(), value });
  }

  /** Appends to the first value of that name with `, `, or adds it. */
  merge(name: string, value: string): void {
    const key = name.toLowerCase();
    const first = this.#entries.find((entry) => entry.key === key);
    if (first === undefined) this.add(name, value);
    else first.value = `${first.value}, ${value}`;
  }

  unset(name: string): void {
    const key = name.toLowerCase();
    this.#entries = this.#entries.filter((entry) => entry.key !== key);
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
}
