import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { makeSocketFolder } from '../../src/runner/socketFolder';

/** Where the folder comes to lie with this temporary folder of the system. */
function placeWith(temporary: string): string {
  vi.stubEnv('TMPDIR', temporary);
  const made = makeSocketFolder();
  fs.rmdirSync(made);
  return path.dirname(made);
}

describe.skipIf(process.platform === 'win32')('the folder of sockets', () => {
  afterEach(() => void vi.unstubAllEnvs());

  it('lies in the temporary folder of the system, else in /tmp', () => {
    const own = fs.mkdtempSync(path.join(os.tmpdir(), 'own-'));
    expect(placeWith(own)).toBe(own);
    const long = path.join(own, 'x'.repeat(80));
    fs.mkdirSync(long);
    expect(placeWith(long)).toBe('/tmp');
    fs.rmSync(own, { recursive: true });
    expect(placeWith(own)).toBe('/tmp');
  });
});
