import { nodesOf, type Expr } from '../../apache/expr';
import type { RuleFacts } from '../rewriteScopes';
import type { AdviceFile } from '../file';
import type { AdviceRule, Finding } from '../rule';

/**
 * `RewriteCond expr` keeps the groups of a regular expression for `$1` (within the expression) and `%1` (in the rule). Where
 * the expression holds no regular expression, Apache reads memory that nobody has filled: the text is arbitrary, and
 * crashes of the server process were seen.
 *
 * Bad:
 * ```apache
 * RewriteEngine On
 * RewriteCond expr "%{REQUEST_METHOD} == 'POST'"
 * RewriteRule ^form$ /form-%1 [L]
 * ```
 *
 * Good:
 * ```apache
 * RewriteEngine On
 * RewriteCond expr "%{REQUEST_METHOD} =~ /^(POST)$/"
 * RewriteRule ^form$ /form-%1 [L]
 * ```
 *
 * Manual: https://httpd.apache.org/docs/2.4/expr.html#binops
 */
export const expressionCaptures: AdviceRule = {
  code: 'rewrite.expression-captures',
  title: 'A group of an expression that has no regular expression',
  severity: 'warning',
  *check(file) {
    for (const { rules } of file.rewrite) for (const facts of rules) yield* undefinedGroups(file, facts);
  },
};

function* undefinedGroups(
  file: AdviceFile,
  { directive, rule, second, conditions }: RuleFacts,
): Generator<Finding> {
  for (const { directive: at, condition, second: text } of conditions) {
    if (condition.test.kind !== 'expr' || !readsBeforeMatch(condition.test.expr)) continue;
    yield {
      message:
        'The expression uses a group ($1) before any regular expression has matched in it. Apache reads memory there that nobody has filled; its process may crash.',
      ...file.spanOf(at, text.start, text.end),
    };
  }
  const last = conditions.at(-1)?.condition;
  if (last?.test.kind !== 'expr' || last.isNegated || holdsMatch(last.test.expr)) return;
  const reference = /(?<!\\)%\d/.exec(rule.substitution);
  if (reference === null) return;
  const start = second.start + reference.index;
  yield {
    message: `${reference[0]} stands for a group of the expression before, which has no regular expression. Apache reads memory there that nobody has filled; its process may crash.`,
    ...file.spanOf(directive, start, start + 2),
  };
}

const holdsMatch = ({ root }: Expr): boolean => [...nodesOf(root)].some(({ kind }) => kind === 'match');

/** Whether a `$N` stands before the first regular expression, in the order in which Apache evaluates. */
function readsBeforeMatch({ root }: Expr): boolean {
  let reference = Infinity;
  let match = Infinity;
  for (const node of nodesOf(root)) {
    if (node.kind === 'backreference') reference = Math.min(reference, node.start);
    if (node.kind === 'regex') match = Math.min(match, node.start);
  }
  return reference < match;
}
