import {
  APACHE_REGEX,
  compileRegex,
  isRegexProblem,
  type Group,
  type Node,
  type Pattern,
} from '../../apache/regex';
import { nodesIn, sampleOf } from '../patterns';
import type { AdviceRule } from '../rule';

/**
 * A repeated group that can take the same text in many ways, as `(\w+\s?)*`, doubles the work with every further character
 * of a text that does not match in the end. PCRE2 gives up after ten million steps, and Apache takes that for "no match":
 * until then one request keeps a processor busy, and the rule is passed over.
 *
 * Said only where a text of thirty characters was found that takes more than a hundred thousand steps.
 *
 * Bad:
 * ```apache
 * RewriteEngine On
 * RewriteRule ^(([a-z]+)*)/edit$ /edit.php?page=$1 [L]
 * ```
 *
 * Good:
 * ```apache
 * RewriteEngine On
 * RewriteRule ^([a-z]*)/edit$ /edit.php?page=$1 [L]
 * ```
 *
 * Manual: https://httpd.apache.org/docs/2.4/rewrite/intro.html#regex
 */
export const exponential: AdviceRule = {
  code: 'regex.exponential',
  title: 'A pattern whose cost doubles with every character',
  severity: 'warning',
  *check(file) {
    let trials = MOST_TRIALS;
    const known = new Map<string, boolean>();
    for (const { directive, pattern } of file.regexes) {
      if (known.get(pattern) !== true && (known.has(pattern) || trials <= 0)) continue;
      const loops = [...nodesIn(file.pattern(pattern).alternatives)].filter(isSuspicious);
      if (loops.length === 0) continue;
      trials -= 1;
      const explodes =
        known.get(pattern) ?? loops.some((loop) => grows(file.pattern(pattern), loop as Repeated));
      known.set(pattern, explodes);
      if (!explodes) continue;
      yield {
        message:
          'The cost of this pattern doubles with every character of a text that does not match. PCRE2 gives up after ten million steps, and Apache takes that for no match: a single request can keep the server busy.',
        ...file.wholeOf(directive),
      };
    }
  },
};

/** Patterns that are tried on one file: each trial is bounded, so their number bounds the whole. */
const MOST_TRIALS = 20;
const STEPS = 100_000;
const LENGTH = 30;

type Repeated = Extract<Node, { kind: 'quantified' }> & { readonly item: Group };

/** A group that may be repeated without end and that holds a choice or another repetition. */
function isSuspicious(node: Node): boolean {
  if (
    node.kind !== 'quantified' ||
    node.max < LENGTH ||
    node.mode === 'possessive' ||
    node.item.kind !== 'group'
  )
    return false;
  if (node.item.alternatives.length > 1) return true;
  return [...nodesIn(node.item.alternatives)].some(
    (inner) => inner.kind === 'quantified' && inner.max !== inner.min,
  );
}

/** Tries texts that repeat what the group takes, with an end that fits nothing; what the rest of the pattern wants stands behind it. */
function grows({ source, alternatives }: Pattern, { item, start, end }: Repeated): boolean {
  const bounded = compileRegex(`(*LIMIT_MATCH=${STEPS})${source}`, APACHE_REGEX);
  if (isRegexProblem(bounded)) return false;
  const around =
    alternatives.find((items) => items.some((one) => one.start <= start && one.end >= end)) ?? [];
  const before = sampleOf([around.filter((one) => one.end <= start)]);
  const after = sampleOf([around.filter((one) => one.start >= end)]);
  for (const pump of new Set([sampleOf(item.alternatives), ...singleBytes(item)])) {
    if (pump === '') continue;
    const text = before + pump.repeat(Math.ceil(LENGTH / pump.length));
    for (const wrong of ['\0', '!'])
      if (bounded.exec(`${text}${wrong}${after}${wrong}`) === 'limit') return true;
  }
  return false;
}

/** One character of each part of the group. */
function singleBytes(group: Group): string[] {
  const found: string[] = [];
  for (const node of nodesIn(group.alternatives)) {
    if (found.length >= 4) break;
    if (node.kind === 'quantified') found.push(sampleOf([[node.item]]).slice(0, 8));
  }
  return found;
}
