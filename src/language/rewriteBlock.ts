import { readWord } from '../apache/syntax/words';
import type { Entry, HtaccessDocument } from './document';

/** A RewriteRule with the conditions that stand before it, in order. */
export interface RewriteBlock {
  readonly conditions: readonly Entry[];
  /** Undefined where the conditions belong to no rule. */
  readonly rule: Entry | undefined;
}

/** A directive's name in lower case; empty for anything else. */
export function directiveName({ kind, line }: Entry): string {
  return kind === 'directive' ? readWord(line.text, 0).value.toLowerCase() : '';
}

/** The rule that a RewriteRule or RewriteCond belongs to; undefined for any other line. */
export function rewriteBlockOf(document: HtaccessDocument, entry: Entry): RewriteBlock | undefined {
  const name = directiveName(entry);
  if (name !== 'rewriterule' && name !== 'rewritecond') return undefined;
  const siblings = document.entries;
  const at = document.indexOf(entry);
  const conditions: Entry[] = [];
  for (let before = at - 1; before >= 0; before--) {
    const one = siblings[before];
    if (one === undefined || endsBlock(one, entry)) break;
    if (directiveName(one) === 'rewritecond') conditions.unshift(one);
  }
  if (name === 'rewriterule') return { conditions, rule: entry };
  conditions.push(entry);
  for (let behind = at + 1; behind < siblings.length; behind++) {
    const one = siblings[behind];
    if (one === undefined || one.parent !== entry.parent || one.kind === 'section') break;
    if (directiveName(one) === 'rewriterule') return { conditions, rule: one };
    if (directiveName(one) === 'rewritecond') conditions.push(one);
  }
  return { conditions, rule: undefined };
}

/** Conditions reach up to the rule before, and to the edges of the section. */
function endsBlock(one: Entry, entry: Entry): boolean {
  return one.parent !== entry.parent || one.kind !== 'directive'
    ? one.kind !== 'comment' && one.kind !== 'blank'
    : directiveName(one) === 'rewriterule';
}
