import type { Memento, SecretStorage } from 'vscode';

/** Whose password it is: an account, or a private key file with a passphrase. */
export type PasswordOwner =
  { readonly user: string; readonly host: string; readonly port: number } | { readonly keyFile: string };

/** The names (not the passwords) under which something is kept: SecretStorage cannot list them. */
const INDEX = 'fastcgi.passwords';

/**
 * Passwords that a person asked us to keep, in the operating system's secret store through VS Code; and those that were typed, in
 * memory, so that a lost connection comes back without a question.
 */
export class Passwords {
  readonly #secrets: SecretStorage;
  readonly #index: Memento;
  readonly #typed = new Map<string, string>();

  constructor(secrets: SecretStorage, index: Memento) {
    this.#secrets = secrets;
    this.#index = index;
  }

  /** `user@host:port` of all kept passwords, and the key files of kept passphrases. */
  get owners(): readonly string[] {
    return this.#index.get<readonly string[]>(INDEX, []);
  }

  async recall(owner: PasswordOwner): Promise<string | undefined> {
    const name = nameOf(owner);
    return this.#typed.get(name) ?? (await this.#secrets.get(keyOf(name)));
  }

  /** Holds a password that was right until the end of the session, in memory alone. */
  hold(owner: PasswordOwner, password: string): void {
    this.#typed.set(nameOf(owner), password);
  }

  async keep(owner: PasswordOwner, password: string): Promise<void> {
    const name = nameOf(owner);
    this.#typed.delete(name);
    await this.#secrets.store(keyOf(name), password);
    await this.#index.update(INDEX, [...new Set([...this.owners, name])]);
  }

  async forget(owner: PasswordOwner): Promise<void> {
    await this.#forgetNamed([nameOf(owner)]);
  }

  /** Forgets everything; gives the number of passwords. */
  async forgetAll(): Promise<number> {
    const names = [...new Set([...this.owners, ...this.#typed.keys()])];
    await this.#forgetNamed(names);
    return names.length;
  }

  async #forgetNamed(names: readonly string[]): Promise<void> {
    for (const name of names) this.#typed.delete(name);
    for (const name of names) await this.#secrets.delete(keyOf(name));
    await this.#index.update(
      INDEX,
      this.owners.filter((name) => !names.includes(name)),
    );
  }
}

function nameOf(owner: PasswordOwner): string {
  return 'keyFile' in owner ? owner.keyFile : `${owner.user}@${owner.host}:${owner.port}`;
}

function keyOf(name: string): string {
  return `ssh-password ${name}`;
}
