import { randomBytes } from 'node:crypto';
import type { SftpSession } from '../remote/sftp';
import { stagingPath } from './names';

/** What was learnt of a server's clock and of a file's time stamp over one connection. */
interface Known {
  /** Seconds by which the server's clock is ahead of ours. */
  readonly skew: number;
  mtime: number;
}

const known = new WeakMap<SftpSession, Map<string, Known>>();

/**
 * Gives a file a new time stamp: whole seconds by the server's clock, and always later than before, also within one second. Never more
 * in the future than that takes, for mod_fastcgi restarts a program from the future with every request. One round trip, the first time three.
 */
export async function touch(session: SftpSession, path: string): Promise<void> {
  const files = known.get(session) ?? new Map<string, Known>();
  known.set(session, files);
  const file = files.get(path) ?? (await learn(session, path));
  files.set(path, file);
  const mtime = Math.max(file.mtime + 1, Math.floor(Date.now() / 1000 + file.skew));
  // What somebody else did to it meanwhile is seen with the answer, and counts the next time.
  const [stat] = await Promise.all([session.stat(path), session.setstat(path, { atime: mtime, mtime })]);
  if (stat.mtime >= mtime) {
    file.mtime = stat.mtime + 1;
    await session.setstat(path, { atime: file.mtime, mtime: file.mtime });
  } else file.mtime = mtime;
}

async function learn(session: SftpSession, path: string): Promise<Known> {
  const [{ mtime }, now] = await Promise.all([session.stat(path), serverTime(session, path)]);
  return { mtime, skew: now - Date.now() / 1000 };
}

/** Seconds since 1970 by the server's clock: the time stamp of a file that is made and removed beside another. */
async function serverTime(session: SftpSession, path: string): Promise<number> {
  const scratch = stagingPath(path, randomBytes(4).toString('hex'));
  const handle = await session.open(scratch, 'new', 0o600);
  try {
    return (await session.fstat(handle, scratch)).mtime;
  } finally {
    await session.closeHandle(handle, scratch);
    await session.unlink(scratch).catch(() => undefined);
  }
}
