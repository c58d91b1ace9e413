import type { AdviceRule } from '../rule';

/**
 * `[R=word]` takes `permanent`, `temp`, `seeother` or a number. Any other word is accepted and means 302, so a
 * misspelled `permanent` becomes a temporary redirect.
 *
 * Bad:
 * ```apache
 * RewriteEngine On
 * RewriteRule ^old$ /new [R=permanet,L]
 * ```
 *
 * Good:
 * ```apache
 * RewriteEngine On
 * RewriteRule ^old$ /new [R=permanent,L]
 * ```
 *
 * Manual: https://httpd.apache.org/docs/2.4/rewrite/flags.html#flag_r
 */
export const statusWord: AdviceRule = {
  code: 'rewrite.status-word',
  title: 'An unknown word for the status of a redirect',
  severity: 'warning',
  *check(file) {
    for (const { rules } of file.rewrite) {
      for (const { directive, eachFlag } of rules) {
        for (const { name, value, start, end } of eachFlag) {
          if ((name !== 'r' && name !== 'redirect') || value === '' || /^\d/.test(value)) continue;
          if (WORDS.has(value.toLowerCase())) continue;
          yield {
            message: `Apache does not know the word "${value}" here and redirects with 302. It knows permanent, temp, seeother and numbers.`,
            ...file.spanOf(directive, start, end),
          };
        }
      }
    }
  },
};

const WORDS: ReadonlySet<string> = new Set(['permanent', 'temp', 'seeother']);
