import * as fs from 'node:fs';
import type { Socket } from 'node:net';
import * as vscode from 'vscode';
import type {
  RequestAction,
  RequestDetail,
  RequestRow,
  RequestsStatus,
} from '../../panels/requests/messages';
import type { RequestRecord, RunnerEvent } from '../../runner';
import type { Commands } from '../commands';
import { DisposableStore } from '../disposables';
import { commandWayOut, Failure, requireTrust } from '../failures';
import { VIEWS } from '../manifest';
import { openLine } from '../localFailures';
import type { RunnerFeature } from '../runner';
import { curlCommand } from './curl';
import { detailOf, rowOf, ruleOf, type DescribeContext } from './describe';
import { bareRecord, RequestHistory } from './history';
import { recordTest } from './recordTest';
import { RequestsView } from './requestsView';
import { resend } from './resend';
import { requestWords } from './texts';
import type { ShownView } from '../webviews/shownView';

export interface RequestsContext {
  readonly extensionUri: vscode.Uri;
  readonly shown?: ShownView;
  readonly commands: Commands;
  readonly runner: RunnerFeature;
}

/** Milliseconds for which rows are collected before they are sent to the panel. */
const GATHER = 50;

/** What the local runner was asked and answered: the panel, and what can be done with a request. */
export class RequestsFeature {
  readonly #store = new DisposableStore();
  readonly #context: RequestsContext;
  readonly #history = new RequestHistory();
  readonly #view: RequestsView;
  readonly #words = requestWords();
  readonly #changed = new Set<number>();
  readonly #sending = new Set<Socket>();
  #timer: NodeJS.Timeout | undefined;
  /** Where the requests that are remembered went to, also after the end of the run. */
  #folder = '';
  /** The request line that was sent again and has not arrived yet. */
  #awaited: string | undefined;

  constructor(context: RequestsContext) {
    this.#context = context;
    const { commands, runner } = context;
    this.#view = this.#store.add(
      new RequestsView(context, {
        rows: () => this.#history.all.map((one) => rowOf(one, this.#describing())),
        status: () => this.#status(),
        detail: (id) => this.#detail(id),
        act: (action, id) => void commands.guarded(() => this.#act(action, id)),
        open: (file, line) => void commands.guarded(() => openLine(file, line)),
      }),
    );
    this.#store.add(runner.onEvent((event) => this.#onEvent(event)));
    this.#store.add(runner.onDidServe(() => this.#onServe()));
    this.#store.add(commands.register('fastcgi.requests.clear', () => this.#clear()));
    this.#store.add(commands.register('fastcgi.requests.show', () => this.show()));
  }

  /** Brings the panel to the front. */
  async show(): Promise<void> {
    await vscode.commands.executeCommand(`${VIEWS.requests}.focus`);
  }

  dispose(): void {
    clearTimeout(this.#timer);
    for (const socket of this.#sending) socket.destroy();
    this.#store.dispose();
  }

  #onServe(): void {
    const { served } = this.#context.runner;
    if (served) {
      const folder = served.one.folder.uri.fsPath;
      if (folder !== this.#folder) this.#history.clear();
      this.#folder = folder;
      this.#history.beginRun();
      this.#view.fill();
    } else this.#view.showStatus();
  }

  #onEvent(event: RunnerEvent): void {
    if (event.kind === 'arrived') {
      const { id } = this.#history.arrive(event);
      this.#showSoon(id);
      if (this.#awaited === `${event.method} ${event.target}`) this.#showAwaited(id);
    } else if (event.kind === 'request') {
      const answered = this.#history.answer(event.record ?? bareRecord(event));
      if (answered) this.#showSoon(answered.id);
    }
  }

  #showAwaited(id: number): void {
    this.#awaited = undefined;
    this.#flush();
    this.#view.select(id);
  }

  #showSoon(id: number): void {
    this.#changed.add(id);
    this.#timer ??= setTimeout(() => this.#flush(), GATHER);
  }

  #flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const context = this.#describing();
    const rows = [...this.#changed].flatMap((id): RequestRow[] => {
      const one = this.#history.get(id);
      return one ? [rowOf(one, context)] : [];
    });
    this.#changed.clear();
    this.#view.put(rows, this.#history.oldest);
  }

  #clear(): void {
    this.#history.clear();
    this.#changed.clear();
    this.#view.fill();
  }

  #detail(id: number): RequestDetail | undefined {
    const record = this.#history.get(id)?.record;
    return record ? detailOf(id, record, this.#describing()) : undefined;
  }

  #describing(): DescribeContext {
    return {
      folder: this.#folder,
      words: this.#words,
      exists: (file) => fs.statSync(file, { throwIfNoEntry: false })?.isFile() ?? false,
    };
  }

  #status(): RequestsStatus {
    const { served } = this.#context.runner;
    if (!served) {
      return {
        title: vscode.l10n.t('No site is being served.'),
        detail: vscode.l10n.t(
          'Run the site on this machine to see every request, and why it was answered so.',
        ),
        actions: [{ label: vscode.l10n.t('Run Dispatcher Locally'), command: 'fastcgi.run' }],
        url: '',
      };
    }
    return {
      title: vscode.l10n.t('No requests yet.'),
      detail: vscode.l10n.t('What a browser asks {0} for stands here.', served.runner.url),
      actions: [{ label: vscode.l10n.t('Open in Browser'), command: 'fastcgi.openInBrowser' }],
      url: served.runner.url,
    };
  }

  async #act(action: RequestAction, id: number): Promise<void> {
    const record = this.#history.get(id)?.record;
    if (!record) return;
    if (action === 'curl') await this.#copy(record);
    else if (action === 'replay') await this.#replay(record);
    else if (action === 'rule') await this.#goToRule(record);
    else await recordTest(record, this.#served());
  }

  async #copy(record: RequestRecord): Promise<void> {
    requireWholeBody(record);
    const url = this.#context.runner.served?.runner.url ?? 'http://localhost:8400/';
    await vscode.env.clipboard.writeText(curlCommand(record, url.replace(/\/$/, '')));
    vscode.window.setStatusBarMessage(vscode.l10n.t('The command is in the clipboard.'), 4000);
  }

  async #replay(record: RequestRecord): Promise<void> {
    requireTrust();
    requireWholeBody(record);
    const { port } = this.#served().runner;
    this.#awaited = `${record.method} ${record.target}`;
    const socket = await resend(record, port);
    this.#sending.add(socket);
    socket.once('close', () => this.#sending.delete(socket));
  }

  async #goToRule(record: RequestRecord): Promise<void> {
    const place = ruleOf(record, { folder: this.#folder });
    if (place) await openLine(place.file, place.line);
  }

  #served() {
    const { served } = this.#context.runner;
    if (served) return served;
    const run = commandWayOut(vscode.l10n.t('Run'), 'fastcgi.run');
    throw new Failure(vscode.l10n.t('No dispatcher is running.'), [run]);
  }
}

/** A body of which only the beginning was kept cannot be sent again. */
function requireWholeBody({ requestBody: { bytes, length } }: RequestRecord): void {
  if (bytes.length === length) return;
  throw new Failure(
    vscode.l10n.t(
      'The body of this request has {0} bytes, of which only {1} were kept.',
      length,
      bytes.length,
    ),
  );
}
