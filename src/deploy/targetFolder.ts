import { hasReason, RemoteError } from '../remote/errors';
import { loginPath } from '../remote/loginPath';
import type { SftpSession } from '../remote/sftp';

const homes = new WeakMap<SftpSession, Promise<string>>();

/** The folder in which the account starts. Asked once for a session. */
export function homeFolder(session: SftpSession): Promise<string> {
  const home = homes.get(session) ?? session.realpath('.');
  homes.set(session, home);
  return home;
}

/** The absolute, physical folder; throws RemoteError 'no-such-file' when it is missing or no folder, 'configuration' for a machine's `/`. */
export async function resolveTargetFolder(session: SftpSession, remotePath: string): Promise<string> {
  const path = loginPath(remotePath);
  // Nearly everybody needs it next.
  homeFolder(session).catch(() => undefined);
  const [stat, physical] = await Promise.allSettled([session.stat(path), session.realpath(path)]);
  if (stat.status === 'rejected') {
    throw hasReason(stat.reason, 'no-such-file') ? missingFolder(remotePath) : stat.reason;
  }
  if (stat.value.kind !== 'directory') throw missingFolder(remotePath);
  if (physical.status === 'rejected') throw physical.reason;
  if (physical.value === '/') await refuseMachineRoot(session);
  return physical.value;
}

/** The root of an SFTP jail may be a site; the root of a machine never is. */
async function refuseMachineRoot(session: SftpSession): Promise<void> {
  const system = await Promise.all(['/etc', '/usr', '/proc'].map((path) => session.find(path)));
  if (!system.every((stat) => stat?.kind === 'directory')) return;
  throw new RemoteError(
    'configuration',
    'The target\'s "path" is /, the root of the whole machine. Nothing was done. Name the folder of the site.',
    { path: '/' },
  );
}

function missingFolder(remotePath: string): RemoteError {
  return new RemoteError(
    'no-such-file',
    `There is no folder ${remotePath} on the server. Nothing was sent. Create it there, or correct the target's "path".`,
    { path: remotePath },
  );
}
