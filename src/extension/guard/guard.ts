import * as vscode from 'vscode';
import { hostProfile, type HostProfile } from '../../apache/host';
import type { DispatcherFix, DispatcherProblem } from '../../dispatcher';
import { readSetting, type Commands } from '../commands';
import { DisposableStore } from '../disposables';
import { Failure } from '../failures';
import type { Projects } from '../projects';
import { HIDDEN_MARK, hiddenMarkIn, HTACCESS_PATTERN, isHtaccess } from './hiddenMark';
import { repair } from './repair';
import { isScript, problemsOf, SCRIPT_PATTERN } from './scripts';

/** Milliseconds without a keystroke after which a script is checked again. */
const QUIET = 200;

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

  constructor(commands: Commands, projects: Projects) {
    this.#projects = projects;
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
    this.#store.add(workspace.onDidOpenTextDocument((document) => this.#checkSoon(document, 0)));
    this.#store.add(workspace.onDidSaveTextDocument((document) => this.#checkSoon(document, 0)));
    this.#store.add(workspace.onDidChangeTextDocument(({ document }) => this.#checkSoon(document, QUIET)));
    this.#store.add(workspace.onDidCloseTextDocument((document) => this.#forget(document.uri)));
    this.#store.add(workspace.onWillSaveTextDocument((event) => writeLf(event)));
    for (const pattern of [SCRIPT_PATTERN, HTACCESS_PATTERN]) {
      const watcher = this.#store.add(workspace.createFileSystemWatcher(pattern));
      this.#store.add(watcher.onDidChange((uri) => this.#checkFile(uri)));
    }
    this.#store.add(this.#projects.onDidChange(() => this.#checkAll()));
  }

  #checkAll(): void {
    for (const document of vscode.workspace.textDocuments) this.#checkSoon(document, 0);
  }

  #checkFile(uri: vscode.Uri): void {
    const open = vscode.workspace.textDocuments.find((one) => one.uri.toString() === uri.toString());
    if (open) this.#checkSoon(open, 0);
  }

  #checkSoon(document: vscode.TextDocument, milliseconds: number): void {
    if (!isGuarded(document) || this.#store.isDisposed) return;
    const key = document.uri.toString();
    clearTimeout(this.#timers.get(key));
    this.#timers.set(
      key,
      setTimeout(() => void this.#check(document), milliseconds),
    );
  }

  async #check(document: vscode.TextDocument): Promise<void> {
    const version = document.version;
    const problems = await (isScript(document)
      ? problemsOf(document)
      : hiddenMarkIn(document, this.#hostOf(document)));
    // A newer text has its own check under way.
    if (this.#store.isDisposed || document.isClosed || document.version !== version) return;
    this.#problems.set(document.uri.toString(), problems);
    this.#diagnostics.set(document.uri, problems.map(diagnosticOf));
  }

  #hostOf({ uri }: vscode.TextDocument): HostProfile {
    return this.#projects.current(uri)?.project.host ?? hostProfile();
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
      return problem.fix && near ? [actionOf(document.uri, problem.fix, diagnostic)] : [];
    });
  }

  async #repair(argument: unknown): Promise<void> {
    if (!isRepair(argument)) throw new Failure(vscode.l10n.t('There is nothing to repair.'));
    const document = await vscode.workspace.openTextDocument(argument.uri);
    await repair(document, argument.fix);
    this.#checkSoon(document, 0);
  }
}

/** VS Code itself writes LF, in the same save. */
function writeLf(event: vscode.TextDocumentWillSaveEvent): void {
  const { document } = event;
  if (!isScript(document) || document.eol === vscode.EndOfLine.LF) return;
  if (!readSetting('fastcgi.guard.lfOnSave', document.uri)) return;
  event.waitUntil(Promise.resolve([vscode.TextEdit.setEndOfLine(vscode.EndOfLine.LF)]));
}

function isGuarded(document: vscode.TextDocument): boolean {
  return isScript(document) || isHtaccess(document);
}

function activeScript(): vscode.TextDocument {
  const document = vscode.window.activeTextEditor?.document;
  if (document && isScript(document)) return document;
  throw new Failure(vscode.l10n.t('Open a .fcgi or .cgi file first.'));
}

function activeFile(): vscode.TextDocument {
  const document = vscode.window.activeTextEditor?.document;
  if (document && isGuarded(document)) return document;
  throw new Failure(vscode.l10n.t('Open a .fcgi, .cgi or .htaccess file first.'));
}

function diagnosticOf({ code, severity, message, range }: DispatcherProblem): vscode.Diagnostic {
  const { start, end } = range;
  const diagnostic = new vscode.Diagnostic(
    new vscode.Range(start.line, start.character, end.line, Math.max(end.character, start.character + 1)),
    message,
    severity === 'error' ? vscode.DiagnosticSeverity.Error : vscode.DiagnosticSeverity.Warning,
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

function titleOf(fix: DispatcherFix): string {
  if (fix.kind === 'to-lf') return vscode.l10n.t('Convert to LF');
  if (fix.kind === 'without-bom') return vscode.l10n.t('Remove the byte order mark');
  return fix.title;
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
