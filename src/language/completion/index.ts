import { CompletionItemKind, type CompletionItem, type Position } from 'vscode-languageserver';
import type { HostProfile } from '../../apache/host';
import type { Span } from '../../text/lines';
import { cursorAt, flagAt, variableAt, variableUse, type ArgumentPlace, type CursorPlace } from '../cursor';
import { directiveText } from '../directiveText';
import type { Entry, HtaccessDocument } from '../document';
import { flagSyntax } from '../hover';
import { CONDITION_FLAGS, findFlag, RULE_FLAGS, type RewriteFlag } from '../rewriteFlags';
import { STATUSES } from '../statusCodes';
import type { Usage } from '../usage';
import { variablesFor, type Variable, type VariableUse } from '../variables';
import { backreferenceProposals, takesGroups } from './backreferences';
import { environmentProposals } from './environment';
import { expressionProposals } from './expressions';
import { fileProposals } from './files';
import { headerNames } from './headers';
import { nameProposals } from './names';
import {
  toItems,
  words,
  type CompletionContext,
  type CompletionData,
  type FileLister,
  type Proposal,
} from './proposal';
import { handlerProposals, mediaTypeProposals, statusProposal, valueProposals } from './values';
import { lookup } from '../../text/lookup';

export type { CompletionData, FileLister } from './proposal';

/**
 * Characters that open the list by themselves: `<` sections, `/` closing tags and folders, `{` variables, `[` and
 * `,` flags, `=` the value of a flag, ` ` the next argument, `:` names in `%{ENV:…}`, `+` and `-` options, `.` extensions, `!` negations, `$` and `%` groups.
 * Each of them opens only the list that it stands for: a blank that indents a line opens none.
 */
export const TRIGGER_CHARACTERS = [
  '<',
  '/',
  '{',
  '[',
  ',',
  '=',
  ' ',
  ':',
  '+',
  '-',
  '.',
  '!',
  '$',
  '%',
] as const;

/** What completion may know beside the text. */
export interface CompletionOptions {
  /** The editor takes snippets. */
  readonly snippets?: boolean;
  /** The editor has the command `editor.action.triggerSuggest`. */
  readonly suggestsAgain?: boolean;
  /** The editor takes two ranges: with and without what is behind the cursor. */
  readonly insertsOrReplaces?: boolean;
  readonly files?: FileLister;
  /** Environment variables that other files of the site set; byte strings. */
  readonly environment?: readonly string[];
  /** What the files of the site use: it comes first. */
  readonly usage?: Usage;
  /** The character that opened the list by itself; absent when the user asked for it. */
  readonly trigger?: string;
}

const NOTHING_USED: Usage = { files: 0, counts: {} };

/** What could stand at a position, best first. Never throws; none inside comments. */
export function complete(
  document: HtaccessDocument,
  position: Position,
  {
    host,
    snippets = false,
    suggestsAgain = false,
    insertsOrReplaces = false,
    files,
    environment = [],
    usage = NOTHING_USED,
    trigger,
  }: CompletionOptions & { readonly host: HostProfile },
): CompletionItem[] {
  if (document.isTooLarge) return [];
  const offset = document.offsetAt(position);
  const context = {
    document,
    host,
    offset,
    snippets,
    suggestsAgain,
    insertsOrReplaces,
    files,
    environment,
    usage,
  };
  const cursor = cursorAt(document, offset);
  const { place } = cursor;
  if (place.kind === 'nothing' || (trigger !== undefined && !isMeant(trigger, place))) return [];
  if (place.kind === 'argument' && cursor.entry !== undefined) {
    const isGroup = trigger === '$' || trigger === '%';
    return isGroup ? groupItems(place, cursor.entry, context) : argumentItems(place, cursor.entry, context);
  }
  if (place.kind !== 'name') return [];
  const isTag = place.word.startsWith('<');
  // What stands behind a tag belongs to it.
  return toItems(nameProposals(cursor, place.word, context), tagSpan(place.span, isTag, context), {
    ...context,
    insertsOrReplaces: insertsOrReplaces && !isTag,
  });
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
  if (trigger === '$' || trigger === '%') return takesGroups(place);
  return trigger !== '<';
}

/** The bracket that an editor closed by itself behind a tag is replaced, too. */
function tagSpan({ start, end }: Span, isTag: boolean, { document, offset }: CompletionContext): Span {
  const behind = Math.max(end, offset);
  return { start, end: isTag && document.source[behind] === '>' ? behind + 1 : behind };
}

function argumentItems(place: ArgumentPlace, entry: Entry, context: CompletionContext): CompletionItem[] {
  const use = variableUse(place);
  const variable = variableAt(place.written, place.before);
  if (variable !== undefined) {
    if (use === undefined) return [];
    const proposals = insideBraces(variable, use, context);
    return toItems(proposals, part(place, variable.start, variable.end), context);
  }
  const references = groupItems(place, entry, context);
  if (references.length > 0) return references;
  const guard = GUARDED.has(place.directive) ? /^["']?env=!?/i.exec(place.written)?.[0] : undefined;
  if (guard !== undefined)
    return toItems(
      environmentProposals(context, false),
      part(place, guard.length, place.written.length),
      context,
    );
  const flags = isFlagPlace(place) ? flagAt(place.written, place.before) : undefined;
  if (flags !== undefined) return flagItems(place, flags, context);
  return [
    ...startItems(place, context),
    ...environmentItems(place, context),
    ...valueItems(place, context),
    ...expressionItems(place, use, context),
    ...fileItems(place, context),
  ].map((item, at) => ({ ...item, sortText: String(at).padStart(4, '0') }));
}

/** The groups that can be used behind a `$` or `%`. */
function groupItems(place: ArgumentPlace, entry: Entry, context: CompletionContext): CompletionItem[] {
  const { proposals, from } = backreferenceProposals(place, entry, context);
  return toItems(proposals, part(place, from, place.before), context);
}

/** What can stand in `%{…}`; behind `ENV:`, `HTTP:` and their like the names that belong there. */
function insideBraces(
  { name, isClosed }: { readonly name: string; readonly isClosed: boolean },
  use: VariableUse,
  context: CompletionContext,
): Proposal[] {
  const prefix = /^[\w-]+:/.exec(name)?.[0] ?? '';
  const of = (proposals: readonly Proposal[]): Proposal[] =>
    proposals.map((one) => ({
      ...one,
      label: prefix + one.label,
      text: `${prefix}${one.label}${isClosed ? '' : '}'}`,
    }));
  switch (prefix.toUpperCase()) {
    case 'ENV:':
    case 'REQENV:':
      return of(environmentProposals(context, false));
    case 'HTTP:':
    case 'REQ:':
      return of(headerNames('request'));
    case 'SSL:':
      return of(words(SSL_VARIABLES, CompletionItemKind.Variable));
    case 'LA-U:':
    case 'LA-F:':
      return of(
        variablesFor(use, context.host).flatMap((one) =>
          one.name.endsWith(':') ? [] : variableProposal(one, true),
        ),
      );
    default:
      return variablesFor(use, context.host).map((one) => variableProposal(one, isClosed));
  }
}

/** What rules ask mod_ssl for. */
const SSL_VARIABLES = [
  'SSL_PROTOCOL', 'SSL_CIPHER', 'SSL_CIPHER_USEKEYSIZE', 'SSL_SESSION_ID', 'SSL_TLS_SNI', 'SSL_CLIENT_VERIFY', 'SSL_CLIENT_S_DN',
  'SSL_CLIENT_S_DN_CN', 'SSL_CLIENT_S_DN_Email', 'SSL_CLIENT_I_DN', 'SSL_CLIENT_M_SERIAL', 'SSL_CLIENT_V_START', 'SSL_CLIENT_V_END',
  'SSL_CLIENT_CERT', 'SSL_SERVER_S_DN', 'SSL_SERVER_S_DN_CN', 'SSL_SERVER_I_DN', 'SSL_SERVER_V_END', 'SSL_VERSION_LIBRARY',
]; // prettier-ignore

/** `Require env name`, the variables of SetEnv and its kind. */
function environmentItems(place: ArgumentPlace, context: CompletionContext): CompletionItem[] {
  const { directive, index, values, written } = place;
  const isRequired =
    directive === 'require' && values[values[0]?.toLowerCase() === 'not' ? 1 : 0]?.toLowerCase() === 'env';
  if (isRequired && index > 0 && index !== values.findIndex((one) => one.toLowerCase() === 'env'))
    return toItems(environmentProposals(context, false), place.span, context);
  if (directive === 'unsetenv') return toItems(environmentProposals(context, false), place.span, context);
  const from = lookup(SETS_FROM, directive);
  const isName = from !== undefined && (directive === 'setenv' ? index === 0 : index >= from);
  return isName && !written.includes('=')
    ? toItems(environmentProposals(context, true), place.span, context)
    : [];
}

/** Directives that take `env=name` at their end. */
const GUARDED: ReadonlySet<string> = new Set(['header', 'requestheader', 'allow', 'deny']);

/** The first argument that names a variable to be set. */
const SETS_FROM: Readonly<Record<string, number>> = {
  setenv: 0,
  setenvif: 2,
  setenvifnocase: 2,
  setenvifexpr: 1,
  browsermatch: 1,
  browsermatchnocase: 1,
};

function expressionItems(
  place: ArgumentPlace,
  use: VariableUse | undefined,
  context: CompletionContext,
): CompletionItem[] {
  if (use !== 'expression' || !isExpression(place)) return [];
  const { proposals, from } = expressionProposals(place, context.host);
  return toItems(proposals, part(place, from, place.before), context);
}

/** An argument that is an expression, not a text with `%{…}` in it. */
function isExpression({ directive, index, values, written }: ArgumentPlace): boolean {
  switch (directive) {
    case '<if':
    case '<elseif':
    case 'sslrequire':
      return true;
    case 'require':
      return index > 0 && values.some((one) => one.toLowerCase() === 'expr');
    case 'setenvifexpr':
      return index === 0;
    case 'rewritecond':
      return index === 1;
    default:
      return /^["']?expr=/.test(written);
  }
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
    const name = findFlag(key, isCondition)?.name ?? '';
    const proposals = isCondition ? [] : (flagValues(name, context) ?? []);
    return toItems(proposals, part(place, start + key.length + 1, end), context);
  }
  const known = isCondition ? CONDITION_FLAGS : RULE_FLAGS;
  return toItems(known.map(flagProposal), part(place, start, end), context);
}

/** What may stand behind a flag's `=`. */
function flagValues(name: string, context: CompletionContext): readonly Proposal[] | undefined {
  switch (name) {
    case 'R':
      return STATUSES.filter(({ code }) => code >= 300 && code !== 304).map(statusProposal);
    case 'E':
      return environmentProposals(context, true).map((one) => ({ ...one, text: `${one.label}:` }));
    case 'T':
      return mediaTypeProposals(context.host);
    case 'H':
      return handlerProposals(context.host);
    default:
      return undefined;
  }
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
