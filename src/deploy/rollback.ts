import type { RemoteConnection } from '../remote/connection';
import { RemoteError } from '../remote/errors';
import type { SftpSession } from '../remote/sftp';
import { CarryOut } from './carryOut';
import { historyName, parseEntry, type FileState, type HistoryEntry } from './history';
import type { Alias } from './manifest';
import {
  groupFor,
  makePlan,
  type Conflict,
  type LocalFile,
  type Manifest,
  type Plan,
  type Transfer,
} from './plan';
import type { RecoveryReport } from './journal';
import { afterRecovery, asBefore, explained } from './refused';
import { forEachLimited, hashRemoteFile } from './remoteFiles';
import type { UploadProgress } from './stage';
import { StateFolder, type Inventory } from './stateFolder';
import { stoppable } from './stoppable';
import { survey, type Survey } from './survey';
import { resolveTargetFolder } from './targetFolder';
import { recoverUnder } from './recover';

/** A state of the site that can be brought back. */
export interface Release {
  readonly entry: HistoryEntry;
  /** The newest: nothing to roll back to. */
  readonly current: boolean;
}

export interface RollbackOptions {
  /** The target's `path`. */
  readonly remotePath: string;
  /** The release to go back to; absent: the one before the newest. */
  readonly to?: string;
  /** Relative to the target: it is switched last. */
  readonly dispatcher?: string;
  /** Plan only. */
  readonly dryRun?: boolean;
  /** Replace what somebody else changed since, too (it is kept in the trash). */
  readonly overwrite?: boolean;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: UploadProgress) => void;
}

export interface RollbackReport {
  /** The release whose state the site has now; undefined: the state before the first upload. */
  readonly release: HistoryEntry | undefined;
  /** What was undone, newest first. */
  readonly undone: readonly HistoryEntry[];
  readonly restored: readonly string[];
  readonly removed: readonly string[];
  readonly conflicts: readonly Conflict[];
  readonly plan: Plan;
  readonly dryRun: boolean;
  /** An interrupted upload that was finished or undone first. */
  readonly recovered: RecoveryReport | undefined;
}

/** What is on a server. */
export interface Deployed {
  /** The last deploy; undefined where nothing was ever deployed. */
  readonly entry: HistoryEntry | undefined;
  readonly files: Manifest;
  /** The name that the dispatcher bears there, where it is not its own. */
  readonly alias?: Alias | undefined;
}

/** The uploads and rollbacks of a target whose state can be brought back, newest first. */
export async function listReleases(connection: RemoteConnection, remotePath: string): Promise<Release[]> {
  const place = await openPlace(connection, remotePath);
  if (!place.state) return [];
  const { deploy } = await place.state.inventory();
  const chain = await readChain(place.state, deploy);
  return chain.map((entry, at) => ({ entry, current: at === 0 }));
}

/** What is deployed: the files, and when, by whom and from which commit. */
export async function whatIsDeployed(connection: RemoteConnection, remotePath: string): Promise<Deployed> {
  const { state } = await openPlace(connection, remotePath);
  if (!state) return { entry: undefined, files: new Map() };
  const { files, deploy, alias } = await state.inventory();
  return { files, alias, entry: deploy === undefined ? undefined : await readEntry(state, deploy) };
}

/**
 * Brings the state after an earlier deploy back, all of it or, on any error, nothing. It is a deploy of its own, and can be rolled back
 * itself. Throws RemoteError.
 */
export async function rollback(
  connection: RemoteConnection,
  options: RollbackOptions,
): Promise<RollbackReport> {
  const { session, state, target } = await openPlace(connection, options.remotePath);
  if (!state) throw nothingThere();
  try {
    const opened = Promise.resolve(session);
    return await stoppable(opened, options.signal, () =>
      rollbackIn(connection, { session, state, target }, options),
    );
  } catch (error) {
    throw await explained(session, error, asBefore);
  }
}

async function rollbackIn(
  connection: RemoteConnection,
  { session, state, target }: { session: SftpSession; state: StateFolder; target: string },
  options: RollbackOptions,
): Promise<RollbackReport> {
  const lock = await state.lock();
  let recovered: RecoveryReport | undefined;
  try {
    recovered = await recoverUnder({ session, state, target });
    const inventory = await state.inventory();
    const { undone, release } = chosen(await readChain(state, inventory.deploy), options.to);
    const back = await wayBack({ session, state, target, inventory }, undone, options.overwrite ?? false);
    const what = {
      kind: 'rollback',
      ...(release ? { restores: release.id, commit: release.commit } : {}),
    } as const;
    if (options.dryRun !== true) {
      const parts = { connection, session, state, lock, inventory, what };
      await new CarryOut(parts, { ...options, localRoot: '/nowhere', target }).run(back);
    }
    return reportOf({ plan: back.plan, release, undone, recovered }, options.dryRun ?? false);
  } catch (error) {
    throw await afterRecovery(session, error, recovered);
  } finally {
    await lock.release();
  }
}

function reportOf(
  of: Pick<RollbackReport, 'plan' | 'release' | 'undone' | 'recovered'>,
  dryRun: boolean,
): RollbackReport {
  const restored = [...of.plan.create, ...of.plan.change].map(({ path }) => path);
  return { ...of, dryRun, restored, removed: of.plan.delete, conflicts: of.plan.conflicts };
}

async function openPlace(connection: RemoteConnection, remotePath: string) {
  const session = await connection.sftp();
  const target = await resolveTargetFolder(session, remotePath);
  return { session, target, state: await StateFolder.open(session, target, false) };
}

/** Deploys from the newest back, as far as they are remembered. */
async function readChain(state: StateFolder, newest: string | undefined): Promise<HistoryEntry[]> {
  const chain: HistoryEntry[] = [];
  const seen = new Set<string>();
  for (let id = newest; id !== undefined && !seen.has(id); id = chain.at(-1)?.previous) {
    seen.add(id);
    const entry = await readEntry(state, id);
    if (!entry) break;
    chain.push(entry);
  }
  return chain;
}

async function readEntry(state: StateFolder, id: string): Promise<HistoryEntry | undefined> {
  const text = /^[\w-]+$/.test(id) ? await state.read(historyName(id)) : undefined;
  return text === undefined ? undefined : parseEntry(text);
}

function chosen(
  chain: readonly HistoryEntry[],
  to: string | undefined,
): { undone: readonly HistoryEntry[]; release: HistoryEntry | undefined } {
  if (chain.length === 0) throw nothingThere();
  const at = to === undefined ? 1 : chain.findIndex(({ id }) => id === to);
  if (at < 0) throw unknownRelease(to ?? '');
  return { undone: chain.slice(0, at), release: chain[at] };
}

interface Place {
  readonly session: SftpSession;
  readonly state: StateFolder;
  readonly target: string;
  readonly inventory: Inventory;
}

/** The plan that leads back: for each path, what the oldest of the undone deploys had found there. */
async function wayBack(place: Place, undone: readonly HistoryEntry[], overwrite: boolean): Promise<Survey> {
  const { session, target, inventory } = place;
  const wanted = new Map<string, { before: FileState | null; source: string }>();
  for (const { id, changes } of undone) {
    for (const { path, before } of changes) {
      wanted.set(path, { before, source: place.state.trashPath(id, path) });
    }
  }
  const { local, groups } = await keptFiles(session, wanted);
  const files = new Map([...inventory.files].filter(([path]) => wanted.has(path)));
  const scope = { target, local, only: [...wanted.keys()], overwrite };
  const seen = await survey(session, scope, { files });
  const back = (transfer: Transfer): Transfer => {
    const mode = (wanted.get(transfer.path)?.before?.mode ?? transfer.mode) & ~0o7022;
    const group = groupFor(mode, transfer.replaces?.gid ?? groups.get(transfer.path));
    return { ...transfer, mode, group, source: wanted.get(transfer.path)?.source ?? '' };
  };
  const plan = makePlan(seen.input);
  return {
    ...seen,
    manifest: inventory.files,
    plan: { ...plan, create: plan.create.map(back), change: plan.change.map(back) },
  };
}

/** What was kept, as if it lay here, and its groups. Throws where something is missing. */
async function keptFiles(
  session: SftpSession,
  wanted: ReadonlyMap<string, { before: FileState | null; source: string }>,
): Promise<{ local: Map<string, LocalFile>; groups: Map<string, number> }> {
  const local = new Map<string, LocalFile>();
  const groups = new Map<string, number>();
  await forEachLimited(wanted, session.concurrency / 4, async ([path, { before, source }]) => {
    if (!before) return;
    const found = await session.find(source);
    if (found?.size !== before.size) throw notKept(path);
    const sha256 = before.sha256 ?? (await hashRemoteFile(session, source));
    groups.set(path, found.gid);
    local.set(path, { path, size: before.size, sha256, executable: (before.mode & 0o100) !== 0 });
  });
  return { local, groups };
}

function nothingThere(): RemoteError {
  return new RemoteError(
    'no-such-file',
    'Nothing is remembered of this target: there is no upload that could be taken back.',
  );
}

function unknownRelease(id: string): RemoteError {
  return new RemoteError('no-such-file', `There is no release "${id}" that could be brought back.`);
}

function notKept(path: string): RemoteError {
  return new RemoteError(
    'no-such-file',
    `The earlier ${path} is no longer kept on the server, so this release cannot be brought back. Nothing was changed.`,
    { path },
  );
}
