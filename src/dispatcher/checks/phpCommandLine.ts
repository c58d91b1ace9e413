import { programOf } from '../language';
import type { DispatcherCheck } from '../problem';

/**
 * PHP comes as several programs, and `php` is the one for the command line: it does not speak FastCGI, prints the page
 * into the error log and ends. The one for web servers is `php-cgi`.
 *
 * Bad: `#!/usr/bin/env php`. Good: `#!/usr/bin/env php-cgi`.
 */
export const phpCommandLine: DispatcherCheck = {
  code: 'php.command-line',
  title: 'PHP for the command line',
  severity: 'error',
  check(file) {
    const program = programOf(file);
    if (!file.shebang || program === undefined || !/\.fcgi$/i.test(file.name)) return undefined;
    if (!/^php[\d.]*$/.test(program.split('/').at(-1) ?? '')) return undefined;
    const message =
      `Apache answers 500: "End of script output before headers: ${file.name}". "${program}" is PHP for the command line, which does not ` +
      'speak FastCGI. Name php-cgi.';
    const { range } = file.shebang;
    if (program !== 'php') return { message, range };
    const line = '#!/usr/bin/env php-cgi';
    return { message, range, fix: { kind: 'first-line', title: `Write "${line}"`, line } };
  },
};
