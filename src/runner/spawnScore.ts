/** Where mod_fcgid stops to start processes of a program (FcgidSpawnScoreUpLimit and its companions, by default). */
const LIMIT = 10;
const START = 1;
const END = 2;

/**
 * mod_fcgid's account of a program that is started again and again: one more for each start, two for each end, one less for each
 * second (`now`: milliseconds of any clock).
 */
export class SpawnScore {
  readonly #now: () => number;
  #score = 0;
  #at: number;

  constructor(now: () => number) {
    this.#now = now;
    this.#at = now();
  }

  get value(): number {
    const passed = Math.floor((this.#now() - this.#at) / 1000);
    this.#at += passed * 1000;
    this.#score = Math.max(0, this.#score - passed);
    return this.#score;
  }

  /** Whether mod_fcgid would start one more process now. */
  get allowsStart(): boolean {
    return this.value < LIMIT;
  }

  started(): void {
    this.#score = this.value + START;
  }

  ended(): void {
    this.#score = this.value + END;
  }

  clear(): void {
    this.#score = 0;
  }
}
