import { createHash } from 'node:crypto';
import { cancelled, hasReason, RemoteError } from '../remote/errors';
import type { RemoteHandle, SftpSession } from '../remote/sftp';
import type { Layout } from './layout';
import { joinRemote } from './names';
import type { Modes, RemoteFile, Transfer } from './plan';
import { allOf, forEachLimited, giveGroup, remotePieces } from './remoteFiles';
import { contentOf, hashOfLocalStart } from './scan';

/** How far an upload is. */
export interface UploadProgress {
  readonly files: number;
  readonly totalFiles: number;
  readonly bytes: number;
  readonly totalBytes: number;
  /** The file of the last step. */
  readonly file: string;
}

export interface StageOptions {
  readonly localRoot: string;
  /** Absolute folder on the server. */
  readonly target: string;
  readonly dispatcher?: string | undefined;
  readonly modes?: Modes | undefined;
  /** Whether programs are started once on the server before they are live; false when absent. */
  readonly tryPrograms?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: UploadProgress) => void) | undefined;
  /** Seconds since 1970 by the server's clock: the files' time stamp, which is known beforehand so. Absent: what the server gives them. */
  readonly now?: number | undefined;
  /** Hex SHA-256 of the first bytes of a file on the server, by whatever way is the fastest. */
  readonly hashOfStart?: ((path: string, bytes: number) => Promise<string>) | undefined;
}

/** New content that waits under its temporary name, complete. */
export interface StagedFile {
  readonly transfer: Transfer;
  readonly temporary: string;
  readonly final: string;
  /** Time stamp that the server gave it. */
  readonly mtime: number;
  /** Whether the account may not give it the group that it should have. */
  readonly ungrouped?: boolean;
}

type Arrived = Pick<StagedFile, 'mtime' | 'ungrouped'>;

/** Pieces of one file that may be on the way at a time: enough to fill a fast line, little enough to keep the editor smooth. */
const piecesInFlight = 16;
/** Files above this size are continued after a break. */
export const largeFile = 4 * 1024 * 1024;
/** How many files of a size are sent at once: small ones wait for the line, large ones fill it and the memory. */
const sizes = [
  { above: -1, upTo: 16_384, width: 1024 },
  { above: 16_384, upTo: 65_536, width: 256 },
  { above: 65_536, upTo: 1_048_576, width: 32 },
  { above: 1_048_576, upTo: Infinity, width: 4 },
];

/** What a file gets beside its content. */
interface NewAttributes {
  readonly mode?: number;
  readonly atime?: number;
  readonly mtime?: number;
}

/** Sends files to temporary names. All or nothing: on any error it is thrown once nothing is under way any more. */
export class Stage {
  readonly #session: SftpSession;
  readonly #options: StageOptions;
  readonly #layout: Layout;
  #bytes = 0;
  #files = 0;
  #total = { files: 0, bytes: 0 };

  constructor(session: SftpSession, layout: Layout, options: StageOptions) {
    this.#session = session;
    this.#layout = layout;
    this.#options = options;
  }

  /** Starts counting: what all of the upload is. */
  expect(transfers: readonly Transfer[]): void {
    this.#total = {
      files: transfers.length,
      bytes: transfers.reduce((sum, { local }) => sum + local.size, 0),
    };
  }

  /** Creates the temporary folders; their root can be entered by its owner only. */
  async folders(): Promise<void> {
    const roots = new Set(this.#layout.roots.map(({ temporary }) => temporary));
    const { folders } = this.#layout;
    const mode = folderMode(this.#options);
    for (const level of this.#session.inOrder ? [folders] : byDepth(folders)) {
      await forEachLimited(level, this.#session.concurrency, async ({ path, bits }) => {
        // The account's umask may take away what the web server needs to enter.
        await this.#inTurn([
          () => this.#session.mkdir(path, 0o700),
          ...(roots.has(path) ? [] : [() => this.#session.setstat(path, { mode: mode | bits })]),
        ]);
      });
    }
  }

  async send(transfers: readonly Transfer[]): Promise<StagedFile[]> {
    const staged: StagedFile[] = [];
    const arriving: Promise<void>[] = [];
    let failure: { readonly error: unknown } | undefined;
    const send = async (transfer: Transfer) => {
      if (failure) throw failure.error;
      const { arrival } = await this.#file(transfer);
      const arrived = arrival.then((one) => void staged.push(one));
      arrived.catch((error: unknown) => (failure ??= { error }));
      arriving.push(arrived);
      // A server that keeps the order has closed this one before it opens what is sent after it.
      if (!this.#session.inOrder) await arrived;
    };
    try {
      for (const { above, upTo, width } of sizes) {
        const group = transfers.filter(({ local }) => local.size > above && local.size <= upTo);
        await forEachLimited(group, Math.min(width, this.#session.concurrency), send);
      }
      await allOf(arriving);
      return staged;
    } catch (error) {
      await Promise.allSettled(arriving);
      throw error;
    }
  }

  /** Something arrived by another way than `send`. */
  advance(step: { readonly file: string; readonly bytes: number; readonly files: number }): void {
    this.#bytes += step.bytes;
    this.#files += step.files;
    this.#report(step.file);
  }

  /** Sends a file; `arrival` is settled once the server has answered all of it. */
  async #file(transfer: Transfer): Promise<{ readonly arrival: Promise<StagedFile> }> {
    this.#checkSignal();
    const final = joinRemote(this.#options.target, transfer.path);
    const temporary = this.#layout.temporaryOf(transfer.path, transfer.local.sha256);
    const { handle, from } = await this.#open(temporary, transfer);
    const { arrival } = await this.#content(transfer, { handle, temporary, from });
    return {
      arrival: arrival.then((arrived) => {
        this.#files++;
        this.#report(transfer.path);
        return { transfer, temporary, final, ...arrived };
      }),
    };
  }

  /** A leftover of an earlier attempt is removed, never written over; that of a large file of the same content is continued. */
  async #open(temporary: string, transfer: Transfer): Promise<{ handle: RemoteHandle; from: number }> {
    const create = async () => ({ handle: await this.#session.open(temporary, 'new', 0o600), from: 0 });
    try {
      return await create();
    } catch (error) {
      const found = hasReason(error, 'failure') ? await this.#session.find(temporary) : undefined;
      if (!found) throw error;
      const from =
        isLarge(transfer) && found.kind === 'file' ? await this.#sound(temporary, found.size, transfer) : 0;
      if (from > 0) return { handle: await this.#session.open(temporary, 'continue'), from };
      await this.#session.unlink(temporary);
      return create();
    }
  }

  /** How much of a large leftover counts: without what was on the way when it broke, and only when it is the same content. */
  async #sound(temporary: string, size: number, { local }: Transfer): Promise<number> {
    const piece = this.#session.writeSize;
    const bytes = Math.max(0, Math.floor(size / piece) - piecesInFlight) * piece;
    if (bytes === 0 || !this.#options.hashOfStart) return 0;
    const [here, there] = await Promise.all([
      hashOfLocalStart(this.#options.localRoot, local, bytes),
      this.#options.hashOfStart(temporary, bytes),
    ]);
    return here === there ? bytes : 0;
  }

  /** Sends what is missing; the content as a whole must be what was planned. */
  async #content(
    transfer: Transfer,
    to: { handle: RemoteHandle; temporary: string; from: number },
  ): Promise<{ readonly arrival: Promise<Arrived> }> {
    const { handle, temporary } = to;
    const requests: Promise<unknown>[] = [];
    // Once only: a server gives a closed handle's number to the next file that is opened.
    const close = () => requests.push(this.#session.closeHandle(handle, temporary));
    try {
      await this.#pieces(transfer, to, requests);
      if (!this.#session.inOrder) await allOf(requests.splice(0));
      const seen = await this.#finish(transfer, to, requests);
      close();
      return { arrival: this.#arrival(transfer, { temporary, requests, seen }) };
    } catch (error) {
      close();
      await allOf(requests);
      throw error;
    }
  }

  /** What follows the content. Gives the time stamp that the file gets by it. */
  async #finish(
    transfer: Transfer,
    { handle, temporary, from }: { handle: RemoteHandle; temporary: string; from: number },
    requests: Promise<unknown>[],
  ): Promise<() => number> {
    let mtime = 0;
    const inside = this.#layout.rootOf(transfer.path) !== undefined;
    const wanted = this.#attributes(transfer, inside);
    if (wanted) requests.push(this.#session.fsetstat(handle, wanted, temporary));
    if (transfer.path === this.#options.dispatcher) requests.push(this.#session.fsync(handle, temporary));
    if (!this.#session.inOrder) await allOf(requests.splice(0));
    const known = wanted?.mtime;
    // Each piece of a new file is answered for by itself, and the time stamp is ours: there is nothing to ask.
    if (known !== undefined && from === 0) return () => known;
    requests.push(this.#check(transfer, handle, temporary).then((time) => (mtime = time)));
    if (!this.#session.inOrder) await allOf(requests.splice(0));
    return () => mtime;
  }

  async #arrival(
    transfer: Transfer,
    of: { temporary: string; requests: readonly Promise<unknown>[]; seen: () => number },
  ): Promise<Arrived> {
    await allOf(of.requests);
    const ungrouped = await this.#ungrouped(transfer, of.temporary);
    return { mtime: await this.#later(transfer, of.temporary, of.seen()), ungrouped };
  }

  #attributes({ mode, replaces }: Transfer, inside: boolean): NewAttributes | undefined {
    const { now } = this.#options;
    if (now === undefined) return inside ? { mode } : undefined;
    const mtime = timeStamp(replaces, now);
    return { atime: mtime, mtime, ...(inside ? { mode } : {}) };
  }

  async #pieces(
    transfer: Transfer,
    to: { handle: RemoteHandle; temporary: string; from: number },
    requests: Promise<unknown>[],
  ): Promise<void> {
    const hash = createHash('sha256');
    let position = 0;
    let unsent: { bytes: Buffer; position: number } | undefined;
    const send = (part: { bytes: Buffer; position: number }) =>
      requests.push(this.#piece(transfer, to, part));
    for await (const piece of this.#source(transfer)) {
      this.#checkSignal();
      hash.update(piece);
      // The last piece waits for the hash: a file that changed meanwhile never arrives whole.
      if (unsent) send(unsent);
      unsent = position >= to.from ? { bytes: piece, position } : this.#passed(piece);
      position += piece.length;
      while (requests.length >= piecesInFlight) await requests.shift();
    }
    if (hash.digest('hex') !== transfer.local.sha256) throw changedMeanwhile(transfer.path);
    if (unsent) send(unsent);
  }

  #passed(piece: Buffer): undefined {
    this.#bytes += piece.length;
    return undefined;
  }

  #source({ local, source }: Transfer): AsyncGenerator<Buffer, void, void> {
    return source === undefined
      ? contentOf(this.#options.localRoot, local, this.#session.writeSize)
      : remotePieces(this.#session, source);
  }

  #piece(
    { path }: Transfer,
    to: { handle: RemoteHandle; temporary: string },
    part: { bytes: Buffer; position: number },
  ): Promise<void> {
    const write = this.#write(path, to, part);
    // It is awaited later; until then a failure must not count as unhandled.
    write.catch(() => undefined);
    return write;
  }

  async #write(
    path: string,
    to: { handle: RemoteHandle; temporary: string },
    part: { bytes: Buffer; position: number },
  ): Promise<void> {
    await this.#session.write(to.handle, part.bytes, part.position, to.temporary);
    this.#bytes += part.bytes.length;
    this.#report(path);
  }

  /** Checks what arrived. */
  async #check({ path, local }: Transfer, handle: RemoteHandle, temporary: string): Promise<number> {
    const stat = await this.#session.fstat(handle, temporary);
    if (stat.size === local.size) return stat.mtime;
    throw new RemoteError(
      'failure',
      `${path} arrived with ${stat.size} of ${local.size} bytes. Nothing was changed on the server. Try again.`,
    );
  }

  async #ungrouped({ group }: Transfer, temporary: string): Promise<boolean> {
    return group !== undefined && !(await giveGroup(this.#session, temporary, group));
  }

  /** A time stamp that did not move on would hide the change from everything that compares seconds (Python, mod_fastcgi). */
  async #later(transfer: Transfer, temporary: string, mtime: number): Promise<number> {
    const before = transfer.replaces?.mtime ?? 0;
    if (mtime > before) return mtime;
    await this.#session.setstat(temporary, { atime: before + 1, mtime: before + 1 });
    return before + 1;
  }

  /** Does one after the other; on a server that keeps the order without waiting in between. */
  async #inTurn(steps: readonly (() => Promise<void>)[]): Promise<void> {
    if (this.#session.inOrder) return allOf(steps.map((step) => step()));
    for (const step of steps) await step();
  }

  #checkSignal(): void {
    if (this.#options.signal?.aborted) throw cancelled('The upload');
  }

  #report(file: string): void {
    this.#options.onProgress?.({
      files: this.#files,
      totalFiles: this.#total.files,
      bytes: this.#bytes,
      totalBytes: this.#total.bytes,
      file,
    });
  }
}

/** How a file will wait when it arrives as planned; `now` as in StageOptions. */
export function stagedFile(
  transfer: Transfer,
  { target, layout, now }: { target: string; layout: Layout; now: number },
): StagedFile {
  return {
    transfer,
    temporary: layout.temporaryOf(transfer.path, transfer.local.sha256),
    final: joinRemote(target, transfer.path),
    mtime: timeStamp(transfer.replaces, now),
  };
}

/** A time stamp by the server's clock that is later than that of the file before. */
export function timeStamp(before: RemoteFile | undefined, now: number): number {
  return Math.max((before?.mtime ?? 0) + 1, now);
}

/** The mode of a new folder: the target's own, or what lets a web server enter. */
export function folderMode({ modes }: Pick<StageOptions, 'modes'>): number {
  return modes?.folders ?? 0o755;
}

function isLarge({ local }: Transfer): boolean {
  return local.size > largeFile;
}

function byDepth<T extends { readonly path: string }>(folders: readonly T[]): T[][] {
  const levels = new Map<number, T[]>();
  for (const folder of folders) {
    const depth = folder.path.split('/').length;
    levels.set(depth, [...(levels.get(depth) ?? []), folder]);
  }
  return [...levels].sort(([one], [other]) => one - other).map(([, paths]) => paths);
}

/** The error for a file that is not any more what was planned. */
export function changedMeanwhile(path: string): RemoteError {
  return new RemoteError(
    'failure',
    `${path} changed while it was being uploaded. Nothing was changed on the server. Upload again.`,
  );
}
