import { parseLogLine, splitGlued, type LogLine } from '../errorlog';
import type { RemoteConnection } from '../remote/connection';
import { readLogTail } from '../remote/logTail';
import { backOffOf, type BackOff } from './backOff';

/** How much of a log's end is looked at: mod_fastcgi repeats its line with every request, so the start may be far back. */
const tailBytes = 1024 * 1024;

/** The end of an error log. */
export interface LogEnd {
  readonly lines: readonly LogLine[];
  /** Seconds since 1970, by the server's clock, when its last line was written. */
  readonly writtenAt: number;
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
  return end && backOffIn(connection, end, program);
}

/**
 * The same for an end that was read. Ten minutes are counted by the server's clock: where it shows another time than this machine's, the
 * program would seem to be free too early. It is asked for only where the log speaks of a back-off.
 */
export async function backOffIn(
  connection: RemoteConnection,
  { lines, writtenAt }: LogEnd,
  program: string,
): Promise<BackOff | undefined> {
  if (!backOffOf(lines, logClock(lines, writtenAt, writtenAt), program)) return undefined;
  const now = Math.max(writtenAt, await serverSeconds(connection));
  return backOffOf(lines, logClock(lines, writtenAt, now), program);
}

/** Seconds since 1970 by the server's clock; by ours where there is no shell to ask. */
async function serverSeconds(connection: RemoteConnection): Promise<number> {
  const ours = Date.now() / 1000;
  if (!(await connection.hasShell())) return ours;
  const answer = await connection.exec('date +%s', { timeout: 10_000 }).catch(() => undefined);
  const [seconds] = /^\d{9,11}$/m.exec(answer?.stdout ?? '') ?? [];
  return seconds === undefined ? ours : Number(seconds);
}

/** The last lines of an error log; undefined where it cannot be read. */
export async function readLogEnd(connection: RemoteConnection, log: string): Promise<LogEnd | undefined> {
  try {
    const { lines, mtime } = await readLogTail(await connection.sftp(), log, tailBytes);
    return { lines: parse(lines), writtenAt: mtime };
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
