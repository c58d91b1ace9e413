import { hasReason, RemoteError } from '../remote/errors';
import type { SftpSession } from '../remote/sftp';
import { keepOldInode, pruneKeeps } from './keep';
import { folderOf, joinRemote } from './names';
import type { Plan, Transfer } from './plan';
import {
  copyRemote,
  journalName,
  makeFolders,
  newUploadId,
  orderOf,
  publish,
  trashPath,
  type Removal,
  type Switch,
} from './publish';
import { forEachLimited } from './remoteFiles';
import { Stage, type StagedFile, type StageOptions } from './stage';
import type { StateFolder } from './stateFolder';
import { foldersAbove, manifestAfter, sameManifest, type Survey } from './survey';

/** Carries a plan out, under the lock: stage, save what is replaced, publish. On an error before the burst everything is as before. */
export class CarryOut {
  readonly #session: SftpSession;
  readonly #state: StateFolder;
  readonly #options: StageOptions;
  readonly #target: string;
  readonly #id = newUploadId();
  /** To be taken back on an error: folders and second names that we made. */
  readonly #folders: string[] = [];
  readonly #kept: string[] = [];

  constructor(session: SftpSession, state: StateFolder, options: StageOptions) {
    this.#session = session;
    this.#state = state;
    this.#options = options;
    this.#target = options.target;
  }

  /** Gives the folder with what was replaced or removed, if anything was. */
  async run(found: Survey): Promise<string | undefined> {
    // Under our lock, and with no journal left, a temporary name is rubbish of a dead upload.
    await this.#unlinkAll(found.leftovers.map((path) => joinRemote(this.#target, path)));
    await forEachLimited(found.plan.modes, this.#session.concurrency, ({ path, mode }) =>
      this.#session.setstat(joinRemote(this.#target, path), { mode }),
    );
    const transfers = [...found.plan.create, ...found.plan.change];
    if (transfers.length > 0 || found.plan.delete.length > 0) return this.#send(found, transfers);
    const manifest = manifestAfter(found, []);
    if (!sameManifest(manifest, found.manifest)) await this.#state.saveManifest(manifest);
    return undefined;
  }

  async #send(found: Survey, transfers: readonly Transfer[]): Promise<string | undefined> {
    const { plan } = found;
    const stage = new Stage(this.#session, this.#options);
    try {
      await this.#createFolders(plan);
      const staged = await stage.send(transfers);
      const saved = await this.#saveOriginals(plan);
      await this.#keepPrograms(plan);
      await this.#openUp(staged);
      const removals = plan.delete.map((path) => this.#removal(path));
      const switches = staged.map((one) => this.#switchOf(one));
      const manifest = manifestAfter(found, staged);
      await publish(this.#session, this.#state, { id: this.#id, switches, removals, saved, manifest });
      await this.#tidy(plan);
      return saved.length + removals.length > 0 ? trashPath(this.#state, this.#id, '') : undefined;
    } catch (error) {
      if (!(await this.#journalLeft())) await this.#undo(stage);
      throw error;
    }
  }

  /** With a journal on the server the temporaries are needed; when even that cannot be asked, they may be. */
  async #journalLeft(): Promise<boolean> {
    return this.#state.read(journalName).then(
      (text) => text !== undefined,
      () => true,
    );
  }

  async #undo(stage: Stage): Promise<void> {
    await stage.discard();
    await this.#unlinkAll(this.#kept);
    for (const folder of this.#folders.toReversed()) await this.#session.rmdir(folder).catch(() => undefined);
  }

  async #unlinkAll(paths: readonly string[]): Promise<void> {
    await Promise.all(paths.map((path) => this.#session.unlink(path).catch(() => undefined)));
  }

  async #createFolders(plan: Plan): Promise<void> {
    for (const folder of plan.folders) {
      const path = joinRemote(this.#target, folder);
      await this.#session.mkdir(path, 0o755).catch((error: unknown) => {
        if (hasReason(error, 'permission-denied')) throw readOnly(path, error);
        throw error;
      });
      this.#folders.push(path);
      // The account's umask may have taken away what the web server needs to enter.
      await this.#session.setstat(path, { mode: 0o755 });
    }
  }

  /** Second names for what is replaced, so that a failed burst can be taken back and a foreign edit is not lost. */
  async #saveOriginals(plan: Plan): Promise<Removal[]> {
    const saved: Removal[] = [];
    const linkable = this.#session.supports('hardlink@openssh.com');
    const wanted = plan.change.filter(({ foreign }) => foreign || linkable);
    await forEachLimited(new Set(wanted.map(({ path }) => folderOf(this.#removal(path).to))), 1, (folder) =>
      makeFolders(this.#session, folder),
    );
    await forEachLimited(wanted, this.#session.concurrency / 2, async ({ path, foreign }) => {
      const removal = this.#removal(path);
      const linked = linkable && (await this.#tryLink(removal));
      if (!linked && foreign) await copyRemote(this.#session, removal.from, removal.to);
      if (linked || foreign) saved.push(removal);
    });
    return saved;
  }

  /** False where the trash lies on another file system, or the server's links do not work. */
  async #tryLink(removal: Removal): Promise<boolean> {
    return this.#session.hardlink(removal.from, removal.to).then(
      () => true,
      (error: unknown) => {
        if (hasReason(error, 'connection-lost', 'timeout', 'cancelled')) throw error;
        return false;
      },
    );
  }

  #removal(path: string): Removal {
    return { from: joinRemote(this.#target, path), to: trashPath(this.#state, this.#id, path) };
  }

  async #keepPrograms(plan: Plan): Promise<void> {
    for (const { path } of plan.change.filter((one) => this.#isProgram(one.path))) {
      const kept = await keepOldInode(this.#session, joinRemote(this.#target, path));
      if (kept !== undefined) this.#kept.push(kept);
    }
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

  #switchOf({ temporary, final, transfer }: StagedFile): Switch {
    return {
      from: temporary,
      to: final,
      size: transfer.local.size,
      order: orderOf(transfer.path, this.#options.dispatcher),
    };
  }

  /** Removes folders that held our files only (one with anything in it refuses to go), and second names that are no longer needed. */
  async #tidy(plan: Plan): Promise<void> {
    const folders = new Set(plan.delete.flatMap(foldersAbove).filter((folder) => folder !== ''));
    for (const folder of [...folders].sort((one, other) => other.length - one.length)) {
      await this.#session.rmdir(joinRemote(this.#target, folder)).catch(() => undefined);
    }
    for (const { path } of plan.change.filter((one) => this.#isProgram(one.path))) {
      await pruneKeeps(this.#session, joinRemote(this.#target, path)).catch(() => undefined);
    }
  }
}

function readOnly(path: string, cause: unknown): RemoteError {
  return new RemoteError(
    'permission-denied',
    `${path} could not be created: the server refused permission. Nothing was changed. Check who owns the folder above it, and its mode.`,
    { path, cause },
  );
}
