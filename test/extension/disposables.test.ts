import { describe, expect, it, vi } from 'vitest';
import { DisposableStore } from '../../src/extension/disposables';

function recorder() {
  const closed: string[] = [];
  const item = (name: string) => ({ dispose: () => void closed.push(name) });
  return { closed, item };
}

describe('DisposableStore', () => {
  it('closes last in, first out, each once', () => {
    const { closed, item } = recorder();
    const store = new DisposableStore();
    for (const name of ['a', 'b', 'c']) store.add(item(name));
    store.dispose();
    store.dispose();
    expect(closed).toEqual(['c', 'b', 'a']);
    expect(store.isDisposed).toBe(true);
  });

  it('gives back what it takes', () => {
    const thing = { dispose: () => undefined, name: 'thing' };
    expect(new DisposableStore().add(thing)).toBe(thing);
  });

  it('closes one thing at once, and not again', () => {
    const { closed, item } = recorder();
    const store = new DisposableStore();
    const one = store.add(item('one'));
    store.close(one);
    store.close(one);
    store.dispose();
    expect(closed).toEqual(['one']);
  });

  it('leaves alone what it was never given', () => {
    const dispose = vi.fn<() => void>();
    new DisposableStore().close({ dispose });
    expect(dispose).not.toHaveBeenCalled();
  });

  it('closes what comes too late', () => {
    const { closed, item } = recorder();
    const store = new DisposableStore();
    store.dispose();
    store.add(item('late'));
    expect(closed).toEqual(['late']);
  });

  it('closes the rest when one fails, and tells all failures', () => {
    const { closed, item } = recorder();
    const store = new DisposableStore();
    store.add(item('first'));
    for (const message of ['one', 'two']) {
      store.add({
        dispose: () => {
          throw new Error(message);
        },
      });
    }
    store.add(item('last'));
    const failure = (() => {
      try {
        store.dispose();
        return undefined;
      } catch (error) {
        return error;
      }
    })();
    expect(closed).toEqual(['last', 'first']);
    expect(failure).toBeInstanceOf(AggregateError);
    expect((failure as AggregateError).errors.map(String)).toEqual(['Error: two', 'Error: one']);
  });
});
