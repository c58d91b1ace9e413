import { readHtaccess, type ReadHtaccess } from '../apache/config/judge';
import { foreignEntry, foreignModule } from '../apache/foreign';
import type { HostProfile } from '../apache/host';
import type { Directive } from '../apache/modules/define';
import type { Site } from '../apache/site';
import { readWord, readWords, skipSpace } from '../apache/syntax/words';
import { textOfByteString } from '../text/bytes';
import type { Span } from '../text/lines';
import { directiveOn, type Judged } from './catalog';
import type { Entry, HtaccessDocument } from './document';
import { refusedArgument } from './refusedArgument';
import { argumentsSpan, nameSpan, wholeSpan } from './spans';

/** What kind of refusal it is; permanent. */
export type VerdictCode =
  | 'apache.invalid-command'
  | 'apache.not-allowed'
  | 'apache.section'
  | 'apache.arguments'
  | 'apache.flag'
  | 'apache.pattern'
  | 'apache.expression'
  | 'apache.line-too-long'
  | 'apache.refused';

/** Apache's refusal with its place in the file. */
export interface Refused {
  readonly code: VerdictCode;
  /** Apache's words, as ordinary text, without what cannot be shown. */
  readonly message: string;
  /** Why, where Apache's words do not say it; empty where they do. */
  readonly because: string;
  readonly span: Span;
  /** The refused line; undefined where Apache names none. */
  readonly entry: Entry | undefined;
  readonly judged: Judged;
}

/** Where the file lies. */
export interface Surroundings {
  /** Absolute path on the server of the folder, with a slash at its end; the host's tree root when absent. */
  readonly directory?: string;
  readonly site?: Site;
}

const NOTHING: Judged = { standing: 'unknown', registered: undefined };

/** Apache's first error; undefined for a file that it takes. */
export function refusalOf(
  document: HtaccessDocument,
  host: HostProfile,
  { directory = `${host.treeRoot}/`, site }: Surroundings,
): Refused | undefined {
  const place = site === undefined ? { directory } : { directory, site };
  const read = readHtaccess(document.source, host, place);
  if (read.verdict.ok) return undefined;
  const message = readable(read.verdict.message ?? '');
  const entry = refusedEntry(document, read);
  if (entry === undefined) {
    const end = document.source.length;
    const start = Math.min(document.tree.unread, end);
    const span = { start, end: firstLineEnd(document.source, start) };
    return { code: 'apache.line-too-long', message, because: '', span, entry, judged: NOTHING };
  }
  return { message, entry, ...classify(document, entry, host) };
}

function refusedEntry(document: HtaccessDocument, read: ReadHtaccess): Entry | undefined {
  return read.span === undefined ? undefined : document.entryAt(read.span.start);
}

function firstLineEnd(source: string, from: number): number {
  const end = source.indexOf('\n', from);
  return end < 0 ? source.length : end;
}

type Kind = Pick<Refused, 'code' | 'because' | 'span' | 'judged'>;

/** Finds out by itself what Apache stumbled over, in the order of Apache's own checks. */
function classify(document: HtaccessDocument, entry: Entry, host: HostProfile): Kind {
  const { line, node } = entry;
  const word = readWord(line.text, 0).value;
  const name = word.endsWith('>') ? word.slice(0, -1) : word;
  const judged = directiveOn(host, name);
  const at = (code: VerdictCode, span: Span, because = ''): Kind => ({ code, span, because, judged });
  if (name.startsWith('</')) return at('apache.section', wholeSpan(line));
  if (line.text.startsWith(BYTE_ORDER_MARK)) return at('apache.invalid-command', nameSpan(line), WHY_MARK);
  if (judged.standing === 'unknown' || judged.standing === 'module-missing' || judged.standing === 'too-new')
    return at('apache.invalid-command', nameSpan(line), whyUnknown(judged, host, name));
  if (judged.standing !== 'fine') return at('apache.not-allowed', nameSpan(line), whyForbidden(judged));
  if (node.kind === 'section' && (!line.text.endsWith('>') || isOpen(document, entry)))
    return at('apache.section', nameSpan(line));
  const args = line.text.slice(readWord(line.text, 0).next);
  const found = refusedArgument(line, host);
  if (found !== undefined) return at(found.code, found.span, found.because);
  const isCounted = judged.registered !== undefined && !fits(judged.registered.directive, args);
  return at(isCounted ? 'apache.arguments' : 'apache.refused', argumentsSpan(line));
}

/** U+FEFF in UTF-8, which some editors put at the start of a file. */
export const BYTE_ORDER_MARK = '\u00EF\u00BB\u00BF';

const WHY_MARK =
  'The file begins with a byte order mark, which nobody sees and Apache takes for a part of the name.';

/** A section without closing tag, or one with a tag inside that closes something else. */
function isOpen({ entries }: HtaccessDocument, { node }: Entry): boolean {
  if (node.kind === 'section' && node.close === undefined) return true;
  const from = entries.findIndex((one) => one.node === node);
  for (let at = from + 1; at < entries.length; at++) {
    const inner = entries[at] as Entry;
    if (inner.node === node) return false;
    if (inner.node.kind === 'section' ? inner.node.close === undefined : inner.line.text.startsWith('</'))
      return true;
  }
  return true;
}

function whyUnknown({ standing, registered }: Judged, host: HostProfile, name: string): string {
  if (registered === undefined) {
    const module = foreignModule(name);
    if (module === undefined) return '';
    return `It belongs to ${module.name}. If your server has that, say so: ${foreignEntry(module)}.`;
  }
  if (standing === 'too-new') {
    return `${registered.name} exists since Apache 2.4.${registered.directive.since ?? 0}; the host has ${host.apache}.`;
  }
  return `${shown(registered.name)} belongs to ${registered.module.name}, which the host does not load.`;
}

function whyForbidden({ standing, registered }: Judged): string {
  if (registered === undefined) return '';
  const name = shown(registered.name);
  if (standing === 'server-only') return `${name} works in the server's own configuration only.`;
  return `${name} needs AllowOverride ${registered.directive.where.join(' or ')}, which the host does not grant.`;
}

const shown = (name: string): string => (name.startsWith('<') ? `${name}>` : name);

/** Numbers of arguments that each kind takes. */
const COUNTS: Readonly<Record<string, readonly [least: number, most: number]>> = {
  NO_ARGS: [0, 0],
  TAKE1: [1, 1],
  TAKE2: [2, 2],
  TAKE12: [1, 2],
  TAKE3: [3, 3],
  TAKE23: [2, 3],
  TAKE123: [1, 3],
  TAKE13: [1, 3],
  ITERATE: [1, Number.POSITIVE_INFINITY],
  ITERATE2: [2, Number.POSITIVE_INFINITY],
};

/** Whether the number of words (and On or Off for a flag) is what Apache asks for. */
function fits(directive: Directive<unknown>, args: string): boolean {
  if (directive.args === 'FLAG') return /^(?:on|off)$/i.test(readWord(args, 0).value);
  const count = readWords(args).length;
  if (directive.args === 'TAKE13' && count === 2) return false;
  const [least, most] = COUNTS[directive.args] ?? [0, Number.POSITIVE_INFINITY];
  return count >= least && count <= most && (count === 0 || readWord(args, skipSpace(args, 0)).value !== '');
}

/** Longest message that is shown whole. */
const MOST_SHOWN = 400;

/** A byte string from the file as text that can be shown: control characters by number, not longer than a few lines. */
export function readable(byteString: string): string {
  const text = textOfByteString(byteString).replaceAll(
    /[\u0000-\u0009\u000b-\u001f\u007f]/g,
    (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`,
  );
  return shortened(text);
}

/** A message that is not longer than a few lines: Apache's own may quote the whole file. */
export function shortened(text: string): string {
  return text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN)}…` : text;
}
