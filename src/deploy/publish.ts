import { randomBytes } from 'node:crypto';
import { hasReason, RemoteError, textOf } from '../remote/errors';
import type { SftpSession } from '../remote/sftp';
import { isRecord, printManifest, readManifest } from './manifest';
import { folderOf, joinRemote, nameOf } from './names';
import type { Manifest } from './plan';
import { forEachLimited, ignoreMissing, readRemoteFile, replaceRemote } from './remoteFiles';
import type { StateFolder } from './stateFolder';

/** The journal's name in the state folder. */
export const journalName = 'journal.json';

/** One rename of the burst. */
export interface Switch {
  readonly from: string;
  readonly to: string;
  /** Of the new content: tells, after a crash, whether the temporary is complete. */
  readonly size: number;
  /** Position in the burst: lower ones first, all of one number together. */
  readonly order: number;
}

/** A file that goes to the trash. */
export interface Removal {
  readonly from: string;
  readonly to: string;
}

/** All that is needed to finish an upload whose burst was interrupted. */
export interface Journal {
  readonly id: string;
  readonly switches: readonly Switch[];
  readonly removals: readonly Removal[];
  /** Originals of files that are replaced, as second names: old path -> kept path. */
  readonly saved: readonly Removal[];
  readonly manifest: Manifest;
}

/** A new, sortable name for one upload. */
export function newUploadId(): string {
  return `${new Date().toISOString().replace(/[-:]|\.\d+/g, '')}-${randomBytes(3).toString('hex')}`;
}

/**
 * Makes staged files live: journal, burst of renames, removals, manifest. When a rename fails, those already done are taken back where
 * the originals could be kept; when the connection dies in between, the journal stays and `recover` finishes the work.
 */
export async function publish(session: SftpSession, state: StateFolder, journal: Journal): Promise<void> {
  await state.write(journalName, printJournal(journal));
  const done: Switch[] = [];
  try {
    await burst(session, journal.switches, done);
  } catch (error) {
    throw await takeBack({ session, state, journal, done }, error);
  }
  await finish(session, state, journal);
}

async function burst(session: SftpSession, switches: readonly Switch[], done: Switch[]): Promise<void> {
  for (const order of [...new Set(switches.map((one) => one.order))].sort((one, other) => one - other)) {
    const group = switches.filter((one) => one.order === order);
    await forEachLimited(group, session.concurrency, async (one) => {
      await replaceRemote(session, one.from, one.to);
      done.push(one);
    });
  }
}

async function takeBack(
  of: { session: SftpSession; state: StateFolder; journal: Journal; done: readonly Switch[] },
  error: unknown,
): Promise<RemoteError> {
  const { session, state, journal, done } = of;
  if (hasReason(error, 'connection-lost', 'timeout', 'cancelled')) return interrupted(error);
  const saved = new Map(journal.saved.map(({ from, to }) => [from, to]));
  try {
    for (const { to } of done.toReversed()) {
      const original = saved.get(to);
      if (original === undefined) await session.unlink(to).catch(ignoreMissing);
      else await replaceRemote(session, original, to);
    }
    await state.remove(journalName);
  } catch (second) {
    return interrupted(second);
  }
  return new RemoteError(
    'failure',
    `The new files could not be put in place: ${textOf(error)} The site is as before.`,
    { cause: error },
  );
}

function interrupted(cause: unknown): RemoteError {
  return new RemoteError(
    'connection-lost',
    `The upload was interrupted while the new files were put in place: ${textOf(cause)} The next upload or "recover" finishes it.`,
    { cause },
  );
}

async function finish(session: SftpSession, state: StateFolder, journal: Journal): Promise<void> {
  await forEachLimited(journal.removals, session.concurrency, (removal) => moveToTrash(session, removal));
  await state.saveManifest(journal.manifest);
  await state.remove(journalName);
}

/** Renames into the trash; where that lies on another file system, copies first. */
async function moveToTrash(session: SftpSession, { from, to }: Removal): Promise<void> {
  await makeFolders(session, folderOf(to));
  try {
    await session.rename(from, to);
  } catch (error) {
    if (hasReason(error, 'no-such-file')) return;
    if (!hasReason(error, 'failure')) throw error;
    await copyRemote(session, from, to);
    await session.unlink(from);
  }
}

/** Copies a file through this machine: for what cannot be renamed or linked. */
export async function copyRemote(session: SftpSession, from: string, to: string): Promise<void> {
  const content = await readRemoteFile(session, from);
  await session.unlink(to).catch(ignoreMissing);
  const handle = await session.open(to, 'new', 0o600);
  try {
    for (let at = 0; at < content.length; at += session.writeSize) {
      await session.write(handle, content.subarray(at, at + session.writeSize), at, to);
    }
  } finally {
    await session.closeHandle(handle, to);
  }
}

/** Creates private folders down to a path. */
export async function makeFolders(session: SftpSession, path: string): Promise<void> {
  if (path === '' || path === '/' || (await session.find(path))) return;
  await makeFolders(session, folderOf(path));
  await session.mkdir(path, 0o700).catch((error: unknown) => {
    // Somebody, or another of our own requests, was faster.
    if (!hasReason(error, 'failure')) throw error;
  });
}

/** What `recover` found and did. */
export interface RecoveryReport {
  readonly id: string;
  /** Files that were put in place now. */
  readonly completed: readonly string[];
  /** Files whose new content is gone: they may be old. Upload them again. */
  readonly lost: readonly string[];
}

/** Finishes an interrupted upload: new content is complete under its temporary names, so the way is forward. Undefined when there was none. */
export async function recoverJournal(
  session: SftpSession,
  state: StateFolder,
): Promise<RecoveryReport | undefined> {
  const text = await state.read(journalName);
  if (text === undefined) return undefined;
  const journal = parseJournal(text);
  if (!journal) {
    await state.remove(journalName);
    return { id: 'unreadable', completed: [], lost: [] };
  }
  const waiting = await waitingSwitches(session, journal);
  await burst(session, waiting.complete, []);
  const lost = waiting.lost.map(({ to }) => to);
  const manifest = withoutPaths(journal.manifest, lost);
  await finish(session, state, { ...journal, manifest });
  return { id: journal.id, completed: waiting.complete.map(({ to }) => to), lost };
}

async function waitingSwitches(
  session: SftpSession,
  journal: Journal,
): Promise<{ complete: Switch[]; lost: Switch[] }> {
  const complete: Switch[] = [];
  const lost: Switch[] = [];
  await forEachLimited(journal.switches, session.concurrency, async (one) => {
    const temporary = await session.find(one.from);
    if (temporary?.size === one.size) complete.push(one);
    else if (temporary || (await session.find(one.to))?.size !== one.size) lost.push(one);
  });
  return { complete, lost };
}

/** Without the files at the given absolute paths: what we are not sure of counts as not ours. */
function withoutPaths(manifest: Manifest, lost: readonly string[]): Manifest {
  return new Map([...manifest].filter(([path]) => !lost.some((absolute) => absolute.endsWith(`/${path}`))));
}

function printJournal(journal: Journal): string {
  return JSON.stringify({
    ...journal,
    version: 1,
    manifest: JSON.parse(printManifest(journal.manifest)) as unknown,
  });
}

function parseJournal(text: string): Journal | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (!isRecord(value) || value['version'] !== 1) return undefined;
    const manifest = readManifest(value['manifest']);
    const lists = [value['switches'], value['removals'], value['saved']];
    return manifest && lists.every(Array.isArray)
      ? ({ ...value, manifest } as unknown as Journal)
      : undefined;
  } catch {
    return undefined;
  }
}

/** Where a replaced or removed file of one upload is kept. */
export function trashPath(state: StateFolder, id: string, path: string): string {
  return joinRemote(joinRemote(state.path, `trash/${id}`), path);
}

/** The burst's order: ordinary files, then .htaccess, then programs, the dispatcher last. */
export function orderOf(path: string, dispatcher: string | undefined): number {
  if (path === dispatcher) return 3;
  if (/\.f?cgi$/i.test(path)) return 2;
  return nameOf(path) === '.htaccess' ? 1 : 0;
}
