import { pythonScript, type PythonCall, type PythonScript } from '../python';
import type { DispatcherCheck, DispatcherFix, Finding } from '../problem';

/**
 * Visitors see the traceback of a failing page, with paths, source lines and the values of variables. `cgitb.enable()`
 * does that, `debug=True` does, and so does flup as long as it is not told otherwise: its `WSGIServer` shows an error page
 * made by `cgitb` (which Python 3.13 no longer has, so that the error page fails, too).
 *
 * Bad: `WSGIServer(application).run()` of flup. Good: `WSGIServer(application, debug=False).run()`.
 */
export const pythonTraceback: DispatcherCheck = {
  code: 'python.traceback-shown',
  title: 'Tracebacks are shown to visitors',
  severity: 'warning',
  check(file) {
    const script = pythonScript(file);
    if (script === undefined) return undefined;
    return [...ofCgitb(script), ...ofServers(script)];
  },
};

const SHOWN = 'Visitors see the traceback of a page that fails, with paths, source lines and values.';

function ofCgitb(script: PythonScript): Finding[] {
  return script
    .calls(/cgitb\.enable/)
    .filter(({ argumentText }) => !/^\s*(?:0|False)\b|\bdisplay\s*=\s*(?:0|False)\b/.test(argumentText))
    .map(({ range }) => ({ message: `${SHOWN} Without cgitb it is in the error log.`, range }));
}

function ofServers(script: PythonScript): Finding[] {
  const isFlup = script.uses('flup');
  if (!isFlup && !script.uses('fcgi')) return [];
  // A server class of one's own with an error page of its own.
  if (/^[ \t]+def[ \t]+error[ \t]*\(/m.test(script.code)) return [];
  return script.calls(/(?:\w+\.)*WSGIServer/).flatMap((call): Finding[] => {
    const debug = /\bdebug\s*=\s*(\w+)/.exec(call.argumentText)?.[1];
    if (debug !== undefined ? !/^(?:True|1)$/.test(debug) : !isFlup || /\*\*/.test(call.argumentText))
      return [];
    const message =
      debug === undefined
        ? `${SHOWN} That is how flup works unless it is told debug=False.`
        : `${SHOWN} Without debug=True it is in the error log.`;
    return [{ message, range: call.range, ...(debug === undefined && { fix: quiet(call) }) }];
  });
}

function quiet({ argumentText, end }: PythonCall): DispatcherFix {
  const comma = argumentText.trim() === '' ? '' : argumentText.trimEnd().endsWith(',') ? ' ' : ', ';
  const change = { range: { start: end, end }, text: `${comma}debug=False` };
  return { kind: 'change', title: 'Show no traceback to visitors', changes: [change] };
}
