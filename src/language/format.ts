import type { TextEdit } from 'vscode-languageserver';
import { isSpace, LineBuffer, LineReader, MAX_LINE_LENGTH } from '../apache/syntax/lines';
import { parse, type HtaccessTree, type SectionNode } from '../apache/syntax/tree';
import { textOfByteString } from '../text/bytes';
import type { Span } from '../text/lines';
import { entriesOf, type Entry, type HtaccessDocument } from './document';
import { argumentLayout, sameWords, type ArgumentStyle } from './formatArguments';
import type { ByteEdit } from './problem';

/** How a file shall look. */
export interface FormatOptions {
  /** One level of indentation. */
  readonly indent: string;
  /** What happens to the blanks between arguments; `keep` when absent. */
  readonly arguments?: ArgumentStyle;
  /** A line end behind the last line; left alone when absent. */
  readonly finalNewline?: boolean;
}

/** Lines of the editor, from 0, both included. */
export interface LineRange {
  readonly first: number;
  readonly last: number;
}

/** Sections nested more deeply are indented no further. */
const DEEPEST = 20;

/** Bytes that a line has to stay below: Apache refuses longer ones, blanks included. */
const LONGEST = MAX_LINE_LENGTH - 192;

/** Sections whose content is a program of another language, in which blanks may count. */
const PROGRAM = /^lua/i;

/**
 * Edits that indent sections and remove blanks at line ends; the directives keep their meaning. Comments and continued
 * lines stay as they are but for their indentation. None for a file that is not text, or where anything would change
 * what Apache reads. Never throws.
 */
export function format(document: HtaccessDocument, options: FormatOptions, lines?: LineRange): TextEdit[] {
  if (document.isTooLarge) return [];
  const edits = formatBytes(document.source, options, {
    tree: document.tree,
    entries: document.entries,
    ...(lines === undefined ? {} : { within: spanOfLines(document, lines) }),
  });
  return edits.map((edit) => ({ range: document.rangeOf(edit), newText: textOfByteString(edit.text) }));
}

function spanOfLines(document: HtaccessDocument, { first, last }: LineRange): Span {
  const start = document.offsetAt({ line: first, character: 0 });
  return { start, end: document.offsetAt({ line: last, character: Number.MAX_SAFE_INTEGER }) };
}

interface Parsed {
  readonly tree: HtaccessTree;
  readonly entries: readonly Entry[];
  /** Only lines that touch these bytes are changed. */
  readonly within?: Span;
}

/** The same on a byte string, as a file on disk is read; the edits are in order and do not overlap. */
export function formatBytes(
  source: string,
  options: FormatOptions,
  parsed: Parsed = parsedFrom(source),
): ByteEdit[] {
  if (source.includes('\0')) return [];
  const { tree, entries, within } = parsed;
  const [first, last] = within === undefined ? [0, entries.length] : linesWithin(entries, within);
  const layout = argumentLayout(entries, options.arguments ?? 'keep', { first, last });
  const edits: ByteEdit[] = [];
  for (let at = first; at < last; at++) {
    const entry = entries[at];
    if (entry === undefined) break;
    const raw = source.slice(entry.line.start, entry.line.end);
    const made = formattedLine(entry, raw, { indent: options.indent, text: layout.get(at) });
    if (made !== raw && meansTheSame(entry, made)) edits.push(difference(raw, made, entry.line.start));
  }
  const isWhole = options.finalNewline === true && within === undefined && entries.at(-1)?.kind !== 'blank';
  const end = isWhole ? finalNewline(source, tree) : undefined;
  if (end !== undefined) edits.push(end);
  return keepsLastLine(source, entries, edits) ? edits : [];
}

/** The lines that touch some bytes: the place of the first, and the place behind the last. */
function linesWithin(
  entries: readonly Entry[],
  { start, end }: Span,
): readonly [first: number, last: number] {
  const first = entries.findIndex(
    ({ line }) => line.end > start || (line.end === start && line.start === start),
  );
  if (first < 0) return [0, 0];
  let last = first;
  while (last < entries.length && (entries[last]?.line.start ?? 0) <= end) last += 1;
  return [first, last];
}

function parsedFrom(source: string): Parsed {
  const tree = parse(source);
  return { tree, entries: entriesOf(tree) };
}

/** The text after edits that are in order and do not overlap. */
export function applyEdits(source: string, edits: readonly ByteEdit[]): string {
  const parts: string[] = [];
  let from = 0;
  for (const { start, end, text } of edits) {
    parts.push(source.slice(from, start), text);
    from = end;
  }
  return parts.join('') + source.slice(from);
}

interface LineStyle {
  readonly indent: string;
  /** The line's text with other blanks between its arguments. */
  readonly text: string | undefined;
}

function formattedLine(entry: Entry, raw: string, style: LineStyle): string {
  if (isInProgram(entry)) return raw;
  const indent = style.indent.repeat(depthOf(entry));
  const physical = raw.split(/(?<=\n)/);
  const made = physical.length > 1 ? continued(entry, physical, indent) : single(entry, raw, indent, style);
  return made.length > LONGEST && made.length > raw.length ? raw : made;
}

function single({ kind }: Entry, raw: string, indent: string, { text }: LineStyle): string {
  const body = raw.replace(/\r?\n$/, '');
  const lineEnd = raw.slice(body.length);
  if (kind === 'blank') return lineEnd;
  const trimmed = trimBlanks(body);
  // Blanks behind a backslash keep it from joining the next line.
  const behind = trimmed.endsWith('\\') ? body.slice(body.lastIndexOf('\\') + 1) : '';
  return `${indent}${text ?? trimmed}${behind}${lineEnd}`;
}

/** A continued line moves as a whole, where blanks at the start of its physical lines are only blanks between arguments. */
function continued(entry: Entry, physical: readonly string[], indent: string): string {
  const raw = physical.join('');
  const [first = '', ...rest] = physical;
  const old = leadingBlanks(first);
  if (entry.kind === 'blank' || trimBlanks(first) === '\\') return raw;
  const begun = indent + first.slice(old.length);
  const moved = rest.map((line) => movedLine(line, old, indent)).join('');
  return entry.kind !== 'comment' && sameWords(entry, joined(begun + moved))
    ? begun + moved
    : begun + rest.join('');
}

function movedLine(line: string, old: string, indent: string): string {
  const own = leadingBlanks(line);
  return own !== '' && own.startsWith(old) ? indent + line.slice(old.length) : line;
}

/** The text of a logical line, as Apache joins and trims it. */
function joined(raw: string): string {
  return trimBlanks(raw.replaceAll(/\\\r?\n/g, ''));
}

const leadingBlanks = (line: string): string => /^[ \t]*/.exec(line)?.[0] ?? '';

function trimBlanks(text: string): string {
  let from = 0;
  let to = text.length;
  while (from < to && isSpace(text.charCodeAt(from))) from += 1;
  while (to > from && isSpace(text.charCodeAt(to - 1))) to -= 1;
  return text.slice(from, to);
}

/** Sections around a line; one without closing tag does not count: it is still being written. */
function depthOf(entry: Entry): number {
  let depth = 0;
  const from = entry.kind === 'close' ? entry.parent?.parent : entry.parent;
  for (let around = from; around !== undefined && depth < DEEPEST; around = around.parent)
    if ((around.node as SectionNode).close !== undefined) depth += 1;
  return depth;
}

function isInProgram(entry: Entry): boolean {
  const from = entry.kind === 'close' ? entry.parent?.parent : entry.parent;
  for (let around = from; around !== undefined; around = around.parent)
    if (PROGRAM.test((around.node as SectionNode).name)) return true;
  return false;
}

/** A line end behind the last line, unless a backslash there would join it to nothing. */
function finalNewline(source: string, { unread }: HtaccessTree): ByteEdit | undefined {
  const end = source.length;
  if (unread < end || source === '' || /(?:\n|\\\r?)$/.test(source)) return undefined;
  return { start: end, end, text: /^[^\n]*\r\n/.test(source) ? '\r\n' : '\n' };
}

/** The smallest edit that makes one text of another. */
function difference(old: string, made: string, at: number): ByteEdit {
  const shorter = Math.min(old.length, made.length);
  let head = 0;
  while (head < shorter && old[head] === made[head]) head += 1;
  let tail = 0;
  while (tail < shorter - head && old[old.length - 1 - tail] === made[made.length - 1 - tail]) tail += 1;
  return { start: at + head, end: at + old.length - tail, text: made.slice(head, made.length - tail) };
}

/** Reads a changed line as Apache would: still one line, with the same words. */
function meansTheSame(entry: Entry, made: string): boolean {
  const reader = new LineReader(made);
  const line = reader.next(new LineBuffer());
  return typeof line !== 'string' && line.end === made.length && sameWords(entry, line.text);
}

/** A last line without its end may be as long as Apache's buffer at that moment, and is lost then: it is read with all before it. */
function keepsLastLine(source: string, entries: readonly Entry[], edits: readonly ByteEdit[]): boolean {
  const last = entries.at(-1)?.line;
  const isChanged = (edits.at(-1)?.end ?? -1) >= (last?.start ?? 0);
  if (source.endsWith('\n') || last === undefined || !isChanged) return true;
  const { entries: made } = parsedFrom(applyEdits(source, edits));
  const [own, other] = [entries.at(-1), made.at(-1)];
  if (own === undefined || other === undefined || made.length !== entries.length) return false;
  return own.line.line === other.line.line && sameWords(own, other.line.text);
}
