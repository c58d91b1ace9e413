import type { Outcome } from '../apache/request/outcome';
import { textOfByteString } from '../text/bytes';
import { harmless, paint, type Paint } from './colours';
import { relativeTo } from './explainAnswer';
import {
  stepsByRequest,
  type LineOf,
  type NoteEvent,
  type RequestEvent,
  type RequestSteps,
  type RuleEvent,
} from '../apache/request/steps';
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
 * The way of a request for people: a heading per request of the chain, below it the rules with what they were compared
 * with; then what was set, and at the end who answers, in one sentence.
 */
export function explainText(
  outcome: Outcome,
  { title, treeRoot, colours, lineOf }: ExplainTextOptions,
): string {
  const colour = paint(colours);
  const requests = withLastUrl(stepsByRequest(outcome.trace, lineOf), outcome);
  const told = requests.filter(({ events, label }) => events.length > 0 || label.includes('redir#'));
  const blocks = told.map((request) => requestBlock(request, treeRoot, colour));
  const sentence = outcomeSentence(outcome, { treeRoot, lineOf });
  return [
    `${colour.bold(shown(title))}\n`,
    ...blocks,
    settings(outcome, colour),
    `\n${weightOf(outcome.status, colour)(shown(sentence))}\n`,
  ].join('');
}

/** An internal redirect that no rule asked for (ErrorDocument, DirectoryIndex) names no URL in the trace: the last one is known. */
function withLastUrl(
  requests: readonly RequestSteps[],
  { uri, redirects }: Outcome,
): readonly RequestSteps[] {
  return requests.map((request) =>
    request.url === undefined && request.label === `initial/redir#${redirects}`
      ? { ...request, url: uri }
      : request,
  );
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

function requestBlock({ label, url, events }: RequestSteps, treeRoot: string, colour: Paint): string {
  const head = colour.bold([requestWords(label), ...(url === undefined ? [] : [shown(url)])].join('  '));
  const rows = events.flatMap((event) => eventRows(event, treeRoot, colour));
  return `\n${head}\n${table(rows, colour)}`;
}

/** `initial/redir#1` in words. */
function requestWords(label: string): string {
  const redirect = /redir#(\d+)$/.exec(label)?.[1];
  if (label.startsWith('subreq')) return 'subrequest';
  return redirect === undefined ? 'first request' : `internal redirect ${redirect}`;
}

function eventRows(event: RequestEvent, treeRoot: string, colour: Paint): Row[] {
  return event.kind === 'rule' ? ruleRows(event, treeRoot, colour) : [noteRow(event, treeRoot)];
}

function ruleRows(rule: RuleEvent, treeRoot: string, colour: Paint): Row[] {
  const { matched, pattern, subject, conditions, effects } = rule;
  const result = matched === undefined ? '' : matched ? 'matches' : 'no match';
  const place = placeOf(rule, treeRoot);
  const style = matched === true ? colour.green : colour.dim;
  return [
    { place, name: 'RewriteRule', cells: [shown(pattern), quoted(subject), result], style },
    ...conditions.map(({ test, input, met }): Row => {
      const cells = [shown(test), quoted(input), met ? 'met' : 'not met'];
      return { place: '', name: 'RewriteCond', cells, style: met ? colour.green : colour.yellow };
    }),
    ...effects.map(({ name, text }): Row => ({ place: '', name, cells: [shown(text)], style: colour.cyan })),
  ];
}

function noteRow(note: NoteEvent, treeRoot: string): Row {
  return { place: placeOf(note, treeRoot), name: note.module, cells: [shown(note.text)] };
}

function placeOf({ file, line }: Pick<RuleEvent, 'file' | 'line'>, treeRoot: string): string {
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

/** In quotes, so that an empty value and blanks at its ends are seen. */
const quoted = (value: string): string => `'${shown(value)}'`;

/** A byte string as text that a terminal can show. */
function shown(value: string): string {
  return harmless(textOfByteString(value));
}
