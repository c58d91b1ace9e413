import * as vscode from 'vscode';
import type { UrlRow, UrlsAction } from '../../panels/urls/messages';
import { formatRequest, type WrittenRequest } from '../../urls';
import type { Evaluated } from '../../server/evaluationProtocol';
import { setContextKey, type Commands } from '../commands';
import { DisposableStore } from '../disposables';
import { noFolder } from '../failures';
import { isHtaccess } from '../languages';
import { CONTEXT_KEYS } from '../manifest';
import type { Projects } from '../projects';
import { traceWords } from '../requests/texts';
import { traceParts } from '../trace/rows';
import { appendUrlTest } from '../urlTests/append';
import { WatchDecorations } from './decorations';
import type { UrlEvaluator } from './evaluator';
import { Latest } from './latest';
import { askUrl, typedRequest, type WatchedUrl } from './watchedUrl';
import { UrlsView } from './urlsView';
import { UrlTable } from './urlTable';
import type { ShownView } from '../webviews/shownView';

export interface WatchContext {
  readonly extensionUri: vscode.Uri;
  readonly shown?: ShownView;
  readonly commands: Commands;
  readonly projects: Projects;
  readonly evaluator: UrlEvaluator;
}

/** Lines above and below the visible ones that are marked too, so that a short scroll shows no gap. */
const MARGIN = 60;

/** URLs that were watched before and are offered again. */
const MOST_EARLIER = 10;

/** Milliseconds of quiet after which the table follows; the marks follow at once. */
const TABLE_QUIET = 150;

/** "Watch a URL": what a URL meets in the rules, at the ends of their lines and in the panel, while they are being written. */
export class WatchFeature {
  readonly #context: WatchContext;
  readonly #store = new DisposableStore();
  readonly #decorations = this.#store.add(new WatchDecorations());
  readonly #item = this.#store.add(
    vscode.window.createStatusBarItem('watch', vscode.StatusBarAlignment.Left, 5),
  );
  readonly #marks = this.#store.add(new Latest(() => this.#evaluate()));
  readonly #rows = this.#store.add(new Latest(() => this.#fillTable(), TABLE_QUIET));
  readonly #table: UrlTable;
  readonly #view: UrlsView;
  #watched: WatchedUrl | undefined;
  #evaluated: Evaluated | undefined;
  #earlier: WrittenRequest[] = [];
  /** The row of the table that was chosen: the same request may stand in several. */
  #row: number | undefined;

  constructor(context: WatchContext) {
    this.#context = context;
    const { commands, evaluator } = context;
    this.#table = new UrlTable(evaluator);
    this.#view = this.#store.add(
      new UrlsView(context, {
        onShown: () => this.#onShown(),
        onSelect: (id) => this.#select(id),
        onOpen: (file, line) => void commands.guarded(() => openLine(file, line)),
        onAction: (action) => void commands.guarded(() => this.#act(action)),
      }),
    );
    this.#item.name = vscode.l10n.t('Watched URL');
    this.#item.command = 'fastcgi.watchUrl';
    this.#store.add(commands.register('fastcgi.watchUrl', (argument) => this.#ask(argument)));
    this.#store.add(commands.register('fastcgi.stopWatching', () => this.#stop()));
    this.#store.add(commands.register('fastcgi.showUrls', () => this.#focus()));
    this.#listen();
  }

  dispose(): void {
    this.#store.dispose();
  }

  #listen(): void {
    const { workspace, window } = vscode;
    const refresh = () => this.#refresh();
    this.#store.add(
      workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (contentChanges.length > 0 && concerns(document.uri)) refresh();
      }),
    );
    this.#store.add(window.onDidChangeVisibleTextEditors(refresh));
    this.#store.add(window.onDidChangeTextEditorVisibleRanges(() => this.#marks.wish()));
    this.#store.add(this.#context.evaluator.onDidStart(refresh));
    this.#store.add(this.#context.projects.onDidChange(refresh));
    const watcher = this.#store.add(workspace.createFileSystemWatcher('**/{.htaccess,*.urls}'));
    for (const event of [watcher.onDidChange, watcher.onDidCreate, watcher.onDidDelete])
      this.#store.add(event(refresh));
  }

  #onShown(): void {
    this.#fillPanel();
    this.#refresh();
  }

  #refresh(): void {
    this.#marks.wish();
    this.#rows.wish();
  }

  async #ask(argument: unknown): Promise<void> {
    await this.#context.projects.settled();
    const uri = this.#anchor();
    const folder = uri && vscode.workspace.getWorkspaceFolder(uri);
    if (!uri || !folder) throw noFolder();
    const given = typeof argument === 'string' ? typedRequest(argument) : undefined;
    const title = vscode.l10n.t('Watch a URL');
    const request = given ?? (await askUrl(folder, { title, earlier: this.#earlier }));
    if (request) this.#watch({ uri, request });
  }

  /** The document in whose folder paths begin: the one at hand, else the watched one's, else any of the first folder. */
  #anchor(): vscode.Uri | undefined {
    const active = vscode.window.activeTextEditor?.document.uri;
    if (active && vscode.workspace.getWorkspaceFolder(active)) return active;
    const folder = this.#context.projects.current()?.folder.uri;
    return this.#watched?.uri ?? (folder && vscode.Uri.joinPath(folder, '.htaccess'));
  }

  #watch(watched: WatchedUrl): void {
    const label = formatRequest(watched.request);
    this.#earlier = [watched.request, ...this.#earlier.filter((one) => formatRequest(one) !== label)].slice(
      0,
      MOST_EARLIER,
    );
    this.#watched = watched;
    setContextKey(CONTEXT_KEYS.watching, true);
    this.#refresh();
  }

  #stop(): void {
    this.#watched = undefined;
    this.#evaluated = undefined;
    setContextKey(CONTEXT_KEYS.watching, false);
    this.#item.hide();
    for (const editor of vscode.window.visibleTextEditors) this.#decorations.clear(editor);
    this.#fillPanel();
  }

  async #evaluate(): Promise<void> {
    const watched = this.#watched;
    if (!watched) return;
    const editors = vscode.window.visibleTextEditors.filter(({ document }) => isHtaccess(document));
    const evaluated = await this.#context.evaluator.evaluate({
      uri: watched.uri.toString(),
      request: plainRequest(watched.request),
      marks: editors.map(rangeOf),
      trace: this.#view.isShown,
    });
    if (this.#watched !== watched) return;
    this.#evaluated = evaluated;
    if (!evaluated) return;
    const text = `⇒ ${formatRequest(watched.request)} → ${evaluated.outcome}`;
    for (const [at, editor] of editors.entries())
      this.#decorations.show(editor, evaluated.marks[at] ?? [], { tone: evaluated.tone, text });
    this.#showItem(watched, evaluated);
    this.#fillPanel();
  }

  #showItem(watched: WatchedUrl, { outcome, tone }: Evaluated): void {
    const icon = tone === 'error' ? '$(error)' : '$(eye)';
    this.#item.text = `${icon} ${shortened(formatRequest(watched.request))} → ${shortened(outcome)}`;
    this.#item.tooltip = `${formatRequest(watched.request)}\n→ ${outcome}`;
    this.#item.show();
  }

  /** The table costs an evaluation for each URL: it is made only for who looks at it. */
  async #fillTable(): Promise<void> {
    if (!this.#view.isShown) return;
    const anchor = this.#anchor();
    const folder = anchor && vscode.workspace.getWorkspaceFolder(anchor);
    try {
      if (folder) await this.#table.fill(folder);
    } finally {
      this.#fillPanel();
    }
  }

  #fillPanel(): void {
    if (!this.#view.isShown) return;
    const watched = this.#watched;
    const evaluated = this.#evaluated;
    const label = watched && formatRequest(watched.request);
    const own = watched && evaluated && this.#ownRow(label ?? '', evaluated);
    const rows = [...(own ? [own] : []), ...this.#table.rows];
    this.#view.show({
      rows,
      more: this.#table.more,
      watched: watchedRow(rows, label, this.#row),
      heading: label && evaluated ? `${label} → ${evaluated.outcome}` : '',
      tone: evaluated?.tone,
      parts: evaluated?.trace
        ? traceParts(evaluated.trace, { placeOf: placesIn(evaluated), words: traceWords() })
        : [],
    });
  }

  /** A watched URL that is in no file is listed as well. */
  #ownRow(request: string, { outcome, tone }: Evaluated): UrlRow | undefined {
    return this.#table.rows.some((row) => row.request === request)
      ? undefined
      : { id: OWN_ROW, request, outcome, tone };
  }

  #select(id: number): void {
    const chosen = this.#table.requestOf(id);
    this.#row = id;
    if (chosen) this.#watch(chosen);
  }

  async #act(action: UrlsAction): Promise<void> {
    if (action === 'watch') await this.#ask(undefined);
    else if (action === 'stop') this.#stop();
    else if (this.#watched && this.#evaluated) await appendUrlTest(this.#watched, this.#evaluated);
  }

  async #focus(): Promise<void> {
    await vscode.commands.executeCommand('fastcgi.urls.focus');
  }
}

const OWN_ROW = -1;

/** The chosen row as long as it has this request, else the first one that has it. */
function watchedRow(rows: readonly UrlRow[], request: string | undefined, chosen?: number): number | null {
  const same = rows.filter((row) => row.request === request);
  return (same.find(({ id }) => id === chosen) ?? same[0])?.id ?? null;
}

const SHORT = 40;

function shortened(text: string): string {
  return text.length > SHORT ? `${text.slice(0, SHORT)}…` : text;
}

function concerns(uri: vscode.Uri): boolean {
  return /(?:\.htaccess|\.urls)$/.test(uri.path);
}

/** A case of a file is more than its request; the server is told no more than it needs. */
function plainRequest({ method, url, headers }: WrittenRequest): WrittenRequest {
  return { method, url, headers };
}

function rangeOf(editor: vscode.TextEditor): { uri: string; first: number; last: number } {
  const lines = editor.visibleRanges.flatMap(({ start, end }) => [start.line, end.line]);
  return {
    uri: editor.document.uri.toString(),
    first: Math.min(...lines, editor.document.lineCount) + 1 - MARGIN,
    last: Math.max(...lines, 0) + 1 + MARGIN,
  };
}

function placesIn({ files }: Evaluated) {
  return (file: string, line: number) => {
    const uri = files[file];
    if (uri === undefined) return undefined;
    const label = `${vscode.workspace.asRelativePath(vscode.Uri.parse(uri), false)}:${line}`;
    return { label, file: uri, line };
  };
}

async function openLine(file: string, line: number): Promise<void> {
  const uri = vscode.Uri.parse(file, true);
  if (!vscode.workspace.getWorkspaceFolder(uri)) return;
  const at = new vscode.Position(Math.max(0, line - 1), 0);
  await vscode.window.showTextDocument(uri, { selection: new vscode.Range(at, at) });
}
