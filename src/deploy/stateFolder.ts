import { createHash, randomBytes } from 'node:crypto';
import { hostname, userInfo } from 'node:os';
import { hasReason, RemoteError } from '../remote/errors';
import type { RemoteHandle, SftpSession } from '../remote/sftp';
import { isRecord, parseManifest, printManifest, readHead, type ManifestHead } from './manifest';
import { folderOf, joinRemote, nameOf, isStagingName } from './names';
import type { Manifest } from './plan';
import { allOf, ignoreMissing, readRemoteFile, stageRemoteFile, writeRemoteFile } from './remoteFiles';

const folderName = '.fastcgi-deploy';
const denyAll = '# Written by the FastCGI extension: nothing in here is for visitors.\nRequire all denied\n';
const staleLockSeconds = 600;
/** A lock is written at once after it was made: an empty one was left by a process that died in between. */
const emptyLockSeconds = 5;

/** What we put on a server, and the deploy that was the last to change it. */
export interface Inventory extends ManifestHead {
  readonly files: Manifest;
}

/**
 * Where a target keeps its manifest, journal, lock and trash: `.fastcgi-deploy/<name>-<hash>/` in the account's home when the
 * target lies below it (so outside what is served), else beside the target, else, where neither can be written, inside it.
 * Mode 700, and an .htaccess that denies everything, since a folder beside the target may still be served.
 */
export class StateFolder {
  readonly path: string;
  readonly #session: SftpSession;

  /** Finds the folder; where there is none, creates it or gives undefined. */
  static open(session: SftpSession, target: string, create: true): Promise<StateFolder>;
  static open(session: SftpSession, target: string, create: false): Promise<StateFolder | undefined>;
  static async open(session: SftpSession, target: string, create: boolean): Promise<StateFolder | undefined> {
    const name = `${nameOf(target) || 'root'}-${createHash('sha256').update(target).digest('hex').slice(0, 8)}`;
    const parents = await candidateFolders(session, target);
    const found = await Promise.all(
      parents.map((parent) => session.find(joinRemote(parent, name)).catch(() => undefined)),
    );
    const parent = parents[found.findIndex((stat) => stat?.kind === 'directory')];
    if (parent !== undefined) return new StateFolder(session, joinRemote(parent, name));
    return create ? new StateFolder(session, await makeFirst(session, parents, name)) : undefined;
  }

  private constructor(session: SftpSession, path: string) {
    this.#session = session;
    this.path = path;
  }

  /** What we put there so far. A damaged manifest counts as none: then every difference is a conflict, and nothing is deleted. */
  async manifest(): Promise<Manifest> {
    const text = await this.#read('manifest.json');
    return (text === undefined ? undefined : parseManifest(text)) ?? new Map();
  }

  /** The same, with the id of the deploy that made it so. */
  async inventory(): Promise<Inventory> {
    const text = await this.#read('manifest.json');
    const files = text === undefined ? undefined : parseManifest(text);
    return { ...(files ? readHead(text ?? '') : {}), files: files ?? new Map() };
  }

  saveManifest({ files, ...head }: Inventory): Promise<void> {
    return this.write('manifest.json', printManifest(files, head));
  }

  /** Writes the manifest under a temporary name, which it gives. */
  stageManifest({ files, ...head }: Inventory): Promise<string> {
    const text = printManifest(files, head);
    return stageRemoteFile(this.#session, this.pathOf('manifest.json'), { text, mode: 0o600 });
  }

  /** Absolute path of a file of this folder. */
  pathOf(name: string): string {
    return joinRemote(this.path, name);
  }

  /** Where what one deploy replaced or removed is kept; '' for the folder with all of it. */
  trashPath(id: string, path: string): string {
    return joinRemote(this.pathOf(`trash/${id}`), path);
  }

  /** Removes half-written files of this folder, which a dead upload left. Only under the lock. */
  async sweep(): Promise<void> {
    const entries = await this.#session.readdir(this.path);
    const dead = entries.filter(({ name }) => isStagingName(name) || /^lock\.[0-9a-f]+$/.test(name));
    await Promise.all(dead.map(({ name }) => this.#session.unlink(this.pathOf(name)).catch(() => undefined)));
  }

  /** A small text file of this folder, whole or not at all, for its owner only. */
  write(name: string, text: string): Promise<void> {
    return writeRemoteFile(this.#session, joinRemote(this.path, name), { text, mode: 0o600 });
  }

  async remove(name: string): Promise<void> {
    await this.#session.unlink(joinRemote(this.path, name)).catch(ignoreMissing);
  }

  /** The text of a file of this folder; undefined where it is missing. */
  read(name: string): Promise<string | undefined> {
    return this.#read(name);
  }

  async #read(name: string): Promise<string | undefined> {
    try {
      return (await readRemoteFile(this.#session, joinRemote(this.path, name), 64 * 1024 * 1024)).toString(
        'utf8',
      );
    } catch (error) {
      if (hasReason(error, 'no-such-file')) return undefined;
      throw error;
    }
  }

  /**
   * Takes the lock; throws RemoteError 'locked' while somebody else holds it. A lock is taken over when its process is gone (same
   * machine and user) or when it is older than ten minutes by the server's clock.
   */
  async lock(): Promise<Lock> {
    const path = this.pathOf('lock');
    const lock = (await this.#tryLock(path)) ?? (await this.#lockAfterDead(path));
    if (!lock) throw lockedBy('somebody', this.path);
    return lock;
  }

  async #lockAfterDead(path: string): Promise<Lock | undefined> {
    await this.#takeOver(path, await this.#staleText(path));
    return this.#tryLock(path);
  }

  async #tryLock(path: string): Promise<Lock | undefined> {
    const handle = await this.#session.open(path, 'new', 0o600).catch(async (error: unknown) => {
      // "Failure" is all that SFTP says of a file that exists.
      if (hasReason(error, 'failure') && (await this.#session.find(path))) return undefined;
      throw error;
    });
    return handle && Lock.write({ session: this.#session, path, handle, id: randomBytes(8).toString('hex') });
  }

  /** The text of a lock that may be taken over; throws when it may not. */
  async #staleText(path: string): Promise<string | undefined> {
    const [text, lock] = await Promise.all([this.#read('lock'), this.#session.find(path)]);
    const holder = parseHolder(text);
    if (text === undefined || !lock || (holder && isGone(holder))) return text;
    if (text === '') return this.#emptyText(path, lock.mtime);
    if ((await this.#now()) - lock.mtime > staleLockSeconds) return text;
    throw lockedBy(holder ? `${holder.user} on ${holder.machine}` : 'somebody', this.path);
  }

  /** Who has just made a lock writes it at once. Waits for that; a lock that stays empty is dead. */
  async #emptyText(path: string, since: number): Promise<string | undefined> {
    for (let patience = 2 * emptyLockSeconds; patience > 0; patience--) {
      if ((await this.#now()) - since > emptyLockSeconds) return '';
      await new Promise((resolve) => setTimeout(resolve, 1000));
      if ((await this.#session.find(path))?.size !== 0) return this.#staleText(path);
    }
    throw lockedBy('somebody', this.path);
  }

  /** Seconds by the server's clock. */
  async #now(): Promise<number> {
    await this.write('clock', '');
    const { mtime } = await this.#session.stat(this.pathOf('clock'));
    await this.remove('clock');
    return mtime;
  }

  /** Moves a stale lock away, and looks at what was moved: somebody may have taken it over in between. */
  async #takeOver(path: string, stale: string | undefined): Promise<void> {
    if (stale === undefined) return;
    const aside = `lock.${randomBytes(4).toString('hex')}`;
    await this.#session.rename(path, joinRemote(this.path, aside)).catch(ignoreMissing);
    const moved = await this.#read(aside);
    if (moved !== undefined && moved !== stale) {
      await this.#session.rename(joinRemote(this.path, aside), path).catch(() => undefined);
      throw lockedBy('somebody', this.path);
    }
    await this.remove(aside);
  }
}

/** Locks of this process: its own number in a lock file does not tell whether the upload is still running. */
const held = new Set<string>();

/** Milliseconds after which a held lock is written anew, so that it does not look dead. */
const heartbeat = 120_000;

/** A lock that is held until `release`. */
export class Lock {
  /** Seconds since 1970 by the server's clock when it was taken. */
  readonly serverTime: number;
  readonly #of: LockParts;
  readonly #timer: NodeJS.Timeout;

  /** Writes who holds it; the file is there already, and ours. */
  static async write(of: LockParts): Promise<Lock> {
    held.add(of.id);
    try {
      const [, stat] = await Promise.all([writeHolder(of), of.session.fstat(of.handle, of.path)]);
      return new Lock(of, stat.mtime);
    } catch (error) {
      await drop(of);
      throw error;
    }
  }

  private constructor(of: LockParts, serverTime: number) {
    this.#of = of;
    this.serverTime = serverTime;
    this.#timer = setInterval(() => void writeHolder(of).catch(() => undefined), heartbeat);
    this.#timer.unref();
  }

  /** Never fails: after a lost connection the lock stays behind, and the next upload takes it over. */
  async release(): Promise<void> {
    clearInterval(this.#timer);
    await drop(this.#of);
  }
}

async function drop({ session, path, id, handle }: LockParts): Promise<void> {
  held.delete(id);
  await allOf([session.closeHandle(handle, path), session.unlink(path)]).catch(() => undefined);
}

interface LockParts {
  readonly session: SftpSession;
  readonly path: string;
  readonly id: string;
  readonly handle: RemoteHandle;
}

function writeHolder({ session, path, id, handle }: LockParts): Promise<void> {
  const text = JSON.stringify({ id, machine: hostname(), user: userInfo().username, process: process.pid });
  return session.write(handle, Buffer.from(text), 0, path);
}

interface Holder {
  readonly id: string;
  readonly machine: string;
  readonly user: string;
  readonly process: number;
}

function parseHolder(text: string | undefined): Holder | undefined {
  try {
    const value: unknown = JSON.parse(text ?? '');
    return isRecord(value) && typeof value['process'] === 'number' ? (value as unknown as Holder) : undefined;
  } catch {
    return undefined;
  }
}

function isGone(holder: Holder): boolean {
  if (holder.machine !== hostname() || holder.user !== userInfo().username) return false;
  if (holder.process === process.pid) return !held.has(holder.id);
  try {
    process.kill(holder.process, 0);
    return false;
  } catch {
    return true;
  }
}

function lockedBy(who: string, folder: string): RemoteError {
  return new RemoteError(
    'locked',
    `Another upload to this folder is running (${who}). Wait until it ends; if it is dead, remove ${folder}/lock on the server or wait ten minutes.`,
  );
}

async function candidateFolders(session: SftpSession, target: string): Promise<string[]> {
  const home = await session.realpath('.');
  const below = target !== home && target.startsWith(home.endsWith('/') ? home : `${home}/`);
  const beside = folderOf(target);
  return [...new Set([...(below ? [home] : []), ...(target === '/' ? [] : [beside]), target])].map((folder) =>
    joinRemote(folder, folderName),
  );
}

/** Creates the folder in the first place that allows it. */
async function makeFirst(session: SftpSession, parents: readonly string[], name: string): Promise<string> {
  let refusal: unknown;
  for (const parent of parents) {
    try {
      return await makePrivateFolder(session, parent, joinRemote(parent, name));
    } catch (error) {
      if (!hasReason(error, 'permission-denied', 'failure', 'no-such-file')) throw error;
      refusal = error;
    }
  }
  throw refusal;
}

async function makePrivateFolder(session: SftpSession, parent: string, path: string): Promise<string> {
  await makeFolder(session, parent);
  if (!(await session.find(joinRemote(parent, '.htaccess')))) {
    await writeRemoteFile(session, joinRemote(parent, '.htaccess'), { text: denyAll, mode: 0o600 });
  }
  await makeFolder(session, path);
  return path;
}

/** For the owner only. Another upload may have been faster. */
async function makeFolder(session: SftpSession, path: string): Promise<void> {
  await session.mkdir(path, 0o700).catch(async (error: unknown) => {
    if (!hasReason(error, 'failure') || (await session.find(path))?.kind !== 'directory') throw error;
  });
}
