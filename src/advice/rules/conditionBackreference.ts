import type { AdviceFile } from '../file';
import type { ConditionFacts, RuleFacts } from '../rewriteScopes';
import type { AdviceRule, Finding } from '../rule';

/**
 * `%1` stands for the first pair of parentheses of the last condition that matched by a pattern without `!`. Conditions
 * that compare or ask for files set nothing, and a later pattern without parentheses makes the earlier ones forgotten.
 *
 * Bad:
 * ```apache
 * RewriteEngine On
 * RewriteCond %{HTTP_HOST} ^(.+)\.example\.com$
 * RewriteCond %{QUERY_STRING} ^go$
 * RewriteRule ^ /sites/%1/ [L]
 * ```
 *
 * Good:
 * ```apache
 * RewriteEngine On
 * RewriteCond %{QUERY_STRING} ^go$
 * RewriteCond %{HTTP_HOST} ^(.+)\.example\.com$
 * RewriteRule ^ /sites/%1/ [L]
 * ```
 *
 * Manual: https://httpd.apache.org/docs/2.4/mod/mod_rewrite.html#rewritecond
 */
export const conditionBackreference: AdviceRule = {
  code: 'rewrite.condition-backreference',
  title: 'A %N without its group',
  severity: 'warning',
  *check(file) {
    for (const { rules } of file.rewrite) {
      for (const facts of rules) {
        yield* missing(file, facts, facts.conditions, {
          offset: facts.second.start,
          text: facts.rule.substitution,
        });
        for (const [at, { directive, condition, first }] of facts.conditions.entries()) {
          if (condition.test.kind === 'expr') continue;
          const before = facts.conditions.slice(Math.max(0, at - MOST_CONDITIONS), at);
          yield* missing(file, { directive }, before, { offset: first.start, text: condition.input });
        }
      }
    }
  },
};

/** Conditions looked back over: beyond, nothing is said, so that thousands of them cost no more than their number. */
const MOST_CONDITIONS = 50;

function* missing(
  file: AdviceFile,
  { directive }: Pick<RuleFacts, 'directive'>,
  conditions: readonly ConditionFacts[],
  { offset, text }: { readonly offset: number; readonly text: string },
): Generator<Finding> {
  if (!/%\d/.test(text) || conditions.length >= MOST_CONDITIONS) return;
  const most = mostGroups(conditions);
  for (const match of text.matchAll(/\\.|%(\d)/gs)) {
    const number = Number(match[1]);
    if (match[1] === undefined || number <= most) continue;
    const at = offset + match.index;
    const reason =
      most < 0
        ? 'no condition before it captures anything'
        : 'the last condition that matches by a pattern has no such group';
    yield { message: `%${number} is always empty: ${reason}.`, ...file.spanOf(directive, at, at + 2) };
  }
}

/** The most groups that the conditions can leave behind; -1 for none at all. */
function mostGroups(conditions: readonly ConditionFacts[]): number {
  let most = -1;
  for (let at = conditions.length - 1; at >= 0;) {
    let first = at;
    while (first > 0 && conditions[first - 1]?.condition.orNext === true) first -= 1;
    const joined = conditions.slice(first, at + 1).map(groupsLeft);
    most = Math.max(most, ...joined);
    // Whichever of them held, it set the groups anew.
    if (joined.every((groups) => groups >= 0)) return most;
    at = first - 1;
  }
  return most;
}

/** Groups that a condition leaves when it holds; -1 where it leaves the earlier ones alone. */
function groupsLeft({ condition }: ConditionFacts): number {
  if (condition.isNegated) return -1;
  if (condition.test.kind === 'regex') return condition.test.regex.groupCount;
  // What an expression leaves behind is the matter of a rule of its own.
  return condition.test.kind === 'expr' ? 9 : -1;
}
