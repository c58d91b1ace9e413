import { randomBytes } from 'node:crypto';
import { hostname, userInfo } from 'node:os';
import { hasReason, RemoteError } from '../remote/errors';
import type { RemoteHandle, RemoteStat, SftpSession } from '../remote/sftp';
import { isRecord } from './manifest';
import { allOf, ignoreMissing } from './remoteFiles';

const staleLockSeconds = 600;
/** A lock is written at once after it was made: an empty one was left by a process that died in between. */
const emptyLockSeconds = 5;

/** The folder in which the lock lies. */
export interface LockPlace {
  readonly path: string;
  pathOf(name: string): string;
  read(name: string): Promise<string | undefined>;
  write(name: string, text: string): Promise<void>;
  remove(name: string): Promise<void>;
}

/** One attempt to take the lock of a state folder. */
export class LockTaking {
  readonly #session: SftpSession;
  readonly #state: LockPlace;
  /** Settled once a new folder is closed to visitors. */
  readonly #guarded: Promise<void>;

  constructor(session: SftpSession, state: LockPlace, guarded: Promise<void>) {
    this.#session = session;
    this.#state = state;
    this.#guarded = guarded;
  }

  /** Throws RemoteError 'locked' while somebody else holds it. */
  async take(): Promise<Lock> {
    const path = this.#state.pathOf('lock');
    const lock = (await this.#tryLock(path, true)) ?? (await this.#lockAfterDead(path));
    if (!lock) throw lockedBy('somebody', this.#state.path);
    return lock;
  }

  async #lockAfterDead(path: string): Promise<Lock | undefined> {
    await this.#takeOver(path, await this.#staleText(path));
    return this.#tryLock(path, false);
  }

  /** The request is sent before this returns, so that what is asked next is asked under the lock where the server keeps the order. */
  async #tryLock(path: string, atOnce: boolean): Promise<Lock | undefined> {
    const opening = this.#session.open(path, 'new', 0o600);
    const seen = this.#session.inOrder ? this.#session.find(path).catch(() => undefined) : undefined;
    const handle = await opening.catch(async (error: unknown) => {
      // "Failure" is all that SFTP says of a file that exists.
      if (hasReason(error, 'failure') && (await this.#session.find(path))) return undefined;
      throw error;
    });
    const id = randomBytes(8).toString('hex');
    const parts = { session: this.#session, path, handle, id, atOnce, guarded: this.#guarded };
    return handle && Lock.write({ ...parts, handle }, await seen);
  }

  /** The text of a lock that may be taken over; throws when it may not. */
  async #staleText(path: string): Promise<string | undefined> {
    const [text, lock] = await Promise.all([this.#state.read('lock'), this.#session.find(path)]);
    const holder = parseHolder(text);
    if (text === undefined || !lock || (holder && isGone(holder))) return text;
    if (text === '') return this.#emptyText(path, lock.mtime);
    if ((await this.#now()) - lock.mtime > staleLockSeconds) return text;
    throw lockedBy(holder ? `${holder.user} on ${holder.machine}` : 'somebody', this.#state.path);
  }

  /** Who has just made a lock writes it at once. Waits for that; a lock that stays empty is dead. */
  async #emptyText(path: string, since: number): Promise<string | undefined> {
    for (let patience = 2 * emptyLockSeconds; patience > 0; patience--) {
      if ((await this.#now()) - since > emptyLockSeconds) return '';
      await new Promise((resolve) => setTimeout(resolve, 1000));
      if ((await this.#session.find(path))?.size !== 0) return this.#staleText(path);
    }
    throw lockedBy('somebody', this.#state.path);
  }

  /** Seconds by the server's clock. */
  async #now(): Promise<number> {
    await this.#state.write('clock', '');
    const { mtime } = await this.#session.stat(this.#state.pathOf('clock'));
    await this.#state.remove('clock');
    return mtime;
  }

  /** Moves a stale lock away, and looks at what was moved: somebody may have taken it over in between. */
  async #takeOver(path: string, stale: string | undefined): Promise<void> {
    if (stale === undefined) return;
    const aside = `lock.${randomBytes(4).toString('hex')}`;
    await this.#session.rename(path, this.#state.pathOf(aside)).catch(ignoreMissing);
    const moved = await this.#state.read(aside);
    if (moved !== undefined && moved !== stale) {
      await this.#session.rename(this.#state.pathOf(aside), path).catch(() => undefined);
      throw lockedBy('somebody', this.#state.path);
    }
    await this.#state.remove(aside);
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
  /** Whether nothing had to be waited for or cleared away. */
  readonly atOnce: boolean;
  /** Settled once it says who holds it, and the folder is closed to visitors. To be awaited before the first temporary. */
  readonly written: Promise<void>;
  readonly #of: LockParts;
  readonly #timer: NodeJS.Timeout;
  readonly #takenAt = performance.now();
  #released: Promise<void> | undefined;

  /** Writes who holds it; the file is there already, and ours. `seen`: what it looks like, where that is known. */
  static async write(of: LockParts, seen: RemoteStat | undefined): Promise<Lock> {
    held.add(of.id);
    const written = allOf([writeHolder(of), of.guarded]);
    written.catch(() => undefined);
    try {
      const { mtime } = seen ?? (await of.session.fstat(of.handle, of.path));
      if (!of.session.inOrder) await written;
      return new Lock(of, mtime, written);
    } catch (error) {
      await drop(of);
      throw error;
    }
  }

  private constructor(of: LockParts, serverTime: number, written: Promise<void>) {
    this.#of = of;
    this.serverTime = serverTime;
    this.written = written;
    this.atOnce = of.atOnce;
    this.#timer = setInterval(() => void writeHolder(of).catch(() => undefined), heartbeat);
    this.#timer.unref();
  }

  /** Seconds since 1970 by the server's clock, now: never more than it is there. */
  get now(): number {
    return this.serverTime + Math.floor((performance.now() - this.#takenAt) / 1000);
  }

  /** What the lock's file says. */
  get holder(): string {
    return holderText(this.#of.id);
  }

  /** Gives up what is not there any more, or must not be removed by us. */
  forget(): Promise<void> {
    clearInterval(this.#timer);
    this.#released ??= Promise.resolve();
    const { session, path, id, handle } = this.#of;
    held.delete(id);
    session.closeHandle(handle, path).catch(() => undefined);
    return this.#released;
  }

  /** Never fails: after a lost connection the lock stays behind, and the next upload takes it over. */
  release(): Promise<void> {
    clearInterval(this.#timer);
    this.#released ??= drop(this.#of);
    return this.#released;
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
  readonly atOnce: boolean;
  readonly guarded: Promise<void>;
}

function writeHolder({ session, path, id, handle }: LockParts): Promise<void> {
  return session.write(handle, Buffer.from(holderText(id)), 0, path);
}

function holderText(id: string): string {
  return JSON.stringify({ id, machine: hostname(), user: userInfo().username, process: process.pid });
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
