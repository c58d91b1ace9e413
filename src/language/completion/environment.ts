import { CompletionItemKind } from 'vscode-languageserver';
import { textOfByteString } from '../../text/bytes';
import { environmentNames } from '../environmentNames';
import type { CompletionContext, Proposal } from './proposal';

/** Variables that Apache's own modules look at. */
const OF_APACHE: readonly (readonly [name: string, meaning: string])[] = [
  ['no-gzip', 'The answer is not compressed.'],
  ['gzip-only-text/html', 'Only HTML is compressed.'],
  ['force-response-1.0', 'The answer is HTTP/1.0.'],
  ['downgrade-1.0', 'The request is treated as HTTP/1.0.'],
  ['nokeepalive', 'The connection is closed after the answer.'],
  ['dont-vary', 'No Vary header is added by compression.'],
  ['no-cache', 'The answer is not cached by mod_cache.'],
  ['redirect-carefully', 'No redirect to the folder with a slash, but for GET.'],
];

/** Variables that can be asked for: those that this file and the others of its site set, and Apache's own. */
export function environmentProposals(
  { document, environment }: CompletionContext,
  isSet: boolean,
): Proposal[] {
  const own = environmentNames(document).filter(({ role }) => role === 'set');
  const names = new Map<string, string>();
  for (const { name } of own) names.set(name.toLowerCase(), name);
  for (const name of environment) if (!names.has(name.toLowerCase())) names.set(name.toLowerCase(), name);
  const proposals = Array.from(names.values(), (name): Proposal => ({
    label: textOfByteString(name),
    kind: CompletionItemKind.Variable,
  })).filter(({ label }) => /^[\w.-]+$/.test(label));
  if (!isSet) return proposals;
  const usual = OF_APACHE.map(([label, documentation]) => ({
    label,
    documentation,
    kind: CompletionItemKind.Constant,
  }));
  return [...proposals, ...usual.filter(({ label }) => !names.has(label))];
}
