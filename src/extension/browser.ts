import * as vscode from 'vscode';
import {
  BrowserMessageReader,
  BrowserMessageWriter,
  LanguageClient,
  type MessageTransports,
} from 'vscode-languageclient/browser';
import { Commands, setContextKey } from './commands';
import { DisposableStore } from './disposables';
import { FailureReporter } from './failures';
import { FileGuard } from './guard/guard';
import { LanguageFeature } from './languageClient';
import { COMMANDS, CONTEXT_KEYS, type CommandId } from './manifest';
import { showInformationMessage } from './notifications';
import { registerProjectFile } from './projectFile';
import { Projects } from './projects';
import { UrlEvaluator } from './watch/evaluator';
import { UrlTests } from './urlTests/urlTests';
import { HtaccessDebug } from './htaccessDebug/feature';
import { RuleLenses } from './watch/ruleLenses';
import { ShownView } from './webviews/shownView';
import { WatchFeature } from './watch/watch';

/** What a browser can do without a machine behind it; all other commands say why they cannot be carried out there. */
const IN_BROWSER: ReadonlySet<string> = new Set<CommandId>([
  'fastcgi.showOutput',
  'fastcgi.openProjectFile',
  'fastcgi.convertToLf',
  'fastcgi.removeByteOrderMark',
  'fastcgi.repairScript',
  'fastcgi.restartLanguageServer',
  'fastcgi.watchUrl',
  'fastcgi.stopWatching',
  'fastcgi.showUrls',
  'fastcgi.debugAnotherUrl',
]);

const store = new DisposableStore();

/** Called by VS Code in a browser when the extension is first needed. */
export function activate(context: vscode.ExtensionContext): void {
  const log = store.add(vscode.window.createOutputChannel('FastCGI', { log: true }));
  const failures = new FailureReporter(log);
  const commands = new Commands(failures);
  store.add(commands.register('fastcgi.showOutput', () => log.show()));
  for (const id of Object.keys(COMMANDS) as CommandId[])
    if (!IN_BROWSER.has(id)) store.add(commands.register(id, refuse));
  const projects = store.add(new Projects());
  store.add(registerProjectFile(commands, projects));
  store.add(new FileGuard(commands, projects));
  const server = vscode.Uri.joinPath(context.extensionUri, 'dist/browser/server.js');
  const language = store.add(
    new LanguageFeature({
      log,
      failures,
      commands,
      projects,
      createClient: (options) =>
        new LanguageClient('fastcgi', 'FastCGI Language Server', () => connect(server, log), options),
    }),
  );
  const { extensionUri } = context;
  const shown = new ShownView(context.workspaceState);
  const evaluator = new UrlEvaluator(language);
  store.add(new WatchFeature({ extensionUri, shown, commands, projects, evaluator }));
  store.add(new RuleLenses(evaluator));
  store.add(new HtaccessDebug({ commands, evaluator, projects }));
  store.add(new UrlTests({ evaluator }));
  void projects.refresh();
  void language.start();
  setContextKey(CONTEXT_KEYS.active, true);
  shown.restore();
}

/** Called by VS Code at the end. */
export function deactivate(): void {
  store.dispose();
}

/** VS Code makes no worker of a script that lies on a remote machine, so such a script is fetched before. */
async function connect(script: vscode.Uri, log: vscode.LogOutputChannel): Promise<MessageTransports> {
  const worker = new Worker(script.scheme === 'vscode-remote' ? await copyOf(script) : script.toString(true));
  worker.addEventListener('error', ({ message }) => log.error(message));
  return { reader: new BrowserMessageReader(worker), writer: new BrowserMessageWriter(worker) };
}

async function copyOf(script: vscode.Uri): Promise<string> {
  const bytes = await vscode.workspace.fs.readFile(script);
  return URL.createObjectURL(new Blob([Uint8Array.from(bytes)], { type: 'text/javascript' }));
}

/** No failure: nothing was tried, and trying again would not help. */
function refuse(): void {
  void showInformationMessage(
    vscode.l10n.t(
      'A browser alone can neither run programs nor connect to a server. Open the folder in VS Code on a computer, or in a codespace or dev container.',
    ),
  );
}
