import { readFile, writeFile } from 'node:fs/promises';
import * as vscode from 'vscode';
import { learnedText, learnHost, LearningError, type LearnedHost } from '../../doctor';
import { withTargetHost } from '../../project';
import { commandWayOut, Failure, requireTrust } from '../failures';
import { showInformationMessage, withProgress } from '../notifications';
import { projectFileOf } from '../projects';
import type { FolderTarget } from '../targets/chosenTarget';
import { signalOf, type RemoteSessions } from '../targets/sessions';

/** Finds out by questions to the server what it loads and grants, after one to the reader, and offers to save it as the host profile. */
export async function learnServer(one: FolderTarget, sessions: RemoteSessions): Promise<void> {
  requireTrust();
  const { name, path } = one.target;
  const learn = vscode.l10n.t('Ask the Server');
  const detail = vscode.l10n.t(
    "A temporary folder is made in {0}, with a .htaccess per question, and asked some twenty times (over a hundred times where headers cannot be set). Half of the answers are a 500 that stands in the server's log. Then it is removed.",
    path,
  );
  const question = vscode.l10n.t('Find out what the server of {0} loads and grants?', name);
  const options = { modal: true, detail };
  if ((await showInformationMessage(question, options, learn)) !== learn) return;
  const learned = await ask(one, sessions);
  const save = vscode.l10n.t('Save as Host Profile');
  const result = await showInformationMessage(
    vscode.l10n.t('The server of {0}, by its answers', name),
    { modal: true, detail: learnedText(learned, one.target.host) },
    save,
  );
  if (result === save) await keep(one, learned);
}

function ask({ target }: FolderTarget, sessions: RemoteSessions): Thenable<LearnedHost> {
  const title = vscode.l10n.t('Asking the server of {0}', target.name);
  const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
  return withProgress(options, async (progress, token) => {
    const signal = signalOf(token);
    const onStep = (message: string) => progress.report({ message });
    try {
      return await sessions.use(target, signal, (connection) =>
        learnHost(connection, { target, signal, onStep }),
      );
    } catch (error) {
      if (!(error instanceof LearningError)) throw error;
      const open = commandWayOut(vscode.l10n.t('Open Project File'), 'fastcgi.openProjectFile');
      throw new Failure(error.message, [open]);
    }
  });
}

async function keep({ folder, target }: FolderTarget, { host }: LearnedHost): Promise<void> {
  const file = projectFileOf(folder).fsPath;
  const text = withTargetHost(await readFile(file, 'utf8'), target.name, host);
  if (text !== undefined) {
    await writeFile(file, text);
    vscode.window.setStatusBarMessage(vscode.l10n.t('Saved as the host profile of {0}.', target.name), 5000);
    return;
  }
  await vscode.env.clipboard.writeText(`"host": ${JSON.stringify(host, undefined, 2)}`);
  await vscode.commands.executeCommand('fastcgi.openProjectFile');
  throw new Failure(
    vscode.l10n.t('The project file has comments, so it was left alone. The profile is in the clipboard.'),
  );
}
