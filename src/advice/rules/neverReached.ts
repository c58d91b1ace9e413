import type { AdviceFile } from '../file';
import { matchesEverything } from '../patterns';
import type { RuleFacts, RewriteScope } from '../rewriteScopes';
import type { AdviceRule, Finding } from '../rule';

/**
 * A rule that matches every path, has no condition and ends the rules (`[L]`, `[END]`, `[F]`, `[G]`, `[P]`) leaves nothing
 * for the rules behind it, also not in the next round after its rewriting.
 *
 * Bad:
 * ```apache
 * RewriteEngine On
 * RewriteRule ^(.*)$ https://example.com/$1 [R=301,L]
 * RewriteRule ^old$ /new [R=301,L]
 * ```
 *
 * Good:
 * ```apache
 * RewriteEngine On
 * RewriteRule ^old$ /new [R=301,L]
 * RewriteRule ^(.*)$ https://example.com/$1 [R=301,L]
 * ```
 *
 * Manual: https://httpd.apache.org/docs/2.4/rewrite/flags.html#flag_l
 */
export const neverReached: AdviceRule = {
  code: 'rewrite.never-reached',
  title: 'Rules behind one that takes everything',
  severity: 'warning',
  *check(file) {
    for (const scope of file.rewrite) yield* unreachable(file, scope);
  },
};

function* unreachable(file: AdviceFile, { rules }: RewriteScope): Generator<Finding> {
  const at = rules.findIndex(
    (facts, index) => takesEverything(file, facts) && rules[index - 1]?.rule.flags.chain !== true,
  );
  const taker = rules[at];
  const next = rules[at + 1];
  if (taker === undefined || next === undefined) return;
  // A rule that skips others may jump over the one that takes everything.
  if (rules.slice(0, at).some(({ rule }) => rule.flags.skip > 0)) return;
  const line = taker.directive.line.line;
  const rest = rules.length - at - 2;
  yield {
    message: `Apache never comes to this rule${rest > 0 ? ` and the ${rest} behind it` : ''}: the rule in line ${line} matches every path, has no condition, and ends the rules.`,
    ...file.wholeOf(next.directive),
    related: [{ ...file.wholeOf(taker.directive), message: 'This rule takes everything.' }],
  };
}

function takesEverything(file: AdviceFile, { rule, conditions }: RuleFacts): boolean {
  const { flags } = rule;
  if (conditions.length > 0 || rule.isNegated || flags.ignoreOnSubrequest) return false;
  if (flags.newRound || flags.skip > 0 || flags.chain) return false;
  const ends = flags.last || flags.end || flags.hasStatus || flags.proxy || flags.passThrough;
  return ends && matchesEverything(file.pattern(rule.pattern));
}
