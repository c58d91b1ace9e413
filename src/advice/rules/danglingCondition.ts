import type { AdviceRule } from '../rule';

/**
 * A RewriteCond belongs to the next RewriteRule of the same file and section. One that no rule follows is dropped without
 * a word.
 *
 * Bad:
 * ```apache
 * RewriteEngine On
 * RewriteRule ^ index.php [L]
 * RewriteCond %{REQUEST_FILENAME} !-f
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
export const danglingCondition: AdviceRule = {
  code: 'rewrite.dangling-condition',
  title: 'A RewriteCond without a RewriteRule',
  severity: 'warning',
  *check(file) {
    for (const { dangling, scope } of file.rewrite) {
      const where = scope.section === undefined ? 'file' : 'section';
      for (const { directive } of dangling) {
        yield {
          message: `No RewriteRule follows in this ${where}, so Apache drops the condition. It belongs before its rule.`,
          ...file.wholeOf(directive),
        };
      }
    }
  },
};
