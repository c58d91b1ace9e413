/** SHA-256 and SHA-512 (FIPS 180-4) of byte strings; pure, so without Node's crypto. 64-bit words are two of 32 bits. */

/** The first prime numbers, whose roots give the constants. */
function firstPrimes(count: number): number[] {
  const primes: number[] = [];
  for (let number = 2; primes.length < count; number++)
    if (!primes.some((prime) => number % prime === 0)) primes.push(number);
  return primes;
}

/** The largest number whose power is at most `of`. */
function integerRoot(of: bigint, power: bigint): bigint {
  let low = 0n;
  let high = 1n << (BigInt(of.toString(2).length) / power + 1n);
  while (low < high) {
    const middle = (low + high + 1n) / 2n;
    if (middle ** power <= of) low = middle;
    else high = middle - 1n;
  }
  return low;
}

/** 64 bits behind the point of the root of each prime, high and low word after each other. */
function rootFractions(count: number, power: bigint): Int32Array {
  const words = firstPrimes(count).flatMap((prime) => {
    const root = integerRoot(BigInt(prime) << (64n * power), power);
    return [Number(BigInt.asIntN(32, root >> 32n)), Number(BigInt.asIntN(32, root))];
  });
  return Int32Array.from(words);
}

const highWords = (words: Int32Array): Int32Array => words.filter((_, at) => at % 2 === 0);

let constants: { readonly round: Int32Array; readonly start: Int32Array } | undefined;

/** Worked out once. */
function constantsOf(): NonNullable<typeof constants> {
  return (constants ??= { round: rootFractions(80, 3n), start: rootFractions(8, 2n) });
}

/** The text, a 1 bit, zeros and the length in bits, as words of 32 bits. */
function padded(text: string, blockSize: number): Int32Array {
  const lengthSize = blockSize / 8;
  const size = Math.ceil((text.length + 1 + lengthSize) / blockSize) * blockSize;
  const words = new Int32Array(size / 4);
  for (let at = 0; at < text.length; at++) setByte(words, at, text.charCodeAt(at));
  setByte(words, text.length, 0x80);
  words[words.length - 1] = text.length * 8;
  return words;
}

function setByte(words: Int32Array, at: number, byte: number): void {
  words[at >> 2] = (words[at >> 2] as number) | (byte << (24 - (at & 3) * 8));
}

function byteString(words: Int32Array): string {
  let text = '';
  for (const word of words)
    text += String.fromCharCode(word >>> 24, (word >>> 16) & 0xff, (word >>> 8) & 0xff, word & 0xff);
  return text;
}

const rotate = (word: number, by: number): number => (word >>> by) | (word << (32 - by));

/** The SHA-256 digest as a byte string. */
export function sha256(text: string): string {
  const { round, start } = constantsOf();
  const keys = highWords(round);
  const state = highWords(start);
  const words = padded(text, 64);
  for (let from = 0; from < words.length; from += 16)
    sha256Block(state, words.subarray(from, from + 16), keys);
  return byteString(state);
}

function sha256Block(state: Int32Array, block: Int32Array, keys: Int32Array): void {
  const w = new Int32Array(64);
  w.set(block);
  for (let at = 16; at < 64; at++) {
    const early = w[at - 15] as number;
    const late = w[at - 2] as number;
    const small = rotate(early, 7) ^ rotate(early, 18) ^ (early >>> 3);
    const large = rotate(late, 17) ^ rotate(late, 19) ^ (late >>> 10);
    w[at] = ((w[at - 16] as number) + small + (w[at - 7] as number) + large) | 0;
  }
  let [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = state;
  for (let at = 0; at < 64; at++) {
    const sumE = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25);
    const one = (h + sumE + ((e & f) ^ (~e & g)) + (keys[at] as number) + (w[at] as number)) | 0;
    const sumA = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22);
    const two = (sumA + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + one) | 0;
    d = c;
    c = b;
    b = a;
    a = (one + two) | 0;
  }
  [a, b, c, d, e, f, g, h].forEach((word, at) => (state[at] = (state[at] as number) + word));
}

/** The SHA-512 digest as a byte string. */
export function sha512(text: string): string {
  const { round, start } = constantsOf();
  const state = start.slice();
  const words = padded(text, 128);
  for (let from = 0; from < words.length; from += 32)
    sha512Block(state, words.subarray(from, from + 32), round);
  return byteString(state);
}

/** The high or the low word of a 64-bit word turned to the right; the other one by exchanging the arguments. */
const turn = (word: number, other: number, by: number): number =>
  by < 32 ? (word >>> by) | (other << (32 - by)) : (other >>> (by - 32)) | (word << (64 - by));

const turned = (word: number, other: number, [a, b, c]: readonly [number, number, number]): number =>
  turn(word, other, a) ^ turn(word, other, b) ^ turn(word, other, c);

/** The carry of a sum of unsigned low words. */
const carry = (sum: number): number => Math.floor(sum / 0x1_0000_0000);

function expand512(block: Int32Array): Int32Array {
  const w = new Int32Array(160);
  w.set(block);
  for (let at = 32; at < 160; at += 2) {
    const [earlyHigh, earlyLow] = [w[at - 30] as number, w[at - 29] as number];
    const [lateHigh, lateLow] = [w[at - 4] as number, w[at - 3] as number];
    const smallHigh = turn(earlyHigh, earlyLow, 1) ^ turn(earlyHigh, earlyLow, 8) ^ (earlyHigh >>> 7);
    const smallLow =
      turn(earlyLow, earlyHigh, 1) ^ turn(earlyLow, earlyHigh, 8) ^ ((earlyLow >>> 7) | (earlyHigh << 25));
    const largeHigh = turn(lateHigh, lateLow, 19) ^ turn(lateHigh, lateLow, 61) ^ (lateHigh >>> 6);
    const largeLow =
      turn(lateLow, lateHigh, 19) ^ turn(lateLow, lateHigh, 61) ^ ((lateLow >>> 6) | (lateHigh << 26));
    const low =
      ((w[at - 31] as number) >>> 0) + (smallLow >>> 0) + ((w[at - 13] as number) >>> 0) + (largeLow >>> 0);
    w[at + 1] = low | 0;
    w[at] = (w[at - 32] as number) + smallHigh + (w[at - 14] as number) + largeHigh + carry(low);
  }
  return w;
}

const SUM_E = [14, 18, 41] as const;
const SUM_A = [28, 34, 39] as const;

function sha512Block(state: Int32Array, block: Int32Array, keys: Int32Array): void {
  const w = expand512(block);
  // a to h, high and low words after each other.
  const v = state.slice();
  for (let at = 0; at < 160; at += 2) {
    const [ah, al, bh, bl, ch, cl] = [v[0] as number, v[1] as number, v[2] as number, v[3] as number, v[4] as number, v[5] as number]; // prettier-ignore
    const [eh, el, fh, fl, gh, gl] = [v[8] as number, v[9] as number, v[10] as number, v[11] as number, v[12] as number, v[13] as number]; // prettier-ignore
    const oneLow =
      ((v[15] as number) >>> 0) +
      (turned(el, eh, SUM_E) >>> 0) +
      (((el & fl) ^ (~el & gl)) >>> 0) +
      ((keys[at + 1] as number) >>> 0) +
      ((w[at + 1] as number) >>> 0);
    const oneHigh =
      ((v[14] as number) +
        turned(eh, el, SUM_E) +
        ((eh & fh) ^ (~eh & gh)) +
        (keys[at] as number) +
        (w[at] as number) +
        carry(oneLow)) |
      0;
    const twoLow = (turned(al, ah, SUM_A) >>> 0) + (((al & bl) ^ (al & cl) ^ (bl & cl)) >>> 0);
    const twoHigh = turned(ah, al, SUM_A) + ((ah & bh) ^ (ah & ch) ^ (bh & ch)) + carry(twoLow);
    const newE = ((v[7] as number) >>> 0) + (oneLow >>> 0);
    const newA = (oneLow >>> 0) + (twoLow >>> 0);
    const dHigh = v[6] as number;
    v.copyWithin(2, 0, 14);
    v[8] = dHigh + oneHigh + carry(newE);
    v[9] = newE;
    v[0] = oneHigh + twoHigh + carry(newA);
    v[1] = newA;
  }
  for (let at = 0; at < 16; at += 2) {
    const low = ((state[at + 1] as number) >>> 0) + ((v[at + 1] as number) >>> 0);
    state[at + 1] = low;
    state[at] = (state[at] as number) + (v[at] as number) + carry(low);
  }
}
