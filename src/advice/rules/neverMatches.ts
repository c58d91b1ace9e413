import { isAtLeast } from '../../apache/host';
import type { AdviceFile } from '../file';
import { neverMatches, type Impossible } from '../neverMatches';
import type { FoundPattern } from '../read';
import type { AdviceRule } from '../rule';

/**
 * `^` stands for the beginning of the text and `$` for its end. A pattern that wants something before the one or behind
 * the other matches nothing: `shop^sale`, `^old$/page`. The characters themselves are written `\^` and `\$`.
 *
 * Bad:
 * ```apache
 * RewriteEngine On
 * RewriteRule ^old$/page$ /new [R=301,L]
 * ```
 *
 * Good:
 * ```apache
 * RewriteEngine On
 * RewriteRule ^old/page$ /new [R=301,L]
 * ```
 *
 * Manual: https://httpd.apache.org/docs/2.4/rewrite/intro.html#regex
 */
export const neverMatchesRule: AdviceRule = {
  code: 'regex.never-matches',
  title: 'A pattern that no text can match',
  severity: 'warning',
  *check(file) {
    const ends = { dollarEndOnly: isAtLeast(file.host, 41) };
    for (const found of file.regexes) {
      if (!ANCHOR_INSIDE.test(found.pattern)) continue;
      const reason = neverMatches(file.pattern(found.pattern), ends);
      if (reason !== undefined) yield { message: MESSAGES[reason], ...spanOf(file, found) };
    }
  },
};

/** Files with thousands of patterns have few with an anchor that is neither first nor last. */
const ANCHOR_INSIDE = /(?<=[^[])\^|\$.|\\[AzZ]/s;

const MESSAGES: Readonly<Record<Impossible, string>> = {
  beginning:
    'This pattern never matches: it wants something before "^", which is the very beginning. A "^" of the text itself is written "\\^".',
  end: 'This pattern never matches: it wants something behind "$", which is the very end. A "$" of the text itself is written "\\$".',
};

function spanOf(file: AdviceFile, { directive, pattern }: FoundPattern) {
  const at = directive.isLiteral ? directive.args.indexOf(pattern) : -1;
  return at < 0 ? file.wholeOf(directive) : file.spanOf(directive, at, at + pattern.length);
}
