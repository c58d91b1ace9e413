import { pythonScript } from '../python';
import { REMOVED_MODULES, STANDARD_MODULES } from '../pythonModules';
import type { DispatcherCheck, Finding } from '../problem';

/**
 * A module that the dispatcher imports is neither beside it nor installed for Python on this machine. Where it is written
 * otherwise than the file (`import App` for `app.py`), Windows and macOS find it and the server does not: 500. Where it is
 * a package, it must be installed on the server for the Python of the first line.
 *
 * Nothing is said of a script that changes `sys.path`.
 */
export const pythonImport: DispatcherCheck = {
  code: 'python.import-missing',
  title: 'An import that is not found',
  severity: 'information',
  check(file) {
    const script = pythonScript(file);
    const { pythonModule } = file.facts;
    if (script === undefined || pythonModule === undefined) return undefined;
    if (
      /\bsys\.path\b|\baddsitedir\b|\bactivate_this\b|\bos\.chdir\b|\bimportlib\b|\b__path__\b/.test(
        script.code,
      )
    )
      return undefined;
    return script.imports.flatMap(({ module, range }): Finding[] => {
      const root = module.split('.')[0] ?? '';
      if (root === '' || STANDARD_MODULES.has(root) || Object.hasOwn(REMOVED_MODULES, root)) return [];
      const place = pythonModule(root);
      if (place === 'beside' || place === 'installed') return [];
      if (place === 'other-case') {
        const message = `Apache answers 500: "End of script output before headers: ${file.name}". The module beside this file is written otherwise than "${root}"; Linux takes capitals for other letters.`;
        return [{ message, range, severity: 'error' }];
      }
      const message = `There is no module ${root} beside this file, and Python on this machine has none. The server must have it, or it answers 500.`;
      return [{ message, range }];
    });
  },
};
