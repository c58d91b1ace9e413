import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { passwordMatches } from '../../src/apache/crypt';
import { Random } from './generate/random';

/** Passwords for each kind of hash; HTPASSWD_CASES asks for more, HTPASSWD_SEED for others. */
const CASES = Number(process.env['HTPASSWD_CASES'] ?? 20);
const SEED = Number(process.env['HTPASSWD_SEED'] ?? 1);

const hasHtpasswd = spawnSync('htpasswd', ['-nb', 'a', 'b']).status === 0;

/** The hash that htpasswd makes of a password, given as bytes on its standard input. */
function hashOf(options: readonly string[], password: Buffer): string {
  const { stdout } = spawnSync('htpasswd', ['-ni', ...options, 'user'], { input: password });
  return stdout.toString('latin1').trim().slice('user:'.length);
}

/** Any bytes but NUL and line ends, of any length up to what htpasswd takes. */
function password(random: Random): Buffer {
  const length = random.pick([1, 2, 7, 8, 9, 15, 16, 17, 31, 40, 63, 64, 65, 71, 72, 73, 100, 200]);
  const highest = random.pick([127, 255]);
  return Buffer.from(
    random.times(length, () => random.pick([33 + random.below(94), 33 + random.below(highest - 32)])),
  );
}

describe.skipIf(!hasHtpasswd)('hashes of htpasswd', () => {
  it.each([
    ['MD5', ['-m']],
    ['bcrypt', ['-B', '-C', '4']],
    ['SHA-1', ['-s']],
    ['DES', ['-d']],
    ['SHA-256', ['-2', '-r', '1000']],
    ['SHA-512', ['-5', '-r', '1000']],
  ] as const)('%s belong to their passwords', (kind, options) => {
    const random = new Random(SEED);
    for (let left = CASES; left > 0; left--) {
      const bytes = password(random);
      const hash = hashOf(options, bytes);
      expect(hash, `${kind} of ${bytes.toString('hex')}`).not.toBe('');
      const text = bytes.toString('latin1');
      expect(passwordMatches(text, hash), `${hash} of ${bytes.toString('hex')}`).toBe(true);
      expect(passwordMatches(`x${text}`, hash), `${hash} of another`).toBe(false);
    }
  });
});
