import * as path from 'node:path';
import { CrashGuard } from './crashGuard';
import { DispatcherProcess, type DispatcherProcessOptions, type ProcessJob } from './dispatcherProcess';
import { BEING_STOPPED, exitInWords, failedEndInWords } from './processEnd';
import type { CrashPause, EventSink } from './events';
import type { ExchangeEnd } from './exchange';
import type { ProgramCommand } from './launchPlan';
import type { ModeRules } from './mode';
import { SpawnScore } from './spawnScore';
import { commandFault, type StartFault } from './startFault';

/** The processes of one dispatcher. */
export interface PoolOptions {
  readonly command: ProgramCommand;
  /** The whole environment of its processes. */
  readonly environment: Readonly<Record<string, string>>;
  readonly socketFolder: string;
  /** A name that no other socket in the folder has or had. */
  readonly nextSocketName: () => string;
  readonly maxProcesses: number;
  /** Milliseconds of silence before a request is given up; 0 for never. */
  readonly timeLimit: number;
  readonly rules: ModeRules;
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

/** Gets the program that is to be started. */
export type Prepare = (command: ProgramCommand) => Promise<Preparation>;

/** One request for a dispatcher. */
export interface Job extends ProcessJob {
  /** The request's id, for what is told about it. */
  readonly id: number;
}

/** How a job ended: an exchange with a process, or no process. */
export interface JobEnd {
  readonly kind: 'complete' | 'failed' | 'aborted';
  /** What happened, why, what to do; empty when complete. */
  readonly message: string;
  /** What the process wrote outside the protocol meanwhile. */
  readonly processOutput: string;
  /** Of the process; null where there was none. */
  readonly pid: number | null;
  /** No process was free, or could be started, for as long as the server waits: 503. */
  readonly isUnavailable?: true;
}

/** A process as it is now. */
export interface PooledProcess {
  readonly pid: number;
  readonly busy: boolean;
  /** Requests answered so far. */
  readonly answered: number;
}

/** mod_fcgid asks its process manager once a second, milliseconds. */
const TRY_EVERY = 1000;

/** Milliseconds after which a program that nobody has asked yet ends for another reason than a failed start. */
const START_TIME = 30_000;

type Done = (end: JobEnd) => void;

const ABORTED: JobEnd = { kind: 'aborted', message: '', processOutput: '', pid: null };

const failed = (message: string): JobEnd => ({ kind: 'failed', message, processOutput: '', pid: null });

/** Whether a process has ended without a look at this request; `wasElsewhere` when it was still at one whose client had gone. */
function isUnseen(end: ExchangeEnd, wasElsewhere: boolean): boolean {
  return end.kind === 'closed' && !end.answered && (wasElsewhere || end.isUnseen === true);
}

/** Where the C library looks for programs when there is no PATH. */
const DEFAULT_PATH = '/bin:/usr/bin';

/** Gives requests to processes of one dispatcher: starts them on demand, at most one request each, others wait. */
export class DispatcherPool {
  readonly #options: PoolOptions;
  readonly #guard: CrashGuard;
  readonly #score: SpawnScore | null;
  readonly #idle: DispatcherProcess[] = [];
  readonly #all = new Set<DispatcherProcess>();
  readonly #stopping = new Set<Promise<void>>();
  /** Started without a request: until when, by `performance.now()`, an end is a failed start. */
  readonly #unasked = new Map<DispatcherProcess, number>();
  readonly #waiting: (() => void)[] = [];
  #starting = 0;
  #isHeld = false;
  #generation = 0;
  #request: number | null = null;
  #disposed = false;

  constructor(options: PoolOptions) {
    this.#options = options;
    const { emit, command, rules } = options;
    this.#score = rules.keepsScore ? new SpawnScore(() => performance.now()) : null;
    this.#guard = new CrashGuard({
      name: this.#name,
      onPause: (pause) => emit({ kind: 'paused', dispatcher: command.file, ...pause }),
      onResume: () => emit({ kind: 'resumed', dispatcher: command.file }),
    });
  }

  /** What its processes are known by. */
  get file(): string {
    return this.#options.command.file;
  }

  /** Processes that live now. */
  get processes(): readonly PooledProcess[] {
    return [...this.#all].map((one) => ({
      pid: one.pid,
      busy: !this.#idle.includes(one),
      answered: one.answered,
    }));
  }

  /** The pause after failed starts, while it lasts. */
  get pause(): CrashPause | null {
    return this.#guard.pause;
  }

  /** Runs a job, and tells its end in the turn that brings it, always. */
  run(job: Job, done: (end: JobEnd) => void): void {
    const { slotWait } = this.#options.rules;
    this.#begin(job, slotWait === 0 ? Number.POSITIVE_INFINITY : performance.now() + slotWait, done);
  }

  /**
   * Gives a job to a process of its own: one that waits for work, a new one, or the next that has done with another job. `until` is
   * when that is given up, by `performance.now()`.
   */
  #begin(job: Job, until: number, done: Done): void {
    if (this.#disposed) return done(failed(BEING_STOPPED));
    if (job.departure.isGone) return done(ABORTED);
    let idle = this.#idle.pop();
    while (idle !== undefined && idle.exit !== null) idle = this.#idle.pop();
    if (idle !== undefined) this.#runOn(idle, this.#generation, { job, done });
    else if (this.#hasRoom && this.#mayStart(job.id)) void this.#runOnNew(job, done);
    else if (until !== Number.POSITIVE_INFINITY && performance.now() >= until) done(this.#unavailable());
    else this.#wait(job, until, done);
  }

  /** Room for one more process. */
  get #hasRoom(): boolean {
    return this.#all.size + this.#starting < this.#options.maxProcesses;
  }

  async #runOnNew(job: Job, done: Done): Promise<void> {
    const generation = this.#generation;
    const started = await this.#start(job.id);
    if (typeof started === 'string') {
      done(failed(started));
      // Whoever waits would wait for ever where nothing runs: the next one tries too, or is told the same.
      this.#wake();
    } else if (job.departure.isGone) {
      done(ABORTED);
      this.#giveBack(started, generation, 'unused');
    } else this.#runOn(started, generation, { job, done });
  }

  /** Waits for a turn, which whoever leaves gives to the next; where a score is kept, also for a moment to try again. */
  #wait(job: Job, until: number, done: Done): void {
    const leaveQueue = (): void => {
      clearTimeout(timer);
      job.departure.off(onGone);
      const at = this.#waiting.indexOf(turn);
      if (at >= 0) this.#waiting.splice(at, 1);
    };
    const onGone = (): void => {
      leaveQueue();
      done(ABORTED);
    };
    const turn = (): void => {
      leaveQueue();
      this.#begin(job, until, done);
    };
    const timer = this.#score === null ? undefined : setTimeout(turn, TRY_EVERY);
    this.#waiting.push(turn);
    job.departure.onGone(onGone);
  }

  /** @param generation when the process was started or found idle: after a restart it serves nobody else */
  #runOn(
    acquired: DispatcherProcess,
    generation: number,
    { job, done }: { readonly job: Job; readonly done: Done },
  ): void {
    const { lastEnd } = acquired;
    if (this.#unasked.size > 0) this.#unasked.delete(acquired);
    acquired.forgetOutput();
    acquired.exchange(job, (end) => {
      const jobEnd = this.#jobEnd(acquired, end);
      this.#giveBack(acquired, generation, end.kind);
      if (isUnseen(end, lastEnd === 'aborted' && job.repeatable)) this.run(job, done);
      else done(jobEnd);
    });
  }

  /**
   * Starts a process before there is a request for it, where none is there. A failure is told and counted like any other; not where
   * it `isQuiet`: the first request will tell, or the next call without it.
   */
  async startEarly({ isQuiet = false } = {}): Promise<void> {
    const failsUntil = isQuiet ? 0 : performance.now() + START_TIME;
    for (const one of this.#all) if (this.#unasked.has(one)) this.#unasked.set(one, failsUntil);
    if (this.#disposed || this.#all.size + this.#starting > 0) return;
    const fault = this.#fault();
    if (isQuiet && fault !== null) return;
    const generation = this.#generation;
    const started = await this.#start(null, fault);
    if (typeof started === 'string') return;
    this.#unasked.set(started, failsUntil);
    this.#giveBack(started, generation, 'unused');
  }

  /** Ends all processes; the next request starts a new one. Also ends a pause after failed starts. */
  async restart(): Promise<void> {
    this.#generation++;
    this.#score?.clear();
    this.#guard.clear();
    for (const one of this.#idle.splice(0)) this.#stop(one);
    await Promise.all(this.#stopping);
  }

  /** Ends a pause after failed starts: the next request tries again. */
  clearPause(): void {
    this.#score?.clear();
    this.#guard.clear();
  }

  /** Ends all processes, busy ones too; requests that wait are answered with a failure. */
  async dispose(): Promise<void> {
    this.#disposed = true;
    this.#guard.dispose();
    for (const wake of this.#waiting.splice(0)) wake();
    this.#idle.length = 0;
    for (const one of this.#all) this.#stop(one);
    await Promise.all(this.#stopping);
  }

  /** Whether the spawn score allows one more process; tells once where it does not. */
  #mayStart(request: number): boolean {
    if (this.#score === null || this.#score.allowsStart) {
      this.#isHeld = false;
      return true;
    }
    if (!this.#isHeld) {
      this.#request = request;
      this.#report(
        `mod_fcgid: spawn score ${this.#score.value} >= 10, skip the spawn request. ${this.#name} was started and ended so often that requests for it wait, up to 64 s, then 503. mod_fcgid says so at the log level debug only.`,
      );
    }
    this.#isHeld = true;
    return false;
  }

  #unavailable(): JobEnd {
    const message = `mod_fcgid: can't apply process slot for ${this.file}. No process of ${this.#name} was free, or could be started, for ${Math.round(this.#options.rules.slotWait / 1000)} s: Apache answers 503.`;
    return { kind: 'failed', message, processOutput: '', pid: null, isUnavailable: true };
  }

  async #start(request: number | null, fault = this.#fault()): Promise<DispatcherProcess | string> {
    this.#request = request;
    this.#score?.started();
    const refusal = this.#refusal(fault, request !== null);
    if (refusal !== null) return refusal;
    this.#starting++;
    try {
      const started = await DispatcherProcess.start(await this.#launchOptions());
      this.#all.add(started);
      void started.ended.then(() => this.#onEnded(started));
      if (this.#disposed) this.#stop(started);
      return started;
    } catch (error) {
      return this.#countFailure(
        `${this.#name} cannot be started: ${(error as Error).message}`,
        request !== null,
      );
    } finally {
      this.#starting--;
    }
  }

  async #launchOptions(): Promise<DispatcherProcessOptions> {
    const { command, environment, socketFolder, emit, prepare, nextSocketName, rules } = this.#options;
    const { totalLimit, forgivesMissingEnd } = rules;
    const { command: other, environment: further } = (await prepare?.(command)) ?? {};
    const [program, ...args] = other ?? [command.program, ...command.args];
    return {
      command: { ...command, program, args },
      environment: { ...environment, ...further },
      socketFolder,
      socketName: nextSocketName(),
      emit,
      keepsConnection: rules.keepsConnection,
      limits: { timeLimit: this.#options.timeLimit, totalLimit, forgivesMissingEnd },
    };
  }

  #refusal(fault: StartFault | null, isAsked: boolean): string | null {
    const wait = this.#guard.refusal();
    if (wait !== null) return wait;
    if (fault === null) return null;
    this.#score?.ended();
    return this.#countFailure(fault.message, isAsked);
  }

  #fault(): StartFault | null {
    const { command, environment } = this.#options;
    return commandFault(command, environment['PATH'] ?? DEFAULT_PATH);
  }

  get #name(): string {
    return path.basename(this.#options.command.file);
  }

  #onEnded(ended: DispatcherProcess): void {
    this.#all.delete(ended);
    this.#score?.ended();
    const at = this.#idle.indexOf(ended);
    if (at >= 0) this.#idle.splice(at, 1);
    const isStart = performance.now() < (this.#unasked.get(ended) ?? Number.POSITIVE_INFINITY);
    this.#unasked.delete(ended);
    if (isStart && ended.answered === 0 && !ended.wasStopped) this.#countFailure(exitInWords(ended), at < 0);
    this.#wake();
  }

  /** Remembers a failed start and, after a few in a row, begins a pause; gives the message back. A request that meets it tells it itself. */
  #countFailure(message: string, isAsked: boolean): string {
    if (!isAsked) this.#report(message);
    const pause = this.#score === null ? this.#guard.count(message) : null;
    if (pause !== null) this.#report(pause);
    return message;
  }

  #report(message: string): void {
    const dispatcher = this.#options.command.file;
    this.#options.emit({ kind: 'problem', message, dispatcher, request: this.#request });
  }

  /** @param end of what it did last */
  #giveBack(used: DispatcherProcess, generation: number, end: ExchangeEnd['kind'] | 'unused'): void {
    if (end === 'complete') this.#guard.succeed();
    if (used.exit === null) {
      const isCurrent = generation === this.#generation && !this.#disposed;
      if ((end === 'complete' || end === 'unused') && isCurrent) this.#idle.push(used);
      // It may still be at work for a client that has gone: others come before it.
      else if (end === 'aborted' && isCurrent) this.#idle.unshift(used);
      else this.#stop(used);
    }
    this.#wake();
  }

  #stop(one: DispatcherProcess): void {
    const stopping = one.stop().finally(() => this.#stopping.delete(stopping));
    this.#stopping.add(stopping);
  }

  /** Gives a turn to the one that has waited longest, if there is anything to be had. */
  #wake(): void {
    if (this.#idle.length > 0 || this.#hasRoom) this.#waiting.shift()?.();
  }

  #jobEnd(used: DispatcherProcess, end: ExchangeEnd): JobEnd {
    const { recentOutput: processOutput, pid } = used;
    if (end.kind === 'complete' || end.kind === 'aborted')
      return { kind: end.kind, message: '', processOutput, pid };
    return {
      kind: 'failed',
      message: failedEndInWords(used, end, this.#options.timeLimit),
      processOutput,
      pid,
    };
  }
}
