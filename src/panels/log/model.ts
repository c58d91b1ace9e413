import { LOUDNESS, type LogRow, type Loudness } from './messages';

/** The lines of the panel, bounded, and those of them that the filter lets through. Adding is linear in what is added. */
export class LogModel {
  #rows: LogRow[] = [];
  #visible: LogRow[] = [];
  #maximum: number;
  #needle = '';
  #loudest: number = LOUDNESS.length - 1;

  constructor(maximum: number) {
    this.#maximum = maximum;
  }

  /** Lines that the filter lets through, oldest first. */
  get visible(): readonly LogRow[] {
    return this.#visible;
  }

  /** Number of lines kept, shown or not. */
  get size(): number {
    return this.#rows.length;
  }

  /** Forgets everything and takes a new bound. */
  reset(maximum: number): void {
    this.#maximum = maximum;
    this.#rows = [];
    this.#visible = [];
  }

  /** Appends lines; the oldest go when there are too many. Gives the number of new lines that are visible. */
  append(rows: readonly LogRow[]): number {
    for (const row of rows) this.#rows.push(row);
    const shown = rows.filter((row) => this.#matches(row));
    for (const row of shown) this.#visible.push(row);
    this.#trim();
    return shown.length;
  }

  /** Shows lines that contain the text (case does not matter) and are at least this loud. */
  filter(text: string, quietest: Loudness): void {
    this.#needle = text.trim().toLowerCase();
    this.#loudest = LOUDNESS.indexOf(quietest);
    this.#visible = this.#rows.filter((row) => this.#matches(row));
  }

  /** Index among the visible lines of the first one that is not older than a line. */
  indexOf(id: number): number {
    let low = 0;
    let high = this.#visible.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#visible[middle]?.id ?? Infinity) < id) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #matches(row: LogRow): boolean {
    if (LOUDNESS.indexOf(row.loudness) > this.#loudest) return false;
    return this.#needle === '' || row.text.toLowerCase().includes(this.#needle);
  }

  #trim(): void {
    const surplus = this.#rows.length - this.#maximum;
    if (surplus <= 0) return;
    this.#rows.splice(0, surplus);
    const oldest = this.#rows[0]?.id ?? Infinity;
    this.#visible.splice(0, this.indexOf(oldest));
  }
}
