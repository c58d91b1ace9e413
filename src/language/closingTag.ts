import type { Position } from 'vscode-languageserver';
import type { SectionNode } from '../apache/syntax/tree';
import type { Entry, HtaccessDocument } from './document';
import { indentOf } from './spans';

/**
 * The closing tag, with its indentation, that belongs below an empty line into which somebody has just come from the end of
 * an opening tag; undefined where the line before is none, or its section has an end already. Never throws.
 */
export function closingTagBelow(document: HtaccessDocument, { line }: Position): string | undefined {
  if (document.isTooLarge || line === 0) return undefined;
  const here = document.entryAt(document.offsetAt({ line, character: 0 }));
  if (here !== undefined && here.kind !== 'blank') return undefined;
  const before = document.offsetAt({ line: line - 1, character: Number.MAX_SAFE_INTEGER });
  const opening = document.entryAt(before);
  if (opening?.kind !== 'section' || !opening.line.text.endsWith('>') || hasEnd(opening)) return undefined;
  const { name } = opening.node as SectionNode;
  return document.textOf(`${indentOf(document.source, opening.line)}</${name}>`);
}

/** Where a section of the same name around it lacks its end, that one's tag was taken for this one's. */
function hasEnd({ node, parent }: Entry): boolean {
  const { close, name } = node as SectionNode;
  if (close === undefined) return false;
  for (let around = parent; around !== undefined; around = around.parent) {
    const outer = around.node as SectionNode;
    if (outer.close === undefined && outer.name.toLowerCase() === name.toLowerCase()) return false;
  }
  return true;
}
