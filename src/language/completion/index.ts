import { CompletionItemKind, type CompletionItem, type Position } from 'vscode-languageserver';
import type { HostProfile } from '../../apache/host';
import type { Span } from '../../text/lines';
import { cursorAt, flagAt, variableAt, variableUse, type ArgumentPlace, type CursorPlace } from '../cursor';
import { directiveText } from '../directiveText';
import type { HtaccessDocument } from '../document';
import { flagSyntax } from '../hover';
import { CONDITION_FLAGS, findFlag, RULE_FLAGS, type RewriteFlag } from '../rewriteFlags';
import { STATUSES } from '../statusCodes';
import { variablesFor, type Variable } from '../variables';
import { fileProposals } from './files';
import { nameProposals } from './names';
import {
  toItems,
  type CompletionContext,
  type CompletionData,
  type FileLister,
  type Proposal,
} from './proposal';
import { statusProposal, valueProposals } from './values';

export type { CompletionData, FileLister } from './proposal';

/**
 * Characters that open the list by themselves: `<` sections, `/` closing tags and folders, `{` variables, `[` and
 * `,` flags, `=` the value of a flag, ` ` the next argument, `:` names in `%{ENV:…}`, `+` and `-` options, `.` extensions, `!` negations.
 * Each of them opens only the list that it stands for: a blank that indents a line opens none.
 */
export const TRIGGER_CHARACTERS = ['<', '/', '{', '[', ',', '=', ' ', ':', '+', '-', '.', '!'] as const;

/** What completion may know beside the text. */
export interface CompletionOptions {
  /** The editor takes snippets. */
  readonly snippets?: boolean;
  /** The editor has the command `editor.action.triggerSuggest`. */
  readonly suggestsAgain?: boolean;
  readonly files?: FileLister;
  /** The character that opened the list by itself; absent when the user asked for it. */
  readonly trigger?: string;
}

/** What could stand at a position, best first. Never throws; none inside comments. */
export function complete(
  document: HtaccessDocument,
  position: Position,
  {
    host,
    snippets = false,
    suggestsAgain = false,
    files,
    trigger,
  }: CompletionOptions & { readonly host: HostProfile },
): CompletionItem[] {
  if (document.isTooLarge) return [];
  const offset = document.offsetAt(position);
  const context: CompletionContext = { document, host, offset, snippets, suggestsAgain, files };
  const cursor = cursorAt(document, offset);
  const { place } = cursor;
  if (place.kind === 'nothing' || (trigger !== undefined && !isMeant(trigger, place))) return [];
  if (place.kind === 'argument') return argumentItems(place, context);
  return toItems(
    nameProposals(cursor, place.word, context),
    tagSpan(place.span, place.word, context),
    context,
  );
}

/** Adds the documentation of a directive to an item from `complete`. */
export function resolveCompletion(item: CompletionItem, host: HostProfile): CompletionItem {
  const name = (item.data as CompletionData | undefined)?.directive;
  const value = name === undefined ? undefined : directiveText(name, host);
  return value === undefined ? item : { ...item, documentation: { kind: 'markdown', value } };
}

/** Whether a character that opens lists by itself stands for one at this place. */
function isMeant(trigger: string, place: CursorPlace): boolean {
  if (place.kind === 'name') return place.word.startsWith('<') && (trigger === '<' || trigger === '/');
  if (place.kind !== 'argument') return false;
  if (trigger === '{' || trigger === ':') return variableAt(place.written, place.before) !== undefined;
  if (trigger === '[' || trigger === ',' || trigger === '=') return isFlagPlace(place);
  return trigger !== '<';
}

/** The bracket that an editor closed by itself behind a tag is replaced, too. */
function tagSpan({ start, end }: Span, word: string, { document, offset }: CompletionContext): Span {
  const isTag = word.startsWith('<');
  const behind = Math.max(end, offset);
  return { start, end: isTag && document.source[behind] === '>' ? behind + 1 : behind };
}

function argumentItems(place: ArgumentPlace, context: CompletionContext): CompletionItem[] {
  const use = variableUse(place);
  const variable = variableAt(place.written, place.before);
  if (variable !== undefined) {
    if (use === undefined) return [];
    const proposals = variablesFor(use, context.host).map((one) => variableProposal(one, variable.isClosed));
    return toItems(proposals, part(place, variable.start, variable.end), context);
  }
  const flags = isFlagPlace(place) ? flagAt(place.written, place.before) : undefined;
  if (flags !== undefined) return flagItems(place, flags, context);
  return [...startItems(place, context), ...valueItems(place, context), ...fileItems(place, context)].map(
    (item, at) => ({ ...item, sortText: String(at).padStart(4, '0') }),
  );
}

/** Bytes of what is written, as a span of the source. */
function part(place: ArgumentPlace, from: number, to: number): Span {
  return { start: place.span.start + from, end: place.span.start + to };
}

function variableProposal({ name, meaning }: Variable, isClosed: boolean): Proposal {
  const goesOn = name.endsWith(':');
  const text = isClosed || goesOn ? name : `${name}}`;
  return { label: name, kind: CompletionItemKind.Variable, text, documentation: meaning };
}

const isFlagPlace = ({ directive, index }: ArgumentPlace): boolean =>
  index === 2 && (directive === 'rewriterule' || directive === 'rewritecond');

function flagItems(
  place: ArgumentPlace,
  flag: NonNullable<ReturnType<typeof flagAt>>,
  context: CompletionContext,
): CompletionItem[] {
  const { key, value, start, end } = flag;
  const isCondition = place.directive === 'rewritecond';
  if (value !== undefined) {
    if (findFlag(key, isCondition)?.name !== 'R') return [];
    const redirects = STATUSES.filter(
      ({ code }) => (code >= 300 && code < 400 && code !== 304) || code >= 400,
    );
    return toItems(redirects.map(statusProposal), part(place, start + key.length + 1, end), context);
  }
  const known = isCondition ? CONDITION_FLAGS : RULE_FLAGS;
  return toItems(known.map(flagProposal), part(place, start, end), context);
}

function flagProposal(flag: RewriteFlag): Proposal {
  const { name, long, value, meaning } = flag;
  const needsValue = value !== undefined && !OPTIONAL_VALUES.has(name);
  return {
    label: name,
    kind: CompletionItemKind.EnumMember,
    detail: long === name ? meaning : `${long}: ${meaning}`,
    documentation: `${flagSyntax(flag)}\n\n${meaning}`,
    ...(needsValue ? { text: `${name}=` } : {}),
  };
}

const OPTIONAL_VALUES: ReadonlySet<string> = new Set(['R', 'N', 'B']);

/** How an empty argument of the rewrite directives may begin. */
function startItems(place: ArgumentPlace, context: CompletionContext): CompletionItem[] {
  if (place.written !== '') return [];
  if (isFlagPlace(place)) {
    const flags =
      place.directive === 'rewritecond'
        ? ['[NC]', '[OR]', '[NC,OR]']
        : ['[L]', '[R=301,L]', '[R=302,L]', '[F]', '[QSA,L]', '[END]'];
    const proposals = flags.map((label): Proposal => ({ label, kind: CompletionItemKind.EnumMember }));
    return toItems(proposals, place.span, context);
  }
  if (place.directive === 'rewriterule') return toItems(RULE_STARTS[place.index] ?? [], place.span, context);
  if (place.directive !== 'rewritecond' || place.index !== 0) return [];
  const variables = variablesFor('rewrite', context.host).map(({ name, meaning }): Proposal => {
    const text = name.endsWith(':') ? `%{${name}` : `%{${name}}`;
    return { label: text, kind: CompletionItemKind.Variable, documentation: meaning };
  });
  return toItems(variables, place.span, context);
}

const RULE_STARTS: Readonly<Record<number, readonly Proposal[]>> = {
  0: [
    { label: '^', kind: CompletionItemKind.Text, detail: 'every request' },
    { label: '^(.*)$', kind: CompletionItemKind.Text, detail: 'every request, the path as $1' },
  ],
  1: [{ label: '-', kind: CompletionItemKind.Text, detail: 'leaves the URL as it is' }],
};

function valueItems(place: ArgumentPlace, context: CompletionContext): CompletionItem[] {
  return toItems(valueProposals(place, context.host), place.span, context);
}

function fileItems(place: ArgumentPlace, context: CompletionContext): CompletionItem[] {
  if (context.files === undefined) return [];
  const { proposals, from } = fileProposals(place, context.files);
  return toItems(proposals, part(place, from, Math.max(from, place.written.length)), context);
}
