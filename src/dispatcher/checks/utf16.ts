import { firstLineOf } from '../file';
import type { DispatcherCheck } from '../problem';

/**
 * The file is saved as UTF-16 (two bytes per character), as some Windows programs do.
 *
 * The kernel does not find `#!` in the first two bytes and refuses to start the file; no interpreter would read it either.
 */
export const utf16: DispatcherCheck = {
  code: 'dispatcher.utf16',
  title: 'Saved as UTF-16',
  severity: 'error',
  check(file) {
    if (file.encoding !== 'utf-16le' && file.encoding !== 'utf-16be') return undefined;
    const message =
      `Apache answers 500: "End of script output before headers: ${file.name}". The file is saved as UTF-16; ` +
      'Linux does not recognise it as a script (exit code 255). Save it as UTF-8 without BOM.';
    return { message, range: firstLineOf(file), fix: { kind: 'to-utf8', title: 'Save as UTF-8' } };
  },
};
