import type { Position, SelectionRange } from 'vscode-languageserver';
import type { SectionNode } from '../apache/syntax/tree';
import type { Span } from '../text/lines';
import { capturesOf } from './backreferences';
import { cursorAt, flagAt, variableAt } from './cursor';
import type { Entry, HtaccessDocument } from './document';
import { rewriteBlockOf } from './rewriteBlock';
import { argumentsSpan, wholeSpan } from './spans';

/** What grows around each position: word, argument, arguments, line, rule with its conditions, section, file. Never throws. */
export function selectionRanges(
  document: HtaccessDocument,
  positions: readonly Position[],
): SelectionRange[] {
  return positions.map((position) => selectionAt(document, position));
}

function selectionAt(document: HtaccessDocument, position: Position): SelectionRange {
  const empty = { start: position, end: position };
  if (document.isTooLarge) return { range: empty };
  const offset = document.offsetAt(position);
  const spans = [...spansAt(document, offset)].filter(({ start, end }) => start <= offset && offset <= end);
  let around: SelectionRange | undefined;
  let last: Span | undefined;
  for (const span of growing(spans).reverse()) {
    if (last?.start === span.start && last.end === span.end) continue;
    const parent: { parent?: SelectionRange } = around === undefined ? {} : { parent: around };
    around = { range: document.rangeOf(span), ...parent };
    last = span;
  }
  return around ?? { range: empty };
}

/** Only spans that hold all before them. */
function growing(spans: readonly Span[]): Span[] {
  const kept: Span[] = [];
  for (const span of spans) {
    const inner = kept.at(-1);
    if (inner === undefined || (span.start <= inner.start && span.end >= inner.end)) kept.push(span);
  }
  return kept;
}

function* spansAt(document: HtaccessDocument, offset: number): Generator<Span> {
  const { place, entry } = cursorAt(document, offset);
  if (place.kind === 'name') yield place.span;
  if (place.kind === 'argument' && entry !== undefined) {
    const { written, before, span } = place;
    const isFlags = place.index === 2 && place.directive.startsWith('rewrite');
    const part = variableAt(written, before) ?? (isFlags ? flagAt(written, before) : undefined);
    if (part !== undefined) yield { start: span.start + part.start, end: span.start + part.end };
    yield* groupsAround(document, entry, offset);
    const quote = /^(["']).*\1$/s.test(written) ? 1 : 0;
    yield { start: span.start + quote, end: span.end - quote };
    yield span;
    yield argumentsSpan(entry.line);
  }
  if (entry !== undefined) yield* linesAround(document, entry);
  yield { start: 0, end: document.source.length };
}

/** The groups of the pattern under the cursor, innermost first. */
function groupsAround(document: HtaccessDocument, entry: Entry, offset: number): readonly Span[] {
  const groups = capturesOf(document, entry).flatMap(({ group }) => (group === undefined ? [] : [group]));
  const holding = groups.filter(({ start, end }) => start <= offset && offset <= end);
  return holding.sort((one, other) => one.end - one.start - (other.end - other.start));
}

function* linesAround(document: HtaccessDocument, entry: Entry): Generator<Span> {
  yield wholeSpan(entry.line);
  const block = rewriteBlockOf(document, entry);
  const first = block?.conditions[0] ?? block?.rule;
  const last = block?.rule ?? block?.conditions.at(-1);
  if (first !== undefined && last !== undefined)
    yield { start: wholeSpan(first.line).start, end: wholeSpan(last.line).end };
  if (entry.kind === 'section') yield sectionSpan(entry);
  for (let around = entry.parent; around !== undefined; around = around.parent) {
    const { children } = around.node as SectionNode;
    const [head, tail] = [children[0], children.at(-1)];
    if (head !== undefined && tail !== undefined) yield { start: head.line.start, end: endOf(tail) };
    yield sectionSpan(around);
  }
}

function endOf(node: Entry['node']): number {
  return node.kind === 'section' ? (node.close?.end ?? node.line.end) : node.line.end;
}

function sectionSpan({ node, line }: Entry): Span {
  const { close } = node as SectionNode;
  return { start: wholeSpan(line).start, end: wholeSpan(close ?? line).end };
}
