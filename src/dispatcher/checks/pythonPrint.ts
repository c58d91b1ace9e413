import { pythonScript } from '../python';
import type { DispatcherCheck, DispatcherFix, Finding } from '../problem';

/**
 * What a FastCGI program prints does not reach the visitor: Apache writes it into the main server's error log, without a
 * time, where many hosts do not show it. Started as a CGI program, the text comes before the header, and the page fails.
 * Print to `sys.stderr`, or to `environ['wsgi.errors']` while a request is answered.
 *
 * Bad: `print('starting')`. Good: `print('starting', file=sys.stderr)`.
 */
export const pythonPrint: DispatcherCheck = {
  code: 'python.print',
  title: 'Printing to standard output',
  severity: 'warning',
  check(file) {
    const script = pythonScript(file);
    if (script === undefined || !(script.uses('flup') || script.uses('fcgi'))) return undefined;
    const canName = script.uses('sys');
    return script.calls(/print/).flatMap(({ argumentText, range, end, isOutermost }): Finding[] => {
      if (!isOutermost || /\bfile\s*=/.test(argumentText)) return [];
      const message =
        'Under FastCGI this goes to the main error log of the server and not to a visitor; under CGI it comes before the header, and the page fails. Print to sys.stderr.';
      const comma = argumentText.trim() === '' ? '' : argumentText.trimEnd().endsWith(',') ? ' ' : ', ';
      const change = { range: { start: end, end }, text: `${comma}file=sys.stderr` };
      const fix: DispatcherFix = { kind: 'change', title: 'Print to sys.stderr', changes: [change] };
      return [{ message, range, ...(canName && { fix }) }];
    });
  },
};
