import { firstLineOf } from '../file';
import type { DispatcherCheck } from '../problem';

/**
 * On a target of the project nobody has the permission to execute the file. It is said once the file was looked at there, by an upload
 * or its preview, "Check Dispatcher on Target" or "Why Is My Site Failing?", and until its mode is another one.
 *
 * Bad: mode 644 on the server, as most uploads leave it. Good: mode 755, which uploads from here set.
 */
export const targetNotExecutable: DispatcherCheck = {
  code: 'target.not-executable',
  title: 'The file is not executable on a target',
  severity: 'error',
  check(file) {
    return (file.facts.onTargets ?? []).flatMap(({ target, mode }) => {
      if (mode === undefined || (mode & 0o111) !== 0) return [];
      const shown = (mode & 0o777).toString(8).padStart(3, '0');
      const message =
        `On ${target} Apache answers 500: "End of script output before headers: ${file.name}". When it was last looked at there, ` +
        `the file was not executable (mode ${shown}), so it cannot be started (exit code 255). Set its mode there to 755.`;
      const title = `Set the mode on ${target} to 755`;
      const fix = { kind: 'set-mode-on-target', title, target, mode: 0o755 } as const;
      return [{ message, range: firstLineOf(file), fix }];
    });
  },
};
