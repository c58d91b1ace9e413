/**
 * Literal text that every match must have, taken from the tree without further analysis: a cheap test that most subjects fail, so
 * that thousands of rules over one URL cost next to nothing.
 */
import type { Node, Pattern } from './ast';

export interface Prefilter {
  /** Matches start only at the start of the subject. */
  readonly anchored: boolean;
  /** Text at the start of the subject; of an anchored pattern only. */
  readonly prefix: string;
  /** Text at the end of the subject. */
  readonly suffix: string;
  /** Text anywhere in the subject. */
  readonly inner: string;
  /** Case does not matter; the texts are in lower case. */
  readonly caseless: boolean;
}

const nothing: Prefilter = { anchored: false, prefix: '', suffix: '', inner: '', caseless: false };

/** What is certain about every match. */
export function prefilterOf(pattern: Pattern, dollarEndOnly: boolean): Prefilter {
  const [items] = pattern.alternatives;
  if (pattern.alternatives.length > 1 || pattern.bodyStart > 0 || items === undefined) return nothing;
  const first = items[0];
  const anchored =
    first?.kind === 'anchor' && (first.type === 'A' || (first.type === '^' && !first.multiline));
  let inner = '';
  let caseless = false;
  for (const item of items) {
    if (item.kind !== 'literal') continue;
    if (item.caseless) caseless = true;
    if (item.text.length > inner.length) inner = item.text;
  }
  const prefix = anchored ? textAt(items, 1) : '';
  const suffix = endsAtEnd(items, dollarEndOnly) ? textAt(items, items.length - 2) : '';
  if (!caseless) return { anchored, prefix, suffix, inner, caseless };
  return {
    anchored,
    prefix: prefix.toLowerCase(),
    suffix: suffix.toLowerCase(),
    inner: inner.toLowerCase(),
    caseless,
  };
}

function textAt(items: readonly Node[], index: number): string {
  const item = items[index];
  return item?.kind === 'literal' ? item.text : '';
}

function endsAtEnd(items: readonly Node[], dollarEndOnly: boolean): boolean {
  const last = items[items.length - 1];
  if (last?.kind !== 'anchor' || last.multiline) return false;
  return last.type === 'z' || (last.type === '$' && dollarEndOnly);
}

/** False when the subject certainly does not match from its start on. */
export function mayMatch(filter: Prefilter, subject: string): boolean {
  const text = filter.caseless ? subject.toLowerCase() : subject;
  if (filter.prefix !== '' && !text.startsWith(filter.prefix)) return false;
  if (filter.suffix !== '' && !text.endsWith(filter.suffix)) return false;
  return filter.inner === '' || filter.inner === filter.prefix || text.includes(filter.inner);
}
