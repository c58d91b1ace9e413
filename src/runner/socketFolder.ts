import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';

/** Longest path of a folder in which the address of a socket still fits (104 bytes on macOS). */
const LONGEST = 70;

/**
 * A private folder with a path short enough for a socket's address: in the system's temporary folder, else in /tmp.
 * @throws an Error in words for people where none can be made
 */
export function makeSocketFolder(): string {
  const own = os.tmpdir();
  const bases = own.length > LONGEST ? ['/tmp'] : [...new Set([own, '/tmp'])];
  for (const base of bases) {
    try {
      return fs.mkdtempSync(path.join(base, 'fcgi-'));
    } catch {
      // The next one may do.
    }
  }
  const places = bases.join(' or ');
  throw new Error(
    `No temporary folder can be made in ${places}. Set TMPDIR to a folder that you may write to.`,
  );
}
