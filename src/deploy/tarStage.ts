import { createHash } from 'node:crypto';
import { pipeline } from 'node:stream/promises';
import { createGzip, type Gzip } from 'node:zlib';
import type { RemoteConnection } from '../remote/connection';
import { cancelled, RemoteError } from '../remote/errors';
import { shellScript } from '../remote/shell';
import type { Layout } from './layout';
import type { Transfer } from './plan';
import { contentOf, takeContent } from './scan';
import {
  changedMeanwhile,
  folderMode,
  largeFile,
  stagedFile,
  type Stage,
  type StagedFile,
  type StageOptions,
} from './stage';
import { tarEnd, tarEntry, tarFolder } from './tar';

/** From this many files on, one stream is faster than a request for each step of each file. */
const manyFiles = 48;

/** Unpacks below the target with the modes that the stream names, as this account's files. */
const extract = 'cd -- "$1" && gzip -dc | tar -xpof -';

export interface StreamParts {
  readonly layout: Layout;
  readonly stage: Stage;
  readonly options: StageOptions;
  /** Seconds since 1970 by the server's clock: the files' time stamp. */
  readonly now: number;
}

/** Which of the files are worth a stream: many, not large, local, and of whatever group. */
export function forStream(transfers: readonly Transfer[]): readonly Transfer[] {
  const small = transfers.filter(
    ({ local, source, group }) => local.size <= largeFile && source === undefined && group === undefined,
  );
  return small.length >= manyFiles ? small : [];
}

/** A command that waits for a stream to unpack. */
export interface Unpacking {
  readonly channel: CommandChannel;
  /** Settled when it has ended. */
  readonly ended: Promise<void>;
}

/** Starts the command; nothing is created before it is sent something. Undefined where the server cannot unpack. */
export async function startUnpacking(
  connection: RemoteConnection,
  target: string,
): Promise<Unpacking | undefined> {
  if (!(await canUnpack(connection))) return undefined;
  let ended: Promise<void> = Promise.resolve();
  const channel = await connection.channel(shellScript(extract, [target]), (opened) => {
    ended = endOf(opened, connection);
    ended.catch(() => undefined);
  });
  return { channel, ended };
}

/**
 * Sends many files, and all new folders, in one compressed `tar` stream, each under its temporary name and never under its own. Throws
 * RemoteError when it broke off.
 */
export async function streamFiles(
  of: StreamParts,
  transfers: readonly Transfer[],
  { channel, ended }: Unpacking,
): Promise<StagedFile[]> {
  const stop = new AbortController();
  const abort = () => stop.abort();
  of.options.signal?.addEventListener('abort', abort, { once: true });
  ended.catch(abort);
  const staged: StagedFile[] = [];
  try {
    await pipeline(compressed(entriesOf(of, transfers, staged)), channel.stdin, { signal: stop.signal });
    await ended;
    return staged;
  } catch (error) {
    channel.destroy();
    if (of.options.signal?.aborted) throw cancelled('The upload');
    throw error instanceof RemoteError ? error : await reasonOf(ended, error);
  } finally {
    of.options.signal?.removeEventListener('abort', abort);
  }
}

/** A running command with its streams. */
type CommandChannel = Awaited<ReturnType<RemoteConnection['channel']>>;

/** Whether there are a shell, tar and gzip. */
async function canUnpack(connection: RemoteConnection): Promise<boolean> {
  const tools = await connection.shellTools();
  return tools.has('tar') && tools.has('gzip');
}

async function* entriesOf(
  of: StreamParts,
  transfers: readonly Transfer[],
  staged: StagedFile[],
): AsyncGenerator<Buffer, void, void> {
  const { target } = of.options;
  const below = target.endsWith('/') ? target.length : target.length + 1;
  const nameIn = (path: string) => `./${path.slice(below)}`;
  yield* tarOfFiles({ ...of, nameIn }, transfers, staged);
  yield tarEnd;
}

/** All new folders and the files, as parts of a tar stream: under temporary names, each called in it what `nameIn` makes of its absolute path. */
export async function* tarOfFiles(
  of: StreamParts & { readonly nameIn: (path: string) => string },
  transfers: readonly Transfer[],
  staged: StagedFile[],
): AsyncGenerator<Buffer, void, void> {
  const { layout, now, nameIn } = of;
  const { target, localRoot } = of.options;
  const roots = new Set(layout.roots.map(({ temporary }) => temporary));
  for (const { path, bits } of layout.folders) {
    const mode = bits | (roots.has(path) ? 0o700 : folderMode(of.options));
    yield* tarFolder({ name: `${nameIn(path)}/`, mode, mtime: now });
  }
  for await (const { transfer, content } of readAhead(localRoot, transfers)) {
    const one = stagedFile(transfer, { target, layout, now });
    const mode = layout.rootOf(transfer.path) ? transfer.mode : 0o600;
    yield* tarEntry({ name: nameIn(one.temporary), mode, mtime: one.mtime }, content);
    staged.push(one);
    of.stage.advance({ file: transfer.path, bytes: content.length, files: 1 });
  }
}

/** Compressing goes to another thread and back for each piece: small ones are put together. */
const pieceSize = 256 * 1024;

/** A tar stream of small parts, compressed. What fails in it is thrown to who reads from it. */
export function compressed(parts: AsyncIterable<Buffer>): Gzip {
  const gzip = createGzip({ level: 1, chunkSize: 65_536 });
  fill(gzip, parts).catch((error: unknown) => gzip.destroy(error as Error));
  return gzip;
}

async function fill(gzip: Gzip, parts: AsyncIterable<Buffer>): Promise<void> {
  // One piece of memory for all: fresh memory costs more than what is done with it.
  const piece = Buffer.allocUnsafe(pieceSize);
  const write = (bytes: Buffer) =>
    new Promise<void>((resolve, reject) => {
      gzip.write(bytes, (error) => (error ? reject(error) : resolve()));
    });
  let size = 0;
  for await (const part of parts) {
    for (let from = 0; from < part.length;) {
      const copied = part.copy(piece, size, from);
      from += copied;
      size += copied;
      if (size < pieceSize) continue;
      await write(piece);
      size = 0;
    }
  }
  gzip.end(piece.subarray(0, size));
}

/** Files that are read while earlier ones are sent. */
const ahead = 16;

async function* readAhead(
  localRoot: string,
  transfers: readonly Transfer[],
): AsyncGenerator<{ transfer: Transfer; content: Buffer }, void, void> {
  const reading: Promise<Buffer>[] = [];
  const start = (transfer: Transfer) => {
    const content = plannedContent(localRoot, transfer);
    // It is awaited later; until then a failure must not count as unhandled.
    content.catch(() => undefined);
    reading.push(content);
  };
  for (const transfer of transfers.slice(0, ahead)) start(transfer);
  for (const [at, transfer] of transfers.entries()) {
    const content = await reading.shift();
    const next = transfers[at + ahead];
    if (next) start(next);
    if (content) yield { transfer, content };
  }
}

/** A small file's content, which must be what was planned; else throws RemoteError. */
async function plannedContent(localRoot: string, { path, local }: Transfer): Promise<Buffer> {
  const known = await takeContent(localRoot, local);
  if (known) return known;
  const pieces: Buffer[] = [];
  for await (const piece of contentOf(localRoot, local, largeFile)) pieces.push(piece);
  const content = Buffer.concat(pieces);
  if (createHash('sha256').update(content).digest('hex') !== local.sha256) throw changedMeanwhile(path);
  return content;
}

/** Resolves when all was unpacked; rejects with what the server said, or with the connection's end. */
function endOf(channel: CommandChannel, connection: RemoteConnection): Promise<void> {
  return new Promise((resolve, reject) => {
    let code: number | undefined;
    let stderr = '';
    channel.stderr.on('data', (text: Buffer) => {
      if (stderr.length < 2000) stderr += text.toString('utf8');
    });
    channel.on('data', () => undefined);
    channel.on('exit', (status: number | null) => (code = status ?? undefined));
    channel.once('close', () => (code === 0 ? resolve() : reject(endedEarly(stderr))));
    void connection.closed.then((reason) =>
      reject(reason ?? new RemoteError('cancelled', 'The connection was closed.')),
    );
  });
}

/** A broken pipe is only how the server's own message is first noticed. */
async function reasonOf(ended: Promise<void>, error: unknown): Promise<unknown> {
  const patience = new Promise<unknown>((resolve) => setTimeout(() => resolve(error), 2000).unref());
  return Promise.race([
    ended.then(
      () => error,
      (reason: unknown) => reason,
    ),
    patience,
  ]);
}

function endedEarly(stderr: string): RemoteError {
  const said = stderr.trim();
  if (/no space|quota/i.test(said)) {
    return new RemoteError(
      'no-space',
      'The server could not store the files: the disk or your quota is full. Nothing was changed: the site is as before. Make room, then upload again.',
    );
  }
  const why = said === '' ? 'without a word' : `: ${said.slice(0, 300)}`;
  const reason = /permission denied/i.test(said) ? 'permission-denied' : 'failure';
  return new RemoteError(reason, `The server stopped unpacking ${why}. Nothing was changed. Try again.`);
}
