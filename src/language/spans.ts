import { isSpace, sourceOffset, type LogicalLine } from '../apache/syntax/lines';
import { readWord } from '../apache/syntax/words';
import type { Span } from '../text/lines';

/** Where [from, to) of a logical line's text stands in the source. */
export function spanInSource(line: LogicalLine, from: number, to: number): Span {
  const start = sourceOffset(line, from);
  return { start, end: to > from ? sourceOffset(line, to - 1) + 1 : start };
}

/** The whole line without the blanks around it. */
export function wholeSpan(line: LogicalLine): Span {
  return spanInSource(line, 0, line.text.length);
}

/** The first word of a line: the directive's name, or a tag with its bracket. */
export function nameSpan(line: LogicalLine): Span {
  return spanInSource(line, 0, readWord(line.text, 0).end);
}

/** The arguments, without the bracket at the end of a tag; the name where there are none. */
export function argumentsSpan(line: LogicalLine): Span {
  const { next } = readWord(line.text, 0);
  const isTag = line.text.startsWith('<') && line.text.endsWith('>');
  const end = isTag ? line.text.length - 1 : line.text.length;
  return next < end ? spanInSource(line, next, end) : nameSpan(line);
}

/** The offset in a line's text of a source offset; beyond the text for one in the blanks behind it. */
export function offsetInText(line: LogicalLine, source: number): number {
  let at = 0;
  while (at + 1 < line.pieces.length && (line.pieces[at + 1]?.[1] ?? 0) <= source) at += 1;
  const [inText, inSource] = line.pieces[at] ?? [0, line.start];
  const found = inText + (source - inSource);
  const following = line.pieces[at + 1];
  return Math.max(0, following === undefined ? found : Math.min(found, following[0]));
}

/** Spaces and tabs before a line's text. */
export function indentOf(source: string, line: LogicalLine): string {
  return /^[ \t]*/.exec(source.slice(line.start, line.end))?.[0] ?? '';
}

/** A piece of the arguments of RewriteRule or RewriteCond; offsets in the line's text, quotes included. */
export interface Piece extends Span {
  readonly value: string;
}

/** Takes arguments apart as mod_rewrite does: quotes only around a whole argument, and backslash-blank does not end one. */
export function rewritePieces(text: string, from: number): Piece[] {
  return /[\t-\r"'\\]/.test(text) ? quotedPieces(text, from) : plainPieces(text, from);
}

/** Nothing but spaces separates, and nothing is quoted: what most lines are. */
function plainPieces(text: string, from: number): Piece[] {
  const pieces: Piece[] = [];
  for (let start = from; pieces.length < 3;) {
    while (text.charCodeAt(start) === 32) start += 1;
    if (start >= text.length) break;
    const blank = text.indexOf(' ', start);
    const end = blank < 0 ? text.length : blank;
    pieces.push({ value: text.slice(start, end), start, end });
    start = end;
  }
  return pieces;
}

function quotedPieces(text: string, from: number): Piece[] {
  const pieces: Piece[] = [];
  for (let at = skipBlanks(text, from); at < text.length && pieces.length < 3; at = skipBlanks(text, at)) {
    const quote = text[at] === '"' || text[at] === "'" ? text[at] : undefined;
    const start = quote === undefined ? at : at + 1;
    let end = start;
    while (end < text.length && !isPieceEnd(text, end, quote)) {
      end += text[end] === '\\' && isBlankAt(text, end + 1) ? 2 : 1;
    }
    end = Math.min(end, text.length);
    const behind = quote === undefined ? end : Math.min(end + 1, text.length);
    pieces.push({ value: text.slice(start, end), start: at, end: behind });
    at = behind;
  }
  return pieces;
}

function isPieceEnd(text: string, at: number, quote: string | undefined): boolean {
  return quote === undefined ? isBlankAt(text, at) : text[at] === quote;
}

function isBlankAt(text: string, at: number): boolean {
  return at < text.length && isSpace(text.charCodeAt(at));
}

function skipBlanks(text: string, from: number): number {
  let at = from;
  while (isBlankAt(text, at)) at += 1;
  return at;
}
