import { firstLineOf } from '../file';
import type { DispatcherCheck } from '../problem';

/**
 * Git keeps one bit of a file's mode, "executable", and this file does not have it: a server, a colleague or a
 * workflow that checks the repository out gets a dispatcher that cannot be started. On Windows `chmod` does not help;
 * `git update-index --chmod=+x dispatch.fcgi` does.
 */
export const gitMode: DispatcherCheck = {
  code: 'git.not-executable',
  title: 'Not executable in git',
  severity: 'warning',
  check(file) {
    if (file.facts.git === undefined || file.facts.git.isExecutable || file.shebang === undefined)
      return undefined;
    const message =
      'In git the file is not executable (mode 100644). Where the repository is checked out the web server cannot start it and answers 500.';
    return {
      message,
      range: firstLineOf(file),
      fix: { kind: 'git-mode', title: 'Make it executable in git' },
    };
  },
};
