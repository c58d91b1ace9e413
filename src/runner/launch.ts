import { spawn, type ChildProcess } from 'node:child_process';
import * as fs from 'node:fs';
import * as net from 'node:net';
import * as path from 'node:path';
import { findProgram } from './startFault';

/** How a FastCGI program is started. */
export interface LaunchOptions {
  /** The dispatcher, absolute; started through its own #! line. */
  readonly file: string;
  /** The whole environment of the process. */
  readonly environment: Readonly<Record<string, string>>;
  /** A private folder for the socket, with a short path. */
  readonly socketFolder: string;
  /** A name for the socket that was not used before. */
  readonly socketName: string;
  /** Starts through the small Perl program even where the socket can be handed over directly. */
  readonly useLauncher?: boolean;
  /** Program and arguments that run the dispatcher in place of its #! line; a debugger does. */
  readonly command?: readonly [string, ...string[]];
}

/** A started program whose standard input is a listening socket at `socketPath`. */
export interface Launched {
  readonly child: ChildProcess;
  readonly socketPath: string;
}

/** Starting failed before there was a process. */
export class LaunchError extends Error {
  readonly reason: 'socket' | 'exec';

  constructor(reason: LaunchError['reason'], message: string) {
    super(message);
    this.reason = reason;
  }
}

/**
 * Starts a program as mod_fcgid does: file descriptor 0 is a listening Unix socket of its own, the working folder is
 * the program's, and it leads a process group, so that all its children can be ended with it.
 *
 * Node has no public way to hand a listening socket over, so the descriptor is taken from the server's handle; where
 * there is none, a one-line Perl program opens the socket and becomes the dispatcher.
 */
export async function launch(options: LaunchOptions): Promise<Launched> {
  const socketPath = path.join(options.socketFolder, options.socketName);
  const launched = options.useLauncher === true ? null : await launchDirectly(options, socketPath);
  return launched ?? launchByPerl(options, socketPath);
}

/** Null when the server has no descriptor to hand over. */
function launchDirectly(options: LaunchOptions, socketPath: string): Promise<Launched | null> {
  const server = net.createServer();
  const bound = `${socketPath}b`;
  return new Promise((resolve, reject) => {
    server.once('error', (error) =>
      reject(new LaunchError('socket', `no socket at ${bound}: ${error.message}`)),
    );
    server.listen({ path: bound, backlog: 511 }, () => {
      try {
        resolve(startOn(server, { options, bound, socketPath }));
      } catch (error) {
        reject(new LaunchError('exec', (error as Error).message));
      } finally {
        // In this very tick: the descriptor is now blocking, and an accept by Node would block the whole program.
        server.close();
      }
    });
  });
}

interface Binding {
  readonly options: LaunchOptions;
  readonly bound: string;
  readonly socketPath: string;
}

function startOn(server: net.Server, { options, bound, socketPath }: Binding): Launched | null {
  const descriptor = (server as unknown as { _handle?: { fd?: unknown } })._handle?.fd;
  if (typeof descriptor !== 'number' || descriptor < 0) return null;
  // Closing the server removes `bound`; the second name of the same socket stays.
  fs.linkSync(bound, socketPath);
  const [program, ...args] = commandOf(options);
  return { child: startProcess(program, args, { options, input: descriptor }), socketPath };
}

const PERL_LAUNCHER =
  'use Socket; my ($path, @command) = @ARGV; socket(my $s, PF_UNIX, SOCK_STREAM, 0) or die $!;' +
  ' bind($s, sockaddr_un($path)) or die $!; listen($s, 511) or die $!;' +
  ' require POSIX; POSIX::dup2(fileno($s), 0) // die $!;' +
  ' exec { $command[0] } @command or die $!;';

function commandOf({ command, file }: LaunchOptions): readonly [string, ...string[]] {
  return command ?? [file];
}

function launchByPerl(options: LaunchOptions, socketPath: string): Launched {
  const perl =
    findProgram('perl', options.environment['PATH'] ?? '') ??
    findProgram('perl', '/usr/local/bin:/usr/bin:/bin');
  if (perl === null) {
    throw new LaunchError(
      'socket',
      'this Node cannot hand a listening socket to a program, and there is no perl to do it',
    );
  }
  const child = startProcess(perl, ['-e', PERL_LAUNCHER, socketPath, ...commandOf(options)], {
    options,
    input: 'ignore',
  });
  return { child, socketPath };
}

function startProcess(
  file: string,
  args: readonly string[],
  { options, input }: { readonly options: LaunchOptions; readonly input: number | 'ignore' },
): ChildProcess {
  return spawn(file, args, {
    cwd: path.dirname(options.file),
    env: { ...options.environment },
    stdio: [input, 'pipe', 'pipe'],
    detached: true,
  });
}
