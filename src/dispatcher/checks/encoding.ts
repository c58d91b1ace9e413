import { firstLineOf } from '../file';
import { languageOf } from '../language';
import type { DispatcherCheck } from '../problem';

/**
 * Python reads its programs as UTF-8. A letter in another encoding (an "ü" as Windows or an old editor writes it) is a
 * syntax error, even in a comment, unless one of the first two lines names the encoding: `# -*- coding: latin-1 -*-`.
 */
export const encoding: DispatcherCheck = {
  code: 'python.encoding',
  title: 'Not UTF-8',
  severity: 'error',
  check(file) {
    if (file.isUtf8 || languageOf(file) !== 'python') return undefined;
    const [first = '', second = ''] = file.text.split('\n', 2);
    if (/^[ \t\f]*#.*?coding[:=][ \t]*[-\w.]+/m.test(`${first}\n${second}`)) return undefined;
    const message =
      `Apache answers 500: "End of script output before headers: ${file.name}". The file is not saved as UTF-8, and Python refuses it: ` +
      '"SyntaxError: Non-UTF-8 code". Save it with the encoding UTF-8.';
    return { message, range: firstLineOf(file) };
  },
};
