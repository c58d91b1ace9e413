import { rowsOf, type Rows } from './rows';

/** Height of a row in pixels; the style sheet says the same. */
export const ROW_HEIGHT = 22;

/** Rows drawn above and below what can be seen, so that scrolling shows no gaps. */
const OVERSCAN = 12;

/** Pixels from the end that still count as "at the end": zoom makes scroll positions fractional. */
const NEAR_END = 4;

/** What a list can hold. */
export interface Numbered {
  /** Unique and ascending. */
  readonly id: number;
}

export interface VirtualListEvents<Row extends Numbered> {
  readonly draw: (row: Row, selected: boolean) => HTMLElement;
  /** The reader came to the end or left it. */
  readonly onEnd: (atEnd: boolean) => void;
  readonly onSelect: (row: Row) => void;
}

/**
 * A list of equally high rows of which only the visible ones exist in the page. While it sticks to the end, new rows scroll it;
 * otherwise what the reader looks at stays where it is, also when the oldest rows go.
 */
export class VirtualList<Row extends Numbered> {
  readonly #scroller: HTMLElement;
  readonly #space: HTMLElement;
  readonly #events: VirtualListEvents<Row>;
  #rows: Rows<Row> = rowsOf<Row>([]);
  #first = 0;
  /** The stretch that could be seen when it was drawn last, in pixels. */
  #seenFrom = 0;
  #seenTo = 0;
  #selected: number | null = null;
  /** Where the keyboard is: the row that is selected, or was. */
  #at: number | null = null;
  #stick = true;
  #ownScroll = -1;

  constructor(scroller: HTMLElement, events: VirtualListEvents<Row>) {
    this.#scroller = scroller;
    this.#events = events;
    this.#space = document.createElement('div');
    this.#space.className = 'space';
    scroller.replaceChildren(this.#space);
    scroller.addEventListener('scroll', () => this.#onScroll(), { passive: true });
    new ResizeObserver(() => this.#onResize()).observe(scroller);
  }

  /** True while new rows scroll the list. */
  get sticks(): boolean {
    return this.#stick;
  }

  /** The row that is selected, if it is still there. */
  get selected(): Row | undefined {
    return this.#selected === null ? undefined : this.#rows.at(this.#rows.indexOf(this.#selected));
  }

  /** Id of the row at the top edge; null when there is none. */
  get topRow(): number | null {
    return this.#rows.at(Math.floor(this.#scroller.scrollTop / ROW_HEIGHT))?.id ?? null;
  }

  /** Shows these rows. Rows that went from the front do not move what is being read. */
  show(rows: readonly Row[] | Rows<Row>, goneFromFront: number): void {
    this.#rows = isArray(rows) ? rowsOf(rows) : rows;
    this.#space.style.height = `${rows.length * ROW_HEIGHT}px`;
    if (this.#stick) this.#scrollTo(this.#scroller.scrollHeight);
    else if (goneFromFront > 0) this.#scrollTo(this.#scroller.scrollTop - goneFromFront * ROW_HEIGHT);
    this.#draw();
  }

  /** Sticks to the end, or stays. */
  stick(on: boolean): void {
    this.#stick = on;
    if (!on) return;
    this.#scrollTo(this.#scroller.scrollHeight);
    this.#draw();
  }

  /** The selected line stays in view, as when its details open below; else the list stays where it was. */
  #onResize(): void {
    const index = this.#selectedIndex;
    const top = index * ROW_HEIGHT;
    const wasSeen = top + ROW_HEIGHT > this.#seenFrom && top < this.#seenTo;
    if (this.#stick) this.#scrollTo(this.#scroller.scrollHeight);
    if (index >= 0 && wasSeen) this.#reveal(index);
    this.#draw();
  }

  get #selectedIndex(): number {
    return this.#selected === null ? -1 : this.#rows.indexOf(this.#selected);
  }

  /** Brings a row to the top edge. */
  revealAtTop(index: number): void {
    this.#scrollTo(index * ROW_HEIGHT);
    this.#draw();
  }

  /** Brings the selected row into view, where it is among those that are shown. */
  revealSelected(): void {
    const index = this.#selectedIndex;
    if (index < 0) return;
    this.#reveal(index);
    this.#draw();
  }

  /** Selects a row, brings it into view, and puts the keyboard on it, unless the reader is elsewhere. */
  select(index: number): void {
    const place = Math.max(0, Math.min(index, this.#rows.length - 1));
    const row = this.#rows.at(place);
    if (row === undefined) return;
    this.#selected = this.#at = row.id;
    this.#reveal(place);
    this.#draw();
    const drawn = this.#space.querySelector<HTMLElement>(`[data-id="${row.id}"]`);
    if (document.hasFocus()) drawn?.focus({ preventScroll: true });
    this.#events.onSelect(row);
  }

  /** Moves the selection by rows, from where it is or was; the first move selects the last row that can be seen. */
  move(by: number): void {
    const current = this.#at === null ? -1 : this.#rows.indexOf(this.#at);
    const bottom = Math.floor((this.#scroller.scrollTop + this.#scroller.clientHeight) / ROW_HEIGHT) - 1;
    this.select(current < 0 ? bottom : current + by);
  }

  /** Rows in one screen. */
  get page(): number {
    return Math.max(1, Math.floor(this.#scroller.clientHeight / ROW_HEIGHT) - 1);
  }

  /** Gives up the selection; the keyboard stays where it was, and comes back there if it was elsewhere. */
  unselect(): void {
    this.#selected = null;
    this.#draw();
    this.#keepFocus();
  }

  #reveal(index: number): void {
    const top = index * ROW_HEIGHT;
    const { scrollTop, clientHeight } = this.#scroller;
    if (top < scrollTop) this.#scrollTo(top);
    else if (top + ROW_HEIGHT > scrollTop + clientHeight) this.#scrollTo(top + ROW_HEIGHT - clientHeight);
    this.#setStick(this.#isAtEnd());
  }

  #scrollTo(top: number): void {
    this.#scroller.scrollTop = Math.max(0, top);
    this.#ownScroll = this.#scroller.scrollTop;
  }

  /** Only the reader's own scrolling decides whether the list sticks. */
  #onScroll(): void {
    if (Math.abs(this.#scroller.scrollTop - this.#ownScroll) > 1) this.#setStick(this.#isAtEnd());
    this.#ownScroll = -1;
    this.#draw();
  }

  #setStick(on: boolean): void {
    if (on === this.#stick) return;
    this.#stick = on;
    this.#events.onEnd(on);
  }

  #isAtEnd(): boolean {
    const { scrollTop, clientHeight, scrollHeight } = this.#scroller;
    return scrollTop + clientHeight >= scrollHeight - NEAR_END;
  }

  #draw(): void {
    const { scrollTop, clientHeight } = this.#scroller;
    this.#seenFrom = scrollTop;
    this.#seenTo = scrollTop + clientHeight;
    this.#first = Math.max(0, Math.floor(scrollTop / ROW_HEIGHT) - OVERSCAN);
    const end = Math.min(this.#rows.length, Math.ceil((scrollTop + clientHeight) / ROW_HEIGHT) + OVERSCAN);
    const focused = this.#space.contains(document.activeElement);
    const drawn: HTMLElement[] = [];
    for (let at = this.#first; at < end; at++) {
      const row = this.#rows.at(at);
      if (row !== undefined) drawn.push(this.#place(row, at));
    }
    this.#space.replaceChildren(...drawn);
    if (focused) this.#keepFocus();
  }

  #place(row: Row, index: number): HTMLElement {
    const selected = row.id === this.#selected;
    const element = this.#events.draw(row, selected);
    element.dataset['id'] = String(row.id);
    element.tabIndex = row.id === this.#at ? 0 : -1;
    element.style.top = `${index * ROW_HEIGHT}px`;
    element.addEventListener('click', () => this.select(index));
    return element;
  }

  #keepFocus(): void {
    const own = this.#space.querySelector<HTMLElement>(`[data-id="${this.#at ?? ''}"]`);
    (own ?? this.#scroller).focus({ preventScroll: true });
  }
}

function isArray<Row>(rows: readonly Row[] | Rows<Row>): rows is readonly Row[] {
  return Array.isArray(rows);
}
