import { absoluteLength } from '../../apache/modules/mod_rewrite/uri';
import type { AdviceFile } from '../file';
import { fixedStart } from '../patterns';
import type { RuleFacts } from '../rewriteScopes';
import type { AdviceRule, Finding } from '../rule';

/**
 * Inside `<If>` or `<Files>` a RewriteRule sees the whole path on the server's disk (`/home/you/public_html/old`), because
 * no folder is taken off. A pattern that begins with `^old` never matches, and a relative target becomes a broken URL
 * that Apache answers with 400.
 *
 * Bad:
 * ```apache
 * RewriteEngine On
 * <If "%{QUERY_STRING} =~ /old/">
 *   RewriteRule ^page$ /new [R=301,L]
 * </If>
 * ```
 *
 * Good:
 * ```apache
 * RewriteEngine On
 * RewriteCond %{QUERY_STRING} old
 * RewriteRule ^page$ /new [R=301,L]
 * ```
 *
 * Manual: https://httpd.apache.org/docs/2.4/mod/mod_rewrite.html#rewriterule
 */
export const sectionPath: AdviceRule = {
  code: 'rewrite.section-path',
  title: 'Rules in a section see the path on the disk',
  severity: 'warning',
  *check(file) {
    for (const { scope, rules } of file.rewrite) {
      if (scope.kind === 'directory') continue;
      for (const facts of rules) {
        const found = neverMatches(file, facts) ?? relativeTarget(file, facts);
        if (found !== undefined) yield found;
      }
    }
  },
};

function neverMatches(file: AdviceFile, { directive, rule, first }: RuleFacts): Finding | undefined {
  const start = fixedStart(file.pattern(rule.pattern));
  if (start === undefined || start.has(47) || rule.isNegated) return undefined;
  return {
    message:
      'In a section the rule sees the whole path on the disk, which begins with a slash: this pattern never matches.',
    ...file.spanOf(directive, first.start, first.end),
  };
}

function relativeTarget(file: AdviceFile, { directive, rule, second }: RuleFacts): Finding | undefined {
  const { substitution, flags } = rule;
  if (flags.noSubstitution || absoluteLength(substitution) > 0 || !/^[A-Za-z0-9._~-]/.test(substitution))
    return undefined;
  return {
    message: 'In a section Apache cannot complete a relative target and answers 400. Begin it with a slash.',
    ...file.spanOf(directive, second.start, second.end),
  };
}
