import { randomBytes } from 'node:crypto';
import { hostname, userInfo } from 'node:os';
import type { RemoteConnection } from '../remote/connection';
import { isRecord } from './manifest';
import { forEachLimited, ignoreMissing, readRemoteFile } from './remoteFiles';
import type { SftpSession } from '../remote/sftp';
import { joinRemote } from './names';
import { StateFolder } from './stateFolder';
import { resolveTargetFolder } from './targetFolder';

/** How a file was before or after a deploy; null where there was none. */
export interface FileState {
  /** Absent for a file of somebody else whose content was not looked at. */
  readonly sha256?: string;
  readonly size: number;
  /** Permission bits. */
  readonly mode: number;
}

/** What a deploy did to one file. */
export interface FileChange {
  /** Relative to the target. */
  readonly path: string;
  readonly before: FileState | null;
  readonly after: FileState | null;
}

/** The version of the project that was uploaded. */
export interface Commit {
  readonly hash: string;
  /** First line of its message. */
  readonly subject: string;
  readonly branch?: string;
  /** Whether files differed from it. */
  readonly dirty: boolean;
}

/** What was done to a target, once. */
export interface HistoryEntry {
  /** Sortable by time, unique. */
  readonly id: string;
  readonly kind: 'upload' | 'rollback' | 'reload' | 'switch';
  /** Milliseconds since 1970 by the clock of the machine that did it. */
  readonly time: number;
  /** Seconds since 1970 by the server's clock, for comparison with its log. */
  readonly serverTime?: number;
  readonly by: { readonly user: string; readonly machine: string };
  readonly commit?: Commit;
  /** Whether an upload was of the whole project. */
  readonly whole?: boolean;
  readonly changes: readonly FileChange[];
  /** Number of our files on the server afterwards. */
  readonly files?: number;
  /** The deploy before this one: the order in which they must be undone. */
  readonly previous?: string;
  /** For a rollback: the deploy whose state it brought back. */
  readonly restores?: string;
  /** For a reload: what proved it, and how it was done. */
  readonly evidence?: string;
  readonly strategy?: string;
}

const folder = 'history';

/** Who does something from here. */
export function ourselves(): HistoryEntry['by'] {
  return { user: userInfo().username, machine: hostname() };
}

/** A new, sortable name for a deploy; for a reload with an `r` before its hex digits. */
export function newDeployId(mark: '' | 'r' = ''): string {
  return `${new Date().toISOString().replace(/[-:.]/g, '')}-${mark}${randomBytes(3).toString('hex')}`;
}

/** The name of an entry's file in the state folder. */
export function historyName(id: string): string {
  return `${folder}/${id}.json`;
}

/**
 * All that is remembered of a target, newest first: uploads, rollbacks, reloads. Empty where nothing was ever deployed from an editor or
 * the command. `connection` is an open one, `remotePath` the target's `path`.
 */
export async function readHistory(
  connection: RemoteConnection,
  remotePath: string,
  limit = 200,
): Promise<readonly HistoryEntry[]> {
  const session = await connection.sftp();
  const place = await resolveTargetFolder(session, remotePath);
  const state = await StateFolder.open(session, place, false);
  return state ? historyIn(session, state, limit) : [];
}

/** The same for an open state folder. */
export async function historyIn(
  session: SftpSession,
  state: StateFolder,
  limit = 200,
): Promise<HistoryEntry[]> {
  const names = await historyNames(session, state);
  const entries: HistoryEntry[] = [];
  await forEachLimited(names.slice(0, limit), session.concurrency / 4, async (name) => {
    const content = await readRemoteFile(session, joinRemote(state.path, `${folder}/${name}`)).catch(
      ignoreMissing,
    );
    const entry = content && parseEntry(content.toString('utf8'));
    if (entry) entries.push(entry);
  });
  return entries.sort((one, other) => other.time - one.time || (one.id < other.id ? 1 : -1));
}

/** File names of the entries, newest first. */
export async function historyNames(session: SftpSession, state: StateFolder): Promise<string[]> {
  const entries = await session.readdir(joinRemote(state.path, folder)).catch((error: unknown) => {
    ignoreMissing(error);
    return [];
  });
  return entries
    .map(({ name }) => name)
    .filter((name) => /^\d{8}T\d{9}Z-\w+\.json$/.test(name))
    .sort()
    .toReversed();
}

/** Remembers something that changed no file. Best effort: without it nothing but the memory is lost. */
export async function remember(session: SftpSession, state: StateFolder, entry: HistoryEntry): Promise<void> {
  await session.mkdir(joinRemote(state.path, folder), 0o700).catch(() => undefined);
  await state.write(historyName(entry.id), JSON.stringify({ version: 2, record: entry }));
}

/** The entry in a file's text; undefined when it is damaged. */
export function parseEntry(text: string): HistoryEntry | undefined {
  try {
    const value: unknown = JSON.parse(text);
    const record = isRecord(value) ? value['record'] : undefined;
    return isEntry(record) ? record : undefined;
  } catch {
    return undefined;
  }
}

function isEntry(value: unknown): value is HistoryEntry {
  return (
    isRecord(value) &&
    typeof value['id'] === 'string' &&
    typeof value['kind'] === 'string' &&
    typeof value['time'] === 'number' &&
    Array.isArray(value['changes']) &&
    value['changes'].every((one) => isRecord(one) && typeof one['path'] === 'string' && isSafe(one['path']))
  );
}

/** A path that stays below the target, whoever wrote the record. */
function isSafe(path: string): boolean {
  return (
    path !== '' && !path.startsWith('/') && !path.split('/').some((part) => part === '..' || part === '')
  );
}
