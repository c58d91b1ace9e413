import { RemoteError } from './errors';
import type { RemoteStat, SftpSession } from './sftp';

/** How much of a log's end is read where nothing else is said. */
const WINDOW = 256 * 1024;

/** The end of a log: whole lines only, oldest first, empty ones left out. */
export interface LogTail {
  readonly lines: readonly string[];
  /** The file's time stamp: when its last line was written, in seconds since 1970 by the server's clock. */
  readonly mtime: number;
}

/** A folder can be opened as well, and only reading it fails, with no word for why. */
export function requireFile(kind: RemoteStat['kind'], path: string): void {
  if (kind !== 'directory') return;
  const folder = path.replace(/\/+$/, '');
  throw new RemoteError(
    'configuration',
    `${path} is a folder on the server. "log" names a file, as "${folder}/error.log".`,
    { path },
  );
}

/** Reads the last `bytes` of a log, 256 KiB by default. Throws RemoteError where it is missing or may not be read. */
export async function readLogTail(session: SftpSession, path: string, bytes = WINDOW): Promise<LogTail> {
  const handle = await session.open(path, 'read');
  try {
    const { size, mtime, kind } = await session.fstat(handle, path);
    requireFile(kind, path);
    const tail = await session.readRange(handle, Math.max(0, size - bytes), size, path);
    const lines = tail.toString('utf8').split('\n');
    // The first line may lack its beginning.
    const whole = size > bytes ? lines.slice(1) : lines;
    return { lines: whole.map((line) => line.replace(/\r$/, '')).filter((line) => line !== ''), mtime };
  } finally {
    await session.closeHandle(handle, path).catch(() => undefined);
  }
}
