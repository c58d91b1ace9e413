import { OPTION } from '../../apache/modules/core/config';
import { readWords } from '../../apache/syntax/words';
import type { ActiveDirective } from '../directives';
import type { AdviceRule } from '../rule';
import { effectiveOptions, lastOptions } from './linksNeeded';

/**
 * Programs are started only where the option ExecCGI is on. A .htaccess that takes it away (an Options line without `+`
 * replaces the whole list) and names a handler for programs gets 403 for them. Who writes `-ExecCGI` beside such a handler
 * wants just that: nothing in a folder for uploads is to run.
 *
 * Bad:
 * ```apache
 * Options FollowSymLinks
 * AddHandler fcgid-script .fcgi
 * ```
 *
 * Good:
 * ```apache
 * Options FollowSymLinks ExecCGI
 * AddHandler fcgid-script .fcgi
 * ```
 *
 * Manual: https://httpd.apache.org/docs/2.4/mod/core.html#options
 */
export const execCgiMissing: AdviceRule = {
  code: 'options.exec-cgi-missing',
  title: 'A handler for programs without ExecCGI',
  severity: 'warning',
  *check(file) {
    if (file.directives.some(switchesOff)) return;
    const options = lastOptions(file);
    const handler = file.directives.find((one) => one.scope.kind === 'directory' && namesProgram(one));
    if (options === undefined || handler === undefined || (effectiveOptions(file) & OPTION.execCgi) !== 0)
      return;
    yield {
      message: `The option ExecCGI is off after this line, so Apache answers 403 where the handler of line ${handler.line.line} would start a program. Add +ExecCGI.`,
      ...file.wholeOf(options),
      related: [{ ...file.wholeOf(handler), message: 'The handler for programs.' }],
    };
  },
};

const switchesOff = ({ name, args }: ActiveDirective): boolean =>
  name === 'options' && readWords(args).some(({ value }) => /^-ExecCGI$/i.test(value));

const PROGRAMS = /^(?:fcgid-script|cgi-script)$/i;

function namesProgram({ name, args }: ActiveDirective): boolean {
  return (name === 'addhandler' || name === 'sethandler') && PROGRAMS.test(readWords(args)[0]?.value ?? '');
}
