import { isAbsolute, join, relative, sep } from 'node:path';
import * as vscode from 'vscode';
import { findDispatcher } from '../../deploy/dispatcher';
import { commandWayOut, Failure, pathOnDisk } from '../failures';
import { showWarningMessage } from '../notifications';
import { addressOf, type FolderTarget } from './chosenTarget';

/** The folder on this disk that a target's folder on the server is the image of. @throws Failure for a folder that is on no disk */
export function localRootOf({ folder, project }: FolderTarget): string {
  const root = pathOnDisk(folder);
  return project.documentRoot === '.' ? root : join(root, project.documentRoot);
}

/** A file's path relative to the document root, with `/`; '' for the root itself. @throws Failure outside of it */
export function relativePath(localRoot: string, uri: vscode.Uri): string {
  const path = relative(localRoot, uri.fsPath).split(sep).join('/');
  if (uri.scheme === 'file' && path !== '..' && !path.startsWith('../') && !isAbsolute(path)) return path;
  throw new Failure(
    vscode.l10n.t(
      '{0} is not below the document root {1}, so it has no place on the server.',
      uri.path,
      localRoot,
    ),
  );
}

/** The dispatcher's path relative to the document root. @throws Failure where there is none */
export async function needDispatcher(one: FolderTarget): Promise<string> {
  const dispatcher = await findDispatcher(localRootOf(one), one.project);
  if (dispatcher !== undefined) return dispatcher;
  throw new Failure(
    vscode.l10n.t(
      'There is no .fcgi file in the document root. Name it by "dispatcher" in .vscode/fastcgi.json.',
    ),
    [commandWayOut(vscode.l10n.t('Open Project File'), 'fastcgi.openProjectFile')],
  );
}

/** The files that a command means: what is selected in the explorer, the one that was clicked, else the active editor's. */
export function meantUris(argument: unknown, selected: unknown): readonly vscode.Uri[] {
  const several = Array.isArray(selected) ? selected.filter((one) => one instanceof vscode.Uri) : [];
  if (several.length > 0) return several;
  const uri = argument instanceof vscode.Uri ? argument : vscode.window.activeTextEditor?.document.uri;
  if (uri) return [uri];
  throw new Failure(vscode.l10n.t('Open or select a file first.'));
}

/** Where it is production, a person says yes first. @throws CancellationError for a no */
export async function askFirst({ target }: FolderTarget, what: string, yes: string): Promise<void> {
  if (!target.ask) return;
  const off = vscode.l10n.t('"ask": false in the project file turns this question off.');
  const detail = `${addressOf(target)}:${target.path}\n\n${off}`;
  const answer = await showWarningMessage(what, { modal: true, detail }, yes);
  if (answer !== yes) throw new vscode.CancellationError();
}
