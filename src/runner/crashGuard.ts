import type { CrashPause } from './events';

/** What a crash guard tells. */
export interface CrashGuardOptions {
  /** Name of the program, for sentences. */
  readonly name: string;
  readonly onPause: (pause: CrashPause) => void;
  readonly onResume: () => void;
}

/** Starts that failed in a row before the next ones must wait. */
const FAILURES_BEFORE_PAUSE = 3;
/** Milliseconds of the first and of the longest pause. */
const FIRST_PAUSE = 1000;
const LONGEST_PAUSE = 30_000;

/** Counts failed starts and makes a program that fails again and again wait, longer each time. */
export class CrashGuard {
  readonly #options: CrashGuardOptions;
  #failures = 0;
  #message = '';
  #until = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: CrashGuardOptions) {
    this.#options = options;
  }

  /** The pause that lasts now. */
  get pause(): CrashPause | null {
    if (this.#timer === undefined) return null;
    return { failures: this.#failures, until: this.#until, message: this.#message };
  }

  /** Why nothing is started now; null where it may be. */
  refusal(): string | null {
    if (this.#timer === undefined) return null;
    return `${this.#options.name} is not started for a while, because it failed ${this.#failures} times in a row. ${this.#message} Correct it (saving a file starts it again) or restart the server.`;
  }

  /** One more failed start; gives a sentence where a pause begins. */
  count(message: string): string | null {
    this.#failures++;
    this.#message = message;
    const beyond = this.#failures - FAILURES_BEFORE_PAUSE;
    if (beyond < 0) return null;
    const length = Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** Math.min(beyond, 10));
    this.#begin(length);
    return `${this.#options.name} failed ${this.#failures} times in a row; the next start waits ${length / 1000} s, for a changed file, or for a restart.`;
  }

  /** A request was answered. */
  succeed(): void {
    this.#failures = 0;
  }

  /** Forgets all failures and ends the pause. */
  clear(): void {
    this.#failures = 0;
    this.#end();
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #begin(length: number): void {
    clearTimeout(this.#timer);
    this.#until = Date.now() + length;
    this.#timer = setTimeout(() => this.#end(), length);
    this.#options.onPause({ failures: this.#failures, until: this.#until, message: this.#message });
  }

  #end(): void {
    if (this.#timer === undefined) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#options.onResume();
  }
}
