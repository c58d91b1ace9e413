import * as vscode from 'vscode';
import { parseUrls } from '../../urls';
import type { UrlTestResult } from '../../server/evaluationProtocol';
import { DisposableStore } from '../disposables';
import { findFiles } from '../findFiles';
import type { UrlEvaluator } from '../watch/evaluator';
import { casesOf, type UrlsFile } from '../watch/urlFiles';
import { RuleFileCoverage } from './coverage';

/** Asks the real site for the URLs of a file; the answers by line, or why there are none. */
export type AskLive = (
  file: UrlsFile,
  lines: readonly number[],
  token: vscode.CancellationToken,
) => Promise<LiveAnswers>;

/** What the real site answered. */
export interface LiveAnswers {
  readonly live: NonNullable<Parameters<UrlEvaluator['runTests']>[0]['live']>;
  /** By one-based line: why nothing was sent, or nothing came. */
  readonly silent: ReadonlyMap<number, { readonly why: string; readonly isFailure: boolean }>;
}

export interface UrlTestsContext {
  readonly evaluator: UrlEvaluator;
  /** Absent where no site can be asked, as in a browser. */
  readonly askLive?: AskLive;
}

/** Files beyond which no more are listed. */
const MOST_FILES = 2000;

type Mode = 'run' | 'coverage' | 'live';

/** The `*.urls` files in the Test Explorer: each line a test, run without a server, with coverage of the rules, or against the real site. */
export class UrlTests {
  readonly #context: UrlTestsContext;
  readonly #store = new DisposableStore();
  readonly #diagnostics = this.#store.add(vscode.languages.createDiagnosticCollection('fastcgi.urls'));
  readonly #controller = this.#store.add(
    vscode.tests.createTestController('fastcgi.urls', vscode.l10n.t('URL Tests')),
  );

  constructor(context: UrlTestsContext) {
    this.#context = context;
    this.#controller.resolveHandler = async (item) => {
      if (item) await this.#resolve(item);
      else await this.#discover();
    };
    this.#controller.refreshHandler = () => this.#discover();
    this.#addProfiles();
    this.#watch();
    void this.#discover();
  }

  dispose(): void {
    this.#store.dispose();
  }

  #addProfiles(): void {
    const { Run, Coverage } = vscode.TestRunProfileKind;
    const add = (name: string, kind: vscode.TestRunProfileKind, mode: Mode) => {
      const run = (request: vscode.TestRunRequest, token: vscode.CancellationToken) =>
        this.#run(request, mode, token);
      const isDefault = mode !== 'live';
      const profile = this.#controller.createRunProfile(
        name,
        kind,
        run,
        isDefault,
        undefined,
        mode === 'run',
      );
      if (mode === 'coverage') {
        profile.loadDetailedCoverage = (_run, coverage) =>
          Promise.resolve(coverage instanceof RuleFileCoverage ? [...coverage.details] : []);
      }
      return this.#store.add(profile);
    };
    add(vscode.l10n.t('Run without a server'), Run, 'run');
    add(vscode.l10n.t('Which rules the tests reach'), Coverage, 'coverage');
    if (this.#context.askLive) add(vscode.l10n.t('Compare with the real site'), Run, 'live');
  }

  #watch(): void {
    const watcher = this.#store.add(vscode.workspace.createFileSystemWatcher('**/*.urls'));
    this.#store.add(watcher.onDidCreate((uri) => void this.#resolve(this.#itemOf(uri))));
    this.#store.add(watcher.onDidChange((uri) => void this.#resolve(this.#itemOf(uri))));
    this.#store.add(watcher.onDidDelete((uri) => this.#forget(uri)));
    this.#store.add(vscode.workspace.onDidChangeWorkspaceFolders(() => this.#otherFolders()));
    this.#store.add(
      vscode.workspace.onDidChangeTextDocument(({ document }) => {
        if (document.uri.path.endsWith('.urls')) void this.#resolve(this.#itemOf(document.uri));
      }),
    );
  }

  #otherFolders(): void {
    for (const [, { uri }] of this.#controller.items)
      if (uri && !vscode.workspace.getWorkspaceFolder(uri)) this.#forget(uri);
    void this.#discover();
  }

  #forget(uri: vscode.Uri): void {
    this.#controller.items.delete(uri.toString());
    this.#diagnostics.delete(uri);
  }

  async #discover(): Promise<void> {
    const uris = await findFiles({ endings: ['urls'], most: MOST_FILES });
    await Promise.all(uris.map((uri) => this.#resolve(this.#itemOf(uri))));
  }

  #itemOf(uri: vscode.Uri): vscode.TestItem {
    const known = this.#controller.items.get(uri.toString());
    if (known) return known;
    const item = this.#controller.createTestItem(
      uri.toString(),
      vscode.workspace.asRelativePath(uri, false),
      uri,
    );
    item.canResolveChildren = true;
    this.#controller.items.add(item);
    return item;
  }

  async #resolve(item: vscode.TestItem): Promise<UrlsFile | undefined> {
    const file = await fileOf(item);
    if (!file) return undefined;
    const seen = new Map<string, number>();
    const children = casesOf(file).map(({ written, label }) => {
      // The same request may stand twice; its place among its equals tells them apart when lines move.
      const count = (seen.get(label) ?? 0) + 1;
      seen.set(label, count);
      const child = this.#controller.createTestItem(`${label} #${count}`, label, file.uri);
      child.range = new vscode.Range(written.line - 1, 0, written.line - 1, written.end - written.start);
      child.sortText = String(written.line).padStart(8, '0');
      return child;
    });
    item.children.replace(children);
    this.#diagnostics.set(file.uri, problemsOf(file));
    return file;
  }

  async #run(request: vscode.TestRunRequest, mode: Mode, token: vscode.CancellationToken): Promise<void> {
    if (request.continuous) return this.#runOnSave(request, mode, token);
    const run = this.#controller.createTestRun(request);
    try {
      for (const [item, wanted] of await this.#wanted(request)) {
        if (token.isCancellationRequested) break;
        await this.#runFile({ run, item, wanted, mode, token });
      }
    } finally {
      run.end();
    }
  }

  /** Continuous run: after every save of a `*.urls` file or a `.htaccess`. */
  #runOnSave(request: vscode.TestRunRequest, mode: Mode, token: vscode.CancellationToken): void {
    const again = () =>
      void this.#run(
        new vscode.TestRunRequest(request.include, request.exclude, request.profile),
        mode,
        token,
      );
    const saved = vscode.workspace.onDidSaveTextDocument(({ uri }) => {
      if (/(?:\.urls|\.htaccess|fastcgi\.json)$/.test(uri.path)) again();
    });
    token.onCancellationRequested(() => saved.dispose());
    again();
  }

  /** The files with the tests that are wanted of each, as they are now. */
  async #wanted({
    include,
    exclude = [],
  }: vscode.TestRunRequest): Promise<Map<vscode.TestItem, readonly vscode.TestItem[]>> {
    const files = new Map<vscode.TestItem, vscode.TestItem[]>();
    const roots = include ?? Array.from(this.#controller.items, ([, item]) => item);
    for (const root of roots) {
      const file = root.parent ?? root;
      if (!root.parent) await this.#resolve(root);
      const tests = root.parent ? [root] : Array.from(root.children, ([, child]) => child);
      const chosen = tests.filter((test) => !exclude.includes(test) && !exclude.includes(file));
      files.set(file, [...(files.get(file) ?? []), ...chosen]);
    }
    return files;
  }

  async #runFile(job: {
    readonly run: vscode.TestRun;
    readonly item: vscode.TestItem;
    readonly wanted: readonly vscode.TestItem[];
    readonly mode: Mode;
    readonly token: vscode.CancellationToken;
  }): Promise<void> {
    const { run, item, wanted, mode, token } = job;
    const file = await fileOf(item);
    if (!file) return;
    for (const test of wanted) run.started(test);
    const lines = wanted.map((test) => (test.range?.start.line ?? 0) + 1);
    const { askLive } = this.#context;
    const answers = mode === 'live' && askLive ? await askLive(file, lines, token) : undefined;
    const params = { uri: file.uri.toString(), text: file.text, lines, coverage: mode === 'coverage' };
    const result = await this.#context.evaluator.runTests(
      answers ? { ...params, live: answers.live } : params,
      token,
    );
    if (token.isCancellationRequested) return;
    const byLine = new Map(result?.results.map((one) => [one.line, one]));
    for (const [at, test] of wanted.entries()) {
      const line = lines[at] ?? 0;
      report({ run, test, result: byLine.get(line), silent: answers?.silent.get(line) });
    }
    for (const one of result?.coverage ?? []) run.addCoverage(new RuleFileCoverage(one));
  }
}

/** Lines that are no test. */
function problemsOf({ text }: UrlsFile): vscode.Diagnostic[] {
  return parseUrls(text).problems.map(({ line, column, start, end, message }) => {
    const from = new vscode.Position(line - 1, column - 1);
    const range = new vscode.Range(from, from.translate(0, end - start));
    const diagnostic = new vscode.Diagnostic(range, message);
    diagnostic.source = 'fastcgi';
    return diagnostic;
  });
}

async function fileOf(item: vscode.TestItem): Promise<UrlsFile | undefined> {
  if (!item.uri) return undefined;
  try {
    const document = await vscode.workspace.openTextDocument(item.uri);
    return { uri: item.uri, text: document.getText() };
  } catch {
    // It went away since it was found.
    return undefined;
  }
}

function report(outcome: {
  readonly run: vscode.TestRun;
  readonly test: vscode.TestItem;
  readonly result: UrlTestResult | undefined;
  readonly silent: { readonly why: string; readonly isFailure: boolean } | undefined;
}): void {
  const { run, test, result, silent } = outcome;
  if (!result) {
    const message = vscode.l10n.t('The language server does not run, or the file is in no open folder.');
    return run.errored(test, new vscode.TestMessage(message));
  }
  if (silent && !silent.isFailure) {
    run.appendOutput(`${test.label}: ${silent.why}\r\n`, undefined, test);
    return run.skipped(test);
  }
  const untold =
    result.unchecked.length === 0
      ? ''
      : ` (${vscode.l10n.t('only the program knows: {0}', result.unchecked.join(', '))})`;
  run.appendOutput(`${test.label} → ${result.actual}${untold}\r\n`, undefined, test);
  const messages = messagesOf(test, result, silent?.why);
  if (messages.length === 0) run.passed(test);
  else run.failed(test, messages);
}

function messagesOf(test: vscode.TestItem, result: UrlTestResult, silence?: string): vscode.TestMessage[] {
  const own = result.ok ? [] : [messageOf(result)];
  const live = (result.live ?? []).map(
    (text) => new vscode.TestMessage(vscode.l10n.t('The real site differs: {0}', text)),
  );
  const silent =
    silence === undefined ? [] : [new vscode.TestMessage(vscode.l10n.t('The real site: {0}', silence))];
  const messages = [...own, ...live, ...silent];
  if (test.uri && test.range)
    for (const message of messages) message.location = new vscode.Location(test.uri, test.range);
  return messages;
}

/** What is otherwise, and the line that made it so. */
function messageOf({ differences, expected, actual, decisive }: UrlTestResult): vscode.TestMessage {
  const place =
    decisive && `${vscode.workspace.asRelativePath(vscode.Uri.parse(decisive.uri), false)}:${decisive.line}`;
  const by = place === undefined ? '' : `\n${vscode.l10n.t('Decided by {0}', place)}`;
  const message = vscode.TestMessage.diff(differences.join('\n') + by, expected, actual);
  return message;
}
