import { join } from 'node:path';
import * as vscode from 'vscode';
import { backOffText } from '../../deploy/backOff';
import type { HistoryEntry } from '../../deploy/history';
import type { RecoveryReport } from '../../deploy/journal';
import { readBackOff } from '../../deploy/readBackOff';
import { retirementSeconds } from '../../deploy/retired';
import { removeRetired, revive } from '../../deploy/revive';
import { listReleases, rollback, whatIsDeployed, type Deployed, type Release } from '../../deploy/rollback';
import { recover } from '../../deploy/recover';
import type { RemoteConnection } from '../../remote/connection';
import type { Commands } from '../commands';
import { DisposableStore } from '../disposables';
import { findDispatcher } from '../../deploy/dispatcher';
import { preflight } from '../../runner';
import { commandWayOut, Failure, requireTrust } from '../failures';
import { showInformationMessage, showWarningMessage, withProgress } from '../notifications';
import type { ChosenTarget, FolderTarget } from './chosenTarget';
import { askFirst, localRootOf } from './place';
import type { ProgramsThere } from './programsThere';
import type { RemoteDocuments } from './remoteDocuments';
import type { ReloadFeature } from './reload';
import { signalOf, type RemoteSessions } from './sessions';
import type { TargetItem } from './targetItem';

export interface ReleasesContext {
  readonly log: vscode.LogOutputChannel;
  readonly commands: Commands;
  readonly chosen: ChosenTarget;
  readonly sessions: RemoteSessions;
  readonly item: TargetItem;
  readonly documents: RemoteDocuments;
  readonly programsThere: Pick<ProgramsThere, 'forget'>;
  readonly reloads: ReloadFeature;
}

/** What is on the server, what was there before, and the way back to it. */
export class ReleasesFeature {
  readonly #context: ReleasesContext;
  readonly #store = new DisposableStore();

  constructor(context: ReleasesContext) {
    this.#context = context;
    const { commands } = context;
    this.#store.add(commands.register('fastcgi.rollback', () => this.#rollBack()));
    this.#store.add(commands.register('fastcgi.deployed', () => this.#deployed()));
    this.#store.add(commands.register('fastcgi.recover', () => this.#recover()));
  }

  dispose(): void {
    this.#store.dispose();
  }

  async #rollBack(): Promise<void> {
    const one = await this.#need();
    const reading = vscode.l10n.t('Reading the releases of {0}', one.target.name);
    const releases = await this.#work(one, reading, (connection) =>
      listReleases(connection, one.target.path),
    );
    const release = await pickRelease(releases, one.target.name);
    const what = vscode.l10n.t('Bring {0} back to the state of {1}?', one.target.name, timeOf(release));
    await askFirst(one, what, vscode.l10n.t('Roll Back'));
    const dispatcher = await findDispatcher(localRootOf(one), one.project);
    const title = vscode.l10n.t('Rolling {0} back', one.target.name);
    const report = await this.#context.item.busy(one.target, () =>
      this.#work(one, title, (connection, signal) =>
        rollback(connection, {
          remotePath: one.target.path,
          to: release.id,
          signal,
          ...(dispatcher === undefined ? {} : { dispatcher }),
        }),
      ),
    );
    this.#context.item.rolledBack(one.target);
    this.#context.programsThere.forget(one);
    for (const path of report.restored) this.#context.log.info(`${one.target.name}: restored ${path}`);
    for (const path of report.removed) this.#context.log.info(`${one.target.name}: removed ${path}`);
    const left = report.conflicts.length;
    const done = vscode.l10n.t(
      '{0} has the state of {1} again. Files restored: {2}, removed: {3}.',
      one.target.name,
      timeOf(release),
      report.restored.length,
      report.removed.length,
    );
    const rest = left === 0 ? '' : vscode.l10n.t(' {0} were left alone: somebody else changed them.', left);
    void this.#offerReload(done + rest, one);
  }

  async #offerReload(message: string, one: FolderTarget): Promise<void> {
    const reload = vscode.l10n.t('Reload');
    const answer = await showInformationMessage(message, reload);
    if (answer === reload) await this.#context.reloads.after(one, {});
  }

  async #deployed(): Promise<void> {
    const one = await this.#need();
    const title = vscode.l10n.t('Reading what is on {0}', one.target.name);
    const found = await this.#work(one, title, (connection) => whatIsDeployed(connection, one.target.path));
    if (found.entry === undefined && found.files.size === 0) {
      void showInformationMessage(vscode.l10n.t('Nothing was uploaded to {0} yet.', one.target.name));
      return;
    }
    await this.#showFiles(one, found);
  }

  async #showFiles(one: FolderTarget, { entry, files }: Deployed): Promise<void> {
    const changed = new Set(entry?.changes.map(({ path }) => path));
    const items = [...files].map(([path, { size }]) => ({
      label: path,
      description: sizeText(size),
      ...(changed.has(path) ? { detail: vscode.l10n.t('sent by the last upload') } : {}),
      path,
    }));
    const title = entry
      ? `${one.target.name}: ${timeOf(entry)}, ${whoText(entry)}${commitText(entry)}`
      : one.target.name;
    const placeHolder = vscode.l10n.t('{0} files; choose one to compare it with yours', files.size);
    const chosen = await vscode.window.showQuickPick(items, { title, placeHolder, matchOnDetail: true });
    if (chosen) await this.#context.documents.showDifference(one, chosen.path);
  }

  async #recover(): Promise<void> {
    const one = await this.#need();
    // One notification for all steps: VS Code drops the fourth within 0.8 s, which would be the one that says how it ended.
    const title = vscode.l10n.t('Recovering {0}', one.target.name);
    const message = await this.#inSteps(one, title, (step) => this.#recovered(one, step));
    void showInformationMessage(message);
  }

  /** Gives what to say. */
  async #recovered(one: FolderTarget, step: Step): Promise<string> {
    const { name, path } = one.target;
    const looking = vscode.l10n.t('looking for an interrupted upload');
    const report = await this.#context.item.busy(one.target, () =>
      step(looking, (connection) => recover(connection, path)),
    );
    if (report) return recoveryText(report, name);
    const revived = await this.#revived(one, step);
    return revived ?? vscode.l10n.t('{0}: nothing was interrupted.', name);
  }

  /** Out of a back-off, where the log says that there is one. Undefined where there is none. */
  async #revived(one: FolderTarget, step: Step): Promise<string | undefined> {
    const { log } = one.target;
    const dispatcher = await findDispatcher(localRootOf(one), one.project);
    if (log === undefined || dispatcher === undefined) return undefined;
    const reading = vscode.l10n.t('reading the error log');
    const found = await step(reading, (connection) => readBackOff(connection, log, ''));
    if (found?.kind !== 'backed-off') return undefined;
    this.#context.item.backedOff(one.target, found.secondsLeft ?? 0);
    const change = vscode.l10n.t('Upload Under Another Name');
    const detail = `${backOffText(found)}\n\n${vscode.l10n.t('Your {0} is tried here first. Then it goes to the server under another name, and every .htaccess that names it is switched in the same step. Your own files stay as they are.', dispatcher)}`;
    const message = vscode.l10n.t('{0} does not start your program at the moment.', one.target.name);
    const answer = await showWarningMessage(message, { modal: true, detail }, change);
    if (answer !== change) throw new vscode.CancellationError();
    return this.#revive(one, dispatcher, step);
  }

  async #revive(one: FolderTarget, dispatcher: string, step: Step): Promise<string> {
    const { target, project } = one;
    const localRoot = localRootOf(one);
    const uploading = vscode.l10n.t('uploading under another name');
    const { to, answer } = await this.#context.item.busy(target, () =>
      step(uploading, (connection, signal) =>
        revive(connection, {
          remotePath: target.path,
          localRoot,
          dispatcher,
          host: target.host,
          ...(target.url === undefined ? {} : { url: target.url }),
          starts: () => startFault(join(localRoot, dispatcher), project.runner.environment),
          signal,
        }),
      ),
    );
    this.#context.log.info(`${target.name}: the dispatcher is called ${to} there now`);
    if (answer !== undefined && (answer.status === undefined || answer.status >= 500)) {
      throw new Failure(
        vscode.l10n.t(
          '{0} still does not answer under the name {1}. The error log says why.',
          target.name,
          to,
        ),
        [commandWayOut(vscode.l10n.t('Show Error Log'), 'fastcgi.log.follow')],
      );
    }
    this.#context.item.revived(target);
    this.#context.programsThere.forget(one);
    this.#cleanUpLater(one);
    return vscode.l10n.t(
      '{0} is back: its program is called {1} there now. Uploads know that.',
      target.name,
      to,
    );
  }

  /** The old name goes when nobody can wait for it any more; if the window closes first, with the next upload. */
  #cleanUpLater(one: FolderTarget): void {
    const timer = setTimeout(() => void this.#cleanUp(one), (retirementSeconds + 5) * 1000);
    this.#store.add({ dispose: () => clearTimeout(timer) });
  }

  async #cleanUp({ target }: FolderTarget): Promise<void> {
    const { log, sessions } = this.#context;
    await sessions
      .use(target, new AbortController().signal, (connection) => removeRetired(connection, target.path))
      .then((gone) => log.info(`${target.name}: removed under old names: ${gone.join(', ')}`))
      .catch((error: unknown) => log.warn(String(error)));
  }

  async #need(): Promise<FolderTarget> {
    requireTrust();
    return this.#context.chosen.need();
  }

  #work<Result>(one: FolderTarget, title: string, work: Work<Result>): Thenable<Result> {
    return this.#inSteps(one, title, (step) => step(undefined, work));
  }

  /** What is done over the connection, in one notification that can be cancelled. */
  #inSteps<Result>(
    { target }: FolderTarget,
    title: string,
    work: (step: Step) => Promise<Result>,
  ): Thenable<Result> {
    const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
    return withProgress(options, (progress, token) => {
      const signal = signalOf(token);
      return work((message, act) => {
        if (message !== undefined) progress.report({ message });
        return this.#context.sessions.useAlone(target, signal, (connection) => act(connection, signal));
      });
    });
  }
}

type Work<Result> = (connection: RemoteConnection, signal: AbortSignal) => Promise<Result>;

/** Does a part of a command over the connection; the notification says which. */
type Step = <Result>(message: string | undefined, work: Work<Result>) => Promise<Result>;

function recoveryText({ lost, outcome }: RecoveryReport, target: string): string {
  if (lost.length > 0) {
    return vscode.l10n.t('{0}: finished, but {1} files are lost. Upload again.', target, lost.length);
  }
  return outcome === 'finished'
    ? vscode.l10n.t('{0}: an interrupted upload was finished, all of the new site is live.', target)
    : vscode.l10n.t('{0}: an interrupted upload was undone, the site is as before it.', target);
}

/** Why a dispatcher does not start on this machine; undefined when it does. */
async function startFault(
  file: string,
  environment: Readonly<Record<string, string>>,
): Promise<string | undefined> {
  const {
    ok,
    startFault: fault,
    server,
  } = await preflight(file, { target: '/', environment, timeLimit: 10_000 });
  return ok ? undefined : (fault?.message ?? server?.message ?? vscode.l10n.t('it does not start here.'));
}

async function pickRelease(releases: readonly Release[], target: string): Promise<HistoryEntry> {
  if (releases.length < 2) {
    void showInformationMessage(
      vscode.l10n.t('There is no earlier state of {0} that could be brought back.', target),
    );
    throw new vscode.CancellationError();
  }
  const items = releases.map(({ entry, current }) => ({
    label: `${entry.kind === 'rollback' ? '$(discard)' : '$(cloud-upload)'} ${timeOf(entry)}`,
    description: current ? vscode.l10n.t('now') : whoText(entry),
    detail: detailOf(entry),
    entry,
    current,
  }));
  const title = vscode.l10n.t('Roll {0} back to the state after...', target);
  const picked = await vscode.window.showQuickPick(
    items.filter(({ current }) => !current),
    {
      title,
      matchOnDetail: true,
      placeHolder: vscode.l10n.t('Everything after it is undone; that can be undone, too'),
    },
  );
  if (!picked) throw new vscode.CancellationError();
  return picked.entry;
}

function detailOf(entry: HistoryEntry): string {
  const names = entry.changes.slice(0, 3).map(({ path }) => path);
  const more = entry.changes.length - names.length;
  const files = more > 0 ? vscode.l10n.t('{0} and {1} more', names.join(', '), more) : names.join(', ');
  return `${files}${commitText(entry)}`;
}

function timeOf({ time }: HistoryEntry): string {
  return new Date(time).toLocaleString([], { dateStyle: 'medium', timeStyle: 'short' });
}

function whoText({ by }: HistoryEntry): string {
  return `${by.user}@${by.machine}`;
}

function commitText({ commit }: HistoryEntry): string {
  if (commit === undefined) return '';
  const dirty = commit.dirty ? vscode.l10n.t(' with local changes') : '';
  return ` · ${commit.hash.slice(0, 7)} ${commit.subject}${dirty}`;
}

function sizeText(bytes: number): string {
  return bytes < 1024
    ? `${bytes} B`
    : bytes < 1024 * 1024
      ? `${(bytes / 1024).toFixed(1)} KiB`
      : `${(bytes / 1048576).toFixed(1)} MiB`;
}
