import { hasReason, RemoteError, textOf } from '../remote/errors';
import type { SftpSession } from '../remote/sftp';
import { historyName } from './history';
import { forgetIntent } from './intent';
import {
  applyEntries,
  journalName,
  parseJournal,
  printJournal,
  withoutLost,
  type Journal,
  type RecoveryReport,
  type Removal,
  type Switch,
} from './journal';
import { folderOf, nameOf } from './names';
import type { Manifest } from './plan';
import { explained } from './refused';
import {
  allOf,
  asidePath,
  forEachLimited,
  ignoreMissing,
  replaceRemote,
  stageRemoteFile,
} from './remoteFiles';
import type { StagedManifest, StateFolder } from './stateFolder';
import { makeFolders, moveToTrash, putBack } from './trash';

/** What publishing works with. */
export interface Publication {
  readonly session: SftpSession;
  readonly state: StateFolder;
  /** The manifest before. */
  readonly manifest: Manifest;
}

/** A journal that waits under a temporary name, with the manifest that will hold after it. */
export interface Prepared {
  readonly journal: Journal;
  readonly journalFile: string;
  readonly manifestFile: StagedManifest;
}

/** Writes both; nothing is known of them to anybody yet. */
export async function prepare(
  { session, state, manifest }: Publication,
  journal: Journal,
): Promise<Prepared> {
  const after = applyEntries(manifest, journal.entries);
  const [journalFile, manifestFile] = await both(session, [
    stageRemoteFile(session, state.pathOf(journalName), { text: printJournal(journal), mode: 0o600 }),
    state.stageManifest({ files: after, deploy: journal.record.id, alias: journal.alias }),
  ]);
  return { journal, journalFile, manifestFile };
}

/** Removes what `prepare` wrote; what is left of it goes with the next look after a broken upload. */
export async function discard(session: SftpSession, prepared: Prepared): Promise<void> {
  const files = [prepared.journalFile, prepared.manifestFile.temporary];
  await Promise.all(files.map((path) => session.unlink(path).catch(() => undefined)));
}

/**
 * Makes staged files live: journal, burst of renames, removals, manifest, history. When a rename or a removal fails, those already done
 * are taken back; when the connection dies in between, the journal stays and `recoverJournal` finishes the work. `finished` is called with the
 * last requests.
 */
export async function publish(
  of: Publication,
  prepared: Prepared,
  finished: () => Promise<void>,
): Promise<void> {
  const { session, state } = of;
  const { journal, journalFile, manifestFile } = prepared;
  await replaceRemote(session, journalFile, state.pathOf(journalName));
  const done: Switch[] = [];
  const gone: Removal[] = [];
  try {
    await burst(session, journal, journal.switches, done);
    await clearAway(session, state, journal, gone);
  } catch (error) {
    throw await takeBack(of, { journal, done, gone, manifestFile: manifestFile.temporary }, error);
  }
  try {
    await conclude(session, state, { journal, manifestFile, finished });
  } catch (error) {
    const reason = await explained(session, error);
    throw unfinished('The new files are in place, but the upload did not come to its end:', reason);
  }
}

/** Two temporary names; when one of the files cannot be written, neither stays. */
async function both(
  session: SftpSession,
  work: [Promise<string>, Promise<StagedManifest>],
): Promise<[string, StagedManifest]> {
  const [one, other] = await Promise.allSettled(work);
  if (one.status === 'fulfilled' && other.status === 'fulfilled') return [one.value, other.value];
  if (one.status === 'fulfilled') await session.unlink(one.value).catch(() => undefined);
  if (other.status === 'fulfilled') await session.unlink(other.value.temporary).catch(() => undefined);
  throw one.status === 'rejected' ? one.reason : (other as PromiseRejectedResult).reason;
}

async function burst(
  session: SftpSession,
  { modes }: Journal,
  switches: readonly Switch[],
  done: Switch[],
): Promise<void> {
  for (const order of [...new Set(switches.map((one) => one.order))].sort((one, other) => one - other)) {
    const group = switches.filter((one) => one.order === order);
    await forEachLimited(group, session.concurrency, async (one) => {
      await makeLive(session, one);
      done.push(one);
    });
  }
  await forEachLimited(modes, session.concurrency, ({ path, mode }) => setMode(session, path, mode));
}

/** Only its owner may change it: a file of somebody else keeps its own, and keeps nothing back. */
async function setMode(session: SftpSession, path: string, mode: number): Promise<void> {
  await session.setstat(path, { mode }).catch((error: unknown) => {
    if (!hasReason(error, 'no-such-file', 'permission-denied')) throw error;
  });
}

/** Until this moment the new content was for its owner only, since web servers serve dotfiles. */
async function makeLive(session: SftpSession, { from, to, mode, folder }: Switch): Promise<void> {
  const opened = session.setstat(from, { mode });
  if (!session.inOrder) await opened;
  await allOf([opened, folder ? session.rename(from, to) : replaceRemote(session, from, to)]);
}

/** With a journal on the server the temporaries are needed; when even that cannot be asked, they may be. */
export async function isJournalLeft(state: StateFolder): Promise<boolean> {
  return state.read(journalName).then(
    (text) => text !== undefined,
    () => true,
  );
}

/** Takes back what was switched; gives the error to be thrown. */
export async function takeBack(
  { session, state }: Pick<Publication, 'session' | 'state'>,
  of: { journal: Journal; done: readonly Switch[]; gone?: readonly Removal[]; manifestFile: string },
  error: unknown,
): Promise<RemoteError> {
  if (hasReason(error, 'connection-lost', 'timeout', 'cancelled')) return interrupted(error);
  try {
    await goBack(session, of);
    await Promise.all([state.remove(journalName), session.unlink(of.manifestFile)]);
  } catch (second) {
    return interrupted(await explained(session, second));
  }
  return new RemoteError(
    'failure',
    `The new files could not be put in place: ${textOf(await explained(session, error))} The site is as before.`,
    { cause: error },
  );
}

/** The other way round than the burst and the removals. */
async function goBack(
  session: SftpSession,
  of: { journal: Journal; done: readonly Switch[]; gone?: readonly Removal[] },
): Promise<void> {
  const saved = new Map(of.journal.saved.map(({ from, to }) => [from, to]));
  for (const { from, to } of of.gone ?? []) await putBack(session, to, from);
  for (const { path, before } of of.journal.modes) await setMode(session, path, before);
  for (const one of of.done.toReversed()) await undo(session, one, saved.get(one.to));
}

/** A whole folder goes back to its temporary name, from where it is removed with everything else. */
async function undo(session: SftpSession, { from, to, folder }: Switch, original?: string): Promise<void> {
  if (folder) await session.rename(to, from).catch(ignoreMissing);
  else if (original === undefined) await session.unlink(to).catch(ignoreMissing);
  else await putBack(session, original, to);
}

/** The error for an upload of which it is not known how far it came. */
export function interrupted(cause: unknown): RemoteError {
  return new RemoteError(
    'connection-lost',
    `The upload was interrupted while the new files were put in place: ${textOf(cause)} The next upload or "recover" finishes it.`,
    { cause },
  );
}

/** The error for what the journal on the server still tells to do; of the same reason as its cause. */
export function unfinished(what: string, cause: unknown): RemoteError {
  return new RemoteError(
    cause instanceof RemoteError ? cause.reason : 'failure',
    `${what} ${textOf(cause)} The next upload or "recover" finishes it.`,
    { cause },
  );
}

/** The manifest becomes the new one, and the journal the history's newest entry. */
async function conclude(
  session: SftpSession,
  state: StateFolder,
  of: { journal: Journal; manifestFile: StagedManifest; finished?: () => Promise<void> },
): Promise<void> {
  const { journal, manifestFile, finished } = of;
  const put = state.putManifest(manifestFile);
  if (!session.inOrder) await put;
  const entry = state.pathOf(historyName(journal.record.id));
  const remembered = replaceRemote(session, state.pathOf(journalName), entry);
  if (!session.inOrder) await remembered;
  const forgotten = forgetIntent(state);
  if (!session.inOrder) await forgotten;
  await allOf([put, remembered, forgotten, finished?.() ?? Promise.resolve()]);
}

async function clearAway(
  session: SftpSession,
  state: StateFolder,
  { removals, emptied }: Journal,
  gone: Removal[] = [],
): Promise<void> {
  await makeFolders(
    session,
    state.path,
    removals.map(({ to }) => folderOf(to)),
  );
  await forEachLimited(removals, session.concurrency, async (removal) => {
    await moveToTrash(session, removal);
    gone.push(removal);
  });
  // Deepest first.
  await forEachLimited(emptied, session.inOrder ? session.concurrency : 1, (folder) =>
    session.rmdir(folder).catch(unlessLost),
  );
}

/** That something is still in a folder is no failure. */
function unlessLost(error: unknown): void {
  if (hasReason(error, 'connection-lost', 'timeout', 'cancelled')) throw error;
}

/**
 * Finishes an interrupted upload: new content is complete under its temporary names, so the way is forward. Where the server refuses that,
 * it is back, and what waits is left to `undoIntent`. Undefined then, and when there was none.
 */
export async function recoverJournal(
  session: SftpSession,
  state: StateFolder,
  target: string,
): Promise<RecoveryReport | undefined> {
  const text = await state.read(journalName);
  if (text === undefined) return undefined;
  const journal = parseJournal(text);
  if (!journal) {
    await state.remove(journalName);
    return { id: 'unreadable', outcome: 'finished', completed: [], lost: [] };
  }
  const waiting = await finishOrGoBack(session, state, journal);
  if (!waiting) return undefined;
  const lost = waiting.lost.map(({ to }) => to);
  const kept = lost.length === 0 ? journal : withoutLost(journal, target, lost);
  const files = applyEntries((await state.inventory()).files, kept.entries);
  const { record, alias } = journal;
  const manifestFile = await state.stageManifest({ files, deploy: record.id, alias });
  await conclude(session, state, { journal: kept, manifestFile });
  const completed = waiting.complete.map(({ to }) => to);
  return { id: journal.record.id, outcome: 'finished', completed, lost };
}

async function finishOrGoBack(
  session: SftpSession,
  state: StateFolder,
  journal: Journal,
): Promise<{ complete: Switch[]; lost: Switch[] } | undefined> {
  try {
    const waiting = await finishBurst(session, journal);
    await dropAsides(session, journal.switches);
    await clearAway(session, state, journal);
    return waiting;
  } catch (error) {
    if (!hasReason(error, 'permission-denied', 'failure')) throw error;
    await goBack(session, { journal, ...(await carriedOut(session, journal)) });
    await state.remove(journalName);
    return undefined;
  }
}

/** What an upload that broke off has switched and removed. */
async function carriedOut(
  session: SftpSession,
  journal: Journal,
): Promise<{ done: Switch[]; gone: Removal[] }> {
  const done: Switch[] = [];
  const gone: Removal[] = [];
  await forEachLimited(journal.switches, session.concurrency, async (one) => {
    if (!(await session.find(one.from))) done.push(one);
  });
  await forEachLimited(journal.removals, session.concurrency, async (one) => {
    if (!(await session.find(one.from)) && (await session.find(one.to))) gone.push(one);
  });
  return { done: inOrder(done), gone };
}

function inOrder(switches: readonly Switch[]): Switch[] {
  return switches.toSorted((one, other) => one.order - other.order);
}

/** The server may still be working on requests of the lost connection: what it renames under our hands is done. */
async function finishBurst(
  session: SftpSession,
  journal: Journal,
): Promise<{ complete: Switch[]; lost: Switch[] }> {
  const waiting = await waitingSwitches(session, journal);
  try {
    await burst(session, journal, waiting.complete, []);
    return waiting;
  } catch (error) {
    if (!hasReason(error, 'no-such-file')) throw error;
    const left = await waitingSwitches(session, journal);
    await burst(session, journal, left.complete, []);
    return { complete: waiting.complete, lost: left.lost };
  }
}

async function waitingSwitches(
  session: SftpSession,
  journal: Journal,
): Promise<{ complete: Switch[]; lost: Switch[] }> {
  const complete: Switch[] = [];
  const lost: Switch[] = [];
  await forEachLimited(journal.switches, session.concurrency, async (one) => {
    const temporary = await session.find(one.from);
    if (temporary && (one.folder || temporary.size === one.size)) complete.push(one);
    else if (temporary || !isThere(one, await session.find(one.to))) lost.push(one);
  });
  return { complete, lost };
}

function isThere(one: Switch, found: { kind: string; size: number } | undefined): boolean {
  return one.folder ? found?.kind === 'directory' : found?.size === one.size;
}

/** Servers that cannot rename over a file leave the old one aside when they are interrupted. */
async function dropAsides(session: SftpSession, switches: readonly Switch[]): Promise<void> {
  if (session.supports('posix-rename@openssh.com')) return;
  await forEachLimited(switches, session.concurrency, ({ to }) =>
    session.unlink(asidePath(to)).catch(() => undefined),
  );
}

/** The burst's order: ordinary files, then .htaccess, then programs, the dispatcher last. */
export function orderOf(path: string, dispatcher: string | undefined): number {
  if (path === dispatcher) return 3;
  if (/\.f?cgi$/i.test(path)) return 2;
  return nameOf(path) === '.htaccess' ? 1 : 0;
}
