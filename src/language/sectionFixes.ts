import type { LogicalLine } from '../apache/syntax/lines';
import type { Node, SectionNode } from '../apache/syntax/tree';
import type { Entry, HtaccessDocument } from './document';
import type { ByteEdit, ByteFix } from './problem';
import { indentOf, wholeSpan } from './spans';

/** More open sections than this are no slip that a click can mend. */
const MOST_CLOSED = 50;

/** What mends a section whose end Apache does not find. */
export function fixOpenSection(document: HtaccessDocument, entry: Entry): ByteFix[] {
  const stray = strayTagBehind(document, entry);
  return stray === undefined
    ? closeAll(document)
    : [...fixClosingTag(document, stray), ...closeAll(document)];
}

/** The first closing tag behind a section's opening that closes nothing: most likely meant for it, and misspelled. */
export function strayTagBehind({ entries }: HtaccessDocument, entry: Entry): Entry | undefined {
  const from = entries.indexOf(entry);
  return entries.find((one, at) => at > from && one.kind === 'directive' && one.line.text.startsWith('</'));
}

/** Closes every section that stays open: before the closing tag of the one around it, or at the end. */
function closeAll(document: HtaccessDocument): ByteFix[] {
  const open = document.entries.filter(({ node, kind }) => kind === 'section' && closeOf(node) === undefined);
  if (open.length === 0 || open.length > MOST_CLOSED) return [];
  const tags = new Map<number, string>();
  for (const { parent, line, node } of open.reverse()) {
    const at = closingPlace(document, parent);
    const text = `${indentOf(document.source, line)}</${nameOf(node)}>${document.lineEnd}`;
    tags.set(at, (tags.get(at) ?? (needsLineEnd(document, at) ? document.lineEnd : '')) + text);
  }
  const edits = [...tags].map(([at, text]): ByteEdit => ({ start: at, end: at, text }));
  const names = open.map(({ node }) => `</${nameOf(node)}>`);
  const title = names.length > 2 ? `Add ${names.length} closing tags` : `Add ${names.join(' and ')}`;
  return [{ title, edits: edits.sort((a, b) => a.start - b.start), isPreferred: true }];
}

const closeOf = (node: Node): LogicalLine | undefined => (node.kind === 'section' ? node.close : undefined);
const nameOf = (node: Node): string => (node.kind === 'section' ? node.name : '');

/** Where a section ends at the latest: before the closing tag of the nearest one around it that has one. */
function closingPlace({ source }: HtaccessDocument, parent: Entry | undefined): number {
  for (let around = parent; around !== undefined; around = around.parent) {
    const close = closeOf(around.node);
    if (close !== undefined) return close.start;
  }
  return source.length;
}

function needsLineEnd({ source }: HtaccessDocument, at: number): boolean {
  return at > 0 && source[at - 1] !== '\n';
}

/** A closing tag that closes nothing, or something else than the innermost section. */
export function fixClosingTag(document: HtaccessDocument, entry: Entry): ByteFix[] {
  const span = wholeSpan(entry.line);
  const open = innermostOpen(entry);
  const line = { start: entry.line.start, end: entry.line.end, text: '' };
  const remove: ByteFix = { title: `Remove ${entry.line.text.slice(0, 40)}`, edits: [line] };
  if (open === undefined) return [{ ...remove, isPreferred: true }];
  const tag = `</${open.name}>`;
  const fixes: ByteFix[] = [
    { title: `Change to ${tag}`, edits: [{ ...span, text: tag }], isPreferred: true },
  ];
  if (entry.kind === 'close') {
    const text = `${indentOf(document.source, entry.line)}${tag}${document.lineEnd}`;
    fixes.unshift({ title: `Add ${tag} before it`, edits: [{ start: line.start, end: line.start, text }] });
  }
  return entry.kind === 'close' ? fixes : [...fixes, remove];
}

/** The section that Apache still has open where a closing tag stands; the tree may have closed it in passing. */
function innermostOpen(entry: Entry): SectionNode | undefined {
  let section = entry.parent?.node as SectionNode | undefined;
  if (entry.kind !== 'close') return section;
  for (
    let last = section?.children.at(-1);
    last?.kind === 'section' && last.close === undefined;
    last = last.children.at(-1)
  )
    section = last;
  for (const child of section?.children ?? [])
    if (child.kind === 'section' && child.close === undefined) section = child;
  return section;
}
