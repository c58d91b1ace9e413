import type { Outcome } from '../apache/request/outcome';
import type { LineOf } from '../apache/request/steps';
import { textOfByteString } from '../text/bytes';
import { harmless, paint, type Paint } from './colours';
import { relativeTo } from './explainAnswer';
import { rowsByRequest, type RequestRows, type StepRow } from './explainRows';
import { outcomeSentence } from './outcomeSentence';

/** What the report needs beside the outcome. */
export interface ExplainTextOptions {
  /** The request line as asked: `GET /a?b`. */
  readonly title: string;
  readonly treeRoot: string;
  readonly colours: boolean;
  readonly lineOf: LineOf;
}

/**
 * The way of a request for people: a heading per request of the chain, below it each line of a .htaccess that had a say,
 * with what it was compared with; then what was set, and at the end who answers, in one sentence.
 */
export function explainText(
  outcome: Outcome,
  { title, treeRoot, colours, lineOf }: ExplainTextOptions,
): string {
  const colour = paint(colours);
  const told = rowsByRequest(outcome.trace, treeRoot).filter(saysSomething);
  const blocks = told.map((request) => requestBlock(request, treeRoot, colour));
  const sentence = outcomeSentence(outcome, { treeRoot, lineOf });
  return [
    `${colour.bold(shown(title))}\n`,
    ...blocks,
    settings(outcome, colour),
    ...unknown(outcome, treeRoot, colour),
    `\n${weightOf(outcome.status, colour)(shown(sentence))}\n`,
  ].join('');
}

/** A look-up that no line of a .htaccess had to do with is left out. */
function saysSomething({ label, rows }: RequestRows): boolean {
  return !label.startsWith('subreq') || rows.some(({ file }) => file !== undefined);
}

function weightOf(status: number, colour: Paint): (text: string) => string {
  return status >= 400 ? colour.red : status >= 300 ? colour.yellow : colour.green;
}

/** Beyond this width a cell pushes the next one away instead of widening the column for all. */
const WIDEST = 44;

interface Row {
  readonly place: string;
  readonly name: string;
  /** The last cell of a row is not padded. */
  readonly cells: readonly string[];
  readonly style?: (text: string) => string;
}

function requestBlock({ label, target, reason, rows }: RequestRows, treeRoot: string, colour: Paint): string {
  const head = `${colour.bold(`${requestWords(label)}  ${shown(target)}`)}  ${colour.dim(shown(reason))}`;
  return `\n${head}\n${table(withShortPlaces(rows, treeRoot).map(styled(colour)), colour)}`;
}

/** `initial/redir#1` in words. */
function requestWords(label: string): string {
  const redirect = /redir#(\d+)$/.exec(label)?.[1];
  if (label.startsWith('subreq')) return 'subrequest';
  return redirect === undefined ? 'first request' : `internal redirect ${redirect}`;
}

type PlacedRow = StepRow & { readonly place: string };

function withShortPlaces(rows: readonly StepRow[], treeRoot: string): readonly PlacedRow[] {
  return rows.map((row) => ({ ...row, place: placeOf(row, treeRoot) }));
}

const styled =
  (colour: Paint) =>
  ({ place, name, cells, tone }: PlacedRow): Row => ({
    place,
    name,
    cells: cells.map(shown),
    style: styles(colour)[tone],
  });

function styles(colour: Paint): Readonly<Record<StepRow['tone'], (text: string) => string>> {
  return {
    good: colour.green,
    unmet: colour.yellow,
    effect: colour.cyan,
    dim: colour.dim,
    bad: colour.red,
    plain,
  };
}

function placeOf({ file, line }: StepRow, treeRoot: string): string {
  const path = file === undefined ? '' : shown(relativeTo(treeRoot, file, false));
  if (line === undefined) return path;
  return path === '' ? `line ${line}` : `${path}:${line}`;
}

/** Aligned columns: place, name, then cells; the last cell of a row carries the result and its colour. */
function table(rows: readonly Row[], colour: Paint): string {
  const width = (of: (row: Row) => string): number =>
    Math.max(0, ...rows.map((row) => of(row).length).filter((length) => length <= WIDEST));
  const place = width((row) => row.place);
  const name = width((row) => row.name);
  const cells = [0, 1].map((at) => width(({ cells }) => (at < cells.length - 1 ? (cells[at] ?? '') : '')));
  const lines = rows.map((row) => {
    const padded = row.cells.map((cell, at) =>
      at < row.cells.length - 1 ? cell.padEnd(cells[at] ?? 0) : cell,
    );
    const last = padded.pop() ?? '';
    const text = [...padded, (row.style ?? plain)(last)].join('  ');
    const start = place === 0 ? '' : `${colour.cyan(row.place.padEnd(place))}  `;
    return `  ${start}${colour.dim(row.name.padEnd(name))}  ${text}`;
  });
  return lines.map((line) => `${line.trimEnd()}\n`).join('');
}

const plain = (text: string): string => text;

/** What directives and redirects set, and what the error log would say. */
function settings({ env, headers, status }: Outcome, colour: Paint): string {
  const rows: Row[] = [
    row('status', String(status)),
    ...Object.entries(env).map(([name, value]) => row('variable', `${name}=${value}`)),
    ...headers.map(([name, value]) => row('header', `${name}: ${value}`)),
  ];
  return `\n${colour.bold('result')}\n${table(rows, colour)}`;
}

const row = (name: string, text: string): Row => ({ place: '', name, cells: [shown(text)] });

/** What the sentence at the end is not certain for. */
function unknown({ unknown: uses = [] }: Outcome, treeRoot: string, colour: Paint): readonly string[] {
  return uses.map(({ directive, origin, reason }) => {
    if (origin.file === undefined) return `\n${colour.yellow(`not certain: ${shown(reason)}.`)}\n`;
    const place = placeOf({ ...origin, name: '', cells: [], tone: 'unmet' }, treeRoot);
    return `\n${colour.yellow(`not certain: ${place} has ${shown(directive)}; ${shown(reason)}.`)}\n`;
  });
}

/** What is longer is of no use to a reader, and scrolls the rest away; `--format json` has it whole. */
const LONGEST = 400;
const HEAD = 300;
const TAIL = 60;

/** A byte string as text that a terminal can show; of a very long one the beginning and the end. */
function shown(value: string): string {
  const text = harmless(textOfByteString(value));
  if (text.length <= LONGEST) return text;
  return `${text.slice(0, HEAD)}…(${text.length - HEAD - TAIL} more)…${text.slice(-TAIL)}`;
}
