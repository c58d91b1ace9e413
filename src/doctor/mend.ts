import { keepOldInode } from '../deploy/keep';
import { groupFor } from '../deploy/plan';
import { readRemoteFile, writeRemoteFile } from '../deploy/remoteFiles';
import { fixedText } from '../dispatcher';
import type { Fix } from '../errorlog';
import type { RemoteConnection } from '../remote/connection';
import { loginPath } from '../remote/loginPath';
import type { SftpSession } from '../remote/sftp';
import { byteStringOf, bytesOf } from '../text/bytes';

/** A fix that changes one file of the server, and nothing else. */
export type ServerFix = Extract<Fix, { readonly kind: 'to-lf' | 'without-bom' | 'set-mode' }> & {
  readonly path: string;
};

/** Most bytes of a script. */
const LIMIT = 4 * 1024 * 1024;

/** Whether a fix names a file of the server that can be mended there. */
export function isServerFix(fix: Fix): fix is ServerFix {
  const kinds: readonly Fix['kind'][] = ['to-lf', 'without-bom', 'set-mode'];
  return kinds.includes(fix.kind) && 'path' in fix && fix.path !== undefined;
}

/**
 * Mends a file on the server: its permission; or its bytes, as a new file that takes its place with the same permission. So does a program
 * that becomes executable: mod_fcgid knows programs by inode, and lets one that ended again and again wait for up to a minute (measured).
 * `root` is the site's folder, for a path that names none. Gives whether anything changed. Throws RemoteError.
 */
export async function mendOnServer(
  connection: RemoteConnection,
  fix: ServerFix,
  root: string,
): Promise<boolean> {
  const session = await connection.sftp();
  // A link is left as it is: the file behind it is replaced.
  const path = await session.realpath(fix.path.startsWith('/') ? fix.path : `${loginPath(root)}/${fix.path}`);
  const { mode, gid } = await session.stat(path);
  const now = mode & 0o7777;
  if (fix.kind === 'set-mode') return setMode(session, { path, now, gid }, fix.mode);
  const before = byteStringOf(await readRemoteFile(session, path, LIMIT));
  const after = fixedText(before, { kind: fix.kind, title: '' });
  if (after === before) return false;
  await putAnew(session, { path, now, gid }, bytesOf(after));
  return true;
}

interface Place {
  /** Of a file that is no link. */
  readonly path: string;
  /** Its permission bits. */
  readonly now: number;
  readonly gid: number | undefined;
}

async function setMode(session: SftpSession, place: Place, mode: number): Promise<boolean> {
  const { path, now } = place;
  if (now === mode) return false;
  await session.setstat(path, { mode });
  if (isProgram(path) && (now & 0o111) === 0)
    await putAnew(session, { ...place, now: mode }, await readRemoteFile(session, path, LIMIT));
  return true;
}

async function putAnew(session: SftpSession, { path, now, gid }: Place, text: Uint8Array): Promise<void> {
  if (isProgram(path)) await keepOldInode(session, path);
  await writeRemoteFile(session, path, { text, mode: now, group: groupFor(now, gid) });
}

const isProgram = (path: string): boolean => /\.f?cgi$/i.test(path);
