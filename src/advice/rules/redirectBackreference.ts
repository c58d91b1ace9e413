import { mod_alias } from '../../apache/modules/mod_alias';
import { readWords } from '../../apache/syntax/words';
import type { AdviceRule } from '../rule';

/**
 * In the target of RedirectMatch `$2` stands for the second pair of parentheses of the pattern. Where there is none, Apache
 * puts nothing there.
 *
 * Bad:
 * ```apache
 * RedirectMatch 301 ^/news/(\d+)$ /archive/$1/$2
 * ```
 *
 * Good:
 * ```apache
 * RedirectMatch 301 ^/news/(\d+)/(\d+)$ /archive/$1/$2
 * ```
 *
 * Manual: https://httpd.apache.org/docs/2.4/mod/mod_alias.html#redirectmatch
 */
export const redirectBackreference: AdviceRule = {
  code: 'redirect.backreference',
  title: 'A $N of RedirectMatch without its group',
  severity: 'warning',
  *check(file) {
    const entries = new Map(
      (file.config.get(mod_alias)?.redirects ?? []).map((entry) => [entry.line, entry]),
    );
    for (const directive of file.directives) {
      const entry = directive.name === 'redirectmatch' ? entries.get(directive.line.line) : undefined;
      if (entry?.from.kind !== 'regex' || entry.target === undefined) continue;
      const { groupCount } = entry.from.regex;
      const missing = [...entry.target.matchAll(/\\.|\$(\d)/gs)].find(
        ([, number]) => Number(number) > groupCount,
      );
      const target = readWords(directive.args).at(-1);
      if (missing === undefined || target === undefined) continue;
      yield {
        message: `${missing[0]} is always empty: the pattern has ${groupCount === 0 ? 'no group' : `only ${groupCount === 1 ? 'one group' : `${groupCount} groups`}`}.`,
        ...file.spanOf(directive, target.start, target.end),
      };
    }
  },
};
