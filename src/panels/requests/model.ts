import type { RequestRow, Shown } from './messages';

/** The requests of the panel and those of them that the filter lets through, oldest first. */
export class RequestsModel {
  readonly #rows: RequestRow[] = [];
  #visible: RequestRow[] = [];
  #words: readonly string[] = [];
  #shown: Shown = 'all';

  get visible(): readonly RequestRow[] {
    return this.#visible;
  }

  /** Number of requests kept, shown or not. */
  get size(): number {
    return this.#rows.length;
  }

  reset(): void {
    this.#rows.length = 0;
    this.#visible = [];
  }

  /** Takes new rows and new versions of known ones. Gives the number of rows that were not visible before. */
  put(rows: readonly RequestRow[]): number {
    let added = 0;
    for (const row of rows) {
      place(this.#rows, row);
      const was = indexOf(this.#visible, row.id) >= 0;
      if (this.#matches(row)) place(this.#visible, row);
      else if (was) this.#visible.splice(indexOf(this.#visible, row.id), 1);
      if (!was && this.#matches(row)) added++;
    }
    return added;
  }

  /** Forgets requests below an id. Gives the number of visible rows that went. */
  forgetBelow(id: number): number {
    this.#rows.splice(0, atOrAfter(this.#rows, id));
    return this.#visible.splice(0, atOrAfter(this.#visible, id)).length;
  }

  /** Shows requests of a kind that contain every word (case does not matter). */
  filter(text: string, shown: Shown): void {
    this.#words = text.toLowerCase().split(/\s+/).filter(Boolean);
    this.#shown = shown;
    this.#visible = this.#rows.filter((row) => this.#matches(row));
  }

  /** Place among the visible rows; -1 where it is not. */
  indexOf(id: number): number {
    return indexOf(this.#visible, id);
  }

  #matches(row: RequestRow): boolean {
    if (this.#shown === 'programs' && !row.program) return false;
    if (this.#shown === 'failed' && !FAILED.has(row.tone)) return false;
    const text = `${row.method} ${row.url} ${row.status} ${row.rule} ${row.by}`.toLowerCase();
    return this.#words.every((word) => text.includes(word));
  }
}

const FAILED: ReadonlySet<RequestRow['tone']> = new Set(['client-error', 'server-error', 'cut']);

/** Rows are sorted by id, and nearly all come at the end. */
function place(rows: RequestRow[], row: RequestRow): void {
  const at = atOrAfter(rows, row.id);
  rows.splice(at, rows[at]?.id === row.id ? 1 : 0, row);
}

function indexOf(rows: readonly RequestRow[], id: number): number {
  const at = atOrAfter(rows, id);
  return rows[at]?.id === id ? at : -1;
}

function atOrAfter(rows: readonly RequestRow[], id: number): number {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((rows[middle]?.id ?? Infinity) < id) low = middle + 1;
    else high = middle;
  }
  return low;
}
