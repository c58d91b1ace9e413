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
    const { start, end } = document.rangeOf(wholeSpan(entry.line));
    if (entry.kind === 'comment') {
      if (comment === undefined) comment = { first: start.line, last: end.line };
      else comment.last = end.line;
      continue;
    }
    if (comment !== undefined) add(comment.first, comment.last, FoldingRangeKind.Comment);
    comment = undefined;
    if (entry.kind === 'section') add(start.line, lastInside(document, entry));
    else if (entry.kind === 'directive') add(start.line, end.line);
  }
  if (comment !== undefined) add(comment.first, comment.last, FoldingRangeKind.Comment);
  return ranges;
}

/** The line before the closing tag; the tag's own line where the section is empty. */
function lastInside(document: HtaccessDocument, { node, line }: Entry): number {
  const { close } = node as SectionNode;
  const own = document.positionAt(wholeSpan(line).end).line;
  return close === undefined ? own : Math.max(own, document.positionAt(wholeSpan(close).start).line - 1);
}
