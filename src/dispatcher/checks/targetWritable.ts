import { firstLineOf } from '../file';
import type { DispatcherCheck } from '../problem';

/**
 * On a target of the project the group or everybody may write the file: suEXEC refuses to run it (see `dispatcher.writable-by-others`). It
 * is said once the file was looked at there, and until its mode is another one.
 *
 * Bad: mode 775 or 777 on the server. Good: mode 755, which uploads from here set.
 */
export const targetWritable: DispatcherCheck = {
  code: 'target.writable-by-others',
  title: 'Others may change the program on a target',
  severity: 'warning',
  check(file) {
    return (file.facts.onTargets ?? []).flatMap(({ target, mode }) => {
      if (mode === undefined || (mode & 0o022) === 0) return [];
      const safe = (mode & 0o777 & ~0o022) | 0o100;
      const who = (mode & 0o002) === 0 ? 'its group' : 'everybody';
      const message =
        `If ${target} has suEXEC, Apache answers 500 there: mode ${(mode & 0o777).toString(8)} lets ${who} change the program, and suEXEC ` +
        `refuses such files. Set its mode there to ${safe.toString(8)}.`;
      const title = `Set the mode on ${target} to ${safe.toString(8)}`;
      const fix = { kind: 'set-mode-on-target', title, target, mode: safe } as const;
      return [{ message, range: firstLineOf(file), fix }];
    });
  },
};
