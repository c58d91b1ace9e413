import { isSpace, type LogicalLine } from '../apache/syntax/lines';
import { readWord } from '../apache/syntax/words';
import type { Span } from '../text/lines';
import type { Entry, HtaccessDocument } from './document';
import { offsetInText, rewritePieces, spanInSource } from './spans';

/** What a cursor stands on. */
export type CursorPlace =
  /** A comment, or a line that Apache does not read. */
  | { readonly kind: 'nothing' }
  /** The first word of a line, also one that is not there yet. `word` may begin with `<` or `</`. */
  | { readonly kind: 'name'; readonly word: string; readonly span: Span }
  | ({ readonly kind: 'argument' } & ArgumentPlace);

/** An argument, also one that is not there yet. */
export interface ArgumentPlace {
  /** The directive as written, in lower case; sections with `<`. */
  readonly directive: string;
  /** From 0. */
  readonly index: number;
  /** Values of all arguments; the one of the cursor may be missing. */
  readonly values: readonly string[];
  /** The argument with its quotes, as written; and where it stands in the source. */
  readonly written: string;
  readonly span: Span;
  /** Bytes of `written` before the cursor. */
  readonly before: number;
}

/** A cursor in a file, with the section around it. */
export interface Cursor {
  readonly offset: number;
  readonly entry: Entry | undefined;
  /** The opening tag of the innermost section around the line. */
  readonly section: Entry | undefined;
  readonly place: CursorPlace;
}

/** Looks at a byte offset of a document. */
export function cursorAt(document: HtaccessDocument, offset: number): Cursor {
  const entry = document.entryAt(offset);
  if (entry === undefined) {
    const isBehindAll = document.tree.unread >= document.source.length;
    const place: CursorPlace = isBehindAll
      ? { kind: 'name', word: '', span: { start: offset, end: offset } }
      : { kind: 'nothing' };
    return { offset, entry, section: document.openAtEnd, place };
  }
  return { offset, entry, section: entry.parent, place: placeOn(entry, offset) };
}

function placeOn({ kind, line }: Entry, offset: number): CursorPlace {
  if (kind === 'comment') return { kind: 'nothing' };
  const empty = { start: offset, end: offset };
  if (kind === 'blank') return { kind: 'name', word: '', span: empty };
  const at = offsetInText(line, offset);
  const name = readWord(line.text, 0);
  if (at <= 0 && offset < spanInSource(line, 0, 0).start) return { kind: 'nothing' };
  if (at <= name.end) return { kind: 'name', word: name.value, span: spanInSource(line, 0, name.end) };
  if (kind === 'close') return { kind: 'nothing' };
  return { kind: 'argument', ...argumentOn(line, at, empty) };
}

interface Word extends Span {
  readonly value: string;
}

const BY_REWRITE: ReadonlySet<string> = new Set(['rewriterule', 'rewritecond']);

function argumentOn(line: LogicalLine, at: number, empty: Span): ArgumentPlace {
  const name = readWord(line.text, 0);
  const directive = name.value.replace(/>$/, '').toLowerCase();
  const words = wordsOf(line.text, name.next, directive);
  const values = words.map(({ value }) => value);
  const index = words.findIndex((word) => at <= word.end);
  const word = words[index];
  if (word === undefined || at < word.start) {
    const missing = word === undefined ? words.length : index;
    return { directive, index: missing, values, written: '', span: empty, before: 0 };
  }
  return {
    directive,
    index,
    values,
    written: line.text.slice(word.start, word.end),
    span: spanInSource(line, word.start, word.end),
    before: at - word.start,
  };
}

/** The arguments with their places; the bracket at the end of a tag belongs to none. */
function wordsOf(text: string, from: number, directive: string): Word[] {
  if (BY_REWRITE.has(directive)) return withRest(text, rewritePieces(text, from));
  const end = directive.startsWith('<') && text.endsWith('>') ? text.length - 1 : text.length;
  const args = text.slice(0, end);
  const words: Word[] = [];
  for (let word = readWord(args, from); word.start < args.length; word = readWord(args, word.next)) {
    words.push({ value: word.value, start: word.start, end: word.end });
    if (word.next >= args.length) break;
  }
  return words;
}

/** Flags with blanks in them reach to the closing bracket for whoever is still writing them. */
function withRest(text: string, pieces: readonly Word[]): Word[] {
  const flags = pieces[2];
  if (flags === undefined || !flags.value.startsWith('[') || flags.value.endsWith(']')) return [...pieces];
  const close = text.indexOf(']', flags.end);
  const end = close < 0 ? text.length : close + 1;
  return [...pieces.slice(0, 2), { value: text.slice(flags.start, end), start: flags.start, end }];
}

/** The `%{NAME` that a cursor stands in: what is between the braces, and how much of it is before the cursor. */
export function variableAt(
  written: string,
  before: number,
):
  | { readonly name: string; readonly start: number; readonly end: number; readonly isClosed: boolean }
  | undefined {
  const open = written.lastIndexOf('%{', Math.max(0, before - 1));
  if (open < 0 || before < open + 2) return undefined;
  const start = open + 2;
  let end = start;
  while (end < written.length && !/[}"'%\s]/.test(written[end] ?? '')) end += 1;
  if (before > end) return undefined;
  return { name: written.slice(start, end), start, end, isClosed: written[end] === '}' };
}

/** The flag that a cursor stands in: its text without blanks, and its bytes in `written`. */
export function flagAt(
  written: string,
  before: number,
):
  | { readonly key: string; readonly value: string | undefined; readonly start: number; readonly end: number }
  | undefined {
  const open = written.indexOf('[');
  if (open < 0 || before <= open) return undefined;
  let start = Math.max(open + 1, written.lastIndexOf(',', before - 1) + 1);
  while (start < before && isSpace(written.charCodeAt(start))) start += 1;
  let end = start;
  while (end < written.length && !/[,\]]/.test(written[end] ?? '')) end += 1;
  if (before > end) return undefined;
  const text = written.slice(start, end);
  const equals = text.indexOf('=');
  if (equals < 0) return { key: text, value: undefined, start, end };
  return { key: text.slice(0, equals), value: text.slice(equals + 1), start, end };
}

/** The values' kind of `%{…}` in a directive's argument; undefined where Apache does not look for any. */
export function variableUse(place: ArgumentPlace): 'rewrite' | 'expression' | undefined {
  const { directive, index, values } = place;
  if (directive === 'rewriterule') return index === 1 || index === 2 ? 'rewrite' : undefined;
  if (directive === 'rewritecond') {
    const isExpression = values[0]?.toLowerCase() === 'expr';
    return index === 1 ? (isExpression ? 'expression' : undefined) : 'rewrite';
  }
  if (directive === 'header' || directive === 'requestheader')
    return place.written.replace(/^["']/, '').startsWith('expr=') ? 'expression' : undefined;
  return EXPRESSIONS.has(directive) ? 'expression' : undefined;
}

const EXPRESSIONS: ReadonlySet<string> = new Set([
  '<if',
  '<elseif',
  'require',
  'setenvifexpr',
  'redirect',
  'redirectmatch',
  'errordocument',
  'sethandler',
  'authname',
  'authtype',
  'sslrequire',
]);
