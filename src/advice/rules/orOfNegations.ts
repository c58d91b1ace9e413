import { fixOf, withoutFlag } from '../edits';
import type { AdviceFile } from '../file';
import { fixedStart } from '../patterns';
import type { ConditionFacts } from '../rewriteScopes';
import type { AdviceRule } from '../rule';

/**
 * "Not this or not that" is always true: no host is both `a.example.com` and `b.example.com`. Negated conditions on the
 * same text belong together without OR.
 *
 * Bad:
 * ```apache
 * RewriteEngine On
 * RewriteCond %{REMOTE_ADDR} !^192\.0\.2\.1$ [OR]
 * RewriteCond %{REMOTE_ADDR} !^198\.51\.100\.7$
 * RewriteRule ^admin - [F]
 * ```
 *
 * Good:
 * ```apache
 * RewriteEngine On
 * RewriteCond %{REMOTE_ADDR} !^192\.0\.2\.1$
 * RewriteCond %{REMOTE_ADDR} !^198\.51\.100\.7$
 * RewriteRule ^admin - [F]
 * ```
 *
 * Manual: https://httpd.apache.org/docs/2.4/mod/mod_rewrite.html#rewritecond
 */
export const orOfNegations: AdviceRule = {
  code: 'rewrite.or-of-negations',
  title: 'Negated conditions joined by OR are always true',
  severity: 'warning',
  *check(file) {
    for (const { rules } of file.rewrite) {
      for (const { conditions } of rules) {
        for (const [at, facts] of conditions.entries()) {
          const next = conditions[at + 1];
          const flag = facts.eachFlag.find(({ name }) => name === 'or' || name === 'ornext');
          if (next === undefined || flag === undefined || !excludeEachOther(file, facts, next)) continue;
          yield {
            message: `One of these two conditions always holds, since ${facts.condition.input} cannot be both: with OR the rule is not restricted at all.`,
            ...file.spanOf(facts.directive, flag.start, flag.end),
            related: [{ ...file.wholeOf(next.directive), message: 'The other condition.' }],
            ...fixOf('Remove the flag OR', withoutFlag(file, facts, flag)),
          };
        }
      }
    }
  },
};

/** Two negated patterns on the same text that surely match different ones: other first bytes, or two whole literal texts. */
function excludeEachOther(file: AdviceFile, a: ConditionFacts, b: ConditionFacts): boolean {
  const isSame = a.condition.isNegated && b.condition.isNegated && a.condition.input === b.condition.input;
  if (!isSame || a.condition.test.kind !== b.condition.test.kind) return false;
  const [textA, textB] = [wholeText(file, a), wholeText(file, b)];
  if (textA !== undefined && textB !== undefined) return textA.toLowerCase() !== textB.toLowerCase();
  if (a.condition.test.kind !== 'regex') return false;
  const startA = fixedStart(file.pattern(a.condition.pattern));
  const startB = fixedStart(file.pattern(b.condition.pattern));
  return startA !== undefined && startB !== undefined && ![...startA].some((byte) => startB.has(byte));
}

/** The only text that a condition compares with: `=text`, or `^text$`. */
function wholeText(file: AdviceFile, { condition }: ConditionFacts): string | undefined {
  if (condition.test.kind === 'string')
    return condition.test.operator === '=' ? condition.pattern : undefined;
  if (condition.test.kind !== 'regex') return undefined;
  const { alternatives } = file.pattern(condition.pattern);
  const items = alternatives[0] ?? [];
  const [open, close] = [items[0], items.at(-1)];
  const isWhole =
    alternatives.length === 1 && open?.kind === 'anchor' && close?.kind === 'anchor' && items.length > 2;
  if (!isWhole || open.type !== '^' || close.type !== '$') return undefined;
  const body = items.slice(1, -1);
  const text = body
    .map((item) => (item.kind === 'literal' ? item.text : item.kind === 'dot' ? '.' : '\0'))
    .join('');
  return text.includes('\0') ? undefined : text;
}
