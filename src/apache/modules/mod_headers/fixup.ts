import { lowerCase } from '../../../text/bytes';
import { evaluateExpr, type Expr } from '../../expr';
import { isAtLeast, patchOf } from '../../host';
import type { RegexMatch } from '../../regex';
import { isKeptWithAnswer } from '../../request/cgiHead';
import { environmentVariable } from '../../request/cgiVariables';
import { exprContext } from '../../request/exprContext';
import type { RequestRecord } from '../../request/record';
import { changeOf, onlyChanges } from '../../request/trace';
import type { Table } from '../../request/table';
import { substituteGroups } from '../groups';
import type { HeaderEntry, HeaderValue } from './config';

/** Apache calls itself for each edit of a value: between 40,000 and 70,000 of them end its process, as a match of nothing does. */
const MOST_EDITS = 40_000;

/** Carries out a list of directives on a table of headers (do_headers_fixup). */
export function fixHeaders(r: RequestRecord, headers: Table, entries: readonly HeaderEntry[]): void {
  for (const entry of entries) {
    r.hasAskedProgram = false;
    const isApplied = applies(r, entry);
    const isOfProgram = r.program === 'unknown' && isApplied && changesProgram(r, headers, entry);
    const before = r.isTracing ? stateOf(r, headers, entry) : undefined;
    if (isApplied) carryOut(r, headers, entry);
    if (isOfProgram || r.hasAskedProgram) noteProgram(r, entry);
    if (before !== undefined) traceEntry(r, headers, { entry, before, isApplied });
  }
}

const CHANGES: ReadonlySet<HeaderEntry['action']> = new Set(['edit', 'edit*', 'setifempty', 'note']);

/** Whether the entry works on what is there, and only a program can have put it there. */
function changesProgram(r: RequestRecord, headers: Table, { action, header }: HeaderEntry): boolean {
  return CHANGES.has(action) && headers.get(header) === undefined && mayHold(r, headers, header);
}

/** Whether a program's header would be in a table: CGI's are, but for a few, in that of `Header always`. */
function mayHold(r: RequestRecord, headers: Table, header: string): boolean {
  if (/^content-type$/i.test(header)) return true;
  if (!/^(?:fcgid-script|fastcgi-script|cgi-script|application\/x-httpd-cgi)$/.test(r.handler ?? ''))
    return true;
  return isKeptWithAnswer(header) === (headers === r.headersOut);
}

function noteProgram(r: RequestRecord, { action, header, origin, written }: HeaderEntry): void {
  const use = { name: 'Header', args: written, origin };
  r.noteUnknown(use, `${action} ${header} depends on what the program sends, which is not known here`);
}

/** What an entry may change: its header, and the type that Apache keeps apart. */
type HeaderState = readonly [header: string | undefined, type: string | null];

function stateOf(r: RequestRecord, headers: Table, { header }: HeaderEntry): HeaderState {
  const values = headers.entries().filter(([name]) => lowerCase(name) === lowerCase(header));
  const shown = values.length === 0 ? undefined : values.map(([, value]) => value).join(', ');
  return [shown, r.contentType];
}

interface TracedEntry {
  readonly entry: HeaderEntry;
  readonly before: HeaderState;
  readonly isApplied: boolean;
}

function traceEntry(r: RequestRecord, headers: Table, { entry, before, isApplied }: TracedEntry): void {
  const { action, header, origin, written } = entry;
  const after = stateOf(r, headers, entry);
  const isRequest = headers === r.headersIn;
  const changed = changeOf(isRequest ? 'request header' : 'response header', before[0], after[0]);
  r.addTrace({
    module: 'mod_headers',
    text: isApplied ? `${action} ${header}` : `${action} ${header}: its condition is not met`,
    ...origin,
    event: {
      directive: isRequest ? 'RequestHeader' : 'Header',
      args: written,
      result: isApplied ? 'applied' : 'skipped',
      changes: onlyChanges([
        changed && { ...changed, name: header },
        changeOf('content type', before[1], after[1]),
      ]),
      ...(isApplied ? {} : { reason: REASONS[entry.condition?.kind ?? 'early'] }),
    },
  });
}

const REASONS = {
  early: 'early directives have no effect in a .htaccess',
  env: 'the variable of env= is not as wanted',
  expr: 'the expression does not hold',
} as const;

function applies(r: RequestRecord, { condition }: HeaderEntry): boolean {
  switch (condition?.kind) {
    case undefined:
      return true;
    case 'early':
      return false;
    case 'env':
      return (environmentVariable(r, condition.name) === undefined) === condition.isNegated;
    case 'expr':
      return conditionHolds(r, condition.expr);
  }
}

/** An expression that cannot be evaluated does not keep the directive from applying. */
function conditionHolds(r: RequestRecord, expr: Expr): boolean {
  const result = evaluateExpr(expr, exprContext(r), { patch: patchOf(r.host) });
  for (const name of result.vary) r.headersOut.merge('Vary', name);
  if (result.problem === undefined) return result.value === true;
  r.logError(`AH01501: Failed to evaluate expression (${result.problem}) - ignoring`);
  return true;
}

function valueOf(r: RequestRecord, value: HeaderValue): string {
  if (value === undefined) return '';
  if (value.kind === 'format') return value.tags.map((tag) => tag(r)).join('');
  const result = evaluateExpr(value.expr, exprContext(r), { patch: patchOf(r.host) });
  if (result.problem === undefined) return String(result.value);
  r.logError(`AH02557: Can't evaluate value expression: ${result.problem}`);
  return '';
}

/** Whether the directive is about the type of the response, which Apache keeps apart from the tables. */
function isContentType(r: RequestRecord, headers: Table, name: string): boolean {
  return headers !== r.headersIn && name.toLowerCase() === 'content-type';
}

function carryOut(r: RequestRecord, headers: Table, entry: HeaderEntry): void {
  const { header } = entry;
  switch (entry.action) {
    case 'add':
      headers.add(header, valueOf(r, entry.value));
      return;
    case 'append':
      headers.merge(header, valueOf(r, entry.value));
      return;
    case 'merge':
      mergeOnce(headers, header, valueOf(r, entry.value));
      return;
    case 'setifempty':
      if (headers.get(header) === undefined) setHeader(r, headers, entry);
      return;
    case 'set':
      setHeader(r, headers, entry);
      return;
    case 'unset':
      if (isContentType(r, headers, header) && isAtLeast(r.host, 64)) r.contentType = null;
      headers.unset(header);
      return;
    case 'note':
      setNote(r, valueOf(r, entry.value), headers.get(header));
      return;
    case 'echo':
      echoHeaders(r, entry);
      return;
    default:
      editHeader(r, headers, entry);
  }
}

function setHeader(r: RequestRecord, headers: Table, { header, value }: HeaderEntry): void {
  const text = valueOf(r, value);
  if (isContentType(r, headers, header)) r.contentType = text;
  headers.set(header, text);
}

function setNote(r: RequestRecord, name: string, value: string | undefined): void {
  if (value === undefined) r.notes.unset(name);
  else r.notes.set(name, value);
}

/** Appends unless the value is already one of the list; commas in quotes do not separate. */
function mergeOnce(headers: Table, header: string, value: string): void {
  const before = headers.get(header);
  if (before === undefined) headers.add(header, value);
  else if (!listElements(before).includes(value)) headers.merge(header, value);
}

function listElements(text: string): string[] {
  const elements: string[] = [];
  for (let at = 0; at < text.length; at += 1) {
    while (/[ \t\n\v\f\r]/.test(text[at] ?? '')) at += 1;
    const start = at;
    while (at < text.length && text[at] !== ',') {
      const quoteEnd = text[at] === '"' ? text.indexOf('"', at + 1) : at;
      at = quoteEnd < 0 ? text.length : quoteEnd + 1;
    }
    elements.push(text.slice(start, at));
  }
  return elements;
}

/** Copies the request's headers whose name matches, whichever table the directive is for. */
function echoHeaders(r: RequestRecord, { regex }: HeaderEntry): void {
  for (const [name, value] of r.headersIn.entries()) {
    if (regex?.exec(name) instanceof Int32Array) r.headersOut.add(name, value);
  }
}

function editHeader(r: RequestRecord, headers: Table, entry: HeaderEntry): void {
  const { header } = entry;
  if (isContentType(r, headers, header) && r.contentType !== null)
    r.contentType = edited(r, entry, r.contentType);
  const found = headers.entries().filter(([name]) => lowerCase(name) === lowerCase(header));
  if (found.length === 0) return;
  const changed = found.map(([name, value]) => [name, edited(r, entry, value)] as const);
  headers.unset(header);
  for (const [name, value] of changed) headers.add(name, value);
}

/** The value with the first match replaced, or with edit* every match (process_regexp). */
function edited(r: RequestRecord, entry: HeaderEntry, value: string): string {
  const most = entry.action === 'edit' ? 1 : MOST_EDITS;
  let done = '';
  let rest = value;
  for (let edits = 0; edits < most; edits++) {
    const match = entry.regex?.exec(rest);
    if (!(match instanceof Int32Array)) break;
    const [start, end] = wholeMatch(match);
    done += rest.slice(0, start) + substituteGroups(valueOf(r, entry.value), { subject: rest, match });
    rest = rest.slice(end);
    if (end === 0) break;
  }
  return done + rest;
}

function wholeMatch(match: RegexMatch): readonly [start: number, end: number] {
  return [match[0] ?? 0, match[1] ?? 0];
}
