import { basename, join } from 'node:path';
import * as vscode from 'vscode';
import { changedSinceUpload } from '../../deploy/changedSinceUpload';
import type { Conflict } from '../../deploy/plan';
import type { UploadReport } from '../../deploy/upload';
import { readSetting, type Commands } from '../commands';
import { DisposableStore } from '../disposables';
import { Failure, requireTrust } from '../failures';
import { showInformationMessage, showWarningMessage, withProgress } from '../notifications';
import type { ChosenTarget } from './chosenTarget';
import { resolveConflicts } from './conflicts';
import { askFirst, localRootOf, meantUris, relativePath } from './place';
import { UploadPreview } from './preview';
import type { ProgramsThere } from './programsThere';
import type { RemoteDocuments } from './remoteDocuments';
import type { ReloadFeature } from './reload';
import {
  countsOf,
  faultIn,
  isWork,
  orderOf,
  percentOf,
  sendOrder,
  type Order,
  type Sending,
} from './sending';
import { signalOf, type RemoteSessions } from './sessions';
import { SeveralTargets, type Sent } from './several';
import { confirmedSite } from './siteCheck';
import type { TargetItem } from './targetItem';
import { UploadOnSave } from './uploadOnSave';

export interface UploadContext {
  readonly log: vscode.LogOutputChannel;
  readonly commands: Commands;
  readonly chosen: ChosenTarget;
  readonly sessions: RemoteSessions;
  readonly item: TargetItem;
  readonly documents: RemoteDocuments;
  readonly programsThere: ProgramsThere;
  readonly reloads: ReloadFeature;
}

/** Uploads of everything, a selection, or what changed: all or nothing, with progress, and a question where others' work is in the way. */
export class UploadFeature {
  readonly #context: UploadContext;
  readonly #store = new DisposableStore();
  readonly #preview: UploadPreview;
  readonly #severalTargets: SeveralTargets;
  readonly #onSave: UploadOnSave;

  constructor(context: UploadContext) {
    this.#context = context;
    const { commands, documents } = context;
    this.#preview = this.#store.add(new UploadPreview(documents));
    this.#severalTargets = new SeveralTargets({
      ...context,
      single: {
        plan: (order, signal) => sendOrder(order, { ...context, signal, dryRun: true }),
        send: (order, watching) => this.#send(order, watching),
        again: (order) => commands.repeatable(() => this.#carryOut(order)),
        tellConflicts: ({ conflicts }, order) => void this.#tellConflicts(conflicts, order),
      },
    });
    const tell = (report: UploadReport, order: Order) => void this.#tell(report, order);
    this.#onSave = this.#store.add(new UploadOnSave({ ...context, tell }));
    this.#store.add(commands.register('fastcgi.uploadProject', () => this.#project()));
    this.#store.add(
      commands.register('fastcgi.uploadFile', (argument, selected) => this.#selection(argument, selected)),
    );
    this.#store.add(commands.register('fastcgi.uploadChanged', () => this.#changed()));
    this.#store.add(commands.register('fastcgi.uploadToSeveral', () => this.#several()));
    this.#store.add(commands.register('fastcgi.previewUpload', () => this.#showPreview()));
    this.#store.add(commands.register('fastcgi.preview.upload', () => this.#uploadPreviewed()));
    this.#store.add(
      commands.register('fastcgi.preview.open', (path, shows) => this.#preview.open(path, shows)),
    );
    this.#store.add(commands.register('fastcgi.preview.close', () => this.#preview.close()));
  }

  dispose(): void {
    this.#store.dispose();
  }

  async #project(): Promise<void> {
    requireTrust();
    await this.#checkedUpload(orderOf(await this.#context.chosen.need()));
  }

  async #selection(argument: unknown, selected: unknown): Promise<void> {
    requireTrust();
    const uris = meantUris(argument, selected);
    const { documents } = this.#context;
    const onServer = uris.find((uri) => documents.placeOf(uri) !== undefined);
    if (onServer) return documents.upload(onServer);
    const one = await this.#context.chosen.need(uris[0]);
    const localRoot = localRootOf(one);
    const paths = uris.map((uri) => relativePath(localRoot, uri));
    await this.#checkedUpload({ ...one, localRoot, paths });
  }

  /** What git says is different from the commit of the last upload of the whole project. */
  async #changed(): Promise<void> {
    requireTrust();
    const order = orderOf(await this.#context.chosen.need());
    const { target, localRoot } = order;
    const stop = new AbortController();
    const paths = await this.#context.sessions.use(target, stop.signal, (connection) =>
      changedSinceUpload(connection, { remotePath: target.path, localRoot }),
    );
    if (!paths) {
      throw new Failure(
        vscode.l10n.t('Which commit is on {0} is not known. Upload the whole project once.', target.name),
      );
    }
    if (paths.length === 0) {
      void showInformationMessage(
        vscode.l10n.t('Nothing has changed since the last upload to {0}.', target.name),
      );
      return;
    }
    await this.#checkedUpload({ ...order, paths });
  }

  async #checkedUpload(order: Order): Promise<void> {
    await this.#onSave.saveFor([order]);
    if (!(await confirmedSite(order))) return;
    await this.#askedUpload(order);
  }

  async #askedUpload(order: Order): Promise<void> {
    const what = vscode.l10n.t('Upload to {0}?', order.target.name);
    await askFirst(order, what, vscode.l10n.t('Upload'));
    await this.#carryOut(order);
  }

  async #showPreview(): Promise<void> {
    requireTrust();
    const order = orderOf(await this.#context.chosen.need());
    await this.#onSave.saveFor([order]);
    await this.#preview.show(order, await this.#plan(order));
  }

  /** Being asked by the preview is being asked. */
  async #uploadPreviewed(): Promise<void> {
    requireTrust();
    const { order } = this.#preview;
    if (!order) return;
    await this.#onSave.saveFor([order]);
    if (!(await confirmedSite(order))) return;
    await this.#carryOut(order);
  }

  #plan(order: Order): Thenable<UploadReport> {
    const title = vscode.l10n.t('Comparing with {0}', order.target.name);
    const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
    return withProgress(options, (_, token) =>
      sendOrder(order, { ...this.#context, signal: signalOf(token), dryRun: true }),
    );
  }

  async #several(): Promise<void> {
    requireTrust();
    const orders = (await this.#context.chosen.chooseSeveral()).map(orderOf);
    const [first] = orders;
    if (!first) return;
    await this.#onSave.saveFor(orders);
    for (const order of orders) if (!(await confirmedSite(order))) return;
    if (orders.length === 1) return this.#askedUpload(first);
    await this.#severalTargets.upload(orders);
  }

  async #carryOut(order: Order): Promise<void> {
    const { target, paths } = order;
    const title =
      paths?.length === 1
        ? vscode.l10n.t('Uploading {0} to {1}', paths[0] ?? '', target.name)
        : vscode.l10n.t('Uploading to {0}', target.name);
    const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
    const { report, before } = await withProgress(options, (progress, token) =>
      this.#send(order, { signal: signalOf(token), onProgress: percentOf(progress) }),
    );
    // Not awaited: the command has ended; the answer to its message starts another.
    void (before ? this.#context.reloads.after(order, before) : this.#tell(report, order));
  }

  async #send(order: Order, watching: Pick<Sending, 'signal' | 'onProgress'>): Promise<Sent> {
    const { target } = order;
    const reload = readSetting('fastcgi.reload.afterUpload', order.folder.uri);
    const worked = reload ? await this.#context.reloads.works(order) : undefined;
    const report = await this.#context.item
      .busy(target, () => sendOrder(order, { ...this.#context, ...watching }))
      .catch((error: unknown) => {
        throw this.#explained(error, order);
      });
    if (isWork(report)) this.#context.item.uploaded(target);
    // What it showed is not any more what would be done.
    if (this.#preview.order?.target.name === target.name) await this.#preview.close();
    this.#record(report, order);
    const isNew = isWork(report) && report.conflicts.length === 0;
    const uploadAgain = () => this.#uploadAgain(order);
    return reload && isNew ? { report, before: { worked, deploy: report.id, uploadAgain } } : { report };
  }

  #record(report: UploadReport, { target }: Order): void {
    const { log } = this.#context;
    const rows = (label: string, paths: readonly string[]) => {
      for (const path of paths) log.info(`${target.name}: ${label} ${path}`);
    };
    rows('new', report.created);
    rows('changed', report.changed);
    rows('mode', report.modes);
    rows('deleted', report.deleted);
    for (const { path, reason } of report.conflicts)
      log.warn(`${target.name}: left alone ${path} (${reason})`);
    for (const note of report.notes) log.warn(note);
    if (report.recovered)
      log.info(`${target.name}: an interrupted upload was ${report.recovered.outcome} first`);
    if (report.trash !== undefined) log.info(`Replaced and deleted files are kept in ${report.trash}`);
  }

  async #tell(report: UploadReport, order: Order): Promise<void> {
    if (report.conflicts.length > 0) return this.#tellConflicts(report.conflicts, order);
    const { target } = order;
    if (!isWork(report)) {
      const nothing = vscode.l10n.t('{0} has everything already.', target.name);
      vscode.window.setStatusBarMessage(nothing, 5000);
      return;
    }
    const reload = vscode.l10n.t('Reload');
    const open = vscode.l10n.t('Open Site');
    const show = vscode.l10n.t('Show Output');
    const [note] = report.notes;
    const message = vscode.l10n.t('Uploaded to {0}: {1}.', target.name, countsOf(report));
    const site = target.url === undefined ? [] : [open];
    const answer = await (note === undefined
      ? showInformationMessage(message, reload, ...site)
      : showWarningMessage(`${message} ${note}`, show, reload, ...site));
    if (answer === show) this.#context.log.show();
    else if (answer === reload) await this.#context.reloads.after(order, {});
    else if (answer === open) await vscode.env.openExternal(vscode.Uri.parse(target.url ?? ''));
  }

  /** Files that were changed on the server by somebody else are never overwritten unasked. */
  async #tellConflicts(conflicts: readonly Conflict[], order: Order): Promise<void> {
    const resolve = vscode.l10n.t('Compare...');
    const overwrite = vscode.l10n.t('Overwrite');
    const show = vscode.l10n.t('Show Output');
    const [first] = conflicts;
    const message =
      conflicts.length === 1
        ? vscode.l10n.t(
            '{0} was left alone on {1}: somebody else changed it there.',
            first?.path ?? '',
            order.target.name,
          )
        : vscode.l10n.t(
            '{0} and {1} more were left alone on {2}: somebody else changed them there.',
            first?.path ?? '',
            conflicts.length - 1,
            order.target.name,
          );
    const answer = await showWarningMessage(message, resolve, overwrite, show);
    if (answer === show) this.#context.log.show();
    else if (answer === overwrite) await this.#again({ ...order, overwrite: true });
    else if (answer === resolve) await this.#context.commands.guarded(() => this.#resolve(conflicts, order));
  }

  async #resolve(conflicts: readonly Conflict[], order: Order): Promise<void> {
    const { mine, theirs } = await resolveConflicts(this.#context, order, conflicts);
    if (mine.length > 0) await this.#carryOut({ ...order, paths: mine, overwrite: mine });
    // What was taken from there is the same on both sides now; the upload notes that it is ours.
    else if (theirs.length > 0) await this.#carryOut({ ...order, paths: theirs });
  }

  /** What does not work on the server is put live only by somebody who knows it. */
  #explained(error: unknown, order: Order): unknown {
    if (error instanceof vscode.CancellationError) {
      const stopped = vscode.l10n.t('The upload to {0} was stopped.', order.target.name);
      vscode.window.setStatusBarMessage(stopped, 5000);
    }
    const fault = faultIn(error);
    if (!fault) return error;
    const anyway = {
      title: vscode.l10n.t('Upload Anyway'),
      run: () => this.#again({ ...order, tryPrograms: false }),
    };
    const file = vscode.Uri.file(join(order.localRoot, fault.dispatcher));
    const open = {
      title: vscode.l10n.t('Open {0}', basename(fault.dispatcher)),
      run: () => vscode.window.showTextDocument(file),
    };
    return new Failure(fault.message, [open, anyway], { cause: fault });
  }

  #again(order: Order): Promise<void> {
    return this.#context.commands.guarded(() => this.#carryOut(order));
  }

  /** The same order, with the files as they are by now. */
  #uploadAgain(order: Order): Promise<void> {
    return this.#context.commands.repeatable(async () => {
      await this.#onSave.saveFor([order]);
      if (await confirmedSite(order)) await this.#carryOut(order);
    });
  }
}
