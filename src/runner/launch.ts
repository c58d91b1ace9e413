import { spawn, type ChildProcess } from 'node:child_process';
import * as fs from 'node:fs';
import * as net from 'node:net';
import * as path from 'node:path';
import { launchPlan, type LaunchPlan, type ProgramCommand } from './launchPlan';
import { findProgram } from './startFault';

/** How a FastCGI program is started. */
export interface LaunchOptions {
  readonly command: ProgramCommand;
  /** The whole environment of the process. */
  readonly environment: Readonly<Record<string, string>>;
  /** A private folder for the socket, with a short path. */
  readonly socketFolder: string;
  /** A name for the socket that was not used before. */
  readonly socketName: string;
  /** Starts in another way than this machine's own; for tests. */
  readonly plan?: LaunchPlan;
}

/** Where a started program listens. */
export type Address = { readonly path: string } | { readonly host: string; readonly port: number };

/** A started program that takes connections at `address`, now or soon. */
export interface Launched {
  readonly child: ChildProcess;
  readonly address: Address;
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
 * there is none, a one-line Perl program opens the socket and becomes the dispatcher. On Windows, where neither is
 * possible, programs that can listen on a port are asked to.
 */
export async function launch(options: LaunchOptions): Promise<Launched> {
  const plan = options.plan ?? launchPlan(process.platform, options.command);
  if (plan.kind === 'port') return launchOnPort(options, plan);
  const socketPath = path.join(options.socketFolder, options.socketName);
  const launched = plan.kind === 'launcher' ? null : await launchDirectly(options, socketPath);
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
  const { program, args } = options.command;
  return {
    child: startProcess(program, args, { options, input: descriptor }),
    address: { path: socketPath },
  };
}

const PERL_LAUNCHER =
  'use Socket; my ($path, @command) = @ARGV; socket(my $s, PF_UNIX, SOCK_STREAM, 0) or die $!;' +
  ' bind($s, sockaddr_un($path)) or die $!; listen($s, 511) or die $!;' +
  ' require POSIX; POSIX::dup2(fileno($s), 0) // die $!;' +
  ' exec { $command[0] } @command or die $!;';

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
  const { program, args } = options.command;
  const child = startProcess(perl, ['-e', PERL_LAUNCHER, socketPath, program, ...args], {
    options,
    input: 'ignore',
  });
  return { child, address: { path: socketPath } };
}

async function launchOnPort(options: LaunchOptions, plan: LaunchPlan & { kind: 'port' }): Promise<Launched> {
  const port = await freePort();
  const [program = '', ...args] = plan.commandFor(port);
  const child = startProcess(program, args, { options, input: 'ignore' });
  return { child, address: { host: '127.0.0.1', port } };
}

/** A port that was free a moment ago: the program opens it by itself. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = net.createServer();
    probe.once('error', (error) => reject(new LaunchError('socket', `no free port: ${error.message}`)));
    probe.listen({ host: '127.0.0.1', port: 0 }, () => {
      const { port } = probe.address() as net.AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}

function startProcess(
  file: string,
  args: readonly string[],
  { options, input }: { readonly options: LaunchOptions; readonly input: number | 'ignore' },
): ChildProcess {
  return spawn(file, args, {
    cwd: options.command.folder,
    env: { ...options.environment },
    stdio: [input, 'pipe', 'pipe'],
    detached: process.platform !== 'win32',
    windowsHide: true,
  });
}
