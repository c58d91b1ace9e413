import { codeOf, hasReason, RemoteError } from '../remote/errors';
import type { Room, SftpSession } from '../remote/sftp';
import type { RecoveryReport } from './journal';
import { finalPath, folderOf, nameOf } from './names';

/** What is certain once an upload or a rollback has failed before its burst. */
export const asBefore = 'Nothing was changed: the site is as before.';

/**
 * An error of storing something on the server, in the words of who has to mend it: with the name that the file will have, and with what
 * the server's disk says of a refusal for which SFTP has only one word. Any other error is given back as it is. `outcome`: what follows
 * from it for the site.
 */
export async function explained(session: SftpSession, error: unknown, outcome?: string): Promise<unknown> {
  if (!(error instanceof RemoteError) || error.path === undefined) return error;
  const parts = { error, path: error.path, outcome };
  if (error.reason === 'connection-lost' && outcome !== undefined) return lost(error, outcome);
  if (error.reason === 'permission-denied') return closedFolder(parts);
  // Where a folder could not be made, what belongs into it is not found.
  if (!hasReason(error, 'no-space', 'no-such-file') && !isUnnamed(error)) return error;
  return full(parts, await roomFor(session, error.path)) ?? error;
}

/** The same for what failed after a recovery under the same lock: the site is not as it was before both. */
export async function afterRecovery(
  session: SftpSession,
  error: unknown,
  recovered: RecoveryReport | undefined,
): Promise<unknown> {
  if (recovered?.outcome !== 'finished') return error;
  const told = await explained(session, error, asBefore);
  if (!(told instanceof RemoteError)) return told;
  const rest = recovered.lost.length === 0 ? '' : `, but for ${recovered.lost.join(', ')}`;
  // Its class and all that it holds are for callers.
  told.message = `An earlier upload that was interrupted was finished first: the site has its files now${rest}. After that: ${told.message}`;
  return told;
}

function lost(error: RemoteError, outcome: string): RemoteError {
  const message = `The connection to the server was lost on the way. ${outcome} Try again.`;
  return new RemoteError('connection-lost', message, { cause: error });
}

interface Refusal {
  readonly error: RemoteError;
  readonly path: string;
  readonly outcome: string | undefined;
}

/** SSH_FX_FAILURE, which stands for everything that has no code of its own. */
function isUnnamed(error: RemoteError): boolean {
  return hasReason(error, 'failure') && codeOf(error.cause) === 4;
}

/** Of the disk that the path is on: of the nearest folder that is there. */
async function roomFor(session: SftpSession, path: string): Promise<Room | undefined> {
  for (let folder = folderOf(path); folder !== ''; folder = folderOf(folder)) {
    try {
      return await session.room(folder);
    } catch (error) {
      if (!hasReason(error, 'no-such-file') || folder === '/') return undefined;
    }
  }
  return undefined;
}

/** Less than this and no folder can be made any more; a write needs more than that. */
const littleRoom = { folder: 64 * 1024, write: 1024 * 1024 };

function full({ error, path, outcome }: Refusal, room: Room | undefined): RemoteError | undefined {
  const tell = (why: string, advice: string) =>
    new RemoteError(
      'no-space',
      [`The server could not store ${finalPath(path)}: ${why}.`, outcome, advice]
        .filter((part) => part !== undefined)
        .join(' '),
      { cause: error },
    );
  if (room?.readOnly === true) return tell('its disk is read-only now', 'Ask the host, then try again.');
  if (room && room.files < 16)
    return tell('the disk can take no more files', 'Remove some that nobody needs, then try again.');
  const least = error.reason === 'no-space' ? littleRoom.write : littleRoom.folder;
  if (room && room.bytes < least) return tell('the disk is full', 'Make room, then try again.');
  if (error.reason !== 'no-space') return undefined;
  return tell('the disk or your quota is probably full', 'Make room, then try again.');
}

/** New content waits beside what it replaces: who may not create files in a folder cannot replace one there either. */
function closedFolder({ error, path, outcome }: Refusal): RemoteError {
  if (finalPath(path) === path) return error;
  const folder = folderOf(finalPath(path));
  return new RemoteError(
    'permission-denied',
    [
      `This account may not put files into ${folder} on the server, where ${nameOf(finalPath(path))} belongs.`,
      ...(outcome === undefined ? [] : [outcome]),
      outcome === asBefore
        ? 'Correct the owner or the mode of that folder (chmod u+w), or leave it out with the target\'s "ignore".'
        : 'Correct the owner or the mode of that folder (chmod u+w).',
    ].join(' '),
    { path: folder, cause: error },
  );
}
