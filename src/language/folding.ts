import { FoldingRangeKind, type FoldingRange } from 'vscode-languageserver';
import type { SectionNode } from '../apache/syntax/tree';
import type { Entry, HtaccessDocument } from './document';
import { wholeSpan } from './spans';

/** What can be folded: sections up to their closing tag, comments of several lines, continued lines. */
export function foldingRanges(document: HtaccessDocument): FoldingRange[] {
  const ranges: FoldingRange[] = [];
  const add = (startLine: number, endLine: number, kind?: FoldingRangeKind): void => {
    if (endLine > startLine) ranges.push({ startLine, endLine, ...(kind === undefined ? {} : { kind }) });
  };
  let comment: { readonly first: number; last: number } | undefined;
  for (const entry of document.entries) {
    if (entry.kind === 'comment') {
      const { start, end } = document.rangeOf(wholeSpan(entry.line));
      if (comment === undefined) comment = { first: start.line, last: end.line };
      else comment.last = end.line;
      continue;
    }
    if (comment !== undefined) add(comment.first, comment.last, FoldingRangeKind.Comment);
    comment = undefined;
    if (!isFoldable(entry)) continue;
    const { start, end } = document.rangeOf(wholeSpan(entry.line));
    add(start.line, entry.kind === 'section' ? lastInside(document, entry) : end.line);
  }
  if (comment !== undefined) add(comment.first, comment.last, FoldingRangeKind.Comment);
  return ranges;
}

/** Most lines are not: where they lie in the editor need not be worked out. */
function isFoldable({ kind, line }: Entry): boolean {
  return kind === 'section' || (kind === 'directive' && line.firstLine < line.line);
}

/** The line before the closing tag; the tag's own line where the section is empty. */
function lastInside(document: HtaccessDocument, { node, line }: Entry): number {
  const { close } = node as SectionNode;
  const own = document.positionAt(wholeSpan(line).end).line;
  return close === undefined ? own : Math.max(own, document.positionAt(wholeSpan(close).start).line - 1);
}
