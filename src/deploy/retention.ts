import type { SftpSession } from '../remote/sftp';
import { historyName } from './history';
import { removeTree } from './remoteFiles';
import type { StateFolder } from './stateFolder';

/** Deploys that can always be taken back. */
const alwaysKept = 20;
const day = 86_400_000;
/** Entries of the history, which are small, stay longer than the files. */
const entriesKept = 200;

/**
 * Removes what old deploys had replaced: beyond the newest twenty, when it is older than a day. So long at least it also keeps the inodes
 * of replaced programs in use, which mod_fcgid takes for the programs themselves. `names`: those of `historyNames`.
 */
export async function pruneHistory(
  session: SftpSession,
  state: StateFolder,
  names: readonly string[],
): Promise<void> {
  const { old, forgotten } = outdated(names);
  if (old.length > 0) {
    const trash = await session.readdir(state.pathOf('trash')).catch(() => []);
    const kept = new Set(trash.map(({ name }) => name));
    for (const id of old.map(idOf).filter((one) => kept.has(one))) {
      await removeTree(session, state.trashPath(id, ''));
    }
  }
  await Promise.all(
    forgotten.map((name) => session.unlink(state.pathOf(historyName(idOf(name)))).catch(() => undefined)),
  );
}

/** Whether there is anything for `pruneHistory` to do. */
export function isPrunable(names: readonly string[]): boolean {
  return Object.values(outdated(names)).some(({ length }) => length > 0);
}

/** Deploys whose files go, and entries that go altogether. */
function outdated(names: readonly string[], now = Date.now()): { old: string[]; forgotten: string[] } {
  const isOld = (name: string) => now - timeOf(name) > day;
  return {
    old: names
      .filter((name) => !isReload(name))
      .slice(alwaysKept)
      .filter(isOld),
    forgotten: names.slice(entriesKept).filter(isOld),
  };
}

/** Ids of reloads have an `r` that no deploy's hex digits have. */
function isReload(name: string): boolean {
  return /-r[0-9a-f]+\.json$/.test(name);
}

function idOf(name: string): string {
  return name.replace(/\.json$/, '');
}

/** The time in an id like `20261128T161052123Z-a1b2c3`; 0 where there is none, which counts as old. */
function timeOf(name: string): number {
  const parts = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)/.exec(name)?.slice(1).map(Number);
  if (!parts) return 0;
  const [year = 0, month = 1, date = 1, hour = 0, minute = 0, second = 0] = parts;
  return Date.UTC(year, month - 1, date, hour, minute, second);
}
