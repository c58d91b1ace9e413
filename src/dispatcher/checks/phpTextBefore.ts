import { languageOf } from '../language';
import type { DispatcherCheck } from '../problem';

/**
 * Between the `#!` line and `<?php` there is something, and be it an empty line: PHP sends it to the visitor before any
 * header can be set. "Cannot modify header information - headers already sent": no redirect, no cookie, no status.
 */
export const phpTextBefore: DispatcherCheck = {
  code: 'php.text-before',
  title: 'Text before <?php',
  severity: 'warning',
  check(file) {
    if (languageOf(file) !== 'php' || file.shebang === undefined) return undefined;
    const found = /^#![^\n]*\n((?:[ \t]*\r?\n)+)<\?php/.exec(file.text.slice(file.markLength));
    if (!found) return undefined;
    const count = (found[1] ?? '').split('\n').length - 1;
    const range = { start: { line: 1, character: 0 }, end: { line: 1, character: 0 } };
    const gone = { start: { line: 1, character: 0 }, end: { line: 1 + count, character: 0 } };
    return {
      message:
        'PHP sends the empty line before "<?php" to the visitor, and with it the headers: header(), cookies and redirects then fail.',
      range,
      fix: { kind: 'change', title: 'Remove the empty line', changes: [{ range: gone, text: '' }] },
    };
  },
};
