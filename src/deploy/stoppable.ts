import type { SftpSession } from '../remote/sftp';

/** Does some work over SFTP. Once it is to be stopped, a server that does not answer any more is given up soon. */
export async function stoppable<Result>(
  opening: Promise<SftpSession>,
  signal: AbortSignal | undefined,
  work: () => Promise<Result>,
): Promise<Result> {
  // One that was not opened has nothing to be given up.
  const hurry = (on: boolean) => void opening.then((session) => session.hurry(on)).catch(() => undefined);
  const stop = () => hurry(true);
  signal?.addEventListener('abort', stop, { once: true });
  try {
    return await work();
  } finally {
    signal?.removeEventListener('abort', stop);
    if (signal?.aborted) hurry(false);
  }
}
