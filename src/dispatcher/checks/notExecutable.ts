import { firstLineOf } from '../file';
import type { DispatcherCheck } from '../problem';

/**
 * Nobody has the permission to execute the file.
 *
 * Bad: mode 644, as most uploads leave it. Good: mode 755.
 * Measured on Apache 2.4.71 with mod_fcgid 2.3.9: 500, exit code 255, and no other line in the log.
 */
export const notExecutable: DispatcherCheck = {
  code: 'dispatcher.not-executable',
  title: 'The file is not executable',
  severity: 'error',
  check(file) {
    const mode = file.facts.mode;
    if (mode === undefined || (mode & 0o111) !== 0) return undefined;
    const message =
      `Apache answers 500: "End of script output before headers: ${file.name}". The file is not executable ` +
      `(mode ${(mode & 0o777).toString(8).padStart(3, '0')}), so it cannot be started (exit code 255). Set the mode to 755.`;
    return {
      message,
      range: firstLineOf(file),
      fix: { kind: 'set-mode', title: 'Set the mode to 755', mode: 0o755 },
    };
  },
};
