import { fixOf, withoutFlag } from '../edits';
import type { AdviceRule } from '../rule';

/**
 * Apache refuses unknown flags of a RewriteRule, but not those that begin with D: it looks no further than that letter.
 * A misspelled `DPI` does nothing.
 *
 * Bad:
 * ```apache
 * RewriteEngine On
 * RewriteRule ^app(/.*)?$ index.php [DIP,L]
 * ```
 *
 * Good:
 * ```apache
 * RewriteEngine On
 * RewriteRule ^app(/.*)?$ index.php [DPI,L]
 * ```
 *
 * Manual: https://httpd.apache.org/docs/2.4/rewrite/flags.html
 */
export const unknownFlag: AdviceRule = {
  code: 'rewrite.unknown-flag',
  title: 'An unknown flag that Apache does not notice',
  severity: 'warning',
  *check(file) {
    for (const { rules } of file.rewrite) {
      for (const facts of rules) {
        for (const flag of facts.eachFlag) {
          if (!flag.name.startsWith('d') || KNOWN.has(flag.name)) continue;
          yield {
            message:
              'Apache knows no such flag. It takes every flag that begins with D without a word, and this one does nothing.',
            ...file.spanOf(facts.directive, flag.start, flag.end),
            ...fixOf('Remove the flag', withoutFlag(file, facts, flag)),
          };
        }
      }
    }
  },
};

const KNOWN: ReadonlySet<string> = new Set(['dpi', 'discardpath']);
