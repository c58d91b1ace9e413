import type { AnyAuthMethod, AuthenticationType, ParsedKey } from 'ssh2';
import { RemoteError } from './errors';
import {
  isSecurityKey,
  OrderedAgent,
  parsePrivateKey,
  readIdentityFiles,
  readPublicKeys,
  type IdentityFile,
  type KeyCache,
} from './identities';
import type { Patience } from './patience';
import type { Account, InteractiveQuestion, RemotePrompts } from './prompts';
import type { Redactor } from './redact';
import { describeTarget, type ResolvedTarget } from './target';

const maxPasswordAttempts = 3;
const maxPassphraseAttempts = 3;
/** So often a kept password is sent with a code, which is mistyped or too old more often than a password is changed. */
const maxDoubts = 2;

interface Parts {
  readonly target: ResolvedTarget;
  readonly prompts: RemotePrompts;
  readonly patience: Patience;
  readonly redactor: Redactor;
  readonly keys: KeyCache;
  readonly log: (line: string) => void;
  /** Ends the connection attempt at once; the error says why. */
  readonly giveUp: (error: RemoteError) => void;
  /** Aborted when the attempt has failed. */
  readonly over: AbortSignal;
}

/**
 * Chooses one way to log in after the other: agent, key files, password, keyboard-interactive, each only while the server offers
 * it. A password that the server refused is never sent again without asking: some hosts ban an address after three.
 */
export class Authentication {
  /** Set when the person gave up; takes precedence over the server's refusal. */
  stopped: RemoteError | undefined;
  readonly #parts: Parts;
  readonly #account: Account;
  readonly #tried: string[] = [];
  readonly #steps: AsyncGenerator<AnyAuthMethod, void, void>;
  #offered: readonly string[] = [];
  #typedPassword: string | undefined;
  #typedPassphrase: { readonly keyFile: string; readonly text: string } | undefined;
  /** What the questions of this attempt were answered with: a kept password, something that was typed. */
  #answered: { readonly kept?: string; readonly typed?: boolean } = {};
  /** The person was not told yet that the answers before were refused. */
  #refusalUntold = false;
  /** A kept password that was refused together with a code: which of the two was wrong, the server does not say. */
  #doubted: { readonly password: string; readonly times: number } | undefined;
  /** The server has asked for the password by itself. */
  #askedForPassword = false;
  readonly #unusable: string[] = [];

  constructor(parts: Parts) {
    const { host, port, user } = parts.target;
    this.#parts = parts;
    this.#account = { host, port, user };
    this.#steps = this.#methods();
  }

  /** The next method to try, or false when none is left. Never throws. */
  async next(offered: readonly AuthenticationType[] | null): Promise<AnyAuthMethod | false> {
    if (offered) this.#offered = offered.filter((name) => !this.#parts.target.refusedMethods.includes(name));
    try {
      const step = await this.#steps.next();
      if (step.done === true) return false;
      this.#parts.log(`Trying ${step.value.type} for ${describeTarget(this.#account)}`);
      return step.value;
    } catch (error) {
      this.stopped =
        error instanceof RemoteError ? error : new RemoteError('failure', 'Login stopped.', { cause: error });
      return false;
    }
  }

  /** To be called after success: lets the caller keep what was typed. */
  async succeeded(): Promise<void> {
    const { prompts } = this.#parts;
    if (this.#typedPassphrase !== undefined)
      await prompts.rememberPassphrase?.(this.#typedPassphrase.keyFile, this.#typedPassphrase.text);
    const typed = this.#typedPassword;
    if (typed === undefined || typed === this.#doubted?.password) return;
    if (this.#doubted) await prompts.forgetPassword?.(this.#account);
    await prompts.rememberPassword?.(this.#account, typed);
  }

  /** Whether the server was shown anything. */
  get hasTried(): boolean {
    return this.#tried.length > 0;
  }

  /** The error to show when the server refused everything; `words`: those with which it hung up, if it did. */
  refusal(words?: string): RemoteError {
    const tried =
      this.#tried.length > 0
        ? `Tried: ${counted(this.#tried)}.`
        : 'There was nothing to try: no agent and no key file.';
    const end = words === undefined ? '' : ` It ended the login: ${words}.`;
    const offers = this.#offered.length > 0 ? ` The server accepts: ${this.#offered.join(', ')}.` : '';
    return new RemoteError(
      'authentication-failed',
      [
        `${describeTarget(this.#account)} was refused.${end} ${tried}${offers}`,
        ...this.#unusable,
        this.#advice(words),
      ].join(' '),
    );
  }

  #advice(words: string | undefined): string {
    // Every key of an agent is one attempt, and servers allow few (MaxAuthTries).
    if (words !== undefined && this.#tried.includes('agent'))
      return 'An agent with many keys uses up the attempts: give this host its key in ~/.ssh/config (IdentityFile, and IdentitiesOnly yes).';
    return this.#tried.includes('keyboard-interactive')
      ? 'Check the user name, the password and, where a one-time code is asked for, the clock of the device that makes it.'
      : 'Check the user name, and that the key or password belongs to this account.';
  }

  async *#methods(): AsyncGenerator<AnyAuthMethod, void, void> {
    const username = this.#account.user;
    yield { type: 'none', username };
    // A server may ask for several in a row (publickey, then password): it then offers what is still missing.
    for (let round = 0; round < 3; round++) {
      const before = this.#tried.length;
      if (this.#offers('publickey')) yield* this.#publicKeys(username);
      // As OpenSSH does: a server that wants a code, too, refuses `password` however right it is, and counts that as a failed login.
      if (this.#offers('keyboard-interactive')) yield* this.#interactive(username);
      if (!this.#askedForPassword && this.#offers('password')) yield* this.#passwords(username);
      if (this.#tried.length === before) return;
      if (!this.#offersNew()) return;
    }
  }

  readonly #started = new Set<string>();

  #offers(method: string): boolean {
    if (!this.#offered.includes(method) || this.#started.has(method)) return false;
    this.#started.add(method);
    return true;
  }

  #offersNew(): boolean {
    return this.#offered.some((method) => !this.#started.has(method));
  }

  async *#publicKeys(username: string): AsyncGenerator<AnyAuthMethod, void, void> {
    const { target, log } = this.#parts;
    if (target.agent !== undefined) {
      const preferred = await readPublicKeys(target.identityFiles);
      this.#tried.push('agent');
      yield {
        type: 'agent',
        username,
        agent: new OrderedAgent(target.agent, preferred, target.identitiesOnly),
      };
    }
    for (const file of await readIdentityFiles(target.identityFiles, log)) {
      if (!this.#offered.includes('publickey')) return;
      const key = await this.#unlock(file);
      if (key === undefined) continue;
      this.#tried.push(`key ${file.path}`);
      yield { type: 'publickey', username, key };
    }
  }

  async #unlock(file: IdentityFile): Promise<ParsedKey | undefined> {
    const kept = this.#parts.keys.get(file.path);
    if (kept) return kept;
    if (isSecurityKey(file)) return this.#skip(file, SECURITY_KEY);
    const key = file.encrypted ? await this.#decrypt(file) : parsePrivateKey(file);
    if (key) this.#parts.keys.set(file.path, key);
    else this.#skip(file, 'no passphrase, or not a kind of key that can be used here');
    return key;
  }

  #skip(file: IdentityFile, why: string): undefined {
    this.#parts.log(`The key file ${file.path} is skipped: ${why}.`);
    if (why === SECURITY_KEY) this.#unusable.push(`The key ${file.path} was not used: ${why}.`);
    return undefined;
  }

  async #decrypt(file: IdentityFile): Promise<ParsedKey | undefined> {
    const { prompts, patience, redactor } = this.#parts;
    const kept = await this.#decryptUnasked(file);
    if (kept) return kept;
    for (let attempt = 0; attempt < maxPassphraseAttempts; attempt++) {
      const question = {
        ...this.#account,
        keyFile: file.path,
        rejected: attempt > 0,
        signal: this.#parts.over,
      };
      const passphrase = await patience.whileAsking(() => prompts.passphrase(question));
      if (passphrase === undefined) return undefined;
      redactor.add(passphrase);
      const key = parsePrivateKey(file, passphrase);
      if (!key) continue;
      this.#typedPassphrase = { keyFile: file.path, text: passphrase };
      return key;
    }
    return undefined;
  }

  async #decryptUnasked(file: IdentityFile): Promise<ParsedKey | undefined> {
    const { prompts, redactor } = this.#parts;
    const kept = await prompts.recallPassphrase?.(file.path);
    if (kept === undefined) return undefined;
    redactor.add(kept);
    const key = parsePrivateKey(file, kept);
    if (!key) await prompts.forgetPassphrase?.(file.path);
    return key;
  }

  async *#passwords(username: string): AsyncGenerator<AnyAuthMethod, void, void> {
    const { prompts, redactor } = this.#parts;
    const kept = await prompts.recallPassword?.(this.#account);
    if (kept !== undefined) {
      redactor.add(kept);
      this.#tried.push('kept password');
      yield { type: 'password', username, password: kept };
      await this.#keptPasswordRefused();
    }
    for (let attempt = 0; attempt < maxPasswordAttempts; attempt++) {
      if (!this.#offered.includes('password')) return;
      const password = await this.#askPassword(attempt > 0 || kept !== undefined);
      this.#tried.push('password');
      yield { type: 'password', username, password };
      this.#typedPassword = undefined;
    }
  }

  /** Reached only when the server asked for another method; with `password` no longer offered it was accepted as one of several. */
  async #keptPasswordRefused(): Promise<void> {
    if (this.#offered.includes('password')) await this.#parts.prompts.forgetPassword?.(this.#account);
  }

  async #askPassword(rejected: boolean): Promise<string> {
    const { prompts, patience, redactor, over } = this.#parts;
    const question = { ...this.#account, rejected, signal: over };
    const password = await patience.whileAsking(() => prompts.password(question));
    if (password === undefined) throw this.#givenUp();
    redactor.add(password);
    this.#typedPassword = password;
    return password;
  }

  async *#interactive(username: string): AsyncGenerator<AnyAuthMethod, void, void> {
    for (let attempt = 0; attempt < maxPasswordAttempts; attempt++) {
      if (!this.#offered.includes('keyboard-interactive')) return;
      this.#tried.push('keyboard-interactive');
      this.#answered = {};
      this.#refusalUntold = attempt > 0;
      let hasAsked = false;
      yield {
        type: 'keyboard-interactive',
        username,
        prompt: (name, instructions, _language, questions, answer) => {
          hasAsked = true;
          void this.#answer({ name, instructions, questions }, answer);
        },
      };
      await this.#answersRefused();
      // It offers more than it can do.
      if (!hasAsked) return;
    }
  }

  /** Reached when the server asked for another method or once more; without keyboard-interactive it was accepted as one of several. */
  async #answersRefused(): Promise<void> {
    const { kept, typed = false } = this.#answered;
    if (kept === undefined || !this.#offered.includes('keyboard-interactive')) return;
    if (typed) this.#doubted = { password: kept, times: (this.#doubted?.times ?? 0) + 1 };
    else await this.#parts.prompts.forgetPassword?.(this.#account);
  }

  async #answer(
    asked: {
      name: string;
      instructions: string;
      questions: readonly { prompt: string; echo?: boolean }[];
    },
    answer: (answers: string[]) => void,
  ): Promise<void> {
    const questions = asked.questions.map(({ prompt, echo }) => ({ prompt, echo: echo === true }));
    const known = await this.#answersUnasked(questions);
    const open = questions.filter((_, index) => known[index] === undefined);
    const typed =
      open.length === 0 && questions.length > 0 ? [] : await this.#ask({ ...asked, prompts: open });
    // Nothing is sent for a person who gave up: an empty answer would count as a failed login.
    if (typed === undefined) return this.#parts.giveUp(this.#givenUp());
    const left = [...typed];
    answer(questions.map((_, index) => known[index] ?? left.shift() ?? ''));
  }

  /** The kept password, where the server asks for nothing but a password; undefined for every other question. */
  async #answersUnasked(questions: readonly Prompt[]): Promise<readonly (string | undefined)[]> {
    const { prompts, redactor } = this.#parts;
    if (!questions.some(asksPassword)) return [];
    this.#askedForPassword = true;
    const isRefused = this.#answered.kept !== undefined || (this.#doubted?.times ?? 0) >= maxDoubts;
    const kept = isRefused ? undefined : await prompts.recallPassword?.(this.#account);
    if (kept === undefined) return [];
    redactor.add(kept);
    this.#answered = { ...this.#answered, kept };
    return questions.map((question) => (asksPassword(question) ? kept : undefined));
  }

  async #ask(asked: {
    name: string;
    instructions: string;
    prompts: readonly Prompt[];
  }): Promise<readonly string[] | undefined> {
    const { prompts, patience, redactor, over } = this.#parts;
    const { name, instructions } = asked;
    // The server may ask in several turns: the first that is shown tells that the answers before were refused.
    const rejected = this.#refusalUntold;
    this.#refusalUntold = false;
    if (asked.prompts.length > 0) this.#answered = { ...this.#answered, typed: true };
    const question = { ...this.#account, name, instructions, prompts: asked.prompts, rejected, signal: over };
    const answers = await patience
      .whileAsking(() => prompts.keyboardInteractive(question))
      .catch(() => undefined);
    for (const [index, text] of (answers ?? []).entries()) {
      const prompt = asked.prompts[index];
      if (prompt?.echo === false) redactor.add(text);
      if (prompt && asksPassword(prompt)) this.#typedPassword = text;
    }
    return answers;
  }

  #givenUp(): RemoteError {
    return new RemoteError('cancelled', `The login as ${describeTarget(this.#account)} was cancelled.`);
  }
}

type Prompt = InteractiveQuestion['prompts'][number];

/** Names in their order, each once. */
function counted(names: readonly string[]): string {
  const times = (name: string) => names.filter((other) => other === name).length;
  const shown = (name: string) => (times(name) > 1 ? `${name} (${times(name)} times)` : name);
  return [...new Set(names)].map(shown).join(', ');
}

const SECURITY_KEY =
  'it is kept on a security key (FIDO), which cannot be asked from here. Make another key (ssh-keygen -t ed25519) and add it to the account';

/** Hosts that log in through PAM ask for the password in these words; codes and other questions are asked every time. */
function asksPassword({ prompt, echo }: Prompt): boolean {
  return (
    !echo && /^(?:.*\s)?password(?: for [^:]*)?\s*:?\s*$/i.test(prompt) && !/one.?time|new/i.test(prompt)
  );
}
