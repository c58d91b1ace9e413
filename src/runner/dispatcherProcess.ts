import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import * as fs from 'node:fs';
import * as net from 'node:net';
import { StringDecoder } from 'node:string_decoder';
import type { EventSink } from './events';
import { runExchange, type AnswerSink, type ExchangeEnd, type ExchangeOptions } from './exchange';
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
}

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
  #connection: net.Socket | null = null;
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

  /** One request. After a broken connection this waits a moment for the news that the process has ended. */
  async exchange(options: Omit<ExchangeOptions, 'socket'>, repeatable: boolean): Promise<ExchangeEnd> {
    const reported = { ...options, sink: this.#reporting(options.sink) };
    // The program may be closing the kept connection at this very moment: what must not be sent twice takes a new one.
    if (!repeatable || !this.#keepsConnection) this.#dropConnection();
    const reused = this.#connection !== null && !this.#connection.destroyed;
    let end = await this.#exchangeOnce(reported);
    if (end.kind === 'closed' && reused && !end.answered && repeatable && !(await this.#endsSoon())) {
      end = await this.#exchangeOnce(reported);
    }
    this.lastEnd = end.kind;
    if (end.kind === 'complete') this.answered++;
    else if (end.kind === 'closed') await this.#endsSoon();
    if (!this.#keepsConnection || end.kind !== 'complete') this.#dropConnection();
    return end;
  }

  /** The same sink; what goes to its error stream is told as output of this process too. */
  #reporting(sink: AnswerSink): AnswerSink {
    let decoder: StringDecoder | undefined;
    return {
      output: (content) => sink.output(content),
      pause: () => sink.pause(),
      onceReady: (go) => sink.onceReady(go),
      error: (content) => {
        sink.error(content);
        decoder ??= new StringDecoder('utf8');
        this.#emitOutput('stderr', decoder.write(Buffer.from(content)));
      },
    };
  }

  #emitOutput(stream: 'stdout' | 'stderr', text: string): void {
    if (text !== '') this.#emit({ kind: 'output', stream, text, dispatcher: this.file, pid: this.pid });
  }

  async #exchangeOnce(options: Omit<ExchangeOptions, 'socket'>): Promise<ExchangeEnd> {
    try {
      const socket = await this.#connect();
      return await runExchange({ ...options, socket });
    } catch (error) {
      return { kind: 'closed', message: (error as Error).message, answered: false };
    }
  }

  async #connect(): Promise<net.Socket> {
    const kept = this.#connection;
    if (kept !== null && !kept.destroyed && !this.#closesAfterAnswer) return kept;
    this.#dropConnection();
    const socket = await connectTo(this.#address, () => this.#exit !== null);
    // A failure between two requests shows when the next one is sent.
    socket.on('error', () => undefined);
    socket.once('close', () => this.#onConnectionClose(socket));
    this.#connection = socket;
    return socket;
  }

  #dropConnection(): void {
    const dropped = this.#connection;
    this.#connection = null;
    dropped?.destroy();
  }

  #onConnectionClose(socket: net.Socket): void {
    if (this.#connection !== socket) return;
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

/** Connects, and waits for a socket that is not there yet. Fails when the process ends first or time runs out. */
async function connectTo(address: Address, isGone: () => boolean): Promise<net.Socket> {
  if ('path' in address && fs.existsSync(address.path)) return connected(address);
  const last = performance.now() + SOCKET_WAIT;
  for (;;) {
    try {
      return await connected(address);
    } catch (error) {
      if (isGone() || performance.now() > last) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

async function connected(address: Address): Promise<net.Socket> {
  const socket = net.createConnection({ ...address, noDelay: true });
  await once(socket, 'connect');
  return socket;
}
