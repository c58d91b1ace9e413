import { randomBytes } from 'node:crypto';
import { hasReason, RemoteError } from '../remote/errors';
import type { SftpSession } from '../remote/sftp';
import type { Removal } from './journal';
import { folderOf, stagingPath } from './names';
import { allOf, forEachLimited, ignoreMissing, remotePieces, replaceRemote } from './remoteFiles';

/** Renames into the trash; where that lies on another file system, copies first. */
export async function moveToTrash(session: SftpSession, { from, to }: Removal): Promise<void> {
  try {
    await session.rename(from, to);
  } catch (error) {
    if (hasReason(error, 'no-such-file')) {
      if (!(await session.find(from))) return;
      throw noPlace(to, error);
    }
    if (hasReason(error, 'permission-denied')) throw notRemoved(from, error);
    if (!hasReason(error, 'failure')) throw error;
    await copyRemote(session, from, to);
    await session.unlink(from).catch((refusal: unknown) => {
      if (hasReason(refusal, 'permission-denied')) throw notRemoved(from, refusal);
      ignoreMissing(refusal);
    });
  }
}

/** On a full disk no folder can be made. */
function noPlace(path: string, cause: RemoteError): RemoteError {
  return new RemoteError('no-such-file', `There is no folder on the server to keep ${path} in.`, {
    path,
    cause,
  });
}

function notRemoved(path: string, cause: RemoteError): RemoteError {
  return new RemoteError(
    'permission-denied',
    `This account may not remove ${path}. Correct the owner or the mode of its folder (chmod u+w), or keep the file here too.`,
    { path, cause },
  );
}

/** Copies a file, with its mode and its time, through this machine: for what cannot be renamed or linked. */
export async function copyRemote(session: SftpSession, from: string, to: string): Promise<void> {
  await session.unlink(to).catch(ignoreMissing);
  const { mode, mtime } = await session.stat(from);
  const handle = await session.open(to, 'new', 0o600);
  const requests: Promise<void>[] = [];
  try {
    let position = 0;
    for await (const piece of remotePieces(session, from)) {
      requests.push(session.write(handle, piece, position, to));
      position += piece.length;
      if (requests.length >= 32) await allOf(requests.splice(0));
    }
    await allOf(requests.splice(0));
    await session.fsetstat(handle, { mode, atime: mtime, mtime }, to);
  } finally {
    await allOf([...requests, session.closeHandle(handle, to)]);
  }
}

/** Creates private folders, with those above them as far as they lie below `base`, which exists. */
export async function makeFolders(
  session: SftpSession,
  base: string,
  paths: Iterable<string>,
): Promise<void> {
  const wanted = new Set<string>();
  for (const path of paths) {
    for (let at = path; at.length > base.length && at.startsWith(base); at = folderOf(at)) wanted.add(at);
  }
  // Shorter paths first, so that parents come before what is in them; all at once where the server keeps the order.
  const folders = [...wanted].sort((one, other) => one.length - other.length);
  await forEachLimited(folders, session.inOrder ? session.concurrency : 1, (path) =>
    session.mkdir(path, 0o700).catch((error: unknown) => {
      // It is there already.
      if (!hasReason(error, 'failure')) throw error;
    }),
  );
}

/** Of a kept file; where it is kept on another file system, a copy takes its place. One that is back already stays. */
export async function putBack(session: SftpSession, kept: string, to: string): Promise<void> {
  try {
    await replaceRemote(session, kept, to);
  } catch (error) {
    if (hasReason(error, 'no-such-file')) return;
    if (!hasReason(error, 'failure')) throw error;
    const copy = stagingPath(to, randomBytes(4).toString('hex'));
    await copyRemote(session, kept, copy);
    await replaceRemote(session, copy, to);
  }
}
