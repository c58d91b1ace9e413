import { unlessAborted } from './connections';

/** Work that must not overlap. */
export class Turns {
  readonly #last = new Map<string, Promise<unknown>>();

  /**
   * Does some work once all that came before it has ended, however that went; with a `key`, all of the same key. Who gives up does not
   * wait for the turn.
   * @throws the signal's reason, or what the work throws
   */
  take<Result>(
    work: () => Promise<Result>,
    { key = '', signal }: { readonly key?: string; readonly signal?: AbortSignal } = {},
  ): Promise<Result> {
    const before = this.#last.get(key) ?? Promise.resolve();
    const mine = (signal ? unlessAborted(before, signal) : before).then(work);
    const ended = Promise.allSettled([before, mine]);
    this.#last.set(key, ended);
    void ended.finally(() => {
      if (this.#last.get(key) === ended) this.#last.delete(key);
    });
    return mine;
  }
}
