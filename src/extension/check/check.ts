import { dirname, join } from 'node:path';
import * as vscode from 'vscode';
import { findDispatcher } from '../../deploy/dispatcher';
import { remotePreflight } from '../../deploy/preflight';
import { trialMarkdown, type TrialReport } from '../../dispatcher/trial';
import { preflight } from '../../runner';
import type { Commands } from '../commands';
import { DisposableStore } from '../disposables';
import { commandWayOut, Failure, noFolder, pathOnDisk, requireTrust } from '../failures';
import { isScript, problemsOf, type ScriptSources } from '../guard/scripts';
import type { DiskTools } from '../diskTools';
import { withProgress } from '../notifications';
import type { FolderProject, Projects } from '../projects';
import type { ChosenTarget } from '../targets/chosenTarget';
import type { ProgramsThere } from '../targets/programsThere';
import { signalOf, type RemoteSessions } from '../targets/sessions';
import { watchFile } from '../watchFile';
import { ownPlacesIn } from './ownPlaces';
import { reportLinks } from './reportLinks';
import { ReportPages } from './reportPages';

export interface CheckContext {
  readonly commands: Commands;
  readonly projects: Projects;
  readonly chosen: ChosenTarget;
  readonly sessions: RemoteSessions;
  readonly disk: DiskTools;
  readonly programsThere: ProgramsThere;
}

/** "Check Dispatcher", here and on the target: starts it once, tells in a page what came, and marks the line at fault. */
export class CheckFeature {
  readonly #context: CheckContext;
  readonly #store = new DisposableStore();
  readonly #pages = this.#store.add(new ReportPages());
  readonly #diagnostics = this.#store.add(vscode.languages.createDiagnosticCollection('fastcgi.check'));
  #watcher: vscode.Disposable | undefined;

  constructor(context: CheckContext) {
    this.#context = context;
    const { commands } = context;
    this.#store.add(commands.register('fastcgi.checkDispatcher', (argument) => this.#checkHere(argument)));
    this.#store.add(commands.register('fastcgi.checkDispatcherOnTarget', () => this.#checkOnTarget()));
    // What was found holds until somebody works on it.
    this.#store.add(vscode.workspace.onDidSaveTextDocument(() => this.#unmark()));
  }

  dispose(): void {
    this.#unmark();
    this.#store.dispose();
  }

  async #checkHere(argument: unknown): Promise<void> {
    requireTrust();
    const { projects } = this.#context;
    await projects.settled();
    const one = projects.current(argument instanceof vscode.Uri ? argument : undefined);
    const uri = await wantedScript(argument, one);
    if (uri.scheme !== 'file') throw new Failure(vscode.l10n.t('Only files on a disk can be started.'));
    await vscode.workspace.textDocuments
      .find((document) => document.uri.toString() === uri.toString())
      ?.save();
    const title = vscode.l10n.t('Checking {0}', vscode.workspace.asRelativePath(uri));
    const location = vscode.ProgressLocation.Notification;
    const report = await withProgress({ location, title }, () => tried(uri, { ...this.#context, one }));
    this.#mark(report, uri);
    const links = (output: string) => reportLinks(output, dirname(uri.fsPath));
    await this.#pages.show(trialMarkdown(report, vscode.l10n.t('on this machine'), links));
  }

  async #checkOnTarget(): Promise<void> {
    requireTrust();
    const chosen = await this.#context.chosen.need();
    const { folder, project, target } = chosen;
    const dispatcher = await findDispatcher(join(pathOnDisk(folder), project.documentRoot), project);
    if (dispatcher === undefined) throw noDispatcher();
    const title = vscode.l10n.t('Checking {0} on {1}', dispatcher, target.name);
    const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
    const report = await withProgress(options, (_, token) =>
      this.#context.sessions.use(target, signalOf(token), (connection) =>
        remotePreflight(connection, { remotePath: target.path, dispatcher, signal: signalOf(token) }),
      ),
    );
    this.#context.programsThere.checked(chosen, dispatcher, report);
    await this.#pages.show(trialMarkdown(report, vscode.l10n.t('on {0}', target.name)));
  }

  /** The line that failed where the program's own words name one, else the first line of the dispatcher. */
  #mark({ ok, fault, shell, server }: TrialReport, uri: vscode.Uri): void {
    this.#unmark();
    // A fault of the first line or the mode is marked by the guard.
    if (ok || fault !== null) return;
    const places = ownPlacesIn(`${server?.errorOutput ?? ''}\n${shell?.errorOutput ?? ''}`);
    const marks =
      places.length > 0 ? places : [{ file: uri.fsPath, line: 0, message: server?.message ?? '' }];
    for (const { file, line, message } of marks.slice(0, 1)) {
      const range = new vscode.Range(line, 0, line, Number.MAX_SAFE_INTEGER);
      const diagnostic = new vscode.Diagnostic(range, message, vscode.DiagnosticSeverity.Error);
      diagnostic.source = 'FastCGI';
      diagnostic.code = 'check';
      const marked = vscode.Uri.file(file);
      this.#diagnostics.set(marked, [diagnostic]);
      this.#watcher = watchFile(marked, () => this.#unmark());
    }
  }

  #unmark(): void {
    this.#diagnostics.clear();
    this.#watcher?.dispose();
    this.#watcher = undefined;
  }
}

/** The named one, the open one, else the project's own. */
async function wantedScript(argument: unknown, one: FolderProject | undefined): Promise<vscode.Uri> {
  if (argument instanceof vscode.Uri && isScript(argument)) return argument;
  const open = vscode.window.activeTextEditor?.document.uri;
  if (open && isScript(open)) return open;
  if (!one) throw noFolder();
  const root = join(pathOnDisk(one.folder), one.project.documentRoot);
  const found = await findDispatcher(root, one.project);
  if (found === undefined) throw noDispatcher();
  return vscode.Uri.file(join(root, found));
}

async function tried(
  uri: vscode.Uri,
  { one, ...sources }: ScriptSources & { readonly one: FolderProject | undefined },
): Promise<TrialReport> {
  const environment = one?.project.runner.environment ?? {};
  const { startFault, ...report } = await preflight(uri.fsPath, { environment });
  const problems = (await problemsOf(uri, one, sources)) ?? [];
  const fault = startFault?.message ?? null;
  return { ...report, dispatcher: vscode.workspace.asRelativePath(uri), fault, problems, facts: [] };
}

function noDispatcher(): Failure {
  return new Failure(
    vscode.l10n.t(
      'There is no .fcgi file in the document root. Name it by "dispatcher" in .vscode/fastcgi.json. A site of PHP or plain files needs none: "FastCGI: Run Dispatcher Locally" shows it.',
    ),
    [
      commandWayOut(vscode.l10n.t('Run Locally'), 'fastcgi.run'),
      commandWayOut(vscode.l10n.t('New Project'), 'fastcgi.newProject'),
      commandWayOut(vscode.l10n.t('Open Project File'), 'fastcgi.openProjectFile'),
    ],
  );
}
