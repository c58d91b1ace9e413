import { sha1Hex } from '../expr/digest';
import { bcrypt } from './bcrypt';
import { desCrypt } from './desCrypt';
import { md5Crypt } from './md5Crypt';
import { shaCrypt } from './shaCrypt';

/** Costlier bcrypt hashes are not worked out: each step doubles the time, and 12 takes half a second. */
const HIGHEST_COST = 12;

/** Answers that are kept, for sites that are evaluated again and again. */
const MOST_KEPT = 200;
const kept = new Map<string, boolean>();

/**
 * Whether a password belongs to the hash of a .htpasswd line, as apr_password_validate decides on Linux: bcrypt, `$apr1$`,
 * `{SHA}`, and what crypt(3) knows (DES, `$1$`, `$5$`, `$6$`). Plain text never matches there. Byte strings.
 * False also for hashes that would take too long.
 */
export function passwordMatches(password: string, hash: string): boolean {
  const key = `${hash}\n${password}`;
  const known = kept.get(key);
  if (known !== undefined) return known;
  const matches = hashWith(password, hash) === hash;
  if (kept.size >= MOST_KEPT) kept.clear();
  kept.set(key, matches);
  return matches;
}

function hashWith(password: string, hash: string): string | undefined {
  if (/^\$2[aby]\$/.test(hash))
    return Number(hash.slice(4, 6)) > HIGHEST_COST ? undefined : bcrypt(password, hash);
  if (hash.startsWith('$apr1$') || hash.startsWith('$1$')) return md5Crypt(password, hash);
  if (hash.startsWith('{SHA}')) return `{SHA}${btoa(bytesOfHex(sha1Hex(password)))}`;
  return hash.startsWith('$') ? shaCrypt(password, hash) : desCrypt(password, hash);
}

function bytesOfHex(hex: string): string {
  return hex.replaceAll(/../g, (pair) => String.fromCharCode(Number.parseInt(pair, 16)));
}
