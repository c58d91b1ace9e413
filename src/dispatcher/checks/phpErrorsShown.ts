import { languageOf } from '../language';
import { linesOf } from '../python';
import type { DispatcherCheck, Finding } from '../problem';

/**
 * PHP shows its errors in the page, with paths and sometimes passwords, to every visitor. With `log_errors` they are in
 * the error log.
 *
 * Bad: `ini_set('display_errors', '1');`. Good: `ini_set('display_errors', '0'); ini_set('log_errors', '1');`
 */
export const phpErrorsShown: DispatcherCheck = {
  code: 'php.errors-shown',
  title: 'Errors are shown to visitors',
  severity: 'warning',
  check(file) {
    if (languageOf(file) !== 'php') return undefined;
    return linesOf(file.text).flatMap(({ text, line }): Finding[] => {
      const found =
        /^\s*@?ini_set\(\s*(['"])display_errors\1\s*,\s*(['"]?)(1|on|true|yes|stdout)\2\s*\)/i.exec(text);
      if (!found) return [];
      const at = found[0].search(/ini_set/);
      const value = found[0].lastIndexOf(found[3] ?? '');
      const quotes = (found[2] ?? '').length;
      const place = (from: number, to: number) => ({
        start: { line, character: from },
        end: { line, character: to },
      });
      const off = { range: place(value - quotes, value + (found[3] ?? '').length + quotes), text: "'0'" };
      return [
        {
          message:
            'Visitors see the errors of the program, with paths on the server. Switch display_errors off; with log_errors they are in the error log.',
          range: place(at, found[0].length),
          fix: { kind: 'change', title: 'Show no errors to visitors', changes: [off] },
        },
      ];
    });
  },
};
