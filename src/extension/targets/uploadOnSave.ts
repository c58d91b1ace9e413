import { join } from 'node:path';
import * as vscode from 'vscode';
import type { UploadReport } from '../../deploy/upload';
import { readSetting, type Commands } from '../commands';
import { DisposableStore } from '../disposables';
import type { ChosenTarget } from './chosenTarget';
import { askFirst, relativePath } from './place';
import type { ProgramsThere } from './programsThere';
import { isOrdered, isWork, orderOf, saveBelow, sendOrder, type Order } from './sending';
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
  /** The answers for targets that are changed only after a question: they hold until the window is closed. */
  readonly #allowed = new Map<string, boolean>();
  #running = false;
  /** Orders whose files are just being saved for them. */
  #ordered: readonly Order[] = [];

  constructor(context: OnSaveContext) {
    this.#context = context;
    this.#store.add(vscode.workspace.onDidSaveTextDocument(({ uri }) => this.#saved(uri)));
  }

  dispose(): void {
    this.#stop.abort();
    this.#waiting.clear();
    this.#store.dispose();
  }

  /** Saves what is open below the folder of some orders. What goes with one of them is not sent, and asked about, once more. */
  async saveFor(orders: readonly Order[]): Promise<void> {
    this.#ordered = orders;
    try {
      for (const { localRoot } of orders) await saveBelow(localRoot);
    } finally {
      this.#ordered = [];
    }
  }

  #saved(uri: vscode.Uri): void {
    if (uri.scheme !== 'file' || !vscode.workspace.isTrusted) return;
    const chosen = this.#context.chosen.current(uri);
    if (!readSetting('fastcgi.upload.onSave', uri) || !chosen) return;
    if (this.#ordered.some((order) => goesWith(order, uri, chosen.target.name))) return;
    this.#waiting.set(uri.fsPath, uri);
    if (!this.#running) void this.#run();
  }

  /** The files of an order as they are by now. */
  #again({ localRoot, paths = [] }: Order): Promise<void> {
    return this.#context.commands.guarded(async () => {
      await saveBelow(localRoot);
      for (const path of paths) this.#saved(vscode.Uri.file(join(localRoot, path)));
    });
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
      if (error) this.#leave(error.file, error.message);
      else if (await this.#isAllowed(order)) await this.#sendOne(order);
      else
        this.#leave(pathsOf(order), vscode.l10n.t('{0} is changed only after a question', order.target.name));
    }
  }

  #leave(what: string, why: string): void {
    const message = vscode.l10n.t('{0} was not uploaded: {1}', what, why);
    this.#context.log.warn(message);
    vscode.window.setStatusBarMessage(`$(warning) ${message}`, 10_000);
  }

  /** A question at each save would be answered unread. */
  async #isAllowed(order: Order): Promise<boolean> {
    const key = JSON.stringify([order.folder.uri.toString(), order.target.name]);
    const known = order.target.ask ? this.#allowed.get(key) : true;
    if (known !== undefined) return known;
    const { name } = order.target;
    const what = vscode.l10n.t('Upload to {0} whatever is saved, until this window is closed?', name);
    const answer = await askFirst(order, what, vscode.l10n.t('Upload')).then(
      () => true,
      () => false,
    );
    this.#allowed.set(key, answer);
    return answer;
  }

  async #sendOne(order: Order): Promise<void> {
    const { target } = order;
    const { item, reloads, log } = this.#context;
    const reload = readSetting('fastcgi.reload.afterUpload', order.folder.uri);
    const worked = reload ? await reloads.works(order) : undefined;
    const sending = { ...this.#context, signal: this.#stop.signal };
    const report = await item.busy(target, () => sendOrder(order, sending));
    if (report.conflicts.length > 0) this.#context.tell(report, order);
    if (!isWork(report)) return;
    item.uploaded(target);
    for (const { path } of report.plan.create.concat(report.plan.change))
      log.info(`${target.name}: saved and sent ${path}`);
    const done = vscode.l10n.t('$(check) {0} is on {1}', pathsOf(order), target.name);
    // A reload tells itself what came of it.
    if (!reload) vscode.window.setStatusBarMessage(done, 5000);
    else await reloads.after(order, { worked, deploy: report.id, uploadAgain: () => this.#again(order) });
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

const pathsOf = ({ paths = [] }: Order): string => paths.join(', ');

function goesWith(order: Order, uri: vscode.Uri, target: string): boolean {
  const path = pathIn(order.localRoot, uri);
  return order.target.name === target && path !== undefined && isOrdered(order, path);
}

function pathIn(localRoot: string, uri: vscode.Uri): string | undefined {
  try {
    return relativePath(localRoot, uri);
  } catch {
    return undefined;
  }
}
