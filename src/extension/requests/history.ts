import type { RequestRecord, RunnerEvent } from '../../runner';

/** A request that has come; its record once it is answered. */
export interface Remembered {
  /** Ascending over all runs of a session. */
  readonly id: number;
  readonly time: number;
  readonly method: string;
  readonly target: string;
  readonly record: RequestRecord | null;
}

/** How much is remembered. */
export interface HistoryLimits {
  readonly requests: number;
  readonly bytes: number;
}

const USUAL: HistoryLimits = { requests: 1000, bytes: 33_554_432 };

/** The last requests, bounded in number and in memory; the oldest go first. */
export class RequestHistory {
  readonly #limits: HistoryLimits;
  readonly #known = new Map<number, Remembered>();
  /** What the runner's own numbers begin at: each run counts from 1. */
  #offset = 0;
  #last = 0;
  #bytes = 0;

  constructor(limits = USUAL) {
    this.#limits = limits;
  }

  /** Oldest first. */
  get all(): readonly Remembered[] {
    return [...this.#known.values()];
  }

  /** Requests below this are forgotten. */
  get oldest(): number {
    const [first] = this.#known.keys();
    return first ?? this.#last + 1;
  }

  /** A new run begins: its numbers start again. */
  beginRun(): void {
    this.#offset = this.#last;
  }

  /** A request has come. */
  arrive(request: Omit<Remembered, 'record'>): Remembered {
    return this.#put({ ...request, id: request.id + this.#offset, record: null });
  }

  /** A request is answered. Undefined where it is forgotten already. */
  answer(record: RequestRecord): Remembered | undefined {
    const id = record.id + this.#offset;
    if (id < this.oldest && id <= this.#last) return undefined;
    const { time, method, target } = record;
    return this.#put({ id, time, method, target, record });
  }

  get(id: number): Remembered | undefined {
    return this.#known.get(id);
  }

  clear(): void {
    this.#known.clear();
    this.#bytes = 0;
  }

  #put(one: Remembered): Remembered {
    this.#bytes += sizeOf(one) - sizeOf(this.#known.get(one.id));
    this.#known.set(one.id, one);
    this.#last = Math.max(this.#last, one.id);
    for (const [id, old] of this.#known) {
      const fits = this.#known.size <= this.#limits.requests && this.#bytes <= this.#limits.bytes;
      if (fits || id === one.id) break;
      this.#known.delete(id);
      this.#bytes -= sizeOf(old);
    }
    return one;
  }
}

const NO_BODY = { bytes: new Uint8Array(), length: 0 };

/** What is known of a request that was refused before it could be read: its request line and the status. */
export function bareRecord(event: Extract<RunnerEvent, { kind: 'request' }>): RequestRecord {
  const { id, method, target, status, milliseconds, dispatcher } = event;
  const told = { id, method, target, status, milliseconds, dispatcher, time: Date.now(), protocol: '' };
  const nothing = { requestHeaders: [], responseHeaders: [], environment: [], trace: [], errorOutput: '' };
  const bodies = { requestBody: NO_BODY, responseBody: NO_BODY };
  return { ...told, ...nothing, ...bodies, cut: false, pid: null, failure: null, outcome: null };
}

/** Bytes that a request takes in memory, about. */
function sizeOf(one: Remembered | undefined): number {
  if (one === undefined) return 0;
  const own = 500 + one.target.length;
  const { record } = one;
  if (record === null) return own;
  const pairs = [...record.requestHeaders, ...record.responseHeaders, ...record.environment];
  const bodies = record.requestBody.bytes.length + record.responseBody.bytes.length;
  const steps = record.trace.reduce((sum, { text }) => sum + text.length + 150, 0);
  const texts = pairs.reduce((sum, [name, value]) => sum + name.length + value.length + 50, 0);
  return own + bodies + steps + texts + record.errorOutput.length * 2;
}
