import { mod_alias } from '../../apache/modules/mod_alias';
import type { AdviceRule } from '../rule';

/**
 * Redirect compares with the path of a URL; what follows the `?` is no part of it. A path with a query does not match it,
 * at most a `?` that is written `%3F` in the path. A condition of mod_rewrite can ask for the query.
 *
 * Bad:
 * ```apache
 * Redirect 301 /page.php?id=7 /seven
 * ```
 *
 * Good:
 * ```apache
 * RewriteEngine On
 * RewriteCond %{QUERY_STRING} ^id=7$
 * RewriteRule ^page\.php$ /seven? [R=301,L]
 * ```
 *
 * Manual: https://httpd.apache.org/docs/2.4/mod/mod_alias.html#redirect
 */
export const redirectQuery: AdviceRule = {
  code: 'redirect.query-in-path',
  title: 'A Redirect asks for a query string',
  severity: 'warning',
  *check(file) {
    const redirects = file.config.get(mod_alias)?.redirects ?? [];
    const wrong = new Set(
      redirects.flatMap(({ from, line }) => (from.kind === 'path' && /\?./.test(from.path) ? [line] : [])),
    );
    for (const directive of file.directives) {
      if (!wrong.has(directive.line.line) || !directive.name.startsWith('redirect')) continue;
      yield {
        message:
          'Redirect sees only the path of the URL, without "?" and what follows: it does not match a query. Use RewriteCond %{QUERY_STRING} and RewriteRule.',
        ...file.wholeOf(directive),
      };
    }
  },
};
