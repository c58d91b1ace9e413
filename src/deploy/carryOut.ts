import { randomBytes } from 'node:crypto';
import type { RemoteConnection } from '../remote/connection';
import { hasReason, RemoteError } from '../remote/errors';
import type { SftpSession } from '../remote/sftp';
import {
  historyNames,
  newDeployId,
  ourselves,
  type Commit,
  type FileChange,
  type FileState,
  type HistoryEntry,
} from './history';
import { atOnceScript, fitsAtOnce, inOrder, outcomeOf, packed, type AtOnceOutcome } from './atOnce';
import { intentText, noteIntent, undoIntent, type Intent } from './intent';
import {
  entriesBetween,
  journalName,
  printJournal,
  type Journal,
  type Removal,
  type Switch,
} from './journal';
import { keepOldInode, pruneKeeps } from './keep';
import { Layout } from './layout';
import type { Alias } from './manifest';
import { folderOf, joinRemote, stagingPath } from './names';
import type { Manifest, ManifestEntry, Plan, RemoteFile, Transfer } from './plan';
import {
  copyRemote,
  discard,
  interrupted,
  makeFolders,
  orderOf,
  prepare,
  publish,
  takeBack,
  type Prepared,
  type Publication,
} from './publish';
import { allOf, forEachLimited, hashOfRemoteStart, replacesAtOnce } from './remoteFiles';
import { isPrunable, pruneHistory } from './retention';
import { folderMode, Stage, stagedFile, type StagedFile, type StageOptions } from './stage';
import { tryStaged } from './stagedTrial';
import type { Inventory, Lock, StateFolder } from './stateFolder';
import { foldersAbove, manifestAfter, sameManifest, type Survey } from './survey';
import { forStream, plannedContent, startUnpacking, streamFiles, type Unpacking } from './tarStage';
import type { WaitingCommand } from './waitingCommand';

/** What a deploy is called in the history. */
export interface DeployKind {
  readonly kind: 'upload' | 'rollback' | 'switch';
  readonly restores?: string;
  readonly whole?: boolean;
  readonly commit?: Commit | undefined;
  /** The dispatcher's name on the server afterwards; absent: as before. */
  readonly alias?: Alias | undefined;
}

export interface CarryOutParts {
  readonly connection: RemoteConnection;
  readonly session: SftpSession;
  readonly state: StateFolder;
  readonly lock: Lock;
  readonly inventory: Inventory;
  readonly what: DeployKind;
  /** Whether old history and old second names are looked for afterwards; true when absent. */
  readonly tidies?: boolean;
  /** A shell that waits for what to do: a few files need no more than it then. */
  readonly command?: Promise<WaitingCommand | undefined> | undefined;
}

/** What came of it; nothing where nothing was to be done. */
export interface CarriedOut {
  readonly id?: string;
  /** The folder with what was replaced or removed, where there is any. */
  readonly trash?: string;
  /** Sentences for the user. */
  readonly notes?: readonly string[];
}

/** Carries a plan out, under the lock: stage, save what is replaced, publish. On an error before the burst everything is as before. */
export class CarryOut {
  readonly #of: CarryOutParts;
  readonly #session: SftpSession;
  readonly #state: StateFolder;
  readonly #options: StageOptions;
  readonly #target: string;
  readonly #id = newDeployId();
  /** To be taken back on an error: second names of programs that we made. */
  readonly #kept: string[] = [];
  /** What waits under temporary names in the state folder. */
  #ahead: Prepared | undefined;
  /** Files whose old inode the trash keeps in use. */
  readonly #linked = new Set<string>();

  constructor(of: CarryOutParts, options: StageOptions) {
    this.#of = of;
    this.#session = of.session;
    this.#state = of.state;
    this.#options = options;
    this.#target = options.target;
  }

  async run(found: Survey): Promise<CarriedOut> {
    const { plan } = found;
    await replacesAtOnce(this.#of.connection, this.#session);
    // Under our lock, and with no journal left, a temporary name is rubbish of a dead upload.
    await this.#unlinkAll(found.leftovers.map((path) => joinRemote(this.#target, path)));
    const transfers = [...plan.create, ...plan.change];
    const atOnce = fitsAtOnce(plan) ? await this.#atOnce(found, transfers) : undefined;
    if (atOnce) return atOnce;
    if (transfers.length + plan.delete.length + plan.modes.length > 0) return this.#send(found, transfers);
    const manifest = manifestAfter(found, []);
    if (!sameManifest(manifest, found.manifest)) {
      await this.#state.saveManifest({ ...this.#of.inventory, files: manifest });
    }
    return {};
  }

  /** All of it in one command; undefined where that is not possible, and nothing was changed. */
  async #atOnce(found: Survey, transfers: readonly Transfer[]): Promise<CarriedOut | undefined> {
    const { lock, tidies } = this.#of;
    if (this.#options.tryPrograms === true) return undefined;
    const [command, names] = await Promise.all([
      this.#of.command,
      tidies === false ? [] : historyNames(this.#session, this.#state),
      lock.written,
    ]);
    if (!command || isPrunable(names) || this.#options.signal?.aborted) return undefined;
    const layout = new Layout(this.#target, [], randomBytes(4).toString('hex'));
    const work = { found, layout, transfers, intent: this.#intent(layout, transfers) };
    const { outcome, prepared } = await this.#command(command, work);
    if (outcome.kind === 'done') {
      this.#state.remember(prepared.manifestFile);
      await lock.forget();
      this.#tellProgress(transfers);
      const { length } = found.plan.change;
      return { id: this.#id, ...(length > 0 ? { trash: this.#state.trashPath(this.#id, '') } : {}) };
    }
    this.#ahead = prepared;
    if (outcome.kind === 'unknown' || outcome.kind === 'overtaken') {
      // The lock may be another's by now.
      await lock.forget();
      throw interrupted(new Error(outcome.kind === 'unknown' ? outcome.why : 'another upload took over.'));
    }
    if (outcome.kind === 'stuck') await this.#takeBack(prepared, outcome, work.intent);
    await this.#undo(work.intent);
    this.#ahead = undefined;
    return undefined;
  }

  async #command(
    command: WaitingCommand,
    of: { found: Survey; layout: Layout; transfers: readonly Transfer[]; intent: Intent },
  ): Promise<{ outcome: AtOnceOutcome; prepared: Prepared }> {
    const state = this.#state;
    const { localRoot, dispatcher } = this.#options;
    const where = { target: this.#target, layout: of.layout, now: this.#of.lock.serverTime };
    const files = of.transfers.map((transfer) => stagedFile(transfer, where));
    const journal = this.#journal({ found: of.found, layout: of.layout, files });
    const after = { files: manifestAfter(of.found, files), deploy: this.#id, alias: journal.alias };
    const manifest = await state.nextManifest(after);
    const [journalFile, manifestName] = ['journal.json', 'manifest.json'].map((name) =>
      stagingPath(state.pathOf(name), randomBytes(4).toString('hex')),
    ) as [string, string];
    const hidden = { mode: 0o600 };
    const contents = await Promise.all(
      files.map(async ({ transfer, temporary, mtime }) => {
        const content = await plannedContent(localRoot, transfer);
        return { ...hidden, path: temporary, mtime, content };
      }),
    );
    const stream = await packed([
      ...contents,
      { ...hidden, path: journalFile, mtime: where.now, content: Buffer.from(printJournal(journal)) },
      { ...hidden, path: manifestName, mtime: manifest.mtime, content: Buffer.from(manifest.text) },
    ]);
    const script = atOnceScript({
      state,
      holder: this.#of.lock.holder,
      intent: intentText(of.intent),
      journal,
      journalFile,
      manifestFile: manifestName,
      flushed: files.filter(({ transfer }) => transfer.path === dispatcher).map(({ temporary }) => temporary),
    });
    const prepared = { journal, journalFile, manifestFile: { ...manifest, temporary: manifestName } };
    const end = await command.run(script, stream).catch(async (error: unknown) => {
      // It may still be at work under our lock.
      await this.#of.lock.forget();
      throw error;
    });
    return { outcome: outcomeOf(end), prepared };
  }

  /** What was renamed before one could not be goes back; always throws. */
  async #takeBack(
    { journal, manifestFile }: Prepared,
    { renamed, why }: { renamed: number; why: string },
    intent: Intent,
  ): Promise<never> {
    const done = inOrder(journal).slice(0, renamed);
    const place = { session: this.#session, state: this.#state };
    const cause = new RemoteError('failure', why);
    const error = await takeBack(place, { journal, done, manifestFile: manifestFile.temporary }, cause);
    if (!(await this.#journalLeft())) await this.#undo(intent);
    throw error;
  }

  #tellProgress(transfers: readonly Transfer[]): void {
    const bytes = transfers.reduce((sum, { local }) => sum + local.size, 0);
    const { length } = transfers;
    const file = transfers.at(-1)?.path ?? '';
    this.#options.onProgress?.({ files: length, totalFiles: length, bytes, totalBytes: bytes, file });
  }

  async #send(found: Survey, transfers: readonly Transfer[]): Promise<CarriedOut> {
    const { plan } = found;
    const layout = new Layout(this.#target, plan.folders, randomBytes(4).toString('hex'));
    const intent = this.#intent(layout, transfers);
    const unpacking = this.#unpacking(transfers);
    let notes: readonly string[] = [];
    try {
      const names = await this.#note(intent);
      const staging = this.#stage({ layout, transfers, unpacking });
      const preparing = this.#prepareAhead({ found, layout, transfers });
      const [files, , ahead] = await settled([staging, this.#saveOriginals(plan), preparing]);
      if (this.#options.tryPrograms === true) notes = await this.#tryPrograms(plan, files);
      await this.#keepPrograms(plan);
      const prepared = await this.#prepared({ found, layout, files, ahead });
      const tidies = this.#of.tidies !== false && (isPrunable(names) || this.#programs(plan).length > 0);
      await publish(this.#publication(found), prepared, async () => {
        if (!tidies) await this.#of.lock.release();
      });
      if (tidies) await this.#tidy(plan, names);
    } catch (error) {
      if (!(await this.#journalLeft())) await this.#undo(intent);
      throw error;
    } finally {
      // Where all went well the command has ended; else it still waits for its stream.
      void unpacking?.then((one) => one?.channel.destroy()).catch(() => undefined);
    }
    const replaced = plan.change.length + plan.delete.length > 0;
    return { id: this.#id, notes, ...(replaced ? { trash: this.#state.trashPath(this.#id, '') } : {}) };
  }

  /** Before anything is created: says what will be. Gives the names in the history. */
  async #note(intent: Intent): Promise<readonly string[]> {
    const noted = [
      noteIntent(this.#session, this.#state, intent),
      this.#historyFolder(),
      this.#of.lock.written,
    ];
    const names = historyNames(this.#session, this.#state).catch(() => []);
    await allOf(noted);
    return names;
  }

  /** Started early, the command waits until there is something to unpack. */
  #unpacking(transfers: readonly Transfer[]): Promise<Unpacking | undefined> | undefined {
    if (forStream(transfers).length === 0) return undefined;
    const unpacking = startUnpacking(this.#of.connection, this.#target);
    unpacking.catch(() => undefined);
    return unpacking;
  }

  async #stage(of: {
    layout: Layout;
    transfers: readonly Transfer[];
    unpacking: Promise<Unpacking | undefined> | undefined;
  }): Promise<StagedFile[]> {
    const { layout, transfers } = of;
    const { connection, lock } = this.#of;
    const hashOfStart = (path: string, bytes: number) => hashOfRemoteStart(connection, path, bytes);
    const now = this.#foresees(transfers) ? lock.serverTime : undefined;
    const stage = new Stage(this.#session, layout, { ...this.#options, hashOfStart, now });
    stage.expect(transfers);
    const unpacking = await of.unpacking;
    if (!unpacking) return this.#oneByOne(stage, transfers);
    const wanted = forStream(transfers);
    const parts = { layout, stage, options: this.#options, now: lock.serverTime };
    const streamed = await streamFiles(parts, wanted, unpacking);
    const sent = new Set(wanted);
    return [...streamed, ...(await stage.send(transfers.filter((one) => !sent.has(one))))];
  }

  #tryPrograms(plan: Plan, staged: readonly StagedFile[]): Promise<string[]> {
    const { localRoot, target, dispatcher, signal } = this.#options;
    return tryStaged(this.#of.connection, { plan, staged, localRoot, target, dispatcher, signal });
  }

  async #oneByOne(stage: Stage, transfers: readonly Transfer[]): Promise<StagedFile[]> {
    const made = stage.folders();
    made.catch(() => undefined);
    if (!this.#session.inOrder) await made;
    const [, files] = await settled([made, stage.send(transfers)]);
    return files;
  }

  /** Whether the time stamps are given by us, so that the journal can be written while the files are being sent. */
  #foresees(transfers: readonly Transfer[]): boolean {
    const bytes = transfers.reduce((sum, { local }) => sum + local.size, 0);
    return this.#session.inOrder && bytes <= quickBytes;
  }

  /** The journal as it will be when all arrives as planned; undefined where that cannot be said. */
  async #prepareAhead(of: {
    found: Survey;
    layout: Layout;
    transfers: readonly Transfer[];
  }): Promise<Prepared | undefined> {
    const { found, layout, transfers } = of;
    if (!this.#foresees(transfers)) return undefined;
    const where = { target: this.#target, layout, now: this.#of.lock.serverTime };
    const files = transfers.map((transfer) => stagedFile(transfer, where));
    this.#ahead = await prepare(this.#publication(found), this.#journal({ found, layout, files }));
    return this.#ahead;
  }

  /** What was prepared ahead, if it came so. */
  async #prepared(of: {
    found: Survey;
    layout: Layout;
    files: readonly StagedFile[];
    ahead: Prepared | undefined;
  }): Promise<Prepared> {
    const { found, layout, files, ahead } = of;
    const isSo = ({ transfer, mtime }: StagedFile) => ahead?.journal.entries[transfer.path]?.mtime === mtime;
    if (ahead && files.every(isSo)) return ahead;
    if (ahead) await discard(this.#session, ahead);
    this.#ahead = await prepare(this.#publication(found), this.#journal({ found, layout, files }));
    return this.#ahead;
  }

  #publication({ manifest }: Survey): Publication {
    return { session: this.#session, state: this.#state, manifest };
  }

  #intent(layout: Layout, transfers: readonly Transfer[]): Intent {
    return {
      id: this.#id,
      files: transfers
        .filter(({ path }) => !layout.rootOf(path))
        .map(({ path, local }) => layout.temporaryOf(path, local.sha256)),
      folders: layout.roots.map(({ temporary }) => temporary),
    };
  }

  async #historyFolder(): Promise<void> {
    await this.#session.mkdir(this.#state.pathOf('history'), 0o700).catch((error: unknown) => {
      if (!hasReason(error, 'failure')) throw error;
    });
  }

  #journal(of: { found: Survey; layout: Layout; files: readonly StagedFile[] }): Journal {
    const { found, layout, files } = of;
    const after = manifestAfter(found, files);
    const alias = this.#of.what.alias ?? this.#of.inventory.alias;
    return {
      ...(alias === undefined ? {} : { alias }),
      record: this.#record(found, after),
      switches: switchesOf(layout, files, this.#options),
      modes: found.plan.modes.map(({ path, mode }) => ({
        path: joinRemote(this.#target, path),
        mode,
        before: found.input.remote.get(path)?.mode ?? mode,
      })),
      removals: found.plan.delete.map((path) => this.#removal(path)),
      emptied: this.#emptied(found.plan),
      saved: found.plan.change.map(({ path }) => this.#removal(path)),
      entries: entriesBetween(found.manifest, after),
    };
  }

  #record({ plan, input, manifest }: Survey, after: Manifest): HistoryEntry {
    const { what, lock, inventory } = this.#of;
    const before = (path: string) => stateOf(input.remote.get(path), manifest.get(path));
    const changes: FileChange[] = [
      ...[...plan.create, ...plan.change].map(({ path, local, mode }) => ({
        path,
        before: before(path),
        after: { sha256: local.sha256, size: local.size, mode },
      })),
      ...plan.delete.map((path) => ({ path, before: before(path), after: null })),
    ];
    const { commit, alias: _, ...kind } = what;
    return {
      id: this.#id,
      ...kind,
      ...(commit === undefined ? {} : { commit }),
      time: Date.now(),
      serverTime: lock.serverTime,
      by: ourselves(),
      changes,
      files: after.size,
      ...(inventory.deploy === undefined ? {} : { previous: inventory.deploy }),
    };
  }

  /** With a journal on the server the temporaries are needed; when even that cannot be asked, they may be. */
  async #journalLeft(): Promise<boolean> {
    return this.#state.read(journalName).then(
      (text) => text !== undefined,
      () => true,
    );
  }

  /** What cannot be removed now is removed by the next upload: the note about it stays. */
  async #undo(intent: Intent): Promise<void> {
    await this.#unlinkAll(this.#kept);
    if (this.#ahead) await discard(this.#session, this.#ahead);
    await undoIntent({ session: this.#session, state: this.#state }, intent).catch(() => undefined);
  }

  async #unlinkAll(paths: readonly string[]): Promise<void> {
    await Promise.all(paths.map((path) => this.#session.unlink(path).catch(() => undefined)));
  }

  /** What is replaced is kept: a failed burst can be taken back, a deploy rolled back, and a foreign edit is not lost. */
  async #saveOriginals(plan: Plan): Promise<void> {
    const removals = plan.change.map(({ path }) => this.#removal(path));
    await makeFolders(
      this.#session,
      this.#state.path,
      removals.map(({ to }) => folderOf(to)),
    );
    const linkable = this.#session.supports('hardlink@openssh.com');
    await forEachLimited(removals, linkable ? this.#session.concurrency : 4, async ({ from, to }) => {
      if (linkable && (await this.#tryLink(from, to))) this.#linked.add(from);
      else await copyRemote(this.#session, from, to);
    });
  }

  /** False where the trash lies on another file system, or the server's links do not work. */
  async #tryLink(from: string, to: string): Promise<boolean> {
    return this.#session.hardlink(from, to).then(
      () => true,
      (error: unknown) => {
        if (hasReason(error, 'connection-lost', 'timeout', 'cancelled')) throw error;
        return false;
      },
    );
  }

  #removal(path: string): Removal {
    return { from: joinRemote(this.#target, path), to: this.#state.trashPath(this.#id, path) };
  }

  /** mod_fcgid knows programs by inode: the old one must stay in use also where the trash holds a copy only. */
  async #keepPrograms(plan: Plan): Promise<void> {
    for (const path of this.#programs(plan)) {
      const kept = this.#linked.has(path) ? undefined : await keepOldInode(this.#session, path);
      if (kept !== undefined) this.#kept.push(kept);
    }
  }

  /** Absolute paths of programs that are replaced. */
  #programs({ change }: Plan): string[] {
    return change
      .filter(({ path }) => path === this.#options.dispatcher || path.endsWith('.fcgi'))
      .map(({ path }) => joinRemote(this.#target, path));
  }

  #emptied({ delete: removed }: Plan): string[] {
    const folders = new Set(removed.flatMap(foldersAbove).filter((folder) => folder !== ''));
    return [...folders]
      .sort((one, other) => other.length - one.length)
      .map((folder) => joinRemote(this.#target, folder));
  }

  /** Removes what is no longer needed. */
  async #tidy(plan: Plan, names: readonly string[]): Promise<void> {
    const pruning = this.#programs(plan).map((path) => pruneKeeps(this.#session, path));
    await Promise.allSettled([...pruning, pruneHistory(this.#session, this.#state, names)]);
  }
}

/** Up to so many bytes are sent so quickly that one time stamp is right for all. */
const quickBytes = 16 * 1024 * 1024;

function switchesOf(layout: Layout, staged: readonly StagedFile[], options: StageOptions): Switch[] {
  const { dispatcher } = options;
  const folders = layout.roots.map(({ temporary, final }) => ({
    from: temporary,
    to: final,
    folder: true,
    size: 0,
    mode: folderMode(options),
    order: 0,
  }));
  const files = staged
    .filter(({ transfer }) => !layout.rootOf(transfer.path))
    .map(({ temporary, final, transfer }) => ({
      from: temporary,
      to: final,
      folder: false,
      size: transfer.local.size,
      mode: transfer.mode,
      order: transfer.replaces ? orderOf(transfer.path, dispatcher) : orderOfNew(transfer.path),
    }));
  return [...folders, ...files];
}

/** A new program comes before the .htaccess that will name it. */
function orderOfNew(path: string): number {
  return /\.f?cgi$/i.test(path) ? 0.5 : orderOf(path, undefined);
}

function stateOf(remote: RemoteFile | undefined, entry: ManifestEntry | undefined): FileState | null {
  if (!remote) return null;
  // Of a file that somebody else changed, only its content can tell what it is.
  const ours = entry?.size === remote.size && entry.mtime === remote.mtime ? entry.sha256 : undefined;
  const sha256 = remote.sha256 ?? ours;
  return { size: remote.size, mode: remote.mode, ...(sha256 === undefined ? {} : { sha256 }) };
}

/** All results; the first failure is thrown, but only when nothing is under way any more. */
async function settled<T extends readonly unknown[]>(work: { [K in keyof T]: Promise<T[K]> }): Promise<T> {
  await allOf(work);
  return Promise.all(work) as Promise<T>;
}
