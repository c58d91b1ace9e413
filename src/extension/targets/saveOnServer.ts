import { posix } from 'node:path';
import * as vscode from 'vscode';
import { judge } from '../../apache/config/judge';
import { findDispatcher } from '../../deploy/dispatcher';
import { writeDeployed, type WriteReport } from '../../deploy/remoteEdit';
import type { ReadStamp, RemoteStamp } from '../../deploy/remoteLook';
import { DispatcherFault } from '../../deploy/stagedTrial';
import { byteStringOf, textOfByteString } from '../../text/bytes';
import { readSetting } from '../commands';
import { showWarningMessage, withProgress } from '../notifications';
import { askFirst, localRootOf } from './place';
import type { RemoteDocumentsContext, RemotePlace } from './remoteDocuments';
import { signalOf } from './sessions';

/** A document of the server that is to be saved there. */
export interface SaveOrder extends RemotePlace {
  readonly content: Uint8Array;
  /** What the file looked like that was edited; undefined where there was none. */
  readonly base: RemoteStamp | undefined;
  /** Hex SHA-256 of what was read of it, where that was the same. */
  readonly baseSha256: string | undefined;
}

/**
 * Puts an edited file of the server in its place there, as an upload does it. Asks first where Apache would refuse it, where it is
 * production, and where a program does not start. Gives the look of the new file. @throws CancellationError, Failure, ChangedMeanwhile
 */
export async function saveOnServer(context: RemoteDocumentsContext, order: SaveOrder): Promise<ReadStamp> {
  const { one, path } = order;
  const name = posix.basename(path);
  await askAboutRefusal(order);
  const what = vscode.l10n.t('Save {0} on {1}?', name, one.target.name);
  await askFirst(one, what, vscode.l10n.t('Save'));
  const report = await write(context, order, one.target.tryPrograms).catch(async (error: unknown) => {
    if (!(error instanceof DispatcherFault)) throw error;
    await askAnyway(error.message);
    return write(context, order, false);
  });
  context.log.info(`${one.target.name}: saved ${path} there`);
  for (const note of report.notes) context.log.warn(note);
  if (report.id !== undefined) context.item.uploaded(one.target);
  const done = vscode.l10n.t('$(check) {0} is saved on {1}', name, one.target.name);
  vscode.window.setStatusBarMessage(done, 5000);
  // Not awaited: the document is saved, whatever comes of the reload.
  if (report.id !== undefined && readSetting('fastcgi.reload.afterUpload', one.folder.uri)) {
    void context.reloads.after(one, { deploy: report.id });
  }
  return report;
}

async function write(
  { sessions, item }: RemoteDocumentsContext,
  { one, ...order }: SaveOrder,
  tryPrograms: boolean,
): Promise<WriteReport> {
  const { target, project } = one;
  const dispatcher = await findDispatcher(localRootOf(one), project);
  const title = vscode.l10n.t('Saving {0} on {1}', order.path, target.name);
  const options = { location: vscode.ProgressLocation.Window, title, cancellable: true };
  return item.busy(target, () =>
    withProgress(options, (_, token) => {
      const signal = signalOf(token);
      const place = { remotePath: target.path, modes: target.modes, dispatcher, tryPrograms, signal };
      return sessions.useAlone(target, signal, (connection) =>
        writeDeployed(connection, { ...order, ...place }),
      );
    }),
  );
}

async function askAboutRefusal({ one, path, content }: SaveOrder): Promise<void> {
  if (posix.basename(path) !== '.htaccess') return;
  const { ok, line, message } = judge(byteStringOf(content), one.target.host);
  if (ok) return;
  await askAnyway(`${path}:${line ?? 1}: Apache answers 500: ${textOfByteString(message ?? '')}`);
}

async function askAnyway(detail: string): Promise<void> {
  const anyway = vscode.l10n.t('Save Anyway');
  const message = vscode.l10n.t('The site would not work with it.');
  if ((await showWarningMessage(message, { modal: true, detail }, anyway)) === anyway) return;
  throw new vscode.CancellationError();
}
