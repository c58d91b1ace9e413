/** A time limit that stands still while a person is asked something. */
export class Patience {
  #left: number;
  #startedAt = 0;
  #timer: NodeJS.Timeout | undefined;
  #questions = 0;
  #over = false;
  readonly #onTimeout: () => void;

  /** Starts at once; calls `onTimeout` after so many milliseconds of waiting for the machine. */
  constructor(milliseconds: number, onTimeout: () => void) {
    this.#left = milliseconds;
    this.#onTimeout = onTimeout;
    this.#run();
  }

  /** Whether a person is being asked now. */
  get isAsking(): boolean {
    return this.#questions > 0;
  }

  /** Waits for a person without using up the time. */
  async whileAsking<T>(question: () => Promise<T>): Promise<T> {
    if (this.#questions++ === 0) this.#pause();
    try {
      return await question();
    } finally {
      if (--this.#questions === 0) this.#run();
    }
  }

  stop(): void {
    this.#over = true;
    clearTimeout(this.#timer);
  }

  #run(): void {
    if (this.#over) return;
    this.#startedAt = Date.now();
    this.#timer = setTimeout(() => {
      this.#over = true;
      this.#onTimeout();
    }, this.#left);
  }

  #pause(): void {
    clearTimeout(this.#timer);
    this.#left = Math.max(1000, this.#left - (Date.now() - this.#startedAt));
  }
}
