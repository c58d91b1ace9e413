import type { RowBatch, ToPanel } from '../../panels/log/messages';
import type { LogStore } from './logStore';

/** Batches that may be on their way: the panel must not drown in a flood. */
const MOST_ON_THE_WAY = 2;

/**
 * Sends the rows of a store to the panel as quickly as the panel takes them. Where it is slower than the log, lines that would be dropped
 * there anyway are left out.
 */
export class RowSender {
  readonly #store: LogStore;
  readonly #send: (message: ToPanel) => void;
  #sent = 0;
  #named = 0;
  #onTheWay: number[] = [];

  constructor(store: LogStore, send: (message: ToPanel) => void) {
    this.#store = store;
    this.#send = send;
  }

  /** The panel knows nothing (any more). */
  restart(): void {
    this.#sent = this.#store.oldest - 1;
    this.#named = 0;
    this.#onTheWay = [];
  }

  /** Rows up to this one have arrived. */
  taken(id: number): void {
    this.#onTheWay = this.#onTheWay.filter((one) => one > id);
    this.push();
  }

  /** Sends what the panel can take now. */
  push(): void {
    while (this.#onTheWay.length < MOST_ON_THE_WAY && this.#sent < this.#store.newest) {
      const [batch] = this.#store.batchesAfter(this.#sent);
      if (batch === undefined) return;
      this.#sendBatch(batch);
    }
  }

  #sendBatch(batch: RowBatch): void {
    const names = this.#store.names.slice(this.#named);
    this.#named += names.length;
    this.#sent = batch.first + batch.texts.length - 1;
    this.#onTheWay.push(this.#sent);
    this.#send({ type: 'rows', batch: { ...batch, names } });
  }
}
