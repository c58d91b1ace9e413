import * as vscode from 'vscode';
import type { UploadReport } from '../../deploy/upload';
import { readSetting, type Commands } from '../commands';
import { DisposableStore } from '../disposables';
import type { ChosenTarget } from './chosenTarget';
import { relativePath } from './place';
import type { ProgramsThere } from './programsThere';
import { isWork, orderOf, sendOrder, type Order } from './sending';
import type { ReloadFeature } from './reload';
import type { RemoteSessions } from './sessions';
import { errorsOf, failingTests } from './siteCheck';
import type { TargetItem } from './targetItem';

export interface OnSaveContext {
  readonly log: vscode.LogOutputChannel;
  readonly commands: Commands;
  readonly chosen: ChosenTarget;
  readonly sessions: RemoteSessions;
  readonly item: TargetItem;
  readonly programsThere: ProgramsThere;
  readonly reloads: ReloadFeature;
  /** What the upload command does with a report. */
  readonly tell: (report: UploadReport, order: Order) => void;
}

/** Sends what is saved, one upload at a time; what is saved meanwhile goes together with the next. */
export class UploadOnSave {
  readonly #context: OnSaveContext;
  readonly #store = new DisposableStore();
  /** Waiting files by their path on this disk. */
  readonly #waiting = new Map<string, vscode.Uri>();
  readonly #stop = new AbortController();
  #running = false;

  constructor(context: OnSaveContext) {
    this.#context = context;
    this.#store.add(vscode.workspace.onDidSaveTextDocument(({ uri }) => this.#saved(uri)));
  }

  dispose(): void {
    this.#stop.abort();
    this.#waiting.clear();
    this.#store.dispose();
  }

  #saved(uri: vscode.Uri): void {
    if (uri.scheme !== 'file' || !vscode.workspace.isTrusted) return;
    if (!readSetting('fastcgi.upload.onSave', uri) || !this.#context.chosen.current(uri)) return;
    this.#waiting.set(uri.fsPath, uri);
    if (!this.#running) void this.#run();
  }

  async #run(): Promise<void> {
    this.#running = true;
    try {
      while (this.#waiting.size > 0) {
        const uris = [...this.#waiting.values()];
        this.#waiting.clear();
        await this.#context.commands.guarded(() => this.#send(uris));
      }
    } finally {
      this.#running = false;
    }
  }

  async #send(uris: readonly vscode.Uri[]): Promise<void> {
    for (const order of await this.#orders(uris)) {
      const [error] = [...(await errorsOf(order)), ...(await failingTests(order))];
      if (error) {
        const { log } = this.#context;
        const message = vscode.l10n.t('{0} was not uploaded: {1}', error.file, error.message);
        log.warn(message);
        vscode.window.setStatusBarMessage(`$(warning) ${message}`, 10_000);
        continue;
      }
      const { target } = order;
      const sending = { ...this.#context, signal: this.#stop.signal };
      const report = await this.#context.item.busy(target, () => sendOrder(order, sending));
      if (report.conflicts.length > 0) this.#context.tell(report, order);
      if (!isWork(report)) continue;
      this.#context.item.uploaded(target);
      for (const path of report.plan.create.concat(report.plan.change)) {
        this.#context.log.info(`${target.name}: saved and sent ${path.path}`);
      }
      const shown = (order.paths ?? []).join(', ');
      vscode.window.setStatusBarMessage(vscode.l10n.t('$(check) {0} is on {1}', shown, target.name), 5000);
      if (readSetting('fastcgi.reload.afterUpload', order.folder.uri)) {
        await this.#context.reloads.after(order, { deploy: report.id });
      }
    }
  }

  /** One for each folder; files that have no place on the server are none of ours. */
  async #orders(uris: readonly vscode.Uri[]): Promise<Order[]> {
    const orders = new Map<string, Order>();
    for (const uri of uris) {
      const order = orderOf(await this.#context.chosen.need(uri));
      const path = pathIn(order.localRoot, uri);
      if (path === undefined) continue;
      const key = JSON.stringify([order.localRoot, order.target.name]);
      const known = orders.get(key) ?? { ...order, paths: [] };
      orders.set(key, { ...known, paths: [...(known.paths ?? []), path] });
    }
    return [...orders.values()];
  }
}

function pathIn(localRoot: string, uri: vscode.Uri): string | undefined {
  try {
    return relativePath(localRoot, uri);
  } catch {
    return undefined;
  }
}
