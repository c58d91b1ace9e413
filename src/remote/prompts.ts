/** Whose secret is asked for. */
export interface Account {
  readonly host: string;
  readonly port: number;
  readonly user: string;
}

/** What every question tells besides its subject. */
interface Question {
  /** Aborted when no answer is of use any more: the login was given up, here or by the server. */
  readonly signal?: AbortSignal;
}

/** An unknown host key, to be compared with what the host publishes. */
export interface HostKeyQuestion extends Question {
  readonly host: string;
  readonly port: number;
  readonly keyType: string;
  /** `SHA256:...`, as `ssh-keygen -l` prints it. */
  readonly fingerprint: string;
  /** The fingerprint as `ssh-keygen -lv` draws it: lines for a font in which all letters are equally wide. */
  readonly picture: string;
}

export interface PasswordQuestion extends Account, Question {
  /** True when the server has just refused the one before. */
  readonly rejected: boolean;
}

export interface PassphraseQuestion extends Account, Question {
  readonly keyFile: string;
  readonly rejected: boolean;
}

export interface InteractiveQuestion extends Account, Question {
  /** The server's own words; may be empty. */
  readonly name: string;
  readonly instructions: string;
  readonly prompts: readonly { readonly prompt: string; readonly echo: boolean }[];
  /** True for the first questions after the server has refused the answers before. */
  readonly rejected: boolean;
}

/** How a connection asks a person. Undefined as an answer means that the person gave up. */
export interface RemotePrompts {
  hostKey(question: HostKeyQuestion): Promise<'save' | 'once' | 'refuse'>;
  password(question: PasswordQuestion): Promise<string | undefined>;
  /** Undefined skips this key; the other ways to log in are still tried. */
  passphrase(question: PassphraseQuestion): Promise<string | undefined>;
  /** One answer per prompt, in order. */
  keyboardInteractive(question: InteractiveQuestion): Promise<readonly string[] | undefined>;
  /** A password kept from an earlier login; used without a question: once, or twice where a code was asked for with it. */
  recallPassword?(account: Account): Promise<string | undefined>;
  /** Called after a login with a password that was typed: the place to offer to keep it. */
  rememberPassword?(account: Account, password: string): Promise<void>;
  /** Called when the server refused a recalled password for certain: alone, or another one was right in its place. */
  forgetPassword?(account: Account): Promise<void>;
  /** The passphrase of a private key, kept from an earlier login; used once without a question. */
  recallPassphrase?(keyFile: string): Promise<string | undefined>;
  /** Called after a login with a key whose passphrase was typed. */
  rememberPassphrase?(keyFile: string, passphrase: string): Promise<void>;
  /** Called when a recalled passphrase does not fit. */
  forgetPassphrase?(keyFile: string): Promise<void>;
}
