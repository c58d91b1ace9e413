import type { Explanation } from './explain';
import type { LogLine } from './line';

type Words = Omit<Explanation, 'code'>;

/** One known message: how it is recognised, and what it means. */
interface KnownMessage {
  readonly code: string;
  readonly explains: (message: string, line: LogLine) => Words | undefined;
}

/** A known message that a pattern recognises; the words get its captures. */
function known(code: string, pattern: RegExp, words: (captures: readonly string[]) => Words): KnownMessage {
  return {
    code,
    explains(message) {
      const found = pattern.exec(message);
      return found ? words(found.slice(1).map((capture) => capture ?? '')) : undefined;
    },
  };
}

/**
 * The messages that people meet most, recognised by their text as measured on Apache 2.4.71 with mod_fcgid 2.3.9.
 * The first that fits is taken.
 */
export const explanations: readonly KnownMessage[] = [
  known('fcgid.died-at-start', /^mod_fcgid: error reading data from FastCGI server/, () => ({
    summary: 'The dispatcher ended before it took a request.',
    cause:
      'It could not be started (not executable, Windows line endings, BOM, missing interpreter), or it failed while loading: then its own message stands in the lines before.',
    remedy: 'Run the preflight of the dispatcher; look at the lines just before this one.',
  })),
  known('fcgid.died-in-request', /^mod_fcgid: error reading data, FastCGI server closed connection/, () => ({
    summary: 'The dispatcher ended in the middle of a request.',
    cause:
      'An uncaught exception, an exit inside the program, or the host killed the process (memory or time limit).',
    remedy: 'Look for a traceback in the lines before; without one, ask the host for its process limits.',
  })),
  known('core.no-output', /^End of script output before headers: (.+)/, ([name]) => ({
    summary: `The visitor got a 500: ${name} sent nothing before it ended or was given up.`,
    cause: 'The reason stands in the line before: the program did not start, crashed or took too long.',
    remedy: 'Look at the lines just before this one.',
  })),
  known('core.premature-end', /^Premature end of script headers: (.+)/, ([name]) => ({
    summary: `The visitor got a 500: the header of ${name}'s answer has no end.`,
    cause:
      'Something that looks like a header was printed (an error message with a colon is enough), the empty line after the headers is missing, or a header is longer than 8 KB.',
    remedy: 'Print nothing but the answer to standard output; error messages belong on standard error.',
  })),
  known(
    'core.malformed-header',
    /^malformed header from script '(.+?)': Bad header: (.*)/,
    ([name, header]) => ({
      summary: `The visitor got a 500: ${name} sent "${header}" where a header was expected.`,
      cause: header?.startsWith('HTTP/')
        ? 'The program sends a status line of HTTP; FastCGI wants a "Status:" header instead.'
        : 'The program printed text before its headers, such as a print() for debugging.',
      remedy: header?.startsWith('HTTP/')
        ? 'Send "Status: 200 OK" instead.'
        : 'Send debugging output to standard error, and an empty line between headers and body.',
    }),
  ),
  known('core.invalid-status', /^Invalid status line from script '(.+?)': (.*)/, ([name, status]) => ({
    summary: `${name} sent the status "${status}", which is none.`,
    cause: 'A status is a number from 100 to 599, and a reason in words.',
    remedy: 'Send for example "Status: 404 Not Found".',
  })),
  known('fcgid.read-timeout', /^mod_fcgid: read data timeout in (\d+) seconds/, ([seconds]) => ({
    summary: `The dispatcher was silent for ${seconds} seconds; Apache gave up and ended it. The visitor got a 500.`,
    cause: 'A slow query or remote call, an endless loop, or a program that never accepts a connection.',
    remedy: 'Make the request faster, or send output while it works; only the host can raise FcgidIOTimeout.',
  })),
  known(
    'fcgid.busy-timeout',
    /^mod_fcgid: (\S+) took longer than busy timeout \((\d+) secs\)/,
    ([path, seconds]) => ({
      summary: `The request ${path} took more than ${seconds} seconds and was ended.`,
      cause: 'The program works too long on one request.',
      remedy: 'Do long work outside the request; only the host can raise FcgidBusyTimeout.',
    }),
  ),
  known('fcgid.no-slot', /^mod_fcgid: can't apply process slot for (.+)/, ([path]) => ({
    summary: `The visitor got a 503: no process of ${path} was free for about a minute.`,
    cause:
      "All processes were busy, or the host's limit of processes is reached; or the dispatcher keeps failing and Apache starts it less often.",
    remedy: 'Look for slow requests or failed starts before this line; end processes that hang.',
  })),
  known(
    'fcgid.no-execcgi',
    /^mod_fcgid: location of script (.+) does not have ExecCGI enabled/,
    ([path]) => ({
      summary: `The visitor got a 403: Apache may not run ${path}.`,
      cause: 'The option ExecCGI is off for this folder.',
      remedy:
        'Write "Options +ExecCGI" in the .htaccess; if the host forbids this, in the folder it provides for scripts.',
    }),
  ),
  known('core.no-execcgi', /^Options ExecCGI is off in this directory: (.+)/, ([path]) => ({
    summary: `The visitor got a 403: Apache may not run ${path}.`,
    cause: 'The option ExecCGI is off for this folder.',
    remedy:
      'Write "Options +ExecCGI" in the .htaccess; if the host forbids this, use the folder it provides for scripts.',
  })),
  known(
    'fcgid.request-too-long',
    /^mod_fcgid: HTTP request length (\d+) \(so far\) exceeds MaxRequestLen \((\d+)\)/,
    ([, most]) => ({
      summary: `The visitor got a 500: the upload is larger than ${most} bytes.`,
      cause: "The host's FcgidMaxRequestLen limits what a form or upload may send.",
      remedy: 'Send less, or in parts; only the host can raise FcgidMaxRequestLen.',
    }),
  ),
  known(
    'htaccess.invalid-command',
    /^(.+?): Invalid command '(.*?)', perhaps misspelled/,
    ([file, word]) => ({
      summary: `Every request below this folder gets a 500: ${file} contains "${word}", which Apache does not know.`,
      cause:
        'A misspelled directive, a directive of a module that the host does not load, or invisible characters (BOM) before the first word.',
      remedy: 'Correct the line, or put it between <IfModule …> and </IfModule>.',
    }),
  ),
  known('htaccess.not-allowed', /^(.+?): (\S+) not allowed here/, ([file, word]) => ({
    summary: `Every request below this folder gets a 500: ${file} contains ${word}, which may not stand there.`,
    cause:
      "The directive belongs into the server's own configuration, or the host's AllowOverride forbids it.",
    remedy: 'Remove the line; ask the host whether AllowOverride can be extended.',
  })),
  known('htaccess.option-not-allowed', /^(.+?): Option (\S+) not allowed here/, ([file, word]) => ({
    summary: `Every request below this folder gets a 500: ${file} sets the option ${word}, which the host does not allow.`,
    cause: "The host's AllowOverride lets only some options through.",
    remedy: 'Remove the option from the line.',
  })),
  known('fcgid.wrapper-missing', /^(.+?): Wrapper (.+) cannot be accessed: (.+)/, ([file, program]) => ({
    summary: `Every request below this folder gets a 500: ${file} names the wrapper ${program}, which is not there.`,
    cause: 'The path after FcgidWrapper is wrong, or not visible to the web server.',
    remedy: 'Correct the path.',
  })),
  {
    code: 'core.redirect-loop',
    explains: (message, line) =>
      line.code === 'AH00124' || message.startsWith('Request exceeded the limit of ')
        ? REDIRECT_LOOP
        : undefined,
  },
  {
    code: 'core.htaccess-unreadable',
    explains: (message, line) =>
      line.code === 'AH00529' || message.includes('pcfg_openfile: unable to check htaccess file')
        ? UNREADABLE
        : undefined,
  },
  {
    code: 'rewrite.unsafe-question-mark',
    explains: (_, line) => (line.code === 'AH10508' ? UNSAFE_QUESTION_MARK : undefined),
  },
  known('fcgid.exit', /^mod_fcgid: process (.+)\((\d+)\) exit\((.+?)\), (.+)/, exitWords),
  known('core.bad-response-header', /^Response header name '(.*)' contains invalid characters/, ([name]) => ({
    summary: `The visitor got a 500: "${name}" cannot be the name of a header.`,
    cause: 'A header name consists of letters, digits and dashes, without blanks.',
    remedy: 'Correct the header in the program.',
  })),
  known(
    'env.no-interpreter',
    /^(?:\/usr\/bin\/|\/bin\/)?env: .(.{1,200}?). ?: No such file or directory/,
    ([name]) => ({
      summary: `The interpreter "${name}" was not found, so the dispatcher did not start.`,
      cause:
        name?.endsWith('\\r') || name?.endsWith('\r')
          ? 'The first line ends in CR LF (Windows line endings).'
          : 'The first line names a program that is not in the PATH of the web server.',
      remedy:
        name?.endsWith('\\r') || name?.endsWith('\r')
          ? 'Save the file with LF line endings.'
          : 'Write the full path of the interpreter into the first line.',
    }),
  ),
  known('python.missing-module', /^ModuleNotFoundError: No module named '(.{1,200}?)'/, ([name]) => ({
    summary: `Python did not find the module "${name}".`,
    cause:
      "It is not installed for the interpreter of the first line, which may not be your virtual environment's.",
    remedy: "Name the virtual environment's python in the first line, or extend sys.path before the import.",
  })),
];

const REDIRECT_LOOP: Words = {
  summary: 'The visitor got a 500: a rewrite rule sent the request round in circles.',
  cause:
    'A RewriteRule matches its own result again; each round is an internal redirect, and after ten Apache gives up.',
  remedy:
    'Exclude the result with a RewriteCond, as "RewriteCond %{REQUEST_URI} !dispatch\\.fcgi", or use [END].',
};

const UNREADABLE: Words = {
  summary: 'The visitor got a 403: Apache cannot look for a .htaccess in a folder.',
  cause: "The web server's user may not enter the folder (or read the .htaccess).",
  remedy: 'Set the mode of the folder to 755 and of the .htaccess to 644.',
};

const UNSAFE_QUESTION_MARK: Words = {
  summary: 'The visitor got a 403: the address contains %3F, and a rule would put it into a path.',
  cause: 'Since 2.4.60 Apache refuses a rewritten address with an encoded question mark.',
  remedy: 'Add the flag UnsafeAllow3F to the rule if the address is meant to be so.',
};

function exitWords([path = '', pid = '', why = '', how = '']: readonly string[]): Words {
  const status = /return code: (\d+)/.exec(how)?.[1];
  const summary = `Process ${pid} of ${path} ended (${why}; ${status === undefined ? how : `exit code ${status}`}).`;
  if (why !== 'communication error' && why !== 'server exited') {
    return { summary, cause: 'Apache ends idle and old processes by itself.', remedy: 'Nothing to do.' };
  }
  return {
    summary,
    cause: exitCause(status),
    remedy: 'Look at the lines before; run the preflight of the dispatcher.',
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
