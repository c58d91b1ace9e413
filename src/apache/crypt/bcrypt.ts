import { Blowfish } from './blowfish';

const DIGITS = './ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

const NO_SALT = new Int32Array(4);

/** The text that bcrypt encrypts, in words. */
const MAGIC = Int32Array.from({ length: 6 }, (_, at) => wordAt('OrpheanBeholderScryDoubt', at * 4));

function wordAt(text: string, at: number): number {
  let word = 0;
  for (let next = at; next < at + 4; next++) word = (word << 8) | text.charCodeAt(next);
  return word;
}

/**
 * The bcrypt hash of a password with the settings that a hash begins with (`$2y$05$` and 22 digits of salt); $2a$, $2b$
 * and $2y$. Undefined for settings that bcrypt does not take. The time doubles with every step of cost.
 */
export function bcrypt(password: string, settings: string): string | undefined {
  const [, kind, cost, salt] = /^\$2([aby])\$(0[4-9]|[12]\d|3[01])\$([./A-Za-z0-9]{22})/.exec(settings) ?? [];
  if (kind === undefined || cost === undefined || salt === undefined) return undefined;
  const words = wordsOf(decode(salt));
  const { key, guard } = keyOf(password);
  const cipher = new Blowfish();
  if (kind === 'a') cipher.alterFirstSubkey(guard);
  cipher.expand(key, words);
  const saltKey = Int32Array.from({ length: 18 }, (_, at) => words[at % 4] ?? 0);
  for (let left = 2 ** Number(cost); left > 0; left--) {
    cipher.expand(key, NO_SALT);
    cipher.expand(saltKey, NO_SALT);
  }
  // Of the last digit of the salt only two bits count.
  const last = DIGITS[DIGITS.indexOf(salt[21] ?? '') & 0x30] ?? '';
  return `$2${kind}$${cost}$${salt.slice(0, 21)}${last}${encode(magicHash(cipher))}`;
}

/** The password and its closing NUL again and again, and crypt_blowfish's guard against a sign that changed nothing. */
function keyOf(password: string): { key: Int32Array; guard: number } {
  const text = `${password}\0`;
  const key = new Int32Array(18);
  let sign = 0;
  let isDifferent = false;
  for (let slot = 0; slot < 18; slot++) {
    let right = 0;
    let wrong = 0;
    for (let at = slot * 4; at < slot * 4 + 4; at++) {
      const code = text.charCodeAt(at % text.length);
      right = (right << 8) | code;
      wrong = (wrong << 8) | ((code << 24) >> 24);
      if (at % 4 !== 0) sign |= wrong & 0x80;
    }
    key[slot] = right;
    isDifferent ||= right !== wrong;
  }
  return { key, guard: isDifferent ? 0 : (sign << 9) & 0x10000 };
}

function magicHash(cipher: Blowfish): number[] {
  const bytes: number[] = [];
  for (let at = 0; at < 6; at += 2) {
    cipher.left = MAGIC[at] ?? 0;
    cipher.right = MAGIC[at + 1] ?? 0;
    for (let round = 0; round < 64; round++) cipher.encrypt(cipher.left, cipher.right);
    for (const word of [cipher.left, cipher.right])
      bytes.push(word >>> 24, (word >>> 16) & 0xff, (word >>> 8) & 0xff, word & 0xff);
  }
  // bcrypt throws the last byte away.
  return bytes.slice(0, 23);
}

function wordsOf(bytes: readonly number[]): Int32Array {
  return Int32Array.from({ length: 4 }, (_, at) =>
    bytes.slice(at * 4, at * 4 + 4).reduce((word, byte) => (word << 8) | byte, 0),
  );
}

/** 22 digits of 6 bits to 16 bytes. */
function decode(digits: string): number[] {
  const bits = Array.from(digits, (digit) => DIGITS.indexOf(digit).toString(2).padStart(6, '0')).join('');
  return Array.from({ length: 16 }, (_, at) => Number.parseInt(bits.slice(at * 8, at * 8 + 8), 2));
}

function encode(bytes: readonly number[]): string {
  const bits = bytes.map((byte) => byte.toString(2).padStart(8, '0')).join('');
  const count = Math.ceil(bits.length / 6);
  return Array.from({ length: count }, (_, at) => {
    const piece = bits.slice(at * 6, at * 6 + 6).padEnd(6, '0');
    return DIGITS[Number.parseInt(piece, 2)] ?? '';
  }).join('');
}
