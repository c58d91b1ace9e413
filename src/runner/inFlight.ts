/** What is under way, so that its end can be waited for. */
export class InFlight {
  readonly #all = new Set<object>();
  #onNone: (() => void)[] = [];

  add(one: object): void {
    this.#all.add(one);
  }

  delete(one: object): void {
    this.#all.delete(one);
    if (this.#all.size === 0) for (const told of this.#onNone.splice(0)) told();
  }

  /** Resolves when nothing is under way. */
  none(): Promise<void> {
    if (this.#all.size === 0) return Promise.resolve();
    return new Promise((resolve) => this.#onNone.push(resolve));
  }
}
