/** Does a piece of work again and again, never two at once: a wish that comes while one is under way is fulfilled once, after it. */
export class Latest {
  readonly #work: () => Promise<void>;
  readonly #delay: number;
  #running = false;
  #wanted = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #disposed = false;

  /** `delay`: milliseconds of quiet to wait for first. */
  constructor(work: () => Promise<void>, delay = 0) {
    this.#work = work;
    this.#delay = delay;
  }

  /** Wishes for the work to be done with what holds from now on. */
  wish(): void {
    clearTimeout(this.#timer);
    if (this.#delay === 0) void this.#run();
    else this.#timer = setTimeout(() => void this.#run(), this.#delay);
  }

  dispose(): void {
    this.#disposed = true;
    clearTimeout(this.#timer);
  }

  async #run(): Promise<void> {
    this.#wanted = true;
    if (this.#running) return;
    this.#running = true;
    while (this.#wanted && !this.#disposed) {
      this.#wanted = false;
      // A failure is the work's own to tell; the next wish stands all the same.
      await this.#work().catch(() => undefined);
    }
    this.#running = false;
  }
}
