import type { ParameterInformation, Position, SignatureHelp } from 'vscode-languageserver';
import type { HostProfile } from '../apache/host';
import { directiveOn } from './catalog';
import { cursorAt, type ArgumentPlace } from './cursor';
import { syntaxOf } from './directiveText';
import type { HtaccessDocument } from './document';
import { lookup } from '../text/lookup';

/** Characters that show the signature, and show it again. */
export const SIGNATURE_AFTER = [' ', '\t'] as const;

/** The arguments of the directive that is being written, the one under the cursor marked; null elsewhere. Never throws. */
export function signatureHelp(
  document: HtaccessDocument,
  position: Position,
  host: HostProfile,
): SignatureHelp | null {
  if (document.isTooLarge) return null;
  const { place } = cursorAt(document, document.offsetAt(position));
  if (place.kind !== 'argument') return null;
  const { registered } = directiveOn(host, place.directive);
  if (registered === undefined) return null;
  const label = syntaxOf(registered);
  const parameters = parametersOf(label, place.directive);
  const active = activeParameter(place, label, parameters);
  const { summary } = registered.directive;
  if (parameters.length === 0 || active === undefined) return null;
  const documentation =
    summary === undefined ? {} : { documentation: { kind: 'markdown' as const, value: summary } };
  return {
    signatures: [{ label, parameters, ...documentation }],
    activeSignature: 0,
    activeParameter: active,
  };
}

/** The arguments of a line of syntax, as offsets in it; `…` belongs to the argument before it. */
function parametersOf(label: string, directive: string): ParameterInformation[] {
  const found: { start: number; end: number }[] = [];
  const end = directive.startsWith('<') ? label.length - 1 : label.length;
  let depth = 0;
  let start = label.indexOf(' ') + 1;
  if (start === 0) return [];
  for (let at = start; at <= end; at++) {
    if (label[at] === '[') depth += 1;
    if (label[at] === ']') depth -= 1;
    if (at < end && (label[at] !== ' ' || depth > 0)) continue;
    if (label.slice(start, at) === '…') found.splice(-1, 1, { start: found.at(-1)?.start ?? start, end: at });
    else if (at > start) found.push({ start, end: at });
    start = at + 1;
  }
  return found.map((span) => parameterOf(label.slice(span.start, span.end), span, directive));
}

function parameterOf(
  text: string,
  { start, end }: { readonly start: number; readonly end: number },
  directive: string,
): ParameterInformation {
  const name = /[a-z][\w-]*/i.exec(text)?.[0] ?? text;
  const value = lookup(MEANINGS, `${directive} ${name}`) ?? lookup(MEANINGS, name);
  return {
    label: [start, end],
    ...(value === undefined ? {} : { documentation: { kind: 'markdown', value } }),
  };
}

/** What arguments mean, by their name in the syntax; where it differs, with the directive before it. */
const MEANINGS: Readonly<Record<string, string>> = {
  'rewriterule pattern':
    'Regular expression for the path below this folder: no slash at its start, no query. `!` before it: where it does not match.',
  substitution:
    'The new path or URL. `$1`: a group of the pattern, `%1`: one of the last condition, `%{NAME}`: a variable, `-`: leave the URL as it is.',
  'rewriterule flags': 'In brackets, with commas and without blanks: `[R=301,L]`.',
  'rewritecond flags': 'In brackets: `[NC]`, `[OR]`, `[NV]`.',
  'rewritecond text': 'What is looked at: `%{HTTP_HOST}`, `%{REQUEST_FILENAME}`, `$1`, `%1`; or `expr`.',
  condition:
    'A regular expression, a test of a file (`-f`, `-d`), a comparison (`=text`, `-gt5`), or an expression after `expr`. `!` before it: the opposite.',
  status:
    'A number: `301` for ever, `302` for now, `410` gone. `permanent`, `temp`, `seeother` and `gone` are the same in words.',
  'errordocument status': 'The status from 400 to 599 that this page is for.',
  'errordocument text':
    'A path on this site (`/404.html`), a full URL (the visitor is redirected), or text in quotes.',
  'redirect path':
    'The start of the URL path, from the root of the site; whatever follows is appended to the new URL.',
  url: 'Where to: a full URL, or a path from the root of the site.',
  regex: 'A regular expression, as PCRE2 reads it.',
  'header action': '`set`, `append`, `merge`, `add`, `unset`, `edit`, `setifempty`, `note`, `echo`.',
  'requestheader action': '`set`, `append`, `merge`, `add`, `unset`, `edit`, `setifempty`.',
  'header always':
    '`always`: also for errors and for what programs answer. `onsuccess` (the usual): only for good answers.',
  'header name': 'The header, as `Cache-Control`.',
  'requestheader name': 'The header, as `X-Forwarded-Proto`.',
  env: 'Only where the variable is set (`env=NAME`, `env=!NAME`), or an expression holds (`"expr=…"`).',
  attribute:
    'A request header, or `Remote_Addr`, `Remote_Host`, `Request_Method`, `Request_Protocol`, `Request_URI`, `Server_Addr`; or a variable that was set before.',
  'media-type': 'As `text/css`.',
  period: '`"access plus 1 month"`, or seconds after access `A86400` or change `M86400`.',
  expression: 'As `"%{HTTP_HOST} == \'example.com\'"`.',
  provider:
    '`all granted`, `all denied`, `ip`, `host`, `user`, `group`, `valid-user`, `env`, `method`, `expr`.',
  'module-file': 'As `mod_rewrite.c`. `!` before it: where the server does not load it.',
};

/** First words that may be left out, by directive: how they look. */
const OPTIONAL_FIRST: Readonly<Record<string, RegExp>> = {
  header: /^(?:always|onsuccess)$/i,
  redirect: /^(?:\d{3}|permanent|temp|seeother|gone)$/i,
  redirectmatch: /^(?:\d{3}|permanent|temp|seeother|gone)$/i,
  require: /^not$/i,
};

/** The argument at the cursor; the last one stays where it may be repeated; undefined behind all arguments. */
function activeParameter(
  { directive, index, values }: ArgumentPlace,
  label: string,
  parameters: readonly ParameterInformation[],
): number | undefined {
  const first = lookup(OPTIONAL_FIRST, directive);
  const isLeftOut = first !== undefined && !first.test(values[0] ?? '') && (index > 0 || values.length > 0);
  const at = index + (isLeftOut ? 1 : 0);
  if (at < parameters.length) return at;
  const repeats =
    label.includes('…') || directive === '<if' || directive === '<elseif' || directive === 'require';
  return repeats ? parameters.length - 1 : undefined;
}
