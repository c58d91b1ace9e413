import type { HostProfile } from '../apache/host';
import { readWord } from '../apache/syntax/words';
import { fixFlags, fixOptions, fixSwitch, fixUnit, fixWords, insertFrom, moveComment } from './argumentFixes';
import { CATALOG, standingOf } from './catalog';
import { usualName } from './directiveText';
import { nearest } from './distance';
import type { Entry, HtaccessDocument } from './document';
import type { ByteEdit, ByteFix } from './problem';
import { fixClosingTag, fixOpenSection } from './sectionFixes';
import { indentOf, nameSpan, wholeSpan } from './spans';
import { BYTE_ORDER_MARK, type Refused } from './verdict';

/** Refusals that a comment behind the directive may have caused. */
const ABOUT_WORDS: ReadonlySet<string> = new Set(['apache.section', 'apache.arguments', 'apache.refused']);

/** What a click can do about Apache's refusal, the likeliest first. */
export function fixesOf(document: HtaccessDocument, refused: Refused, host: HostProfile): ByteFix[] {
  const { code, entry } = refused;
  if (entry === undefined) return [];
  const comment = ABOUT_WORDS.has(code) ? moveComment(document, entry) : [];
  // While its words are taken for arguments, nothing else helps.
  if (comment.length > 0) return comment;
  switch (code) {
    case 'apache.invalid-command':
      return [...removeMark(entry), ...respell(entry, host), ...wrap(document, refused)];
    case 'apache.section':
      if (!entry.line.text.endsWith('>')) return addBracket(entry);
      return entry.kind === 'section' ? fixOpenSection(document, entry) : fixClosingTag(document, entry);
    case 'apache.flag':
      return fixFlags(entry);
    case 'apache.arguments':
    case 'apache.refused':
      return [
        ...fixSwitch(entry, refused),
        ...fixOptions(entry),
        ...insertFrom(entry),
        ...fixUnit(entry),
        ...fixWords(entry, refused, host),
      ];
    default:
      return [];
  }
}

function removeMark({ line }: Entry): ByteFix[] {
  if (!line.text.startsWith(BYTE_ORDER_MARK)) return [];
  const { start } = nameSpan(line);
  const edits = [{ start, end: start + BYTE_ORDER_MARK.length, text: '' }];
  return [{ title: 'Remove the byte order mark', edits, isPreferred: true }];
}

/** A tag without the bracket at its end. */
function addBracket({ line }: Entry): ByteFix[] {
  const { end } = wholeSpan(line);
  return [{ title: 'Add >', edits: [{ start: end, end, text: '>' }], isPreferred: true }];
}

/** Names that resemble an unknown one and that the host takes. */
function respell(entry: Entry, host: HostProfile): ByteFix[] {
  const written = readWord(entry.line.text, 0).value;
  const word = written.replace(/>$/, '');
  if (CATALOG.has(word.toLowerCase()) || word.startsWith(BYTE_ORDER_MARK)) return [];
  const known = [...CATALOG.values()]
    .flat()
    .filter((registered) => standingOf(registered, host) === 'fine')
    .map(({ name }) => usualName(name));
  const { start, end } = nameSpan(entry.line);
  return nearest(word, new Set(known)).map((name, at) => ({
    title: `Change to ${name.replace(/^</, '')}`,
    edits: [{ start, end: end - (written.length - word.length), text: name }, ...closingTagToo(entry, name)],
    isPreferred: at === 0,
  }));
}

/** The closing tag of a misspelled section, which has the same mistake. */
function closingTagToo({ node }: Entry, name: string): ByteEdit[] {
  if (node.kind !== 'section' || node.close === undefined) return [];
  return [{ ...nameSpan(node.close), text: `</${name.slice(1)}>` }];
}

/** Puts the run of directives of a module that the host does not load into <IfModule>. */
function wrap(document: HtaccessDocument, { entry, judged }: Refused): ByteFix[] {
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
      isPreferred: true,
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
