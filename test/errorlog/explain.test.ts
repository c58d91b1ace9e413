import { describe, expect, test } from 'vitest';
import { explainLine, parseLogLine } from '../../src/errorlog';

/** Messages provoked on Apache 2.4.71 with mod_fcgid 2.3.9. */
// prettier-ignore
const MEASURED: readonly (readonly [code: string, words: RegExp, line: string])[] = [
  ['fcgid.died-at-start', /before it took a request/, '[fcgid:warn] [pid 1:tid 2] (104)Connection reset by peer: [client 127.0.0.1:1] mod_fcgid: error reading data from FastCGI server'],
  ['fcgid.died-in-request', /middle of a request/, '[fcgid:warn] [pid 1:tid 2] [client 127.0.0.1:1] mod_fcgid: error reading data, FastCGI server closed connection'],
  ['core.no-output', /dispatch\.fcgi sent nothing/, '[core:error] [pid 1:tid 2] [client 127.0.0.1:1] End of script output before headers: dispatch.fcgi'],
  ['core.premature-end', /dispatch\.fcgi's answer/, '[core:error] [pid 1:tid 2] [client 127.0.0.1:1] Premature end of script headers: dispatch.fcgi'],
  ['core.malformed-header', /status line of HTTP/, "[core:error] [pid 1:tid 2] [client 127.0.0.1:1] malformed header from script 'dispatch.fcgi': Bad header: HTTP/1.1 200 OK"],
  ['core.malformed-header', /printed text before/, "[core:error] [pid 1:tid 2] [client 127.0.0.1:1] malformed header from script 'dispatch.fcgi': Bad header: <html>"],
  ['core.invalid-status', /"abc"/, "[core:error] [pid 1:tid 2] [client 127.0.0.1:1] Invalid status line from script 'dispatch.fcgi': abc"],
  ['fcgid.read-timeout', /40 seconds/, '[fcgid:warn] [pid 1:tid 2] [client 127.0.0.1:1] mod_fcgid: read data timeout in 40 seconds'],
  ['fcgid.busy-timeout', /\/project\/dispatch\.fcgi\/x took more than 2 seconds/, '[fcgid:info] [pid 1:tid 2] [client 127.0.0.1:1] mod_fcgid: /project/dispatch.fcgi/x took longer than busy timeout (2 secs)'],
  ['fcgid.no-slot', /503/, "[fcgid:warn] [pid 1:tid 2] [client 127.0.0.1:1] mod_fcgid: can't apply process slot for /site/dispatch.fcgi"],
  ['fcgid.no-execcgi', /may not run \/site\/dispatch\.fcgi/, '[fcgid:error] [pid 1:tid 2] [client 127.0.0.1:1] mod_fcgid: location of script /site/dispatch.fcgi does not have ExecCGI enabled'],
  ['core.no-execcgi', /may not run \/site\/a\.cgi/, '[cgi:error] [pid 1:tid 2] [client 127.0.0.1:1] AH02809: Options ExecCGI is off in this directory: /site/a.cgi'],
  ['fcgid.request-too-long', /131072 bytes/, '[fcgid:warn] [pid 1:tid 2] [client 127.0.0.1:1] mod_fcgid: HTTP request length 139072 (so far) exceeds MaxRequestLen (131072)'],
  ['htaccess.invalid-command', /"RewriteEngin"/, "[core:alert] [pid 1:tid 2] [client 127.0.0.1:1] /site/.htaccess: Invalid command 'RewriteEngin', perhaps misspelled or defined by a module not included in the server configuration"],
  ['htaccess.not-allowed', /\/site\/.htaccess contains FcgidMaxRequestLen/, '[core:alert] [pid 1:tid 2] [client 127.0.0.1:1] /site/.htaccess: FcgidMaxRequestLen not allowed here'],
  ['htaccess.option-not-allowed', /the option ExecCGI/, '[core:alert] [pid 1:tid 2] [client 127.0.0.1:1] /site/.htaccess: Option ExecCGI not allowed here'],
  ['fcgid.wrapper-missing', /\/opt\/nope\/py/, '[core:alert] [pid 1:tid 2] [client 127.0.0.1:1] /site/.htaccess: Wrapper /opt/nope/py cannot be accessed: (2)No such file or directory'],
  ['core.redirect-loop', /round in circles/, "[core:error] [pid 1:tid 2] [client 127.0.0.1:1] AH00124: Request exceeded the limit of 10 internal redirects due to probable configuration error. Use 'LimitInternalRecursion' to increase the limit if necessary. Use 'LogLevel debug' to get a backtrace."],
  ['core.htaccess-unreadable', /403/, "[core:crit] [pid 1:tid 2] (13)Permission denied: [client 127.0.0.1:1] AH00529: /site/.htaccess pcfg_openfile: unable to check htaccess file, ensure it is readable and that '/site/' is executable"],
  ['rewrite.unsafe-question-mark', /%3F/, '[rewrite:error] [pid 1:tid 2] [client 127.0.0.1:1] AH10508: Unsafe URL with %3f URL rewritten without UnsafeAllow3F'],
  ['fcgid.exit', /exit code 255/, '[fcgid:info] [pid 1:tid 2] mod_fcgid: process /site/dispatch.fcgi(6669) exit(communication error), terminated by calling exit(), return code: 255'],
  ['fcgid.exit', /idle timeout; get stop signal 15/, '[fcgid:info] [pid 1:tid 2] mod_fcgid: process /site/dispatch.fcgi(6669) exit(idle timeout), get stop signal 15'],
  ['core.bad-response-header', /"X Bad"/, "[http:error] [pid 1:tid 2] [client 127.0.0.1:1] AH02429: Response header name 'X Bad' contains invalid characters, aborting request"],
];

const RAW: readonly (readonly [code: string, words: RegExp, line: string])[] = [
  ['env.no-interpreter', /Windows line endings/, "/usr/bin/env: 'python3\\r': No such file or directory"],
  ['env.no-interpreter', /not in the PATH/, "/usr/bin/env: 'python9': No such file or directory"],
  ['env.no-interpreter', /not in the PATH/, '/usr/bin/env: \u2018python9\u2019: No such file or directory'],
  ['python.missing-module', /"flask"/, "ModuleNotFoundError: No module named 'flask'"],
];

describe('an explanation', () => {
  test.each([
    ...MEASURED.map(
      ([code, words, line]) => [code, words, `[Mon Nov 23 01:24:55.159958 2026] ${line}`] as const,
    ),
    ...RAW,
  ])('is %s', (code, words, line) => {
    const explanation = explainLine(parseLogLine(line));
    expect(explanation?.code).toBe(code);
    expect(Object.values(explanation ?? {}).join('\n')).toMatch(words);
    for (const text of [explanation?.summary, explanation?.cause, explanation?.remedy])
      expect(text).toMatch(/[.]$/);
  });

  test('of the same message is found in the format of 2.2', () => {
    const line =
      '[Mon Nov 23 02:26:51 2026] [error] [client 127.0.0.1] Premature end of script headers: dispatch.fcgi';
    expect(explainLine(parseLogLine(line))?.code).toBe('core.premature-end');
  });

  test.each(['', 'hello', '[Mon Nov 23 01:24:55 2026] [notice] something new'])('is none for %j', (line) => {
    expect(explainLine(parseLogLine(line))).toBeUndefined();
  });
});
