import './trace.css';
import { made, textOf } from '../common/elements';
import type { TraceDetail, TracePart, TracePlace, TraceRow } from './messages';

/** What a trace is drawn with. */
export interface TraceOptions {
  /** What it is called for those who hear it. */
  readonly label: string;
  readonly open: (place: TracePlace) => void;
}

/** Every step opens its line, one without a line of its own that of the rule to which it belongs. */
const places = new WeakMap<HTMLElement, TracePlace>();

/**
 * A trace as a tree: requests with the .htaccess files that are read for them, their rules, the conditions and effects of
 * each. It is one stop of Tab; arrows, Home and End walk its steps, Enter opens a step's line. Every place is a link besides.
 */
export function drawTrace(parts: readonly TracePart[], options: TraceOptions): HTMLElement {
  const root = made('div', 'trace');
  root.role = 'tree';
  root.ariaLabel = options.label;
  root.append(...parts.map((part) => drawPart(part, options)));
  const [first] = stepsIn(root);
  if (first) first.tabIndex = 0;
  root.addEventListener('keydown', (event) => onKey(event, root, options));
  root.addEventListener('focusin', ({ target }) => makeStop(root, target));
  return root;
}

/** Which step of a trace has the focus; -1 where none has. */
export function focusedStep(around: HTMLElement): number {
  return stepsIn(around).findIndex((step) => step === document.activeElement);
}

/** Gives the focus to a step, to the last one where there are fewer now. */
export function focusStep(around: HTMLElement, at: number): void {
  const steps = stepsIn(around);
  steps[Math.min(at, steps.length - 1)]?.focus();
}

function drawPart({ heading, files, rows }: TracePart, options: TraceOptions): HTMLElement {
  const section = made('section', 'trace-part');
  section.role = 'none';
  const title = step(textOf('h3', 'trace-heading', heading), 1, files[0]);
  const list = made('ol', 'trace-rows');
  list.role = 'group';
  list.append(...rows.map((row) => drawRow(row, options)));
  section.append(title, ...drawFiles(files, options), list);
  return section;
}

/** The chain of .htaccess files: `.htaccess › project/.htaccess`. */
function drawFiles(files: readonly TracePlace[], options: TraceOptions): HTMLElement[] {
  return files.map((place, at) => {
    const item = made('span', at === 0 ? 'trace-file first' : 'trace-file');
    item.append(placeLink({ ...place, label: place.label.replace(/:1$/, '') }, options.open, false));
    return step(item, 2, place);
  });
}

function drawRow(row: TraceRow, options: TraceOptions): HTMLElement {
  const item = made('li', `trace-row ${row.tone}`);
  const line = made('div', 'trace-line');
  line.append(textOf('span', 'trace-tag', row.tag), textOf('code', 'trace-title', row.title));
  line.append(...subjectOf(row.subject), ...linkOf(row.place, options));
  item.append(line);
  item.ariaLabel = spoken([row.tag, row.title, inQuotes(row.subject), row.place?.label]);
  if (row.details.length > 0) item.append(drawDetails(row, options));
  return step(item, 2, row.place);
}

function drawDetails({ details, place }: TraceRow, options: TraceOptions): HTMLElement {
  const list = made('ul', 'trace-details');
  list.role = 'group';
  for (const detail of details) list.append(drawDetail(detail, place, options));
  return list;
}

function drawDetail(detail: TraceDetail, rule: TracePlace | undefined, options: TraceOptions): HTMLElement {
  const { tone, name, text, subject, place } = detail;
  const item = made('li', tone);
  item.append(textOf('span', 'trace-name', name), textOf('code', 'trace-text', text));
  item.append(...subjectOf(subject), ...linkOf(place, options));
  item.ariaLabel = spoken([name, text, inQuotes(subject), place?.label]);
  return step(item, 3, place ?? rule);
}

/** Makes an element one that can be walked to. */
function step<Kind extends HTMLElement>(item: Kind, level: number, place: TracePlace | undefined): Kind {
  item.role = 'treeitem';
  item.ariaLevel = String(level);
  item.tabIndex = -1;
  item.dataset['step'] = '';
  if (place !== undefined) places.set(item, place);
  return item;
}

const stepsIn = (around: HTMLElement): HTMLElement[] => [
  ...around.querySelectorAll<HTMLElement>('[data-step]'),
];

function makeStop(root: HTMLElement, target: EventTarget | null): void {
  for (const one of stepsIn(root)) one.tabIndex = one === target ? 0 : -1;
}

function onKey(event: KeyboardEvent, root: HTMLElement, { open }: TraceOptions): void {
  const steps = stepsIn(root);
  const at = steps.findIndex((one) => one === event.target);
  const here = steps[at];
  if (here === undefined) return;
  const place = places.get(here);
  if (event.key === 'Enter' && place !== undefined) open(place);
  const next = neighbour(steps, at, event.key);
  next?.focus();
  if (next === undefined && event.key !== 'Enter') return;
  event.preventDefault();
  event.stopPropagation();
}

/** Where a key leads: to the step before or behind, to the first or last, to what a step belongs to or what belongs to it. */
function neighbour(steps: readonly HTMLElement[], at: number, key: string): HTMLElement | undefined {
  const level = (one: HTMLElement | undefined): number => Number(one?.ariaLevel ?? 0);
  const here = level(steps[at]);
  switch (key) {
    case 'ArrowDown':
      return steps[at + 1];
    case 'ArrowUp':
      return steps[at - 1];
    case 'Home':
      return steps[0];
    case 'End':
      return steps.at(-1);
    case 'ArrowRight':
      return level(steps[at + 1]) > here ? steps[at + 1] : undefined;
    case 'ArrowLeft':
      return steps.slice(0, at).findLast((one) => level(one) < here);
    default:
      return undefined;
  }
}

const inQuotes = (text: string | undefined): string | undefined =>
  text === undefined ? undefined : `"${text}"`;

const spoken = (parts: readonly (string | undefined)[]): string =>
  parts.filter((part) => part !== undefined && part !== '').join(', ');

/** What a pattern was compared with, in quotes, so that an empty one is seen. */
function subjectOf(subject: string | undefined): HTMLElement[] {
  return subject === undefined ? [] : [textOf('code', 'trace-subject', `"${subject}"`)];
}

function linkOf(place: TracePlace | undefined, { open }: TraceOptions): HTMLElement[] {
  return place === undefined ? [] : [placeLink(place, open, false)];
}

/**
 * A link to a line. It leads to no address, and its text breaks like any other: a span that behaves as a link. Where a step
 * around it is a stop already, Tab need not stop at the link, too.
 */
export function placeLink(place: TracePlace, open: (place: TracePlace) => void, isStop = true): HTMLElement {
  const link = textOf('span', 'place', place.label);
  link.role = 'link';
  if (isStop) link.tabIndex = 0;
  link.addEventListener('click', () => open(place));
  link.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter') return;
    event.stopPropagation();
    open(place);
  });
  return link;
}
