import { registryFor } from '../apache/config/registry';
import type { HostProfile } from '../apache/host';
import type { SectionNode } from '../apache/syntax/tree';
import { readWord, readWords } from '../apache/syntax/words';
import { CATALOG, standingOf } from './catalog';
import { usualName } from './directiveText';
import { nearest } from './distance';
import type { Entry, HtaccessDocument } from './document';
import type { ByteEdit, ByteFix } from './problem';
import { RULE_FLAGS } from './rewriteFlags';
import { flagsIn, isFlagTaken } from './refusedArgument';
import { indentOf, nameSpan, rewritePieces, spanInSource, wholeSpan } from './spans';
import type { Refused } from './verdict';

/** What a click can do about Apache's refusal, the likeliest first. */
export function fixesOf(document: HtaccessDocument, refused: Refused, host: HostProfile): ByteFix[] {
  const { code, entry } = refused;
  if (entry === undefined) return [];
  switch (code) {
    case 'apache.invalid-command':
      return [...respell(entry, host), ...wrap(document, refused, host)];
    case 'apache.section':
      return entry.kind === 'section' ? closeAll(document, entry) : fixClosingTag(document, entry);
    case 'apache.flag':
      return fixFlags(entry);
    case 'apache.arguments':
    case 'apache.refused':
      return [...moveComment(document, entry), ...fixSwitch(entry, refused), ...fixOptions(entry)];
    default:
      return [];
  }
}

/** Names that resemble an unknown one and that the host takes. */
function respell({ line }: Entry, host: HostProfile): ByteFix[] {
  const word = readWord(line.text, 0).value.replace(/>$/, '');
  const known = [...CATALOG.values()]
    .flat()
    .filter((registered) => standingOf(registered, host) === 'fine')
    .map(({ name }) => usualName(name));
  if (CATALOG.has(word.toLowerCase())) return [];
  const span = nameSpan(line);
  const end = readWord(line.text, 0).value.endsWith('>') ? span.end - 1 : span.end;
  return nearest(word, new Set(known)).map((name, at) => ({
    title: `Change to ${name.replace(/^</, '')}`,
    edits: [{ start: span.start, end, text: name }],
    isPreferred: at === 0,
  }));
}

/** Puts the run of directives of a module that the host does not load into <IfModule>. */
function wrap(document: HtaccessDocument, { entry, judged }: Refused, host: HostProfile): ByteFix[] {
  const module = judged.registered?.module;
  if (entry === undefined || module === undefined || judged.standing !== 'module-missing') return [];
  if (entry.kind !== 'directive') return [];
  const last = lastOfModule(document, entry, module.name);
  const indent = indentOf(document.source, entry.line);
  const eol = document.lineEnd;
  const before = document.source.endsWith('\n') || last.line.end < document.source.length ? '' : eol;
  return [
    {
      title: `Wrap in <IfModule ${module.name}.c>`,
      edits: [
        {
          start: entry.line.start,
          end: entry.line.start,
          text: `${indent}<IfModule ${module.name}.c>${eol}`,
        },
        { start: last.line.end, end: last.line.end, text: `${before}${indent}</IfModule>${eol}` },
      ],
      isPreferred: registryFor(host).find(readWord(entry.line.text, 0).value) === undefined,
    },
  ];
}

function lastOfModule({ entries }: HtaccessDocument, first: Entry, module: string): Entry {
  let last = first;
  for (let at = entries.indexOf(first) + 1; at < entries.length; at++) {
    const entry = entries[at] as Entry;
    const name = readWord(entry.line.text, 0).value.toLowerCase();
    const isOfModule = CATALOG.get(name)?.some((registered) => registered.module.name === module) === true;
    if (entry.kind !== 'directive' || !isOfModule || entry.parent !== first.parent) break;
    last = entry;
  }
  return last;
}

/** Closes every section that stays open: before the closing tag of the one around it, or at the end. */
function closeAll(document: HtaccessDocument, entry: Entry): ByteFix[] {
  const open = document.entries.filter(
    (one) => one.kind === 'section' && (one.node as SectionNode).close === undefined,
  );
  if (open.length === 0) return fixInside(document, entry);
  const tags = new Map<number, string>();
  for (const one of open.reverse()) {
    const at = closingPlace(document, one);
    const text = `${indentOf(document.source, one.line)}</${(one.node as SectionNode).name}>${document.lineEnd}`;
    tags.set(at, (tags.get(at) ?? (needsLineEnd(document, at) ? document.lineEnd : '')) + text);
  }
  const edits = [...tags].map(([at, text]): ByteEdit => ({ start: at, end: at, text }));
  const names = open.map((one) => `</${(one.node as SectionNode).name}>`);
  const title = names.length > 2 ? `Add ${names.length} closing tags` : `Add ${names.join(' and ')}`;
  return [{ title, edits: edits.sort((a, b) => a.start - b.start), isPreferred: true }];
}

/** A closed section with a stray closing tag in it. */
function fixInside(document: HtaccessDocument, entry: Entry): ByteFix[] {
  const from = document.entries.indexOf(entry);
  const stray = document.entries
    .slice(from)
    .find((one) => one.kind === 'directive' && one.line.text.startsWith('</'));
  return stray === undefined ? [] : fixClosingTag(document, stray);
}

function closingPlace({ source }: HtaccessDocument, entry: Entry): number {
  for (let around = entry.parent; around !== undefined; around = around.parent) {
    const close = (around.node as SectionNode).close;
    if (close !== undefined) return close.start;
  }
  return source.length;
}

function needsLineEnd({ source }: HtaccessDocument, at: number): boolean {
  return at > 0 && source[at - 1] !== '\n';
}

/** A closing tag that closes nothing, or something else than the innermost section. */
function fixClosingTag(document: HtaccessDocument, entry: Entry): ByteFix[] {
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

/** Flags with blanks between them become one argument; a misspelled one gets names that resemble it. */
function fixFlags({ line }: Entry): ByteFix[] {
  const piece = rewritePieces(line.text, readWord(line.text, 0).next)[2];
  if (piece === undefined) return [];
  if (!piece.value.endsWith(']') || !piece.value.startsWith('[')) {
    const close = line.text.indexOf(']', piece.start);
    if (close < 0 && !piece.value.startsWith('[')) return inBrackets(line, piece);
    if (close < 0) return [];
    const span = spanInSource(line, piece.start, close + 1);
    const text = line.text.slice(piece.start, close + 1).replaceAll(/\s+/g, '');
    return [{ title: 'Remove the blanks between the flags', edits: [{ ...span, text }], isPreferred: true }];
  }
  const isCondition = readWord(line.text, 0).value.toLowerCase() === 'rewritecond';
  const flag = flagsIn(piece).find((one) => one.key !== '' && !isFlagTaken(one, isCondition));
  if (flag === undefined) return [];
  const span = spanInSource(line, flag.start, flag.start + flag.key.length);
  const known = RULE_FLAGS.flatMap(({ name, long }) => [name, long]).filter((name) =>
    isFlagTaken({ ...flag, key: name }, isCondition),
  );
  return nearest(flag.key, new Set(known)).map((name) => ({
    title: `Change to ${name}`,
    edits: [{ ...span, text: name }],
  }));
}

function inBrackets(
  line: Entry['line'],
  piece: { readonly start: number; readonly end: number; readonly value: string },
): ByteFix[] {
  const span = spanInSource(line, piece.start, piece.end);
  const isList = /^[A-Za-z]+(?:=[^,]*)?(?:,[A-Za-z]+(?:=[^,]*)?)*$/.test(piece.value);
  return isList
    ? [
        {
          title: 'Put the flags in brackets',
          edits: [{ ...span, text: `[${piece.value}]` }],
          isPreferred: true,
        },
      ]
    : [];
}

/** `Directive value # comment`: Apache has no comments behind directives. */
function moveComment({ source, lineEnd }: HtaccessDocument, { line }: Entry): ByteFix[] {
  if (line.firstLine !== line.line) return [];
  const words = readWords(line.text);
  const comment = words.find((word, at) => at > 0 && line.text[word.start] === '#');
  if (comment === undefined) return [];
  const start = spanInSource(line, comment.start, line.text.length).start;
  const before = line.text.slice(0, comment.start).trimEnd().length;
  const behind = spanInSource(line, 0, line.text.length).end;
  const text = `${indentOf(source, line)}${source.slice(start, behind)}${lineEnd}`;
  return [
    {
      title: 'Move the comment to a line of its own',
      edits: [
        { start: line.start, end: line.start, text },
        { start: spanInSource(line, 0, before).end, end: behind, text: '' },
      ],
      isPreferred: true,
    },
  ];
}

const YES = /^(?:true|yes|1|enabled?|an|oui)$/i;

/** A switch that is neither On nor Off. */
function fixSwitch({ line }: Entry, { judged }: Refused): ByteFix[] {
  if (judged.registered?.directive.args !== 'FLAG') return [];
  const name = readWord(line.text, 0);
  const word = readWord(line.text, name.next);
  if (word.value === '') return [];
  const span = spanInSource(line, word.start, word.end);
  const values = YES.test(word.value) ? ['On', 'Off'] : ['Off', 'On'];
  return values.map((text, at) => ({
    title: `Change to ${text}`,
    edits: [{ ...span, text }],
    isPreferred: at === 0 && (YES.test(word.value) || /^(?:false|no|0|disabled?)$/i.test(word.value)),
  }));
}

/** Options with and without sign in one line. */
function fixOptions({ line }: Entry): ByteFix[] {
  const [name, ...words] = readWords(line.text);
  if (name?.value.toLowerCase() !== 'options') return [];
  const bare = words.filter(({ value }) => !/^[+-]/.test(value));
  if (bare.length === 0 || bare.length === words.length) return [];
  if (bare.some(({ value }) => /^(?:all|none)$/i.test(value))) return [];
  const edits = bare.map((word) => {
    const { start } = spanInSource(line, word.start, word.end);
    return { start, end: start, text: '+' };
  });
  return [{ title: 'Put + before every option', edits, isPreferred: true }];
}
