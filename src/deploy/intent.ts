import type { SftpSession } from '../remote/sftp';
import { isRecord } from './manifest';
import { isStagingName, nameOf } from './names';
import { forEachLimited, ignoreMissing, removeTree, writeNew } from './remoteFiles';
import type { RecoveryReport } from './journal';
import type { StateFolder } from './stateFolder';

/** What an upload is about to create, so that whoever comes next can remove it. All paths are absolute. */
export interface Intent {
  readonly id: string;
  /** Temporary files beside live ones. */
  readonly files: readonly string[];
  /** Temporary folders, which hold nothing but new content. */
  readonly folders: readonly string[];
}

/** The note's name in the state folder. */
export const intentName = 'intent.json';

/** Notes it before the first temporary exists. Written straight: while it is incomplete there is nothing to remove. */
export async function noteIntent(session: SftpSession, state: StateFolder, intent: Intent): Promise<void> {
  await writeNew(session, state.pathOf(intentName), { text: intentText(intent), mode: 0o600 });
}

/** The note's text, one line. */
export function intentText(intent: Intent): string {
  return JSON.stringify({ version: 1, ...intent });
}

/** Forgets it: the upload is done, or undone. */
export function forgetIntent(state: StateFolder): Promise<void> {
  return state.remove(intentName);
}

/** What a dead upload was about to do; undefined where there was none. */
export async function readIntent(state: StateFolder): Promise<Intent | undefined> {
  const text = await state.read(intentName);
  return text === undefined ? undefined : (parseIntent(text) ?? { id: '', files: [], folders: [] });
}

function parseIntent(text: string): Intent | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (!isRecord(value) || typeof value['id'] !== 'string') return undefined;
    const files = temporaries(value['files']);
    const folders = temporaries(value['folders']);
    return files && folders && { id: value['id'], files, folders };
  } catch {
    return undefined;
  }
}

/** Only names of our own: whatever a damaged file says, nobody's file is removed by it. */
function temporaries(value: unknown): readonly string[] | undefined {
  if (!Array.isArray(value)) return undefined;
  return value.filter((path): path is string => typeof path === 'string' && isStagingName(nameOf(path)));
}

/** Removes all that a dead upload left, except files that the next one continues. */
export async function undoIntent(
  of: { session: SftpSession; state: StateFolder },
  intent: Intent,
  keep: ReadonlySet<string> = new Set(),
): Promise<RecoveryReport | undefined> {
  const { session, state } = of;
  const files = intent.files.filter((path) => !keep.has(path));
  await forEachLimited(files, session.concurrency, (path) => session.unlink(path).catch(ignoreMissing));
  for (const folder of intent.folders) await removeTree(session, folder);
  if (intent.id !== '') await removeTree(session, state.trashPath(intent.id, ''));
  await forgetIntent(state);
  return intent.id === '' ? undefined : { id: intent.id, outcome: 'undone', completed: [], lost: [] };
}
