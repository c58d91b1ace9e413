import type { DispatcherCheck } from '../problem';

/**
 * `dispatcher.shebang-arguments`: `env` with more than the interpreter's name.
 *
 * Bad: `#!/usr/bin/env python3 -u`. Good: `#!/usr/bin/env -S python3 -u`, or `#!/usr/bin/python3 -u`.
 * Linux hands over everything after the interpreter as one argument (execve(2)), so env looks for a program
 * whose name is "python3 -u" and ends with exit code 127.
 */
export const shebangArguments: DispatcherCheck = {
  code: 'dispatcher.shebang-arguments',
  title: 'env with arguments',
  severity: 'error',
  check({ shebang, name }) {
    if (shebang === undefined || shebang.interpreter.split('/').at(-1) !== 'env') return undefined;
    const { argument, interpreter, range } = shebang;
    if (!/[ \t]/.test(argument) || /^(?:-[a-zA-Z]*S|--split-string)/.test(argument)) return undefined;
    const message =
      `Apache answers 500: "End of script output before headers: ${name}". Linux hands over "${argument}" as a single argument: ` +
      'env looks for a program of that name and ends with exit code 127. Write "env -S" before it, or the interpreter\'s full path.';
    const line = `#!${interpreter} -S ${argument}`;
    return { message, range, fix: { kind: 'first-line', title: 'Add -S', line } };
  },
};
