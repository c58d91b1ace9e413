import { hostTrouble, known, plain, routine, type Words } from './known';

const LOOK_ABOVE = 'Look at the lines just before this one, and run the preflight of the dispatcher.';

/** Messages of mod_fcgid 2.3.9, all that its binary holds; the words say what was measured on Apache 2.4.71. */
export const fcgidMessages = [
  plain('fcgid.died-at-start', 'consequence', /^mod_fcgid: error reading data from FastCGI server/, {
    summary: 'The dispatcher ended before it took a request.',
    cause:
      'It could not be started (not executable, Windows line endings, BOM, missing interpreter), or it failed while loading: then its own message stands in the lines before.',
    remedy: LOOK_ABOVE,
    fixes: [{ kind: 'doctor' }, { kind: 'preflight' }],
  }),
  plain(
    'fcgid.died-in-request',
    'consequence',
    /^mod_fcgid: error reading data, FastCGI server closed connection/,
    {
      summary: 'The dispatcher ended in the middle of a request.',
      cause:
        'An uncaught exception, an exit inside the program, or the host killed the process (memory or time limit).',
      remedy: 'Look for a traceback in the lines before; without one, ask the host for its process limits.',
      fixes: [{ kind: 'preflight' }],
    },
  ),
  known('fcgid.read-timeout', 'cause', /^mod_fcgid: read data timeout in (\d+) seconds/, ([seconds]) => ({
    summary: `The dispatcher was silent for ${seconds} seconds; Apache gave up and ended it. The visitor got a 500.`,
    cause: 'A slow query or remote call, an endless loop, or a program that never accepts a connection.',
    remedy: 'Make the request faster, or send output while it works; only the host can raise FcgidIOTimeout.',
  })),
  known(
    'fcgid.busy-timeout',
    'cause',
    /^mod_fcgid: (\S+) took longer than busy timeout \((\d+) secs\)/,
    ([path, seconds]) => ({
      summary: `The request ${path} took more than ${seconds} seconds and was ended.`,
      cause: 'The program works too long on one request.',
      remedy: 'Do long work outside the request; only the host can raise FcgidBusyTimeout.',
      fixes: [{ kind: 'rule', target: path ?? '' }],
    }),
  ),
  known('fcgid.no-slot', 'cause', /^mod_fcgid: can't apply process slot for (.+)/, ([path = '']) => ({
    summary: `The visitor got a 503: no process of ${path} was free for about a minute.`,
    cause:
      "All processes were busy, or the host's limit of processes is reached; or the dispatcher keeps failing and Apache starts it less often.",
    remedy: 'Look for slow requests or failed starts before this line; end processes that hang.',
    script: path,
    fixes: [{ kind: 'doctor' }],
  })),
  known(
    'fcgid.spawn-limit',
    'cause',
    /^mod_fcgid: (.+?) spawn score (\d+) >= (\d+), skip the spawn request/,
    ([path = '']) => ({
      summary: `Apache starts ${path} less often, because it ended again and again.`,
      cause:
        'Each start and each end counts, and is forgiven at one per second: a dispatcher that keeps failing is slowed down.',
      remedy: 'Mend why it ends; the lines before say it. Requests wait meanwhile.',
      script: path,
      fixes: [{ kind: 'preflight' }],
    }),
  ),
  known(
    'fcgid.process-limit',
    'cause',
    /^mod_fcgid: (?:too many (.+?) processes|(.+?) total process count|too much processes)/,
    ([one = '', all = '']) => ({
      summary: `No further process of ${one || all || 'the dispatcher'} is started: the limit is reached.`,
      cause:
        "All processes are busy with requests, or hang; the host's FcgidMaxProcesses or FcgidMaxProcessesPerClass allows no more.",
      remedy: 'Make slow requests faster; end processes that hang by a reload.',
      script: one || all,
      fixes: [{ kind: 'reload' }],
    }),
  ),
  known(
    'fcgid.no-execcgi',
    'cause',
    /^mod_fcgid: location of script (.+) does not have ExecCGI enabled/,
    ([path = '']) => ({
      summary: `The visitor got a 403: Apache may not run ${path}.`,
      cause: 'The option ExecCGI is off for this folder.',
      remedy:
        'Write "Options +ExecCGI" in the .htaccess; if the host forbids this, use the folder it provides for scripts.',
      script: path,
      fixes: [{ kind: 'rule' }],
    }),
  ),
  known(
    'fcgid.request-too-long',
    'cause',
    /^mod_fcgid: HTTP request length (\d+) \(so far\) exceeds MaxRequestLen \((\d+)\)/,
    ([, most]) => ({
      summary: `The visitor got a 500: the upload is larger than ${most} bytes.`,
      cause: "The host's FcgidMaxRequestLen limits what a form or upload may send.",
      remedy: 'Send less, or in parts; only the host can raise FcgidMaxRequestLen.',
    }),
  ),
  known('fcgid.file-missing', 'cause', /^mod_fcgid: can't get (.+) file info/, ([path = '']) => ({
    summary: `Apache cannot look at ${path}.`,
    cause: 'The file is gone, or the web server may not enter its folder.',
    remedy: 'Upload the file; give its folders mode 755.',
    script: path,
    fixes: [{ kind: 'doctor' }],
  })),
  known(
    'fcgid.spawn-failed',
    'cause',
    /^mod_fcgid: (?:spawn process (.+) error|can't run (.+)|don't know how to spawn (?:wrapper )?child process: (.+)|couldn't set child process attributes: (.+)|Executable path length exceeds compiled-in limit: (.+))/,
    (paths) => {
      const path = paths.find((one) => one !== '') ?? '';
      return {
        summary: `Apache could not start ${path}.`,
        cause:
          'The file is not executable or its interpreter is missing; or the host has no memory or processes left.',
        remedy: 'Check the mode (755) and the first line of the file; then ask the host.',
        script: path,
        fixes: [{ kind: 'set-mode', path, mode: 0o755 }, { kind: 'doctor' }],
      };
    },
  ),
  known('fcgid.exit', 'consequence', /^mod_fcgid: process (.+)\((\d+)\) exit\((.+?)\), (.+)/, exitWords),
  known(
    'fcgid.ignores-term',
    'cause',
    /^mod_fcgid: process (\d+) graceful kill fail, sending SIGKILL/,
    ([pid]) => ({
      summary: `Process ${pid} did not end when it was asked to, and was killed.`,
      cause: 'The program ignores SIGTERM, or it hangs in a call.',
      remedy: 'Let the program end on SIGTERM; nothing is lost but the request that it worked on.',
    }),
  ),
  known(
    'fcgid.terminated',
    'symptom',
    /^(?:terminated by calling exit|get (?:stop|unexpected) signal|get signal \d+, possible coredump|FastCGI process \d+ still did not exit|stat node not found for exiting process)/,
    (_, { message }) => ({
      summary: 'A process of the dispatcher ended.',
      cause: `Apache says: ${message}.`,
      remedy: LOOK_ABOVE,
    }),
  ),
  plain(
    'fcgid.answer-cut',
    'symptom',
    /^mod_fcgid: (?:ap_pass_brigade failed in handle_request_ipc function|can't read data from fcgid handler)/,
    {
      summary: 'The rest of an answer was not sent.',
      cause: 'The dispatcher ended or was silent in the middle of its answer, or the visitor left.',
      remedy: 'Look at the other lines of the same request. Alone, it is a visitor who left.',
    },
  ),
  plain(
    'fcgid.visitor-left',
    'routine',
    /^mod_fcgid: can't (?:get data from http client|read request from HTTP client|read request from bucket)/,
    {
      summary: 'The visitor sent only a part of the request.',
      cause: 'The connection of the visitor broke, or an upload was stopped.',
      remedy: 'Nothing to do.',
    },
  ),
  plain(
    'fcgid.connect-failed',
    'consequence',
    /^mod_fcgid: (?:can't connect unix domain socket|error (?:polling unix domain socket|writing data to FastCGI server))/,
    {
      summary: 'Apache could not hand the request to a process of the dispatcher.',
      cause: 'The process ended just before; it fails at its start or in its first request.',
      remedy: LOOK_ABOVE,
      fixes: [{ kind: 'preflight' }],
    },
  ),
  plain('fcgid.header-overflow', 'cause', /^mod_fcgid: header overflow/, {
    summary: 'The visitor got a 500: the headers of the answer are too long.',
    cause: 'All headers together may have 8 KB; large cookies are the usual reason.',
    remedy: 'Send smaller headers; keep session data on the server.',
  }),
  plain(
    'fcgid.environment-too-large',
    'cause',
    /^mod_fcgid: (?:can't (?:init (?:begin|env) request header|build (?:begin or env request|environment variables))|environment variable table overflow|\d+ environment variables dropped)/,
    {
      summary: 'The variables of a request do not fit.',
      cause:
        'mod_fcgid sends all variables and request headers in one record of 64 KB; long cookies or many SetEnv lines fill it.',
      remedy: 'Send fewer or shorter cookies, and remove SetEnv lines.',
    },
  ),
  plain(
    'fcgid.no-temporary-file',
    'host',
    /^mod_fcgid: can't (?:get tmp dir|open tmp file|write tmp file|truncate existing temporary file)/,
    {
      summary: 'Apache could not keep the body of a request.',
      cause: "The server's folder for temporary files is full or not writable.",
      remedy: 'Tell your host: its /tmp is full.',
    },
  ),
  known(
    'fcgid.access',
    'cause',
    /^mod_fcgid: (.*) to access (.+) failed, reason: script returned status (\d+)/,
    ([who, what, status]) => ({
      summary: `The visitor may not see ${what}: the checking script answered ${status}.`,
      cause: `${who}: the program named by FcgidAuthenticator, FcgidAuthorizer or FcgidAccessChecker refused.`,
      remedy: 'If the visitor should get in, look at that program.',
    }),
  ),
  plain('fcgid.needs-basic', 'cause', /^mod_fcgid: authenticator requires basic HTTP auth credentials/, {
    summary: 'The authenticator was called without a name and password.',
    cause: 'FcgidAuthenticator works with "AuthType Basic" only.',
    remedy: 'Write AuthType Basic and AuthName beside it.',
    fixes: [{ kind: 'rule' }],
  }),
  routine(
    'fcgid.access-granted',
    /^mod_fcgid: (?:.* to access .+ succeeded|not authoritative)/,
    'A visitor was let in.',
  ),
  routine(
    'fcgid.started',
    /^mod_fcgid: server (.+)\((\d+)\) started/,
    'A process of the dispatcher was started.',
  ),
  routine(
    'fcgid.manager',
    /^mod_fcgid: (?:Process manager \d+ (?:started|stopped)|cleanup zombie process|gracefully terminated \d+ processes|server is restarted, pid \d+ must exit)/,
    "Apache's process manager did its work.",
  ),
  routine(
    'fcgid.status',
    /^(?:mod_fcgid: (?:busy|error|idle) node index|mod_fcgid: total node count|Total FastCGI processes|<h1>mod_fcgid status|mod_fcgid(?:\.so|\.c|\/[\d.]+| PM| child)$|Header name which will be passed|an environment variable name and optional value|set processing options for a FastCGI command)/,
    'This is a text of mod_fcgid itself.',
  ),
  hostTrouble(
    'fcgid.manager-failed',
    /^mod_fcgid: (?:fcgid process manager (?:died|failed)|Can't (?:create pipe|create shared memory|initialize|install SIG)|Create process manager error|can't install signal handler|can't send (?:SIGHUP|notify)|can't get notify|can't write spawn command|error while waiting for message|current user is not root while suexec)/,
    "Apache's manager of FastCGI processes does not work.",
  ),
  hostTrouble(
    'fcgid.lock-failed',
    /^mod_fcgid: (?:can't (?:un)?lock process table|can't (?:get|release) pipe mutex|apr_global_mutex_child_init error|can't create (?:pool for process|stat pool))/,
    'Processes of Apache could not agree with each other.',
  ),
  hostTrouble(
    'fcgid.socket-failed',
    /^mod_fcgid: (?:Can't (?:create|set ownership of) unix socket dir|Couldn't set permissions|couldn't (?:bind|change owner of|create|listen on) unix domain socket|can't make unix domain socket|socket path length exceeds)/,
    'Apache could not make the socket by which it talks to a dispatcher.',
  ),
  hostTrouble(
    'fcgid.user-failed',
    /^(?:initgroups: unable to set groups|set[eg]*uid: unable|setgid: unable|\(\d+\).*unable to set|.*fcntl F_[GS]ETFD failed|.*unable to set .* to -?\d+)/,
    'Apache could not start a process under the right user.',
  ),
  hostTrouble('fcgid.fcntl', /^mod_fcgid: fcntl F_/, 'Apache could not prepare a socket.'),
] as const;

function exitWords([path = '', pid = '', why = '', how = '']: readonly string[]): Words {
  const status = /return code: (\d+)/.exec(how)?.[1];
  const summary = `Process ${pid} of ${path} ended (${why}; ${status === undefined ? how : `exit code ${status}`}).`;
  if (why !== 'communication error' && why !== 'server exited') {
    const cause = 'Apache ends idle and old processes by itself.';
    const rank = why === 'busy timeout' ? 'symptom' : 'routine';
    return { summary, cause, remedy: 'Nothing to do.', script: path, rank };
  }
  return {
    summary,
    cause: exitCause(status),
    remedy: LOOK_ABOVE,
    script: path,
    fixes: [{ kind: 'doctor' }, { kind: 'preflight' }],
  };
}

/** What the exit code tells, as measured on Apache 2.4.71 with mod_fcgid 2.3.9. */
function exitCause(status: string | undefined): string {
  if (status === '255')
    return 'It could not be started: not executable, CR LF or BOM in the first line, no "#!" or no such interpreter.';
  if (status === '127') return 'env did not find the interpreter that the first line names.';
  if (status === '0')
    return 'It ended by itself: a plain CGI program, or one that does not wait for requests.';
  if (status === '1') return 'It failed while loading, with an error of its own (often an import error).';
  if (status === '2') return 'The interpreter could not read the file, or did not understand its arguments.';
  return 'It was ended by a signal or by an error of its own.';
}
