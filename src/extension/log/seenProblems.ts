import * as vscode from 'vscode';
import type { Incident } from '../../errorlog';
import type { Commands } from '../commands';
import { DisposableStore } from '../disposables';
import { watchFile } from '../watchFile';
import type { SiteFiles } from './siteFiles';

/** Code of our diagnostics, by which their quick fix finds them. */
const CODE = 'seen-on-server';

/** Errors that the server has met in files of the workspace, as problems in the editor: until the file is mended, or by hand. */
export class SeenProblems {
  readonly #store = new DisposableStore();
  readonly #diagnostics = this.#store.add(vscode.languages.createDiagnosticCollection('fastcgi.seen'));
  /** Newest time of what was cleared, by file: only what comes after it is shown again. */
  readonly #cleared = new Map<string, string>();
  readonly #newest = new Map<string, string>();
  readonly #watchers = new Map<string, vscode.Disposable>();

  constructor(commands: Commands) {
    this.#store.add(commands.register('fastcgi.log.clearProblems', (uri) => this.#clear(uri)));
    // A saved file is taken for mended, one that git or another program writes too; if it is not, the server will say so again.
    this.#store.add(vscode.workspace.onDidSaveTextDocument(({ uri }) => this.#clear(uri)));
    this.#store.add(
      vscode.languages.registerCodeActionsProvider(
        { scheme: 'file' },
        { provideCodeActions: (document, _range, context) => actionsFor(document, context) },
        { providedCodeActionKinds: [vscode.CodeActionKind.QuickFix] },
      ),
    );
  }

  dispose(): void {
    this.#watch(new Map());
    this.#store.dispose();
  }

  /** Shows what incidents say of the workspace's files, and where each was seen; what they no longer say goes. */
  async show(
    incidents: readonly Incident[],
    files: SiteFiles,
    whereSeen: (incident: Incident) => string,
  ): Promise<void> {
    const found = new Map<string, { uri: vscode.Uri; problems: vscode.Diagnostic[]; last: string }>();
    for (const incident of incidents) {
      if (incident.place === null || incident.severity === 'info') continue;
      const uri = await files.find(incident.place.file);
      const last = incident.last ?? '';
      if (!uri || last <= (this.#cleared.get(uri.toString()) ?? '')) continue;
      const entry = found.get(uri.toString()) ?? { uri, problems: [], last };
      entry.problems.push(diagnosticOf(incident, incident.place.line, whereSeen(incident)));
      entry.last = last > entry.last ? last : entry.last;
      found.set(uri.toString(), entry);
    }
    if (this.#store.isDisposed) return;
    this.#diagnostics.clear();
    this.#newest.clear();
    for (const [key, { uri, problems, last }] of found) {
      this.#newest.set(key, last);
      this.#diagnostics.set(uri, problems);
    }
    this.#watch(found);
  }

  /** Files without a problem are no longer watched. */
  #watch(shown: ReadonlyMap<string, { readonly uri: vscode.Uri }>): void {
    for (const [key, watcher] of this.#watchers) {
      if (shown.has(key)) continue;
      watcher.dispose();
      this.#watchers.delete(key);
    }
    for (const [key, { uri }] of shown) {
      if (this.#watchers.has(key)) continue;
      const mended = () => this.#clear(uri);
      this.#watchers.set(key, watchFile(uri, mended));
    }
  }

  #clear(argument: unknown): void {
    const uri = argument instanceof vscode.Uri ? argument : undefined;
    const keys = uri ? [uri.toString()] : [...this.#newest.keys()];
    for (const key of keys) {
      const last = this.#newest.get(key);
      if (last === undefined) continue;
      this.#cleared.set(key, last);
      this.#newest.delete(key);
      this.#diagnostics.delete(vscode.Uri.parse(key));
    }
  }
}

function diagnosticOf(incident: Incident, line: number, where: string): vscode.Diagnostic {
  const { summary, count, last, severity } = incident;
  const when = last?.slice(11, 16) ?? '';
  const seen =
    count === 1
      ? vscode.l10n.t('seen on {0} once, {1}', where, when)
      : vscode.l10n.t('seen on {0} {1} times, last {2}', where, count, when);
  const place = new vscode.Range(Math.max(0, line - 1), 0, Math.max(0, line - 1), Number.MAX_SAFE_INTEGER);
  const diagnostic = new vscode.Diagnostic(
    place,
    `${summary} (${seen})`,
    severity === 'error' ? vscode.DiagnosticSeverity.Error : vscode.DiagnosticSeverity.Warning,
  );
  diagnostic.source = vscode.l10n.t('FastCGI log');
  diagnostic.code = CODE;
  return diagnostic;
}

function actionsFor(
  document: vscode.TextDocument,
  { diagnostics }: vscode.CodeActionContext,
): vscode.CodeAction[] {
  const own = diagnostics.filter(({ code }) => code === CODE);
  if (own.length === 0) return [];
  const title = vscode.l10n.t('Clear errors that were seen on the server');
  const action = new vscode.CodeAction(title, vscode.CodeActionKind.QuickFix);
  action.diagnostics = own;
  action.command = { command: 'fastcgi.log.clearProblems', title, arguments: [document.uri] };
  return [action];
}
