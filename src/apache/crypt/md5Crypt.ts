import { md5Hex } from '../expr/digest';

const DIGITS = './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** Which bytes of the digest make each group of digits, the highest first. */
const GROUPS = [[0, 6, 12], [1, 7, 13], [2, 8, 14], [3, 9, 15], [4, 10, 5], [11]] as const;

const ROUNDS = 1000;

/** The digest as a byte string. */
function md5(text: string): string {
  const hex = md5Hex(text);
  return String.fromCharCode(
    ...Array.from({ length: 16 }, (_, at) => Number.parseInt(hex.slice(at * 2, at * 2 + 2), 16)),
  );
}

/**
 * The MD5 hash of a password as `htpasswd -m` (`$apr1$`) and older systems (`$1$`) make it, with the salt that a hash
 * begins with (apr_md5_encode). Byte strings in and out.
 */
export function md5Crypt(password: string, settings: string): string {
  const prefix = settings.startsWith('$apr1$') ? '$apr1$' : '$1$';
  const salt = settings.slice(prefix.length).split('$', 1)[0]?.slice(0, 8) ?? '';
  let digest = firstDigest(password, prefix, salt);
  for (let round = 0; round < ROUNDS; round++) {
    const [first, last] = round % 2 === 0 ? [digest, password] : [password, digest];
    digest = md5(`${first}${round % 3 === 0 ? '' : salt}${round % 7 === 0 ? '' : password}${last}`);
  }
  return `${prefix}${salt}$${encode(digest)}`;
}

function firstDigest(password: string, prefix: string, salt: string): string {
  const alternate = md5(`${password}${salt}${password}`);
  let text = `${password}${prefix}${salt}`;
  for (let left = password.length; left > 0; left -= 16) text += alternate.slice(0, Math.min(16, left));
  for (let bits = password.length; bits > 0; bits >>= 1)
    text += (bits & 1) === 1 ? '\0' : (password[0] ?? '');
  return md5(text);
}

function encode(digest: string): string {
  let text = '';
  for (const group of GROUPS) {
    let value = 0;
    for (const at of group) value = (value << 8) | digest.charCodeAt(at);
    const count = group.length === 3 ? 4 : 2;
    for (let left = 0; left < count; left++, value >>= 6) text += DIGITS[value & 0x3f] ?? '';
  }
  return text;
}
