import type { Change, TraceEvent, TraceStep } from '../apache/request/trace';
import { relativeTo } from './explainAnswer';

/** What happened in one request of the chain, or in one subrequest. Texts are byte strings. */
export interface RequestRows {
  /** As mod_rewrite's log names it: `initial`, `initial/redir#1`, `subreq`. */
  readonly label: string;
  /** URL, or file of a subrequest for one. */
  readonly target: string;
  /** Why it began. */
  readonly reason: string;
  readonly rows: readonly StepRow[];
}

/** One line of the report: where, what, and what came of it. */
export interface StepRow {
  readonly file?: string | undefined;
  readonly line?: number | undefined;
  readonly name: string;
  /** The last one carries the tone. */
  readonly cells: readonly string[];
  readonly tone: 'good' | 'unmet' | 'effect' | 'dim' | 'bad' | 'plain';
}

/** The trace of an outcome, by requests. A subrequest interrupts the request that asked for it, which then goes on where it was. */
export function rowsByRequest(trace: readonly TraceStep[], treeRoot: string): readonly RequestRows[] {
  const byId = new Map<number, TraceStep[]>();
  for (const step of trace) {
    const id = step.requestId ?? 0;
    const known = byId.get(id);
    if (known === undefined) byId.set(id, [step]);
    else known.push(step);
  }
  return Array.from(byId.values(), (steps) => requestRows(steps, treeRoot));
}

function requestRows(steps: readonly TraceStep[], treeRoot: string): RequestRows {
  const begun = steps.find(({ event }) => event?.result === 'begun');
  const target = begun?.event?.changes?.[0];
  const rows = steps.flatMap((step) => rowsOf(step, treeRoot));
  return {
    label: begun?.request ?? steps[0]?.request ?? '',
    target: target?.what === 'file' ? relativeTo(treeRoot, target.after ?? '', false) : (target?.after ?? ''),
    reason: begun?.event?.reason ?? '',
    rows: withoutUnreached(rows),
  };
}

/** Rules that are not reached become one line: they say the same. */
function withoutUnreached(rows: readonly StepRow[]): readonly StepRow[] {
  return rows.filter((row, at) => row.cells[1] !== UNREACHED || rows[at - 1]?.cells[1] !== UNREACHED);
}

const UNREACHED = 'is not reached, nor are the rules behind it';

function rowsOf(step: TraceStep, treeRoot: string): readonly StepRow[] {
  const { event, file, line, text, level } = step;
  if (event === undefined)
    return level === undefined ? [{ file, line, name: 'log', cells: [text], tone: 'plain' }] : [];
  if (event.directive === undefined) return plainRows(step, event, treeRoot);
  const isOfServer = file === undefined && event.result === 'matched';
  return isOfServer ? [] : directiveRows({ ...event, directive: event.directive }, { file, line, treeRoot });
}

/** What no directive does: the file that was found, what rules of a folder came to together, and errors. */
function plainRows(step: TraceStep, event: TraceEvent, treeRoot: string): readonly StepRow[] {
  const { file, line, text, module } = step;
  if (event.result === 'refused')
    return [{ file, line, name: 'refused', cells: [event.reason ?? text], tone: 'bad' }];
  if (event.result === 'skipped')
    return [{ file, line, name: 'ignored', cells: [event.reason ?? text], tone: 'dim' }];
  if (event.result !== 'applied') return [];
  const changes = event.changes ?? [];
  if (module === 'core') return [fileRow(event, treeRoot)];
  if (module === 'http_core') return [{ name: 'condition', cells: [event.reason ?? text], tone: 'effect' }];
  return changes
    .filter(({ what }) => what !== 'status' && what !== 'uri')
    .map((change) => changeRow(change, treeRoot));
}

function fileRow({ changes = [], reason }: TraceEvent, treeRoot: string): StepRow {
  const [found, pathInfo] = changes;
  const path = relativeTo(treeRoot, found?.after ?? '', false);
  const behind = pathInfo === undefined ? '' : `, and ${pathInfo.after ?? ''} behind it`;
  return {
    name: 'file',
    cells: [`${path === '' ? './' : path}${behind}${reason === undefined ? '' : `: ${reason}`}`],
    tone: 'plain',
  };
}

interface Place {
  readonly file: string | undefined;
  readonly line: number | undefined;
  readonly treeRoot: string;
}

type DirectiveEvent = TraceEvent & { readonly directive: string };

function directiveRows(event: DirectiveEvent, { file, line, treeRoot }: Place): readonly StepRow[] {
  const isRule = event.directive === 'RewriteRule' || event.directive === 'RewriteCond';
  const effects = (event.changes ?? []).map((change) => changeRow(change, treeRoot));
  if ((isRule || event.directive.startsWith('Redirect')) && event.result === 'applied') return effects;
  // The condition that is not met stands above already.
  if (event.directive === 'RewriteRule' && event.reason === 'a condition is not met') return [];
  const cells = isRule ? comparedCells(event) : [argumentsOf(event), ...subjectOf(event), wordOf(event)];
  const row: StepRow = { file, line, name: titleOf(event), cells, tone: toneOf(event) };
  return [row, ...groupRow(event), ...(isRule ? [] : effects)];
}

const titleOf = ({ directive }: DirectiveEvent): string => (directive === 'order' ? 'Order' : directive);

/** A rule or condition: what is asked, of what, and the answer. */
function comparedCells(event: DirectiveEvent): readonly string[] {
  if (event.result === 'not reached') return [argumentsOf(event), UNREACHED];
  const { comparison } = event;
  if (comparison === undefined) return [argumentsOf(event), wordOf(event)];
  const { pattern, subject, isNegated, isCaseless } = comparison;
  const asked = `${isNegated === true ? '!' : ''}${pattern}${isCaseless === true ? ' [NC]' : ''}`;
  const test = event.directive === 'RewriteCond' ? `${firstWord(argumentsOf(event))} ${asked}` : asked;
  return [test, `'${subject}'`, wordOf(event)];
}

const firstWord = (text: string): string => /^(?:"[^"]*"|\S+)/.exec(text)?.[0] ?? '';

const argumentsOf = ({ args }: TraceEvent): string => (args ?? '').replaceAll(/\s+/g, ' ').trim();

function subjectOf({ comparison }: TraceEvent): readonly string[] {
  return comparison === undefined || comparison.subject === '' ? [] : [`'${comparison.subject}'`];
}

function wordOf({ result, reason, directive }: TraceEvent): string {
  if (directive === 'RewriteCond' && reason === undefined) return result === 'matched' ? 'met' : 'not met';
  const word = WORDS[result] ?? '';
  return reason === undefined ? word : word === '' ? reason : `${word}: ${reason}`;
}

const WORDS: Readonly<Partial<Record<TraceEvent['result'], string>>> = {
  matched: 'matches',
  'not matched': 'no match',
  skipped: 'skipped',
};

function toneOf({ result, directive }: TraceEvent): StepRow['tone'] {
  if (result === 'refused') return 'bad';
  if (result === 'matched' || result === 'applied') return 'good';
  return directive === 'RewriteCond' && result === 'not matched' ? 'unmet' : 'dim';
}

/** The groups of a match, as rules name them. */
function groupRow({ captures, directive }: TraceEvent): readonly StepRow[] {
  if (captures === undefined || captures.length < 2) return [];
  const sign = directive === 'RewriteCond' ? '%' : '$';
  const groups = captures.slice(1).map((text, at) => `${sign}${at + 1}=${text ?? ''}`);
  return [{ name: '', cells: [groups.join('  ')], tone: 'dim' }];
}

function changeRow({ what, name, before, after }: Change, treeRoot: string): StepRow {
  const row = (title: string, text: string): StepRow => ({ name: title, cells: [text], tone: 'effect' });
  const value = after ?? '';
  if (what === 'file')
    return isAddress(value) ? row('redirect to', value) : row('rewritten to', below(treeRoot, value));
  if (what === 'location') return row('redirect to', value);
  if (what === 'cookie') return row('cookie', value);
  if (name === undefined) return row(what, after === null ? `none (was ${before ?? ''})` : value);
  const sign = what === 'variable' ? '=' : ': ';
  return row(what, after === null ? `${name} is taken away` : `${name}${sign}${value}`);
}

const isAddress = (text: string): boolean => /^[a-z][a-z0-9+.-]*:/i.test(text);

function below(treeRoot: string, path: string): string {
  return relativeTo(treeRoot, path, false);
}
