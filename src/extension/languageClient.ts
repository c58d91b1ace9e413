import * as vscode from 'vscode';
import {
  CloseAction,
  ErrorAction,
  State,
  type CloseHandlerResult,
  type BaseLanguageClient,
  type LanguageClientOptions,
} from 'vscode-languageclient';
import {
  FILES_REQUEST,
  HOSTS_NOTIFICATION,
  type FolderHost,
  type InitializationOptions,
} from '../server/protocol';
import { ClosingTags } from './closingTags';
import type { Commands } from './commands';
import { DisposableStore } from './disposables';
import { answerFiles } from './fileRequests';
import { commandWayOut, Failure, type FailureReporter } from './failures';
import { LANGUAGES } from './manifest';
import type { Projects } from './projects';

/** Which documents the server sees: ours, and the same files under the name that another extension gives them. */
const SELECTOR = [
  { language: LANGUAGES.htaccess },
  { language: LANGUAGES.apacheconf, pattern: '**/.htaccess' },
  { language: LANGUAGES.apacheconf, pattern: '**/htaccess.txt' },
  { language: LANGUAGES.apacheconf, pattern: '**/*.htaccess' },
];

/** How often the server is started again by itself before a person is asked. */
const OWN_RESTARTS = 1;

export interface LanguageClientContext {
  /** A client with its server, neither of them started: a process, or a worker in a browser. */
  readonly createClient: (options: LanguageClientOptions) => BaseLanguageClient;
  readonly log: vscode.LogOutputChannel;
  readonly failures: FailureReporter;
  readonly commands: Commands;
  readonly projects: Projects;
}

/** The language server's other end. Its failure is told once and leaves the rest of the extension alone. */
export class LanguageFeature {
  readonly #context: LanguageClientContext;
  readonly #store = new DisposableStore();
  readonly #started = this.#store.add(new vscode.EventEmitter<void>());
  #client: BaseLanguageClient | undefined;
  #closed = 0;

  /** Fires when the server runs, and when it runs again. */
  readonly onDidStart = this.#started.event;

  constructor(context: LanguageClientContext) {
    this.#context = context;
    const { commands, projects } = context;
    this.#store.add(commands.register('fastcgi.restartLanguageServer', () => this.#restart()));
    this.#store.add(new ClosingTags((method, params) => this.request(method, params)));
    this.#store.add(projects.onDidChange(() => void this.#sendHosts()));
  }

  /** Starts the server; a failure is reported, not thrown. */
  async start(): Promise<void> {
    try {
      const client = this.#context.createClient(this.#options());
      this.#client = client;
      client.onRequest(FILES_REQUEST, answerFiles);
      // A client that starts its server again tells so in no other way.
      client.onDidChangeState(({ newState }) => {
        if (newState === State.Running) void this.#onRunning();
      });
      await client.start();
    } catch (error) {
      this.#tell(error);
    }
  }

  /** Asks the server; undefined while it does not run, and for a question that it cannot answer. */
  async request<Result>(
    method: string,
    params: object,
    token?: vscode.CancellationToken,
  ): Promise<Result | undefined> {
    if (!this.#client?.isRunning()) return undefined;
    try {
      // An absent token must not be named: it would be sent as a second parameter.
      return await (token === undefined
        ? this.#client.sendRequest<Result>(method, params)
        : this.#client.sendRequest<Result>(method, params, token));
    } catch (error) {
      if (token?.isCancellationRequested) return undefined;
      this.#context.log.warn(`${method}: ${String(error)}`);
      return undefined;
    }
  }

  /** A server that has just come up knows of no folder and no host. */
  async #onRunning(): Promise<void> {
    await this.#sendHosts();
    this.#started.fire();
  }

  async #stop(): Promise<void> {
    const client = this.#client;
    this.#client = undefined;
    // A client that never came up cannot be stopped; what it opened is closed by dispose().
    await client?.dispose().catch((error: unknown) => this.#context.log.warn(String(error)));
  }

  dispose(): void {
    this.#store.dispose();
    void this.#stop();
  }

  async #restart(): Promise<void> {
    this.#closed = 0;
    await this.#stop();
    await this.start();
  }

  async #sendHosts(): Promise<void> {
    if (!this.#client?.isRunning()) return;
    const hosts: FolderHost[] = this.#context.projects.all.map(({ folder, project }) => ({
      folder: folder.uri.toString(),
      host: project.host,
      documentRoot: project.documentRoot,
      advice: project.advice,
    }));
    // A server that ends meanwhile is told when it is up again.
    await this.#client
      .sendNotification(HOSTS_NOTIFICATION, hosts)
      .catch((error: unknown) => this.#context.log.warn(String(error)));
  }

  #options(): LanguageClientOptions {
    return {
      documentSelector: SELECTOR,
      initializationOptions: {
        canSuggestAgain: true,
        closesTags: true,
        sendsHosts: true,
        readsFiles: true,
      } satisfies InitializationOptions,
      outputChannel: this.#context.log,
      initializationFailedHandler: () => false,
      errorHandler: {
        error: () => ({ action: ErrorAction.Continue, handled: true }),
        closed: () => this.#onClosed(),
      },
    };
  }

  #onClosed(): CloseHandlerResult {
    this.#closed += 1;
    if (this.#closed <= OWN_RESTARTS) return { action: CloseAction.Restart, handled: true };
    this.#tell(new Error('The server ended again after a restart'));
    return { action: CloseAction.DoNotRestart, handled: true };
  }

  #tell(cause: unknown): void {
    const message = vscode.l10n.t(
      'The language server for .htaccess files does not run, so these files are not checked. Everything else still works.',
    );
    const restart = commandWayOut(vscode.l10n.t('Restart'), 'fastcgi.restartLanguageServer');
    this.#context.log.error(String(cause));
    void this.#context.failures.report(new Failure(message, [restart], { cause }));
  }
}
