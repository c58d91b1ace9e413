import { absoluteLength, mayBecomeAbsolute } from '../../apache/modules/mod_rewrite/uri';
import type { AdviceFile } from '../file';
import { fixedStart } from '../patterns';
import { handsOn, hasNewRound, type RewriteScope, type RuleFacts } from '../rewriteScopes';
import type { AdviceRule, Finding } from '../rule';

/**
 * Inside `<If>` or `<Files>` a RewriteRule sees the whole path on the server's disk (`/home/you/public_html/old`), because
 * no folder is taken off. A pattern that begins with `^old` never matches there, and Apache cannot complete a relative
 * target: it answers 400, or redirects to an address that does not exist.
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
    for (const scope of file.rewrite) {
      if (scope.scope.kind === 'directory') continue;
      let seesDisk = !hasNewRound(scope);
      for (const facts of scope.rules) {
        const found = (seesDisk && neverMatches(file, facts)) || relativeTarget(file, scope, facts);
        if (found !== undefined) yield found;
        if (handsOn(facts)) seesDisk = false;
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

function relativeTarget(file: AdviceFile, scope: RewriteScope, facts: RuleFacts): Finding | undefined {
  const { substitution, flags } = facts.rule;
  if (flags.noSubstitution || absoluteLength(substitution) > 0 || mayBecomeAbsolute(substitution))
    return undefined;
  if (!/^[A-Za-z0-9._~-]/.test(substitution)) return undefined;
  // Rules behind may make a path of it yet.
  if (handsOn(facts) && facts !== scope.rules.at(-1)) return undefined;
  const leaves = flags.redirect || flags.proxy;
  if (leaves && (scope.base !== undefined || scope.options.mergeBase)) return undefined;
  const outcome = leaves ? 'it leads to an address that does not exist' : 'Apache answers 400';
  return {
    message: `In a section Apache cannot complete a relative target: ${outcome}. Begin it with a slash.`,
    ...file.spanOf(facts.directive, facts.second.start, facts.second.end),
  };
}
