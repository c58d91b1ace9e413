import { keepOldInode } from '../deploy/keep';
import { groupFor } from '../deploy/plan';
import { readRemoteFile, writeRemoteFile } from '../deploy/remoteFiles';
import { fixedText } from '../dispatcher';
import type { Fix } from '../errorlog';
import type { RemoteConnection } from '../remote/connection';
import { loginPath } from '../remote/loginPath';
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
 * Mends a file on the server: its permission; or its bytes, as a new file that takes its place with the same permission. `root` is the
 * site's folder, for a path that names none. Gives whether anything changed. Throws RemoteError.
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
  if (fix.kind === 'set-mode') {
    if ((mode & 0o7777) === fix.mode) return false;
    await session.setstat(path, { mode: fix.mode });
    return true;
  }
  const before = byteStringOf(await readRemoteFile(session, path, LIMIT));
  const after = fixedText(before, { kind: fix.kind, title: '' });
  if (after === before) return false;
  if (/\.f?cgi$/i.test(path)) await keepOldInode(session, path);
  const group = groupFor(mode, gid);
  await writeRemoteFile(session, path, { text: bytesOf(after), mode: mode & 0o7777, group });
  return true;
}
