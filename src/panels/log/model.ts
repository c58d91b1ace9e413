import { compileFilter, NO_FILTER, type LogFilter } from './filter';
import { LOUDNESS, ROW_KINDS, type LogRow, type RowBatch } from './messages';
import type { Rows } from '../common/rows';

/** The lines of the panel, bounded, and those of them that the filter lets through. Adding is linear in what is added. */
export class LogModel {
  #batches: RowBatch[] = [];
  #names: string[] = [];
  #maximum: number;
  #oldest = 1;
  #end = 1;
  #filter: LogFilter = NO_FILTER;
  #test: ((row: LogRow) => boolean) | undefined;
  /** Ids of the rows that pass, from `#idsFrom` on; unused without a filter. */
  #ids: number[] = [];
  #idsFrom = 0;

  constructor(maximum: number) {
    this.#maximum = maximum;
  }

  /** Number of lines kept, shown or not. */
  get size(): number {
    return this.#end - this.#oldest;
  }

  /** Names that sources of rows have had. */
  get sources(): readonly string[] {
    const used = new Set(this.#batches.flatMap(({ sources }) => [...new Set(sources)]));
    return [...used].map((one) => this.#names[one] ?? '');
  }

  /** Lines that the filter lets through, oldest first. */
  get visible(): Rows<LogRow> {
    const at = (index: number) =>
      this.row(this.#test ? (this.#ids[this.#idsFrom + index] ?? 0) : this.#oldest + index);
    return {
      length: this.#visibleLength,
      at,
      indexOf: (id) => {
        const index = this.indexOf(id);
        return index < this.#visibleLength && at(index)?.id === id ? index : -1;
      },
    };
  }

  get #visibleLength(): number {
    return this.#test ? this.#ids.length - this.#idsFrom : this.size;
  }

  /** Forgets everything and takes a new bound. */
  reset(maximum: number): void {
    this.#maximum = maximum;
    this.#batches = [];
    this.#names = [];
    this.#oldest = this.#end = 1;
    this.#ids = [];
    this.#idsFrom = 0;
  }

  /** Appends lines; the oldest go when there are too many. Gives the number of new lines that are visible, and of visible ones that went. */
  append(batch: RowBatch): { readonly added: number; readonly gone: number } {
    const before = this.#visibleLength;
    for (const name of batch.names) this.#names.push(name);
    if (batch.first !== this.#end) this.#startAt(batch.first);
    this.#batches.push(batch);
    this.#end = batch.first + batch.texts.length;
    const added = this.#test ? this.#collect(batch.first) : batch.texts.length;
    this.#trim();
    return { added, gone: before + added - this.#visibleLength };
  }

  /** Shows what passes. Gives false where the pattern is none. */
  filter(filter: LogFilter): boolean {
    this.#filter = filter;
    const { test, problem } = compileFilter(filter);
    this.#test = test;
    this.#ids = [];
    this.#idsFrom = 0;
    if (test) this.#collect(this.#oldest);
    return !problem;
  }

  /** Index among the visible lines of the first one that is not older than a line. */
  indexOf(id: number): number {
    if (!this.#test) return Math.min(Math.max(0, id - this.#oldest), this.size);
    let low = this.#idsFrom;
    let high = this.#ids.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#ids[middle] ?? Infinity) < id) low = middle + 1;
      else high = middle;
    }
    return low - this.#idsFrom;
  }

  /** A line by its id, if it is still there. */
  row(id: number): LogRow | undefined {
    if (id < this.#oldest || id >= this.#end) return undefined;
    const batch = this.#batchOf(id);
    return batch && this.#rowIn(batch, id - batch.first);
  }

  #rowIn(batch: RowBatch, at: number): LogRow {
    const text = batch.texts[at] ?? '';
    const look = batch.looks[at] ?? 0;
    return {
      id: batch.first + at,
      kind: ROW_KINDS[look >> 2] ?? 'raw',
      loudness: LOUDNESS[look & 3] ?? 'info',
      time: batch.times[at] ?? -1,
      source: this.#names[batch.sources[at] ?? 0] ?? '',
      origin: this.#names[batch.origins[at] ?? 0] ?? '',
      message: text.slice(batch.starts[at] ?? 0),
      text,
    };
  }

  #batchOf(id: number): RowBatch | undefined {
    let low = 0;
    let high = this.#batches.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#batches[middle]?.first ?? Infinity) <= id) low = middle;
      else high = middle - 1;
    }
    return this.#batches[low];
  }

  /** Looks at rows from an id on; gives how many pass. */
  #collect(from: number): number {
    const before = this.#ids.length;
    for (const batch of this.#batches) {
      const start = Math.max(0, from - batch.first);
      for (let at = start; at < batch.texts.length; at++) {
        if (this.#test?.(this.#rowIn(batch, at))) this.#ids.push(batch.first + at);
      }
    }
    return this.#ids.length - before;
  }

  /** Lines were left out: what is older is no context for what comes. */
  #startAt(id: number): void {
    this.#batches = [];
    this.#ids = [];
    this.#idsFrom = 0;
    this.#oldest = this.#end = id;
  }

  #trim(): void {
    this.#oldest = Math.max(this.#oldest, this.#end - this.#maximum);
    const kept = this.#batches.findIndex(({ first, texts }) => first + texts.length > this.#oldest);
    if (kept > 0) this.#batches.splice(0, kept);
    if (!this.#test) return;
    while ((this.#ids[this.#idsFrom] ?? Infinity) < this.#oldest) this.#idsFrom += 1;
    if (this.#idsFrom > 10_000 && this.#idsFrom > this.#ids.length / 2) {
      this.#ids = this.#ids.slice(this.#idsFrom);
      this.#idsFrom = 0;
    }
  }

  /** The filter that is in force. */
  get current(): LogFilter {
    return this.#filter;
  }
}
