import * as vscode from 'vscode';
import type { FileCoverage } from '../../server/evaluationProtocol';
import { readSetting } from '../commands';
import { DisposableStore } from '../disposables';
import { LANGUAGES } from '../manifest';
import type { UrlEvaluator } from './evaluator';
import { urlFilesOf } from './urlFiles';

/** Rules of a file beyond which counts over each would be noise. */
const MOST_RULES = 100;

/** Above each rule: how many of the URL tests it acts upon; above the first one, a way to watch a URL. */
export class RuleLenses implements vscode.CodeLensProvider {
  readonly #store = new DisposableStore();
  readonly #changed = this.#store.add(new vscode.EventEmitter<void>());
  readonly #evaluator: UrlEvaluator;
  readonly onDidChangeCodeLenses = this.#changed.event;

  constructor(evaluator: UrlEvaluator) {
    this.#evaluator = evaluator;
    const languages = [LANGUAGES.htaccess, LANGUAGES.apacheconf].map((language) => ({ language }));
    this.#store.add(vscode.languages.registerCodeLensProvider(languages, this));
    const refresh = () => this.#changed.fire();
    this.#store.add(evaluator.onDidStart(refresh));
    const watcher = this.#store.add(vscode.workspace.createFileSystemWatcher('**/{.htaccess,*.urls}'));
    for (const event of [watcher.onDidChange, watcher.onDidCreate, watcher.onDidDelete])
      this.#store.add(event(refresh));
    this.#store.add(
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration('htaccess.codeLens')) refresh();
      }),
    );
  }

  async provideCodeLenses(
    document: vscode.TextDocument,
    token: vscode.CancellationToken,
  ): Promise<vscode.CodeLens[]> {
    const folder = vscode.workspace.getWorkspaceFolder(document.uri);
    if (!folder || !readSetting('htaccess.codeLens', document.uri)) return [];
    const { lines, total } = await this.#counts(document.uri, folder, token);
    if (lines.length === 0) return [];
    const [first] = lines;
    const watch = lensAt(first?.first ?? 1, {
      title: vscode.l10n.t('$(eye) Watch a URL'),
      command: 'fastcgi.watchUrl',
    });
    if (total === 0 || lines.length > MOST_RULES) return [watch];
    const counts = lines.map(({ first: line, count }) =>
      lensAt(line, { title: titleOf(count, total), command: 'fastcgi.showUrls' }),
    );
    return [watch, ...counts];
  }

  dispose(): void {
    this.#store.dispose();
  }

  /** The rules of a file with the number of tests that each acts upon, over all `*.urls` files of the folder. */
  async #counts(
    uri: vscode.Uri,
    folder: vscode.WorkspaceFolder,
    token: vscode.CancellationToken,
  ): Promise<{ lines: FileCoverage['lines']; total: number }> {
    let lines: FileCoverage['lines'] = [];
    let total = 0;
    const files = await urlFilesOf(folder);
    for (const file of files.length > 0 ? files : [{ uri, text: '' }]) {
      if (token.isCancellationRequested) break;
      const params = { uri: file.uri.toString(), text: file.text, coverage: true };
      const result = await this.#evaluator.runTests(params, token);
      total += result?.results.length ?? 0;
      const own = result?.coverage.find((one) => vscode.Uri.parse(one.uri).toString() === uri.toString());
      if (own) lines = lines.length === 0 ? own.lines : added(lines, own.lines);
    }
    return { lines, total };
  }
}

function added(one: FileCoverage['lines'], other: FileCoverage['lines']): FileCoverage['lines'] {
  return one.map((line, at) => ({ ...line, count: line.count + (other[at]?.count ?? 0) }));
}

function titleOf(count: number, total: number): string {
  if (count === 0) return vscode.l10n.t('no URL test gets here');
  return vscode.l10n.t('{0} of {1} URL tests pass through', count, total);
}

function lensAt(line: number, command: vscode.Command): vscode.CodeLens {
  return new vscode.CodeLens(new vscode.Range(line - 1, 0, line - 1, 0), command);
}
