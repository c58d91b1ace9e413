import type { Account, RemotePrompts } from '../../remote/prompts';

/** Answers a login from what was kept, and asks nobody. */
export class SilentPrompts implements RemotePrompts {
  readonly #kept: Required<Pick<RemotePrompts, 'recallPassword' | 'recallPassphrase'>>;
  /** Something would have had to be asked. */
  wouldAsk = false;

  constructor(kept: Required<Pick<RemotePrompts, 'recallPassword' | 'recallPassphrase'>>) {
    this.#kept = kept;
  }

  hostKey(): Promise<'refuse'> {
    this.wouldAsk = true;
    return Promise.resolve('refuse');
  }

  password(): Promise<undefined> {
    return this.#nothing();
  }

  passphrase(): Promise<undefined> {
    return this.#nothing();
  }

  keyboardInteractive(): Promise<undefined> {
    return this.#nothing();
  }

  recallPassword(account: Account): Promise<string | undefined> {
    return this.#kept.recallPassword(account);
  }

  recallPassphrase(keyFile: string): Promise<string | undefined> {
    return this.#kept.recallPassphrase(keyFile);
  }

  #nothing(): Promise<undefined> {
    this.wouldAsk = true;
    return Promise.resolve(undefined);
  }
}
