import { parseLogLine, splitGlued, type LogLine } from '../errorlog';
import type { RemoteConnection } from '../remote/connection';
import { readLogTail } from '../remote/logTail';
import { backOffOf, type BackOff } from './backOff';

/** How much of a log's end is looked at: mod_fastcgi repeats its line with every request, so the start may be far back. */
const tailBytes = 1024 * 1024;

/** The end of an error log. */
export interface LogEnd {
  readonly lines: readonly LogLine[];
  /** What the server's clock shows now, as the log writes it. */
  readonly now: string;
}

/**
 * Whether a program is in back-off now, by the end of the error log at `log`; undefined also where the log cannot be read. `program` is
 * its absolute path on the server, or the end of it. Asks the site nothing.
 */
export async function readBackOff(
  connection: RemoteConnection,
  log: string,
  program: string,
): Promise<BackOff | undefined> {
  const end = await readLogEnd(connection, log);
  return end && backOffOf(end.lines, end.now, program);
}

/** The last lines of an error log; undefined where it cannot be read. */
export async function readLogEnd(connection: RemoteConnection, log: string): Promise<LogEnd | undefined> {
  try {
    const { lines, mtime } = await readLogTail(await connection.sftp(), log, tailBytes);
    const parsed = parse(lines);
    return { lines: parsed, now: logClock(parsed, mtime, Date.now() / 1000) };
  } catch {
    return undefined;
  }
}

function parse(texts: readonly string[]): LogLine[] {
  const lines: LogLine[] = [];
  for (const text of texts.flatMap((one) => splitGlued(one))) lines.push(parseLogLine(text, lines.at(-1)));
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
