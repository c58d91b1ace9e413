import { DocumentHighlightKind, type DocumentHighlight, type Position } from 'vscode-languageserver';
import type { SectionNode } from '../apache/syntax/tree';
import type { Span } from '../text/lines';
import { capturedGroupAt } from './backreferences';
import type { Entry, HtaccessDocument } from './document';
import { environmentNameAt, environmentNames, sameVariable } from './environmentNames';
import { nameSpan } from './spans';

/** What belongs to the place of the cursor: the other tag of a section, the group of a `$1` or `%1`, a variable. Never throws. */
export function documentHighlights(document: HtaccessDocument, position: Position): DocumentHighlight[] {
  if (document.isTooLarge) return [];
  const offset = document.offsetAt(position);
  const entry = document.entryAt(offset);
  if (entry === undefined || entry.kind === 'comment' || entry.kind === 'blank') return [];
  const marks = tags(entry, offset) ?? group(document, entry, offset) ?? variable(document, offset) ?? [];
  return marks.map(({ span, kind }) => ({ range: document.rangeOf(span), kind }));
}

interface Mark {
  readonly span: Span;
  readonly kind: DocumentHighlightKind;
}

const { Text, Read, Write } = DocumentHighlightKind;

function tags({ kind, node, line, parent }: Entry, offset: number): Mark[] | undefined {
  const own = nameSpan(line);
  if ((kind !== 'section' && kind !== 'close') || offset < own.start || offset > own.end) return undefined;
  const { close } = node as SectionNode;
  const opening = kind === 'section' ? line : parent?.line;
  return [opening, close].flatMap((tag) => (tag === undefined ? [] : [{ span: nameSpan(tag), kind: Text }]));
}

function group(document: HtaccessDocument, entry: Entry, offset: number): Mark[] | undefined {
  const found = capturedGroupAt(document, entry, offset);
  if (found === undefined) return undefined;
  const uses = found.uses.map((span) => ({ span, kind: Read }));
  return found.group === undefined ? uses : [{ span: found.group, kind: Write }, ...uses];
}

function variable(document: HtaccessDocument, offset: number): Mark[] | undefined {
  const at = environmentNameAt(document, offset);
  if (at === undefined) return undefined;
  return environmentNames(document)
    .filter(({ name }) => sameVariable(name, at.name))
    .map(({ span, role }) => ({ span, kind: role === 'use' ? Read : Write }));
}
