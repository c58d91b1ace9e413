import { createHash, randomBytes } from 'node:crypto';
import { hasReason, RemoteError } from '../remote/errors';
import type { SftpSession } from '../remote/sftp';
import { folderOf, joinRemote, nameOf, stagingPath } from './names';

const pieceSize = 32_768;
const readAhead = 16;

/** The content of a remote file; throws RemoteError 'failure' above `limit` bytes (16 MiB by default). */
export async function readRemoteFile(
  session: SftpSession,
  path: string,
  limit = 16 * 1024 * 1024,
): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of remotePieces(session, path)) {
    size += piece.length;
    if (size > limit) throw new RemoteError('failure', `${path} is larger than ${limit} bytes.`, { path });
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

/** Hex SHA-256 of a remote file. */
export async function hashRemoteFile(session: SftpSession, path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of remotePieces(session, path)) hash.update(piece);
  return hash.digest('hex');
}

/** Reads in order with several requests on the way. A short answer before the end is completed by asking again. */
async function* remotePieces(session: SftpSession, path: string): AsyncGenerator<Buffer, void, void> {
  const handle = await session.open(path, 'read');
  try {
    for (let position = 0; ;) {
      const starts = Array.from(
        { length: position === 0 ? 2 : readAhead },
        (_, index) => position + index * pieceSize,
      );
      const pieces = await Promise.all(starts.map((start) => session.read(handle, start, pieceSize, path)));
      for (const piece of pieces) {
        yield piece;
        position += piece.length;
        if (piece.length < pieceSize) break;
      }
      if (pieces.some((piece) => piece.length === 0)) return;
    }
  } finally {
    await session.closeHandle(handle, path).catch(() => undefined);
  }
}

/** Puts one file over another in one step where the server can. Elsewhere the old one is moved aside first and removed last. */
export async function replaceRemote(session: SftpSession, from: string, to: string): Promise<void> {
  if (session.supports('posix-rename@openssh.com')) return session.posixRename(from, to);
  try {
    await session.rename(from, to);
  } catch (error) {
    if (!hasReason(error, 'failure')) throw error;
    await replaceByStepping(session, from, to);
  }
}

async function replaceByStepping(session: SftpSession, from: string, to: string): Promise<void> {
  const aside = joinRemote(folderOf(to), `.${nameOf(to)}.00000000.up~`);
  await session.unlink(aside).catch(() => undefined);
  await session.rename(to, aside);
  try {
    await session.rename(from, to);
  } catch (error) {
    await session.rename(aside, to);
    throw error;
  }
  await session.unlink(aside).catch(() => undefined);
}

/** Writes a small file so that it is there whole or not at all. */
export async function writeRemoteFile(
  session: SftpSession,
  path: string,
  content: { readonly text: string; readonly mode: number },
): Promise<void> {
  const temporary = stagingPath(path, randomBytes(4).toString('hex'));
  try {
    await writeNew(session, temporary, content);
    await replaceRemote(session, temporary, path);
  } catch (error) {
    await session.unlink(temporary).catch(() => undefined);
    throw error;
  }
}

async function writeNew(
  session: SftpSession,
  path: string,
  content: { readonly text: string; readonly mode: number },
): Promise<void> {
  const handle = await session.open(path, 'new', content.mode);
  try {
    const bytes = Buffer.from(content.text);
    for (let at = 0; at < bytes.length; at += session.writeSize) {
      await session.write(handle, bytes.subarray(at, at + session.writeSize), at, path);
    }
    await session.fsync(handle, path);
  } finally {
    // Once only: a server gives a closed handle's number to the next file that is opened.
    await session.closeHandle(handle, path);
  }
}

/** For unlink and rmdir: that there is nothing to remove is fine. */
export function ignoreMissing(error: unknown): void {
  if (!hasReason(error, 'no-such-file')) throw error;
}

/** Runs work on many items, at most `width` at a time. The first error stops new work and is thrown once all that runs has ended. */
export async function forEachLimited<T>(
  items: Iterable<T>,
  width: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const queue = items[Symbol.iterator]();
  const failures: unknown[] = [];
  const worker = async () => {
    for (let next = queue.next(); next.done !== true && failures.length === 0; next = queue.next()) {
      await work(next.value).catch((error: unknown) => failures.push(error));
    }
  };
  await Promise.all(Array.from({ length: width }, worker));
  if (failures.length > 0) throw failures[0];
}
