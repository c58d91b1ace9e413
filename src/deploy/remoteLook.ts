import { createHash } from 'node:crypto';
import type { RemoteConnection } from '../remote/connection';
import { hasReason, RemoteError } from '../remote/errors';
import type { SftpSession } from '../remote/sftp';
import { nameHere, nameThere } from './alias';
import { readDeployed } from './download';
import type { Alias } from './manifest';
import { isOwnTemporaryName, joinRemote } from './names';
import { StateFolder } from './stateFolder';
import { resolveTargetFolder } from './targetFolder';

/** What a file on the server looks like: two looks with the same stamp saw the same file. */
export interface RemoteStamp {
  readonly size: number;
  /** Whole seconds since 1970 by the server's clock. */
  readonly mtime: number;
}

/** A file or folder of a target. */
export interface DeployedStat extends RemoteStamp {
  readonly kind: 'file' | 'directory' | 'other';
  /** It is a link, or there is one on the way to it: it may lie outside the site, and is not written. */
  readonly linked: boolean;
}

/** A look at a file with its content. */
export interface ReadStamp extends RemoteStamp {
  /** Hex SHA-256 of the content as it is here. */
  readonly sha256: string;
}

/** A file or folder by its local path; undefined where there is none. Throws RemoteError. */
export async function statDeployed(
  connection: RemoteConnection,
  remotePath: string,
  path: string,
): Promise<DeployedStat | undefined> {
  const { session, target, alias } = await openPlace(connection, remotePath);
  return look(session, target, nameThere(path, alias));
}

/** The content of one file with the look of it just before. Throws RemoteError. */
export async function readStamped(
  connection: RemoteConnection,
  remotePath: string,
  path: string,
): Promise<{ readonly content: Buffer; readonly stamp: ReadStamp }> {
  const stat = await statDeployed(connection, remotePath, path);
  if (!stat) throw new RemoteError('no-such-file', `There is no ${path} on the server.`, { path });
  const content = await readDeployed(connection, remotePath, path);
  return { content, stamp: { size: stat.size, mtime: stat.mtime, sha256: digestOf(content) } };
}

/** Hex SHA-256. */
export function digestOf(content: Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

/** What a folder of a target holds, by local names, folders first; without names that cannot be told apart here. Throws RemoteError. */
export async function listDeployed(
  connection: RemoteConnection,
  remotePath: string,
  folder: string,
): Promise<readonly { readonly name: string; readonly folder: boolean }[]> {
  const { session, target, alias } = await openPlace(connection, remotePath);
  const entries = await session.readdir(joinRemote(target, folder));
  const prefix = folder === '' ? '' : `${folder}/`;
  return entries
    .filter(({ name }) => !name.includes('\uFFFD') && !isOwnTemporaryName(name))
    .flatMap(({ name, kind }) => {
      const here = nameHere(prefix + name, alias);
      return here === undefined ? [] : [{ name: here.slice(prefix.length), folder: kind === 'directory' }];
    })
    .sort((one, other) => Number(other.folder) - Number(one.folder) || (one.name < other.name ? -1 : 1));
}

async function openPlace(
  connection: RemoteConnection,
  remotePath: string,
): Promise<{ session: SftpSession; target: string; alias: Alias | undefined }> {
  const session = await connection.sftp();
  const target = await resolveTargetFolder(session, remotePath);
  const state = await StateFolder.open(session, target, false);
  return { session, target, alias: (await state?.inventory())?.alias };
}

/** The same by the path on the server. */
export async function look(
  session: SftpSession,
  target: string,
  path: string,
): Promise<DeployedStat | undefined> {
  const segments = path.split('/');
  const ways = segments.map((_, index) => joinRemote(target, segments.slice(0, index + 1).join('/')));
  const looks = await Promise.all(ways.map((way) => session.lstat(way).catch(ignoreAbsent)));
  const linked = looks.some((one) => one?.kind === 'link');
  const stat = linked ? await session.stat(joinRemote(target, path)).catch(ignoreAbsent) : looks.at(-1);
  if (!stat) return undefined;
  const kind = stat.kind === 'file' || stat.kind === 'directory' ? stat.kind : 'other';
  return { kind, linked, size: stat.size, mtime: stat.mtime };
}

/** "Failure" is what a server says of a path that goes through a file. */
function ignoreAbsent(error: unknown): undefined {
  if (!hasReason(error, 'no-such-file', 'failure')) throw error;
  return undefined;
}
