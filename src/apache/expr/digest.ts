/** MD5 (RFC 1321) and SHA-1 (FIPS 180-4) of byte strings, for ap_expr's md5() and sha1(); pure, so without Node's crypto. */

/** The MD5 digest in lower-case hexadecimal. */
export function md5Hex(text: string): string {
  const state = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476];
  for (const block of blocksOf(text, true)) md5Block(state, block);
  return hexOf(state, true);
}

/** The SHA-1 digest in lower-case hexadecimal. */
export function sha1Hex(text: string): string {
  const state = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0];
  for (const block of blocksOf(text, false)) sha1Block(state, block);
  return hexOf(state, false);
}

/** Blocks of sixteen 32-bit words: the text, a 1 bit, zeros, and the length in bits. */
function* blocksOf(text: string, littleEndian: boolean): Generator<number[]> {
  const padded = Math.ceil((text.length + 9) / 64) * 64;
  const view = new DataView(new ArrayBuffer(padded));
  for (let at = 0; at < text.length; at++) view.setUint8(at, text.charCodeAt(at));
  view.setUint8(text.length, 0x80);
  view.setUint32(padded - (littleEndian ? 8 : 4), text.length * 8, littleEndian);
  for (let from = 0; from < padded; from += 64) {
    yield Array.from({ length: 16 }, (_, at) => view.getUint32(from + at * 4, littleEndian));
  }
}

function hexOf(state: readonly number[], littleEndian: boolean): string {
  const view = new DataView(new ArrayBuffer(state.length * 4));
  state.forEach((word, at) => view.setUint32(at * 4, word, littleEndian));
  return Array.from(new Uint8Array(view.buffer), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function rotate(word: number, by: number): number {
  return (word << by) | (word >>> (32 - by));
}

const MD5_SHIFTS = [7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21];
const MD5_SINES = Array.from({ length: 64 }, (_, at) => Math.floor(Math.abs(Math.sin(at + 1)) * 2 ** 32));

function md5Block(state: number[], block: readonly number[]): void {
  let [a = 0, b = 0, c = 0, d = 0] = state;
  for (let step = 0; step < 64; step++) {
    const { mixed, word } = md5Mix(step, b, [c, d]);
    const sum = (a + mixed + (MD5_SINES[step] ?? 0) + (block[word] ?? 0)) | 0;
    [a, d, c] = [d, c, b];
    b = (b + rotate(sum, MD5_SHIFTS[(step >> 4) * 4 + (step % 4)] ?? 0)) | 0;
  }
  [a, b, c, d].forEach((word, at) => (state[at] = ((state[at] ?? 0) + word) | 0));
}

function md5Mix(step: number, b: number, [c, d]: readonly [number, number]): { mixed: number; word: number } {
  switch (step >> 4) {
    case 0:
      return { mixed: (b & c) | (~b & d), word: step };
    case 1:
      return { mixed: (d & b) | (~d & c), word: (5 * step + 1) % 16 };
    case 2:
      return { mixed: b ^ c ^ d, word: (3 * step + 5) % 16 };
    default:
      return { mixed: c ^ (b | ~d), word: (7 * step) % 16 };
  }
}

const SHA1_CONSTANTS = [0x5a827999, 0x6ed9eba1, 0x8f1bbcdc, 0xca62c1d6];

function sha1Block(state: number[], block: readonly number[]): void {
  const words = [...block];
  for (let at = 16; at < 80; at++) {
    const mixed = [3, 8, 14, 16].reduce((sum, back) => sum ^ (words[at - back] ?? 0), 0);
    words.push(rotate(mixed, 1));
  }
  let [a = 0, b = 0, c = 0, d = 0, e = 0] = state;
  for (let step = 0; step < 80; step++) {
    const round = Math.floor(step / 20);
    const mixed = sha1Mix(round, b, [c, d]) + (SHA1_CONSTANTS[round] ?? 0);
    const next = (rotate(a, 5) + mixed + e + (words[step] ?? 0)) | 0;
    [a, b, c, d, e] = [next, a, rotate(b, 30), c, d];
  }
  [a, b, c, d, e].forEach((word, at) => (state[at] = ((state[at] ?? 0) + word) | 0));
}

function sha1Mix(round: number, b: number, [c, d]: readonly [number, number]): number {
  if (round === 0) return (b & c) | (~b & d);
  return round === 2 ? (b & c) | (b & d) | (c & d) : b ^ c ^ d;
}
