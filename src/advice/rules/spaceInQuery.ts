import { isAtLeast } from '../../apache/host';
import { fixOf, withFlag } from '../edits';
import type { AdviceFile } from '../file';
import { canHoldSpace, groupOf } from '../patterns';
import type { RuleFacts } from '../rewriteScopes';
import type { AdviceRule } from '../rule';

/**
 * Apache decodes the path before a rule sees it. Where a captured part with a blank (`%20` in the URL) is put into the
 * query of a rewritten URL, Apache since 2.4.56 refuses the request with 403 (AH10411). The flag B encodes the part again.
 *
 * Bad:
 * ```apache
 * RewriteEngine On
 * RewriteRule ^tag/(.*)$ tags.php?name=$1 [L]
 * ```
 *
 * Good:
 * ```apache
 * RewriteEngine On
 * RewriteRule ^tag/(.*)$ tags.php?name=$1 [B,L]
 * ```
 *
 * Manual: https://httpd.apache.org/docs/2.4/rewrite/flags.html#flag_b
 */
export const spaceInQuery: AdviceRule = {
  code: 'rewrite.space-in-query',
  title: 'A blank in a captured part is answered with 403',
  severity: 'information',
  *check(file) {
    if (!isAtLeast(file.host, 56)) return;
    for (const { rules } of file.rewrite) {
      for (const facts of rules) {
        const at = unescapedReference(file, facts);
        if (at === undefined) continue;
        const { substitution } = facts.rule;
        const start = facts.second.start + at;
        // B also encodes slashes: right for the value of a parameter, wrong for a path in the query.
        const isValue =
          substitution[at - 1] === '=' && !/\$\d/.test(substitution.slice(0, substitution.indexOf('?')));
        yield {
          message: `A blank in this part of the URL (%20) ends in 403: Apache (since 2.4.56) does not put it into a query. ${isValue ? 'The flag B encodes it.' : 'The flag BCTLS (since 2.4.57) encodes it.'}`,
          ...file.spanOf(facts.directive, start, start + 2),
          ...fixOf('Add the flag B', isValue ? withFlag(file, facts, 'B') : undefined),
        };
      }
    }
  },
};

/** Offset in the substitution of a `$N` in its query whose group can hold a blank. */
function unescapedReference(file: AdviceFile, { rule }: RuleFacts): number | undefined {
  const { substitution, flags, isNegated } = rule;
  if (flags.escapeBackreferences || flags.noSubstitution || isNegated || flags.proxy) return undefined;
  // What goes to the browser is encoded, unless NE forbids it.
  if (flags.redirect && !flags.noEscape) return undefined;
  if (/^https?:/i.test(substitution) && !flags.noEscape) return undefined;
  const question = substitution.indexOf('?');
  if (question < 0) return undefined;
  for (const match of substitution.slice(question).matchAll(/\$(\d)/g)) {
    const number = Number(match[1]);
    const pattern = file.pattern(rule.pattern);
    const group = number === 0 ? pattern : groupOf(pattern, number);
    if (group !== undefined && canHoldSpace(group.alternatives)) return question + match.index;
  }
  return undefined;
}
