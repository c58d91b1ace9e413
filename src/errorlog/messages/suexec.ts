import { known, plain, routine, type KnownMessage, type Words } from './known';

interface Refusal {
  /** Exit status (suexec.c); several faults share some of them. */
  readonly status: number;
  readonly pattern: RegExp;
  readonly code: string;
  readonly summary: string;
  readonly cause: string;
  readonly remedy: string;
  readonly mode?: number;
}

const ASK = 'Ask your host; only it can change this.';

/** Why suEXEC refuses to run a program: its log's words, its exit status, what to do. Measured, and suexec.c of 2.4. */
const REFUSALS: readonly Refusal[] = [
  {
    status: 118,
    code: 'suexec.writable-file',
    pattern: /^file is writable by others: \((.*)\)/,
    summary: 'suEXEC refuses it: others may write to the file.',
    cause: 'Its mode is 775, 777 or 666; a program that others could change is not run.',
    remedy: 'Give it mode 755.',
    mode: 0o755,
  },
  {
    status: 116,
    code: 'suexec.writable-folder',
    pattern: /^directory is writable by others: \((.*)\)/,
    summary: 'suEXEC refuses it: others may write to its folder.',
    cause: "The folder's mode is 775 or 777.",
    remedy: 'Give the folder mode 755.',
    mode: 0o755,
  },
  {
    status: 120,
    code: 'suexec.owner',
    pattern: /^target uid\/gid \(.*?\) mismatch with directory \(.*?\) or program \(.*?\)/,
    summary: 'suEXEC refuses it: file or folder belong to somebody else.',
    cause: 'Owner or group differ from your account, as after an upload by root or another user.',
    remedy: 'Upload it again under your own account.',
  },
  {
    status: 121,
    code: 'suexec.not-executable',
    pattern: /^file has no execute permission: \((.*)\)/,
    summary: 'suEXEC refuses it: the file is not executable.',
    cause: 'Its mode has no x for you, as 644.',
    remedy: 'Give it mode 755.',
    mode: 0o755,
  },
  {
    status: 119,
    code: 'suexec.setuid',
    pattern: /^file is either setuid or setgid: \((.*)\)/,
    summary: 'suEXEC refuses it: the file has the setuid or setgid bit.',
    cause: 'Its mode is 4755, 2755 or the like.',
    remedy: 'Give it mode 755.',
    mode: 0o755,
  },
  {
    status: 117,
    code: 'suexec.no-file',
    pattern: /^cannot stat program: \((.*)\)/,
    summary: 'suEXEC refuses it: the program is missing, or it is a symbolic link.',
    cause: 'suEXEC runs no symbolic links.',
    remedy: 'Put a file there, not a link.',
  },
  {
    status: 114,
    code: 'suexec.outside',
    pattern: /^command not in docroot \((.*)\)/,
    summary: "suEXEC refuses it: the program lies outside the host's document root.",
    cause: 'The host lets programs run only below one folder.',
    remedy: 'Move the program below the folder that your host names.',
  },
  {
    status: 115,
    code: 'suexec.no-folder',
    pattern: /^cannot stat directory: \((.*)\)/,
    summary: 'suEXEC refuses it: the folder of the program is missing.',
    cause: 'The folder was removed or renamed.',
    remedy: 'Upload the site again.',
  },
  {
    status: 104,
    code: 'suexec.bad-path',
    pattern: /^invalid command \((.*)\)/,
    summary: 'suEXEC refuses it: the name of the program is a path.',
    cause: 'A command begins with "/" or has ".." in it.',
    remedy: 'Use a plain name in the same folder.',
  },
  {
    status: 111,
    code: 'suexec.no-home',
    pattern: /^cannot get current working directory/,
    summary: 'suEXEC cannot enter the folder of the program.',
    cause: 'A folder on the way may not be entered, or is missing.',
    remedy: 'Give the folders mode 755; else ask your host.',
  },
  {
    status: 113,
    code: 'suexec.docroot',
    pattern: /^cannot get docroot information ?(?:\((.*)\))?/,
    summary: "suEXEC cannot find the host's document root.",
    cause: 'Its folder is missing, or may not be entered.',
    remedy: ASK,
  },
  {
    status: 107,
    code: 'suexec.user',
    pattern:
      /^(?:cannot run as forbidden [ug]id|invalid target (?:user|group) (?:id|name)): ?\(?(.*?)\)?(?: |$)/,
    summary: 'suEXEC refuses it: the program may not run as this user.',
    cause: "The site's user is not one that the host allows.",
    remedy: ASK,
  },
  {
    status: 103,
    code: 'suexec.mismatch',
    pattern: /^(?:user mismatch|crit: calling user mismatch)/,
    summary: 'suEXEC was called by somebody else than the web server.',
    cause: 'Its own configuration is wrong.',
    remedy: ASK,
  },
  {
    status: 109,
    code: 'suexec.identity',
    pattern: /^failed to (?:setgid|initialize groups?|setuid|set[ug]id)/,
    summary: 'suEXEC could not take the identity of your account.',
    cause: 'suEXEC is not installed with the rights that it needs.',
    remedy: ASK,
  },
  {
    status: 101,
    code: 'suexec.arguments',
    pattern: /^(?:too few arguments|alert: too few arguments|crit: invalid uid)/,
    summary: 'suEXEC was called wrongly.',
    cause: 'Its own configuration is wrong.',
    remedy: ASK,
  },
];

/** Statuses that tell the same as another one. */
const SHARED: ReadonlyMap<number, number> = new Map([
  [102, 101],
  [105, 107],
  [106, 107],
  [108, 107],
  [110, 109],
  [112, 113],
]);

/** suEXEC's lines: of its own log, and what it writes to the error log. */
export const suexecMessages: readonly KnownMessage[] = [
  ...REFUSALS.map(({ code, pattern, summary, cause, remedy, mode }) =>
    known(code, 'cause', pattern, ([path = '']) => ({
      summary: path === '' ? summary : `${summary} (${path})`,
      cause,
      remedy,
      ...(path === '' ? {} : { script: path }),
      fixes:
        mode === undefined ? [{ kind: 'doctor' }] : [{ kind: 'set-mode', path, mode }, { kind: 'doctor' }],
    })),
  ),
  known(
    'suexec.exec-failed',
    'cause',
    /^(?:\((\d+)\)(.*?): )?exec failed \((.*)\)/,
    ([number, , name = '']) => ({
      summary: `suEXEC could not start ${name}.`,
      cause:
        number === '8'
          ? 'The first line is not "#!" and an interpreter; a BOM in front of it is enough.'
          : 'The interpreter of the first line is missing: Windows line endings (CR LF) or a wrong path.',
      remedy: 'Convert the file to LF, and begin it with "#!/usr/bin/env python3" or the like.',
      script: name,
      fixes: [{ kind: 'to-lf', path: name }, { kind: 'doctor' }],
    }),
  ),
  plain(
    'suexec.refused',
    'consequence',
    /^suexec (?:policy violation: see suexec log|failure: could not open log file)/,
    {
      summary: 'suEXEC refused to run the dispatcher.',
      cause:
        'Mode or owner of the file or its folder, most often: suEXEC wants 755, your own account, no symbolic link.',
      remedy: "Set the file and its folder to 755; suEXEC's own log says which of them it was.",
      fixes: [{ kind: 'doctor' }],
    },
  ),
  routine('suexec.started', /^uid: \(.*\) gid: \(.*\) cmd: /, 'suEXEC ran a program.'),
];

/** What an exit status between 101 and 121 means where suEXEC starts the programs; undefined for others. */
export function exitWordsOfSuexec(status: number): Words | undefined {
  const found = REFUSALS.find((one) => one.status === (SHARED.get(status) ?? status));
  if (!found) return undefined;
  const { summary, cause, remedy, mode } = found;
  return {
    summary,
    cause,
    remedy,
    rank: 'cause',
    fixes: mode === undefined ? [{ kind: 'doctor' }] : [{ kind: 'set-mode', mode }, { kind: 'doctor' }],
  };
}
