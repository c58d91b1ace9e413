import { hasReason } from '../remote/errors';
import type { SftpSession } from '../remote/sftp';
import { folderOf, joinRemote, keepPath, keptSince, nameOf } from './names';

const day = 86_400;
const alwaysKept = 5;

/**
 * Gives a dispatcher's present file a second name. mod_fcgid knows programs by inode, and file systems reuse freed inodes at once: without
 * this, old processes answer for a new file (measured: 17 of 20 deploys). Returns the name, or undefined where the server has no hard
 * links or there is no file yet.
 */
export async function keepOldInode(session: SftpSession, dispatcher: string): Promise<string | undefined> {
  if (!session.supports('hardlink@openssh.com')) return undefined;
  const name = keepPath(dispatcher, Math.floor(Date.now() / 1000));
  try {
    await session.hardlink(dispatcher, name);
    return name;
  } catch (error) {
    // Some servers announce the extension and refuse it; then releases by rename still work, with the risk told to the user.
    if (hasReason(error, 'no-such-file', 'failure', 'not-supported', 'permission-denied')) return undefined;
    throw error;
  }
}

/** Removes kept names older than a day, but never the newest five: under mod_fcgid old processes may live for ever. Returns how many went. */
export async function pruneKeeps(session: SftpSession, dispatcher: string, all = false): Promise<number> {
  const now = Date.now() / 1000;
  const kept = (await session.readdir(folderOf(dispatcher)))
    .map(({ name }) => ({ name, since: keptSince(name, nameOf(dispatcher)) }))
    .filter((one): one is { name: string; since: number } => one.since !== undefined)
    .sort((one, other) => other.since - one.since);
  const old = all ? kept : kept.slice(alwaysKept).filter(({ since }) => now - since > day);
  await Promise.all(
    old.map(({ name }) => session.unlink(joinRemote(folderOf(dispatcher), name)).catch(() => undefined)),
  );
  return old.length;
}
