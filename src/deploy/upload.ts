import type { RemoteConnection } from '../remote/connection';
import { hasReason } from '../remote/errors';
import type { SftpSession } from '../remote/sftp';
import { CarryOut } from './carryOut';
import { historyNames, type Commit } from './history';
import type { RecoveryReport } from './journal';
import { joinRemote, stagingPath } from './names';
import type { Conflict, Modes, Plan } from './plan';
import { scanLocal, scanSelection, type LocalTree } from './scan';
import { largeFile, type UploadProgress } from './stage';
import { nameHere, nameThere, withAlias } from './alias';
import type { Alias } from './manifest';
import { isBroken, recoverUnder } from './recover';
import { withRetired } from './retired';
import { afterRecovery, asBefore, explained } from './refused';
import { publicWarnings } from './sensitive';
import { StateFolder, type Inventory } from './stateFolder';
import { stoppable } from './stoppable';
import { WaitingCommand } from './waitingCommand';
import { isWorkLeft, RootListing, sameManifest, survey, type Survey, type SurveyOptions } from './survey';
import { resolveTargetFolder } from './targetFolder';

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
  /** Replace files that somebody else changed, all or the named ones (they are kept in the trash). */
  readonly overwrite?: boolean | readonly string[];
  /** The target's own modes. */
  readonly modes?: Modes | undefined;
  /** Start changed programs, and the dispatcher when code changed, once on the server before anything is live (DispatcherFault); false when absent. */
  readonly tryPrograms?: boolean;
  /** What is uploaded, for the history. */
  readonly commit?: Commit | undefined;
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
  /** An earlier, interrupted upload that was finished or undone first. */
  readonly recovered: RecoveryReport | undefined;
  /** Where replaced and removed files are kept; undefined when there are none. */
  readonly trash: string | undefined;
  /** The deploy's name in the history; undefined when nothing was to be done. */
  readonly id: string | undefined;
  /** Permission bits of programs on the server, as they are now. */
  readonly programs: readonly { readonly path: string; readonly there: string; readonly mode: number }[];
  /** What was to be done, file by file. */
  readonly plan: Plan;
  /** Sentences for the user. */
  readonly notes: readonly string[];
}

/** Brings a folder on the server in line with a local one: all of it or, on any error, nothing. Throws RemoteError. */
export async function uploadProject(
  connection: RemoteConnection,
  options: UploadOptions,
): Promise<UploadReport> {
  return run(connection, options, {
    scanning: scanLocal(options.localRoot, options.ignore, { forSending: options.dryRun !== true }),
    only: undefined,
  });
}

/**
 * The same for some files and folders, by their paths relative to `localRoot`. What is gone locally is removed if we put it there; all
 * else is left alone.
 */
export async function uploadSelection(
  connection: RemoteConnection,
  options: UploadOptions & { readonly paths: readonly string[] },
): Promise<UploadReport> {
  const { localRoot, paths, ignore } = options;
  return run(connection, options, { scanning: scanSelection(localRoot, paths, ignore), only: paths });
}

/** The same for one file. */
export function uploadFile(
  connection: RemoteConnection,
  options: UploadOptions & { readonly file: string },
): Promise<UploadReport> {
  return uploadSelection(connection, { ...options, paths: [options.file] });
}

/** What is here. */
interface LocalSide {
  readonly scanning: Promise<LocalTree>;
  /** The paths that are looked at; undefined for all. */
  readonly only: readonly string[] | undefined;
}

interface Order {
  readonly connection: RemoteConnection;
  readonly session: SftpSession;
  readonly scope: SurveyOptions;
  readonly options: UploadOptions;
}

async function run(
  connection: RemoteConnection,
  options: UploadOptions,
  side: LocalSide,
): Promise<UploadReport> {
  const opening = connection.sftp();
  opening.catch(() => undefined);
  try {
    return await stoppable(
      opening,
      options.signal,
      async () => (await runWarm(connection, options, side)) ?? (await runCold(connection, options, side)),
    );
  } catch (error) {
    const session = await opening.catch(() => undefined);
    throw session ? await explained(session, error, asBefore) : error;
  }
}

async function runCold(
  connection: RemoteConnection,
  options: UploadOptions,
  side: LocalSide,
): Promise<UploadReport> {
  // A login shell may take longer to start than all that is looked at meanwhile.
  const command = options.dryRun === true ? undefined : startCommand(connection);
  try {
    return await lookAndCarryOut(connection, options, { ...side, command });
  } finally {
    void command?.then((one) => one?.cancel());
  }
}

async function lookAndCarryOut(
  connection: RemoteConnection,
  options: UploadOptions,
  side: LocalSide & { readonly command: Looked['command'] },
): Promise<UploadReport> {
  const [{ session, target, opening, inventory, breaking, root }, tree] = await Promise.all([
    lookFirst(connection, options),
    side.scanning,
  ]);
  const account = opening.then((state) => state?.owner);
  account.catch(() => undefined);
  const order = orderOf({ connection, session, target, account, tree, options, side });
  const { scope } = order;
  const surveying = survey(session, scope, inventory, root);
  const [state, broken, found] = await Promise.all([opening, breaking, surveying]);
  if (state) knownPlaces(session).set(options.remotePath, { target, state });
  const idle = !broken && !isWorkLeft(found);
  const { command } = side;
  const done =
    options.dryRun || idle
      ? nothingDone(found)
      : await carryOut(order, {
          state: state ?? (await StateFolder.create(session, target)),
          found,
          command,
        });
  const { alias } = await inventory;
  return report(done ?? nothingDone(found), options, { notes: tree.notes, alias });
}

/** What can be asked of the server while the local files are being read. */
async function lookFirst(connection: RemoteConnection, options: UploadOptions) {
  const { session, target } = await openTarget(connection, options);
  const opening = StateFolder.open(session, target, false);
  const inventory = opening.then(
    (state): Promise<Inventory> | Inventory => state?.inventory() ?? { files: new Map() },
  );
  const breaking = opening.then(isBroken);
  const root = new RootListing(session.readdir(target));
  // They are awaited later; until then a failure must not count as unhandled.
  for (const one of [opening, inventory, breaking]) one.catch(() => undefined);
  return { session, target, opening, inventory, breaking, root };
}

/** Where a target was found over a connection. */
interface KnownPlace {
  readonly target: string;
  readonly state: StateFolder;
}

const places = new WeakMap<SftpSession, Map<string, KnownPlace>>();

function knownPlaces(session: SftpSession): Map<string, KnownPlace> {
  const known = places.get(session) ?? new Map<string, KnownPlace>();
  places.set(session, known);
  return known;
}

/**
 * A few files that are surely new, to a place that is known from before: locks at once and looks under the lock. Undefined where this is
 * not so, or where what was remembered does not hold any more; nothing was done then.
 */
async function runWarm(
  connection: RemoteConnection,
  options: UploadOptions,
  side: LocalSide,
): Promise<UploadReport | undefined> {
  if (side.only === undefined || options.dryRun === true) return undefined;
  const [session, tree] = await Promise.all([connection.sftp(), side.scanning]);
  const known = session.inOrder ? knownPlaces(session).get(options.remotePath) : undefined;
  const before = known?.state.remembered;
  if (!known || !before || !hasNews(tree, before)) return undefined;
  const account = Promise.resolve(known.state.owner);
  const order = orderOf({ connection, session, target: known.target, account, tree, options, side });
  const checking = resolveTargetFolder(session, options.remotePath);
  try {
    const done = await carryOut(order, { state: known.state, checking });
    return done && report(done, options, { notes: tree.notes, alias: known.state.remembered?.alias });
  } catch (error) {
    if (!hasReason(error, 'no-such-file')) throw error;
    knownPlaces(session).delete(options.remotePath);
    return undefined;
  }
}

/** Few files, and at least one that is not what we put there last. */
function hasNews({ files }: LocalTree, { files: known, alias }: Inventory): boolean {
  const differs = ([path, { sha256 }]: [string, { sha256: string }]) =>
    known.get(nameThere(path, alias))?.sha256 !== sha256;
  return files.size <= fewFiles && [...files].some(differs);
}

const fewFiles = 24;

function orderOf(of: {
  connection: RemoteConnection;
  session: SftpSession;
  target: string;
  account: Promise<number | undefined>;
  tree: LocalTree;
  options: UploadOptions;
  side: LocalSide;
}): Order {
  const { connection, session, target, account, tree, options, side } = of;
  const { overwrite = false, modes } = options;
  const local = tree.files;
  const renamed = async ({ alias }: Inventory) => {
    const there = (paths: readonly string[]) => paths.map((path) => nameThere(path, alias));
    return {
      local: await withAlias(options.localRoot, local, alias),
      only: side.only && there(side.only),
      overwrite: typeof overwrite === 'boolean' ? overwrite : there(overwrite),
    };
  };
  const scope: SurveyOptions = { target, local, only: side.only, overwrite, renamed, modes, account };
  return { connection, session, scope, options };
}

async function openTarget(connection: RemoteConnection, { remotePath }: UploadOptions) {
  const session = await connection.sftp();
  return { session, target: await resolveTargetFolder(session, remotePath) };
}

interface Done {
  readonly plan: Plan;
  readonly recovered: RecoveryReport | undefined;
  readonly trash?: string;
  readonly id?: string;
  readonly notes?: readonly string[];
}

function nothingDone({ plan }: Survey): Done {
  return { plan, recovered: undefined };
}

/** What is known of the server's side before the lock. */
interface Looked {
  readonly state: StateFolder;
  /** Absent: it is looked at under the lock. */
  readonly found?: Survey;
  /** Where the target is; undefined where that is certain. */
  readonly checking?: Promise<string>;
  /** A shell that waits; absent: one is started. */
  readonly command?: Promise<WaitingCommand | undefined> | undefined;
}

/** Undefined where the usual way is left: no shell, no further channel, a server whose order of work is not known. */
async function startCommand(connection: RemoteConnection): Promise<WaitingCommand | undefined> {
  try {
    return (await connection.sftp()).inOrder ? await WaitingCommand.start(connection) : undefined;
  } catch {
    return undefined;
  }
}

/** Undefined, and nothing done, where the target is elsewhere by now. */
async function carryOut(order: Order, looked: Looked): Promise<Done | undefined> {
  const { connection, session, scope, options } = order;
  const { state, checking } = looked;
  checking?.catch(() => undefined);
  const command = looked.command ?? startCommand(connection);
  const locking = state.lock();
  // Sent behind the lock's request, and so seen under it, where the server keeps the order.
  const looking = session.inOrder ? lookUnderLock(order, looked) : undefined;
  looking?.catch(() => undefined);
  const lock = await locking;
  let recovered: RecoveryReport | undefined;
  try {
    if (((await checking) ?? scope.target) !== scope.target) return undefined;
    const place = { session, state, target: scope.target };
    const ahead = looking !== undefined && lock.atOnce ? looking : lookUnderLock(order, looked);
    const { broken, before, found, names } = await ahead;
    recovered = broken ? await recoverUnder(place, continued(scope)) : undefined;
    const inventory = broken ? await state.inventory() : before;
    // Somebody may have been here between the first look and the lock.
    const same = !recovered && sameManifest(inventory.files, found.manifest);
    const current = same ? found : await survey(session, scope, inventory);
    const whole = scope.only === undefined;
    const what = { kind: 'upload', whole, commit: options.commit } as const;
    // A few files must not wait for what only has to happen now and then.
    const parts = { connection, session, state, lock, inventory, what, tidies: whole, names, command };
    const dispatcher = inventory.alias?.to ?? options.dispatcher;
    const ready = withRetired(withoutContinued(current, scope), inventory, lock.serverTime);
    const work = new CarryOut(parts, { ...options, dispatcher, target: scope.target });
    return { plan: ready.plan, recovered, ...(await work.run(ready)) };
  } catch (error) {
    throw await afterRecovery(session, error, recovered);
  } finally {
    await lock.release();
    void command.then((one) => one?.cancel());
  }
}

async function lookUnderLock(
  { session, scope }: Order,
  { state, found }: Looked,
): Promise<{ broken: boolean; before: Inventory; found: Survey; names?: Promise<readonly string[]> }> {
  const inventory = state.inventory();
  const names = scope.only === undefined ? historyNames(session, state) : undefined;
  names?.catch(() => undefined);
  const finding = found ?? survey(session, scope, inventory);
  const [broken, before, seen] = await Promise.all([isBroken(state), inventory, finding]);
  return { broken, before, found: seen, ...(names === undefined ? {} : { names }) };
}

/** Temporary names of large files: an earlier attempt of the same content is continued. */
function continued({ local, target }: SurveyOptions): Set<string> {
  const large = [...local.values()].filter(({ size }) => size > largeFile);
  return new Set(large.map(({ path, sha256 }) => stagingPath(joinRemote(target, path), sha256)));
}

function withoutContinued(found: Survey, scope: SurveyOptions): Survey {
  const keep = continued(scope);
  const leftovers = found.leftovers.filter((path) => !keep.has(joinRemote(scope.target, path)));
  return { ...found, leftovers };
}

function report(
  { plan, recovered, trash, id, notes: found = [] }: Done,
  options: UploadOptions,
  { notes, alias }: { readonly notes: readonly string[]; readonly alias: Alias | undefined },
): UploadReport {
  const dryRun = options.dryRun === true;
  const transfers = [...plan.create, ...plan.change];
  return {
    created: plan.create.map(({ path }) => path),
    changed: plan.change.map(({ path }) => path),
    modes: plan.modes.map(({ path }) => path),
    deleted: plan.delete,
    kept: plan.keep.length,
    conflicts: plan.conflicts.map((one) => ({ ...one, path: nameHere(one.path, alias) ?? one.path })),
    bytes: dryRun ? 0 : transfers.reduce((sum, { local }) => sum + local.size, 0),
    dryRun,
    recovered,
    trash,
    id,
    programs: programsOf(plan, { dryRun, alias }),
    plan,
    notes: [...notes, ...found, ...publicWarnings(plan.create.map(({ path }) => path))],
  };
}

/** By their names here and there. */
function programsOf(
  { programs }: Plan,
  { dryRun, alias }: { readonly dryRun: boolean; readonly alias: Alias | undefined },
): UploadReport['programs'] {
  return programs.flatMap(({ path, before, after }) => {
    const mode = dryRun ? before : after;
    return mode === undefined ? [] : [{ path: nameHere(path, alias) ?? path, there: path, mode }];
  });
}
