import type { AdviceRule } from '../rule';

/**
 * `-U` asks Apache whether a URL could be answered, but the lookup stops before anybody looks for the file: it is true
 * also for files that do not exist. `-f` with `%{REQUEST_FILENAME}` asks for the file.
 *
 * Bad:
 * ```apache
 * RewriteEngine On
 * RewriteCond %{REQUEST_URI} !-U
 * RewriteRule ^ index.php [L]
 * ```
 *
 * Good:
 * ```apache
 * RewriteEngine On
 * RewriteCond %{REQUEST_FILENAME} !-f
 * RewriteRule ^ index.php [L]
 * ```
 *
 * Manual: https://httpd.apache.org/docs/2.4/mod/mod_rewrite.html#rewritecond
 */
export const uriTest: AdviceRule = {
  code: 'rewrite.uri-test',
  title: 'The test -U is true for files that do not exist',
  severity: 'warning',
  *check(file) {
    for (const { rules } of file.rewrite) {
      for (const { directive, condition, second } of rules.flatMap(({ conditions }) => conditions)) {
        if (condition.test.kind !== 'subrequestUri') continue;
        const outcome = condition.isNegated
          ? 'this condition hardly ever holds'
          : 'this condition nearly always holds';
        yield {
          message: `-U is true for every URL that Apache would not forbid, also where no file is: ${outcome}. Use %{REQUEST_FILENAME} with -f.`,
          ...file.spanOf(directive, second.start, second.end),
        };
      }
    }
  },
};
