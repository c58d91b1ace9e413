const DIGITS = './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** The tables of the Data Encryption Standard (FIPS 46-3); bits count from 1, the highest first. */
// prettier-ignore
const INITIAL = [
  58, 50, 42, 34, 26, 18, 10, 2, 60, 52, 44, 36, 28, 20, 12, 4, 62, 54, 46, 38, 30, 22, 14, 6, 64, 56, 48, 40, 32, 24, 16, 8,
  57, 49, 41, 33, 25, 17, 9, 1, 59, 51, 43, 35, 27, 19, 11, 3, 61, 53, 45, 37, 29, 21, 13, 5, 63, 55, 47, 39, 31, 23, 15, 7,
];
const FINAL = INITIAL.map((_, at) => INITIAL.indexOf(at + 1) + 1);
/** Expansion of 32 bits to eight groups of six, each with its neighbours' edges. */
const EXPANSION = Array.from({ length: 48 }, (_, at) => ((Math.floor(at / 6) * 4 + (at % 6) + 31) % 32) + 1);
// prettier-ignore
const PERMUTATION = [
  16, 7, 20, 21, 29, 12, 28, 17, 1, 15, 23, 26, 5, 18, 31, 10, 2, 8, 24, 14, 32, 27, 3, 9, 19, 13, 30, 6, 22, 11, 4, 25,
];
// prettier-ignore
const KEY_CHOICE = [
  57, 49, 41, 33, 25, 17, 9, 1, 58, 50, 42, 34, 26, 18, 10, 2, 59, 51, 43, 35, 27, 19, 11, 3, 60, 52, 44, 36,
  63, 55, 47, 39, 31, 23, 15, 7, 62, 54, 46, 38, 30, 22, 14, 6, 61, 53, 45, 37, 29, 21, 13, 5, 28, 20, 12, 4,
];
// prettier-ignore
const ROUND_CHOICE = [
  14, 17, 11, 24, 1, 5, 3, 28, 15, 6, 21, 10, 23, 19, 12, 4, 26, 8, 16, 7, 27, 20, 13, 2,
  41, 52, 31, 37, 47, 55, 30, 40, 51, 45, 33, 48, 44, 49, 39, 56, 34, 53, 46, 42, 50, 36, 29, 32,
];
const SHIFTS = [1, 1, 2, 2, 2, 2, 2, 2, 1, 2, 2, 2, 2, 2, 2, 1];
/** The eight substitution boxes, each four rows of sixteen hexadecimal digits. */
const BOXES = [
  'e4d12fb83a6c5907 0f74e2d1a6cb9538 41e8d62bfc973a50 fc8249175b3ea06d',
  'f18e6b34972dc05a 3d47f28ec01a69b5 0e7ba4d158c6932f d8a13f42b67c05e9',
  'a09e63f51dc7b428 d709346a285ecbf1 d6498f30b12c5ae7 1ad069874fe3b52c',
  '7de3069a1285bc4f d8b56f03472c1ae9 a690cb7df13e5284 3f06a1d8945bc72e',
  '2c417ab6853fd0e9 eb2c47d150fa3986 421bad78f9c5630e b8c71e2d6f09a453',
  'c1af92680d34e75b af427c9561de0b38 9ef528c3704a1db6 432c95fabe17608d',
  '4b2ef08d3c975a61 d0b7491ae35c2f86 14bdc37eaf680592 6bd814a7950fe23c',
  'd2846fb1a93e50c7 1fd8a374c56b0e92 7b419ce206adf358 21e74a8dfc90356b',
].map((digits) => Array.from(digits.replaceAll(' ', ''), (digit) => Number.parseInt(digit, 16)));

type Bits = readonly number[];

const chosen = (bits: Bits, table: readonly number[]): number[] => table.map((at) => bits[at - 1] ?? 0);

/**
 * The hash of the old crypt(3), as `htpasswd -d` makes it: the first eight bytes of a password, with the two digits of
 * salt that a hash begins with. Undefined for a salt of other characters.
 */
export function desCrypt(password: string, settings: string): string | undefined {
  const salt = settings.slice(0, 2);
  if (!/^[./0-9A-Za-z]{2}$/.test(salt)) return undefined;
  const keys = roundKeys(password);
  const expansion = saltedExpansion(salt);
  let block: Bits = Array.from({ length: 64 }, () => 0);
  for (let round = 0; round < 25; round++) block = encrypt(block, keys, expansion);
  return `${salt}${encode(block)}`;
}

/** Each bit of the salt swaps one bit of the first half of the expansion with its fellow in the second. */
function saltedExpansion(salt: string): number[] {
  const table = [...EXPANSION];
  for (let at = 0; at < 12; at++) {
    const digit = DIGITS.indexOf(salt[Math.floor(at / 6)] ?? '');
    if (((digit >> (at % 6)) & 1) === 1) {
      [table[at], table[at + 24]] = [table[at + 24] ?? 0, table[at] ?? 0];
    }
  }
  return table;
}

function roundKeys(password: string): Bits[] {
  const bits = Array.from({ length: 64 }, (_, at) => {
    const code = (password.slice(0, 8).charCodeAt(at >> 3) || 0) << 1;
    return (code >> (7 - (at % 8))) & 1;
  });
  let halves = chosen(bits, KEY_CHOICE);
  return SHIFTS.map((by) => {
    const [left, right] = [halves.slice(0, 28), halves.slice(28)];
    halves = [...left.slice(by), ...left.slice(0, by), ...right.slice(by), ...right.slice(0, by)];
    return chosen(halves, ROUND_CHOICE);
  });
}

function encrypt(block: Bits, keys: readonly Bits[], expansion: readonly number[]): number[] {
  const start = chosen(block, INITIAL);
  let left: Bits = start.slice(0, 32);
  let right: Bits = start.slice(32);
  for (const key of keys) {
    const changed = scramble(right, key, expansion);
    [left, right] = [right, left.map((bit, at) => bit ^ (changed[at] ?? 0))];
  }
  return chosen([...right, ...left], FINAL);
}

function scramble(half: Bits, key: Bits, expansion: readonly number[]): number[] {
  const mixed = chosen(half, expansion).map((bit, at) => bit ^ (key[at] ?? 0));
  const out: number[] = [];
  BOXES.forEach((box, at) => {
    const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = mixed.slice(at * 6, at * 6 + 6);
    const value = box[(a * 2 + f) * 16 + b * 8 + c * 4 + d * 2 + e] ?? 0;
    out.push((value >> 3) & 1, (value >> 2) & 1, (value >> 1) & 1, value & 1);
  });
  return chosen(out, PERMUTATION);
}

function encode(block: Bits): string {
  const bits = [...block, 0, 0];
  return Array.from({ length: 11 }, (_, at) => {
    const digit = bits.slice(at * 6, at * 6 + 6).reduce((value, bit) => value * 2 + bit, 0);
    return DIGITS[digit] ?? '';
  }).join('');
}
