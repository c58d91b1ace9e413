import type { DispatcherCheck } from '../problem';

/**
 * The interpreter is not an absolute path.
 *
 * Bad: `#!python3`, `#!~/venv/bin/python`, `#!C:\Python\python.exe`. Good: `#!/usr/bin/env python3`, `#!/home/me/venv/bin/python`.
 * The kernel neither searches PATH nor knows `~`; it looks in the current folder, which for mod_fcgid is
 * the dispatcher's own. So `#!venv/bin/python` beside the dispatcher may work there and nowhere else: a warning only.
 */
export const shebangRelative: DispatcherCheck = {
  code: 'dispatcher.shebang-relative',
  title: 'An interpreter without its path',
  severity: 'error',
  check({ shebang, name }) {
    const interpreter = shebang?.interpreter ?? '';
    if (shebang === undefined || interpreter === '' || interpreter.startsWith('/')) return undefined;
    const { range } = shebang;
    if (/^[\w.-]+\//.test(interpreter))
      return { message: besideMessage(interpreter), range, severity: 'warning' };
    const message =
      `Apache answers 500: "End of script output before headers: ${name}". Linux does not search for "${interpreter}" (no PATH, no "~"): ` +
      'it cannot start the file (exit code 255). Write the full path, or "#!/usr/bin/env" and the name.';
    const isName = /^[\w.-]+$/.test(interpreter) && shebang.argument === '';
    if (!isName) return { message, range };
    const line = `#!/usr/bin/env ${interpreter}`;
    return { message, range, fix: { kind: 'first-line', title: `Write "${line}"`, line } };
  },
};

function besideMessage(interpreter: string): string {
  return (
    `"${interpreter}" is looked up in the current folder: it is found only where the web server starts the dispatcher in its own folder. ` +
    'Started from elsewhere, Apache answers 500. Write the full path.'
  );
}
