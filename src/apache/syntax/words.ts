import { isSpace } from './lines';

/** A word of a line: its value (quotes and their escapes taken away) and where it stands in the line's text. */
export interface Word {
  readonly value: string;
  /** Offsets in the text that was read, quotes included. */
  readonly start: number;
  readonly end: number;
  /** Offset of the next word, or the text's length: where the rest of the arguments begins. */
  readonly next: number;
}

/** Offset of the first byte at or after `at` that is no space. */
export function skipSpace(text: string, at: number): number {
  let found = at;
  while (found < text.length && isSpace(text.charCodeAt(found))) found += 1;
  return found;
}

/**
 * The next word, as ap_getword_conf takes it: quotes count only at its start, `\\` and the escaped quote lose their
 * backslash, an open quote runs to the end. At the end of the text the word is empty.
 */
export function readWord(text: string, at: number): Word {
  const start = skipSpace(text, at);
  if (start >= text.length) return { value: '', start, end: start, next: start };
  const quote = text[start];
  return quote === '"' || quote === "'" ? readQuoted(text, start, quote) : readBare(text, start);
}

function readQuoted(text: string, start: number, quote: string): Word {
  let at = start + 1;
  while (at < text.length && text[at] !== quote) {
    const following = text[at + 1];
    at += text[at] === '\\' && (following === quote || following === '\\') ? 2 : 1;
  }
  const end = Math.min(at + 1, text.length);
  return { value: unescaped(text.slice(start + 1, at), quote), start, end, next: skipSpace(text, end) };
}

function readBare(text: string, start: number): Word {
  let end = start;
  while (end < text.length && !isSpace(text.charCodeAt(end))) end += 1;
  return { value: unescaped(text.slice(start, end), ''), start, end, next: skipSpace(text, end) };
}

/** Takes away the backslash of `\\`, and of the quote where there is one. */
function unescaped(raw: string, quote: string): string {
  if (!raw.includes('\\')) return raw;
  let value = '';
  for (let at = 0; at < raw.length; at++) {
    const following = raw[at + 1];
    if (raw[at] === '\\' && (following === '\\' || (quote !== '' && following === quote))) at += 1;
    value += raw[at] ?? '';
  }
  return value;
}

/** All words of a text, as a directive with any number of arguments takes them. */
export function readWords(text: string): Word[] {
  const words: Word[] = [];
  for (let at = skipSpace(text, 0); at < text.length;) {
    const word = readWord(text, at);
    words.push(word);
    at = word.next;
  }
  return words;
}
