import { spawn, type ChildProcess } from 'node:child_process';
import * as path from 'node:path';
import { StringDecoder } from 'node:string_decoder';
import type { NameValue } from '../fastcgi';
import type { Departure } from './departure';
import type { EventSink } from './events';
import type { AnswerSink } from './exchange';
import type { ProgramCommand } from './launchPlan';
import type { JobEnd } from './pool';
import { watchGroup } from './processGroups';
import { commandFault } from './startFault';

/** One request for a CGI program. */
export interface CgiJob {
  readonly id: number;
  readonly command: ProgramCommand;
  /** The variables: its whole environment. */
  readonly variables: readonly NameValue[];
  /** The query as mod_cgi passes it on the command line: only where it has no `=`. */
  readonly query: string | null;
  /** An open file with the body; null for none. */
  readonly input: number | null;
  readonly sink: AnswerSink;
  readonly departure: Departure;
  /** Milliseconds of silence after which it is stopped; 0 for never. */
  readonly timeLimit: number;
}

/** Milliseconds between the polite end and the certain one. */
const KILL_GRACE = 2000;

/** Runs CGI programs: one process for each request. */
export class CgiPrograms {
  readonly #emit: EventSink;
  readonly #searchPath: string;
  readonly #running = new Map<CgiRun, Promise<JobEnd>>();

  constructor(emit: EventSink, searchPath: string) {
    this.#emit = emit;
    this.#searchPath = searchPath;
  }

  /** Those that run now. */
  get processes(): readonly { readonly dispatcher: string; readonly pid: number }[] {
    return [...this.#running.keys()].map((run) => ({ dispatcher: run.file, pid: run.pid }));
  }

  /** Runs a program to its end; never rejects. */
  run(job: CgiJob): Promise<JobEnd> {
    const fault = commandFault(job.command, this.#searchPath);
    if (fault !== null) {
      const { message } = fault;
      this.#emit({ kind: 'problem', message, dispatcher: job.command.file, request: job.id });
      return Promise.resolve({ kind: 'failed', message, processOutput: '', pid: null });
    }
    const run = new CgiRun(job, this.#emit);
    const ended = run.end().finally(() => this.#running.delete(run));
    this.#running.set(run, ended);
    return ended;
  }

  /** Ends all that run. */
  async dispose(): Promise<void> {
    for (const run of this.#running.keys()) run.stop();
    await Promise.all(this.#running.values());
  }
}

class CgiRun {
  readonly #job: CgiJob;
  readonly #emit: EventSink;
  readonly #child: ChildProcess;
  readonly #unwatch: () => void;
  #timer: NodeJS.Timeout | undefined;
  #killer: NodeJS.Timeout | undefined;
  #outcome: 'timeout' | 'aborted' | null = null;
  #startError = '';

  constructor(job: CgiJob, emit: EventSink) {
    this.#job = job;
    this.#emit = emit;
    const { command, variables, query, input } = job;
    this.#child = spawn(command.program, [...command.args, ...queryWords(query)], {
      cwd: command.folder,
      env: environmentOf(variables),
      stdio: [input ?? 'ignore', 'pipe', 'pipe'],
      detached: process.platform !== 'win32',
      windowsHide: true,
    });
    this.#unwatch = this.pid === 0 ? () => undefined : watchGroup(this.pid);
    if (this.pid !== 0) emit({ kind: 'started', dispatcher: this.file, pid: this.pid });
  }

  get file(): string {
    return this.#job.command.file;
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  async end(): Promise<JobEnd> {
    const { departure } = this.#job;
    const onAbort = (): void => this.#giveUp('aborted');
    departure.onGone(onAbort);
    if (departure.isGone) onAbort();
    this.#listen();
    this.#arm();
    const exit = await this.#exit();
    departure.off(onAbort);
    clearTimeout(this.#timer);
    clearTimeout(this.#killer);
    this.#signal('SIGKILL');
    this.#unwatch();
    if (this.pid !== 0) this.#tellExit(exit);
    return this.#jobEnd();
  }

  stop(): void {
    this.#giveUp('aborted');
  }

  #listen(): void {
    const { sink } = this.#job;
    const { stdout, stderr } = this.#child;
    stdout?.on('data', (content: Buffer) => {
      this.#arm();
      if (sink.output(content)) return sink.pause();
      stdout.pause();
      sink.onceReady(() => stdout.resume());
    });
    const decoder = new StringDecoder('utf8');
    stderr?.on('data', (content: Buffer) => {
      this.#arm();
      sink.error(content);
      const text = decoder.write(content);
      this.#emit({ kind: 'output', stream: 'stderr', text, dispatcher: this.file, pid: this.pid });
    });
  }

  /** Output that was written before the end is read before the end is told. */
  #exit(): Promise<{ code: number | null; signal: string | null }> {
    return new Promise((resolve) => {
      this.#child.once('error', (error) => {
        this.#startError = error.message;
        if (this.pid === 0) resolve({ code: null, signal: null });
      });
      this.#child.once('close', (code, signal) => resolve({ code, signal }));
      // A grandchild may keep the pipes: they are not waited for once the program itself has gone.
      this.#child.once('exit', () => {
        this.#killer = setTimeout(() => this.#destroyPipes(), KILL_GRACE);
      });
    });
  }

  #destroyPipes(): void {
    this.#child.stdout?.destroy();
    this.#child.stderr?.destroy();
  }

  #tellExit({ code, signal }: { code: number | null; signal: string | null }): void {
    const expected = this.#outcome !== null || code === 0;
    this.#emit({ kind: 'exited', dispatcher: this.file, pid: this.pid, code, signal, expected });
  }

  #jobEnd(): JobEnd {
    const pid = this.pid === 0 ? null : this.pid;
    const name = path.basename(this.file);
    if (this.#outcome === 'aborted') return { kind: 'aborted', message: '', processOutput: '', pid };
    const seconds = this.#job.timeLimit / 1000;
    const message =
      this.#outcome === 'timeout'
        ? `${name} did not write anything for ${seconds} s and was stopped; Apache does the same after its Timeout.`
        : this.#startError === ''
          ? ''
          : `${name} cannot be started: ${this.#startError}`;
    return { kind: message === '' ? 'complete' : 'failed', message, processOutput: '', pid };
  }

  #arm(): void {
    if (this.#job.timeLimit === 0 || this.#outcome !== null) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#giveUp('timeout'), this.#job.timeLimit);
  }

  #giveUp(outcome: 'timeout' | 'aborted'): void {
    this.#outcome ??= outcome;
    clearTimeout(this.#timer);
    this.#child.stdout?.resume();
    this.#signal('SIGTERM');
    this.#killer ??= setTimeout(() => {
      this.#signal('SIGKILL');
      this.#destroyPipes();
    }, KILL_GRACE);
  }

  #signal(signal: NodeJS.Signals): void {
    if (this.pid === 0) return;
    try {
      process.kill(process.platform === 'win32' ? this.pid : -this.pid, signal);
    } catch {
      // Already gone, which is what was wanted.
    }
  }
}

/** A query without `=` is a list of words for the command line, as the oldest CGI programs want it. */
function queryWords(query: string | null): string[] {
  if (query === null || query === '' || query.includes('=')) return [];
  return query.split('+').map((word) => decoded(word).replace(/\0.*$/s, ''));
}

function decoded(word: string): string {
  return word.replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
}

/** Byte strings as the system takes them: UTF-8 where they are that. A NUL ends a value, as in C. */
function environmentOf(variables: readonly NameValue[]): Record<string, string> {
  return Object.fromEntries(
    variables.map(([name, value]) => [
      name,
      Buffer.from(value.replace(/\0.*$/s, ''), 'latin1').toString('utf8'),
    ]),
  );
}
