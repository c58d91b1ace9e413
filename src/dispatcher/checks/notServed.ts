import { firstLineOf } from '../file';
import type { DispatcherCheck } from '../problem';

/**
 * What the host's settings and the `.htaccess` files make of a request for the dispatcher itself. Without a handler the
 * server sends the program's source to every visitor; without `ExecCGI` it answers 403.
 *
 * ```apache
 * Options +ExecCGI
 * AddHandler fcgid-script .fcgi
 * ```
 *
 * Many hosts have both in their own configuration; describe yours by `"host"` in the project file.
 */
export const notServed: DispatcherCheck = {
  code: 'dispatcher.not-run',
  title: 'The web server does not run the file',
  severity: 'warning',
  check(file) {
    const { served } = file.facts;
    if (served === undefined || served === 'run') return undefined;
    const message =
      served === 'source'
        ? 'By the .htaccess files and the described host no handler runs this file: Apache sends its source to whoever asks for it. The line "AddHandler fcgid-script .fcgi" in .htaccess has it run.'
        : 'By the .htaccess files and the described host programs must not run in this folder: Apache answers 403. The line "Options +ExecCGI" in .htaccess allows it, where the host allows that.';
    return { message, range: firstLineOf(file) };
  },
};
