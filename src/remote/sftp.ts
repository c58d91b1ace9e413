import type { Client, FileEntryWithStats, InputAttributes, SFTPWrapper, Stats } from 'ssh2';
import { packRequests } from './coalesce';
import { hasReason, RemoteError, sftpError } from './errors';

export interface RemoteStat {
  readonly kind: 'file' | 'directory' | 'link' | 'other';
  /** Bytes. */
  readonly size: number;
  /** Permission bits, as 0o755. */
  readonly mode: number;
  /** Whole seconds since 1970 by the server's clock (SFTP version 3 knows no fractions). */
  readonly mtime: number;
  readonly uid: number;
  readonly gid: number;
}

export interface RemoteDirectoryEntry extends RemoteStat {
  readonly name: string;
}

/** A file that is open on the server. */
export type RemoteHandle = Buffer & { readonly __handle?: never };

/** `new`: create, fail where something is. `continue`: write on in a file that is there. Nothing is ever opened for truncation. */
export type OpenFlag = 'read' | 'new' | 'continue';

type Done<T> = (error: Error | null | undefined, value: T) => void;

/** What ssh2 keeps to itself: which extensions the server announced and how much one write may carry. */
interface Internals {
  readonly _extensions?: Record<string, string>;
  readonly _maxWriteLen?: number;
  readonly maxOpenHandles?: number | bigint;
}

/** SSH_FXF_ flags. ssh2's own `wx` would add truncation. */
const openFlags = { read: 0x01, write: 0x02, create: 0x08, exclusive: 0x20 };
const createNew = openFlags.write | openFlags.create | openFlags.exclusive;

/** More at a time fills no line any better. */
const mostAtOnce = 1024;

const requestTimeout = 60_000;
/** The same for who has stopped and waits only for the end. */
const hurriedTimeout = 5000;

/** SSH_FXE_STATVFS_ST_RDONLY (OpenSSH's PROTOCOL, section 4.4). */
const readOnlyFlag = 1;

/** What a file system has left for this user; a quota does not show in it. */
export interface Room {
  readonly bytes: number;
  /** Infinity where it counts none. */
  readonly files: number;
  readonly readOnly: boolean;
}

/**
 * SFTP in promises. ssh2 leaves requests waiting for ever when a connection dies, and hangs on every one made afterwards; here all of
 * them are rejected when the channel or the connection closes, or when the server answers nothing for a minute.
 */
export class SftpSession {
  /** Resolves when the channel is closed, for whatever reason. */
  readonly closed: Promise<void>;
  readonly #sftp: SFTPWrapper;
  readonly #pending = new Set<(error: RemoteError) => void>();
  #closeNow: () => void = () => undefined;
  #over: RemoteError | undefined;
  #timer: NodeJS.Timeout | undefined;
  #limit = requestTimeout;

  /** Opens the SFTP channel of a connection. `lost` is the connection's end. */
  static open(client: Client, lost: Promise<RemoteError | undefined>): Promise<SftpSession> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(silence()), requestTimeout);
      void lost.then(() => clearTimeout(timer));
      client.sftp((error, sftp) => {
        clearTimeout(timer);
        if (!error) return resolve(new SftpSession(sftp, lost));
        const message = `The server did not open SFTP: ${error.message}. The account may not allow it, or too many channels are open.`;
        reject(new RemoteError('not-supported', message, { cause: error }));
      });
    });
  }

  private constructor(sftp: SFTPWrapper, lost: Promise<RemoteError | undefined>) {
    this.#sftp = sftp;
    packRequests(sftp);
    this.closed = new Promise((resolve) => (this.#closeNow = resolve));
    const end = () =>
      this.#end(new RemoteError('connection-lost', 'The SFTP channel was closed by the server. Try again.'));
    sftp.on('close', end);
    sftp.on('end', end);
    sftp.on('error', end);
    void lost.then((reason) =>
      this.#end(reason ?? new RemoteError('cancelled', 'The connection was closed.')),
    );
  }

  /** Whether the server announced an extension, as `posix-rename@openssh.com`. */
  supports(extension: string): boolean {
    return (this.#sftp as unknown as Internals)._extensions?.[extension] !== undefined;
  }

  /** Bytes that one write request may carry. */
  get writeSize(): number {
    return Math.min((this.#sftp as unknown as Internals)._maxWriteLen ?? 32_768, 261_120);
  }

  /** Requests that may wait at a time: as many as OpenSSH has handles for, few for servers of which we know nothing. */
  get concurrency(): number {
    if (!this.inOrder) return 16;
    const handles = Number((this.#sftp as unknown as Internals).maxOpenHandles ?? mostAtOnce);
    // The lock, and whatever else is read meanwhile, need some too.
    return Math.max(64, Math.min(mostAtOnce, handles - 64));
  }

  /** True for OpenSSH's own server, which works on requests one after the other, so that dependent ones may be sent together. */
  get inOrder(): boolean {
    return this.supports('limits@openssh.com');
  }

  /** From now on a server that falls silent is given up within seconds; `false`: no longer. */
  hurry(on = true): void {
    this.#limit = on ? hurriedTimeout : requestTimeout;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#watch();
  }

  /** Closes the channel; what waits is rejected. */
  close(): void {
    this.#endWith(new RemoteError('cancelled', 'The SFTP channel was closed.'));
  }

  open(path: string, flag: OpenFlag, mode = 0o600): Promise<RemoteHandle> {
    const flags = { read: openFlags.read, new: createNew, continue: openFlags.write }[flag];
    return this.#call(
      'open',
      path,
      (done: Done<Buffer>) => this.#sftp.open(path, flags, mode, done),
      isHandle,
    );
  }

  closeHandle(handle: RemoteHandle, path: string): Promise<void> {
    return this.#call('close', path, (done: Done<void>) => this.#sftp.close(handle, done as () => void));
  }

  /** A refusal for which the server has no word is 'no-space': nothing else keeps an open file from growing. */
  async write(handle: RemoteHandle, bytes: Uint8Array, position: number, path: string): Promise<void> {
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const written = this.#call(
      'write',
      path,
      (done: Done<void>) => this.#sftp.write(handle, buffer, 0, buffer.length, position, done as () => void),
      isNumber,
    );
    return written.catch((error: unknown) => {
      throw hasReason(error, 'failure') && error.path !== undefined ? noSpace(error, path) : error;
    });
  }

  /** Up to `length` bytes from a position; empty at the end of the file. */
  async read(handle: RemoteHandle, position: number, length: number, path: string): Promise<Buffer> {
    const buffer = Buffer.allocUnsafe(length);
    const count = await this.#call(
      'read',
      path,
      (done: Done<number>) =>
        this.#sftp.read(handle, buffer, 0, length, position, (error, bytesRead) =>
          isEndOfFile(error) ? done(undefined, 0) : done(error, bytesRead),
        ),
      isNumber,
    );
    return buffer.subarray(0, count);
  }

  /** The bytes from `start` to `end`, or to the end of the file if that comes first; several requests at a time. */
  async readRange(handle: RemoteHandle, start: number, end: number, path: string): Promise<Buffer> {
    const starts: number[] = [];
    for (let at = Math.max(0, start); at < end; at += 32_768) starts.push(at);
    const pieces = await Promise.all(
      starts.map((at) => this.read(handle, at, Math.min(32_768, end - at), path)),
    );
    return Buffer.concat(pieces);
  }

  async fstat(handle: RemoteHandle, path: string): Promise<RemoteStat> {
    return statOf(
      await this.#attributes('read the attributes of', path, (done) => this.#sftp.fstat(handle, done)),
    );
  }

  fsetstat(handle: RemoteHandle, attributes: InputAttributes, path: string): Promise<void> {
    return this.#call('set the attributes of', path, (done: Done<void>) =>
      this.#sftp.fsetstat(handle, attributes, done as () => void),
    );
  }

  /** Flushes to disk where the server can (`fsync@openssh.com`); does nothing elsewhere. */
  async fsync(handle: RemoteHandle, path: string): Promise<void> {
    if (!this.supports('fsync@openssh.com')) return;
    await this.#call('flush', path, (done: Done<void>) =>
      this.#sftp.ext_openssh_fsync(handle, done as () => void),
    );
  }

  /** Follows links. */
  async stat(path: string): Promise<RemoteStat> {
    return statOf(await this.#attributes('find', path, (done) => this.#sftp.stat(path, done)));
  }

  async lstat(path: string): Promise<RemoteStat> {
    return statOf(await this.#attributes('find', path, (done) => this.#sftp.lstat(path, done)));
  }

  /** lstat, or undefined where nothing is. */
  async find(path: string): Promise<RemoteStat | undefined> {
    try {
      return await this.lstat(path);
    } catch (error) {
      if (error instanceof RemoteError && error.reason === 'no-such-file') return undefined;
      throw error;
    }
  }

  setstat(path: string, attributes: InputAttributes): Promise<void> {
    return this.#call('set the attributes of', path, (done: Done<void>) =>
      this.#sftp.setstat(path, attributes, done as () => void),
    );
  }

  /** Entries of a folder with their attributes (links not followed), without `.` and `..`. */
  async readdir(path: string): Promise<RemoteDirectoryEntry[]> {
    const entries = this.inOrder
      ? await this.#listAhead(path)
      : await this.#call(
          'list',
          path,
          (done: Done<FileEntryWithStats[]>) => this.#sftp.readdir(path, done),
          (answer) => Array.isArray(answer),
        );
    return entries
      .filter((entry) => entry.filename !== '.' && entry.filename !== '..')
      .map((entry) => ({ name: entry.filename, ...statOf(entry.attrs) }));
  }

  /** A folder in two round trips: ssh2's own way waits for each answer, for the end of the list and for the close. */
  async #listAhead(path: string): Promise<FileEntryWithStats[]> {
    const handle = await this.#call(
      'list',
      path,
      (done: Done<Buffer>) => this.#sftp.opendir(path, done),
      isHandle,
    );
    const next = () =>
      this.#call(
        'list',
        path,
        (done: Done<FileEntryWithStats[] | null>) =>
          this.#sftp.readdir(handle, (error, list) =>
            isEndOfFile(error) ? done(undefined, null) : done(error, list),
          ),
        (answer) => answer === null || Array.isArray(answer),
      );
    try {
      for (const entries: FileEntryWithStats[] = []; ;) {
        const lists = await Promise.all([next(), next()]);
        entries.push(...lists.flatMap((list) => list ?? []));
        if (lists.includes(null)) return entries;
      }
    } finally {
      // Not awaited: the answer tells nothing, and a lost connection has closed it anyway.
      this.closeHandle(handle, path).catch(() => undefined);
    }
  }

  mkdir(path: string, mode: number): Promise<void> {
    return this.#call('create the folder', path, (done: Done<void>) =>
      this.#sftp.mkdir(path, { mode }, done as () => void),
    );
  }

  rmdir(path: string): Promise<void> {
    return this.#call('remove the folder', path, (done: Done<void>) =>
      this.#sftp.rmdir(path, done as () => void),
    );
  }

  unlink(path: string): Promise<void> {
    return this.#call('remove', path, (done: Done<void>) => this.#sftp.unlink(path, done as () => void));
  }

  /** SFTP's own rename: fails where the new name exists. */
  rename(from: string, to: string): Promise<void> {
    return this.#call('rename', from, (done: Done<void>) => this.#sftp.rename(from, to, done as () => void));
  }

  /** Renames over an existing file in one step (`posix-rename@openssh.com`). */
  posixRename(from: string, to: string): Promise<void> {
    return this.#call('replace', to, (done: Done<void>) =>
      this.#sftp.ext_openssh_rename(from, to, done as () => void),
    );
  }

  /** A second name for a file (`hardlink@openssh.com`). */
  hardlink(existing: string, name: string): Promise<void> {
    return this.#call('link', existing, (done: Done<void>) =>
      this.#sftp.ext_openssh_hardlink(existing, name, done as () => void),
    );
  }

  /** Makes a symbolic link `name` that points to `target`. */
  symlink(target: string, name: string): Promise<void> {
    return this.#call('link', name, (done: Done<void>) =>
      this.#sftp.symlink(target, name, done as () => void),
    );
  }

  /** Where a link points. */
  readlink(path: string): Promise<string> {
    return this.#call('read the link', path, (done: Done<string>) => this.#sftp.readlink(path, done), isText);
  }

  /** The absolute path; of `.`: the folder in which the account starts. */
  realpath(path: string): Promise<string> {
    return this.#call('resolve', path, (done: Done<string>) => this.#sftp.realpath(path, done), isText);
  }

  /** What is free for this user on the file system of a path; undefined where the server cannot tell. */
  async room(path: string): Promise<Room | undefined> {
    if (!this.supports('statvfs@openssh.com')) return undefined;
    type Info = Record<'f_bavail' | 'f_frsize' | 'f_files' | 'f_favail' | 'f_flag', number | bigint>;
    const info = await this.#call(
      'measure',
      path,
      (done: Done<Info>) => this.#sftp.ext_openssh_statvfs(path, done as () => void),
      (answer) => typeof answer === 'object' && answer !== null && 'f_bavail' in answer,
    );
    return {
      bytes: Number(info.f_bavail) * Number(info.f_frsize),
      files: Number(info.f_files) === 0 ? Infinity : Number(info.f_favail),
      readOnly: (Number(info.f_flag) & readOnlyFlag) !== 0,
    };
  }

  #attributes(action: string, path: string, start: (done: Done<Stats>) => unknown): Promise<Stats> {
    return this.#call(action, path, start, isStats);
  }

  /** `isAnswer`: whether an answer is of the kind that belongs to the request; none at all when absent. */
  #call<T>(
    action: string,
    path: string,
    start: (done: Done<T>) => unknown,
    isAnswer: (answer: unknown) => boolean = isNothing,
  ): Promise<T> {
    if (this.#over) return Promise.reject(this.#over);
    return new Promise((resolve, reject) => {
      const finish = () => {
        this.#pending.delete(reject);
        this.#watch();
      };
      this.#pending.add(reject);
      this.#watch();
      try {
        start((error, value) => {
          finish();
          if (error) reject(sftpError(error, action, path));
          else if (isAnswer(value)) resolve(value);
          else {
            reject(nonsense());
            this.#endWith(nonsense());
          }
        });
      } catch (error) {
        finish();
        reject(
          new RemoteError('not-supported', `Could not ${action} ${path}: the server does not support this.`, {
            path,
            cause: error,
          }),
        );
      }
    });
  }

  /** Restarts the time limit: it runs while something waits, anew after each answer. */
  #watch(): void {
    if (this.#pending.size === 0 || this.#over) {
      clearTimeout(this.#timer);
      this.#timer = undefined;
    } else if (this.#timer) this.#timer.refresh();
    else this.#timer = setTimeout(() => this.#timeOut(), this.#limit);
  }

  #timeOut(): void {
    this.#endWith(silence());
  }

  #endWith(error: RemoteError): void {
    this.#end(error);
    this.#sftp.end();
  }

  #end(error: RemoteError): void {
    if (this.#over) return;
    this.#over = error;
    clearTimeout(this.#timer);
    for (const reject of this.#pending) reject(error);
    this.#pending.clear();
    this.#closeNow();
  }
}

function noSpace(cause: RemoteError, path: string): RemoteError {
  return new RemoteError(
    'no-space',
    `The server could not store ${path}: the disk or your quota is probably full. Make room, then try again.`,
    { path, cause },
  );
}

function silence(): RemoteError {
  return new RemoteError(
    'timeout',
    'The server does not answer an SFTP request. Its disk may be overloaded. Try again.',
  );
}

function nonsense(): RemoteError {
  return new RemoteError(
    'failure',
    'The server answered an SFTP request with what does not belong to it. Something between may have damaged the connection, or its SFTP program is faulty. Try again.',
  );
}

function isNothing(answer: unknown): boolean {
  return answer === undefined;
}

function isHandle(answer: unknown): boolean {
  return Buffer.isBuffer(answer);
}

function isNumber(answer: unknown): boolean {
  return typeof answer === 'number';
}

function isText(answer: unknown): boolean {
  return typeof answer === 'string';
}

function isStats(answer: unknown): boolean {
  return typeof answer === 'object' && answer !== null && 'isSymbolicLink' in answer;
}

function isEndOfFile(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === 1;
}

function statOf(stats: Stats): RemoteStat {
  return {
    kind: stats.isDirectory()
      ? 'directory'
      : stats.isSymbolicLink()
        ? 'link'
        : stats.isFile()
          ? 'file'
          : 'other',
    size: stats.size,
    mode: stats.mode & 0o7777,
    mtime: stats.mtime,
    uid: stats.uid,
    gid: stats.gid,
  };
}
