import { isAtLeast } from '../../apache/host';
import { canHoldSpace, groupOf } from '../patterns';
import type { AdviceRule } from '../rule';

/**
 * Apache decodes the path before a rule sees it. Where a captured part with a question mark (`%3F` in the URL, as in the
 * page title "Why?") is put into the path of a rewritten URL, Apache since 2.4.60 refuses the request with 403 (AH10508).
 * Nearly every dispatcher rule is like that and few sites have such addresses, so this rule speaks only when asked for.
 *
 * Bad:
 * ```apache
 * RewriteEngine On
 * RewriteRule ^wiki/(.*)$ wiki.fcgi/$1 [L]
 * ```
 *
 * Good:
 * ```apache
 * RewriteEngine On
 * RewriteRule ^wiki/(.*)$ wiki.fcgi/$1 [B,L]
 * ```
 *
 * Manual: https://httpd.apache.org/docs/2.4/rewrite/flags.html#flag_unsafe_allow_3f
 */
export const questionMark: AdviceRule = {
  code: 'rewrite.question-mark',
  title: 'A question mark in a captured part is answered with 403',
  severity: 'off',
  *check(file) {
    if (!isAtLeast(file.host, 60)) return;
    for (const { rules } of file.rewrite) {
      for (const { directive, rule, second } of rules) {
        const { substitution, flags } = rule;
        if (flags.noSubstitution || flags.unsafeAllow3F || flags.escapeBackreferences || rule.isNegated)
          continue;
        const reference = /\$(\d)/.exec(substitution.split('?', 1)[0] ?? '');
        if (reference === null) continue;
        const pattern = file.pattern(rule.pattern);
        const group = reference[1] === '0' ? pattern : groupOf(pattern, Number(reference[1]));
        if (group === undefined || !canHoldSpace(group.alternatives)) continue;
        const start = second.start + reference.index;
        yield {
          message:
            'A question mark in this part of the URL (%3F) ends in 403 on Apache since 2.4.60. The flag B encodes it again; UnsafeAllow3F lets it through as the start of the query.',
          ...file.spanOf(directive, start, start + 2),
        };
      }
    }
  },
};
