import { randomBytes } from 'node:crypto';
import { hasReason } from '../remote/errors';
import type { SftpSession } from '../remote/sftp';
import { fitsAtOnce } from './atOnce';
import { Draft, namesToTidy, type CarriedOut, type CarryOutParts } from './draft';
import { noteIntent, undoIntent, type Intent } from './intent';
import { keepOldInode, pruneKeeps } from './keep';
import { Layout } from './layout';
import { folderOf, joinRemote } from './names';
import { OneCommand } from './oneCommand';
import type { Plan, Transfer } from './plan';
import { discard, isJournalLeft, prepare, publish, type Prepared, type Publication } from './publish';
import { allOf, forEachLimited, hashOfRemoteStart, replacesAtOnce } from './remoteFiles';
import { asBefore, explained } from './refused';
import { isPrunable, pruneHistory } from './retention';
import { Stage, stagedFile, type StagedFile, type StageOptions } from './stage';
import { tryStaged } from './stagedTrial';
import type { StateFolder } from './stateFolder';
import { manifestAfter, sameManifest, type Survey } from './survey';
import { copyRemote, makeFolders } from './trash';
import { forStream, startUnpacking, streamFiles, type Unpacking } from './tarStage';

/** Carries a plan out, under the lock: stage, save what is replaced, publish. On an error before the burst everything is as before. */
export class CarryOut {
  readonly #of: CarryOutParts;
  readonly #session: SftpSession;
  readonly #state: StateFolder;
  readonly #options: StageOptions;
  readonly #target: string;
  readonly #draft: Draft;
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
    this.#draft = new Draft(of, options);
  }

  async run(found: Survey): Promise<CarriedOut> {
    const { plan } = found;
    await replacesAtOnce(this.#of.connection, this.#session);
    // Under our lock, and with no journal left, a temporary name is rubbish of a dead upload.
    await this.#unlinkAll(found.leftovers.map((path) => joinRemote(this.#target, path)));
    const transfers = [...plan.create, ...plan.change];
    const atOnce = fitsAtOnce(plan)
      ? await new OneCommand(this.#of, this.#options, this.#draft).run(found, transfers)
      : undefined;
    if (atOnce) return atOnce;
    if (transfers.length + plan.delete.length + plan.modes.length > 0) return this.#send(found, transfers);
    const manifest = manifestAfter(found, []);
    if (!sameManifest(manifest, found.manifest)) {
      await this.#state.saveManifest({ ...this.#of.inventory, files: manifest });
    }
    return {};
  }

  async #send(found: Survey, transfers: readonly Transfer[]): Promise<CarriedOut> {
    const { plan } = found;
    const layout = new Layout(this.#target, plan, randomBytes(4).toString('hex'));
    const intent = this.#draft.intent(layout, transfers);
    const unpacking = this.#unpacking(transfers);
    let notes: readonly string[] = [];
    try {
      const names = await this.#note(intent);
      const staging = this.#stage({ layout, transfers, unpacking });
      const preparing = this.#prepareAhead({ found, layout, transfers });
      const [files, , ahead] = await settled([staging, this.#saveOriginals(plan), preparing]);
      if (this.#options.tryPrograms === true) notes = await this.#tryPrograms(plan, files);
      notes = [...notes, ...files.flatMap(lostGroup).sort()];
      await this.#keepPrograms(plan);
      const prepared = await this.#prepared({ found, layout, files, ahead });
      const tidies =
        this.#of.tidies !== false && (isPrunable(names) || this.#draft.programs(plan).length > 0);
      await publish(this.#publication(found), prepared, async () => {
        if (!tidies) await this.#of.lock.release();
      });
      if (tidies) await this.#tidy(plan, names);
    } catch (error) {
      // Asked before there is room again.
      const reason = await explained(this.#session, error, asBefore);
      if (!(await isJournalLeft(this.#state))) await this.#undo(intent);
      throw reason;
    } finally {
      // Where all went well the command has ended; else it still waits for its stream.
      void unpacking?.then((one) => one?.channel.destroy()).catch(() => undefined);
    }
    const replaced = plan.change.length + plan.delete.length > 0;
    return {
      id: this.#draft.id,
      notes,
      ...(replaced ? { trash: this.#state.trashPath(this.#draft.id, '') } : {}),
    };
  }

  /** Before anything is created: says what will be. Gives the names in the history. */
  async #note(intent: Intent): Promise<readonly string[]> {
    const noted = [
      noteIntent(this.#session, this.#state, intent),
      this.#historyFolder(),
      this.#of.lock.written,
    ];
    const names = namesToTidy(this.#of);
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
    this.#ahead = await prepare(this.#publication(found), this.#draft.journal({ found, layout, files }));
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
    this.#ahead = await prepare(this.#publication(found), this.#draft.journal({ found, layout, files }));
    return this.#ahead;
  }

  #publication({ manifest }: Survey): Publication {
    return { session: this.#session, state: this.#state, manifest };
  }

  async #historyFolder(): Promise<void> {
    await this.#session.mkdir(this.#state.pathOf('history'), 0o700).catch((error: unknown) => {
      if (!hasReason(error, 'failure')) throw error;
    });
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
    const removals = plan.change.map(({ path }) => this.#draft.removal(path));
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

  /** mod_fcgid knows programs by inode: the old one must stay in use also where the trash holds a copy only. */
  async #keepPrograms(plan: Plan): Promise<void> {
    for (const path of this.#draft.programs(plan)) {
      const kept = this.#linked.has(path) ? undefined : await keepOldInode(this.#session, path);
      if (kept !== undefined) this.#kept.push(kept);
    }
  }

  /** Removes what is no longer needed. */
  async #tidy(plan: Plan, names: readonly string[]): Promise<void> {
    const pruning = this.#draft.programs(plan).map((path) => pruneKeeps(this.#session, path));
    await Promise.allSettled([...pruning, pruneHistory(this.#session, this.#state, names)]);
  }
}

/** The web server may have read it by its group alone. */
function lostGroup({ transfer, ungrouped }: StagedFile): string[] {
  const { path, group, mode } = transfer;
  if (ungrouped !== true) return [];
  return [
    `${path} could not keep its group (${group}), which this account is no member of: with mode ${mode.toString(8)} the web server may not be able to read it.`,
  ];
}

/** Up to so many bytes are sent so quickly that one time stamp is right for all. */
const quickBytes = 16 * 1024 * 1024;

/** All results; the first failure is thrown, but only when nothing is under way any more. */
async function settled<T extends readonly unknown[]>(work: { [K in keyof T]: Promise<T[K]> }): Promise<T> {
  await allOf(work);
  return Promise.all(work) as Promise<T>;
}
