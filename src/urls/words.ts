/** A word of a line. */
export interface Word {
  /** `header`: what stands in braces. */
  readonly kind: 'word' | 'header' | 'arrow';
  /** Without quotes, braces and escapes. */
  readonly text: string;
  /** Begins with a quote: never a keyword, a status or a variable. */
  readonly isQuoted: boolean;
  /** Offsets in the file. */
  readonly start: number;
  readonly end: number;
}

/** A place with what is wrong there. */
export interface WordProblem {
  readonly start: number;
  readonly end: number;
  readonly message: string;
}

const isBlank = (character: string | undefined): boolean =>
  character === ' ' || character === '\t' || character === '\r';

/** The words of `text` from `start` to `end`, which is one line; stops at the first thing that cannot be read. */
export function wordsOf(
  text: string,
  start: number,
  end: number,
): { readonly words: readonly Word[]; readonly problem?: WordProblem } {
  const words: Word[] = [];
  const line = text.slice(start, end);
  for (let at = 0; ;) {
    while (isBlank(line[at])) at += 1;
    if (at >= line.length || line[at] === '#') return { words };
    const read = line[at] === '{' ? headerAt(line, at) : wordAt(line, at);
    if ('message' in read) {
      return { words, problem: { start: start + at, end, message: read.message } };
    }
    words.push({ ...read, start: start + at, end: start + read.end });
    at = read.end;
  }
}

type Read = Omit<Word, 'start'> | { readonly message: string };

/** `{Name: value}`: quotes are part of the value, `\}` is a brace and `\\` a backslash. */
function headerAt(line: string, start: number): Read {
  const found = /^\{((?:[^\\}]|\\.)*)\}/su.exec(line.slice(start));
  if (found === null) {
    return { message: 'A header begins with "{" and ends with "}": {Accept-Language: de}.' };
  }
  const text = (found[1] ?? '').replaceAll(/\\([\\}])/g, '$1');
  return { kind: 'header', text, isQuoted: false, end: start + found[0].length };
}

/** A word ends at a blank outside quotes; inside, `\"` is a quote and `\\` a backslash. */
function wordAt(line: string, start: number): Read {
  let text = '';
  let at = start;
  while (at < line.length && !isBlank(line[at])) {
    if (line[at] !== '"') {
      text += line[at] ?? '';
      at += 1;
      continue;
    }
    const close = closingQuote(line, at);
    if (close < 0) return { message: 'A quote is opened and not closed: write "…" around what has blanks.' };
    text += line.slice(at + 1, close).replaceAll(/\\(["\\])/g, '$1');
    at = close + 1;
  }
  const isArrow = line.slice(start, at) === '->';
  return { kind: isArrow ? 'arrow' : 'word', text, isQuoted: line[start] === '"', end: at };
}

function closingQuote(line: string, open: number): number {
  for (let at = open + 1; at < line.length; at++) {
    if (line[at] === '\\') at += 1;
    else if (line[at] === '"') return at;
  }
  return -1;
}

/** A text as one word: in quotes where it would not be read as it is. */
export function quoted(text: string): string {
  return /^[^\s"{#][^\s"]*$/.test(text) && text !== '->' ? text : inQuotes(text);
}

/** The same for a value behind `NAME=`, which may be empty and begin with anything. */
export function quotedValue(text: string): string {
  return /^[^\s"]*$/.test(text) ? text : inQuotes(text);
}

/** A text between quotes. */
export const inQuotes = (text: string): string => `"${text.replaceAll(/["\\]/g, '\\$&')}"`;

/** The content of a header's braces. */
export function inBraces(text: string): string {
  return `{${text.replaceAll(/[\\}]/g, '\\$&')}}`;
}
