import type { RemoteConnection } from '../remote/connection';
import { RemoteError } from '../remote/errors';
import { inMemory, isRewritten, nameThere, renamedIn } from './alias';
import { CarryOut } from './carryOut';
import { readDeployed } from './download';
import type { RecoveryReport } from './journal';
import type { Alias } from './manifest';
import type { ConflictReason, LocalFile, Modes } from './plan';
import { afterRecovery } from './refused';
import { digestOf, look, type DeployedStat, type ReadStamp, type RemoteStamp } from './remoteLook';
import { asSent, isProgram } from './scan';
import { StateFolder } from './stateFolder';
import { survey } from './survey';
import { resolveTargetFolder } from './targetFolder';
import { recoverUnder } from './recover';

export interface WriteOptions {
  /** The target's `path`. */
  readonly remotePath: string;
  /** The file's local path, relative to the document root. */
  readonly path: string;
  /** As it is called and written here; a script gets Unix line ends on the way. */
  readonly content: Uint8Array;
  /** The look of what is edited: where another file is there by now, nothing is done. Undefined: there must be none. */
  readonly base: RemoteStamp | undefined;
  /** Hex SHA-256 of what was read of it; absent where that is not known. */
  readonly baseSha256?: string | undefined;
  readonly dispatcher?: string | undefined;
  readonly modes?: Modes | undefined;
  readonly tryPrograms?: boolean;
  readonly signal?: AbortSignal;
}

/** The new file's look, with the content as it is read from there. */
export interface WriteReport extends ReadStamp {
  /** The deploy's name in the history; undefined where the content was there already. */
  readonly id: string | undefined;
  readonly notes: readonly string[];
}

/** The file on the server is not the one that was edited. */
export class ChangedMeanwhile extends Error {
  override readonly name = 'ChangedMeanwhile';
}

/**
 * Replaces one file of the server by an edited one, with all the care of an upload: under the lock, by temporary name and rename, with its
 * permissions, the old one kept for a roll back. It stays somebody's edit on the server: where the project's own file is another, the next
 * upload finds a conflict. Throws ChangedMeanwhile, RemoteError, DispatcherFault.
 */
export async function writeDeployed(
  connection: RemoteConnection,
  options: WriteOptions,
): Promise<WriteReport> {
  const session = await connection.sftp();
  const target = await resolveTargetFolder(session, options.remotePath);
  const state = await StateFolder.open(session, target, true);
  const lock = await state.lock();
  let recovered: RecoveryReport | undefined;
  try {
    recovered = await recoverUnder({ session, state, target });
    const inventory = await state.inventory();
    const { alias } = inventory;
    const there = nameThere(options.path, alias);
    await refuseOthers(connection, options, await look(session, target, there));
    const local = localFile(there, options, alias);
    const scope = { target, local: new Map([[there, local]]), only: [there], overwrite: [there] };
    const seen = await survey(session, { ...scope, modes: options.modes }, inventory);
    const [conflict] = seen.plan.conflicts;
    if (conflict) throw notWritable(options.path, conflict.reason);
    const parts = { connection, session, state, lock, inventory, what: { kind: 'upload' } as const };
    const { modes, tryPrograms, signal } = options;
    const dispatcher = alias?.to ?? options.dispatcher;
    const work = new CarryOut(parts, {
      localRoot: '/nowhere',
      target,
      dispatcher,
      modes,
      tryPrograms,
      signal,
    });
    const { id, notes = [] } = await work.run({ ...seen, unclaimed: new Set([there]) });
    const after = await look(session, target, there);
    const { size, mtime } = after ?? { size: local.size, mtime: 0 };
    return { id, notes, size, mtime, sha256: digestOf(asSent(Buffer.from(options.content))) };
  } catch (error) {
    throw await afterRecovery(session, error, recovered);
  } finally {
    await lock.release();
  }
}

function localFile(there: string, { path, content }: WriteOptions, alias: Alias | undefined): LocalFile {
  const own = isRewritten(path, alias) ? renamedIn(content, alias.from, alias.to) : content;
  const sent = asSent(Buffer.from(own));
  return inMemory({ path: there, executable: isProgram(path, sent) }, sent);
}

async function refuseOthers(
  connection: RemoteConnection,
  { remotePath, path, base, baseSha256 }: WriteOptions,
  now: DeployedStat | undefined,
): Promise<void> {
  if (now?.size !== base?.size || now?.mtime !== base?.mtime) throw changed(path, now !== undefined);
  if (!now || baseSha256 === undefined) return;
  // Within one second, and of the same length: only the content tells.
  const present = await readDeployed(connection, remotePath, path);
  if (digestOf(present) !== baseSha256) throw changed(path, true);
}

function changed(path: string, exists: boolean): ChangedMeanwhile {
  const what = exists ? 'was changed on the server' : 'was removed on the server';
  return new ChangedMeanwhile(`${path} ${what} since it was opened. Nothing was written there.`);
}

function notWritable(path: string, reason: ConflictReason): RemoteError {
  const why =
    reason === 'behind-link' ? 'lies behind a link, which may lead out of the site' : 'is no plain file';
  return new RemoteError('not-supported', `${path} ${why}: it is not written from here.`, { path });
}
