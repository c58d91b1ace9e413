import * as vscode from 'vscode';
import { evaluate } from '../apache/request';
import { keepCodeSoon } from '../codeCache/keepCode';
import {
  projectOptions,
  RunnerError,
  startRunner,
  type Prepare,
  type Runner,
  type RunnerEvent,
  type RunnerOptions,
} from '../runner';
import { readSetting, setContextKey, type Commands } from './commands';
import { DisposableStore } from './disposables';
import { commandWayOut, Failure, type FailureReporter, noFolder, pathOnDisk, requireTrust } from './failures';
import { LocalFailures, openLine } from './localFailures';
import { CONTEXT_KEYS } from './manifest';
import type { ScriptSources } from './guard/scripts';
import { showInformationMessage } from './notifications';
import type { FolderProject, Projects } from './projects';
import { browseInside, forwardedAddress } from './site/browse';

export interface RunnerContext extends ScriptSources {
  readonly log: vscode.LogOutputChannel;
  readonly failures: FailureReporter;
  readonly commands: Commands;
  readonly projects: Projects;
}

/** A site that is being served, with the project that it belongs to. */
export interface Served {
  readonly runner: Runner;
  readonly one: FolderProject;
  /** The address under which it is reached from outside of this machine, where that is another one. */
  readonly forwarded: string | undefined;
}

/** How a site is served for a debugger. */
export interface DebugRun {
  readonly port?: number;
  readonly environment?: Readonly<Record<string, string>>;
  readonly openBrowser?: boolean;
  readonly prepare: Prepare;
}

/** The local runner: one site at a time, its address in the status bar, its output in the log. */
export class RunnerFeature {
  readonly #context: RunnerContext;
  readonly #store = new DisposableStore();
  readonly #item: vscode.StatusBarItem;
  readonly #served = this.#store.add(new vscode.EventEmitter<void>());
  readonly #events = this.#store.add(new vscode.EventEmitter<RunnerEvent>());
  /** Fires when a site is served, and when it is no longer. */
  readonly onDidServe = this.#served.event;
  /** What the running site tells. */
  readonly onEvent = this.#events.event;
  #runner: Served | undefined;
  /** Starts and stops come one after the other, so that no second runner is started and forgotten. */
  #turn: Promise<void> = Promise.resolve();
  readonly #failures: LocalFailures;
  /** The site is being stopped: what that breaks off is no failure. */
  #isEnding = false;

  constructor(context: RunnerContext) {
    this.#context = context;
    this.#failures = new LocalFailures(context);
    this.#item = this.#store.add(
      vscode.window.createStatusBarItem('runner', vscode.StatusBarAlignment.Left, 1),
    );
    this.#item.name = vscode.l10n.t('FastCGI Local Runner');
    const { commands } = context;
    this.#store.add(commands.register('fastcgi.run', () => this.#run()));
    this.#store.add(commands.register('fastcgi.stop', () => this.stop()));
    this.#store.add(commands.register('fastcgi.restartDispatcher', () => this.#restart()));
    this.#store.add(commands.register('fastcgi.openInBrowser', () => this.#open()));
    this.#store.add(
      commands.register('fastcgi.openInSimpleBrowser', () => browseInside(this.#running().url)),
    );
  }

  /** The site that is being served now. */
  get served(): Served | undefined {
    return this.#runner;
  }

  /** Ends everything that was started; resolves when nothing is left. */
  stop(): Promise<void> {
    return this.#inTurn(() => this.#end());
  }

  dispose(): void {
    this.#store.dispose();
    void this.stop();
  }

  /** Serves a site with every program started for a debugger: one process of each, and no limit of time, which a breakpoint would reach. */
  async debug(one: FolderProject, { port, environment, openBrowser, prepare }: DebugRun): Promise<void> {
    requireTrust();
    const own = { ...one.project.runner.environment, ...environment };
    const options = {
      ...this.#options(one),
      environment: own,
      maxProcesses: 1,
      requestTimeLimit: 0,
      prepare,
    };
    await this.#inTurn(async () => {
      await this.#end();
      if (this.#store.isDisposed) return;
      await this.#start(one, { ...options, port: port ?? one.project.runner.port }, openBrowser);
    });
  }

  async #run(port?: number): Promise<void> {
    requireTrust();
    const { projects } = this.#context;
    await projects.settled();
    const one = projects.current();
    if (!one) throw noFolder();
    const options = this.#options(one);
    await this.#inTurn(async () => {
      await this.#end();
      if (this.#store.isDisposed) return;
      await this.#start(one, { ...options, port: port ?? one.project.runner.port });
    });
  }

  #inTurn(work: () => Promise<void>): Promise<void> {
    const turn = this.#turn.then(work);
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  async #end(): Promise<void> {
    const served = this.#runner;
    this.#show(undefined);
    this.#isEnding = true;
    try {
      await served?.runner.dispose();
    } finally {
      this.#isEnding = false;
    }
  }

  async #start(one: FolderProject, options: RunnerOptions, openBrowser?: boolean): Promise<void> {
    try {
      const runner = await startRunner(options);
      // A window whose ports cannot be forwarded still has the site on its own machine.
      const forwarded = await forwardedAddress(runner).catch(() => undefined);
      this.#show({ runner, one, forwarded });
    } catch (error) {
      throw this.#explained(error);
    }
    const url = this.#runner?.runner.url ?? '';
    this.#context.log.info(`Serving ${one.folder.uri.fsPath} on ${url}`);
    // Not awaited: the runner runs, whether or not a browser or a reader is there.
    void this.#context.commands.guarded(() =>
      (openBrowser ?? readSetting('fastcgi.runner.openBrowser')) ? this.#open() : this.#tell(url),
    );
  }

  #options({ folder, project }: FolderProject): RunnerOptions {
    return {
      ...projectOptions(project, pathOnDisk(folder)),
      evaluate,
      recordRequests: true,
      liveReload: readSetting('fastcgi.runner.liveReload', folder.uri),
      onOpen: (file, line) => void this.#context.commands.guarded(() => openLine(file, line)),
      onEvent: (event: RunnerEvent) => this.#onEvent(event),
    };
  }

  async #tell(url: string): Promise<void> {
    const open = vscode.l10n.t('Open in Browser');
    const message = vscode.l10n.t('The site is served on {0}', url);
    if ((await showInformationMessage(message, open)) === open) await this.#open();
  }

  #explained(error: unknown): unknown {
    if (!(error instanceof RunnerError)) return error;
    const project = commandWayOut(vscode.l10n.t('Open Project File'), 'fastcgi.openProjectFile');
    const other = { title: vscode.l10n.t('Use a Free Port'), run: () => this.#runOnFreePort() };
    const byPort = error.reason.startsWith('port') ? [other] : [];
    return new Failure(error.message, [...byPort, project], { cause: error });
  }

  async #runOnFreePort(): Promise<void> {
    await this.#run(0).catch((error: unknown) => this.#context.failures.report(error));
  }

  async #restart(): Promise<void> {
    await this.#running().restart();
    this.#failures.forget();
    vscode.window.setStatusBarMessage(vscode.l10n.t('The dispatcher starts anew.'), 4000);
  }

  async #open(): Promise<void> {
    const { url } = this.#running();
    await vscode.env.openExternal(vscode.Uri.parse(url));
  }

  #running(): Runner {
    if (this.#runner) return this.#runner.runner;
    const run = commandWayOut(vscode.l10n.t('Run'), 'fastcgi.run');
    throw new Failure(vscode.l10n.t('No dispatcher is running.'), [run]);
  }

  #show(served: Served | undefined): void {
    this.#runner = served;
    const runner = served?.runner;
    if (!this.#store.isDisposed) this.#served.fire();
    setContextKey(CONTEXT_KEYS.running, runner !== undefined);
    if (!runner) {
      this.#failures.reset();
      this.#item.hide();
      return;
    }
    this.#item.text = `$(globe) localhost:${runner.port}`;
    this.#item.tooltip = tooltip(runner.url);
    this.#item.accessibilityInformation = {
      label: vscode.l10n.t('FastCGI site on {0}, open in browser', runner.url),
    };
    this.#item.command = 'fastcgi.openInBrowser';
    this.#item.show();
  }

  #onEvent(event: RunnerEvent): void {
    if (this.#store.isDisposed) return;
    const { log } = this.#context;
    this.#events.fire(event);
    if (!this.#isEnding) this.#failures.onEvent(event);
    if (event.kind === 'request') {
      keepCodeSoon('request');
      log.info(`${event.method} ${event.target} -> ${event.status} (${Math.round(event.milliseconds)} ms)`);
    } else if (event.kind === 'output') {
      log[event.stream === 'stderr' ? 'warn' : 'info'](`${event.pid}: ${event.text.trimEnd()}`);
    } else if (event.kind === 'started') log.info(`Started ${event.dispatcher}, process ${event.pid}`);
    else if (event.kind === 'exited') this.#onExit(event);
    else if (event.kind === 'reloaded') this.#onReload(event.files);
  }

  #onExit({ pid, code, signal, expected }: Extract<RunnerEvent, { kind: 'exited' }>): void {
    const how = signal === null ? `exit code ${code ?? '?'}` : signal;
    this.#context.log[expected ? 'info' : 'warn'](`Process ${pid} ended: ${how}`);
  }

  #onReload(files: readonly string[]): void {
    this.#context.log.info(`Changed: ${files.join(', ')}`);
    this.#failures.forget();
  }
}

function tooltip(url: string): vscode.MarkdownString {
  const links = [
    [vscode.l10n.t('Open in Browser'), 'fastcgi.openInBrowser'],
    [vscode.l10n.t('Show Requests'), 'fastcgi.requests.show'],
    [vscode.l10n.t('Restart Dispatcher'), 'fastcgi.restartDispatcher'],
    [vscode.l10n.t('Stop'), 'fastcgi.stop'],
    [vscode.l10n.t('Show Output'), 'fastcgi.showOutput'],
  ].map(([title, command]) => `[${title}](command:${command})`);
  const text = new vscode.MarkdownString(`${vscode.l10n.t('Serving {0}', url)}\n\n${links.join(' · ')}`);
  text.isTrusted = {
    enabledCommands: [
      'fastcgi.openInBrowser',
      'fastcgi.requests.show',
      'fastcgi.restartDispatcher',
      'fastcgi.stop',
      'fastcgi.showOutput',
    ],
  };
  return text;
}
