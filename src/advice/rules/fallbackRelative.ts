import { readWord } from '../../apache/syntax/words';
import { fixOf } from '../edits';
import type { AdviceRule } from '../rule';

/**
 * FallbackResource needs a URL path that begins with a slash. Apache takes a relative one as seen from the address that
 * was asked for: it works for `/page`, and `/news/page` ends in 500, since Apache then looks for the file in a folder that
 * does not exist, again and again.
 *
 * Bad:
 * ```apache
 * FallbackResource index.php
 * ```
 *
 * Good:
 * ```apache
 * FallbackResource /index.php
 * ```
 *
 * Manual: https://httpd.apache.org/docs/2.4/mod/mod_dir.html#fallbackresource
 */
export const fallbackRelative: AdviceRule = {
  code: 'dir.fallback-relative',
  title: 'FallbackResource with a relative path',
  severity: 'warning',
  *check(file) {
    for (const directive of file.directives) {
      if (directive.name !== 'fallbackresource') continue;
      const word = readWord(directive.args, 0);
      if (word.value === '' || word.value.startsWith('/') || word.value.toLowerCase() === 'disabled')
        continue;
      const span = file.spanOf(directive, word.start, word.end);
      yield {
        message:
          'Apache takes this as seen from the address that was asked for: it works for /page, but /news/page ends in 500. Begin it with a slash.',
        ...span,
        ...fixOf(
          `Put ${file.urlPath} before it`,
          directive.isLiteral && directive.args[word.start] !== '"'
            ? [{ start: span.start, end: span.start, text: file.urlPath }]
            : undefined,
        ),
      };
    }
  },
};
