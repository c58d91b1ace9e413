import { createGunzip } from 'node:zlib';
import { hasReason } from './errors';
import type { RemoteDirectoryEntry, RemoteHandle, SftpSession } from './sftp';

/** How far a log has been read: the bytes before `position` end with `anchor`. SFTP has no inode numbers; the anchor replaces them. */
export interface LogPlace {
  /** Offset in the file that has the name now; undefined after a rotation that was seen from afar. */
  readonly position: number | undefined;
  readonly anchor: Buffer;
}

/** Where to read on, and what must be read first of a file that was rotated away meanwhile. */
export interface Resumption {
  readonly position: number;
  /** Gives the bytes that were missed; undefined where nothing was. */
  readonly missed?: () => AsyncIterable<Buffer>;
  /** The anchor was found nowhere: bytes may be missing. */
  readonly lost: boolean;
}

/** Bytes by which a place is recognised: long enough that a log does not repeat them. */
const ANCHOR = 512;

/** Keeps the place of a stream of bytes, behind its last whole line. */
export class PlaceKeeper {
  #position: number | undefined;
  #pending = 0;
  #window: Buffer = Buffer.alloc(0);
  #anchor: Buffer = Buffer.alloc(0);

  constructor(position: number | undefined) {
    this.#position = position;
  }

  get place(): LogPlace {
    return { position: this.#position, anchor: this.#anchor };
  }

  take(bytes: Buffer): void {
    const end = bytes.lastIndexOf(10) + 1;
    if (end > 0) {
      if (this.#position !== undefined) this.#position += this.#pending + end;
      this.#anchor = lastOf(this.#window, bytes.subarray(0, end));
      this.#pending = 0;
    }
    this.#pending += bytes.length - end;
    this.#window = lastOf(this.#window, bytes);
  }

  /** Another file has the name now; `position`: where its bytes will come from, if that is known. */
  moved(position: number | undefined): void {
    this.#position = position;
    this.#pending = 0;
    if (position === undefined) return;
    this.#window = Buffer.alloc(0);
    this.#anchor = Buffer.alloc(0);
  }
}

function lastOf(before: Buffer, bytes: Buffer): Buffer {
  if (bytes.length >= ANCHOR) return Buffer.from(bytes.subarray(-ANCHOR));
  return Buffer.concat([before, bytes]).subarray(-ANCHOR);
}

const PIECE = 256 * 1024;
/** Most bytes that are searched for an anchor, and most of a compressed archive that are unpacked. */
const MOST = 256 * 1024 * 1024;

/** Reads a file on from a place, whatever happened to it meanwhile. Throws RemoteError other than "no such file". */
export async function resume(session: SftpSession, path: string, place: LogPlace): Promise<Resumption> {
  const found = await findIn(session, path, place);
  if (found !== undefined) return { position: found, lost: false };
  for (const entry of await archivesOf(session, path)) {
    const file = `${folderOf(path)}${entry.name}`;
    if (entry.name.endsWith('.gz')) {
      if (place.position === undefined || entry.size > MOST) continue;
      const missed = await inArchive(session, file, { position: place.position, anchor: place.anchor });
      if (missed) return { position: 0, missed, lost: false };
      continue;
    }
    const position = await findIn(session, file, place);
    if (position !== undefined)
      return { position: 0, missed: () => bytesOf(session, file, position), lost: false };
  }
  const begun = await endOfBeginning(session, path, place);
  return { position: begun, lost: begun === 0 };
}

/** Where a file begins with the last lines that were read, the ones before them were the last of the file that it followed. 0 elsewhere. */
async function endOfBeginning(
  session: SftpSession,
  path: string,
  { position, anchor }: LogPlace,
): Promise<number> {
  if (position !== undefined) return 0;
  const handle = await session.open(path, 'read').catch(missing);
  if (!handle) return 0;
  try {
    const head = await session.readRange(handle, 0, anchor.length, path);
    for (let from = anchor.indexOf(10) + 1; from > 0; from = anchor.indexOf(10, from) + 1) {
      const rest = anchor.subarray(from);
      if (rest.length > 0 && head.subarray(0, rest.length).equals(rest)) return rest.length;
    }
    return 0;
  } finally {
    await session.closeHandle(handle, path).catch(() => undefined);
  }
}

/** Older files of a log, newest first: `error.log.1`, `error.log-20261122.gz`, `error.log.0`. */
export async function archivesOf(
  session: SftpSession,
  path: string,
): Promise<readonly RemoteDirectoryEntry[]> {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const stem = name.replace(/\.log$/, '');
  const isArchive = (other: string) =>
    other !== name &&
    (other.startsWith(`${name}.`) ||
      other.startsWith(`${name}-`) ||
      (other.startsWith(`${stem}-`) && /\d/.test(other)));
  const entries = await session.readdir(folderOf(path) === '' ? '.' : folderOf(path)).catch(() => []);
  return entries
    .filter(
      ({ name: other, kind }) => kind === 'file' && isArchive(other) && !/\.(?:bz2|xz|zst)$/.test(other),
    )
    .sort((a, b) => b.mtime - a.mtime)
    .slice(0, 3);
}

/** The last lines of the newest archive: for a log that was rotated a moment ago. Empty where there is none. */
export async function lastArchivedLines(
  session: SftpSession,
  path: string,
  count: number,
): Promise<string[]> {
  const [newest] = await archivesOf(session, path);
  if (newest === undefined || newest.size > MOST) return [];
  const file = `${folderOf(path)}${newest.name}`;
  const isPacked = newest.name.endsWith('.gz');
  let tail = Buffer.alloc(0);
  const start = isPacked ? 0 : Math.max(0, newest.size - PIECE);
  const bytes = isPacked ? unpacked(bytesOf(session, file, 0)) : bytesOf(session, file, start);
  try {
    for await (const piece of bytes) tail = Buffer.concat([tail, piece]).subarray(-PIECE);
  } catch {
    // Packed by another program, or just being packed.
    return [];
  }
  const lines = tail.toString('utf8').split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines.slice(-count);
}

async function findIn(
  session: SftpSession,
  path: string,
  { position, anchor }: LogPlace,
): Promise<number | undefined> {
  const handle = await session.open(path, 'read').catch(missing);
  if (!handle) return undefined;
  try {
    const { size } = await session.fstat(handle, path);
    if (anchor.length === 0) return position !== undefined && position <= size ? position : undefined;
    if (position !== undefined) {
      if (size < position) return undefined;
      const bytes = await session.readRange(handle, position - anchor.length, position, path);
      return bytes.equals(anchor) ? position : undefined;
    }
    return await searchBack(session, { handle, path, size, anchor });
  } finally {
    await session.closeHandle(handle, path).catch(() => undefined);
  }
}

/** Looks for the anchor from the end on, in pieces that overlap by its length. */
async function searchBack(
  session: SftpSession,
  { handle, path, size, anchor }: { handle: RemoteHandle; path: string; size: number; anchor: Buffer },
): Promise<number | undefined> {
  for (let end = size; end > 0 && size - end < MOST; end -= PIECE) {
    const start = Math.max(0, end - PIECE);
    const bytes = await session.readRange(handle, start, Math.min(size, end + anchor.length), path);
    const at = bytes.lastIndexOf(anchor);
    if (at >= 0) return start + at + anchor.length;
  }
  return undefined;
}

async function* bytesOf(session: SftpSession, path: string, start: number): AsyncGenerator<Buffer> {
  const handle = await session.open(path, 'read');
  try {
    for (let at = start; ;) {
      const piece = await session.readRange(handle, at, at + PIECE, path);
      if (piece.length === 0) return;
      at += piece.length;
      yield piece;
    }
  } finally {
    await session.closeHandle(handle, path).catch(() => undefined);
  }
}

async function* unpacked(bytes: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const gunzip = createGunzip();
  const feeding = (async () => {
    for await (const piece of bytes)
      if (!gunzip.write(piece)) await new Promise((done) => gunzip.once('drain', done));
    gunzip.end();
  })();
  feeding.catch((error: Error) => gunzip.destroy(error));
  for await (const piece of gunzip) yield piece as Buffer;
}

/** The bytes of an archive behind the place, if it holds the place. */
async function inArchive(
  session: SftpSession,
  path: string,
  { position, anchor }: { position: number; anchor: Buffer },
): Promise<(() => AsyncIterable<Buffer>) | undefined> {
  let at = 0;
  let before = Buffer.alloc(0);
  const rest: Buffer[] = [];
  try {
    for await (const piece of unpacked(bytesOf(session, path, 0))) {
      const skip = Math.max(0, position - at);
      if (skip > 0)
        before = Buffer.concat([before, piece.subarray(0, skip)]).subarray(-anchor.length || piece.length);
      if (skip < piece.length) rest.push(piece.subarray(skip));
      at += piece.length;
      if (at > MOST) return undefined;
    }
  } catch {
    // Packed by another program, or just being packed.
    return undefined;
  }
  if (at < position || !before.equals(anchor)) return undefined;
  return async function* missed() {
    yield* rest;
  };
}

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/') + 1);
}

function missing(error: unknown): undefined {
  if (!hasReason(error, 'no-such-file', 'permission-denied')) throw error;
}
