import { readWord, readWords } from '../apache/syntax/words';
import { CATALOG } from './catalog';
import type { Entry } from './document';
import { rewritePieces } from './spans';

/** Blanks between arguments: as they are, one each, or in columns within lines of the same directive. */
export type ArgumentStyle = 'keep' | 'single' | 'align';

/** Directives that get their arguments in one piece, but take them apart at blanks themselves. */
const TAKES_WORDS: ReadonlySet<string> = new Set([
  'options',
  'header',
  'requestheader',
  'setenvif',
  'setenvifnocase',
  'browsermatch',
  'browsermatchnocase',
  'indexoptions',
  'rewritecond',
  'rewriterule',
]);

const BY_REWRITE: ReadonlySet<string> = new Set(['rewritecond', 'rewriterule']);

/** Columns wider than this are not waited for. */
const WIDEST = 60;

/** A directive as its name and arguments, as they are written. */
function partsOf(text: string): readonly string[] {
  const name = readWord(text, 0);
  const words = [text.slice(0, name.end)];
  if (!BY_REWRITE.has(name.value.toLowerCase())) {
    for (const { start, end } of readWords(text.slice(name.next)))
      words.push(text.slice(name.next + start, name.next + end));
    return words;
  }
  const pieces = rewritePieces(text, name.next);
  for (const { start, end } of pieces) words.push(text.slice(start, end));
  const rest = text.slice(pieces.at(-1)?.end ?? text.length).trimStart();
  return rest === '' ? words : [...words, rest];
}

/** True for a directive for which any blanks between its arguments are the same. */
function takesWords({ kind, line }: Entry): boolean {
  if (kind !== 'directive') return false;
  const name = readWord(line.text, 0).value.toLowerCase();
  const records = CATALOG.get(name) ?? [];
  if (TAKES_WORDS.has(name)) return true;
  return records.length > 0 && records.every(({ directive }) => directive.args !== 'RAW_ARGS');
}

/** True when a text is the same to Apache as a directive's own: the same words, and nothing but their distance differs. */
export function sameWords(entry: Entry, text: string): boolean {
  if (entry.line.text === text) return true;
  if (!takesWords(entry)) return false;
  const [own, other] = [partsOf(entry.line.text), partsOf(text)];
  return own.length === other.length && own.every((part, at) => part === other[at]);
}

/** Lines that are laid out: places of the first one, and behind the last one. */
interface Lines {
  readonly first: number;
  readonly last: number;
}

/** The new text of every line whose blanks between arguments change, by its place in the file. */
export function argumentLayout(
  entries: readonly Entry[],
  style: ArgumentStyle,
  lines: Lines,
): ReadonlyMap<number, string> {
  const texts = new Map<number, string>();
  if (style === 'keep') return texts;
  for (const group of groupsOf(entries, lines)) {
    const rows = group.map((at) => partsOf(entries[at]?.line.text ?? ''));
    const widths = style === 'align' ? columnWidths(rows) : [];
    for (const [row, at] of group.entries()) {
      const parts = rows[row] ?? [];
      const padded = parts.map((part, column) =>
        column < parts.length - 1 ? part.padEnd(widths[column] ?? 0) : part,
      );
      texts.set(at, padded.join(' '));
    }
  }
  return texts;
}

/** Lines of a group that are looked at beyond those that are laid out: a column of thousands needs no more. */
const FARTHEST = 200;

/** Runs of lines with the same directive: comments, blanks, other directives and continued lines end one. */
function groupsOf(entries: readonly Entry[], { first, last }: Lines): number[][] {
  const names = new Map<number, string | undefined>();
  const nameAt = (at: number): string | undefined => {
    if (!names.has(at)) names.set(at, groupName(entries[at]));
    return names.get(at);
  };
  let from = first;
  while (
    from > Math.max(0, first - FARTHEST) &&
    nameAt(from) !== undefined &&
    nameAt(from - 1) === nameAt(from)
  )
    from -= 1;
  let to = last;
  while (
    to < Math.min(entries.length, last + FARTHEST) &&
    nameAt(to) !== undefined &&
    nameAt(to) === nameAt(to - 1)
  )
    to += 1;
  const groups: number[][] = [];
  for (let at = from; at < to; at++) {
    if (nameAt(at) === undefined) continue;
    if (at > from && nameAt(at) === nameAt(at - 1)) groups.at(-1)?.push(at);
    else groups.push([at]);
  }
  return groups;
}

/** What makes lines a group; undefined for one that is left alone. */
function groupName(entry: Entry | undefined): string | undefined {
  if (entry === undefined || entry.line.firstLine !== entry.line.line || !takesWords(entry)) return undefined;
  return readWord(entry.line.text, 0).value.toLowerCase();
}

function columnWidths(rows: readonly (readonly string[])[]): number[] {
  const widths: number[] = [];
  for (const parts of rows)
    for (const [column, part] of parts.entries())
      if (part.length <= WIDEST) widths[column] = Math.max(widths[column] ?? 0, part.length);
  return widths;
}
