import { createHash, randomBytes } from 'node:crypto';
import type { RemoteConnection } from '../remote/connection';
import { hasReason, RemoteError } from '../remote/errors';
import { shellScript } from '../remote/shell';
import type { SftpSession } from '../remote/sftp';
import { joinRemote, stagingPath } from './names';

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

/** The same of its first bytes: by the server itself where it has a shell, else by reading them. */
export async function hashOfRemoteStart(
  connection: RemoteConnection,
  path: string,
  bytes: number,
): Promise<string> {
  if (await connection.hasShell()) {
    const script = 'head -c "$2" <"$1" | sha256sum';
    const timeout = 600_000;
    const { stdout } = await connection.exec(shellScript(script, [path, String(bytes)]), { timeout });
    const [hash] = /^[0-9a-f]{64}/.exec(stdout) ?? [];
    if (hash !== undefined) return hash;
  }
  const hash = createHash('sha256');
  let left = bytes;
  for await (const piece of remotePieces(await connection.sftp(), path)) {
    hash.update(piece.subarray(0, left));
    left -= piece.length;
    if (left <= 0) break;
  }
  return hash.digest('hex');
}

/** Reads in order with several requests on the way. A short answer before the end is completed by asking again. */
export async function* remotePieces(
  session: SftpSession,
  path: string,
  from = 0,
): AsyncGenerator<Buffer, void, void> {
  const handle = await session.open(path, 'read');
  try {
    for (let position = from; ;) {
      const starts = Array.from({ length: readAhead }, (_, index) => position + index * pieceSize);
      const pieces = await Promise.all(starts.map((start) => session.read(handle, start, pieceSize, path)));
      for (const piece of pieces) {
        yield piece;
        position += piece.length;
        if (piece.length < pieceSize) break;
      }
      if (pieces.some((piece) => piece.length === 0)) return;
    }
  } finally {
    // Not awaited: the answer tells nothing, and a lost connection has closed it anyway.
    session.closeHandle(handle, path).catch(() => undefined);
  }
}

/** How files are replaced over connections whose SFTP server cannot do it in one step. */
const movers = new WeakMap<SftpSession, RemoteConnection>();

/**
 * Whether files can be replaced in one step: by the SFTP server, or else by the account's shell, which is then used for it. Where neither
 * can, there is a moment in which the file is missing; of a .htaccess that is a moment in which sources may be shown.
 */
export async function replacesAtOnce(connection: RemoteConnection, session: SftpSession): Promise<boolean> {
  if (session.supports('posix-rename@openssh.com')) return true;
  if (!(await connection.hasShell())) return false;
  movers.set(session, connection);
  return true;
}

/** Puts one file over another in one step where that is possible. Elsewhere the old one is moved aside first and removed last. */
export async function replaceRemote(session: SftpSession, from: string, to: string): Promise<void> {
  if (session.supports('posix-rename@openssh.com')) return session.posixRename(from, to);
  const shell = movers.get(session);
  if (shell) return moveByShell(shell, from, to);
  try {
    await session.rename(from, to);
  } catch (error) {
    if (!hasReason(error, 'failure')) throw error;
    await replaceByStepping(session, from, to);
  }
}

async function moveByShell(connection: RemoteConnection, from: string, to: string): Promise<void> {
  // The word tells: the status of a command that ends at once may come before anybody listens.
  const script = 'mv -f -- "$1" "$2" && echo __moved__';
  const { stdout, stderr } = await connection.exec(shellScript(script, [from, to]));
  if (stdout.includes('__moved__')) return;
  const reason = /permission denied/i.test(stderr) ? 'permission-denied' : 'failure';
  throw new RemoteError(reason, `Could not replace ${to}: ${stderr.trim().slice(0, 300)}`, { path: to });
}

/** Where a server that cannot rename over a file keeps the old one for a moment. */
export function asidePath(path: string): string {
  return stagingPath(path, '00000000');
}

async function replaceByStepping(session: SftpSession, from: string, to: string): Promise<void> {
  const aside = asidePath(to);
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
  content: NewContent,
): Promise<void> {
  const temporary = await stageRemoteFile(session, path, content);
  try {
    await replaceRemote(session, temporary, path);
  } catch (error) {
    await session.unlink(temporary).catch(() => undefined);
    throw error;
  }
}

/** The first half of it: gives the temporary name, to be renamed by `replaceRemote`. */
export async function stageRemoteFile(
  session: SftpSession,
  path: string,
  content: NewContent,
): Promise<string> {
  const temporary = stagingPath(path, randomBytes(4).toString('hex'));
  try {
    await writeNew(session, temporary, content);
    if (content.group !== undefined) await giveGroup(session, temporary, content.group);
    return temporary;
  } catch (error) {
    await session.unlink(temporary).catch(() => undefined);
    throw error;
  }
}

/** A small file to be written. */
export interface NewContent {
  readonly text: string | Uint8Array;
  readonly mode: number;
  /** Number of its group; the account's where absent, or where the account may not give it. */
  readonly group?: number | undefined;
  /** Seconds since 1970; the server's clock where absent. */
  readonly mtime?: number;
}

/** Gives a file of ours another group. False where the account may not. */
export async function giveGroup(session: SftpSession, path: string, gid: number): Promise<boolean> {
  const now = await session.lstat(path);
  if (now.gid === gid) return true;
  try {
    await session.setstat(path, { uid: now.uid, gid });
    return true;
  } catch (error) {
    if (hasReason(error, 'connection-lost', 'timeout', 'cancelled')) throw error;
    return false;
  }
}

/** A file that is not there yet, all of it; not atomic. */
export async function writeNew(session: SftpSession, path: string, content: NewContent): Promise<void> {
  const handle = await session.open(path, 'new', content.mode);
  const bytes = Buffer.from(content.text);
  const requests: Promise<void>[] = [];
  for (let at = 0; at < bytes.length; at += session.writeSize) {
    requests.push(session.write(handle, bytes.subarray(at, at + session.writeSize), at, path));
  }
  if (!session.inOrder) await allOf(requests.splice(0));
  const { mode, mtime } = content;
  // The account's umask may have taken away what others need.
  requests.push(
    session.fsetstat(handle, { mode, ...(mtime === undefined ? {} : { atime: mtime, mtime }) }, path),
  );
  requests.push(session.fsync(handle, path));
  if (!session.inOrder) await allOf(requests.splice(0));
  // Once only: a server gives a closed handle's number to the next file that is opened.
  requests.push(session.closeHandle(handle, path));
  await allOf(requests);
}

/** Waits for all, then throws the first failure: nothing goes on behind the back of what cleans up. */
export async function allOf(requests: readonly Promise<unknown>[]): Promise<void> {
  const settled = await Promise.allSettled(requests);
  const failed = settled.find((one) => one.status === 'rejected');
  if (failed) throw failed.reason;
}

/** Removes a folder with all that is in it; nothing where it is missing. */
export async function removeTree(session: SftpSession, path: string): Promise<void> {
  const entries = await session.readdir(path).catch((error: unknown) => {
    ignoreMissing(error);
    return undefined;
  });
  if (!entries) return;
  await forEachLimited(entries, session.concurrency / 2, async ({ name, kind }) => {
    const inside = joinRemote(path, name);
    if (kind === 'directory') await removeTree(session, inside);
    else await session.unlink(inside).catch(ignoreMissing);
  });
  await session.rmdir(path).catch(ignoreMissing);
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
  await Promise.all(Array.from({ length: Math.max(1, Math.floor(width)) }, worker));
  if (failures.length > 0) throw failures[0];
}
