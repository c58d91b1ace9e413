import * as path from 'node:path';
import { DispatcherProcess, type DispatcherProcessOptions, type ProcessExit } from './dispatcherProcess';
import type { EventSink } from './events';
import type { AnswerSink, ExchangeEnd } from './exchange';
import { startFaultOf } from './startFault';

/** The processes of one dispatcher. */
export interface PoolOptions {
  /** The dispatcher, absolute. */
  readonly file: string;
  /** The whole environment of its processes. */
  readonly environment: Readonly<Record<string, string>>;
  readonly socketFolder: string;
  /** A name that no other socket in the folder has or had. */
  readonly nextSocketName: () => string;
  readonly maxProcesses: number;
  /** Milliseconds of silence before a request is given up; 0 for never. */
  readonly timeLimit: number;
  readonly emit: EventSink;
  /** Asked before each start of a process; a rejection is a start that failed. */
  readonly prepare?: Prepare;
}

/** What a debugger changes about the start of a program. */
export interface Preparation {
  /** Program and arguments in place of the dispatcher's own #! line. */
  readonly command?: readonly [string, ...string[]];
  /** Further variables of its environment. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** Gets the dispatcher's path, absolute. */
export type Prepare = (dispatcher: string) => Promise<Preparation>;

/** One request for a dispatcher. */
export interface Job {
  /** The encoded request. */
  readonly request: Uint8Array;
  readonly sink: AnswerSink;
  readonly signal: AbortSignal;
  /** May be sent a second time when the first one went to a connection that was being closed. */
  readonly repeatable: boolean;
}

/** How a job ended: an exchange with a process, or no process. */
export interface JobEnd {
  readonly kind: 'complete' | 'failed' | 'aborted';
  /** What happened, why, what to do; empty when complete. */
  readonly message: string;
  /** What the process wrote outside the protocol meanwhile. */
  readonly processOutput: string;
  /** The process that had the request; null where none was started. */
  readonly pid: number | null;
}

/** Starts that failed in a row before the next ones must wait. */
const FAILURES_BEFORE_PAUSE = 3;
/** Milliseconds of the first and of the longest pause. */
const FIRST_PAUSE = 1000;
const LONGEST_PAUSE = 30_000;

/** Gives requests to processes of one dispatcher: starts them on demand, at most one request each, others wait. */
export class DispatcherPool {
  readonly #options: PoolOptions;
  readonly #idle: DispatcherProcess[] = [];
  readonly #all = new Set<DispatcherProcess>();
  readonly #stopping = new Set<Promise<void>>();
  readonly #waiting: (() => void)[] = [];
  #starting = 0;
  #generation = 0;
  #failures = 0;
  #pausedUntil = 0;
  #lastFailure = '';
  #disposed = false;

  constructor(options: PoolOptions) {
    this.#options = options;
  }

  /** Processes that live now. */
  get processes(): readonly { readonly pid: number; readonly busy: boolean; readonly answered: number }[] {
    return [...this.#all].map((one) => ({
      pid: one.pid,
      busy: !this.#idle.includes(one),
      answered: one.answered,
    }));
  }

  /** Runs a job to its end; never rejects. */
  async run(job: Job): Promise<JobEnd> {
    const acquired = await this.#acquire(job.signal);
    if (typeof acquired === 'string') return failed(acquired);
    if (acquired === null) return { kind: 'aborted', message: '', processOutput: '', pid: null };
    const generation = this.#generation;
    acquired.forgetOutput();
    const { timeLimit } = this.#options;
    const end = await acquired.exchange({ ...job, timeLimit }, job.repeatable);
    this.#release(acquired, { end, generation });
    return this.#jobEnd(acquired, end);
  }

  /** Ends all processes; the next request starts a new one. Also ends a pause after failed starts. */
  async restart(): Promise<void> {
    this.#generation++;
    this.#failures = 0;
    this.#pausedUntil = 0;
    for (const one of this.#idle.splice(0)) this.#stop(one);
    await Promise.all(this.#stopping);
  }

  /** Ends all processes, busy ones too; requests that wait are answered with a failure. */
  async dispose(): Promise<void> {
    this.#disposed = true;
    for (const wake of this.#waiting.splice(0)) wake();
    this.#idle.length = 0;
    for (const one of this.#all) this.#stop(one);
    await Promise.all(this.#stopping);
  }

  /** A process of one's own; a text that says why there is none; null when the client has gone meanwhile. */
  async #acquire(signal: AbortSignal): Promise<DispatcherProcess | string | null> {
    for (;;) {
      if (this.#disposed) return 'The local server is being stopped.';
      if (signal.aborted) {
        // The turn that may just have come is somebody else's.
        this.#wake();
        return null;
      }
      const idle = this.#idle.pop();
      if (idle !== undefined && idle.exit === null) return idle;
      if (idle === undefined && this.#all.size + this.#starting < this.#options.maxProcesses)
        return this.#start();
      if (idle === undefined) await this.#turn(signal);
    }
  }

  #turn(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
  }

  async #start(): Promise<DispatcherProcess | string> {
    const refusal = this.#refusal();
    if (refusal !== null) return refusal;
    this.#starting++;
    try {
      const started = await DispatcherProcess.start(await this.#launchOptions());
      this.#all.add(started);
      void started.ended.then(() => this.#onEnded(started));
      if (this.#disposed) this.#stop(started);
      return started;
    } catch (error) {
      return this.#countFailure(`${this.#name} cannot be started: ${(error as Error).message}`);
    } finally {
      this.#starting--;
      this.#wake();
    }
  }

  async #launchOptions(): Promise<DispatcherProcessOptions> {
    const { file, environment, socketFolder, emit, prepare, nextSocketName } = this.#options;
    const { command, environment: further } = (await prepare?.(file)) ?? {};
    return {
      file,
      environment: { ...environment, ...further },
      socketFolder,
      socketName: nextSocketName(),
      emit,
      ...(command && { command }),
    };
  }

  #refusal(): string | null {
    if (performance.now() < this.#pausedUntil) {
      return `${this.#name} is not started for a while, because it failed ${this.#failures} times in a row. ${this.#lastFailure} Correct it (saving a file starts it again) or restart the server.`;
    }
    const fault = startFaultOf(this.#options.file, this.#options.environment['PATH'] ?? '');
    return fault === null ? null : this.#countFailure(fault.message);
  }

  get #name(): string {
    return path.basename(this.#options.file);
  }

  #onEnded(ended: DispatcherProcess): void {
    this.#all.delete(ended);
    const at = this.#idle.indexOf(ended);
    if (at >= 0) this.#idle.splice(at, 1);
    if (ended.answered === 0 && !ended.wasStopped) this.#countFailure(this.#describeExit(ended));
    this.#wake();
  }

  /** Remembers a failed start and, after a few in a row, begins a pause; gives the message back. */
  #countFailure(message: string): string {
    this.#failures++;
    this.#lastFailure = message;
    this.#report(message);
    const beyond = this.#failures - FAILURES_BEFORE_PAUSE;
    if (beyond < 0) return message;
    const pause = Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** beyond);
    this.#pausedUntil = performance.now() + pause;
    this.#report(
      `${this.#name} failed ${this.#failures} times in a row; the next start waits ${pause / 1000} s, for a changed file, or for a restart.`,
    );
    return message;
  }

  #report(message: string): void {
    this.#options.emit({ kind: 'problem', message, dispatcher: this.#options.file });
  }

  #release(used: DispatcherProcess, { end, generation }: { end: ExchangeEnd; generation: number }): void {
    if (end.kind === 'complete') this.#failures = 0;
    const healthy = end.kind === 'complete' || end.kind === 'aborted';
    if (used.exit === null) {
      if (healthy && generation === this.#generation && !this.#disposed) this.#idle.push(used);
      else this.#stop(used);
    }
    this.#wake();
  }

  #stop(one: DispatcherProcess): void {
    const stopping = one.stop().finally(() => this.#stopping.delete(stopping));
    this.#stopping.add(stopping);
  }

  #wake(): void {
    this.#waiting.shift()?.();
  }

  #jobEnd(used: DispatcherProcess, end: ExchangeEnd): JobEnd {
    const { recentOutput: processOutput, pid } = used;
    if (end.kind === 'complete' || end.kind === 'aborted')
      return { kind: end.kind, message: '', processOutput, pid };
    return { kind: 'failed', message: this.#describe(used, end), processOutput, pid };
  }

  #describe(used: DispatcherProcess, end: ExchangeEnd): string {
    if (end.kind === 'timeout') return this.#describeSilence(end.bodyEnded);
    if (end.kind === 'protocol') {
      return `${this.#name} does not speak FastCGI: ${end.message}. Let it answer through a FastCGI library, and print nothing to file descriptor 0.`;
    }
    if (used.exit !== null) return this.#describeExit(used);
    return `${this.#name} closed the connection in the middle of its answer, without an error of its own.`;
  }

  #describeSilence(bodyEnded: boolean): string {
    const seconds = this.#options.timeLimit / 1000;
    const message = `${this.#name} did not answer for ${seconds} s and was stopped; Apache does the same after FcgidIOTimeout.`;
    return bodyEnded
      ? `${message} Its output had ended but END_REQUEST never came: some Python libraries do this after a str was written to environ['wsgi.errors'].`
      : `${message} Look for an endless loop, a lock, or a slow connection to another server.`;
  }

  #describeExit(ended: DispatcherProcess): string {
    const how = exitInWords(ended.exit);
    if (ended.answered > 0)
      return `${this.#name} ${how} while it handled the request. What it wrote says why.`;
    return `${this.#name} ${how} before it had answered a request. Start it in a terminal to see why, or read what it wrote; a plain CGI program needs a FastCGI library here.`;
  }
}

function exitInWords(exit: ProcessExit | null): string {
  if (exit?.startError) return `could not be started (${exit.startError})`;
  if (exit?.signal) return `was killed by ${exit.signal}`;
  return `ended with exit code ${exit?.code ?? 'unknown'}`;
}

function failed(message: string): JobEnd {
  return { kind: 'failed', message, processOutput: '', pid: null };
}
