import { firstLineOf } from '../file';
import type { DispatcherCheck } from '../problem';

/**
 * The group or everybody may write the file.
 *
 * Bad: mode 777 or 775. Good: mode 755.
 * Hosts that start programs under the customer's account use suEXEC, which refuses such files ("file is writable by others"
 * in its own log, https://httpd.apache.org/docs/2.4/suexec.html, condition 16); Apache then answers 500. Without suEXEC
 * it works, but every other customer of the host may change the program where "others" can write.
 */
export const writableByOthers: DispatcherCheck = {
  code: 'dispatcher.writable-by-others',
  title: 'Others may change the program',
  severity: 'warning',
  check(file) {
    const mode = file.facts.mode;
    if (mode === undefined || (mode & 0o022) === 0) return undefined;
    // What nobody may start needs more than this: see dispatcher.not-executable.
    const safe = (mode & 0o111) === 0 ? 0o755 : (mode & 0o777 & ~0o022) | 0o100;
    const who = (mode & 0o002) === 0 ? 'its group' : 'everybody';
    const message =
      `On a host with suEXEC Apache answers 500: mode ${(mode & 0o777).toString(8)} lets ${who} change the program, and suEXEC refuses ` +
      `such files. Set the mode to ${safe.toString(8)}.`;
    const fix = { kind: 'set-mode', title: `Set the mode to ${safe.toString(8)}`, mode: safe } as const;
    return { message, range: firstLineOf(file), fix };
  },
};
