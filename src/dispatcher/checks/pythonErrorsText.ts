import { linesOf, pythonScript } from '../python';
import type { DispatcherCheck, Finding } from '../problem';

/**
 * Under flup6, `environ['wsgi.errors']` takes bytes only. A text breaks the thread that answers: the page arrives, but the
 * request is never ended, and Apache gives it up with 500 after 40 seconds of silence. Other servers, and the standard
 * itself (PEP 3333), want text, so print to `sys.stderr` instead; or take another server than flup6.
 *
 * Bad under flup6: `environ['wsgi.errors'].write('no user')`. Good: `print('no user', file=sys.stderr)`.
 */
export const pythonErrorsText: DispatcherCheck = {
  code: 'python.errors-text',
  title: 'Text to wsgi.errors under flup6',
  severity: 'error',
  check(file) {
    const script = pythonScript(file);
    if (script === undefined || !script.uses('flup') || file.facts.hasPythonPackage?.('flup6') !== true)
      return undefined;
    const code = linesOf(script.code);
    return linesOf(file.text).flatMap(({ text, line }): Finding[] => {
      const found = /\w+\[(["'])wsgi\.errors\1\]\.write\(\s*[fruFRU]{0,2}["']/.exec(text);
      // Where the code is blank, it stands in a comment or in a text.
      if (!found || code[line]?.text.charAt(found.index) !== text.charAt(found.index)) return [];
      const message =
        'With flup6, which is installed for this Python, a text to wsgi.errors keeps the request from ever ending: Apache answers 500 after 40 s. Print to sys.stderr.';
      const start = { line, character: found.index };
      return [{ message, range: { start, end: { line, character: found.index + found[0].length } } }];
    });
  },
};
