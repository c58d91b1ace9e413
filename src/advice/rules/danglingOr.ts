import { fixOf, withoutFlag } from '../edits';
import type { AdviceRule } from '../rule';

/**
 * `[OR]` joins a condition to the next one. On the last condition of a rule it has nothing to be joined to, and Apache
 * then takes a false condition for a true one: the rule is applied although no condition holds.
 *
 * Bad:
 * ```apache
 * RewriteEngine On
 * RewriteCond %{HTTP_HOST} ^old\.example\.com$ [OR]
 * RewriteRule ^ https://example.com/ [R=301,L]
 * ```
 *
 * Good:
 * ```apache
 * RewriteEngine On
 * RewriteCond %{HTTP_HOST} ^old\.example\.com$
 * RewriteRule ^ https://example.com/ [R=301,L]
 * ```
 *
 * Manual: https://httpd.apache.org/docs/2.4/mod/mod_rewrite.html#rewritecond
 */
export const danglingOr: AdviceRule = {
  code: 'rewrite.dangling-or',
  title: 'OR on the last condition',
  severity: 'warning',
  *check(file) {
    for (const { rules } of file.rewrite) {
      for (const { conditions } of rules) {
        const last = conditions.at(-1);
        const flag = last?.eachFlag.findLast(({ name }) => name === 'or' || name === 'ornext');
        if (last === undefined || flag === undefined) continue;
        yield {
          message:
            'This is the last condition of the rule: with OR Apache applies the rule even if the condition does not hold.',
          ...file.spanOf(last.directive, flag.start, flag.end),
          ...fixOf('Remove the flag OR', withoutFlag(file, last, flag)),
        };
      }
    }
  },
};
