import { spawn, type ChildProcess } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { get } from 'node:http';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { configuration, mimeTypesFile, SERVER_USER, type ApacheOptions } from './apache/configuration';
import { MODULE_FOLDER } from './apache/modules';

export type { ApacheOptions } from './apache/configuration';

const BINARY = '/usr/sbin/apache2';
const START_LIMIT = 20_000;
const STOP_LIMIT = 5_000;

/** A running private Apache. */
export interface ApacheServer {
  readonly port: number;
  /** `http://127.0.0.1:PORT`, without a slash at the end. */
  readonly url: string;
  /** Process id of the parent. */
  readonly pid: number;
  /** Temporary folder of configuration, logs and sockets; gone after `stop`. */
  readonly folder: string;
  /** Path of the error log. */
  readonly errorLog: string;
  readErrorLog(): string;
  /** Restarts the children (SIGHUP), and waits until the new ones answer. */
  reload(): Promise<void>;
  /** Ends every process of this server and removes the temporary folder. May be called more than once. */
  stop(): Promise<void>;
}

/** Whether a private Apache can run here, and if not, what is missing. */
export function hasApache():
  { readonly available: true } | { readonly available: false; readonly reason: string } {
  if (process.platform === 'win32') return { available: false, reason: 'Apache suites need a Unix system' };
  const missing = [BINARY, MODULE_FOLDER, join(MODULE_FOLDER, 'mod_fcgid.so')].find(
    (path) => !existsSync(path),
  );
  if (missing === undefined) return { available: true };
  return {
    available: false,
    reason: `${missing} is missing; install the packages apache2 and libapache2-mod-fcgid`,
  };
}

/** The server did not come up, or did not answer; `log` is what it said. */
export class ApacheStartError extends Error {
  readonly reason: 'exited' | 'timeout';
  readonly log: string;

  constructor(reason: 'exited' | 'timeout', log: string) {
    super(`Apache ${reason === 'exited' ? 'ended while starting' : 'did not answer in time'}:\n${log}`);
    this.reason = reason;
    this.log = log;
  }
}

/**
 * Starts an Apache of its own on a free port of 127.0.0.1, with a configuration in a temporary folder; nothing of the
 * system's configuration is read and no service is touched. Works as root and as an ordinary user.
 */
export async function startApache(options: ApacheOptions): Promise<ApacheServer> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await startOnce(options, await freePort());
    } catch (error) {
      if (attempt === 3 || !isPortTaken(error)) throw error;
    }
  }
}

/** Another process may take the port between our probe and Apache's listen. */
function isPortTaken(error: unknown): boolean {
  return error instanceof ApacheStartError && error.log.includes('Address already in use');
}

async function startOnce(options: ApacheOptions, port: number): Promise<ApacheServer> {
  const folder = serverFolder(options);
  const errorLog = join(folder, 'error.log');
  const file = join(folder, 'apache.conf');
  writeFileSync(join(folder, 'mime.types'), mimeTypesFile(options));
  writeFileSync(file, configuration(options, { port, folder }));
  const child = spawn(BINARY, ['-D', 'FOREGROUND', '-d', folder, '-f', file], {
    // As a server that went into the background: relative paths of conditions begin there.
    cwd: '/',
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { PATH: '/usr/local/bin:/usr/bin:/bin', ...options.environment },
  });
  const server = new PrivateApache(child, {
    port,
    folder,
    errorLog,
    ownFolders: [folder, ...(options.ownFolders ?? [])],
  });
  await server.ready().catch(async (error: unknown) => {
    await server.end();
    throw error;
  });
  return server;
}

function serverFolder(options: ApacheOptions): string {
  const folder = mkdtempSync(join(tmpdir(), 'fastcgi-apache-'));
  chmodSync(folder, 0o755);
  const run = join(folder, 'run');
  mkdirSync(run);
  if (process.getuid?.() === 0) giveTo(run, options.user ?? SERVER_USER);
  return folder;
}

function giveTo(path: string, user: string): void {
  const entry = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'))
    .find(([name]) => name === user);
  if (entry) chownSync(path, Number(entry[2]), Number(entry[3]));
}

interface Place {
  readonly port: number;
  readonly folder: string;
  readonly errorLog: string;
  readonly ownFolders: readonly string[];
}

class PrivateApache implements ApacheServer {
  readonly port: number;
  readonly url: string;
  readonly pid: number;
  readonly folder: string;
  readonly errorLog: string;
  readonly #child: ChildProcess;
  readonly #exited: Promise<void>;
  readonly #guard: ChildProcess | undefined;
  readonly #ownFolders: readonly string[];
  #output = '';

  constructor(child: ChildProcess, place: Place) {
    this.#child = child;
    this.port = place.port;
    this.url = `http://127.0.0.1:${place.port}`;
    this.pid = child.pid ?? 0;
    this.folder = place.folder;
    this.errorLog = place.errorLog;
    this.#exited = new Promise((resolve) => {
      child.once('exit', () => resolve());
      child.once('error', () => resolve());
    });
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (this.#output += text));
    this.#ownFolders = place.ownFolders;
    this.#guard = this.pid > 0 ? guard(this.pid, place.ownFolders) : undefined;
  }

  readErrorLog(): string {
    return existsSync(this.errorLog) ? readFileSync(this.errorLog, 'utf8') : '';
  }

  async ready(): Promise<void> {
    const end = Date.now() + START_LIMIT;
    while (!(await answers(this.port))) {
      if (this.#hasEnded()) throw new ApacheStartError('exited', this.#output + this.readErrorLog());
      if (Date.now() > end) throw new ApacheStartError('timeout', this.#output + this.readErrorLog());
      await sleep(20);
    }
  }

  async reload(): Promise<void> {
    const before = this.#generations();
    const end = Date.now() + START_LIMIT;
    this.#child.kill('SIGHUP');
    while (this.#generations() === before && !this.#hasEnded() && Date.now() < end) await sleep(10);
    await this.ready();
  }

  async stop(): Promise<void> {
    await this.end();
    for (const folder of this.#ownFolders) rmSync(folder, { recursive: true, force: true });
  }

  /** Ends the processes; the caller's folders stay, for another attempt. */
  async end(): Promise<void> {
    this.#child.kill('SIGTERM');
    await Promise.race([this.#exited, sleep(STOP_LIMIT, undefined, { ref: false })]);
    this.#killGroup();
    await this.#exited;
    this.#guard?.kill('SIGKILL');
    rmSync(this.folder, { recursive: true, force: true });
  }

  #hasEnded(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null || this.pid === 0;
  }

  /** Apache writes this notice at every start of a generation, whatever LogLevel says. */
  #generations(): number {
    return this.readErrorLog().split('resuming normal operations').length;
  }

  /** The parent leads its own process group, so this reaches children and FastCGI programs, and nothing else. */
  #killGroup(): void {
    try {
      if (this.pid > 0) process.kill(-this.pid, 'SIGKILL');
    } catch {
      // ESRCH: the group is empty already, which is what we want.
    }
  }
}

/** A shell that waits for the end of this process (its input closes) and then does what `stop` would have done. */
function guard(pid: number, folders: readonly string[]): ChildProcess {
  const script = 'read _; kill -TERM "-$1"; sleep 2; kill -KILL "-$1"; shift; rm -rf -- "$@"';
  const child = spawn('/bin/sh', ['-c', script, 'guard', String(pid), ...folders], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  child.on('error', () => undefined);
  child.unref();
  return child;
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const request = get({
      host: '127.0.0.1',
      port,
      method: 'OPTIONS',
      path: '*',
      agent: false,
      timeout: 2000,
    });
    request.once('response', (response) => {
      response.resume();
      response.once('close', () => resolve(true));
    });
    request.once('timeout', () => request.destroy());
    request.once('error', () => resolve(false));
  });
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}
