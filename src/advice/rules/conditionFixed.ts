import type { AdviceFile } from '../file';
import { fixedStart } from '../patterns';
import type { ConditionFacts } from '../rewriteScopes';
import type { AdviceRule } from '../rule';

/**
 * Some variables can have only few values, or always begin alike: `%{REQUEST_URI}` with a slash, `%{HTTPS}` is `on` or
 * `off`, `%{QUERY_STRING}` has no `?` at its beginning, `%{HTTP_HOST}` no `http://`. A pattern that overlooks it never
 * matches.
 *
 * Bad:
 * ```apache
 * RewriteEngine On
 * RewriteCond %{REQUEST_URI} ^admin
 * RewriteRule ^ - [F]
 * ```
 *
 * Good:
 * ```apache
 * RewriteEngine On
 * RewriteCond %{REQUEST_URI} ^/admin
 * RewriteRule ^ - [F]
 * ```
 *
 * Manual: https://httpd.apache.org/docs/2.4/mod/mod_rewrite.html#rewritecond
 */
export const conditionFixed: AdviceRule = {
  code: 'rewrite.condition-never-matches',
  title: 'A condition whose pattern can never match',
  severity: 'warning',
  *check(file) {
    for (const { rules } of file.rewrite) {
      for (const facts of rules.flatMap(({ conditions }) => conditions)) {
        const reason = whyNever(file, facts);
        if (reason === undefined) continue;
        const result = facts.condition.isNegated
          ? 'With the "!" the condition always holds.'
          : 'The condition never holds.';
        yield {
          message: `${reason} ${result}`,
          ...file.spanOf(facts.directive, facts.second.start, facts.second.end),
        };
      }
    }
  },
};

const ALL_VALUES: ReadonlyMap<string, readonly string[]> = new Map([
  ['%{HTTPS}', ['on', 'off']],
  ['%{REQUEST_SCHEME}', ['http', 'https']],
  ['%{IS_SUBREQ}', ['true', 'false']],
]);

function whyNever(file: AdviceFile, { condition }: ConditionFacts): string | undefined {
  const input = condition.input.toUpperCase();
  const { test } = condition;
  const values = ALL_VALUES.get(input);
  if (values !== undefined) {
    const matches = values.some((value) => takes(condition, value));
    return matches
      ? undefined
      : `${condition.input} is only ever ${values.map((value) => `"${value}"`).join(' or ')}.`;
  }
  if (test.kind !== 'regex') return undefined;
  const start = fixedStart(file.pattern(condition.pattern));
  if (start === undefined) return undefined;
  if (input === '%{REQUEST_URI}' && !start.has(47)) return '%{REQUEST_URI} always begins with a slash.';
  if (input === '%{QUERY_STRING}' && start.size === 1 && start.has(63))
    return '%{QUERY_STRING} does not include the "?" before it.';
  if (input === '%{HTTP_HOST}' && /^\^https?:/.test(condition.pattern))
    return '%{HTTP_HOST} is a name without "http://".';
  return undefined;
}

function takes({ test, pattern, noCase }: ConditionFacts['condition'], value: string): boolean {
  if (test.kind === 'regex') return test.regex.exec(value) instanceof Int32Array;
  if (test.kind !== 'string' || test.operator !== '=') return true;
  return noCase ? value === pattern.toLowerCase() : value === (pattern === '""' ? '' : pattern);
}
