import * as vscode from 'vscode';
import { hostProfile } from '../../apache/host';
import type { DispatcherFix, DispatcherProblem } from '../../dispatcher';
import { readSetting, type Commands } from '../commands';
import { DisposableStore } from '../disposables';
import { Failure } from '../failures';
import { findFiles } from '../findFiles';
import type { DiskTools } from '../diskTools';
import type { Projects } from '../projects';
import type { ProgramsThere } from '../targets/programsThere';
import { HIDDEN_MARK, hiddenMarkIn, HTACCESS_PATTERN, isHtaccess } from './hiddenMark';
import { repair, titleOf } from './repair';
import { isScript, problemsOf, SCRIPT_ENDINGS, SCRIPT_PATTERN } from './scripts';

/** Milliseconds without a keystroke after which a script is checked again. */
const QUIET = 200;
/** Scripts of a workspace that are looked at although they are not open. */
const MOST_FILES = 500;
/** Files that are looked at side by side. */
const AT_ONCE = 4;

/** The key of the one timer that is about no single file. */
const EVERY_FILE = '';

/** What a machine and its servers add; a browser has none of it. */
export interface GuardTools {
  readonly disk?: DiskTools;
  readonly programsThere?: ProgramsThere;
}

/** Where a quick fix goes. */
interface Repair {
  readonly uri: vscode.Uri;
  readonly fix: DispatcherFix;
}

/**
 * Watches over the bytes that an editor does not show: of `.fcgi` and `.cgi` files, which it also saves with LF, and of `.htaccess` files.
 * Shows why the server would refuse them, and mends them.
 */
export class FileGuard {
  readonly #store = new DisposableStore();
  readonly #diagnostics = this.#store.add(vscode.languages.createDiagnosticCollection('fastcgi.script'));
  readonly #problems = new Map<string, readonly DispatcherProblem[]>();
  readonly #timers = new Map<string, ReturnType<typeof setTimeout>>();

  readonly #projects: Projects;
  readonly #tools: GuardTools;

  /** Without tools nothing is said of what only a machine or a server knows. */
  constructor(commands: Commands, projects: Projects, tools: GuardTools = {}) {
    this.#projects = projects;
    this.#tools = tools;
    this.#registerCommands(commands);
    this.#listen();
    this.#store.add(
      vscode.languages.registerCodeActionsProvider(
        [{ pattern: SCRIPT_PATTERN }, { pattern: HTACCESS_PATTERN }],
        { provideCodeActions: (document, range) => this.#actions(document, range) },
        { providedCodeActionKinds: [vscode.CodeActionKind.QuickFix] },
      ),
    );
    this.#checkAll();
  }

  dispose(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
    this.#store.dispose();
  }

  #registerCommands(commands: Commands): void {
    const toLf: DispatcherFix = { kind: 'to-lf', title: '' };
    const withoutMark: DispatcherFix = { kind: 'without-bom', title: '' };
    this.#store.add(commands.register('fastcgi.convertToLf', () => repair(activeScript(), toLf)));
    this.#store.add(
      commands.register('fastcgi.removeByteOrderMark', () => repair(activeFile(), withoutMark)),
    );
    this.#store.add(commands.register('fastcgi.repairScript', (argument) => this.#repair(argument)));
  }

  #listen(): void {
    const { workspace } = vscode;
    this.#store.add(workspace.onDidOpenTextDocument(({ uri }) => this.#checkSoon(uri, 0)));
    this.#store.add(workspace.onDidSaveTextDocument(({ uri }) => this.#checkSoon(uri, 0)));
    this.#store.add(
      workspace.onDidChangeTextDocument(({ document }) => this.#checkSoon(document.uri, QUIET)),
    );
    this.#store.add(workspace.onDidCloseTextDocument(({ uri }) => this.#onClose(uri)));
    this.#store.add(workspace.onWillSaveTextDocument((event) => writeLf(event)));
    for (const pattern of [SCRIPT_PATTERN, HTACCESS_PATTERN]) {
      const watcher = this.#store.add(workspace.createFileSystemWatcher(pattern));
      this.#store.add(watcher.onDidChange((uri) => this.#checkSoon(uri, 0)));
      this.#store.add(watcher.onDidCreate((uri) => this.#checkSoon(uri, 0)));
      this.#store.add(watcher.onDidDelete((uri) => this.#checkSoon(uri, 0)));
    }
    // What a module, a rule or git's attributes are, matters to every script.
    const around = this.#store.add(workspace.createFileSystemWatcher('**/{.htaccess,.gitattributes}'));
    for (const event of [around.onDidChange, around.onDidCreate, around.onDidDelete])
      this.#store.add(event(() => this.#checkAll()));
    this.#store.add(workspace.onDidGrantWorkspaceTrust(() => this.#checkAll()));
    this.#store.add(this.#projects.onDidChange(() => this.#checkAll()));
    const { programsThere } = this.#tools;
    if (programsThere) this.#store.add(programsThere.onDidChange(() => this.#checkAll()));
  }

  #checkAll(): void {
    for (const { uri } of vscode.workspace.textDocuments) this.#checkSoon(uri, 0);
    clearTimeout(this.#timers.get(EVERY_FILE));
    this.#timers.set(
      EVERY_FILE,
      setTimeout(() => void this.#checkClosed(), QUIET),
    );
  }

  /** Scripts that nobody has open: they are uploaded all the same. */
  async #checkClosed(): Promise<void> {
    const files = await findFiles({ endings: SCRIPT_ENDINGS, most: MOST_FILES });
    const queue = files.filter((uri) => !openDocument(uri));
    const work = async (): Promise<void> => {
      for (let uri = queue.pop(); uri && !this.#store.isDisposed; uri = queue.pop()) await this.#check(uri);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
  }

  #checkSoon(uri: vscode.Uri, milliseconds: number): void {
    const isOfInterest = isScript(uri)
      ? openDocument(uri) || isOfSite(uri)
      : isHtaccess(uri) && openDocument(uri);
    if (!isOfInterest || this.#store.isDisposed) return;
    const key = uri.toString();
    clearTimeout(this.#timers.get(key));
    this.#timers.set(
      key,
      setTimeout(() => void this.#check(uri), milliseconds),
    );
  }

  async #check(uri: vscode.Uri): Promise<void> {
    const version = openDocument(uri)?.version;
    const problems = await this.#problemsOf(uri);
    // A newer text has its own check under way.
    if (this.#store.isDisposed || openDocument(uri)?.version !== version) return;
    if (problems === undefined) return this.#forget(uri);
    this.#problems.set(uri.toString(), problems);
    this.#diagnostics.set(uri, problems.map(diagnosticOf));
  }

  async #problemsOf(uri: vscode.Uri): Promise<readonly DispatcherProblem[] | undefined> {
    const project = this.#projects.current(uri);
    if (isScript(uri)) return problemsOf(uri, project, this.#tools);
    const document = openDocument(uri);
    return document && hiddenMarkIn(document, project?.project.host ?? hostProfile());
  }

  /** A script of the site is looked at as the file that it now is. */
  #onClose(uri: vscode.Uri): void {
    if (isScript(uri) && isOfSite(uri)) this.#checkSoon(uri, 0);
    else this.#forget(uri);
  }

  #forget(uri: vscode.Uri): void {
    clearTimeout(this.#timers.get(uri.toString()));
    this.#timers.delete(uri.toString());
    this.#problems.delete(uri.toString());
    this.#diagnostics.delete(uri);
  }

  #actions(document: vscode.TextDocument, range: vscode.Range): vscode.CodeAction[] {
    const problems = this.#problems.get(document.uri.toString()) ?? [];
    return problems.flatMap((problem) => {
      const diagnostic = diagnosticOf(problem);
      const near =
        range.start.line <= diagnostic.range.end.line && range.end.line >= diagnostic.range.start.line;
      if (!problem.fix || !near) return [];
      const action = actionOf(document.uri, problem.fix, diagnostic);
      return problem.fix.kind === 'to-lf' ? [action, keepLfAction(document.uri, diagnostic)] : [action];
    });
  }

  async #repair(argument: unknown): Promise<void> {
    if (!isRepair(argument)) throw new Failure(vscode.l10n.t('There is nothing to repair.'));
    const document = await vscode.workspace.openTextDocument(argument.uri);
    await repair(document, argument.fix, this.#tools);
    this.#checkSoon(document.uri, 0);
  }
}

/** VS Code itself writes LF, in the same save. */
function writeLf(event: vscode.TextDocumentWillSaveEvent): void {
  const { document } = event;
  if (!isScript(document.uri) || document.eol === vscode.EndOfLine.LF) return;
  if (!readSetting('fastcgi.guard.lfOnSave', document.uri)) return;
  event.waitUntil(Promise.resolve([vscode.TextEdit.setEndOfLine(vscode.EndOfLine.LF)]));
}

function openDocument(uri: vscode.Uri): vscode.TextDocument | undefined {
  return vscode.workspace.textDocuments.find((one) => one.uri.toString() === uri.toString());
}

/** Inside a workspace folder, and not of an installed package. */
function isOfSite(uri: vscode.Uri): boolean {
  return (
    vscode.workspace.getWorkspaceFolder(uri) !== undefined &&
    !/\/(?:node_modules|\.git|\.venv|venv|__pycache__)\//.test(uri.path)
  );
}

function isGuarded(document: vscode.TextDocument): boolean {
  return isScript(document.uri) || isHtaccess(document.uri);
}

function activeScript(): vscode.TextDocument {
  const document = vscode.window.activeTextEditor?.document;
  if (document && isScript(document.uri)) return document;
  throw new Failure(vscode.l10n.t('Open a .fcgi or .cgi file first.'));
}

function activeFile(): vscode.TextDocument {
  const document = vscode.window.activeTextEditor?.document;
  if (document && isGuarded(document)) return document;
  throw new Failure(vscode.l10n.t('Open a .fcgi, .cgi or .htaccess file first.'));
}

const SEVERITIES = {
  error: vscode.DiagnosticSeverity.Error,
  warning: vscode.DiagnosticSeverity.Warning,
  information: vscode.DiagnosticSeverity.Information,
};

function diagnosticOf({ code, severity, message, range }: DispatcherProblem): vscode.Diagnostic {
  const { start, end } = range;
  const diagnostic = new vscode.Diagnostic(
    new vscode.Range(start.line, start.character, end.line, Math.max(end.character, start.character + 1)),
    message,
    SEVERITIES[severity],
  );
  diagnostic.source = code === HIDDEN_MARK ? 'Apache' : 'FastCGI';
  diagnostic.code = code;
  return diagnostic;
}

function actionOf(uri: vscode.Uri, fix: DispatcherFix, diagnostic: vscode.Diagnostic): vscode.CodeAction {
  const title = titleOf(fix);
  const action = new vscode.CodeAction(title, vscode.CodeActionKind.QuickFix);
  action.isPreferred = true;
  action.diagnostics = [diagnostic];
  const argument: Repair = { uri, fix };
  action.command = { command: 'fastcgi.repairScript', title, arguments: [argument] };
  return action;
}

/** A second way out of Windows line endings: they shall not come back. */
function keepLfAction(uri: vscode.Uri, diagnostic: vscode.Diagnostic): vscode.CodeAction {
  const action = actionOf(uri, { kind: 'keep-lf', title: '' }, diagnostic);
  action.isPreferred = false;
  return action;
}

function isRepair(value: unknown): value is Repair {
  return (
    typeof value === 'object' &&
    value !== null &&
    'uri' in value &&
    value.uri instanceof vscode.Uri &&
    'fix' in value
  );
}
