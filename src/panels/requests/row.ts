import { made, textOf } from '../common/elements';
import type { RequestRow } from './messages';

/** One request as an option of the list. */
export function drawRow(row: RequestRow, selected: boolean): HTMLElement {
  const element = made('div', `row request ${row.tone}`);
  element.classList.toggle('selected', selected);
  element.role = 'option';
  element.ariaSelected = String(selected);
  element.ariaLabel = row.label;
  element.title = `${row.method} ${row.url}`;
  element.append(
    textOf('span', 'time', row.time),
    textOf('span', 'method', row.method),
    textOf('span', 'status', row.status),
    textOf('span', 'url', row.url),
    textOf('span', 'rule', row.rule),
    textOf('span', 'by', row.by),
    textOf('span', 'duration', row.duration),
  );
  return element;
}
