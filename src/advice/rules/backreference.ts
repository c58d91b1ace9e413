import type { AdviceFile } from '../file';
import type { RuleFacts } from '../rewriteScopes';
import type { AdviceRule, Finding } from '../rule';

/**
 * `$2` stands for the second pair of parentheses of the rule's pattern. Where there is none, Apache puts nothing there.
 * Behind a pattern with `!` no group ever matched.
 *
 * Bad:
 * ```apache
 * RewriteEngine On
 * RewriteRule ^news/(\d+)$ news.php?year=$1&month=$2 [L]
 * ```
 *
 * Good:
 * ```apache
 * RewriteEngine On
 * RewriteRule ^news/(\d+)/(\d+)$ news.php?year=$1&month=$2 [L]
 * ```
 *
 * Manual: https://httpd.apache.org/docs/2.4/rewrite/intro.html#regex
 */
export const backreference: AdviceRule = {
  code: 'rewrite.backreference',
  title: 'A $N without its group',
  severity: 'warning',
  *check(file) {
    for (const { rules } of file.rewrite) {
      for (const facts of rules) {
        yield* missing(file, facts, facts.directive, facts.second.start, facts.rule.substitution);
        for (const { directive, condition, first } of facts.conditions)
          if (condition.test.kind !== 'expr')
            yield* missing(file, facts, directive, first.start, condition.input);
      }
    }
  },
};

function* missing(
  file: AdviceFile,
  { rule }: RuleFacts,
  directive: RuleFacts['directive'],
  offset: number,
  text: string,
): Generator<Finding> {
  const { groupCount } = rule.regex;
  for (const { at, number } of references(text)) {
    if (rule.isNegated ? false : number <= groupCount) continue;
    const reason = rule.isNegated
      ? 'the pattern of the rule is negated, so nothing is captured'
      : `the pattern of the rule has ${groupCount === 0 ? 'no group' : groupCount === 1 ? 'only one group' : `only ${groupCount} groups`}`;
    yield {
      message: `$${number} is always empty: ${reason}.`,
      ...file.spanOf(directive, offset + at, offset + at + 2),
    };
  }
}

/** Every `$N` that Apache replaces; a backslash before it keeps it as it is. */
function* references(text: string): Generator<{ at: number; number: number }> {
  for (const match of text.matchAll(/\\.|\$(\d)/gs))
    if (match[1] !== undefined) yield { at: match.index, number: Number(match[1]) };
}
