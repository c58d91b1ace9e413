import * as vscode from 'vscode';
import { Commands } from './commands';
import { DisposableStore } from './disposables';
import { FailureReporter } from './failures';
import { LanguageFeature } from './languageClient';
import { Projects } from './projects';

/** Everything that runs between activation and deactivation. The order of construction is the order of dependency. */
class Extension {
  readonly #store = new DisposableStore();
  readonly #projects: Projects;
  readonly #language: LanguageFeature;

  constructor(context: vscode.ExtensionContext) {
    const log = this.#store.add(vscode.window.createOutputChannel('FastCGI', { log: true }));
    const failures = new FailureReporter(log);
    const commands = new Commands(failures);
    this.#store.add(commands.register('fastcgi.showOutput', () => log.show()));
    this.#projects = this.#store.add(new Projects());
    const serverModule = context.asAbsolutePath('dist/server.js');
    this.#language = this.#store.add(
      new LanguageFeature({ serverModule, log, failures, commands, projects: this.#projects }),
    );
  }

  /** Reads the project files and starts the server; neither keeps the activation waiting. */
  start(): void {
    void this.#projects.refresh();
    void this.#language.start();
  }

  dispose(): void {
    this.#store.dispose();
  }
}

/** Called by VS Code when the extension is first needed; it disposes of the subscriptions at the end. */
export function activate(context: vscode.ExtensionContext): void {
  const extension = new Extension(context);
  context.subscriptions.push(extension);
  extension.start();
}
