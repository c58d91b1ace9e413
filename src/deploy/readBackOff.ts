import { parseLogLine, splitGlued, type LogLine } from '../errorlog';
import type { RemoteConnection } from '../remote/connection';
import { backOffOf, type BackOff } from './backOff';

/** How much of a log's end is looked at: mod_fastcgi repeats its line with every request, so the start may be far back. */
const tailBytes = 1024 * 1024;

/**
 * Whether a program is in back-off now, by the end of the error log at `log`; undefined also where the log cannot be read. `program` is
 * its absolute path on the server, or the end of it. Asks the site nothing.
 */
export async function readBackOff(
  connection: RemoteConnection,
  log: string,
  program: string,
): Promise<BackOff | undefined> {
  try {
    const session = await connection.sftp();
    const { size, mtime } = await session.stat(log);
    const handle = await session.open(log, 'read');
    try {
      const from = Math.max(0, size - tailBytes);
      const pieces = Array.from({ length: Math.ceil((size - from) / 32_768) }, (_, at) =>
        session.read(handle, from + at * 32_768, 32_768, log),
      );
      const lines = linesOf(Buffer.concat(await Promise.all(pieces)).toString('latin1'));
      return backOffOf(lines, logClock(lines, mtime, Date.now() / 1000), program);
    } finally {
      session.closeHandle(handle, log).catch(() => undefined);
    }
  } catch {
    return undefined;
  }
}

function linesOf(text: string): LogLine[] {
  const lines: LogLine[] = [];
  for (const line of text.split('\n').flatMap((one) => splitGlued(one))) {
    lines.push(parseLogLine(line, lines.at(-1)));
  }
  return lines;
}

/**
 * What the server's clock shows now, as its log writes it. The log's zone is found from the moment its last line was written, which the
 * file's time stamp tells in seconds since 1970; zones differ by quarters of an hour.
 */
export function logClock(lines: readonly LogLine[], writtenAt: number, now: number): string {
  const last = lines.findLast(({ time }) => time !== null)?.time;
  const local = last ? Date.parse(`${last.slice(0, 23)}Z`) / 1000 : writtenAt;
  const zone = Math.round((local - writtenAt) / 900) * 900;
  return new Date((now + zone) * 1000).toISOString().slice(0, 19);
}
