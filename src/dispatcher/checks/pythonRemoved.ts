import type { DispatcherFile } from '../file';
import { pythonScript, type PythonImport, type PythonScript } from '../python';
import { REMOVED_FUNCTIONS, REMOVED_MODULES } from '../pythonModules';
import type { DispatcherCheck, Finding } from '../problem';
import { lookup } from '../../text/lookup';

/**
 * Modules and functions that Python's library no longer has. The import fails when the program starts, and the server
 * answers 500 with "ModuleNotFoundError" in the main error log, which many hosts do not show. `cgi` and `cgitb`
 * went with Python 3.13, `imp`, `distutils` and `asyncore` with 3.12, `cgi.parse_qs` and `cgi.escape` with 3.8, and
 * `urllib2`, `StringIO` and others with Python 2. What stands in a `try:` is left alone, and so is what an older Python
 * is named for.
 *
 * Bad: `from cgi import parse_qs`. Good: `from urllib.parse import parse_qs`.
 */
export const pythonRemoved: DispatcherCheck = {
  code: 'python.removed',
  title: 'A module that Python no longer has',
  severity: 'warning',
  check(file) {
    const script = pythonScript(file);
    if (script === undefined) return undefined;
    return [...script.imports.flatMap((one) => ofImport(one, script, file)), ...ofCalls(script)];
  },
};

function ofImport(one: PythonImport, script: PythonScript, { facts, name }: DispatcherFile): Finding[] {
  const root = one.module.split('.')[0] ?? '';
  const removed = lookup(REMOVED_MODULES, root);
  if (removed === undefined)
    return one.names.flatMap((taken) => ofFunction(`${one.module}.${taken}`, one.range, script));
  const place = facts.pythonModule?.(root);
  if (place === 'beside' || isOlder(script, removed)) return [];
  const [major, minor, instead] = removed;
  // Python 2 has been gone for years, except where the line says "python": nobody knows what that is.
  const certain = minor === 0 && script.version?.[0] === 3;
  const since = minor === 0 ? 'Python 3' : `Python ${major}.${minor}`;
  const start = certain
    ? `Apache answers 500: "End of script output before headers: ${name}". `
    : `With ${since} or newer Apache answers 500: `;
  const message = `${start}${certain ? 'T' : 't'}here is no module ${root} since ${since}. Instead: ${instead}.`;
  return [{ message, range: one.range, ...(certain && { severity: 'error' }) }];
}

function ofCalls(script: PythonScript): Finding[] {
  return Object.keys(REMOVED_FUNCTIONS).flatMap((name) =>
    script
      .calls(new RegExp(name.replace('.', '\\.')))
      .flatMap(({ range }) => ofFunction(name, range, script)),
  );
}

function ofFunction(name: string, range: Finding['range'], script: PythonScript): Finding[] {
  const removed = lookup(REMOVED_FUNCTIONS, name);
  if (removed === undefined || isOlder(script, removed)) return [];
  const [major, minor, instead] = removed;
  const since = minor === 0 ? `Python ${major}` : `Python ${major}.${minor}`;
  return [{ message: `There is no ${name} since ${since}. Instead: ${instead}.`, range }];
}

/** The first line names a Python that still has it. */
function isOlder({ version }: PythonScript, [major, minor]: readonly [number, number, string]): boolean {
  if (version === undefined) return minor === 0;
  const [own, ownMinor] = version;
  return own < major || (own === major && ownMinor !== undefined && ownMinor < minor);
}
