import { sep } from 'node:path';
import * as vscode from 'vscode';
import { findDispatcher } from '../../deploy/dispatcher';
import { commitOf } from '../../deploy/git';
import { DispatcherFault } from '../../deploy/stagedTrial';
import type { UploadProgress } from '../../deploy/stage';
import { uploadProject, uploadSelection, type UploadOptions, type UploadReport } from '../../deploy/upload';
import type { RemoteConnection } from '../../remote/connection';
import { Failure } from '../failures';
import type { FolderTarget } from './chosenTarget';
import { localRootOf } from './place';
import type { ProgramsThere } from './programsThere';
import type { RemoteSessions } from './sessions';

/** One upload as a person ordered it. */
export interface Order extends FolderTarget {
  /** Absolute path of the folder that is uploaded. */
  readonly localRoot: string;
  /** Files and folders relative to it; absent: everything. */
  readonly paths?: readonly string[];
  readonly overwrite?: boolean | readonly string[];
  /** Whether programs are tried on the server first; as the target says when absent. */
  readonly tryPrograms?: boolean;
}

/** The order to upload everything to a target. */
export function orderOf(one: FolderTarget): Order {
  return { ...one, localRoot: localRootOf(one) };
}

/** Whether a file, by its path relative to the order's root, is one of those that are ordered. */
export function isOrdered({ paths }: Pick<Order, 'paths'>, file: string): boolean {
  return (
    paths === undefined || paths.some((path) => path === '' || file === path || file.startsWith(`${path}/`))
  );
}

export interface Sending {
  readonly sessions: RemoteSessions;
  /** Learns what is seen on the way. */
  readonly programsThere: Pick<ProgramsThere, 'uploaded' | 'refused'>;
  readonly signal: AbortSignal;
  readonly onProgress?: (progress: UploadProgress) => void;
  readonly dryRun?: boolean;
}

/** Carries an order out over the target's connection, or only plans it. */
export async function sendOrder(order: Order, sending: Sending): Promise<UploadReport> {
  const { localRoot, project, target, paths, overwrite = false, tryPrograms = target.tryPrograms } = order;
  const { sessions, programsThere, signal, onProgress, dryRun = false } = sending;
  const [dispatcher, commit] = await Promise.all([findDispatcher(localRoot, project), commitOf(localRoot)]);
  const options: UploadOptions = {
    localRoot,
    remotePath: target.path,
    ignore: target.ignore,
    modes: target.modes,
    ...(dispatcher === undefined ? {} : { dispatcher }),
    ...(onProgress === undefined ? {} : { onProgress }),
    commit,
    overwrite,
    tryPrograms,
    dryRun,
    signal,
  };
  try {
    const upload = (connection: RemoteConnection) =>
      paths === undefined
        ? uploadProject(connection, options)
        : uploadSelection(connection, { ...options, paths });
    const report = dryRun
      ? await sessions.use(target, signal, upload)
      : await sessions.useAlone(target, signal, upload);
    programsThere.uploaded(order, report, tryPrograms);
    return report;
  } catch (error) {
    const fault = faultIn(error);
    if (fault) programsThere.refused(order, fault);
    throw error;
  }
}

/** That a program did not work on the server; what went over a connection comes in words for people, with its cause. */
export function faultIn(error: unknown): DispatcherFault | undefined {
  const cause = error instanceof Failure ? error.cause : error;
  return cause instanceof DispatcherFault ? cause : undefined;
}

/** What is uploaded is what is on the screen. @throws Failure where a file cannot be saved */
export async function saveBelow(path: string): Promise<void> {
  for (const document of vscode.workspace.textDocuments) {
    const { fsPath, scheme } = document.uri;
    if (scheme !== 'file' || !document.isDirty) continue;
    if (fsPath !== path && !fsPath.startsWith(path + sep)) continue;
    if (await document.save()) continue;
    throw new Failure(vscode.l10n.t('{0} could not be saved, so nothing was uploaded.', fsPath));
  }
}

/** Shows progress by bytes, with the time that is left once it can be told. */
export function percentOf(progress: vscode.Progress<{ message: string; increment: number }>) {
  const started = performance.now();
  let shown = 0;
  return ({ files, totalFiles, bytes, totalBytes, file }: UploadProgress): void => {
    const share = totalBytes === 0 ? 1 : bytes / totalBytes;
    const percent = Math.floor(100 * share);
    const seconds = (performance.now() - started) / 1000;
    const left = share > 0.02 && seconds > 3 ? leftText((seconds / share) * (1 - share)) : '';
    progress.report({ message: `${files}/${totalFiles}${left} ${file}`, increment: percent - shown });
    shown = percent;
  };
}

function leftText(seconds: number): string {
  const text =
    seconds < 60
      ? vscode.l10n.t('{0} s left', Math.ceil(seconds))
      : vscode.l10n.t('{0} min left', Math.ceil(seconds / 60));
  return ` (${text})`;
}

/** "3 sent, 1 deleted, 57 unchanged"; what did not happen is not counted. */
export function countsOf({ created, changed, modes, deleted, kept, dryRun }: UploadReport): string {
  const counts: [number, string][] = [
    [created.length + changed.length, dryRun ? vscode.l10n.t('to send') : vscode.l10n.t('sent')],
    [modes.length, vscode.l10n.t('with new permissions')],
    [deleted.length, dryRun ? vscode.l10n.t('to delete') : vscode.l10n.t('deleted')],
    [kept, vscode.l10n.t('unchanged')],
  ];
  return counts
    .filter(([count]) => count > 0)
    .map(([count, what]) => `${count} ${what}`)
    .join(', ');
}

/** Whether a report says that anything was, or is to be, done. */
export function isWork({ created, changed, modes, deleted }: UploadReport): boolean {
  return created.length + changed.length + modes.length + deleted.length > 0;
}
