import * as path from 'node:path';
import { readShebang, readStart } from './startFault';

/** A program and how it is called. */
export interface ProgramCommand {
  /** What people know it by: the dispatcher's path, or that of the program of a wrapper. */
  readonly file: string;
  /** What is started. */
  readonly program: string;
  readonly args: readonly string[];
  /** The working folder. */
  readonly folder: string;
}

/** How a FastCGI program gets its listening socket. */
export type LaunchPlan =
  /** As file descriptor 0, handed over by us. */
  | { readonly kind: 'descriptor' }
  /** As file descriptor 0, made by a small Perl program that becomes the dispatcher. */
  | { readonly kind: 'launcher' }
  /** It listens on a port by itself. */
  | { readonly kind: 'port'; readonly commandFor: (port: number) => readonly string[] }
  /** Not at all: one process for each request, as CGI. */
  | { readonly kind: 'none' };

/**
 * How a program is started on a system. Windows can neither hand a listening socket over nor read a #! line: php-cgi
 * listens by itself, Python dispatchers through a few lines that stand in for descriptor 0, and what else can run is
 * run as CGI.
 */
export function launchPlan(platform: NodeJS.Platform, command: ProgramCommand): LaunchPlan {
  if (platform !== 'win32') return { kind: 'descriptor' };
  const language = languageOf(command);
  if (language === 'php') {
    return { kind: 'port', commandFor: (port) => phpCommand(command, port) };
  }
  if (language === 'python') {
    return { kind: 'port', commandFor: (port) => pythonCommand('python', command, port) };
  }
  return { kind: 'none' };
}

/** The language of what runs, by the name of the program or of the interpreter in its #! line. */
export function languageOf({ program, file }: ProgramCommand): string {
  const own = languageNamed(path.win32.basename(program));
  if (own !== '') return own;
  const shebang = readShebang(readStart(file) ?? '');
  const words = `${shebang?.interpreter ?? ''} ${shebang?.argument ?? ''}`.split(/[\s/\\]+/);
  return words.map(languageNamed).find((name) => name !== '') ?? '';
}

function languageNamed(word: string): string {
  return /^(php|python|perl|ruby)[\d.]*(?:-cgi)?(?:\.exe)?$/i.exec(word)?.[1]?.toLowerCase() ?? '';
}

/** A script called by the interpreter that its #! line names, by name alone: it is looked for along PATH. */
export function interpretedCommand(command: ProgramCommand): ProgramCommand {
  const shebang = command.program === command.file ? readShebang(readStart(command.file) ?? '') : null;
  if (shebang === null) return command;
  const [first = '', ...rest] = `${path.posix.basename(shebang.interpreter)} ${shebang.argument ?? ''}`
    .split(/\s+/)
    .filter((word) => word !== '' && word !== 'env' && word !== '-S');
  return { ...command, program: first, args: [...rest, command.file, ...command.args] };
}

function phpCommand({ program, args }: ProgramCommand, port: number): readonly string[] {
  return [program, ...args, '-b', `127.0.0.1:${port}`];
}

/**
 * Opens a port and lets FastCGI libraries believe that it is file descriptor 0: they ask `socket.fromfd(0, …)`.
 * TCP_NODELAY, since they write answers in several small pieces.
 */
const PYTHON_SHIM = `import os, runpy, socket, sys
port, script = int(sys.argv[1]), sys.argv[2]
listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
listener.bind(('127.0.0.1', port))
listener.listen(100)
original = socket.fromfd
def fromfd(fd, family, type, proto=0):
    return listener.dup() if fd == 0 else original(fd, family, type, proto)
socket.fromfd = fromfd
sys.argv = [script]
sys.path[0] = os.path.dirname(script)
runpy.run_path(script, run_name='__main__')
`;

/** A Python dispatcher on a port, by the interpreter of this name. */
export function pythonCommand(interpreter: string, command: ProgramCommand, port: number): readonly string[] {
  return [interpreter, '-c', PYTHON_SHIM, String(port), command.file, ...command.args];
}
