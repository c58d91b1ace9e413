import './trace.css';
import { made, textOf } from '../common/elements';
import type { TraceDetail, TracePart, TracePlace, TraceRow } from './messages';

/**
 * A trace as nested lists: requests, their rules, the conditions and effects of each. Every place is a button that opens its
 * line, so that it can be read and walked with the keyboard and by a screen reader.
 */
export function drawTrace(parts: readonly TracePart[], open: (place: TracePlace) => void): HTMLElement {
  const root = made('div', 'trace');
  root.append(...parts.map((part) => drawPart(part, open)));
  return root;
}

function drawPart({ heading, rows }: TracePart, open: (place: TracePlace) => void): HTMLElement {
  const section = made('section', 'trace-part');
  const list = made('ol', 'trace-rows');
  list.append(...rows.map((row) => drawRow(row, open)));
  section.append(textOf('h3', 'trace-heading', heading), list);
  return section;
}

function drawRow(row: TraceRow, open: (place: TracePlace) => void): HTMLElement {
  const item = made('li', `trace-row ${row.tone}`);
  const line = made('div', 'trace-line');
  line.append(textOf('span', 'trace-tag', row.tag), textOf('code', 'trace-title', row.title));
  if (row.place !== undefined) line.append(placeButton(row.place, open));
  item.append(line);
  if (row.details.length > 0) item.append(drawDetails(row.details));
  return item;
}

function drawDetails(details: readonly TraceDetail[]): HTMLElement {
  const list = made('ul', 'trace-details');
  for (const { tone, name, text } of details) {
    const item = made('li', tone);
    item.append(textOf('span', 'trace-name', name), textOf('code', 'trace-text', text));
    list.append(item);
  }
  return list;
}

/** A link to a line; a button, because it leads to no address. */
export function placeButton(place: TracePlace, open: (place: TracePlace) => void): HTMLButtonElement {
  const button = document.createElement('button');
  button.className = 'place';
  button.textContent = place.label;
  button.addEventListener('click', () => open(place));
  return button;
}
