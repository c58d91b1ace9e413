import type { RemoteConnection } from '../remote/connection';
import type { SftpSession } from '../remote/sftp';
import { historyName } from './history';
import { intentName, readIntent, undoIntent, type Intent } from './intent';
import { journalName, type RecoveryReport } from './journal';
import { recoverJournal, unfinished } from './publish';
import { explained } from './refused';
import { StateFolder } from './stateFolder';
import { resolveTargetFolder } from './targetFolder';

/** The folder of a target, and what is kept about it. */
interface Place {
  readonly session: SftpSession;
  readonly state: StateFolder;
  readonly target: string;
}

/** Finishes or undoes an interrupted upload to a folder. Undefined when there is nothing to do. */
export async function recover(
  connection: RemoteConnection,
  remotePath: string,
): Promise<RecoveryReport | undefined> {
  const session = await connection.sftp();
  const target = await resolveTargetFolder(session, remotePath);
  const state = await StateFolder.open(session, target, false);
  if (!state) return undefined;
  try {
    const lock = await state.lock();
    try {
      return await recoverUnder({ session, state, target });
    } finally {
      await lock.release();
    }
  } catch (error) {
    throw await explained(session, error);
  }
}

/** The same for whoever holds the lock. `keep`: temporary files that are continued. */
export async function recoverUnder(
  of: Place,
  keep?: ReadonlySet<string>,
): Promise<RecoveryReport | undefined> {
  try {
    return await recoverNow(of, keep);
  } catch (error) {
    throw unfinished('An interrupted upload could not be finished:', await explained(of.session, error));
  }
}

async function recoverNow(
  of: Place,
  keep: ReadonlySet<string> | undefined,
): Promise<RecoveryReport | undefined> {
  const { session, state, target } = of;
  const finished = await recoverJournal(session, state, target);
  const intent = await readIntent(state);
  const undone =
    intent && (await undoIntent(of, (await isDone(of, intent)) ? onlyNames(intent) : intent, keep));
  await state.sweep();
  return finished ?? undone;
}

/** Whether the upload came to its end and only its note about it is left. */
async function isDone({ session, state }: Place, { id }: Intent) {
  return id !== '' && (await session.find(state.pathOf(historyName(id)))) !== undefined;
}

/** Without the id, so that what the finished upload has kept in the trash stays. */
function onlyNames(intent: Intent): Intent {
  return { ...intent, id: '' };
}

/** Whether an interrupted upload left its marks. */
export async function isBroken(state: StateFolder | undefined): Promise<boolean> {
  if (!state) return false;
  const marks = await Promise.all([state.has(journalName), state.has(intentName)]);
  return marks.includes(true);
}
