import { firstLineOf } from '../file';
import type { DispatcherCheck } from '../problem';

/**
 * A UTF-8 byte order mark before `#!`.
 *
 * Editors hide the three bytes EF BB BF, but the kernel looks for `#!` in the very first two bytes, does not find it and refuses to start the file.
 * Measured on Apache 2.4.71 with mod_fcgid 2.3.9: exit code 255, after one or two seconds of further attempts.
 */
export const bom: DispatcherCheck = {
  code: 'dispatcher.bom',
  title: 'A byte order mark before #!',
  severity: 'error',
  check(file) {
    if (file.encoding !== 'utf-8-mark') return undefined;
    const message =
      `Apache answers 500: "End of script output before headers: ${file.name}". The file begins with an invisible byte order mark (UTF-8 with BOM), ` +
      'so Linux does not see "#!" and cannot start it (exit code 255).';
    return {
      message,
      range: firstLineOf(file),
      fix: { kind: 'without-bom', title: 'Remove the byte order mark' },
    };
  },
};
