import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import * as fs from 'node:fs';
import * as net from 'node:net';
import { StringDecoder } from 'node:string_decoder';
import type { EventSink } from './events';
import { ProgramConnection, type ExchangeEnd, type ExchangeJob, type ExchangeLimits } from './exchange';
import { launch, type Address, type LaunchOptions } from './launch';
import { guardGroup } from './processGroups';

/** How a process ended; `null` code with a signal when it was killed. */
export interface ProcessExit {
  readonly code: number | null;
  readonly signal: string | null;
  /** The system's words when there never was a process. */
  readonly startError: string | null;
}

/** What a process needs beside its launch. */
export interface DispatcherProcessOptions extends LaunchOptions {
  readonly emit: EventSink;
  /** One connection for all requests, as long as the program leaves it open. */
  readonly keepsConnection: boolean;
  readonly limits: ExchangeLimits;
}

/** A request for a process. */
export interface ProcessJob extends ExchangeJob {
  /** May be sent a second time when the first one went to a connection that was being closed. */
  readonly repeatable: boolean;
}

type ClosedEnd = ExchangeEnd & { readonly kind: 'closed' };

/** Milliseconds between the polite end and the certain one. */
const KILL_GRACE = 2000;
/** Milliseconds in which a program that was started by the launcher must have opened its socket. */
const SOCKET_WAIT = 3000;
/** Milliseconds in which the system tells that a process whose connection broke has ended. */
const EXIT_WAIT = 500;

/** One running dispatcher with a socket and one connection of its own; it answers one request at a time. */
export class DispatcherProcess {
  readonly file: string;
  readonly #emit: EventSink;
  readonly #keepsConnection: boolean;
  readonly #child: ChildProcess;
  readonly #address: Address;
  readonly #unwatch: () => void;
  readonly #limits: ExchangeLimits;
  #connection: ProgramConnection | null = null;
  /** Of what the present request writes to the FastCGI error stream. */
  #decoder: StringDecoder | null = null;
  readonly #onErrorOutput = (content: Uint8Array): void => {
    this.#decoder ??= new StringDecoder('utf8');
    this.#emitOutput('stderr', this.#decoder.write(Buffer.from(content)));
  };
  /** The program closes its connection after each answer in spite of the flag: never send on an old one. */
  #closesAfterAnswer = false;
  #expectsExit = false;
  #exit: ProcessExit | null = null;
  #recent = '';
  /** Requests answered to the end. */
  answered = 0;
  /** How the last request ended; null before the first. */
  lastEnd: ExchangeEnd['kind'] | null = null;
  /** Resolves when the process is gone. */
  readonly ended: Promise<ProcessExit>;

  private constructor(options: DispatcherProcessOptions, child: ChildProcess, address: Address) {
    this.file = options.command.file;
    this.#emit = options.emit;
    this.#keepsConnection = options.keepsConnection;
    this.#limits = options.limits;
    this.#child = child;
    this.#address = address;
    this.#unwatch = child.pid === undefined ? () => undefined : guardGroup(child.pid);
    this.ended = this.#watchEnd();
    this.#listen('stdout');
    this.#listen('stderr');
    if (child.pid !== undefined) this.#emit({ kind: 'started', dispatcher: this.file, pid: child.pid });
  }

  /** Starts a dispatcher. Fails with a LaunchError when not even a socket could be made. */
  static async start(options: DispatcherProcessOptions): Promise<DispatcherProcess> {
    const { child, address } = await launch(options);
    return new DispatcherProcess(options, child, address);
  }

  /** 0 when the process never came to be. */
  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** How it ended, once it has. */
  get exit(): ProcessExit | null {
    return this.#exit;
  }

  /** True when its end was asked for. */
  get wasStopped(): boolean {
    return this.#expectsExit;
  }

  /** The last 64 KB that it wrote on its own standard output and error since the last call of `forgetOutput`. */
  get recentOutput(): string {
    return this.#recent;
  }

  forgetOutput(): void {
    this.#recent = '';
  }

  /** One request. After a broken connection the end waits a moment for the news that the process has ended. */
  exchange(job: ProcessJob, done: (end: ExchangeEnd) => void): void {
    this.#decoder = null;
    // The program may be closing the kept connection at this very moment: what must not be sent twice takes a new one.
    if (!job.repeatable || !this.#keepsConnection) this.#dropConnection();
    const kept = this.#kept();
    if (kept === null) return void this.#exchangeAnew(job).then((end) => this.#onEnd(end, done));
    kept.run(job, this.#onErrorOutput, (end) => {
      const isLost = end.kind === 'closed' && !end.answered && job.repeatable;
      if (isLost) void this.#exchangeAgain(job, end).then((last) => this.#onEnd(last, done));
      else this.#onEnd(end, done);
    });
  }

  #onEnd(end: ExchangeEnd, done: (end: ExchangeEnd) => void): void {
    this.lastEnd = end.kind;
    if (end.kind === 'complete') this.answered++;
    if (!this.#keepsConnection || end.kind !== 'complete') this.#dropConnection();
    if (end.kind === 'closed' && !end.isUnseen) void this.#tellLater(end, done);
    else done(end);
  }

  async #tellLater(end: ExchangeEnd, done: (end: ExchangeEnd) => void): Promise<void> {
    await this.#endsSoon();
    done(end);
  }

  /**
   * The kept connection was closed before a word of the answer: it was closed for being old, or the process has ended in good order, as
   * those do that serve a number of requests, or over this very request.
   */
  async #exchangeAgain(job: ProcessJob, end: ClosedEnd): Promise<ExchangeEnd> {
    if (!(await this.#endsSoon())) return this.#exchangeAnew(job);
    return this.#exit?.code === 0 ? { ...end, isUnseen: true } : end;
  }

  #emitOutput(stream: 'stdout' | 'stderr', text: string): void {
    if (text !== '') this.#emit({ kind: 'output', stream, text, dispatcher: this.file, pid: this.pid });
  }

  async #exchangeAnew(job: ProcessJob): Promise<ExchangeEnd> {
    try {
      const connection = await this.#connect();
      return await new Promise((resolve) => {
        connection.run(job, this.#onErrorOutput, resolve);
      });
    } catch (error) {
      const end = { kind: 'closed', message: (error as Error).message, answered: false } as const;
      return this.answered > 0 ? { ...end, isUnseen: true } : end;
    }
  }

  /** The connection of the last request, where it may serve another. */
  #kept(): ProgramConnection | null {
    const kept = this.#connection;
    return kept !== null && !kept.socket.destroyed && !this.#closesAfterAnswer ? kept : null;
  }

  async #connect(): Promise<ProgramConnection> {
    this.#dropConnection();
    const connection = await connectTo(this.#address, {
      limits: this.#limits,
      isHopeless: ({ code }) => this.#exit !== null || (this.answered > 0 && code === 'ECONNREFUSED'),
      onClose: (closed) => this.#onConnectionClose(closed),
    });
    this.#connection = connection;
    return connection;
  }

  #dropConnection(): void {
    const dropped = this.#connection;
    this.#connection = null;
    dropped?.socket.destroy();
  }

  #onConnectionClose(connection: ProgramConnection): void {
    if (this.#connection !== connection) return;
    this.#connection = null;
    if (this.answered > 0 && this.#exit === null) this.#closesAfterAnswer = true;
  }

  /** True when the process has ended or does so at once. */
  async #endsSoon(): Promise<boolean> {
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, EXIT_WAIT);
    });
    await Promise.race([this.ended, patience]);
    clearTimeout(timer);
    return this.#exit !== null;
  }

  /** Ends the process and all that it started: politely, then after two seconds certainly. */
  async stop(): Promise<void> {
    this.#expectsExit = true;
    this.#dropConnection();
    if (this.#exit === null) {
      signalGroup(this.pid, 'SIGTERM');
      const timer = setTimeout(() => signalGroup(this.pid, 'SIGKILL'), KILL_GRACE);
      await this.ended;
      clearTimeout(timer);
    }
  }

  #listen(stream: 'stdout' | 'stderr'): void {
    const pipe = this.#child[stream];
    pipe?.setEncoding('utf8').on('data', (text: string) => {
      this.#recent = (this.#recent + text).slice(-65_536);
      this.#emitOutput(stream, text);
    });
    pipe?.on('error', () => undefined);
  }

  #watchEnd(): Promise<ProcessExit> {
    const child = this.#child;
    return new Promise((resolve) => {
      child.once('error', (error) => {
        if (child.pid === undefined)
          void this.#settle({ code: null, signal: null, startError: error.message }, resolve);
      });
      child.once('exit', (code, signal) => void this.#settle({ code, signal, startError: null }, resolve));
    });
  }

  async #settle(exit: ProcessExit, resolve: (exit: ProcessExit) => void): Promise<void> {
    signalGroup(this.pid, 'SIGKILL');
    this.#unwatch();
    await drained(this.#child);
    this.#exit = exit;
    this.#dropConnection();
    if ('path' in this.#address) fs.rmSync(this.#address.path, { force: true });
    if (this.pid !== 0) this.#emitExit(exit);
    resolve(exit);
  }

  #emitExit({ code, signal }: ProcessExit): void {
    const { file: dispatcher, pid } = this;
    this.#emit({ kind: 'exited', dispatcher, pid, code, signal, expected: this.#expectsExit });
  }
}

/** What a process wrote before it ended is read before its end is told; a pipe kept open elsewhere is cut. */
async function drained(child: ChildProcess): Promise<void> {
  const pipes = [child.stdout, child.stderr].filter((pipe) => pipe !== null);
  const timer = setTimeout(() => pipes.forEach((pipe) => pipe.destroy()), 200);
  for (const pipe of pipes) if (!pipe.closed) await once(pipe, 'close').catch(() => undefined);
  clearTimeout(timer);
}

/** Signals a process group; nothing happens when it is gone. */
function signalGroup(pid: number, signal: NodeJS.Signals): void {
  if (pid === 0) return;
  try {
    // Windows has no groups; there the process itself is ended, with whatever signal.
    process.kill(process.platform === 'win32' ? pid : -pid, signal);
  } catch {
    // Already gone, which is what was wanted.
  }
}

/** Connects, and waits for a socket that is not there yet. Fails when it will not come, or time runs out. */
async function connectTo(address: Address, options: ConnectOptions): Promise<ProgramConnection> {
  if ('path' in address && fs.existsSync(address.path)) return connected(address, options);
  const last = performance.now() + SOCKET_WAIT;
  for (;;) {
    try {
      return await connected(address, options);
    } catch (error) {
      if (options.isHopeless(error as NodeJS.ErrnoException) || performance.now() > last) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

async function connected(address: Address, { limits, onClose }: ConnectOptions): Promise<ProgramConnection> {
  const connection: ProgramConnection = new ProgramConnection(
    (onread) => net.createConnection({ ...address, noDelay: true, onread }),
    limits,
    () => onClose(connection),
  );
  await once(connection.socket, 'connect');
  return connection;
}

interface ConnectOptions {
  readonly limits: ExchangeLimits;
  readonly isHopeless: (error: NodeJS.ErrnoException) => boolean;
  readonly onClose: (closed: ProgramConnection) => void;
}
