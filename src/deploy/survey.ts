import { hasReason } from '../remote/errors';
import type { RemoteDirectoryEntry, SftpSession } from '../remote/sftp';
import { isStagingName, joinRemote } from './names';
import {
  makePlan,
  pathsToHash,
  type LocalFile,
  type Manifest,
  type ManifestEntry,
  type Modes,
  type Plan,
  type PlanInput,
  type RemoteFile,
} from './plan';
import { forEachLimited, hashRemoteFile } from './remoteFiles';
import type { StagedFile } from './stage';
import type { Inventory } from './stateFolder';

/** What is to be brought in line. */
export interface SurveyOptions {
  /** Absolute folder on the server. */
  readonly target: string;
  readonly local: ReadonlyMap<string, LocalFile>;
  /** The same with the names and contents that the files have there, once it is known what is there. */
  readonly renamed?: (inventory: Inventory) => Promise<Pick<SurveyOptions, 'local' | 'only' | 'overwrite'>>;
  /** The files and folders that are looked at, relative; undefined for all. */
  readonly only: readonly string[] | undefined;
  /** Whether, or for which paths, work of others may be replaced. */
  readonly overwrite: boolean | readonly string[];
  readonly modes?: Modes | undefined;
  /** Number of the account, where it is known. */
  readonly account?: Promise<number | undefined>;
}

/** A plan, and what it was made from. */
export interface Survey {
  readonly plan: Plan;
  readonly input: PlanInput;
  readonly manifest: Manifest;
  /** Temporary names of dead uploads, relative. */
  readonly leftovers: readonly string[];
  /** Files that are changed there alone: the manifest does not say of them that they came from the project. */
  readonly unclaimed?: ReadonlySet<string>;
}

/** What lies in the target itself, asked for before it is known what else is to be looked at. */
export class RootListing {
  readonly entries: Promise<readonly RemoteDirectoryEntry[]>;
  /** The same once it has come. */
  arrived: readonly RemoteDirectoryEntry[] | undefined;

  constructor(entries: Promise<readonly RemoteDirectoryEntry[]>) {
    this.entries = entries;
    entries.then((list) => (this.arrived = list)).catch(() => undefined);
  }
}

/** Looks at the server's side and plans. Changes nothing. */
export async function survey(
  session: SftpSession,
  options: SurveyOptions,
  inventory: Promise<Inventory> | Inventory,
  root?: RootListing,
): Promise<Survey> {
  const { target, modes } = options;
  const seen: Seen = { remote: new Map(), folders: new Set(['']), leftovers: [], listed: new Set(), root };
  const listed = listFolders(session, target, options.local.keys(), seen);
  const [found, itself] = await Promise.all([inventory, session.stat(target), listed]);
  seen.remote.set('', itself);
  const { local, only, overwrite } = (await options.renamed?.(found)) ?? options;
  const manifest = found.files;
  const retired = new Set(found.alias?.retired.map(({ path }) => path));
  const ours = new Map([...manifest].filter(([path]) => !retired.has(path) || local.has(path)));
  const known = only === undefined ? ours : restricted(ours, only);
  await listFolders(session, target, [...known.keys(), ...retired], seen);
  const { remote, folders } = seen;
  const account = await options.account;
  const input: PlanInput = { local, manifest: known, remote, folders, overwrite, modes, account };
  await forEachLimited(pathsToHash(input), session.concurrency / 4, async (path) => {
    const sha256 = await hashRemoteFile(session, joinRemote(target, path));
    seen.remote.set(path, { ...(seen.remote.get(path) as RemoteFile), sha256 });
  });
  return { plan: makePlan(input), input, manifest, leftovers: only === undefined ? seen.leftovers : [] };
}

interface Seen {
  readonly remote: Map<string, RemoteFile>;
  readonly folders: Set<string>;
  readonly leftovers: string[];
  readonly listed: Set<string>;
  readonly root: RootListing | undefined;
}

/** Lists every folder that can hold one of the paths, and no other: a site may have thousands of visitors' files. */
async function listFolders(
  session: SftpSession,
  target: string,
  paths: Iterable<string>,
  seen: Seen,
): Promise<void> {
  const missing = isMissing(seen.root?.arrived);
  const unseen = (folder: string) => !seen.listed.has(folder) && !missing(folder);
  const folders = new Set([...paths].flatMap(foldersAbove).filter(unseen));
  await forEachLimited(folders, session.concurrency / 2, async (folder) => {
    seen.listed.add(folder);
    const ahead = folder === '' ? seen.root?.entries : undefined;
    const listing = ahead ?? session.readdir(joinRemote(target, folder));
    const entries = await listing.catch((error: unknown) => {
      if (hasReason(error, 'no-such-file', 'failure')) return undefined;
      throw error;
    });
    if (!entries) return;
    seen.folders.add(folder);
    for (const { name, ...attributes } of entries) {
      const path = folder === '' ? name : `${folder}/${name}`;
      if (isStagingName(name)) seen.leftovers.push(path);
      else seen.remote.set(path, attributes);
    }
  });
}

/** Tells folders that are not there since nothing of that name is in the target. */
function isMissing(root: readonly RemoteDirectoryEntry[] | undefined): (folder: string) => boolean {
  if (!root) return () => false;
  const names = new Set(root.map(({ name }) => name));
  return (folder) => folder !== '' && !names.has(folder.split('/', 1)[0] ?? '');
}

/** Whether there is anything to send, to remove or to note. When not, nothing is written, not even a lock. */
export function isWorkLeft(found: Survey): boolean {
  const { plan } = found;
  const work = plan.create.length + plan.change.length + plan.modes.length + plan.delete.length;
  return work + found.leftovers.length > 0 || !sameManifest(manifestAfter(found, []), found.manifest);
}

/** The manifest once the plan is carried out. What is in conflict stays as it was, and so stays in conflict. */
export function manifestAfter(found: Survey, staged: readonly StagedFile[]): Manifest {
  const after = new Map(found.manifest);
  for (const path of [...found.plan.delete, ...found.plan.forget]) after.delete(path);
  const claimed = (path: string) => found.unclaimed?.has(path) !== true;
  for (const path of found.plan.keep.filter(claimed)) {
    const local = found.input.local.get(path);
    const remote = found.input.remote.get(path);
    if (local && remote) after.set(path, { sha256: local.sha256, size: remote.size, mtime: remote.mtime });
  }
  for (const { transfer, mtime } of staged) {
    if (!claimed(transfer.path)) continue;
    after.set(transfer.path, { sha256: transfer.local.sha256, size: transfer.local.size, mtime });
  }
  return after;
}

export function sameManifest(one: Manifest, other: Manifest): boolean {
  return one.size === other.size && [...one].every(([path, entry]) => sameEntry(entry, other.get(path)));
}

function sameEntry(one: ManifestEntry, other: ManifestEntry | undefined): boolean {
  return one.sha256 === other?.sha256 && one.size === other.size && one.mtime === other.mtime;
}

/** The folders above a path, from '' down to its own. */
export function foldersAbove(path: string): string[] {
  const segments = path.split('/').slice(0, -1);
  return ['', ...segments.map((_, index) => segments.slice(0, index + 1).join('/'))];
}

function restricted(manifest: Manifest, only: readonly string[]): Manifest {
  return new Map([...manifest].filter(([path]) => isWithin(path, only)));
}

/** Whether a path is one of the given, or below one of them; '' stands for everything. */
export function isWithin(path: string, only: readonly string[]): boolean {
  return only.some((one) => one === '' || path === one || path.startsWith(`${one}/`));
}
