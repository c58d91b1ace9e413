import { buttonOf, element } from '../common/elements';
import { VirtualList } from '../common/virtualList';
import type { Clock } from './clock';
import { DetailView } from './detail';
import type { LogFilter } from './filter';
import type { LogRow, PanelTexts, RowBatch, RowExplanation } from './messages';
import { LogModel } from './model';
import { drawRow } from './row';

export interface LinesEvents {
  readonly onFollow: (follow: boolean) => void;
  readonly onSelect: (row: LogRow) => void;
  readonly onOnly: (words: string) => void;
  readonly onScroll: () => void;
}

/** The list of all lines, with the details of one. */
export class Lines {
  readonly model = new LogModel(1000);
  readonly #texts: PanelTexts;
  readonly #clock: Clock;
  readonly #events: LinesEvents;
  readonly #log = element('log', HTMLElement);
  readonly #newer = element('newer', HTMLButtonElement);
  readonly #detail: DetailView;
  readonly #list: VirtualList<LogRow>;
  #unseenFrom = -1;
  #unread = 0;
  #pendingTop: number | null = null;

  constructor(of: { texts: PanelTexts; clock: Clock; events: LinesEvents }) {
    this.#texts = of.texts;
    this.#clock = of.clock;
    this.#events = of.events;
    this.#detail = new DetailView(element('detail', HTMLElement), of.texts, {
      onClose: () => this.closeDetail(),
      onOnly: of.events.onOnly,
    });
    this.#list = new VirtualList<LogRow>(this.#log, {
      draw: (row, selected) => drawRow(row, selected, this.#look()),
      onEnd: (atEnd) => this.#report(atEnd),
      onSelect: (row) => {
        this.#detail.show(row);
        of.events.onSelect(row);
      },
    });
    this.#log.addEventListener('keydown', (event) => this.#onKey(event));
    this.#log.addEventListener('scroll', of.events.onScroll, { passive: true });
    this.#newer.addEventListener('click', () => this.follow(true));
  }

  get sticks(): boolean {
    return this.#list.sticks;
  }

  get topRow(): number | null {
    return this.#list.sticks ? null : this.#list.topRow;
  }

  /** What the panel was like before it was hidden. */
  restore(follow: boolean, topRow: number | null): void {
    this.#list.stick(follow);
    this.#pendingTop = topRow;
  }

  reset(maximumLines: number, seenUpTo: number): void {
    this.model.reset(maximumLines);
    this.#unseenFrom = seenUpTo + 1;
    this.#unread = 0;
    this.closeDetail();
    this.#show(0);
  }

  append(batch: RowBatch): void {
    const { added, gone } = this.model.append(batch);
    if (!this.#list.sticks) this.#unread += added;
    this.#show(gone);
    this.#restorePlace();
  }

  /** Gives false where the pattern is none. What was at the top stays there. */
  filter(filter: LogFilter): boolean {
    const top = this.#list.topRow;
    const fine = this.model.filter(filter);
    this.#show(0);
    if (!this.#list.sticks && top !== null) this.#list.revealAtTop(this.model.indexOf(top));
    return fine;
  }

  explain(id: number, explanation: RowExplanation | null): void {
    this.#detail.explain(id, explanation);
  }

  /** Shows a line among the others, and its details. */
  reveal(id: number): void {
    this.follow(false);
    this.#list.select(this.model.indexOf(id));
  }

  follow(follow: boolean): void {
    if (follow !== this.#list.sticks) this.#list.stick(follow);
    this.#report(follow);
  }

  move(by: number): void {
    this.#list.move(by);
  }

  /** Times are shown otherwise. */
  redraw(): void {
    this.#show(0);
  }

  closeDetail(): void {
    if (!this.#detail.hide()) return;
    this.#list.unselect();
  }

  #look() {
    return {
      clock: (seconds: number) => this.#clock.time(seconds),
      unseenFrom: this.#unseenFrom,
      unseen: this.#texts.unseen,
    };
  }

  #show(goneFromFront: number): void {
    this.#list.show(this.model.visible, goneFromFront);
    this.#showNewer();
  }

  /** After the panel was hidden: back to the line that was at the top. */
  #restorePlace(): void {
    if (this.#pendingTop === null || this.#list.sticks) return;
    const index = this.model.indexOf(this.#pendingTop);
    if (index >= this.model.visible.length) return;
    this.#list.revealAtTop(index);
    this.#pendingTop = null;
    this.#unread = 0;
    this.#showNewer();
  }

  #showNewer(): void {
    this.#newer.hidden = this.#list.sticks || this.model.visible.length === 0;
    const { newest, newLines } = this.#texts;
    this.#newer.textContent = this.#unread === 0 ? newest : newLines.replace('{0}', String(this.#unread));
  }

  #report(follow: boolean): void {
    if (follow) this.#unread = 0;
    this.#showNewer();
    this.#events.onFollow(follow);
  }

  #onKey(event: KeyboardEvent): void {
    if (event.key === 'Escape') this.closeDetail();
    else if (event.key === 'c' && (event.ctrlKey || event.metaKey)) this.#copySelected();
    else if (!this.#moveBy(event.key)) return;
    event.preventDefault();
  }

  #moveBy(key: string): boolean {
    if (key === 'ArrowDown') this.#list.move(1);
    else if (key === 'ArrowUp') this.#list.move(-1);
    else if (key === 'PageDown') this.#list.move(this.#list.page);
    else if (key === 'PageUp') this.#list.move(-this.#list.page);
    else if (key === 'Enter') this.#list.move(0);
    else if (key === 'Home') this.#list.select(0);
    else if (key === 'End') this.#toEnd();
    else return false;
    return true;
  }

  #toEnd(): void {
    this.follow(true);
    this.#list.select(this.model.visible.length - 1);
  }

  /** A text that the reader marked with the mouse goes before the selected line. */
  #copySelected(): void {
    const marked = getSelection()?.toString() ?? '';
    const text = marked === '' ? this.#list.selected?.text : marked;
    if (text !== undefined) void navigator.clipboard.writeText(text);
  }
}

/** A strip or a page with a message and buttons. */
export function messageButtons(
  actions: readonly { label: string; command: string }[],
  run: (command: string) => void,
  primary: boolean,
): HTMLElement[] {
  return actions.map(({ label, command }, at) =>
    buttonOf(label, () => run(command), primary && at === 0 ? '' : 'secondary'),
  );
}
