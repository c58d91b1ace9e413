import { incidentsIn, pathInSite, type Incident } from '../errorlog';
import type { Target } from '../project';
import { findLogs } from '../remote/logPlaces';
import { loginPath } from '../remote/loginPath';
import { readLogTail } from '../remote/logTail';
import type { SftpSession } from '../remote/sftp';

/** What the end of a site's logs tells. */
export interface SiteLog {
  /** Of the error log, as it was read; undefined where the target names none and none was found. */
  readonly path: string | undefined;
  /** Why it cannot be read; undefined where it can. */
  readonly problem?: string;
  /** How many lines of all logs were read. */
  readonly lines: number;
  /** Newest first; only those of this site. */
  readonly incidents: readonly Incident[];
}

/**
 * Reads the end of the target's error log (found where hosts keep it, if none is named), with that of its other logs: an incident then
 * has its address. `root`: the site's folder as the server resolves it. Throws only for a lost connection.
 */
export async function readSiteLog(
  session: SftpSession,
  { target, root, bytes }: { readonly target: Target; readonly root: string; readonly bytes?: number },
): Promise<SiteLog> {
  const path = await errorLogOf(session, target, root);
  if (path === undefined) return { path, lines: 0, incidents: [] };
  try {
    const own = await readLogTail(session, path, bytes);
    const others = await Promise.all(
      Object.values(target.logs ?? {}).map((other) =>
        readLogTail(session, loginPath(other), bytes).catch(() => ({ lines: [] })),
      ),
    );
    const lines = [own, ...others].flatMap((one) => one.lines);
    return { path, lines: lines.length, incidents: incidentsIn(lines).filter((one) => belongs(one, root)) };
  } catch (error) {
    return { path, problem: error instanceof Error ? error.message : String(error), lines: 0, incidents: [] };
  }
}

/** The error log that the project file names, else one where hosts keep it; undefined where there is none. */
export async function errorLogOf(
  session: SftpSession,
  { log }: Target,
  root: string,
): Promise<string | undefined> {
  if (log !== undefined) return loginPath(log);
  return (await findLogs(session, root)).find(({ kind }) => kind === 'error')?.path;
}

/** A log may be that of several sites: what names a file of another one is none of ours. */
function belongs({ place, script }: Incident, root: string): boolean {
  const named = [place?.file, script].filter((path) => path?.startsWith('/'));
  if (named.some((path) => path?.replace(/\/$/, '') === root)) return true;
  return (
    named.length === 0 ||
    named.some((path) => pathInSite(path ?? '', [root]) !== undefined) ||
    named.every((path) => /^\/usr\/|^\/opt\//.test(path ?? ''))
  );
}
