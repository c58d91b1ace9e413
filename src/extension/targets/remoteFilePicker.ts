import { posix } from 'node:path';
import * as vscode from 'vscode';
import { listDeployed } from '../../deploy/remoteLook';
import { withProgress } from '../notifications';
import type { FolderTarget } from './chosenTarget';
import { signalOf, type RemoteSessions } from './sessions';

type Item = vscode.QuickPickItem & { readonly path: string; readonly folder: boolean };

/**
 * Asks for a file of a target, folder by folder. `open`: the path of the open file, which is offered first. Gives its path, undefined
 * where none is chosen. @throws as RemoteSessions.use
 */
export async function pickRemoteFile(
  sessions: RemoteSessions,
  one: FolderTarget,
  open: string | undefined,
): Promise<string | undefined> {
  const above = open === undefined ? '' : parentOf(open);
  for (let folder = above; ;) {
    const items = await itemsOf(sessions, one, { folder, open });
    const title = `${one.target.name}: ${folder === '' ? '/' : `/${folder}/`}`;
    const placeHolder = vscode.l10n.t('Which file on the server?');
    const chosen = await vscode.window.showQuickPick(items, { title, placeHolder });
    if (!chosen?.folder) return chosen?.path;
    folder = chosen.path;
  }
}

async function itemsOf(
  sessions: RemoteSessions,
  one: FolderTarget,
  { folder, open }: { readonly folder: string; readonly open: string | undefined },
): Promise<Item[]> {
  const title = vscode.l10n.t('Reading what is on {0}', one.target.name);
  const options = { location: vscode.ProgressLocation.Window, title, cancellable: true };
  const entries = await withProgress(options, (_, token) =>
    sessions.use(one.target, signalOf(token), (connection) =>
      listDeployed(connection, one.target.path, folder),
    ),
  );
  const items = entries.map(({ name, folder: isFolder }) => ({
    label: `$(${isFolder ? 'folder' : 'file'}) ${name}`,
    path: folder === '' ? name : `${folder}/${name}`,
    folder: isFolder,
  }));
  const first = items.filter(({ path }) => path === open);
  const others = items.filter(({ path }) => path !== open);
  const up = { label: '$(arrow-up) ..', path: parentOf(folder), folder: true };
  const description = vscode.l10n.t('the open file');
  return [...first.map((item) => ({ ...item, description })), ...(folder === '' ? [] : [up]), ...others];
}

function parentOf(path: string): string {
  const parent = posix.dirname(path);
  return parent === '.' ? '' : parent;
}
