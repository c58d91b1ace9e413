import type { Outcome, TraceStep } from '../apache/request/outcome';
import { textOfByteString } from '../text/bytes';
import { harmless, paint, type Paint } from './colours';
import { relativeTo } from './explainAnswer';

/** What the report needs beside the outcome. */
export interface ExplainTextOptions {
  /** The request line as asked: `GET /a?b`. */
  readonly title: string;
  readonly treeRoot: string;
  readonly colours: boolean;
}

/** The way of a request in words: who answers, what was set, and each step with file and line. */
export function explainText(outcome: Outcome, { title, treeRoot, colours }: ExplainTextOptions): string {
  const colour = paint(colours);
  const rows = [...answerRows(outcome, treeRoot, colour), ...settingRows(outcome)];
  const width = Math.max(...rows.map(([name]) => name.length));
  const table = rows.map(
    ([name, value, style = plain]) => `  ${colour.dim(name.padEnd(width))}  ${style(shown(value))}`,
  );
  return `${colour.bold(shown(title))}\n${table.join('\n')}\n${steps(outcome.trace, treeRoot, colour)}`;
}

type Row = readonly [name: string, value: string, style?: (text: string) => string];

const plain = (text: string): string => text;

function answerRows(outcome: Outcome, treeRoot: string, colour: Paint): Row[] {
  const { answer, status } = outcome;
  const weight = status >= 400 ? colour.red : status >= 300 ? colour.yellow : colour.green;
  const rows: Row[] = [['status', String(status), weight]];
  if (outcome.location !== null) rows.push(['location', outcome.location]);
  if ('file' in answer) rows.push(['answered by', answeredBy(answer, treeRoot)]);
  if (answer.kind === 'file' && answer.contentType !== null) rows.push(['content type', answer.contentType]);
  if (answer.kind === 'handler' && outcome.pathInfo !== null) rows.push(['path info', outcome.pathInfo]);
  if ('file' in answer && outcome.query) rows.push(['query', outcome.query]);
  if (outcome.redirects > 0) rows.push(['internal redirects', String(outcome.redirects)]);
  if (outcome.logMessage !== null) rows.push(['error log', outcome.logMessage]);
  return rows;
}

function answeredBy(answer: Extract<Outcome['answer'], { file: string }>, treeRoot: string): string {
  const file = relativeTo(treeRoot, answer.file, answer.kind === 'listing');
  if (answer.kind === 'handler') return `${file} (${answer.handler})`;
  return answer.kind === 'listing' ? `${file === '/' ? './' : file} (listing of the folder)` : file;
}

function settingRows({ env, headers }: Outcome): Row[] {
  const variables = Object.entries(env).map(([name, value]): Row => ['variable', `${name}=${value}`]);
  return [...variables, ...headers.map(([name, value]): Row => ['header', `${name}: ${value}`])];
}

/** The trace as a table: place, module, text; a place is written once for steps that share it, a new request of the chain is announced. */
function steps(trace: readonly TraceStep[], treeRoot: string, colour: Paint): string {
  if (trace.length === 0) return '';
  const places = trace.map(({ file, line }) => (file === undefined ? '' : place(file, line, treeRoot)));
  const placeWidth = Math.max(...places.map((one) => one.length));
  const moduleWidth = Math.max(...trace.map((step) => step.module.length));
  const lines = trace.flatMap(({ module, text, request = 'initial' }, index) => {
    const isSame = request === (trace[index - 1]?.request ?? 'initial');
    const at = isSame && places[index] === places[index - 1] ? '' : (places[index] ?? '');
    const line = `  ${colour.cyan(at.padEnd(placeWidth))}  ${colour.dim(module.padEnd(moduleWidth))}  ${shown(text)}`;
    return isSame ? [line] : [colour.bold(requestWords(request)), line];
  });
  return `\n${lines.join('\n')}\n`;
}

/** `initial/redir#1` in words. */
function requestWords(request: string): string {
  const redirect = /redir#(\d+)$/.exec(request)?.[1];
  if (redirect !== undefined) return `internal redirect ${redirect}`;
  return request.startsWith('subreq') ? 'subrequest' : 'back in the first request';
}

function place(file: string, line: number | undefined, treeRoot: string): string {
  const below = shown(relativeTo(treeRoot, file, false));
  return line === undefined ? below : `${below}:${line}`;
}

/** A byte string as text that a terminal can show. */
function shown(value: string): string {
  return harmless(textOfByteString(value));
}
