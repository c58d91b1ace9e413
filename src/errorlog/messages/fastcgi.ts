import { hostTrouble, known, plain, routine, type Fix, type Words } from './known';
import { exitWordsOfSuexec } from './suexec';

const SERVER = String.raw`(?: ?\(dynamic\))? server "(.*?)"`;
const RECOVER: readonly Fix[] = [{ kind: 'recover' }, { kind: 'preflight' }];

const pattern = (text: string): RegExp => new RegExp(`^FastCGI: ?${text}`);

/** Messages of mod_fastcgi 2.4.7.1 (the old module), with what was measured on its builds for Apache 2.4. */
export const fastcgiMessages = [
  known(
    'fastcgi.back-off',
    'cause',
    pattern(
      `${SERVER} has failed to remain running for (\\d+) seconds given (\\d+) attempts, its restart interval has been backed off to (\\d+) seconds`,
    ),
    ([path = '', , , seconds]) => ({
      summary: `Apache has given up on ${path} for ${seconds} seconds: it ended four times.`,
      cause:
        'The dispatcher fails at its start or ends too early. While this lasts, no upload and no touch under the same name helps.',
      remedy:
        'Mend the dispatcher, then recover: it is put under a new name, which the .htaccess then names. That works at once.',
      script: path,
      fixes: RECOVER,
    }),
  ),
  known(
    'fastcgi.restored',
    'routine',
    pattern(`${SERVER} has remained running for more than \\d+ seconds`),
    ([path = '']) => ({
      summary: `${path} runs well again; Apache restarts it as usual.`,
      cause: 'It has stayed alive long enough.',
      remedy: 'Nothing to do.',
      script: path,
    }),
  ),
  known(
    'fastcgi.exited',
    'consequence',
    pattern(`${SERVER} \\(pid (\\d+)\\) terminated (?:by calling exit|with exit) with status '(\\d+)'`),
    ([path = '', pid = '', status = '']) => exitWords(path, pid, Number(status)),
  ),
  known(
    'fastcgi.killed',
    'consequence',
    pattern(`${SERVER} \\(pid (\\d+)\\) (?:terminated|stopped) due to uncaught signal '(\\d+)' \\((.*?)\\)`),
    ([path = '', pid, number, name]) => ({
      summary: `Process ${pid} of ${path} was ended by signal ${number} (${name}).`,
      cause:
        number === '15'
          ? 'Somebody, or a reload, asked it to end.'
          : 'It crashed, or the host ended it (memory or time limit).',
      remedy:
        'Each such end counts: after four within their time Apache gives up for ten minutes. Let the program end with status 0 on SIGTERM.',
      rank: number === '15' ? 'routine' : 'consequence',
      script: path,
    }),
  ),
  known(
    'fastcgi.exec-failed',
    'cause',
    /FastCGI: can't start server "(.*?)" \(pid \d+\), execle\(\) failed: (.*)/,
    ([path = '', why = '']) => ({
      summary: `Apache could not start ${path}: ${why}.`,
      cause: why.startsWith('No such file')
        ? 'The file is there, but the interpreter of its first line is not: Windows line endings (CR LF) or a wrong path. Or the path has a blank.'
        : why.startsWith('Exec format')
          ? 'The first line is not "#!" and an interpreter; a BOM in front of it is enough.'
          : 'The file is not executable, or its folder may not be entered.',
      remedy: 'Convert the file to LF, begin it with "#!/usr/bin/env python3" or the like, give it mode 755.',
      script: path,
      fixes: [{ kind: 'to-lf', path }, { kind: 'set-mode', path, mode: 0o755 }, ...RECOVER],
    }),
  ),
  known(
    'fastcgi.spawn-failed',
    'cause',
    pattern(`can't (?:start|exec)${SERVER}.*spawn_fs_process\\(\\) failed`),
    ([path = '']) => ({
      summary: `Apache could not start ${path}.`,
      cause:
        'The file is not executable or its interpreter is missing; or the host has no memory or processes left.',
      remedy: 'Check the mode (755) and the first line of the file; then ask the host.',
      script: path,
      fixes: [{ kind: 'set-mode', path, mode: 0o755 }, { kind: 'doctor' }],
    }),
  ),
  known(
    'fastcgi.not-executable',
    'cause',
    pattern('(.+?) is not executable; ensure interpreted scripts'),
    ([path = '']) => ({
      summary: `Apache cannot run ${path}.`,
      cause: 'It has no execute permission, or its first line is not "#!" and an interpreter.',
      remedy: 'Give it mode 755 and a "#!" line.',
      script: path,
      fixes: [{ kind: 'set-mode', path, mode: 0o755 }],
    }),
  ),
  known(
    'fastcgi.not-allowed',
    'cause',
    pattern('(?:invalid|can\'t create)(?: ?\\(dynamic\\))? server "(.*?)": (.*)'),
    ([path = '', why = '']) => ({
      summary: `Apache may not run ${path}: ${why}.`,
      cause: /execute not allowed/.test(why)
        ? 'The file has no execute permission for the user who runs it. The visitor got a 403.'
        : 'Owner, group or mode of the file do not fit the user who should run it.',
      remedy: 'Give the file mode 755 (never 775 or 777); it must belong to your account.',
      script: path,
      fixes: [{ kind: 'set-mode', path, mode: 0o755 }],
    }),
  ),
  known(
    'fastcgi.no-execcgi',
    'cause',
    pattern('"ExecCGI Option" is off in this directory: (.*)'),
    ([path = '']) => ({
      summary: `The visitor got a 403: Apache may not run programs at ${path}.`,
      cause: 'The option ExecCGI is off for this folder.',
      remedy:
        'Write "Options +ExecCGI" in the .htaccess; if the host forbids this, use the folder it provides for scripts.',
      fixes: [{ kind: 'rule', target: path }],
    }),
  ),
  known(
    'fastcgi.no-answer',
    'symptom',
    pattern('incomplete headers \\((\\d+) bytes\\) received from server "(.*?)"'),
    ([bytes, path = '']) => ({
      summary: `The visitor got a 500: ${path} sent ${bytes === '0' ? 'nothing' : 'only a part of the headers'} before it ended or was given up.`,
      cause: 'The reason stands in the lines before: the program did not start, crashed or took too long.',
      remedy: 'Look at the lines just before this one.',
      script: path,
    }),
  ),
  known(
    'fastcgi.timeout',
    'cause',
    pattern(`comm with${SERVER} aborted: (\\(first read\\) )?idle timeout \\((\\d+) sec\\)`),
    ([path = '', first = '', seconds]) => ({
      summary: `The visitor waited ${seconds} seconds for ${path} and got a 500.`,
      cause:
        first === ''
          ? 'The program was silent for too long in the middle of its answer.'
          : 'The program does not start, or Apache has given up on it for ten minutes, or it takes too long for its first byte.',
      remedy: 'Look for failed starts before this line; without one, make the request faster.',
      // It can be the consequence of failed starts, which then tell more.
      rank: first === '' ? 'cause' : 'consequence',
      script: path,
      fixes: [{ kind: 'doctor' }],
    }),
  ),
  known(
    'fastcgi.bad-header',
    'cause',
    pattern(`comm with${SERVER} aborted: error parsing headers: (.*)`),
    ([path = '', why = '']) => ({
      summary: `The visitor got a 500: ${path} sent a header that is none (${why}).`,
      cause:
        'The program printed text before its headers, such as a print() for debugging, or a status line instead of "Status: 200 OK".',
      remedy: 'Send debugging output to standard error, and an empty line between headers and body.',
      script: path,
    }),
  ),
  known(
    'fastcgi.died-in-request',
    'consequence',
    pattern(`comm with${SERVER} aborted: (?:read|write) failed`),
    ([path = '']) => ({
      summary: `${path} ended in the middle of a request.`,
      cause: 'An uncaught exception, an exit inside the program, a reload, or the host killed the process.',
      remedy: 'Look for a traceback in the lines before.',
      script: path,
    }),
  ),
  known(
    'fastcgi.protocol',
    'cause',
    pattern(`(?:comm with${SERVER} aborted: protocol error|server "(.*?)" sent a null character)`),
    ([one = '', two = '']) => ({
      summary: `${one || two} does not speak FastCGI rightly.`,
      cause: 'The program writes to the socket by itself, or its FastCGI library is broken.',
      remedy: 'Use a FastCGI library that is kept up, and print nothing to file descriptor 0.',
      script: one || two,
    }),
  ),
  known(
    'fastcgi.connect-failed',
    'cause',
    pattern(`failed to connect to${SERVER}: (.*)`),
    ([path = '', why = '']) => ({
      summary: `Apache could not reach ${path}.`,
      cause: why.includes('seriously wrong')
        ? 'A blank in the path of the dispatcher (the old module cannot take one), or the host removed its folder of sockets.'
        : `No process listens: ${why}.`,
      remedy: 'Use a path without blanks; else send this line to your host.',
      script: path,
      fixes: [{ kind: 'doctor' }],
    }),
  ),
  known(
    'fastcgi.process-limit',
    'cause',
    pattern(
      `(?:can't schedule the start of another|scheduled the (?:re)?start of the last)${SERVER} process: (?:exceeded|reached) (\\S+) \\((\\d+)\\)`,
    ),
    ([path = '', name, most]) => ({
      summary: `No further process of ${path} is started: the limit ${name} (${most}) is reached.`,
      cause: 'Requests take long, or the processes of all sites of this server together are too many.',
      remedy: 'Make slow requests faster; remove old dispatchers, whose processes stay for ever.',
      script: path,
    }),
  ),
  known('fastcgi.stat-failed', 'cause', pattern('stat\\(\\) of "(.*?)" failed'), ([path = '']) => ({
    summary: `Apache cannot look at ${path}.`,
    cause: 'The file is gone, or the web server may not enter its folder.',
    remedy: 'Upload the file; give its folders mode 755.',
    script: path,
    fixes: [{ kind: 'doctor' }],
  })),
  known('fastcgi.path-too-long', 'cause', pattern('the path "(.*?)" is too long'), ([path = '']) => ({
    summary: `The path ${path} is too long for the old FastCGI module.`,
    cause: 'A dynamic dispatcher is named in a message of fixed length.',
    remedy: 'Put the dispatcher into a folder with a shorter path.',
    script: path,
  })),
  known(
    'fastcgi.stderr-long',
    'routine',
    pattern('too much stderr received from server "(.*?)"'),
    ([path = '']) => ({
      summary: `A line that ${path} wrote to standard error was cut into pieces.`,
      cause: 'The module takes 1,023 bytes for one line.',
      remedy: 'Write shorter lines.',
      script: path,
    }),
  ),
  known(
    'fastcgi.access',
    'cause',
    pattern(
      '(?:FastCgi\\w+ ".*?" redirected|authentication failed for user|authorization failed for user|access denied)(.*)',
    ),
    () => ({
      summary: 'The checking program of the site refused a visitor.',
      cause:
        'The program named by FastCgiAuthenticator, FastCgiAuthorizer or FastCgiAccessChecker did not let the request through.',
      remedy: 'If the visitor should get in, look at that program.',
    }),
  ),
  plain('fastcgi.nph', 'cause', pattern('invalid request ".*?": non parsed header'), {
    summary: 'A program whose name begins with "nph-" was asked for.',
    cause: 'The module cannot pass on headers unread.',
    remedy: 'Rename the program.',
  }),
  routine(
    'fastcgi.visitor-left',
    pattern('client stopped connection before send body completed'),
    'The visitor left before the answer was complete.',
  ),
  routine(
    'fastcgi.retry',
    pattern('comm with server ".*?" interrupted: read will be retried'),
    'Reading from the dispatcher is tried again.',
  ),
  known(
    'fastcgi.reloaded',
    'routine',
    pattern('restarting old server "(.*?)" processes, newer version found'),
    ([path = '']) => ({
      summary: `Apache saw that ${path} is newer, and reloads it.`,
      cause: 'The host uses -autoUpdate: a newer time stamp is enough.',
      remedy: 'Nothing to do.',
      script: path,
    }),
  ),
  routine(
    'fastcgi.started',
    pattern(`${SERVER} (?:\\(uid \\d+, gid \\d+\\) )?(?:re)?started \\(pid`),
    'A process of the dispatcher was started.',
  ),
  routine(
    'fastcgi.ending',
    pattern(`${SERVER} \\(pid \\d+\\) termination signaled`),
    'Apache ends a process that it no longer needs.',
  ),
  routine(
    'fastcgi.manager',
    pattern(
      '(?:process manager initialized|wrapper mechanism enabled|Termination event received|there is no fastcgi wrapper set|write\\(\\) to PM failed)',
    ),
    "Apache's process manager did its work.",
  ),
  hostTrouble(
    'fastcgi.manager-failed',
    pattern(
      "(?:process manager exiting|the PM is shutting down|can't start the process manager|failed to create process manager|failed to (?:aquire|release)|read\\(\\) from pipe|pipe\\(\\) failed|bogus message|really bogus|set?e?uid\\(|seteuid\\(|WaitFor|CreateEvent|CreateMutex|SetNamedPipe|ioctlsocket|can't get time of day)",
    ),
    "Apache's manager of FastCGI processes does not work.",
  ),
  hostTrouble(
    'fastcgi.socket-failed',
    pattern(
      "(?:unlink\\(\\) failed|can't create|comm with server \".*?\" aborted: (?:WriteFile|ReadFile|GetOverlappedResult|select)|can't exec server|don't know how to spawn)",
    ),
    'Apache could not make what it needs to talk to a dispatcher.',
  ),
  {
    code: 'fastcgi.other',
    rank: 'host',
    explains: (message: string): Words | undefined =>
      message.startsWith('FastCGI: ')
        ? {
            summary: `The old FastCGI module says: ${message.slice(9)}`,
            cause: 'A message that is seldom seen.',
            remedy: 'If requests fail at this time, send the line to your host.',
          }
        : undefined,
  },
] as const;

function exitWords(path: string, pid: string, status: number): Words {
  const summary = `Process ${pid} of ${path} ended with exit code ${status}.`;
  const suexec = exitWordsOfSuexec(status);
  if (suexec) return { ...suexec, summary: `${summary} ${suexec.summary}`, script: path };
  const cause =
    status === 0
      ? 'It ended by itself: a plain CGI program, or one that does not wait for requests.'
      : status === 255
        ? 'It could not be started: Windows line endings, BOM, no "#!" or no such interpreter.'
        : 'It failed with an error of its own (often an import error); its message stands in the lines before.';
  const remedy = 'Mend it before the fourth time: then Apache gives up for ten minutes.';
  return { summary, cause, remedy, script: path, fixes: [{ kind: 'preflight' }], rank: 'consequence' };
}
