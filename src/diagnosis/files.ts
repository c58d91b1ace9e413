import { well, type Finding } from './finding';
import type { DispatcherView, Observations, RemoteEntry } from './observations';

const octal = (mode: number): string => (mode & 0o7777).toString(8).padStart(3, '0');

const UPLOAD = { kind: 'upload' } as const;

/** Folder, dispatcher, .htaccess, what is not uploaded: what lies on the server. */
export function judgeFiles(seen: Observations): readonly Finding[] {
  if (seen.folder === null) return [];
  if (seen.folder.kind !== 'directory') return [noFolder(seen)];
  return [
    ...seen.folders.flatMap((one) => judgeFolder(one, seen)),
    ...judgeDispatcher(seen),
    ...judgeHtaccess(seen),
    ...judgeUpload(seen),
  ];
}

function noFolder({ target, folder }: Observations): Finding {
  return {
    code: 'files.no-folder',
    severity: 'error',
    weight: 95,
    title: `There is no folder ${target.path} on the server.`,
    why:
      folder?.kind === 'missing'
        ? 'The path of the target is wrong, or the folder was removed.'
        : 'Something else has its name.',
    evidence: [`"path": "${target.path}"`],
    remedies: [
      {
        text: 'Correct "path" in .vscode/fastcgi.json, or upload the site.',
        fix: UPLOAD,
        command: 'fastcgi upload',
      },
    ],
  };
}

/** The web server is another user: it needs x on every folder of the way. */
function judgeFolder({ path, mode, uid }: RemoteEntry, seen: Observations): readonly Finding[] {
  const isClosed = (mode & 0o001) === 0;
  const isOpen = (mode & 0o022) !== 0;
  if (!isClosed && !isOpen) return [];
  const remedy = { text: `Give ${path} mode 755.`, fix: { kind: 'set-mode', path, mode: 0o755 } as const };
  if (isClosed) {
    // Where Apache runs as the account itself (or in its group), this is no fault: the answers tell.
    const isFault = seen.answers.some(({ status }) => status === 403 || status === 500 || status === 404);
    const isRefused = seen.answers.length > 0 && seen.answers.every(({ status }) => status === 403);
    return [
      {
        code: 'files.closed-folder',
        severity: isFault ? 'error' : 'info',
        weight: isRefused ? 93 : isFault ? 40 : 3,
        title: `The web server may not enter ${path} (mode ${octal(mode)}).`,
        why: 'Apache runs as another user than you on many hosts, and needs the x permission for others on every folder.',
        evidence: [`${path}: mode ${octal(mode)}, owner ${uid ?? '?'}`],
        remedies: [remedy],
      },
    ];
  }
  return [
    {
      code: 'files.writable-folder',
      severity: 'warning',
      weight: 15,
      title: `Others may write to ${path} (mode ${octal(mode)}).`,
      why: 'suEXEC refuses to run a program in such a folder; and anybody on the server could change your site.',
      evidence: [`${path}: mode ${octal(mode)}`],
      remedies: [remedy],
    },
  ];
}

function judgeDispatcher(seen: Observations): readonly Finding[] {
  const { dispatcher } = seen;
  if (dispatcher === null) return [];
  if (dispatcher.kind !== 'file') return [noDispatcher(dispatcher)];
  const isFailing =
    seen.answers.length === 0 || seen.answers.some(({ status }) => status === null || status >= 400);
  const found = [
    ...dispatcher.problems.map((problem) => dispatcherFinding(dispatcher, problem, isFailing)),
    ...judgeOwner(dispatcher, seen),
    ...judgeReadable(dispatcher, isFailing),
    ...judgeInterpreter(dispatcher, isFailing),
    ...judgeCode(dispatcher, isFailing),
  ];
  if (found.some(({ severity }) => severity === 'error')) return found;
  const { path, mode, interpreter } = dispatcher;
  const run = interpreter === null ? '' : `, run by ${interpreter.version ?? interpreter.path}`;
  return [
    ...found,
    well('dispatcher.fine', `${dispatcher.name} can be started.`, [`${path}: mode ${octal(mode)}${run}`]),
  ];
}

function noDispatcher({ path, kind, name }: DispatcherView): Finding {
  const isMissing = kind === 'missing';
  return {
    code: isMissing ? 'dispatcher.missing' : 'dispatcher.no-file',
    severity: 'error',
    weight: 94,
    title: isMissing
      ? `The dispatcher ${name} is not on the server.`
      : `${name} is no file on the server (${kind}).`,
    why: isMissing
      ? 'It was not uploaded, or was renamed; a rule that leads to it runs in circles.'
      : 'suEXEC and mod_fcgid start plain files.',
    evidence: [path],
    remedies: [{ text: 'Upload it.', command: 'fastcgi upload' }],
  };
}

/** Codes whose fault stops every start, in the order of how they hide each other: what comes first is met first by the kernel. */
const FATAL: Readonly<Record<string, number>> = {
  'dispatcher.utf-16': 93,
  'dispatcher.bom': 92,
  'dispatcher.crlf': 91,
  'dispatcher.no-shebang': 90,
  'dispatcher.not-executable': 92.5,
  'dispatcher.shebang-relative': 88,
  'dispatcher.shebang-arguments': 87,
};

function dispatcherFinding(
  { path, mode, name }: DispatcherView,
  problem: DispatcherView['problems'][number],
  isFailing: boolean,
): Finding {
  const { code, severity, message } = problem;
  const fatal = FATAL[code];
  const isWeak = !isFailing || severity !== 'error';
  const kind = { 'dispatcher.crlf': 'to-lf', 'dispatcher.bom': 'without-bom' }[code] as
    'to-lf' | 'without-bom' | undefined;
  const fix =
    code === 'dispatcher.not-executable' || code === 'dispatcher.writable-by-others'
      ? ({ kind: 'set-mode', path, mode: 0o755 } as const)
      : kind === undefined
        ? undefined
        : ({ kind, path } as const);
  return {
    code,
    severity: severity === 'information' ? 'info' : isFailing ? severity : 'warning',
    weight: isWeak ? 14 : (fatal ?? 60),
    title: message,
    why: 'The web server starts the program by its first line and its permissions; one of them is wrong.',
    evidence: [`${path} on the server, mode ${octal(mode)}`],
    remedies: [
      {
        text:
          fix?.kind === 'set-mode' ? `Give ${name} mode 755.` : `Correct ${name}, then upload and reload.`,
        ...(fix && { fix }),
        command: 'fastcgi upload',
      },
    ],
  };
}

function judgeOwner({ path, uid, name }: DispatcherView, { uid: own }: Observations): readonly Finding[] {
  if (uid === null || own === null || uid === own) return [];
  return [
    {
      code: 'dispatcher.owner',
      severity: 'warning',
      weight: 50,
      title: `${name} belongs to another user (${uid}) than your account (${own}).`,
      why: 'suEXEC runs a program only if it belongs to the account of the site.',
      evidence: [path],
      remedies: [{ text: 'Remove it, and upload it again under your account.', command: 'fastcgi upload' }],
    },
  ];
}

/** A script must be read by its interpreter, not only be run. */
function judgeReadable({ path, mode, name }: DispatcherView, isFailing: boolean): readonly Finding[] {
  if ((mode & 0o004) !== 0 || (mode & 0o111) === 0) return [];
  return [
    {
      code: 'dispatcher.not-readable',
      severity: isFailing ? 'error' : 'info',
      weight: isFailing ? 76 : 2,
      title: `The web server may not read ${name} (mode ${octal(mode)}).`,
      why: 'The interpreter reads the script as the user of the web server, who is another one than you on many hosts.',
      evidence: [path],
      remedies: [{ text: `Give ${name} mode 755.`, fix: { kind: 'set-mode', path, mode: 0o755 } }],
    },
  ];
}

function judgeInterpreter({ interpreter, name }: DispatcherView, isFailing: boolean): readonly Finding[] {
  if (interpreter === null || interpreter.found) return [];
  return [
    {
      code: 'dispatcher.no-interpreter',
      severity: 'error',
      weight: isFailing ? 89 : 50,
      title: `The interpreter of ${name} is not on the server: ${interpreter.path}.`,
      why: 'The first line names a program that does not exist there, or is not in the PATH of the web server.',
      evidence: [`#! ${interpreter.path}`],
      remedies: [
        { text: 'Write the path of an interpreter that the server has, such as "#!/usr/bin/env python3".' },
      ],
    },
  ];
}

function judgeCode(
  { syntaxError, missingModules, name }: DispatcherView,
  isFailing: boolean,
): readonly Finding[] {
  const syntax: Finding[] =
    syntaxError === null
      ? []
      : [
          {
            code: 'dispatcher.syntax-error',
            severity: 'error',
            weight: isFailing ? 86 : 50,
            title: `The program has a syntax error: ${syntaxError.split('\n').at(-1) ?? ''}`,
            why: 'The interpreter cannot load it, so no request gets an answer.',
            evidence: syntaxError.split('\n').slice(0, 6),
            remedies: [{ text: 'Correct it, then upload and reload.', command: 'fastcgi upload' }],
          },
        ];
  const modules: Finding[] =
    missingModules.length === 0
      ? []
      : [
          {
            code: 'dispatcher.missing-module',
            severity: 'error',
            weight: isFailing ? 85 : 16,
            title: `The interpreter does not find ${missingModules.join(', ')}.`,
            why: `${name} or its neighbours import what is not installed for the interpreter of the first line, and is not in the site.`,
            evidence: missingModules.map((one) => `import ${one}`),
            remedies: [
              {
                text: "Install it for that interpreter, name your virtual environment's python in the first line, or upload the missing file.",
              },
            ],
          },
        ];
  return [...syntax, ...modules];
}

function judgeHtaccess(seen: Observations): readonly Finding[] {
  const isFailing =
    seen.answers.length === 0 || seen.answers.some(({ status }) => status === null || status >= 500);
  const found = seen.htaccess.flatMap(({ path, mode, refusal, missingPasswords }): Finding[] => [
    ...(missingPasswords === null ? [] : [noPasswords(path, missingPasswords)]),
    ...(refusal === null
      ? []
      : [
          {
            code: 'htaccess.refused',
            severity: 'error',
            weight: isFailing ? 95 : 48,
            title: `Apache refuses ${path}${refusal.line === null ? '' : `, line ${refusal.line}`}: ${refusal.message}`,
            why: 'Every request below its folder gets a 500.',
            evidence: [
              isFailing
                ? 'The site answers 500.'
                : 'The site does not answer 500: perhaps the host differs from the "host" that you described.',
            ],
            remedies: [
              {
                text: 'Correct the line, then upload.',
                fix: { kind: 'open', path, ...(refusal.line !== null && { line: refusal.line }) },
                command: 'fastcgi check',
              },
            ],
          } as const,
        ]),
    ...((mode & 0o004) === 0 && seen.answers.some(({ status }) => status === 403)
      ? [
          {
            code: 'htaccess.not-readable',
            severity: 'error',
            weight: 90,
            title: `The web server may not read ${path} (mode ${octal(mode)}).`,
            why: 'Apache answers 403 where a .htaccess is there and cannot be read.',
            evidence: [`${path}: mode ${octal(mode)}`],
            remedies: [{ text: 'Give it mode 644.', fix: { kind: 'set-mode', path, mode: 0o644 } }],
          } as const,
        ]
      : []),
  ]);
  if (found.length > 0 || seen.htaccess.length === 0) return found;
  return [
    well(
      'htaccess.fine',
      `Apache takes ${seen.htaccess.length === 1 ? 'the .htaccess' : `all ${seen.htaccess.length} .htaccess files`}.`,
      seen.htaccess.map(({ path }) => path),
    ),
  ];
}

function noPasswords(path: string, missing: string): Finding {
  return {
    code: 'htaccess.no-password-file',
    severity: 'error',
    weight: 88,
    title: `The password file ${missing} is not on the server.`,
    why: 'Whoever types a password gets a 500: AuthUserFile takes a whole path of the server, from its root.',
    evidence: [path],
    remedies: [
      { text: 'Upload the file, and write its path as it is on the server.', fix: { kind: 'open', path } },
    ],
  };
}

function judgeUpload({ notUploaded, different }: Observations): readonly Finding[] {
  const shown = (paths: readonly string[]) => [
    ...paths.slice(0, 10),
    ...(paths.length > 10 ? [`and ${paths.length - 10} more`] : []),
  ];
  const upload = [{ text: 'Upload the site.', fix: UPLOAD, command: 'fastcgi upload' }];
  return [
    ...(notUploaded.length === 0
      ? []
      : [
          {
            code: 'files.not-uploaded',
            severity: 'warning',
            weight: 35,
            title: `${notUploaded.length} ${notUploaded.length === 1 ? 'file is' : 'files are'} on this machine and not on the server.`,
            why: 'The program or a rule may need what is missing.',
            evidence: shown(notUploaded),
            remedies: upload,
          } as const,
        ]),
    ...(different.length === 0
      ? []
      : [
          {
            code: 'files.different',
            severity: 'info',
            weight: 18,
            title: `${different.length} ${different.length === 1 ? 'file differs' : 'files differ'} between this machine and the server.`,
            why: 'What you see in the editor is not what runs there.',
            evidence: shown(different),
            remedies: upload,
          } as const,
        ]),
  ];
}
