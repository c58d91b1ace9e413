import { APACHE_REGEX, parseRegex } from '../apache/regex';
import { readWord } from '../apache/syntax/words';
import { nodesIn } from '../advice/patterns';
import type { Span } from '../text/lines';
import type { Entry, HtaccessDocument } from './document';
import { regexPlaces, type RegexPlace } from './regexPlaces';
import { rewriteBlockOf } from './rewriteBlock';
import { rewritePieces, spanInSource } from './spans';

/** A group of a pattern, and where its text is used; byte offsets of the source. */
export interface CapturedGroup {
  readonly number: number;
  /** The group with its brackets; absent where the pattern has none of that number, or is escaped in the source. */
  readonly group: Span | undefined;
  /** `$1`, `%1`. */
  readonly uses: readonly Span[];
}

/** A `$1` or `%1` in a line; offsets in the line's text. */
interface Use extends Span {
  readonly sign: '$' | '%';
  readonly number: number;
}

/** Groups beyond this number cannot be used. */
const HIGHEST = 9;

/** The group that a byte offset of a line lies in, or whose use it lies on; undefined for none. */
export function capturedGroupAt(
  document: HtaccessDocument,
  entry: Entry,
  offset: number,
): CapturedGroup | undefined {
  const groups = capturesOf(document, entry);
  const touches = ({ start, end }: Span): boolean => start <= offset && offset <= end;
  const used = groups.find(({ uses }) => uses.some(touches));
  if (used !== undefined) return used;
  return groups.findLast(({ group }) => group !== undefined && touches(group));
}

/** Every group that can be used, of the pattern of the line, or of the patterns of its rule and conditions. */
export function capturesOf(document: HtaccessDocument, entry: Entry): readonly CapturedGroup[] {
  const block = rewriteBlockOf(document, entry);
  if (block === undefined) return ownCaptures(entry);
  const { conditions, rule } = block;
  const lines = rule === undefined ? conditions : [...conditions, rule];
  const found: CapturedGroup[] = [];
  if (rule !== undefined) found.push(...groupsOf(rule, usesIn(lines, '$')));
  for (const [at, condition] of conditions.entries()) {
    const readers = lines.slice(at + 1, lastReader(conditions, at) + 1);
    found.push(...groupsOf(condition, usesIn(readers, '%')));
  }
  return found;
}

/** The last line that may read a condition's groups: the next condition that sets them anew, if there is one. */
function lastReader(conditions: readonly Entry[], at: number): number {
  for (let next = at + 1; next < conditions.length; next++) {
    const condition = conditions[next];
    const isAlternative = /[[,]\s*(?:OR|ornext)\s*[,\]]/i.test(conditions[next - 1]?.line.text ?? '');
    if (condition !== undefined && setsGroups(condition) && !isAlternative) return next;
  }
  return conditions.length;
}

function setsGroups({ line }: Entry): boolean {
  const [place] = regexPlaces(line);
  return place !== undefined && line.text[place.start - 1] !== '!';
}

interface LineUse extends Use {
  readonly entry: Entry;
}

function usesIn(entries: readonly Entry[], sign: '$' | '%'): readonly LineUse[] {
  return entries.flatMap((entry) =>
    backreferencesIn(entry)
      .filter((use) => use.sign === sign)
      .map((use) => ({ ...use, entry })),
  );
}

/** Every `$1` and `%1` that a line of mod_rewrite puts text in for. */
export function backreferencesIn({ line }: Entry): readonly Use[] {
  const { text } = line;
  const name = readWord(text, 0);
  const pieces = rewritePieces(text, name.next);
  const expanded = name.value.toLowerCase() === 'rewritecond' ? [pieces[0]] : [pieces[1], pieces[2]];
  return expanded.flatMap((piece) => (piece === undefined ? [] : usesBetween(text, piece, true)));
}

function usesBetween(text: string, { start, end }: Span, withPercent: boolean): Use[] {
  const uses: Use[] = [];
  for (let at = start; at + 1 < end; at++) {
    if (text[at] === '\\') at += 1;
    else if ((text[at] === '$' || (withPercent && text[at] === '%')) && /\d/.test(text[at + 1] ?? ''))
      uses.push({ sign: text[at] as Use['sign'], number: Number(text[at + 1]), start: at, end: at + 2 });
  }
  return uses;
}

/** RedirectMatch, SetEnvIf, Header edit: what stands behind the pattern uses its groups. */
function ownCaptures(entry: Entry): readonly CapturedGroup[] {
  const { line } = entry;
  const [place] = regexPlaces(line);
  if (entry.kind !== 'directive' || place === undefined || place.use === 'expression') return [];
  const rest = { start: place.end, end: line.text.length };
  const uses = usesBetween(line.text, rest, false).map((use) => ({ ...use, entry }));
  return groupsOf(entry, uses);
}

function groupsOf(entry: Entry, uses: readonly LineUse[]): readonly CapturedGroup[] {
  const [place] = regexPlaces(entry.line);
  if (place === undefined) return [];
  const spans = groupSpans(place);
  const numbers = new Set([...spans.keys(), ...uses.map(({ number }) => number)]);
  return [...numbers]
    .filter((number) => number <= HIGHEST)
    .sort((one, other) => one - other)
    .map((number) => {
      const span = number === 0 && place.isLiteral ? place : spans.get(number);
      return {
        number,
        group: span && spanInSource(entry.line, span.start, span.end),
        uses: uses
          .filter((use) => use.number === number)
          .map((use) => spanInSource(use.entry.line, use.start, use.end)),
      };
    });
}

/** The capturing groups of a pattern by number; offsets in the line's text. */
function groupSpans({ pattern, start, isLiteral, caseless }: RegexPlace): Map<number, Span> {
  const spans = new Map<number, Span>();
  if (!isLiteral) return spans;
  for (const node of nodesIn(parseRegex(pattern, { ...APACHE_REGEX, caseless }).ast.alternatives)) {
    if (node.kind === 'group' && node.type === 'capture' && !spans.has(node.number))
      spans.set(node.number, { start: start + node.start, end: start + node.end });
  }
  return spans;
}
