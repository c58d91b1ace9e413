import type { SftpSession } from './sftp';

/** A log that was found on a server. */
export interface FoundLog {
  /** As it can be followed: absolute, or below the folder in which a login starts. */
  readonly path: string;
  readonly kind: 'error' | 'access' | 'application';
  readonly size: number;
  /** Seconds since 1970, by the server's clock. */
  readonly mtime: number;
}

/**
 * Where hosts keep the logs of a site: DreamHost, cPanel, Plesk, DirectAdmin, NearlyFreeSpeech, and many with `~/logs`. `*` is any one
 * folder. Relative paths are below the home folder.
 */
const FOLDERS: readonly string[] = [
  'logs',
  'logs/*',
  'logs/*/http',
  'logs/*/https',
  'log',
  '.logs',
  'access-logs',
  'admin/logs',
  'admin/logs/http',
  'domains/*/logs',
  '/home/logs',
  '/var/www/vhosts/*/logs',
  'public_html',
  'www',
  '../logs',
];

const ERROR =
  /^(?:.*[._-])?error[._-]?log(?:[._-].*)?$|^error\.log$|^(?:.*[._-])?errors?\.log$|^suexec\.log$/i;
const ACCESS = /^(?:.*[._-])?access[._-]?log(?:[._-].*)?$|^access\.log$/i;
/** Yesterday's, and what was packed. */
const ARCHIVE = /\.(?:gz|bz2|xz|zip|\d+)$|-\d{8}|\.\d{4}-\d\d-\d\d/;
const MOST_FOLDERS = 60;

/** Looks for readable logs where hosts keep them: error logs first, the one that was written last before others. Never throws but for a lost connection. */
export async function findLogs(session: SftpSession, siteFolder?: string): Promise<readonly FoundLog[]> {
  const patterns =
    siteFolder === undefined ? FOLDERS : [...FOLDERS, siteFolder, `${siteFolder}/logs`, `${siteFolder}/log`];
  const folders = new Set<string>();
  for (const pattern of patterns) {
    for (const folder of await expand(session, pattern)) folders.add(folder);
    if (folders.size > MOST_FOLDERS) break;
  }
  const found: FoundLog[] = [];
  for (const folder of folders) found.push(...(await logsIn(session, folder)));
  const order = ['error', 'application', 'access'];
  const unique = [...new Map(found.map((one) => [one.path, one])).values()];
  return unique.sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind) || b.mtime - a.mtime);
}

async function expand(session: SftpSession, pattern: string): Promise<readonly string[]> {
  const at = pattern.indexOf('*');
  if (at < 0) return [pattern];
  const before = pattern.slice(0, at).replace(/\/$/, '');
  const entries = await session.readdir(before).catch(() => []);
  const names = entries.filter(({ kind }) => kind === 'directory' || kind === 'link').slice(0, 20);
  return names.map(({ name }) => `${before}/${name}${pattern.slice(at + 1)}`);
}

async function logsIn(session: SftpSession, folder: string): Promise<readonly FoundLog[]> {
  const entries = await session.readdir(folder).catch(() => []);
  const found: FoundLog[] = [];
  for (const { name } of entries) {
    const kind = kindOf(name);
    if (kind === undefined) continue;
    const path = `${folder}/${name}`;
    const stat = await session.stat(path).catch(() => undefined);
    if (stat?.kind === 'file' && (await isReadable(session, path)))
      found.push({ path, kind, size: stat.size, mtime: stat.mtime });
    if (found.length >= 20) break;
  }
  return found;
}

function kindOf(name: string): FoundLog['kind'] | undefined {
  if (ARCHIVE.test(name)) return undefined;
  if (ERROR.test(name)) return 'error';
  return ACCESS.test(name) ? 'access' : undefined;
}

async function isReadable(session: SftpSession, path: string): Promise<boolean> {
  try {
    await session.closeHandle(await session.open(path, 'read'), path);
    return true;
  } catch {
    // Listed, but not for this account.
    return false;
  }
}
