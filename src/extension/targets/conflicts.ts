import * as vscode from 'vscode';
import { download } from '../../deploy/download';
import type { Conflict } from '../../deploy/plan';
import { withProgress } from '../notifications';
import type { ChosenTarget, FolderTarget } from './chosenTarget';
import { localRootOf } from './place';
import type { RemoteDocuments } from './remoteDocuments';
import { signalOf, type RemoteSessions } from './sessions';

export interface ConflictsContext {
  readonly chosen: ChosenTarget;
  readonly sessions: RemoteSessions;
  readonly documents: RemoteDocuments;
}

/** What a person decided about files that somebody else changed on the server. */
export interface Resolved {
  /** To be uploaded over the server's, which is kept. */
  readonly mine: readonly string[];
  readonly theirs: readonly string[];
}

/** Goes through the conflicts one by one: the difference in the diff editor, and a question. */
export async function resolveConflicts(
  context: ConflictsContext,
  one: FolderTarget,
  conflicts: readonly Conflict[],
): Promise<Resolved> {
  const mine: string[] = [];
  const theirs: string[] = [];
  for (const [at, { path, reason }] of conflicts.entries()) {
    if (reason === 'not-a-file' || reason === 'behind-link') continue;
    await context.documents.showDifference(one, path);
    const answer = await ask(path, one, `${at + 1}/${conflicts.length}`);
    if (answer === 'stop') break;
    if (answer === 'mine') mine.push(path);
    if (answer === 'theirs') {
      await takeTheirs(context, one, path);
      theirs.push(path);
    }
  }
  return { mine, theirs };
}

type Choice = 'mine' | 'theirs' | 'skip' | 'stop';

/** Not modal: the right side of the difference can be edited meanwhile, which is how two versions are merged. */
async function ask(path: string, { target }: FolderTarget, count: string): Promise<Choice> {
  const items: (vscode.QuickPickItem & { choice: Choice })[] = [
    {
      label: vscode.l10n.t('$(arrow-up) Upload mine'),
      detail: vscode.l10n.t('The file at the right, with what you merge into it; theirs is kept.'),
      choice: 'mine',
    },
    {
      label: vscode.l10n.t('$(arrow-down) Take theirs'),
      detail: vscode.l10n.t('The file at the left replaces the one here.'),
      choice: 'theirs',
    },
    { label: vscode.l10n.t('$(debug-step-over) Leave it for now'), choice: 'skip' },
  ];
  const picker = vscode.window.createQuickPick<(typeof items)[number]>();
  picker.title = vscode.l10n.t('{0} was changed on {1} by somebody else ({2})', path, target.name, count);
  picker.placeholder = vscode.l10n.t('Compare or merge in the editor, then choose');
  picker.items = items;
  picker.ignoreFocusOut = true;
  const answer = new Promise<Choice>((resolve) => {
    picker.onDidAccept(() => resolve(picker.selectedItems[0]?.choice ?? 'stop'));
    picker.onDidHide(() => resolve('stop'));
  });
  picker.show();
  const choice = await answer;
  picker.dispose();
  if (choice === 'mine') await saveAll(path);
  return choice;
}

/** What was merged at the right is what is uploaded. */
async function saveAll(path: string): Promise<void> {
  const open = vscode.workspace.textDocuments.filter(
    ({ uri, isDirty }) => isDirty && uri.scheme === 'file' && uri.path.endsWith(`/${path}`),
  );
  for (const document of open) await document.save();
}

async function takeTheirs({ sessions }: ConflictsContext, target: FolderTarget, path: string): Promise<void> {
  const options = { location: vscode.ProgressLocation.Notification, title: path, cancellable: true };
  await withProgress(options, (_, token) => {
    const signal = signalOf(token);
    return sessions.use(target.target, signal, (connection) =>
      download(connection, {
        localRoot: localRootOf(target),
        remotePath: target.target.path,
        path,
        mayReplace: () => Promise.resolve(true),
        signal,
      }),
    );
  });
}
