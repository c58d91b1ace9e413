/**
 * Literal text that every match must have, taken from the tree without further analysis: a cheap test that most subjects fail, so
 * that thousands of rules over one URL cost next to nothing.
 */
import type { Node, Pattern } from './ast';
import type { Needs } from './index';

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

/** The same certainties as numbers. */
export function needsOf({ prefix, suffix, inner, caseless }: Prefilter): Needs {
  const head = caseless ? '' : prefix.slice(0, 4);
  return {
    letters: lettersOf(prefix) | lettersOf(suffix) | lettersOf(inner),
    head: headOf(head),
    headMask: head.length === 0 ? 0 : -1 >>> (8 * (4 - head.length)),
  };
}

/** `Needs.letters` of a subject: a pattern whose letters are not among them does not match. */
export function lettersOf(text: string): number {
  let letters = 0;
  for (let at = 0; at < text.length; at++) letters |= 1 << text.charCodeAt(at);
  return letters;
}

/** `Needs.head` of a subject: a pattern whose head differs in a known bit does not match. */
export function headOf(text: string): number {
  let head = 0;
  for (let at = Math.min(text.length, 4) - 1; at >= 0; at--) head = (head << 8) | text.charCodeAt(at);
  return head;
}
