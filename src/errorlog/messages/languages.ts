import { known, plain, type Fix, type KnownMessage } from './known';

const PREFLIGHT: readonly Fix[] = [{ kind: 'preflight' }, { kind: 'doctor' }];

/** What interpreters and `env` say when a program does not start or load; without Apache's prefix, or passed on as standard error. */
export const languageMessages: readonly KnownMessage[] = [
  known(
    'env.no-interpreter',
    'cause',
    /^(?:\/usr\/bin\/|\/bin\/)?env: .(.{1,200}?). ?: No such file or directory/,
    ([name = '']) => {
      const crlf = name.endsWith('\\r') || name.endsWith('\r');
      return {
        summary: `The interpreter "${name}" was not found, so the dispatcher did not start.`,
        cause: crlf
          ? 'The first line ends in CR LF (Windows line endings).'
          : 'The first line names a program that is not in the PATH of the web server.',
        remedy: crlf
          ? 'Save the file with LF line endings.'
          : 'Write the full path of the interpreter into the first line.',
        fixes: crlf ? [{ kind: 'to-lf' }, ...PREFLIGHT] : PREFLIGHT,
      };
    },
  ),
  plain(
    'env.arguments',
    'symptom',
    /^(?:\/usr\/bin\/|\/bin\/)?env: use -\[v\]S to pass options in shebang lines/,
    {
      summary: 'env got the whole first line as one word.',
      cause: 'The first line names options or ends in CR LF (Windows line endings).',
      remedy: 'Save the file with LF line endings; use "env -S" for options.',
    },
  ),
  known(
    'python.missing-module',
    'program',
    /^(?:ModuleNotFoundError|ImportError): No module named '?([^']{1,200})'?/,
    ([name = '']) => ({
      summary: `Python did not find the module "${name}".`,
      cause:
        "It is not installed for the interpreter of the first line, which may not be your virtual environment's.",
      remedy:
        "Name the virtual environment's python in the first line, or extend sys.path before the import.",
      fixes: PREFLIGHT,
    }),
  ),
  known(
    'python.cannot-open',
    'cause',
    /^(\S*python[\d.]*): can't open file '(.+?)': \[Errno (\d+)\] (.+)/,
    ([python, path = '', number, why]) => ({
      summary: `${python} could not read ${path}: ${why}.`,
      cause:
        number === '13'
          ? 'The file may be run but not read by the user of the web server (mode 711).'
          : 'The file is not where the first line or wrapper says.',
      remedy: 'Give the file mode 755.',
      script: path,
      fixes: [{ kind: 'set-mode', path, mode: 0o755 }, ...PREFLIGHT],
    }),
  ),
  known('perl.missing-module', 'program', /^Can't locate (\S+?)\.pm in @INC/, ([name = '']) => ({
    summary: `Perl did not find the module ${name.replaceAll('/', '::')}.`,
    cause: 'It is not installed for this perl, or lies in a folder of your own that @INC does not have.',
    remedy:
      'Write "use lib \'/home/me/perl5/lib/perl5\';" with your own folder before it, or install the module.',
    fixes: PREFLIGHT,
  })),
  known(
    'perl.aborted',
    'symptom',
    /^(?:BEGIN failed--compilation aborted|Execution of \S+ aborted|Compilation failed in require)/,
    () => ({
      summary: 'Perl could not compile the program.',
      cause: 'The reason stands in the lines before.',
      remedy: 'Correct it; "perl -c dispatch.fcgi" shows it on your own machine.',
    }),
  ),
  known(
    'ruby.missing-gem',
    'program',
    /(?:cannot load such file -- (\S+)|Could not find (?:gem )?'?([\w-]+)'?.* in .*(?:gem|sources)) ?/,
    ([file = '', gem = '']) => ({
      summary: `Ruby did not find "${file || gem}".`,
      cause:
        'The gem is not installed for this ruby, or GEM_HOME is not set: the web server passes no environment.',
      remedy: 'Set ENV["GEM_HOME"] at the top of the dispatcher, or install the gem for your account.',
      fixes: PREFLIGHT,
    }),
  ),
  known(
    'php.missing-file',
    'program',
    /^(?:PHP )?(?:Fatal error|Warning): {1,2}(?:Uncaught Error: )?(?:Failed opening required|require(?:_once)?\(\)?: Failed opening required|require(?:_once)?\()'?([^')]+)/i,
    ([file]) => ({
      summary: `PHP did not find the file ${file}.`,
      cause: 'It was not uploaded (vendor/ of Composer, most often), or the path is wrong.',
      remedy: 'Upload it, or run "composer install" on the server.',
    }),
  ),
  known(
    'php.memory',
    'program',
    /^(?:PHP )?Fatal error: {1,2}Allowed memory size of (\d+) bytes exhausted/,
    ([bytes]) => ({
      summary: `PHP had no memory left (${Math.round(Number(bytes) / 1_048_576)} MB).`,
      cause: 'The request works on too much at once, or calls itself without end.',
      remedy: 'Work in smaller pieces; the host can raise memory_limit.',
    }),
  ),
  known(
    'php.time',
    'program',
    /^(?:PHP )?Fatal error: {1,2}Maximum execution time of (\d+) seconds? exceeded/,
    ([seconds]) => ({
      summary: `PHP ended the request after ${seconds} seconds.`,
      cause: 'A slow query or remote call, or an endless loop.',
      remedy: 'Make the request faster; the host can raise max_execution_time.',
    }),
  ),
  known(
    'shell.not-found',
    'cause',
    /^(?:\S*?sh|\S+\.f?cgi): (?:line )?(?:\d+: )?(\S{1,200}): (?:command )?not found/,
    ([name = '']) => ({
      summary: `The command "${name}" was not found.`,
      cause:
        'The file is run by the shell: its "#!" line is missing; or a program is not in the PATH of the web server.',
      remedy: 'Begin the file with "#!" and its interpreter.',
      fixes: PREFLIGHT,
    }),
  ),
  known(
    'system.threads',
    'program',
    /can't start new thread|Resource temporarily unavailable|Cannot allocate memory|std::bad_alloc|^MemoryError/,
    (_, { message }) => ({
      summary: `The host gave the program no more threads, processes or memory (${message.slice(0, 120)}).`,
      cause: 'Shared hosts limit how many processes and threads an account may have, and their memory.',
      remedy: 'Use fewer threads in the dispatcher; end processes that hang; ask the host for its limits.',
      fixes: [{ kind: 'doctor' }],
    }),
  ),
  known('system.no-space', 'program', /No space left on device|Disk quota exceeded/i, () => ({
    summary: 'The disk, or your quota, is full.',
    cause: 'The program could not write a file.',
    remedy: 'Remove what is not needed: old logs, caches, uploads.',
    fixes: [{ kind: 'doctor' }],
  })),
];
