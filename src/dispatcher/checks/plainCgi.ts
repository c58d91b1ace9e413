import { firstLineOf } from '../file';
import { languageOf } from '../language';
import type { DispatcherCheck } from '../problem';

/** What a script that speaks FastCGI names: a library, a module of the site, or a program that takes over. */
const SPEAKS =
  /fcgi|fastcgi|flup|wsgi|rack|plack|socket|\brequire\b|\bimport\b(?!\s+(?:os|sys|cgi|cgitb|time|datetime|re|json|html)\b)|\bfrom\b|\bexec\b|\buse\s+(?!strict|warnings|utf8|CGI(?:::Carp)?\b(?!::)|\d|v\d)|\bsource\b|^\s*\. /im;

/**
 * The program prints its header and its page, as a CGI program does, and ends. A FastCGI server keeps a program running
 * and speaks to it over a socket; it takes the end for a crash. Rename the file to `.cgi`, or answer in a loop with a
 * FastCGI library.
 * Measured on Apache 2.4.71 with mod_fcgid 2.3.9: header and page land in the error log, and the visitor gets 500.
 */
export const plainCgi: DispatcherCheck = {
  code: 'dispatcher.plain-cgi',
  title: 'A CGI program under the name of a FastCGI program',
  severity: 'warning',
  check(file) {
    if (!/\.fcgi$/i.test(file.name) || languageOf(file) === undefined || languageOf(file) === 'php')
      return undefined;
    const body = file.text.replace(/^[^\n]*\n?/, '');
    if (!/["'`]Content-type:/i.test(body) || SPEAKS.test(body)) return undefined;
    const message =
      `Apache answers 500: "End of script output before headers: ${file.name}". The program prints one page and ends, as a CGI program; ` +
      'mod_fcgid takes that for a crash. Rename it to .cgi, or use a FastCGI library.';
    return { message, range: firstLineOf(file) };
  },
};
