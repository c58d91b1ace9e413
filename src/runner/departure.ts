/** Whether the client of a request has gone, and whom to tell. One is made for each request, so it is lighter than an AbortSignal. */
export class Departure {
  #isGone = false;
  #listeners: (() => void)[] | null = null;

  get isGone(): boolean {
    return this.#isGone;
  }

  /** The client has gone; tells everybody once. */
  tell(): void {
    this.#isGone = true;
    const listeners = this.#listeners ?? [];
    this.#listeners = null;
    for (const listener of listeners) listener();
  }

  /** Calls back when the client goes; never, when it has gone already. */
  onGone(listener: () => void): void {
    if (!this.#isGone) (this.#listeners ??= []).push(listener);
  }

  off(listener: () => void): void {
    const listeners = this.#listeners ?? [];
    if (listeners.at(-1) === listener) listeners.pop();
    else this.#listeners = listeners.filter((one) => one !== listener);
  }
}
