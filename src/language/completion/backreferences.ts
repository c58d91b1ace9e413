import { CompletionItemKind } from 'vscode-languageserver';
import { textOfByteString } from '../../text/bytes';
import { capturesOf } from '../backreferences';
import type { ArgumentPlace } from '../cursor';
import type { Entry } from '../document';
import { regexPlaces } from '../regexPlaces';
import { rewriteBlockOf } from '../rewriteBlock';
import type { CompletionContext, Proposal } from './proposal';

/** Arguments of mod_rewrite in which groups are put in: the substitution and the flags of a rule, the text of a condition. */
export function takesGroups({ directive, index }: ArgumentPlace): boolean {
  return (directive === 'rewriterule' && index > 0) || (directive === 'rewritecond' && index === 0);
}

/** `$1` … and `%1` … where one of these signs was just written: the groups of the rule's pattern, and of the conditions before. */
export function backreferenceProposals(
  place: ArgumentPlace,
  entry: Entry,
  context: CompletionContext,
): { readonly proposals: readonly Proposal[]; readonly from: number } {
  const sign = place.written[place.before - 1];
  const none = { proposals: [], from: place.before };
  const isCondition = place.directive === 'rewritecond';
  if ((sign !== '$' && sign !== '%') || !takesGroups(place)) return none;
  const block = rewriteBlockOf(context.document, entry);
  const lines = sign === '$' ? (block?.rule === undefined ? [] : [block.rule]) : (block?.conditions ?? []);
  const before =
    isCondition && sign === '%' ? lines.filter(({ line }) => line.start < entry.line.start) : lines;
  const last = before.findLast(({ line }) => regexPlaces(line).length > 0);
  if (last === undefined) return none;
  const { source } = context.document;
  const own = capturesOf(context.document, last).filter(
    ({ group }) => group !== undefined && group.start >= last.line.start && group.end <= last.line.end,
  );
  const groups = own.map(({ number, group }): Proposal => ({
    label: `${sign}${number}`,
    kind: CompletionItemKind.Reference,
    detail: group === undefined ? '' : textOfByteString(source.slice(group.start, group.end)),
  }));
  const whole: Proposal = {
    label: `${sign}0`,
    kind: CompletionItemKind.Reference,
    detail: 'all that matched',
  };
  return {
    proposals: [...groups.filter(({ label }) => label !== whole.label), whole],
    from: place.before - 1,
  };
}
