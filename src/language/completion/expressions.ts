import { CompletionItemKind } from 'vscode-languageserver';
import { EXPR_NAMES, type ExprName } from '../../apache/expr';
import { patchOf, type HostProfile } from '../../apache/host';
import type { ArgumentPlace } from '../cursor';
import type { Proposal } from './proposal';

/** Functions and operators in our words, by their kind and name as Apache registers them. */
const MEANINGS: Readonly<Record<string, string>> = {
  'function req': "A header of the request; it is added to the answer's Vary.",
  'function http': "A header of the request; it is added to the answer's Vary.",
  'function req_novary': 'A header of the request, without Vary.',
  'function resp': 'A header of the answer.',
  'function reqenv': 'An environment variable of the request.',
  'function env': 'An environment variable, a note, or a variable of the server.',
  'function osenv': "A variable of the server's own process.",
  'function note': 'A note that a module left.',
  'function tolower': 'The text in lower case.',
  'function toupper': 'The text in upper case.',
  'function escape': 'The text with %xx for special characters.',
  'function unescape': 'The text without %xx; empty where that cannot be.',
  'function base64': 'The text in Base64.',
  'function unbase64': 'The text that was in Base64.',
  'function sha1': 'The SHA-1 sum in hexadecimal.',
  'function md5': 'The MD5 sum in hexadecimal.',
  'function ldap': 'The text, escaped for an LDAP filter.',
  'function SSL': 'A variable of mod_ssl.',
  'unary n': 'It is not empty.',
  'unary z': 'It is empty.',
  'unary T': 'It is not empty, `0`, `off`, `false` or `no`.',
  'unary e': 'It is there: a file, a folder or a link.',
  'unary d': 'It is a folder that exists.',
  'unary f': 'It is a file that exists.',
  'unary s': 'It is a file that is not empty.',
  'unary L': 'It is a symbolic link.',
  'unary h': 'It is a symbolic link.',
  'unary x': 'It is a file that may be executed.',
  'unary F': 'It is a file that the visitor may see (slow).',
  'unary U': 'It is a URL that the visitor may see (slow).',
  'unary A': 'It is a URL that the visitor may see (slow).',
  'unary R': "The visitor's address lies in this network: `-R '192.0.2.0/24'`.",
  'binary ipmatch':
    "The address on the left lies in the network on the right: `%{REMOTE_ADDR} -ipmatch '192.0.2.0/24'`.",
  'binary fnmatch':
    'The path on the left matches the pattern with `*` and `?` on the right, which stop at a slash.',
  'binary strmatch': 'The text on the left matches the pattern with `*` and `?` on the right.',
  'binary strcmatch': 'The same without regard to case.',
};

/** Operators that the grammar knows by itself. */
const OPERATORS: readonly (readonly [label: string, meaning: string])[] = [
  ['==', 'The texts are the same.'],
  ['!=', 'The texts differ.'],
  ['=~', 'The text matches a regular expression: `=~ /^www/`. With `i` behind it, without regard to case.'],
  ['!~', 'The text does not match a regular expression.'],
  ['-eq', 'The numbers are the same.'],
  ['-ne', 'The numbers differ.'],
  ['-lt', 'The number on the left is smaller.'],
  ['-le', 'The number on the left is smaller or the same.'],
  ['-gt', 'The number on the left is larger.'],
  ['-ge', 'The number on the left is larger or the same.'],
  ['-in', "The text is one of a list: `-in { 'GET', 'HEAD' }`."],
  ['&&', 'Both.'],
  ['||', 'One of both, or both.'],
  ['!', 'Not.'],
];

/** What can stand at the cursor of an expression, with the bytes of `written` that it replaces; nothing within its quoted texts. */
export function expressionProposals(
  place: ArgumentPlace,
  host: HostProfile,
): { readonly proposals: readonly Proposal[]; readonly from: number } {
  const typed = place.written.slice(0, place.before);
  const outer = /^["']?(?:expr=)?/.exec(typed)?.[0] ?? '';
  const inside = typed.slice(outer.length);
  const quote = outer.startsWith('"') ? "'" : '"';
  const isInText =
    inside.split(quote).length % 2 === 0 || (!/^["']/.test(outer) && inside.split("'").length % 2 === 0);
  const word = /-?\w*$/.exec(inside)?.[0] ?? '';
  if (isInText) return { proposals: [], from: place.before };
  return { proposals: proposalsFor(host, quote), from: place.before - word.length };
}

function proposalsFor(host: HostProfile, quote: string): Proposal[] {
  const loaded = new Set(['core', ...host.modules]);
  const patch = patchOf(host);
  const known = EXPR_NAMES.filter(
    ({ module, since, restricted }) => loaded.has(module) && since <= patch && restricted !== true,
  );
  const operators = OPERATORS.map(([label, documentation]): Proposal => ({
    label,
    documentation,
    kind: CompletionItemKind.Operator,
  }));
  return [...known.flatMap((name) => nameProposal(name, quote)), ...operators];
}

function nameProposal({ kind, name }: ExprName, quote: string): Proposal[] {
  const meaning = MEANINGS[`${kind} ${name}`];
  if (meaning === undefined) return [];
  const documentation = meaning;
  if (kind === 'function')
    return [{ label: name, text: `${name}(${quote}`, kind: CompletionItemKind.Function, documentation }];
  return [{ label: `-${name}`, kind: CompletionItemKind.Operator, documentation }];
}
