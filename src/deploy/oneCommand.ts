import { randomBytes } from 'node:crypto';
import { cancelled, RemoteError } from '../remote/errors';
import { atOnceScript, inOrder, outcomeOf, type AtOnceOutcome } from './atOnce';
import { namesToTidy, type CarriedOut, type CarryOutParts, type Draft } from './draft';
import { intentText, undoIntent, type Intent } from './intent';
import { printJournal, type Journal } from './journal';
import { Layout } from './layout';
import { stagingPath } from './names';
import type { Transfer } from './plan';
import { discard, interrupted, isJournalLeft, takeBack, type Prepared } from './publish';
import { isPrunable } from './retention';
import { Stage, stagedFile, type StagedFile, type StageOptions } from './stage';
import type { StagedManifest } from './stateFolder';
import { manifestAfter, type Survey } from './survey';
import { tarEnd, tarEntry } from './tar';
import { compressed, tarOfFiles } from './tarStage';
import type { WaitingCommand } from './waitingCommand';

/** What the command is told. */
interface Work {
  readonly layout: Layout;
  readonly transfers: readonly Transfer[];
  readonly intent: Intent;
  readonly journal: Journal;
  /** Temporary names in the state folder. */
  readonly journalFile: string;
  readonly manifestFile: string;
  readonly manifest: Promise<{ readonly text: string } & Omit<StagedManifest, 'temporary'>>;
}

/** A whole deploy in one command of the account's shell, which takes one compressed stream: see `fitsAtOnce` and `atOnceScript`. */
export class OneCommand {
  readonly #of: CarryOutParts;
  readonly #options: StageOptions;
  readonly #draft: Draft;

  constructor(of: CarryOutParts, options: StageOptions, draft: Draft) {
    this.#of = of;
    this.#options = options;
    this.#draft = draft;
  }

  /** Undefined where it is not possible, and nothing was changed. */
  async run(found: Survey, transfers: readonly Transfer[]): Promise<CarriedOut | undefined> {
    const { lock, state, connection } = this.#of;
    if (this.#options.tryPrograms === true || !(await connection.hasShell())) return undefined;
    const [command, names] = await Promise.all([this.#of.command, namesToTidy(this.#of), lock.written]);
    if (!command || isPrunable(names) || this.#options.signal?.aborted) return undefined;
    const work = this.#work(found, transfers);
    const { outcome, failure } = await this.#tell(command, work);
    if (outcome.kind === 'done') {
      state.remember(await work.manifest);
      await lock.forget();
      const { length } = found.plan.change;
      return { id: this.#draft.id, ...(length > 0 ? { trash: state.trashPath(this.#draft.id, '') } : {}) };
    }
    await this.#notDone(outcome, work);
    if (failure !== undefined) throw failure;
    if (this.#options.signal?.aborted) throw cancelled('The upload');
    return undefined;
  }

  #work(found: Survey, transfers: readonly Transfer[]): Work {
    const { state, lock } = this.#of;
    const { target } = this.#options;
    const layout = new Layout(target, found.plan, randomBytes(4).toString('hex'));
    const files = transfers.map((one) => stagedFile(one, { target, layout, now: lock.serverTime }));
    const journal = this.#draft.journal({ found, layout, files });
    const after = { files: manifestAfter(found, files), deploy: this.#draft.id, alias: journal.alias };
    const manifest = state.nextManifest(after);
    // It is awaited later; until then a failure must not count as unhandled.
    manifest.catch(() => undefined);
    const [journalFile, manifestFile] = ['journal.json', 'manifest.json'].map((name) =>
      stagingPath(state.pathOf(name), randomBytes(4).toString('hex')),
    ) as [string, string];
    const intent = this.#draft.intent(layout, transfers);
    return { layout, transfers, intent, journal, journalFile, manifestFile, manifest };
  }

  async #tell(command: WaitingCommand, work: Work): Promise<{ outcome: AtOnceOutcome; failure: unknown }> {
    const { state, lock } = this.#of;
    const { dispatcher, signal } = this.#options;
    const { layout, transfers, intent, journal, journalFile, manifestFile } = work;
    const flushed = transfers
      .filter(({ path }) => path === dispatcher)
      .map(({ path, local }) => layout.temporaryOf(path, local.sha256));
    const groups = transfers.flatMap(({ path, local, group }) =>
      group === undefined ? [] : [{ path: layout.temporaryOf(path, local.sha256), gid: group }],
    );
    const texts = { holder: lock.holder, intent: intentText(intent) };
    const script = atOnceScript({ state, ...texts, journal, journalFile, manifestFile, flushed, groups });
    const patience = { signal, files: transfers.length };
    const end = await command
      .run(script, compressed(this.#stream(work)), patience)
      .catch(async (error: unknown) => {
        // It may still be at work under our lock.
        await lock.forget();
        throw error;
      });
    return { outcome: outcomeOf(end), failure: end.failure };
  }

  /** Journal and manifest come last: without them, what has arrived is not all. */
  async *#stream(work: Work): AsyncGenerator<Buffer, void, void> {
    const { layout, transfers, journal, journalFile, manifestFile } = work;
    const now = this.#of.lock.serverTime;
    const stage = new Stage(this.#of.session, layout, this.#options);
    stage.expect(transfers);
    const staged: StagedFile[] = [];
    const nameIn = (path: string) => path.slice(1);
    yield* tarOfFiles({ layout, stage, options: this.#options, now, nameIn }, transfers, staged);
    const text = Buffer.from(printJournal(journal));
    yield* tarEntry({ name: nameIn(journalFile), mode: 0o600, mtime: now }, text);
    const manifest = await work.manifest;
    const { mtime } = manifest;
    yield* tarEntry({ name: nameIn(manifestFile), mode: 0o600, mtime }, Buffer.from(manifest.text));
    yield tarEnd;
  }

  /** Brings everything back to how it was; throws where it is not known how it is. */
  async #notDone(outcome: Exclude<AtOnceOutcome, { kind: 'done' }>, work: Work): Promise<void> {
    const { lock } = this.#of;
    if (outcome.kind === 'unknown' || outcome.kind === 'overtaken') {
      // The lock may be another's by now.
      await lock.forget();
      throw interrupted(
        new Error(
          outcome.kind === 'unknown'
            ? outcome.why || 'the command ended without a word.'
            : 'another upload took over.',
        ),
      );
    }
    const { journal, journalFile } = work;
    const manifestFile = { ...(await work.manifest), temporary: work.manifestFile };
    const prepared = { journal, journalFile, manifestFile };
    if (outcome.kind === 'stuck') await this.#takeBack(prepared, outcome, work.intent);
    await this.#undo(prepared, work.intent);
  }

  /** What was renamed before one could not be goes back; always throws. */
  async #takeBack(
    prepared: Prepared,
    { renamed, why }: { renamed: number; why: string },
    intent: Intent,
  ): Promise<never> {
    const { journal, manifestFile } = prepared;
    const done = inOrder(journal).slice(0, renamed);
    const cause = new RemoteError('failure', why);
    const error = await takeBack(this.#of, { journal, done, manifestFile: manifestFile.temporary }, cause);
    if (!(await isJournalLeft(this.#of.state))) await this.#undo(prepared, intent);
    throw error;
  }

  async #undo(prepared: Prepared, intent: Intent): Promise<void> {
    await discard(this.#of.session, prepared);
    await undoIntent(this.#of, intent).catch(() => undefined);
  }
}
