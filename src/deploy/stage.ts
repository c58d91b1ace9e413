import { createHash } from 'node:crypto';
import { cancelled, hasReason, RemoteError } from '../remote/errors';
import type { RemoteHandle, SftpSession } from '../remote/sftp';
import { joinRemote, stagingPath } from './names';
import type { Transfer } from './plan';
import { forEachLimited } from './remoteFiles';
import { contentOf } from './scan';

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
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: UploadProgress) => void) | undefined;
}

/** New content that waits under its temporary name, complete. */
export interface StagedFile {
  readonly transfer: Transfer;
  readonly temporary: string;
  readonly final: string;
  /** Time stamp that the server gave it. */
  readonly mtime: number;
}

/** Bytes that may be on the way at a time: enough to fill a fast line, little enough to keep the editor smooth. */
const bytesInFlight = 16;

/** Sends files to temporary names beside their targets. All or nothing: on any error the temporaries are removed and it is thrown. */
export class Stage {
  readonly #session: SftpSession;
  readonly #options: StageOptions;
  readonly #started: string[] = [];
  #bytes = 0;
  #writeFailed = false;
  #files = 0;

  constructor(session: SftpSession, options: StageOptions) {
    this.#session = session;
    this.#options = options;
  }

  async send(transfers: readonly Transfer[]): Promise<StagedFile[]> {
    const staged: StagedFile[] = [];
    const total = {
      files: transfers.length,
      bytes: transfers.reduce((sum, { local }) => sum + local.size, 0),
    };
    try {
      await forEachLimited(transfers, Math.max(1, this.#session.concurrency / 2), async (transfer) => {
        staged.push(await this.#file(transfer, total));
      });
      return staged;
    } catch (error) {
      await this.discard();
      throw await this.#explain(error);
    }
  }

  /** Removes every temporary of this stage, as far as the connection allows. */
  async discard(): Promise<void> {
    await Promise.all(this.#started.map((path) => this.#session.unlink(path).catch(() => undefined)));
  }

  async #file(transfer: Transfer, total: { files: number; bytes: number }): Promise<StagedFile> {
    this.#checkSignal();
    const final = joinRemote(this.#options.target, transfer.path);
    const temporary = stagingPath(final, transfer.local.sha256);
    this.#started.push(temporary);
    const handle = await this.#create(temporary);
    let mtime: number;
    try {
      await this.#content(transfer, { handle, temporary }, total);
      mtime = await this.#finish(transfer, handle, temporary);
    } finally {
      await this.#session.closeHandle(handle, temporary);
    }
    this.#files++;
    this.#report(transfer.path, total);
    return { transfer, temporary, final, mtime };
  }

  /** A leftover of an earlier attempt is removed, never written into: it may be somebody's open file. */
  async #create(temporary: string): Promise<RemoteHandle> {
    try {
      return await this.#session.open(temporary, 'new', 0o600);
    } catch (error) {
      if (!hasReason(error, 'failure') || !(await this.#session.find(temporary))) throw error;
      await this.#session.unlink(temporary);
      return this.#session.open(temporary, 'new', 0o600);
    }
  }

  async #content(
    transfer: Transfer,
    to: { handle: RemoteHandle; temporary: string },
    total: { files: number; bytes: number },
  ): Promise<void> {
    const hash = createHash('sha256');
    const waiting: Promise<void>[] = [];
    let position = 0;
    for await (const piece of contentOf(this.#options.localRoot, transfer.local, this.#session.writeSize)) {
      this.#checkSignal();
      hash.update(piece);
      const write = this.#piece(to, { bytes: piece, position }).then(() =>
        this.#report(transfer.path, total),
      );
      // It is awaited below; until then a failure must not count as unhandled.
      write.catch(() => undefined);
      waiting.push(write);
      position += piece.length;
      if (waiting.length >= bytesInFlight) await waiting.shift();
    }
    await Promise.all(waiting);
    if (hash.digest('hex') !== transfer.local.sha256) throw changedMeanwhile(transfer.path);
  }

  async #piece(
    to: { handle: RemoteHandle; temporary: string },
    part: { bytes: Buffer; position: number },
  ): Promise<void> {
    try {
      await this.#session.write(to.handle, part.bytes, part.position, to.temporary);
      this.#bytes += part.bytes.length;
    } catch (error) {
      this.#writeFailed = true;
      throw error;
    }
  }

  /** Checks what arrived. A time stamp that did not move on would hide the change from everything that compares seconds (Python, mod_fastcgi). */
  async #finish(transfer: Transfer, handle: RemoteHandle, temporary: string): Promise<number> {
    const stat = await this.#session.fstat(handle, temporary);
    if (stat.size !== transfer.local.size) {
      throw new RemoteError(
        'failure',
        `${transfer.path} arrived with ${stat.size} of ${transfer.local.size} bytes. Try again.`,
      );
    }
    if (transfer.path === this.#options.dispatcher) await this.#session.fsync(handle, temporary);
    const before = transfer.replaces?.mtime ?? 0;
    if (stat.mtime > before) return stat.mtime;
    await this.#session.fsetstat(handle, { atime: before + 1, mtime: before + 1 }, temporary);
    return before + 1;
  }

  #checkSignal(): void {
    if (this.#options.signal?.aborted) throw cancelled('The upload');
  }

  #report(file: string, total: { files: number; bytes: number }): void {
    this.#options.onProgress?.({
      files: this.#files,
      totalFiles: total.files,
      bytes: this.#bytes,
      totalBytes: total.bytes,
      file,
    });
  }

  async #freeBytes(): Promise<number | undefined> {
    try {
      return await this.#session.freeBytes(this.#options.target);
    } catch {
      return undefined;
    }
  }

  /** SFTP calls a full disk "Failure"; the free space tells more. */
  async #explain(error: unknown): Promise<unknown> {
    if (!this.#writeFailed || !hasReason(error, 'failure')) return error;
    const free = await this.#freeBytes();
    const guess =
      free === undefined || free > 1024 * 1024
        ? 'the disk or your quota is probably full'
        : 'the disk is full';
    return new RemoteError(
      'no-space',
      `The server could not store ${error.path ?? 'a file'}: ${guess}. Nothing was changed: the site is as before. Make room, then upload again.`,
      { cause: error },
    );
  }
}

function changedMeanwhile(path: string): RemoteError {
  return new RemoteError(
    'failure',
    `${path} changed while it was being uploaded. Nothing was changed on the server. Upload again.`,
  );
}
