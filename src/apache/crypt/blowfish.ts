/** Bits behind the point of π that fill Blowfish's tables: 18 subkeys and 4 × 256 substitutions of 32 bits. */
const PI_BITS = (18 + 4 * 256) * 32;

let piWords: Int32Array | undefined;

/** Blowfish's tables before any key: the fraction of π in words of 32 bits, subkeys first. Worked out once. */
function initialTables(): Int32Array {
  if (piWords !== undefined) return piWords;
  const spare = 64n;
  const one = 1n << (BigInt(PI_BITS) + spare);
  // Machin's formula.
  const pi = 16n * arctanOfInverse(5n, one) - 4n * arctanOfInverse(239n, one);
  const fraction = (pi - 3n * one) >> spare;
  const hex = fraction.toString(16).padStart(PI_BITS / 4, '0');
  const words = Int32Array.from({ length: PI_BITS / 32 }, (_, at) =>
    Number.parseInt(hex.slice(at * 8, at * 8 + 8), 16),
  );
  return (piWords = words);
}

/** arctan(1/n), as a multiple of 1/one. */
function arctanOfInverse(n: bigint, one: bigint): bigint {
  let power = one / n;
  let sum = power;
  const square = n * n;
  for (let odd = 3n, sign = -1n; power !== 0n; odd += 2n, sign = -sign) {
    power /= square;
    sum += (sign * power) / odd;
  }
  return sum;
}

/** The block cipher Blowfish, with the key schedule that bcrypt repeats. Blocks are two words of 32 bits. */
export class Blowfish {
  readonly #subkeys: Int32Array;
  readonly #boxes: Int32Array;
  /** The block that was encrypted last. */
  left = 0;
  right = 0;

  constructor() {
    const tables = initialTables();
    this.#subkeys = tables.slice(0, 18);
    this.#boxes = tables.slice(18);
  }

  /** Mixes a key of 18 words in, and a salt of 4 words (of zeros for none). */
  expand(key: Int32Array, salt: Int32Array): void {
    const subkeys = this.#subkeys;
    for (let at = 0; at < 18; at++) subkeys[at] = (subkeys[at] ?? 0) ^ (key[at] ?? 0);
    this.left = 0;
    this.right = 0;
    this.#fill(subkeys, salt, 0);
    this.#fill(this.#boxes, salt, 18);
  }

  /** Puts a word of the first subkey right before the next expansion: crypt_blowfish's guard of $2a$. */
  alterFirstSubkey(bits: number): void {
    this.#subkeys[0] = (this.#subkeys[0] ?? 0) ^ bits;
  }

  #fill(table: Int32Array, salt: Int32Array, offset: number): void {
    for (let at = 0; at < table.length; at += 2) {
      const saltAt = (at + offset) & 2;
      this.encrypt(this.left ^ (salt[saltAt] ?? 0), this.right ^ (salt[saltAt + 1] ?? 0));
      table[at] = this.left;
      table[at + 1] = this.right;
    }
  }

  /** Encrypts a block; the result is in `left` and `right`. */
  encrypt(left: number, right: number): void {
    const subkeys = this.#subkeys;
    const boxes = this.#boxes;
    let one = left ^ (subkeys[0] as number);
    let other = right;
    for (let round = 1; round <= 16; round += 2) {
      other ^= mixed(boxes, one) ^ (subkeys[round] as number);
      one ^= mixed(boxes, other) ^ (subkeys[round + 1] as number);
    }
    this.left = other ^ (subkeys[17] as number);
    this.right = one;
  }
}

function mixed(boxes: Int32Array, word: number): number {
  const a = (boxes[word >>> 24] as number) + (boxes[256 + ((word >>> 16) & 0xff)] as number);
  return ((a ^ (boxes[512 + ((word >>> 8) & 0xff)] as number)) + (boxes[768 + (word & 0xff)] as number)) | 0;
}
