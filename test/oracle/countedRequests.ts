import { SftpSession } from '../../src/remote/sftp';

/** Every request that an upload can make. */
export const requests = [
  'open', 'closeHandle', 'write', 'read', 'fstat', 'fsetstat', 'fsync', 'stat', 'lstat', 'setstat', 'readdir', 'mkdir', 'rmdir', 'unlink', 'rename', 'posixRename', 'hardlink', 'realpath',
] as const; // prettier-ignore

type Method = (this: SftpSession, ...of: unknown[]) => Promise<unknown>;

/** Counts SFTP requests of this process, and calls `at(number, name)` just after each was sent. Undo with the function it gives. */
export function countRequests(at: (number: number, name: string) => void): () => void {
  const prototype = SftpSession.prototype as unknown as Record<string, Method>;
  const originals = requests.map((name) => [name, prototype[name] as Method] as const);
  let count = 0;
  for (const [name, original] of originals) {
    prototype[name] = function counted(...of) {
      const answer = original.apply(this, of);
      at(++count, name);
      return answer;
    };
  }
  return () => {
    for (const [name, original] of originals) prototype[name] = original;
  };
}
