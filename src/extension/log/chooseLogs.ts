import * as vscode from 'vscode';
import { withTargetFields } from '../../project';
import type { RemoteConnection } from '../../remote/connection';
import { loginPath } from '../../remote/loginPath';
import { findLogs, type FoundLog } from '../../remote/logPlaces';
import { commandWayOut, Failure } from '../failures';
import { showInformationMessage } from '../notifications';
import { projectFileOf } from '../projects';
import type { FolderTarget } from '../targets/chosenTarget';

/** A log under the name by which the panel shows it. */
export interface NamedLog {
  readonly name: string;
  readonly path: string;
}

/**
 * The logs of a target: those that the project file names; else one that is found where hosts keep them, after a question.
 * @throws Failure where the server shows none, CancellationError where none was chosen
 */
export async function chooseLogs(
  one: FolderTarget,
  connection: RemoteConnection,
): Promise<readonly NamedLog[]> {
  const { log, logs = {} } = one.target;
  const named = [
    ...(log === undefined ? [] : [{ name: vscode.l10n.t('error'), path: loginPath(log) }]),
    ...Object.entries(logs).map(([name, path]) => ({ name, path: loginPath(path) })),
  ];
  if (named.length > 0) return named;
  const found = await findLogs(await connection.sftp(), one.target.path);
  if (found.length === 0) throw noLog(one);
  const chosen = await ask(found);
  void offerToKeep(one, chosen);
  return chosen.map(({ kind, path }) => ({ name: kind, path }));
}

async function ask(found: readonly FoundLog[]): Promise<readonly FoundLog[]> {
  const items = found.map((log, at) => ({
    label: log.path,
    description: log.kind,
    detail: vscode.l10n.t(
      '{0} KB, written {1}',
      Math.ceil(log.size / 1024),
      new Date(log.mtime * 1000).toLocaleString(),
    ),
    picked: at === 0,
    log,
  }));
  const placeHolder = vscode.l10n.t('These logs were found on the server. Which do you want to follow?');
  const chosen = await vscode.window.showQuickPick(items, {
    placeHolder,
    canPickMany: true,
    ignoreFocusOut: true,
  });
  if (!chosen || chosen.length === 0) throw new vscode.CancellationError();
  return chosen.map(({ log }) => log);
}

/** The answer can be written into the project file, where it can be seen and changed. */
async function offerToKeep({ folder, target }: FolderTarget, chosen: readonly FoundLog[]): Promise<void> {
  const keep = vscode.l10n.t('Save');
  const message = vscode.l10n.t('Save the places of these logs in .vscode/fastcgi.json?');
  if ((await showInformationMessage(message, keep)) !== keep) return;
  const file = projectFileOf(folder);
  const { fs } = vscode.workspace;
  const changed = withLogs(new TextDecoder().decode(await fs.readFile(file)), target.name, chosen);
  if (changed !== undefined) await fs.writeFile(file, new TextEncoder().encode(changed));
  else await vscode.commands.executeCommand('fastcgi.openProjectFile');
}

/** The project file with the logs of a target; undefined where it holds comments or is otherwise not plain JSON. */
export function withLogs(text: string, target: string, chosen: readonly FoundLog[]): string | undefined {
  const error = chosen.find(({ kind }) => kind === 'error');
  const others = chosen.filter((one) => one !== error);
  return withTargetFields(text, target, {
    ...(error && { log: error.path }),
    ...(others.length > 0 && { logs: Object.fromEntries(others.map(({ kind, path }) => [kind, path])) }),
  });
}

function noLog({ target }: FolderTarget): Failure {
  const open = commandWayOut(vscode.l10n.t('Open Project File'), 'fastcgi.openProjectFile');
  return new Failure(
    vscode.l10n.t(
      'No readable log was found on {0}. Some hosts show it in their control panel only. Let the program write a log of its own, and name it under "logs" in .vscode/fastcgi.json: { "application": "site/app.log" }.',
      target.name,
    ),
    [open],
  );
}
