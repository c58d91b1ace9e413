import * as vscode from 'vscode';
import { withProgress } from '../notifications';
import type { Order } from './sending';
import { signalOf } from './sessions';

/** How the work on one of several targets is followed and stopped. */
export interface Watching {
  readonly signal: AbortSignal;
  /** How much of it is done, from 0 to 1, and where it is. */
  readonly show: (share: number, text: string) => void;
}

/** What came of the work on one target: a result or an error, a CancellationError where it was stopped. */
export interface Outcome<Result> {
  readonly order: Order;
  readonly result?: Result;
  readonly error?: unknown;
}

/** Works on several targets at the same time, with one progress for all of them, and waits for each. Never fails. */
export async function together<Result>(
  orders: readonly Order[],
  title: string,
  work: (order: Order, watching: Watching) => Promise<Result>,
): Promise<Outcome<Result>[]> {
  const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
  return withProgress(options, (progress, token) => {
    const shares = new Shares(progress, orders);
    const signal = signalOf(token);
    return Promise.all(
      orders.map(async (order) => {
        const show = (share: number, text: string) => shares.show(order, share, text);
        try {
          return { order, result: await work(order, { signal, show }) };
        } catch (error) {
          return { order, error };
        } finally {
          show(1, '');
        }
      }),
    );
  });
}

/** One bar for the work on several targets; its text names those that are still at work. */
class Shares {
  readonly #progress: vscode.Progress<{ message: string; increment: number }>;
  readonly #count: number;
  readonly #shares = new Map<Order, number>();
  readonly #texts = new Map<Order, string>();
  #shown = 0;

  constructor(progress: vscode.Progress<{ message: string; increment: number }>, orders: readonly Order[]) {
    this.#progress = progress;
    this.#count = orders.length;
  }

  show(order: Order, share: number, text: string): void {
    this.#shares.set(order, share);
    this.#texts.set(order, text);
    const sum = [...this.#shares.values()].reduce((all, one) => all + one, 0);
    const percent = Math.floor((100 * sum) / this.#count);
    const message = Array.from(this.#texts, ([{ target }, said]) =>
      said === '' ? '' : `${target.name} ${said}`,
    )
      .filter((part) => part !== '')
      .join(' · ');
    this.#progress.report({ message, increment: percent - this.#shown });
    this.#shown = percent;
  }
}
