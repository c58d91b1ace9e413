import { made, textOf } from '../common/elements';
import type { LogRow } from './messages';

/** What the rows of a list are drawn with. */
export interface RowLook {
  /** Words of a time in seconds; empty for -1. */
  readonly clock: (seconds: number) => string;
  /** The first row that the reader has not seen; -1 where all are seen. */
  readonly unseenFrom: number;
  readonly unseen: string;
}

/** One line of the log as an element; text goes in as text only. */
export function drawRow(row: LogRow, selected: boolean, look: RowLook): HTMLElement {
  const element = made('div', `row ${row.kind} ${row.loudness}`);
  element.classList.toggle('selected', selected);
  element.setAttribute('aria-selected', String(selected));
  element.setAttribute('role', 'option');
  if (row.id === look.unseenFrom) {
    element.classList.add('unseen');
    element.dataset['unseen'] = look.unseen;
  }
  element.append(
    textOf('span', 'time', row.kind === 'raw' ? '' : look.clock(row.time)),
    textOf('span', 'origin', row.origin),
    // What cannot be seen need not be laid out.
    textOf('span', 'message', row.message.slice(0, 1000)),
  );
  return element;
}
