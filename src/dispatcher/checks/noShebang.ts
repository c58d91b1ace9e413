import { firstLineOf, type DispatcherFile } from '../file';
import type { DispatcherCheck, DispatcherFix } from '../problem';

/**
 * The first line does not name the interpreter.
 *
 * Bad: `import os` or an empty line first. Good: `#!/usr/bin/env python3` first, at the first column.
 * mod_fcgid starts the file itself, without a shell, so there is nothing that could guess the language.
 * Measured on Apache 2.4.71 with mod_fcgid 2.3.9: exit code 255 after up to six attempts in five seconds. Compiled programs need none.
 */
export const noShebang: DispatcherCheck = {
  code: 'dispatcher.no-shebang',
  title: 'No interpreter in the first line',
  severity: 'error',
  check(file) {
    if (file.encoding.startsWith('utf-16') || isProgram(file.text)) return undefined;
    if (file.shebang !== undefined && file.shebang.interpreter !== '') return undefined;
    const message =
      `Apache answers 500: "End of script output before headers: ${file.name}". ${reasonOf(file)} ` +
      'Linux cannot start the file (exit code 255). Begin it with a line such as "#!/usr/bin/env python3".';
    const fix = fixOf(file);
    return { message, range: firstLineOf(file), ...(fix && { fix }) };
  },
};

function reasonOf({ text, shebang }: DispatcherFile): string {
  if (text.trim() === '') return 'The file is empty.';
  if (shebang !== undefined) return 'No interpreter stands after "#!".';
  if (/^\s{1,200}#!/.test(text))
    return '"#!" must be the very first two characters, without a blank or empty line before.';
  return 'The first line does not name the interpreter ("#!" and its path).';
}

/** Only where the language is beyond doubt. */
function fixOf({ text, markLength }: DispatcherFile): DispatcherFix | undefined {
  const start = text.slice(markLength, markLength + 2000);
  const command = start.startsWith('<?php')
    ? 'php-cgi'
    : /^(?:from \w+(?:\.\w+)* )?import \w/m.test(start)
      ? 'python3'
      : '';
  if (command === '' || start.trimStart().startsWith('#!')) return undefined;
  const line = `#!/usr/bin/env ${command}`;
  return { kind: 'first-line', title: `Insert "${line}"`, line };
}

/** ELF, Mach-O and Windows programs. */
function isProgram(text: string): boolean {
  return /^(?:\x7FELF|MZ|[\xCE\xCF]\xFA\xED\xFE|\xCA\xFE\xBA\xBE)/.test(text);
}
