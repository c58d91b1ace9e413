import { hasReason, RemoteError } from '../remote/errors';
import type { RemoteConnection } from '../remote/connection';
import type { SftpSession } from '../remote/sftp';
import { CarryOut } from './carryOut';
import { joinRemote } from './names';
import type { Conflict, LocalFile, Plan } from './plan';
import { journalName, recoverJournal, type RecoveryReport } from './publish';
import { scanFile, scanLocal } from './scan';
import type { UploadProgress } from './stage';
import { StateFolder } from './stateFolder';
import { isWorkLeft, sameManifest, survey, type Survey, type SurveyOptions } from './survey';

export interface UploadOptions {
  readonly localRoot: string;
  /** Folder on the server: absolute, or relative to the account's home, or with `~/`. It must exist. */
  readonly remotePath: string;
  /** Patterns as in .gitignore, beside the built-in ones. */
  readonly ignore?: readonly string[];
  /** The dispatcher's path relative to `localRoot`: it is switched last. */
  readonly dispatcher?: string;
  readonly onProgress?: (progress: UploadProgress) => void;
  readonly signal?: AbortSignal;
  /** Plan only; nothing on the server is changed. */
  readonly dryRun?: boolean;
  /** Replace files that somebody else changed (they are kept in the trash). */
  readonly overwrite?: boolean;
}

export interface UploadReport {
  readonly created: readonly string[];
  readonly changed: readonly string[];
  /** Same content, corrected permissions. */
  readonly modes: readonly string[];
  readonly deleted: readonly string[];
  /** Files that were right already. */
  readonly kept: number;
  /** Files that were left alone because somebody else changed them. */
  readonly conflicts: readonly Conflict[];
  /** Bytes sent. */
  readonly bytes: number;
  readonly dryRun: boolean;
  /** An earlier, interrupted upload that was finished first. */
  readonly recovered: RecoveryReport | undefined;
  /** Where replaced and removed files are kept; undefined when there are none. */
  readonly trash: string | undefined;
  /** Sentences for the user. */
  readonly notes: readonly string[];
}

/** Brings a folder on the server in line with a local one: all of it or, on any error, nothing. Throws RemoteError. */
export async function uploadProject(
  connection: RemoteConnection,
  options: UploadOptions,
): Promise<UploadReport> {
  const { files, notes } = await scanLocal(options.localRoot, options.ignore);
  return run(connection, options, { local: files, only: undefined, notes });
}

/** The same for one file, by its path relative to `localRoot`. A file that is gone locally is removed if we put it there. */
export async function uploadFile(
  connection: RemoteConnection,
  options: UploadOptions & { readonly file: string },
): Promise<UploadReport> {
  const local = await scanFile(options.localRoot, options.file, options.ignore);
  const files = new Map(local ? [[options.file, local]] : []);
  return run(connection, options, { local: files, only: options.file, notes: [] });
}

/** Finishes an interrupted upload to a folder. Undefined when there is nothing to finish. */
export async function recover(
  connection: RemoteConnection,
  remotePath: string,
): Promise<RecoveryReport | undefined> {
  const session = await connection.sftp();
  const target = await resolveTargetFolder(session, remotePath);
  const state = await StateFolder.open(session, target, false);
  if (!state) return undefined;
  const lock = await state.lock();
  try {
    return await recoverJournal(session, state);
  } finally {
    await lock.release();
  }
}

/** What is here. */
interface LocalSide {
  readonly local: ReadonlyMap<string, LocalFile>;
  /** The one path that is looked at; undefined for all. */
  readonly only: string | undefined;
  readonly notes: readonly string[];
}

async function run(
  connection: RemoteConnection,
  options: UploadOptions,
  side: LocalSide,
): Promise<UploadReport> {
  const session = await connection.sftp();
  const target = await resolveTargetFolder(session, options.remotePath);
  const scope: SurveyOptions = {
    target,
    local: side.local,
    only: side.only,
    overwrite: options.overwrite ?? false,
  };
  const state = await StateFolder.open(session, target, false);
  const [journal, manifest] = await Promise.all([state?.read(journalName), state?.manifest() ?? new Map()]);
  const found = await survey(session, scope, manifest);
  const idle = journal === undefined && !isWorkLeft(found);
  const done =
    options.dryRun || idle ? nothingDone(found) : await carryOut({ session, state, scope, options }, found);
  return report(done, options, side.notes);
}

interface Done {
  readonly plan: Plan;
  readonly recovered: RecoveryReport | undefined;
  readonly trash: string | undefined;
}

function nothingDone({ plan }: Survey): Done {
  return { plan, recovered: undefined, trash: undefined };
}

async function carryOut(
  of: { session: SftpSession; state: StateFolder | undefined; scope: SurveyOptions; options: UploadOptions },
  found: Survey,
): Promise<Done> {
  const { session, scope, options } = of;
  const state = of.state ?? (await StateFolder.open(session, scope.target, true));
  const lock = await state.lock();
  try {
    const recovered = await recoverJournal(session, state);
    const manifest = await state.manifest();
    // Somebody may have been here between the first look and the lock.
    const same = !recovered && sameManifest(manifest, found.manifest);
    const current = same ? found : await survey(session, scope, manifest);
    const trash = await new CarryOut(session, state, { ...options, target: scope.target }).run(current);
    return { plan: current.plan, recovered, trash };
  } finally {
    await lock.release();
  }
}

function report(
  { plan, recovered, trash }: Done,
  options: UploadOptions,
  notes: readonly string[],
): UploadReport {
  const dryRun = options.dryRun === true;
  const transfers = [...plan.create, ...plan.change];
  return {
    created: plan.create.map(({ path }) => path),
    changed: plan.change.map(({ path }) => path),
    modes: plan.modes.map(({ path }) => path),
    deleted: plan.delete,
    kept: plan.keep.length,
    conflicts: plan.conflicts,
    bytes: dryRun ? 0 : transfers.reduce((sum, { local }) => sum + local.size, 0),
    dryRun,
    recovered,
    trash,
    notes,
  };
}

/** The absolute, physical folder; throws RemoteError 'no-such-file' when it is missing or no folder. */
export async function resolveTargetFolder(session: SftpSession, remotePath: string): Promise<string> {
  const home = await session.realpath('.');
  const path = remotePath.replace(/^~(?=\/|$)/, () => home);
  const absolute = path.startsWith('/') ? path : joinRemote(home, path);
  const stat = await session.stat(absolute).catch((error: unknown) => {
    if (hasReason(error, 'no-such-file')) throw missingFolder(remotePath, absolute);
    throw error;
  });
  if (stat.kind !== 'directory') throw missingFolder(remotePath, absolute);
  return session.realpath(absolute);
}

function missingFolder(remotePath: string, absolute: string): RemoteError {
  const shown = remotePath === absolute ? absolute : `${remotePath} (${absolute})`;
  return new RemoteError(
    'no-such-file',
    `There is no folder ${shown} on the server. Nothing was sent. Create it there, or correct the target's "path".`,
    { path: absolute },
  );
}
