import { hasReason, RemoteError } from '../remote/errors';
import type { RemoteConnection } from '../remote/connection';
import type { SftpSession } from '../remote/sftp';
import { keepOldInode, pruneKeeps } from './keep';
import { folderOf, isStagingName, joinRemote } from './names';
import {
  makePlan,
  pathsToHash,
  type Conflict,
  type LocalFile,
  type Manifest,
  type Plan,
  type PlanInput,
  type RemoteFile,
  type Transfer,
} from './plan';
import {
  copyRemote,
  makeFolders,
  newUploadId,
  orderOf,
  publish,
  recoverJournal,
  trashPath,
  type RecoveryReport,
  type Removal,
} from './publish';
import { forEachLimited, hashRemoteFile } from './remoteFiles';
import { scanFile, scanLocal } from './scan';
import { Stage, type StagedFile, type UploadProgress } from './stage';
import { StateFolder } from './stateFolder';

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
  const upload = new Upload({ session, target, options, side });
  if (options.dryRun) return upload.dryRun(await StateFolder.open(session, target, false));
  const found = await StateFolder.open(session, target, false);
  // A folder of which nothing is to be sent gets no state folder either.
  const state = found ?? (side.local.size === 0 ? undefined : await StateFolder.open(session, target, true));
  return state ? upload.locked(state) : upload.dryRun(undefined);
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

class Upload {
  readonly #session: SftpSession;
  readonly #target: string;
  readonly #options: UploadOptions;
  readonly #side: LocalSide;
  readonly #leftovers: string[] = [];

  constructor(of: { session: SftpSession; target: string; options: UploadOptions; side: LocalSide }) {
    this.#session = of.session;
    this.#target = of.target;
    this.#options = of.options;
    this.#side = of.side;
  }

  async dryRun(state: StateFolder | undefined): Promise<UploadReport> {
    const { plan } = await this.#plan((await state?.manifest()) ?? new Map());
    return this.#report(plan, { dryRun: true, recovered: undefined, trash: undefined });
  }

  async locked(state: StateFolder): Promise<UploadReport> {
    const lock = await state.lock();
    try {
      const recovered = await recoverJournal(this.#session, state);
      const manifest = await state.manifest();
      const { plan, input } = await this.#plan(manifest);
      const trash = await this.#carryOut(state, { plan, input, manifest });
      return this.#report(plan, { dryRun: this.#options.dryRun === true, recovered, trash });
    } finally {
      await lock.release();
    }
  }

  async #plan(manifest: Manifest): Promise<{ plan: Plan; input: PlanInput }> {
    const known = this.#side.only === undefined ? manifest : restricted(manifest, this.#side.only);
    const remote = new Map<string, RemoteFile>();
    const folders = new Set(['']);
    await this.#list([...this.#side.local.keys(), ...known.keys()], remote, folders);
    const input: PlanInput = {
      local: this.#side.local,
      manifest: known,
      remote,
      folders,
      overwrite: this.#options.overwrite ?? false,
    };
    await forEachLimited(pathsToHash(input), this.#session.concurrency / 4, async (path) => {
      const sha256 = await hashRemoteFile(this.#session, joinRemote(this.#target, path));
      remote.set(path, { ...(remote.get(path) as RemoteFile), sha256 });
    });
    return { plan: makePlan(input), input };
  }

  /** Lists every folder that can hold one of the paths, and no other: a site may have thousands of visitors' files. */
  async #list(
    paths: readonly string[],
    remote: Map<string, RemoteFile>,
    folders: Set<string>,
  ): Promise<void> {
    const asked = new Set(paths.flatMap(ancestors));
    await forEachLimited(asked, this.#session.concurrency / 2, async (folder) => {
      const entries = await this.#session
        .readdir(joinRemote(this.#target, folder))
        .catch((error: unknown) => {
          if (hasReason(error, 'no-such-file', 'failure')) return undefined;
          throw error;
        });
      if (!entries) return;
      folders.add(folder);
      for (const { name, ...attributes } of entries) {
        const path = folder === '' ? name : `${folder}/${name}`;
        if (isStagingName(name)) this.#leftovers.push(path);
        else remote.set(path, attributes);
      }
    });
  }

  async #carryOut(
    state: StateFolder,
    of: { plan: Plan; input: PlanInput; manifest: Manifest },
  ): Promise<string | undefined> {
    const { plan } = of;
    // Under our lock, and with no journal left, a temporary name is rubbish of a dead upload.
    if (this.#side.only === undefined) await this.#removeLeftovers();
    const transfers = [...plan.create, ...plan.change];
    await forEachLimited(plan.modes, this.#session.concurrency, ({ path, mode }) =>
      this.#session.setstat(joinRemote(this.#target, path), { mode }),
    );
    if (transfers.length === 0 && plan.delete.length === 0) {
      await this.#saveIfChanged(state, of);
      return undefined;
    }
    return this.#send(state, of, transfers);
  }

  async #send(
    state: StateFolder,
    of: { plan: Plan; input: PlanInput; manifest: Manifest },
    transfers: readonly Transfer[],
  ): Promise<string | undefined> {
    const id = newUploadId();
    const created: string[] = [];
    const stage = new Stage(this.#session, { ...this.#options, target: this.#target });
    const kept: string[] = [];
    try {
      await this.#createFolders(of.plan, created);
      const staged = await stage.send(transfers);
      const saved = await this.#saveOriginals(state, id, of.plan);
      kept.push(...(await this.#keepPrograms(of.plan)));
      await this.#openUp(staged);
      const removals = of.plan.delete.map((path) => this.#removal(state, id, path));
      const manifest = manifestAfter(of, staged);
      await publish(this.#session, state, {
        id,
        switches: staged.map((one) => this.#switchOf(one)),
        removals,
        saved,
        manifest,
      });
      await this.#removeEmptyFolders(of.plan.delete);
      await this.#prune(of.plan);
      return saved.length + removals.length > 0 ? trashPath(state, id, '') : undefined;
    } catch (error) {
      if (!(await this.#journalLeft(state))) {
        await stage.discard();
        await this.#undo(created, kept);
      }
      throw error;
    }
  }

  /** With a journal on the server the temporaries are needed; when even that cannot be asked, they may be. */
  async #journalLeft(state: StateFolder): Promise<boolean> {
    return state.read('journal.json').then(
      (text) => text !== undefined,
      () => true,
    );
  }

  async #createFolders(plan: Plan, created: string[]): Promise<void> {
    for (const folder of plan.folders) {
      const path = joinRemote(this.#target, folder);
      await this.#session.mkdir(path, 0o755).catch((error: unknown) => {
        if (hasReason(error, 'permission-denied')) throw readOnly(path, error);
        throw error;
      });
      created.push(path);
      // The account's umask may have taken away what the web server needs to enter.
      await this.#session.setstat(path, { mode: 0o755 });
    }
  }

  /** Second names for what is replaced, so that a failed burst can be taken back and a foreign edit is not lost. */
  async #saveOriginals(state: StateFolder, id: string, plan: Plan): Promise<Removal[]> {
    const saved: Removal[] = [];
    const linkable = this.#session.supports('hardlink@openssh.com');
    if (plan.change.length === 0 || (!linkable && !plan.change.some(({ foreign }) => foreign))) return saved;
    await forEachLimited(plan.change, this.#session.concurrency / 2, async ({ path, foreign }) => {
      const removal = this.#removal(state, id, path);
      await makeFolders(this.#session, folderOf(removal.to));
      const linked = linkable && (await this.#tryLink(removal));
      if (linked) saved.push(removal);
      else if (foreign) await this.#copyForeign(removal, saved);
    });
    return saved;
  }

  async #tryLink(removal: Removal): Promise<boolean> {
    return this.#session.hardlink(removal.from, removal.to).then(
      () => true,
      (error: unknown) => {
        if (hasReason(error, 'connection-lost', 'timeout', 'cancelled')) throw error;
        return false;
      },
    );
  }

  async #copyForeign(removal: Removal, saved: Removal[]): Promise<void> {
    await copyRemote(this.#session, removal.from, removal.to);
    saved.push(removal);
  }

  #removal(state: StateFolder, id: string, path: string): Removal {
    return { from: joinRemote(this.#target, path), to: trashPath(state, id, path) };
  }

  async #keepPrograms(plan: Plan): Promise<string[]> {
    const programs = plan.change.filter(({ path }) => this.#isProgram(path));
    const kept = await Promise.all(
      programs.map(({ path }) => keepOldInode(this.#session, joinRemote(this.#target, path))),
    );
    return kept.filter((name) => name !== undefined);
  }

  #isProgram(path: string): boolean {
    return path === this.#options.dispatcher || path.endsWith('.fcgi');
  }

  /** Last step before the burst: until now the new content was for its owner only, since web servers serve dotfiles. */
  async #openUp(staged: readonly StagedFile[]): Promise<void> {
    await forEachLimited(staged, this.#session.concurrency, ({ temporary, transfer }) =>
      this.#session.setstat(temporary, { mode: transfer.mode }),
    );
  }

  #switchOf({ temporary, final, transfer }: StagedFile): {
    from: string;
    to: string;
    size: number;
    order: number;
  } {
    return {
      from: temporary,
      to: final,
      size: transfer.local.size,
      order: orderOf(transfer.path, this.#options.dispatcher),
    };
  }

  async #removeLeftovers(): Promise<void> {
    await Promise.all(
      this.#leftovers.map((path) =>
        this.#session.unlink(joinRemote(this.#target, path)).catch(() => undefined),
      ),
    );
  }

  async #undo(created: readonly string[], kept: readonly string[]): Promise<void> {
    await Promise.all(kept.map((path) => this.#session.unlink(path).catch(() => undefined)));
    for (const folder of created.toReversed()) await this.#session.rmdir(folder).catch(() => undefined);
  }

  /** Folders that held our files only. A folder with anything in it refuses to go. */
  async #removeEmptyFolders(deleted: readonly string[]): Promise<void> {
    const folders = new Set(deleted.flatMap(ancestors).filter((folder) => folder !== ''));
    for (const folder of [...folders].sort((one, other) => other.length - one.length)) {
      await this.#session.rmdir(joinRemote(this.#target, folder)).catch(() => undefined);
    }
  }

  async #prune(plan: Plan): Promise<void> {
    for (const { path } of plan.change) {
      if (this.#isProgram(path))
        await pruneKeeps(this.#session, joinRemote(this.#target, path)).catch(() => undefined);
    }
  }

  /** Files that turned out to be ours already, or that nobody has any more, belong in the manifest; nothing else writes. */
  async #saveIfChanged(
    state: StateFolder,
    of: { plan: Plan; input: PlanInput; manifest: Manifest },
  ): Promise<void> {
    const after = manifestAfter(of, []);
    const same =
      after.size === of.manifest.size &&
      [...after].every(([path, entry]) => sameEntry(of.manifest.get(path), entry));
    if (!same) await state.saveManifest(after);
  }

  #report(
    plan: Plan,
    rest: { dryRun: boolean; recovered: RecoveryReport | undefined; trash: string | undefined },
  ): UploadReport {
    const transfers = [...plan.create, ...plan.change];
    return {
      created: plan.create.map(({ path }) => path),
      changed: plan.change.map(({ path }) => path),
      modes: plan.modes.map(({ path }) => path),
      deleted: plan.delete,
      kept: plan.keep.length,
      conflicts: plan.conflicts,
      bytes: rest.dryRun ? 0 : transfers.reduce((sum, { local }) => sum + local.size, 0),
      notes: this.#side.notes,
      ...rest,
    };
  }
}

/** The folders above a path, from '' down to its own. */
function ancestors(path: string): string[] {
  const segments = path.split('/').slice(0, -1);
  return ['', ...segments.map((_, index) => segments.slice(0, index + 1).join('/'))];
}

function restricted(manifest: Manifest, path: string): Manifest {
  const entry = manifest.get(path);
  return new Map(entry ? [[path, entry]] : []);
}

function sameEntry(
  one: { sha256: string; size: number; mtime: number } | undefined,
  other: typeof one,
): boolean {
  return one?.sha256 === other?.sha256 && one?.size === other?.size && one?.mtime === other?.mtime;
}

function manifestAfter(
  of: { plan: Plan; input: PlanInput; manifest: Manifest },
  staged: readonly StagedFile[],
): Manifest {
  const after = new Map(of.manifest);
  for (const path of [...of.plan.delete, ...of.plan.forget]) after.delete(path);
  for (const path of of.plan.keep) {
    const local = of.input.local.get(path);
    const remote = of.input.remote.get(path);
    if (local && remote) after.set(path, { sha256: local.sha256, size: remote.size, mtime: remote.mtime });
  }
  for (const { transfer, mtime } of staged) {
    after.set(transfer.path, { sha256: transfer.local.sha256, size: transfer.local.size, mtime });
  }
  return after;
}

function readOnly(path: string, cause: unknown): RemoteError {
  return new RemoteError(
    'permission-denied',
    `${path} could not be created: the server refused permission. Nothing was changed. Check who owns the folder above it, and its mode.`,
    { path, cause },
  );
}
