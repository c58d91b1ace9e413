import { StringDecoder } from 'node:string_decoder';
import type { ClientChannel } from 'ssh2';
import type { RemoteConnection } from './connection';
import { hasReason, RemoteError } from './errors';
import { LeftBehind } from './leftBehind';
import { LineSplitter } from './lines';
import { requireFile } from './logTail';
import { archivesOf, lastArchivedLines, PlaceKeeper, resume, type LogPlace } from './place';
import { pollFile, startOfLastLines } from './poll';
import type { SftpSession } from './sftp';
import { shellScript } from './shell';

export interface FollowOptions {
  /** Whole lines without their ends. While a returned promise waits, no more is fetched: the server's side waits too. */
  onLines(lines: string[]): void | Promise<void>;
  /** A sentence on what happened to the file: missing, rotated, emptied. */
  onNote(text: string): void;
  /** Nothing more was in the file when it was written last: seconds since 1970 by the server's clock. Only where there is no shell. */
  onCaughtUp?(written: number): void;
  /** Last lines to show at the start; 200 by default. */
  readonly lines?: number;
  readonly signal?: AbortSignal;
  /** `poll` never uses a shell; `auto` by default. */
  readonly mode?: 'auto' | 'poll';
  /** Milliseconds between two looks where there is no shell; 1 s by default. */
  readonly interval?: number;
  /** Reads on from here, as another `Following` left it, over a rotation too: nothing is lost and nothing comes twice. */
  readonly place?: LogPlace;
  /** Lines of the newest archive go before those of a log that has too few. */
  readonly archives?: boolean;
}

export interface Following {
  /** Stops; nothing is reported afterwards. */
  dispose(): void;
  /** Ends after dispose(); rejects with a RemoteError when the connection is lost. */
  readonly done: Promise<void>;
  /** How far whole lines have been given out. */
  readonly place: LogPlace;
}

/**
 * Follows a growing file by name, over rotation and truncation: with `tail -F` where the account has a shell, else by reading what was
 * added once a second. A file that is not there yet is waited for.
 */
export function followFile(connection: RemoteConnection, path: string, options: FollowOptions): Following {
  const stop = new AbortController();
  const abort = () => stop.abort();
  if (options.signal?.aborted) abort();
  options.signal?.addEventListener('abort', abort, { once: true });
  const keeper = new PlaceKeeper(undefined);
  const done = run(connection, path, { ...options, signal: stop.signal, keeper })
    .catch((error: unknown) => {
      if (!stop.signal.aborted) throw error;
    })
    .finally(() => options.signal?.removeEventListener('abort', abort));
  // A caller that looks at notes only must not end the process.
  done.catch(() => undefined);
  return {
    dispose: abort,
    done,
    get place() {
      return keeper.place;
    },
  };
}

type Run = FollowOptions & { readonly signal: AbortSignal; readonly keeper: PlaceKeeper };

async function run(connection: RemoteConnection, path: string, options: Run): Promise<void> {
  if (options.signal.aborted) return;
  const start = await startOf(connection, path, options);
  options.keeper.moved(start);
  const byShell = options.mode !== 'poll' && (await connection.hasShell());
  if (byShell && (await followByTail(connection, path, { ...options, start }))) return;
  if (!options.signal.aborted) await pollFile(connection, path, { ...options, start: options.keeper.place });
}

/** The offset from which to read: on from a place, or from the last lines on. Gives out first what was missed or archived. */
async function startOf(
  connection: RemoteConnection,
  path: string,
  options: Run,
): Promise<number | undefined> {
  const session = await connection.sftp();
  if (options.place === undefined) return startAtLastLines(session, path, options);
  const { position, missed, lost } = await resume(session, path, options.place);
  if (lost) options.onNote(`${path} was rotated meanwhile; lines between may be missing.`);
  if (missed) {
    const splitter = new LineSplitter(options);
    for await (const bytes of missed()) await splitter.push(bytes);
    await splitter.flush();
  }
  return withoutBacklog(connection, { session, path, position }, options);
}

/** Most bytes that are read on after an interruption. A log that grew more meanwhile is shown from its last lines. */
const MOST_BEHIND = 8 * 1024 * 1024;

/** The position, or that of the last lines where too much lies between; then it is told what is left out. */
async function withoutBacklog(
  connection: RemoteConnection,
  { session, path, position }: { session: SftpSession; path: string; position: number },
  options: Run,
): Promise<number> {
  const { size } = await session.stat(path).catch(() => ({ size: 0 }));
  if (size - position <= MOST_BEHIND) return position;
  const start = (await startAtLastLines(session, path, { ...options, archives: false })) ?? position;
  const megabytes = Math.round((start - position) / 1_048_576);
  const lines = await linesBetween(connection, path, { from: position, to: start });
  const what = lines === undefined ? '' : ` (${lines.toLocaleString('en')} lines)`;
  options.onNote(`${path} grew while nobody looked: ${megabytes} MB${what} are left out here.`);
  return start;
}

/** Counted on the server; undefined where it has no shell or takes too long. */
async function linesBetween(
  connection: RemoteConnection,
  path: string,
  { from, to }: { from: number; to: number },
): Promise<number | undefined> {
  if (!(await connection.hasShell())) return undefined;
  const script = 'tail -c "+$2" -- "$1" | head -c "$3" | wc -l';
  const command = shellScript(script, [path, String(from + 1), String(to - from)]);
  const { stdout } = await connection.exec(command, { timeout: 10_000 }).catch(() => ({ stdout: '' }));
  return /^\s*\d+\s*$/.test(stdout) ? Number(stdout) : undefined;
}

/** How many bytes from the end of a file are searched for its last lines. */
const START_WINDOW = 256 * 1024;

async function startAtLastLines(
  session: SftpSession,
  path: string,
  options: Run,
): Promise<number | undefined> {
  const count = options.lines ?? 200;
  const handle = await session.open(path, 'read').catch((error: unknown) => {
    if (!hasReason(error, 'no-such-file', 'permission-denied')) throw error;
  });
  if (!handle) return undefined;
  try {
    const { size, kind } = await session.fstat(handle, path);
    requireFile(kind, path);
    const from = Math.max(0, size - START_WINDOW);
    const tail = await session.readRange(handle, from, size, path);
    const start = from + startOfLastLines(tail, count, from === 0);
    if (start === 0 && options.archives === true)
      await giveArchived(session, path, { ...options, missing: count - linesIn(tail) });
    return start;
  } finally {
    await session.closeHandle(handle, path).catch(() => undefined);
  }
}

/** A log that was rotated a moment ago says little: its predecessor goes before it. */
async function giveArchived(
  session: SftpSession,
  path: string,
  options: Run & { missing: number },
): Promise<void> {
  if (options.missing <= 0 || (await archivesOf(session, path)).length === 0) return;
  const lines = await lastArchivedLines(session, path, options.missing);
  if (lines.length > 0) await options.onLines(lines);
}

function linesIn(bytes: Buffer): number {
  let count = 0;
  for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) count += 1;
  return count;
}

/**
 * `tail` runs in the background and ends when standard input closes: older versions of tail on a quiet log would not notice that the
 * connection is gone. Status 127 means that there is no tail.
 */
const tailScript = `command -v tail >/dev/null 2>&1 || exit 127
LC_ALL=C; export LC_ALL
tail "$1" -F -- "$2" &
t=$!
trap 'kill "$t" 2>/dev/null' EXIT HUP TERM
cat >/dev/null
kill "$t" 2>/dev/null
true`;

/** True when it followed until it was stopped; false when the server has no usable tail. */
async function followByTail(
  connection: RemoteConnection,
  path: string,
  options: Run & { readonly start: number | undefined },
): Promise<boolean> {
  await noteIfMissing(connection, path, options);
  const from = `-c+${(options.start ?? 0) + 1}`;
  const channel = await connection.channel(shellScript(tailScript, [from, path]));
  const ended = new AbortController();
  const signal = AbortSignal.any([options.signal, ended.signal]);
  const onLines = (lines: string[]) => options.onLines(lines);
  const leftBehind = new LeftBehind(await connection.sftp(), { path, signal, onLines });
  const splitter = new LineSplitter({ onLines: (lines) => leftBehind.take(lines) });
  let status: number | undefined;
  channel.on('exit', (code: number | null) => (status = code ?? undefined));
  channel.on('error', () => undefined);
  let isDenied = false;
  const denied = new Promise<void>((resolve) => {
    const onDenied = () => {
      isDenied = true;
      resolve();
    };
    readNotes(channel, { path, onDenied, onRotated: () => leftBehind.rotated() }, options);
  });
  const stop = () => {
    // What is held back counts as read.
    leftBehind.end();
    channel.end();
  };
  options.signal.addEventListener('abort', stop, { once: true });
  if (options.signal.aborted) stop();
  const pumping = pump(channel, splitter, options);
  try {
    await Promise.race([pumping, connection.closed, denied]);
  } finally {
    options.signal.removeEventListener('abort', stop);
    ended.abort();
    leftBehind.end();
    channel.destroy();
  }
  // What it has in hand counts as read, and must not come again.
  if (isDenied) await pumping.catch(() => undefined);
  if (options.signal.aborted) return true;
  if (!connection.alive)
    throw (await connection.closed) ?? new RemoteError('connection-lost', 'The connection was closed.');
  if (status !== 127 && !isDenied) options.onNote('tail ended on the server; reading the file directly.');
  return false;
}

async function noteIfMissing(connection: RemoteConnection, path: string, options: Run): Promise<void> {
  try {
    const session = await connection.sftp();
    await session.stat(path);
  } catch (error) {
    if (!hasReason(error, 'no-such-file')) return;
    options.onNote(`${path} does not exist yet. Waiting for it.`);
  }
}

/** Takes from the stream only as fast as the lines are taken from us: the channel's window then stops the server. */
async function pump(channel: ClientChannel, splitter: LineSplitter, { signal, keeper }: Run): Promise<void> {
  for await (const chunk of channel) {
    if (signal.aborted) return;
    await splitter.push(chunk as Buffer);
    keeper.take(chunk as Buffer);
  }
}

/** GNU tail's own words (LC_ALL=C), told in ours. The first complaint about a missing file was told before. */
const tailNotes: readonly (readonly [RegExp, (path: string) => string])[] = [
  [/file truncated/, (path) => `${path} was emptied; showing what comes now.`],
  [/has been replaced/, (path) => `${path} was rotated; showing the new file.`],
  [/has become inaccessible/, (path) => `${path} is gone. Waiting for it.`],
  [/has appeared/, (path) => `${path} is there now.`],
];

/** `onDenied`: tail may not read or watch the file. Whether it comes back by itself depends on its version and the moment, so others read on. */
function readNotes(
  channel: ClientChannel,
  {
    path,
    onDenied,
    onRotated,
  }: { readonly path: string; readonly onDenied: () => void; readonly onRotated: () => void },
  options: Run,
): void {
  const decoder = new StringDecoder('utf8');
  channel.stderr.on('data', (chunk: Buffer) => {
    for (const line of decoder.write(chunk).split('\n')) {
      if (line.includes('Permission denied')) onDenied();
      const note = line.includes('Permission denied')
        ? undefined
        : tailNotes.find(([shape]) => shape.test(line));
      // Its own bytes may have come before these words or may come after them: only the anchor tells.
      if (note && /truncated|replaced|appeared/.test(line)) options.keeper.moved(undefined);
      if (/inaccessible|replaced/.test(line)) onRotated();
      if (note && !options.signal.aborted) options.onNote(note[1](path));
    }
  });
}
