import { isAbsolute, join, relative, sep } from 'node:path';
import * as vscode from 'vscode';
import { findDispatcher } from '../../deploy/dispatcher';
import type { Conflict } from '../../deploy/plan';
import { siteErrors, type SiteError } from '../../deploy/siteErrors';
import type { UploadProgress } from '../../deploy/stage';
import { uploadFile, uploadProject, type UploadOptions, type UploadReport } from '../../deploy/upload';
import type { Commands } from '../commands';
import { DisposableStore } from '../disposables';
import { Failure, requireTrust } from '../failures';
import type { ChosenTarget, FolderTarget } from './chosenTarget';
import { signalOf, type RemoteSessions } from './sessions';
import type { TargetItem } from './targetItem';

export interface UploadContext {
  readonly log: vscode.LogOutputChannel;
  readonly commands: Commands;
  readonly chosen: ChosenTarget;
  readonly sessions: RemoteSessions;
  readonly item: TargetItem;
}

interface Order extends FolderTarget {
  /** Absolute path of the folder that is uploaded. */
  readonly localRoot: string;
  /** Relative to it; absent: everything. */
  readonly file?: string;
  readonly overwrite?: boolean;
}

/** "Upload Project" and "Upload This File": all or nothing, with progress, and a question where somebody else's work is in the way. */
export class UploadFeature {
  readonly #context: UploadContext;
  readonly #store = new DisposableStore();

  constructor(context: UploadContext) {
    this.#context = context;
    const { commands } = context;
    this.#store.add(commands.register('fastcgi.uploadProject', () => this.#project()));
    this.#store.add(commands.register('fastcgi.uploadFile', (argument) => this.#file(argument)));
  }

  dispose(): void {
    this.#store.dispose();
  }

  async #project(): Promise<void> {
    requireTrust();
    const order = orderOf(await this.#context.chosen.need());
    await saveBelow(order.localRoot);
    if (await this.#confirmed(order)) await this.#carryOut(order);
  }

  async #file(argument: unknown): Promise<void> {
    requireTrust();
    const uri = argument instanceof vscode.Uri ? argument : vscode.window.activeTextEditor?.document.uri;
    if (!uri) throw new Failure(vscode.l10n.t('Open the file that is to be uploaded first.'));
    const order = orderOf(await this.#context.chosen.need(uri));
    const file = relative(order.localRoot, uri.fsPath).split(sep).join('/');
    if (uri.scheme !== 'file' || file === '' || file.startsWith('../') || isAbsolute(file)) {
      throw new Failure(
        vscode.l10n.t(
          '{0} is not below the document root {1}, so it has no place on the server.',
          uri.path,
          order.localRoot,
        ),
      );
    }
    await saveBelow(uri.fsPath);
    const one = { ...order, file };
    if (await this.#confirmed(one)) await this.#carryOut(one);
  }

  /** What would answer 500 is uploaded only when it is wanted. */
  async #confirmed({ localRoot, target, project, file }: Order): Promise<boolean> {
    const found = await siteErrors(localRoot, { ignore: target.ignore, host: project.host });
    const errors = found.filter((error) => file === undefined || error.file === file);
    const [first] = errors;
    if (!first) return true;
    const show = vscode.l10n.t('Show Error');
    const anyway = vscode.l10n.t('Upload Anyway');
    const message =
      errors.length === 1
        ? vscode.l10n.t('The site would answer 500 on {0}.', target.name)
        : vscode.l10n.t('The site would answer 500 on {0}: {1} errors.', target.name, errors.length);
    const detail = errors.slice(0, 5).map(errorLine).join('\n');
    const answer = await vscode.window.showWarningMessage(message, { modal: true, detail }, show, anyway);
    if (answer === show) await showError(localRoot, first);
    return answer === anyway;
  }

  async #carryOut(order: Order): Promise<void> {
    const { target, file } = order;
    const title =
      file === undefined
        ? vscode.l10n.t('Uploading to {0}', target.name)
        : vscode.l10n.t('Uploading {0} to {1}', file, target.name);
    const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
    const report = await this.#context.item.busy(target, () =>
      vscode.window.withProgress(options, (progress, token) =>
        this.#send(order, percentOf(progress), signalOf(token)),
      ),
    );
    this.#context.item.uploaded(target);
    this.#record(report, order);
    // Not awaited: the command has ended; the answer to its message starts another.
    void this.#tell(report, order);
  }

  async #send(
    { localRoot, project, target, file, overwrite = false }: Order,
    onProgress: (progress: UploadProgress) => void,
    signal: AbortSignal,
  ): Promise<UploadReport> {
    const dispatcher = await findDispatcher(localRoot, project);
    const options: UploadOptions = {
      localRoot,
      remotePath: target.path,
      ignore: target.ignore,
      ...(dispatcher === undefined ? {} : { dispatcher }),
      overwrite,
      onProgress,
      signal,
    };
    return this.#context.sessions.use(target, signal, (connection) =>
      file === undefined ? uploadProject(connection, options) : uploadFile(connection, { ...options, file }),
    );
  }

  #record(
    { created, changed, modes, deleted, conflicts, notes, trash }: UploadReport,
    { target }: Order,
  ): void {
    const { log } = this.#context;
    const rows = (label: string, paths: readonly string[]) => {
      for (const path of paths) log.info(`${target.name}: ${label} ${path}`);
    };
    rows('new', created);
    rows('changed', changed);
    rows('mode', modes);
    rows('deleted', deleted);
    for (const { path, reason } of conflicts) log.warn(`${target.name}: left alone ${path} (${reason})`);
    for (const note of notes) log.info(note);
    if (trash !== undefined) log.info(`Replaced and deleted files are kept in ${trash}`);
  }

  async #tell(report: UploadReport, order: Order): Promise<void> {
    if (report.conflicts.length > 0) return this.#tellConflicts(report.conflicts, order);
    const sent = report.created.length + report.changed.length;
    const { target } = order;
    if (sent + report.modes.length + report.deleted.length === 0) {
      const nothing = vscode.l10n.t('{0} has everything already.', target.name);
      vscode.window.setStatusBarMessage(nothing, 5000);
      return;
    }
    const reload = vscode.l10n.t('Reload');
    const open = vscode.l10n.t('Open Site');
    const message = vscode.l10n.t('Uploaded to {0}: {1}.', target.name, countsOf(report));
    const ways = target.url === undefined ? [reload] : [reload, open];
    const answer = await vscode.window.showInformationMessage(message, ...ways);
    if (answer === reload) await vscode.commands.executeCommand('fastcgi.reload');
    else if (answer === open) await vscode.env.openExternal(vscode.Uri.parse(target.url ?? ''));
  }

  /** Files that were changed on the server by somebody else are never overwritten unasked. */
  async #tellConflicts(conflicts: readonly Conflict[], order: Order): Promise<void> {
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
    const answer = await vscode.window.showWarningMessage(message, overwrite, show);
    if (answer === show) this.#context.log.show();
    else if (answer === overwrite) await this.#overwrite(order);
  }

  async #overwrite(order: Order): Promise<void> {
    await this.#context.commands.guarded(() => this.#carryOut({ ...order, overwrite: true }));
  }
}

/** "3 sent, 1 deleted, 57 unchanged"; what did not happen is not counted. */
function countsOf({ created, changed, modes, deleted, kept }: UploadReport): string {
  const counts: [number, string][] = [
    [created.length + changed.length, vscode.l10n.t('sent')],
    [modes.length, vscode.l10n.t('with new permissions')],
    [deleted.length, vscode.l10n.t('deleted')],
    [kept, vscode.l10n.t('unchanged')],
  ];
  return counts
    .filter(([count]) => count > 0)
    .map(([count, what]) => `${count} ${what}`)
    .join(', ');
}

function orderOf(one: FolderTarget): Order {
  const { folder, project } = one;
  if (folder.uri.scheme !== 'file') {
    throw new Failure(vscode.l10n.t('Only a folder on a disk can be uploaded.'));
  }
  const root = folder.uri.fsPath;
  return { ...one, localRoot: project.documentRoot === '.' ? root : join(root, project.documentRoot) };
}

/** What is uploaded is what is on the screen. */
async function saveBelow(path: string): Promise<void> {
  for (const document of vscode.workspace.textDocuments) {
    const { fsPath, scheme } = document.uri;
    if (scheme !== 'file' || !document.isDirty) continue;
    if (fsPath !== path && !fsPath.startsWith(path + sep)) continue;
    if (await document.save()) continue;
    throw new Failure(vscode.l10n.t('{0} could not be saved, so nothing was uploaded.', fsPath));
  }
}

function percentOf(progress: vscode.Progress<{ message: string; increment: number }>) {
  let shown = 0;
  return ({ files, totalFiles, bytes, totalBytes, file }: UploadProgress): void => {
    const percent = totalBytes === 0 ? 100 : Math.floor((100 * bytes) / totalBytes);
    progress.report({ message: `${files}/${totalFiles} ${file}`, increment: percent - shown });
    shown = percent;
  };
}

function errorLine({ file, line, message }: SiteError): string {
  return line === null ? `${file}: ${message}` : `${file}:${line}: ${message}`;
}

async function showError(localRoot: string, { file, line }: SiteError): Promise<void> {
  const at = new vscode.Position((line ?? 1) - 1, 0);
  await vscode.window.showTextDocument(vscode.Uri.file(join(localRoot, file)), {
    selection: new vscode.Range(at, at),
  });
}
