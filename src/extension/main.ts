import { chmod } from 'node:fs/promises';
import * as vscode from 'vscode';
import { LanguageClient, TransportKind } from 'vscode-languageclient/node';
import { keepCodeSoon } from '../codeCache/keepCode';
import { dispatcherFacts } from '../runner/dispatcherFacts';
import { makeExecutableInGit } from '../runner/gitFacts';
import { CheckFeature } from './check/check';
import { Commands, setContextKey } from './commands';
import { DisposableStore } from './disposables';
import { DebugFeature } from './debug/debug';
import { DoctorFeature } from './doctor/doctor';
import { FailureReporter } from './failures';
import { FileGuard } from './guard/guard';
import { LanguageFeature } from './languageClient';
import { LogFeature } from './log/log';
import { CONTEXT_KEYS } from './manifest';
import { registerNewProject } from './newProject';
import { registerProjectFile } from './projectFile';
import { Projects } from './projects';
import { RequestsFeature } from './requests/requests';
import { RunnerFeature } from './runner';
import { liveAsker } from './urlTests/live';
import { UrlTests } from './urlTests/urlTests';
import { HtaccessDebug } from './htaccessDebug/feature';
import { RuleLenses } from './watch/ruleLenses';
import { WatchFeature } from './watch/watch';
import { UrlEvaluator } from './watch/evaluator';
import { SiteTree } from './site/siteTree';
import { ShownView } from './webviews/shownView';
import { TargetsFeature } from './targets/targets';

const diskTools = { factsOf: dispatcherFacts, setMode: chmod, makeExecutableInGit };

/** Everything that runs between activation and deactivation. The order of construction is the order of dependency. */
class Extension {
  readonly #store = new DisposableStore();
  readonly #projects: Projects;
  readonly #language: LanguageFeature;
  readonly #runner: RunnerFeature;
  readonly #log: LogFeature;

  constructor(context: vscode.ExtensionContext) {
    const log = this.#store.add(vscode.window.createOutputChannel('FastCGI', { log: true }));
    const failures = new FailureReporter(log);
    const commands = new Commands(failures);
    this.#store.add(commands.register('fastcgi.showOutput', () => log.show()));
    const projects = this.#store.add(new Projects());
    this.#projects = projects;
    this.#store.add(registerProjectFile(commands, projects));
    this.#runner = this.#store.add(new RunnerFeature({ log, failures, commands, projects, disk: diskTools }));
    this.#store.add(new SiteTree(commands, this.#runner));
    this.#store.add(new DebugFeature({ commands, projects, runner: this.#runner }));
    const { extensionUri } = context;
    const shown = new ShownView(context.workspaceState);
    this.#store.add(new RequestsFeature({ extensionUri, shown, commands, runner: this.#runner }));
    const server = { module: context.asAbsolutePath('dist/server.js'), transport: TransportKind.ipc };
    this.#language = this.#store.add(
      new LanguageFeature({
        log,
        failures,
        commands,
        projects,
        createClient: (options) => new LanguageClient('fastcgi', 'FastCGI Language Server', server, options),
      }),
    );
    const evaluator = new UrlEvaluator(this.#language);
    const targets = this.#store.add(new TargetsFeature({ extension: context, log, commands, projects }));
    const { programsThere } = targets;
    this.#store.add(new FileGuard(commands, projects, { disk: diskTools, programsThere }));
    const runner = this.#runner;
    this.#log = this.#store.add(
      new LogFeature({ extension: context, log, commands, projects, targets, runner, evaluator }),
    );
    const { chosen, sessions } = targets;
    this.#store.add(
      new DoctorFeature({ extensionUri, log, commands, chosen, sessions, evaluator, programsThere }),
    );
    this.#store.add(
      new CheckFeature({ commands, projects, chosen, sessions, programsThere, disk: diskTools }),
    );
    this.#store.add(registerNewProject(commands, context.asAbsolutePath('media/templates')));
    this.#store.add(new WatchFeature({ extensionUri, shown, commands, projects, evaluator }));
    this.#store.add(new RuleLenses(evaluator));
    this.#store.add(new HtaccessDebug({ commands, evaluator, projects }));
    this.#store.add(new UrlTests({ evaluator, askLive: liveAsker(chosen) }));
  }

  /** Reads the project files and starts the server; neither keeps the activation waiting. */
  start(): void {
    void this.#projects.refresh();
    void this.#language.start();
    void this.#log.start();
  }

  /** Resolves when the local runner's processes are gone; VS Code waits for it. */
  async stop(): Promise<void> {
    await this.#runner.stop();
    this.#store.dispose();
  }
}

let running: Extension | undefined;

/** Called by VS Code when the extension is first needed. */
export function activate(context: vscode.ExtensionContext): void {
  running = new Extension(context);
  running.start();
  // The views of a window that has nothing to do with us stay away.
  setContextKey(CONTEXT_KEYS.active, true);
  setContextKey(CONTEXT_KEYS.onMachine, true);
  new ShownView(context.workspaceState).restore();
  keepCodeSoon('activation');
}

/** Called by VS Code at the end; it waits for the promise for a few seconds. */
export async function deactivate(): Promise<void> {
  await running?.stop();
  running = undefined;
}
