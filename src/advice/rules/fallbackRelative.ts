import { readWord } from '../../apache/syntax/words';
import { fixOf } from '../edits';
import type { AdviceRule } from '../rule';

/**
 * FallbackResource takes a URL path from the root of the site. Apache accepts a relative one when it reads the file, and
 * then answers 500 to every address where no file is.
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
          'Apache answers 500 wherever no file is: FallbackResource needs a URL path that begins with a slash.',
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
