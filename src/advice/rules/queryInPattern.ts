import type { Node } from '../../apache/regex';
import type { AdviceFile } from '../file';
import { sequenceOf } from '../patterns';
import type { AdviceRule } from '../rule';

/**
 * A RewriteRule is asked about the path only; what follows the `?` of a URL is not part of it. A pattern with a query does
 * not match it, at most a `?` that is written `%3F` in the path. The query can be asked for by a condition on
 * `%{QUERY_STRING}`.
 *
 * Bad:
 * ```apache
 * RewriteEngine On
 * RewriteRule ^index\.php\?id=7$ /seven [R=301,L]
 * ```
 *
 * Good:
 * ```apache
 * RewriteEngine On
 * RewriteCond %{QUERY_STRING} ^id=7$
 * RewriteRule ^index\.php$ /seven? [R=301,L]
 * ```
 *
 * Manual: https://httpd.apache.org/docs/2.4/mod/mod_rewrite.html#rewriterule
 */
export const queryInPattern: AdviceRule = {
  code: 'rewrite.query-in-pattern',
  title: 'A pattern asks for a query string',
  severity: 'warning',
  *check(file) {
    for (const { rules } of file.rewrite) {
      for (const { directive, rule, first } of rules) {
        if (!holdsQuery(file, rule.pattern)) continue;
        yield {
          message:
            'A rule sees only the path of the URL, without "?" and what follows: this pattern does not match a query. Use RewriteCond %{QUERY_STRING}.',
          ...file.spanOf(directive, first.start, first.end),
        };
      }
    }
  },
};

/** A literal `?name=`, or a `?` that was meant so: `.php?name=`. */
function holdsQuery(file: AdviceFile, pattern: string): boolean {
  if (!pattern.includes('?') || !pattern.includes('=')) return false;
  const items = sequenceOf(file.pattern(pattern)) ?? [];
  return items.some((item, at) => {
    if (item.kind === 'literal') return /\?[A-Za-z_][\w-]*=/.test(item.text);
    return isOptionalLetter(item) && beginsWithName(items[at + 1]);
  });
}

const isOptionalLetter = (item: Node): boolean =>
  item.kind === 'quantified' &&
  item.min === 0 &&
  item.max === 1 &&
  item.mode === 'greedy' &&
  item.item.kind === 'literal';

const beginsWithName = (item: Node | undefined): boolean =>
  item?.kind === 'literal' && /^[A-Za-z_][\w-]*=/.test(item.text);
