import { lookup } from '../text/lookup';

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'you have no permission to write there',
  EISDIR: 'it is a folder',
  ENOSPC: 'the disk is full',
  ENOTDIR: 'what should be its folder is a file',
  EPERM: 'the system does not allow it',
  EROFS: 'the disk can only be read',
};

/** Why something cannot be written, in words for people; `own` has further ones, by the system's code. */
export function writeFault(error: unknown, own: Readonly<Record<string, string>> = {}): string {
  const { code = '', message } = error as NodeJS.ErrnoException;
  return lookup(own, code) ?? lookup(REASONS, code) ?? message;
}
