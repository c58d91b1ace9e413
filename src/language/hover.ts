import type { Hover, Position } from 'vscode-languageserver';
import type { HostProfile } from '../apache/host';
import { ALL_MODULES } from '../apache/modules/all';
import type { LogicalLine } from '../apache/syntax/lines';
import { readWord } from '../apache/syntax/words';
import { textOfByteString } from '../text/bytes';
import { capturedGroupAt } from './backreferences';
import { conditionTest, handlerMeaning } from './completion/values';
import { cursorAt, flagAt, variableAt, variableUse, type ArgumentPlace } from './cursor';
import { directiveText } from './directiveText';
import type { Entry, HtaccessDocument } from './document';
import { environmentNameAt, environmentNames, sameVariable } from './environmentNames';
import { findOption } from './options';
import { findFlag, type RewriteFlag } from './rewriteFlags';
import { regexPlaces } from './regexPlaces';
import { regexText } from './regexText';
import { nameSpan, offsetInText, spanInSource } from './spans';
import { findStatus } from './statusCodes';
import { findVariable } from './variables';
import { lookup } from '../text/lookup';

/** What is worth knowing of the word under the cursor, as Markdown; null for nothing. Never throws. */
export function hover(document: HtaccessDocument, position: Position, host: HostProfile): Hover | null {
  if (document.isTooLarge) return null;
  const { place, entry, offset } = cursorAt(document, document.offsetAt(position));
  if (entry === undefined) return null;
  if (place.kind === 'name' || entry.kind === 'close')
    return nameHover(document, { line: entry.line, offset }, host);
  if (place.kind !== 'argument' || place.written === '') return null;
  const found = argumentText(place, host);
  if (found === undefined)
    return (
      groupHover(document, entry, offset) ??
      environmentHover(document, offset) ??
      regexHover(document, entry.line, offset)
    );
  const start = place.span.start + found.start;
  const range = document.rangeOf({ start, end: place.span.start + found.end });
  return { contents: markdown(found.text), range };
}

/** A `$1` or `%1`: the group whose text it stands for. */
function groupHover(document: HtaccessDocument, entry: Entry, offset: number): Hover | null {
  const found = capturedGroupAt(document, entry, offset);
  const use = found?.uses.find(({ start, end }) => start <= offset && offset <= end);
  if (found === undefined || use === undefined) return null;
  const { group } = found;
  const text =
    group === undefined
      ? 'The pattern has no such group: this is always empty.'
      : `The text of \`${document.textOf(document.source.slice(group.start, group.end))}\` in line ${document.positionAt(group.start).line + 1}.`;
  return { contents: markdown(text), range: document.rangeOf(use) };
}

/** Most lines that are listed. */
const MOST_LINES = 8;

/** An environment variable: the lines of this file that set it. */
function environmentHover(document: HtaccessDocument, offset: number): Hover | null {
  const at = environmentNameAt(document, offset);
  if (at === undefined) return null;
  const set = environmentNames(document).filter(
    ({ name, role }) => role === 'set' && sameVariable(name, at.name),
  );
  if (at.isGuess === true && set.length === 0) return null;
  const lines = set.map(({ span }) => document.positionAt(span.start).line + 1);
  const listed = [...new Set(lines)].slice(0, MOST_LINES).join(', ');
  const where = lines.length === 0 ? 'No line of this file sets it.' : `Set in line ${listed}.`;
  const text = `Environment variable \`${document.textOf(at.name)}\`. ${where} After an internal redirect Apache calls it \`REDIRECT_${document.textOf(at.name)}\`.`;
  return { contents: markdown(text), range: document.rangeOf(at.span) };
}

/** A regular expression, part by part. */
function regexHover(document: HtaccessDocument, line: LogicalLine, offset: number): Hover | null {
  const at = offsetInText(line, offset);
  const place = regexPlaces(line).find(({ start, end }) => start <= at && at <= end);
  if (place === undefined || place.pattern === '') return null;
  const range = document.rangeOf(spanInSource(line, place.start, place.end));
  return { contents: markdown(regexText(place, place.isLiteral ? at - place.start : -1)), range };
}

/** A directive's name, or either tag of a section. */
function nameHover(
  document: HtaccessDocument,
  { line, offset }: { readonly line: LogicalLine; readonly offset: number },
  host: HostProfile,
): Hover | null {
  const span = nameSpan(line);
  if (offset < span.start || offset > span.end) return null;
  const name = readWord(line.text, 0).value.replace(/^<\//, '<').replace(/>$/, '');
  const text = directiveText(textOfByteString(name), host);
  return text === undefined ? null : { contents: markdown(text), range: document.rangeOf(span) };
}

const markdown = (value: string): { kind: 'markdown'; value: string } => ({ kind: 'markdown', value });

/** Text for a part of an argument; offsets in what is written. */
interface Found {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

function argumentText(place: ArgumentPlace, host: HostProfile): Found | undefined {
  return (
    variableText(place, host) ??
    flagText(place) ??
    statusText(place) ??
    optionText(place) ??
    testText(place) ??
    handlerText(place) ??
    moduleText(place, host)
  );
}

function variableText(place: ArgumentPlace, host: HostProfile): Found | undefined {
  const use = variableUse(place);
  const at = variableAt(place.written, Math.max(place.before, place.written.startsWith('%{') ? 2 : 0));
  if (use === undefined || at === undefined) return undefined;
  const variable = findVariable(at.name, use, host);
  if (variable === undefined) return undefined;
  const { start, end } = at;
  return {
    text: `\`%{${at.name}}\`\n\n${variable.meaning}`,
    start: start - 2,
    end: at.isClosed ? end + 1 : end,
  };
}

/** A flag as it is written, with its long name. */
export function flagSyntax({ name, long, value }: RewriteFlag): string {
  const short = value === undefined ? name : `${name}=${value}`;
  return long.toLowerCase() === name.toLowerCase() ? `\`[${short}]\`` : `\`[${short}]\` (${long})`;
}

function flagText(place: ArgumentPlace): Found | undefined {
  const { directive, index, written, before } = place;
  if (index !== 2 || (directive !== 'rewriterule' && directive !== 'rewritecond')) return undefined;
  const at = flagAt(written, Math.max(1, before));
  if (at === undefined) return undefined;
  const flag = findFlag(at.key, directive === 'rewritecond');
  if (flag === undefined) return undefined;
  const status = flag.name === 'R' && at.value !== undefined ? findStatus(at.value) : undefined;
  const more = status === undefined ? '' : `\n\n**${status.code} ${status.name}.** ${status.meaning}`;
  return { text: `${flagSyntax(flag)}\n\n${flag.meaning}${more}`, start: at.start, end: at.end };
}

const WITH_STATUS: ReadonlySet<string> = new Set(['redirect', 'redirectmatch', 'errordocument']);
const NAMED: Readonly<Record<string, string>> = {
  permanent: '301',
  temp: '302',
  seeother: '303',
  gone: '410',
};

function statusText({ directive, index, written }: ArgumentPlace): Found | undefined {
  if (index !== 0 || !WITH_STATUS.has(directive)) return undefined;
  const status = findStatus(lookup(NAMED, written.toLowerCase()) ?? written);
  if (status === undefined) return undefined;
  return {
    text: `**${status.code} ${status.name}.** ${status.meaning}`.trimEnd(),
    start: 0,
    end: written.length,
  };
}

function optionText({ directive, written }: ArgumentPlace): Found | undefined {
  if (directive !== 'options') return undefined;
  const sign = /^[+-]/.exec(written)?.[0] ?? '';
  const option = findOption(written.slice(sign.length));
  if (option === undefined) return undefined;
  const how =
    sign === '+'
      ? 'Added to what the server set.'
      : sign === '-'
        ? 'Taken away from what the server set.'
        : 'Without `+` or `-` the whole line replaces what the server set.';
  return { text: `**${option[0]}.** ${option[1]}\n\n${how}`, start: 0, end: written.length };
}

/** What RewriteCond tests instead of comparing with a pattern. */
function testText({ directive, index, written }: ArgumentPlace): Found | undefined {
  if (directive !== 'rewritecond' || index !== 1) return undefined;
  const meaning = conditionTest(written);
  return meaning === undefined
    ? undefined
    : { text: `\`${written}\` ${meaning}`, start: 0, end: written.length };
}

function handlerText({ directive, index, written }: ArgumentPlace): Found | undefined {
  if (index !== 0 || (directive !== 'sethandler' && directive !== 'addhandler')) return undefined;
  const name = written.replace(/^["']|["']$/g, '');
  const meaning = handlerMeaning(name);
  return meaning === undefined
    ? undefined
    : { text: `**${name}** ${meaning}`, start: 0, end: written.length };
}

function moduleText({ directive, written }: ArgumentPlace, host: HostProfile): Found | undefined {
  if (directive !== '<ifmodule') return undefined;
  const isNegated = written.startsWith('!');
  const name = written.replace(/^!/, '').replace(/\.c$/, '');
  const module = ALL_MODULES.find((one) => one.name === name || one.identifier === name);
  if (module === undefined) return undefined;
  const isLoaded = host.modules.includes(module.name);
  const text = `Your host ${isLoaded ? 'loads' : 'does not load'} ${module.name}: this section is ${isLoaded === isNegated ? 'left out' : 'read'}.`;
  return { text, start: 0, end: written.length };
}
