import * as fs from 'node:fs';
import * as path from 'node:path';
import type { ProgramCommand } from './launchPlan';

/** Why a dispatcher cannot be started at all; found before it is tried. */
export interface StartFault {
  readonly reason:
    | 'missing'
    | 'not-a-file'
    | 'unreadable'
    | 'not-executable'
    | 'byte-order-mark'
    | 'carriage-return'
    | 'no-shebang'
    | 'interpreter-missing';
  /** What is wrong, why it matters, what to do. */
  readonly message: string;
}

/** The `#!` line of a program: `/usr/bin/env`, `python3`. */
export interface Shebang {
  readonly interpreter: string;
  /** All that follows, as one argument; null when nothing does. */
  readonly argument: string | null;
}

/** Linux reads this much of the first line. */
const SHEBANG_LIMIT = 256;

/**
 * What `exec` would refuse, in words: Apache says nothing in most of these cases but "End of script output before
 * headers" (measured). Null when the file can be started; it may still fail by itself.
 */
export function startFaultOf(file: string, searchPath: string): StartFault | null {
  const name = path.basename(file);
  const stats = statOf(file);
  if (stats instanceof Error) return fault('unreadable', unreachable(name, file, stats));
  if (stats === undefined)
    return fault(
      'missing',
      `${name} does not exist: ${file}. Create it, or correct the rule that leads to it.`,
    );
  if (!stats.isFile()) return fault('not-a-file', `${name} is not a file but a folder or device: ${file}.`);
  const start = readStart(file);
  if (start === null)
    return fault(
      'unreadable',
      `${name} cannot be read. Give the server's user permission to read it (chmod 755).`,
    );
  return textFault(name, start, searchPath) ?? modeFault(name, file);
}

/** Undefined where nothing is; an error where that cannot be seen. */
function statOf(file: string): fs.Stats | Error | undefined {
  try {
    return fs.statSync(file, { throwIfNoEntry: false });
  } catch (error) {
    return error as Error;
  }
}

function unreachable(name: string, file: string, error: NodeJS.ErrnoException): string {
  return error.code === 'EACCES'
    ? `${name} cannot be reached: a folder on the way to ${file} may not be entered by you. Give yourself the permission to (chmod u+x).`
    : `${name} cannot be reached: ${error.message}.`;
}

/** The same for a program that is called by its name, as a wrapper or a handler's interpreter is. */
export function commandFault({ file, program }: ProgramCommand, searchPath: string): StartFault | null {
  if (program === file && path.isAbsolute(file)) return startFaultOf(file, searchPath);
  if (findProgram(program, searchPath) !== null) return null;
  return fault(
    'interpreter-missing',
    `${program} is not on this machine, in none of the folders of PATH (${searchPath}). Install it, or correct what names it.`,
  );
}

function modeFault(name: string, file: string): StartFault | null {
  if (isExecutable(file)) return null;
  return fault(
    'not-executable',
    `${name} is not executable, so the server cannot start it and answers 500. Run: chmod 755 ${name}`,
  );
}

function textFault(name: string, start: string, searchPath: string): StartFault | null {
  if (isBinary(start)) return null;
  if (start.startsWith('\u00ef\u00bb\u00bf')) {
    return fault(
      'byte-order-mark',
      `${name} begins with a byte order mark, which hides its #! line; the server answers 500. Save it as UTF-8 without BOM.`,
    );
  }
  const shebang = readShebang(start);
  if (shebang === null) {
    return fault(
      'no-shebang',
      `${name} does not begin with a #! line, so the system does not know what runs it and the server answers 500. Make the first line: #!/usr/bin/env python3`,
    );
  }
  if (/\r/.test(shebang.interpreter + (shebang.argument ?? ''))) {
    return fault(
      'carriage-return',
      `${name} has Windows line endings (CRLF): the system looks for a program called "${printable(shebang)}" and the server answers 500. Save it with line endings LF.`,
    );
  }
  return interpreterFault(name, shebang, searchPath);
}

function interpreterFault(name: string, shebang: Shebang, searchPath: string): StartFault | null {
  if (!isExecutable(shebang.interpreter)) {
    return fault(
      'interpreter-missing',
      `${name} asks for ${shebang.interpreter || 'an empty path'}, which is not there or not executable on this machine. Install it, or correct the #! line.`,
    );
  }
  const program = programForEnv(shebang);
  if (program === null || findProgram(program, searchPath) !== null) return null;
  return fault(
    'interpreter-missing',
    `${name} asks for ${program}, which is in none of the folders of PATH (${searchPath}). Install it, or correct the #! line.`,
  );
}

/** The program that `/usr/bin/env NAME` looks for; null for other interpreters and for env with options. */
function programForEnv({ interpreter, argument }: Shebang): string | null {
  if (path.basename(interpreter) !== 'env' || argument === null) return null;
  const words = argument
    .replace(/^-S\s*/, '')
    .split(/\s+/)
    .filter((word) => !word.includes('='));
  const [program] = words;
  return program === undefined || program.startsWith('-') ? null : program;
}

/** The file that a program's name means along a PATH, or null. */
export function findProgram(program: string, searchPath: string): string | null {
  if (program.includes('/')) return isExecutable(program) ? program : null;
  const folders = searchPath.split(path.delimiter).filter((folder) => folder !== '');
  return folders.map((folder) => path.join(folder, program)).find(isExecutable) ?? null;
}

/** The `#!` line at the start of a file's text, or null. A carriage return at its end belongs to it, as for the system. */
export function readShebang(start: string): Shebang | null {
  const match = /^#![ \t]*([^ \t\n]*)[ \t]*([^\n]*)/.exec(start.slice(0, SHEBANG_LIMIT));
  if (match === null) return null;
  const argument = (match[2] ?? '').replace(/[ \t]+$/, '');
  return { interpreter: match[1] ?? '', argument: argument === '' ? null : argument };
}

/** The first bytes of a file as a byte string; null when it cannot be read. */
export function readStart(file: string): string | null {
  let handle: number | null = null;
  try {
    handle = fs.openSync(file, 'r');
    const buffer = Buffer.alloc(SHEBANG_LIMIT);
    return buffer.toString('latin1', 0, fs.readSync(handle, buffer, 0, buffer.length, 0));
  } catch {
    return null;
  } finally {
    if (handle !== null) fs.closeSync(handle);
  }
}

/** ELF and Mach-O programs start without a shebang. */
function isBinary(start: string): boolean {
  return /^(?:\x7fELF|\xcf\xfa\xed\xfe|\xca\xfe\xba\xbe)/.test(start);
}

function isExecutable(file: string): boolean {
  try {
    fs.accessSync(file, fs.constants.X_OK);
    return fs.statSync(file).isFile();
  } catch {
    return false;
  }
}

function printable({ interpreter, argument }: Shebang): string {
  return (argument ?? interpreter).replaceAll('\r', '\\r');
}

function fault(reason: StartFault['reason'], message: string): StartFault {
  return { reason, message };
}
