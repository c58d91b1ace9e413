/** Anything that can be closed; VS Code's own disposables fit. */
export interface Closeable {
  dispose(): unknown;
}

/**
 * Closes what it holds, last in, first out. What is added after `dispose()` is closed at once, so that nothing opened by a
 * late answer stays open. Failures are collected and thrown together once everything was tried.
 */
export class DisposableStore {
  readonly #items = new Set<Closeable>();
  #disposed = false;

  get isDisposed(): boolean {
    return this.#disposed;
  }

  /** Takes charge of one thing and gives it back. */
  add<Item extends Closeable>(item: Item): Item {
    if (this.#disposed) item.dispose();
    else this.#items.add(item);
    return item;
  }

  /** Closes one thing now and forgets it. */
  close(item: Closeable): void {
    if (this.#items.delete(item)) item.dispose();
  }

  dispose(): void {
    this.#disposed = true;
    const items = [...this.#items].reverse();
    this.#items.clear();
    const failures = items.flatMap(failureOf);
    if (failures.length > 0) throw new AggregateError(failures, 'Not everything could be closed');
  }
}

function failureOf(item: Closeable): unknown[] {
  try {
    item.dispose();
    return [];
  } catch (error) {
    return [error];
  }
}
