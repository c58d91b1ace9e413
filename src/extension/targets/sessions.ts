import * as vscode from 'vscode';
import type { RemoteConnection } from '../../remote/connection';
import { RemoteError, type RemoteReason } from '../../remote/errors';
import type { RemotePrompts } from '../../remote/prompts';
import type { Target } from '../../project';
import { commandWayOut, Failure, requireTrust } from '../failures';
import { Connections } from './connections';
import { Passwords } from './passwords';
import { LoginPrompts } from './prompts';
import { SilentPrompts } from './silentPrompts';
import { Turns } from './turns';

/** The connections to all targets, their logins, and their failures in words with a way out. */
export class RemoteSessions {
  readonly passwords: Passwords;
  readonly #prompts: LoginPrompts;
  readonly #log: vscode.LogOutputChannel;
  /** Keys that were unlocked in this session. */
  readonly #keys = new Map();
  readonly #connections: Connections<RemoteConnection>;
  readonly #turns = new Turns();

  constructor(context: vscode.ExtensionContext, log: vscode.LogOutputChannel) {
    this.passwords = new Passwords(context.secrets, context.globalState);
    this.#prompts = new LoginPrompts(this.passwords);
    this.#log = log;
    this.#connections = new Connections((ssh, signal) => this.#connect(ssh, signal, this.#prompts));
  }

  async #connect(ssh: Target['ssh'], signal: AbortSignal, prompts: RemotePrompts): Promise<RemoteConnection> {
    // The last gate: whatever leads here, an untrusted folder names no host.
    requireTrust();
    // ssh2 is large, and few windows connect to a server: it is loaded for the first connection.
    const { connect } = await import('../../remote/connection');
    const log = (line: string): void => this.#log.debug(line);
    return connect(ssh, { prompts, signal, keys: this.#keys, trusted: true, log });
  }

  /** Whether a person would be asked something by a login now, of which nobody has spoken; tried with a connection of its own. */
  async wouldAsk({ ssh }: Target, signal: AbortSignal): Promise<boolean> {
    const prompts = new SilentPrompts(this.#prompts);
    try {
      (await this.#connect(ssh, signal, prompts)).dispose();
    } catch (error) {
      this.#log.debug(`A login without questions failed: ${(error as Error).message}`);
    }
    return prompts.wouldAsk;
  }

  /**
   * Does some work over the connection of a target.
   * @throws CancellationError when the work was stopped, otherwise a Failure for people
   */
  async use<Result>(
    target: Target,
    signal: AbortSignal,
    work: (connection: RemoteConnection) => Promise<Result>,
  ): Promise<Result> {
    try {
      return await this.#connections.use(target.ssh, signal, work);
    } catch (error) {
      throw signal.aborted ? new vscode.CancellationError() : explained(error);
    }
  }

  /** The same for work that locks the target's folder: the lock would refuse it while this window works there. */
  async useAlone<Result>(
    target: Target,
    signal: AbortSignal,
    work: (connection: RemoteConnection) => Promise<Result>,
  ): Promise<Result> {
    const key = JSON.stringify([target.ssh, target.path]);
    try {
      return await this.#turns.take(() => this.use(target, signal, work), { key, signal });
    } catch (error) {
      throw signal.aborted ? new vscode.CancellationError() : error;
    }
  }

  dispose(): void {
    this.#connections.dispose();
  }
}

/** Failures that an entry of the project file may cause. */
const BY_PROJECT_FILE: readonly RemoteReason[] = [
  'unreachable',
  'authentication-failed',
  'configuration',
  'no-such-file',
  'permission-denied',
];

function explained(error: unknown): unknown {
  if (!(error instanceof RemoteError)) return error;
  if (error.reason === 'cancelled') return new vscode.CancellationError();
  const open = commandWayOut(vscode.l10n.t('Open Project File'), 'fastcgi.openProjectFile');
  return new Failure(error.message, BY_PROJECT_FILE.includes(error.reason) ? [open] : [], { cause: error });
}

/** An AbortSignal that follows a cancellation button. */
export function signalOf(token: vscode.CancellationToken): AbortSignal {
  const abort = new AbortController();
  if (token.isCancellationRequested) abort.abort();
  token.onCancellationRequested(() => abort.abort());
  return abort.signal;
}
