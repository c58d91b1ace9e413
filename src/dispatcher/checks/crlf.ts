import type { DispatcherFile, Range, Shebang } from '../file';
import type { DispatcherCheck } from '../problem';

/**
 * Windows line endings (or those of old Macs).
 *
 * On the first line they are fatal: the kernel takes the carriage return as part of the interpreter's name or argument.
 * Bad: `#!/usr/bin/env python3␍␊`. Good: `#!/usr/bin/env python3␊`. Further down most interpreters
 * put up with them, but a shell does not, and texts that the program prints carry them on.
 * Measured on Apache 2.4.71 with mod_fcgid 2.3.9: exit code 127 with `env`, 255 without.
 */
export const crlf: DispatcherCheck = {
  code: 'dispatcher.crlf',
  title: 'Windows line endings',
  severity: 'error',
  check(file) {
    const range = file.encoding.startsWith('utf-16') ? undefined : firstWrongLine(file);
    if (range === undefined) return undefined;
    const fix = { kind: 'to-lf', title: 'Change all line endings to LF' } as const;
    if (file.shebang?.endsInCr) return { message: firstLineMessage(file.shebang, file.name), range, fix };
    return { message: LATER_LINES, range, fix, severity: 'warning' };
  },
};

const LATER_LINES =
  'From this line on there are Windows line endings (CR LF) or lone CR. Python, PHP and Ruby read them, a shell does not, ' +
  'and multi-line texts that the program sends contain the extra character.';

function firstLineMessage({ interpreter, argument }: Shebang, name: string): string {
  const failed = `Apache answers 500: "End of script output before headers: ${name}".`;
  const reason = 'The line ends in CR LF (Windows), and Linux takes the CR as part of the line';
  const wanted = interpreter.split('/').at(-1) === 'env' && argument !== '';
  if (wanted)
    return `${failed} ${reason}: env looks for a program "${argument}\\r" and ends with exit code 127.`;
  if (argument === '')
    return `${failed} ${reason}: there is no interpreter "${interpreter}\\r" (exit code 255).`;
  return `${failed} ${reason}: "${interpreter}" gets the argument "${argument}\\r".`;
}

/** The first line that ends in CR LF or CR; the text of the line, or the ending itself where it is empty. */
function firstWrongLine({ text }: DispatcherFile): Range | undefined {
  const wrong = text.indexOf('\r');
  if (wrong < 0) return undefined;
  const before = text.slice(0, wrong);
  const line = before.split('\n').length - 1;
  const character = wrong - (before.lastIndexOf('\n') + 1);
  return { start: { line, character: 0 }, end: { line, character } };
}
