import * as vscode from 'vscode';
import { download, type DownloadReport } from '../../deploy/download';
import type { Commands } from '../commands';
import { requireTrust } from '../failures';
import { showInformationMessage, showWarningMessage, withProgress } from '../notifications';
import type { ChosenTarget, FolderTarget } from './chosenTarget';
import { localRootOf, meantUris, relativePath } from './place';
import type { RemoteDocuments } from './remoteDocuments';
import { signalOf, type RemoteSessions } from './sessions';

export interface DownloadsContext {
  readonly log: vscode.LogOutputChannel;
  readonly commands: Commands;
  readonly chosen: ChosenTarget;
  readonly sessions: RemoteSessions;
  readonly documents: RemoteDocuments;
}

/** "Download": files and folders from the server, with a question before anything here is replaced. */
export function registerDownloads(context: DownloadsContext): vscode.Disposable {
  return context.commands.register('fastcgi.download', async (argument, selected) => {
    requireTrust();
    const open = vscode.window.activeTextEditor?.document.uri;
    const onServer = open && context.documents.placeOf(open) ? open : undefined;
    const meant = argument ?? onServer;
    // Without a file it is the whole site.
    if (meant === undefined) return downloadOne(context, await context.chosen.need(), '');
    for (const uri of meantUris(meant, selected)) {
      const known = context.documents.placeOf(uri);
      if (known) {
        await downloadOne(context, known.one, known.path);
        continue;
      }
      const one = await context.chosen.need(uri);
      await downloadOne(context, one, relativePath(localRootOf(one), uri));
    }
    return undefined;
  });
}

async function downloadOne(context: DownloadsContext, one: FolderTarget, path: string): Promise<void> {
  const { target } = one;
  const what = path === '' ? vscode.l10n.t('the whole site') : path;
  const title = vscode.l10n.t('Downloading {0} from {1}', what, target.name);
  const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
  const report = await withProgress(options, (progress, token) => {
    const signal = signalOf(token);
    return context.sessions.use(target, signal, (connection) =>
      download(connection, {
        localRoot: localRootOf(one),
        remotePath: target.path,
        path,
        ignore: target.ignore,
        mayReplace,
        signal,
        onProgress: ({ files, totalFiles, file }) =>
          progress.report({ message: `${files}/${totalFiles} ${file}`, increment: 100 / totalFiles }),
      }),
    );
  });
  tell(context, report, target.name);
}

async function mayReplace(paths: readonly string[]): Promise<boolean> {
  const yes = vscode.l10n.t('Replace');
  const message =
    paths.length === 1
      ? vscode.l10n.t('Replace your {0} by the one on the server?', paths[0] ?? '')
      : vscode.l10n.t('Replace {0} of your files by those on the server?', paths.length);
  const detail = paths.length === 1 ? '' : paths.slice(0, 8).join('\n');
  return (await showWarningMessage(message, { modal: true, detail }, yes)) === yes;
}

function tell({ log }: DownloadsContext, { written, same, notes }: DownloadReport, target: string): void {
  for (const path of written) log.info(`${target}: downloaded ${path}`);
  for (const note of notes) log.info(note);
  const fetched =
    written.length === 1
      ? vscode.l10n.t('Downloaded one file from {0}: {1}.', target, written[0] ?? '')
      : same === 0
        ? vscode.l10n.t('Downloaded {0} files from {1}.', written.length, target)
        : vscode.l10n.t('Downloaded {0} files from {1}; {2} were the same.', written.length, target, same);
  const nothing =
    same === 1
      ? vscode.l10n.t('{0} has the same file: there is nothing to download.', target)
      : vscode.l10n.t('Nothing to download from {0}: {1} files are the same.', target, same);
  const message = written.length === 0 ? nothing : fetched;
  void showInformationMessage(message);
}
