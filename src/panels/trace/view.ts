import './trace.css';
import { made, textOf } from '../common/elements';
import type { TraceDetail, TracePart, TracePlace, TraceRow } from './messages';

/**
 * A trace as nested lists: requests, their rules, the conditions and effects of each. Every place is a link that opens its
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
  line.append(...subjectOf(row.subject));
  if (row.place !== undefined) line.append(placeLink(row.place, open));
  item.append(line);
  if (row.details.length > 0) item.append(drawDetails(row.details));
  return item;
}

function drawDetails(details: readonly TraceDetail[]): HTMLElement {
  const list = made('ul', 'trace-details');
  for (const { tone, name, text, subject } of details) {
    const item = made('li', tone);
    item.append(textOf('span', 'trace-name', name), textOf('code', 'trace-text', text));
    item.append(...subjectOf(subject));
    list.append(item);
  }
  return list;
}

/** What a pattern was compared with, in quotes, so that an empty one is seen. */
function subjectOf(subject: string | undefined): HTMLElement[] {
  return subject === undefined ? [] : [textOf('code', 'trace-subject', `"${subject}"`)];
}

/** A link to a line. It leads to no address, and its text breaks like any other: a span that behaves as a link. */
export function placeLink(place: TracePlace, open: (place: TracePlace) => void): HTMLElement {
  const link = textOf('span', 'place', place.label);
  link.role = 'link';
  link.tabIndex = 0;
  link.addEventListener('click', () => open(place));
  link.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter') return;
    event.stopPropagation();
    open(place);
  });
  return link;
}
