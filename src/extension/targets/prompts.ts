import * as vscode from 'vscode';
import type {
  Account,
  HostKeyQuestion,
  InteractiveQuestion,
  PassphraseQuestion,
  PasswordQuestion,
  RemotePrompts,
} from '../../remote/prompts';
import { showInformationMessage, showWarningMessage } from '../notifications';
import { Passwords, type PasswordOwner } from './passwords';
import { Turns } from './turns';

/** Asks for what a login needs; a box that is still open when the login is over closes. Answers go to the connection and, when asked for, to the secret store; nowhere else. */
export class LoginPrompts implements RemotePrompts {
  readonly #passwords: Passwords;
  /** Host keys that were accepted until the end of the session. */
  readonly #trusted = new Set<string>();
  /** One question at a time: a box that opens closes the one before it unanswered, and several servers may ask at once. */
  readonly #turns = new Turns();

  constructor(passwords: Passwords) {
    this.#passwords = passwords;
  }

  hostKey(question: HostKeyQuestion): Promise<'save' | 'once' | 'refuse'> {
    return this.#turns.take(() => this.#hostKey(question));
  }

  async #hostKey(question: HostKeyQuestion): Promise<'save' | 'once' | 'refuse'> {
    const { host, port, keyType, fingerprint, signal } = question;
    const key = JSON.stringify([host, port, keyType, fingerprint]);
    if (this.#trusted.has(key)) return 'once';
    if (signal?.aborted === true) return 'refuse';
    const save = vscode.l10n.t('Trust and Save');
    const session = vscode.l10n.t('Trust for This Session');
    const where = port === 22 ? host : `${host}:${port}`;
    const detail = vscode.l10n.t(
      '{0}\n{1}\n\nCompare this fingerprint with the one that your host publishes. If they differ, somebody else may be answering: cancel. Saving adds the key to your known_hosts file.',
      keyType,
      fingerprint,
    );
    const message = vscode.l10n.t('Is this really {0}? Its key is not known yet.', where);
    const picture = vscode.l10n.t('Show Picture');
    const buttons = [save, session, picture];
    let answer = await showWarningMessage(message, { modal: true, detail }, ...buttons);
    if (answer === picture) {
      await showPicture(question, where);
      answer = await showWarningMessage(message, { modal: true, detail }, save, session);
    }
    if (answer !== save && answer !== session) return 'refuse';
    // Also where it is saved: another login to the same server has read the file before.
    this.#trusted.add(key);
    return answer === save ? 'save' : 'once';
  }

  password({ rejected, signal, ...account }: PasswordQuestion): Promise<string | undefined> {
    const title = vscode.l10n.t('Password for {0}', shown(account));
    const prompt = rejected
      ? vscode.l10n.t('The server refused the password before. Try another one.')
      : undefined;
    return this.#turns.take(() => this.#ask({ title, ...(prompt && { prompt }) }, signal));
  }

  passphrase({ keyFile, rejected, signal }: PassphraseQuestion): Promise<string | undefined> {
    const title = vscode.l10n.t('Passphrase of the key {0}', keyFile);
    const prompt = rejected
      ? vscode.l10n.t(
          'The passphrase does not fit this key. Try again, or press Escape to go on without the key.',
        )
      : vscode.l10n.t('Escape goes on without this key.');
    return this.#turns.take(() => this.#ask({ title, prompt }, signal));
  }

  keyboardInteractive(question: InteractiveQuestion): Promise<readonly string[] | undefined> {
    return this.#turns.take(() => this.#answers(question));
  }

  async #answers(question: InteractiveQuestion): Promise<readonly string[] | undefined> {
    const answers: string[] = [];
    const refused = question.rejected ? vscode.l10n.t('The server did not accept that. Once more:') : '';
    for (const { prompt, echo } of question.prompts) {
      const title = question.name || shown(question);
      const text = [refused, question.instructions, prompt].filter((part) => part !== '').join('\n');
      const answer = await this.#ask({ title, prompt: text, password: !echo }, question.signal);
      if (answer === undefined) return undefined;
      answers.push(answer);
    }
    return answers;
  }

  async #ask(options: vscode.InputBoxOptions, signal: AbortSignal | undefined): Promise<string | undefined> {
    const token = signal && tokenOf(signal);
    return vscode.window.showInputBox({ password: true, ignoreFocusOut: true, ...options }, token);
  }

  recallPassword(account: Account): Promise<string | undefined> {
    return this.#passwords.recall(account);
  }

  /** The login does not wait for the answer. */
  rememberPassword(account: Account, password: string): Promise<void> {
    const message = vscode.l10n.t(
      "Remember the password for {0}? It is kept in your system's secret store.",
      shown(account),
    );
    return this.#remember(account, password, message);
  }

  recallPassphrase(keyFile: string): Promise<string | undefined> {
    return this.#passwords.recall({ keyFile });
  }

  rememberPassphrase(keyFile: string, passphrase: string): Promise<void> {
    const message = vscode.l10n.t(
      "Remember the passphrase of the key {0}? It is kept in your system's secret store.",
      keyFile,
    );
    return this.#remember({ keyFile }, passphrase, message);
  }

  forgetPassphrase(keyFile: string): Promise<void> {
    return this.#passwords.forget({ keyFile });
  }

  forgetPassword(account: Account): Promise<void> {
    return this.#passwords.forget(account);
  }

  #remember(owner: PasswordOwner, secret: string, message: string): Promise<void> {
    this.#passwords.hold(owner, secret);
    void this.#offerToKeep(owner, secret, message);
    return Promise.resolve();
  }

  async #offerToKeep(owner: PasswordOwner, secret: string, message: string): Promise<void> {
    const keep = vscode.l10n.t('Remember');
    const answer = await showInformationMessage(message, keep, vscode.l10n.t('Not Now'));
    if (answer === keep) await this.#passwords.keep(owner, secret);
  }
}

/** In an editor, because dialogs have no font in which the picture would hold together. */
async function showPicture({ keyType, fingerprint, picture }: HostKeyQuestion, where: string): Promise<void> {
  const content = `${where}\n${keyType} ${fingerprint}\n\n${picture}\n`;
  const scheme = 'fastcgi-host-key';
  const provider = { provideTextDocumentContent: () => content };
  const registered = vscode.workspace.registerTextDocumentContentProvider(scheme, provider);
  try {
    const uri = vscode.Uri.from({ scheme, path: `/${where}`, query: fingerprint });
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri));
  } finally {
    registered.dispose();
  }
}

/** A cancellation token that follows a signal. */
function tokenOf(signal: AbortSignal): vscode.CancellationToken {
  const source = new vscode.CancellationTokenSource();
  if (signal.aborted) source.cancel();
  signal.addEventListener('abort', () => source.cancel(), { once: true });
  return source.token;
}

function shown({ user, host, port }: Account): string {
  return port === 22 ? `${user}@${host}` : `${user}@${host}:${port}`;
}
