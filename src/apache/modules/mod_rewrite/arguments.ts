import { isSpace } from '../../syntax/lines';

/** The arguments of RewriteRule and RewriteCond. */
export interface RewriteArguments {
  readonly first: string;
  readonly second: string;
  readonly flags: string | undefined;
}

interface Piece {
  readonly value: string;
  /** Offset of what follows; -1 when the text ended with the piece. */
  readonly next: number;
}

/** A word or a quoted text from `at` on; backslash-blank does not end it, and keeps its backslash. */
function readPiece(text: string, at: number): Piece {
  const quote = text[at] === '"' || text[at] === "'" ? text[at] : undefined;
  const start = quote === undefined ? at : at + 1;
  const end = quote === undefined ? endOfBare(text, start) : text.indexOf(quote, start);
  if (end < 0 || end >= text.length) return { value: text.slice(start), next: -1 };
  return { value: text.slice(start, end), next: end + 1 };
}

/** Up to a blank without a backslash before it. */
const BARE = /[^ \t\n\v\f\r\\]*(?:\\[ \t\n\v\f\r]?[^ \t\n\v\f\r\\]*)*/y;

function endOfBare(text: string, start: number): number {
  BARE.lastIndex = start;
  return BARE.test(text) ? BARE.lastIndex : text.length;
}

function skipBlanks(text: string, at: number): number {
  let found = at;
  while (found < text.length && isSpace(text.charCodeAt(found))) found += 1;
  return found;
}

/** Takes an argument line apart by mod_rewrite's own rules (parseargline); undefined for a bad one. What follows the flags is ignored. */
export function splitArguments(text: string): RewriteArguments | undefined {
  const first = readPiece(text, skipBlanks(text, 0));
  if (first.next < 0) return undefined;
  const second = readPiece(text, skipBlanks(text, first.next));
  const flagsAt = second.next < 0 ? text.length : skipBlanks(text, second.next);
  const flags = flagsAt >= text.length ? undefined : readPiece(text, flagsAt).value;
  return { first: first.value, second: second.value, flags };
}

/**
 * Goes through `[key=value,key]` and hands each flag to `take`, until one is refused. Blanks around a flag are dropped;
 * an empty list inside the brackets is one empty flag.
 */
export function eachFlag(
  text: string,
  take: (key: string, value: string) => string | undefined,
): string | undefined {
  if (!text.startsWith('[') || !text.endsWith(']')) return 'bad flag delimiters';
  const list = `${text.slice(1, -1)},`;
  for (let at = 0; at < list.length;) {
    at = skipBlanks(list, at);
    const comma = list.indexOf(',', at);
    if (at >= list.length || comma < 0) break;
    let end = comma;
    while (end > at && isSpace(list.charCodeAt(end - 1))) end -= 1;
    // Apache cuts an empty flag behind a blank off at the blank, and takes all that follows for its name.
    const isCutBefore = at === comma && at > 0 && isSpace(list.charCodeAt(at - 1));
    const flag = list.slice(at, isCutBefore ? undefined : end);
    const equals = flag.indexOf('=');
    const refusal = equals < 0 ? take(flag, '') : take(flag.slice(0, equals), flag.slice(equals + 1));
    if (refusal !== undefined) return refusal;
    at = comma + 1;
  }
  return undefined;
}
