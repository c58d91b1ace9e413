import { byteStringOf } from '../text/bytes';

/** A name and its value, both byte strings. */
export type NameValue = readonly [name: string, value: string];

/**
 * Name-value pairs as the content of PARAMS records (FastCGI 1.0, section 3.4): each length in one byte up to 127,
 * else in four with the high bit set.
 */
export function encodeNameValues(pairs: readonly NameValue[]): Uint8Array {
  const bytes = new Uint8Array(nameValuesLength(pairs));
  writeNameValues(bytes, 0, pairs);
  return bytes;
}

/** Bytes of encoded pairs. */
export function nameValuesLength(pairs: readonly NameValue[]): number {
  let length = 0;
  for (const [name, value] of pairs) length += pairLength(name.length, value.length);
  return length;
}

/** Writes encoded pairs to a place in bytes that has room for them. */
export function writeNameValues(bytes: Uint8Array, start: number, pairs: readonly NameValue[]): void {
  let at = start;
  for (const [name, value] of pairs) {
    at = writeLength(bytes, at, name.length);
    at = writeLength(bytes, at, value.length);
    at = writeText(bytes, at, name);
    at = writeText(bytes, at, value);
  }
}

const lengthOfLength = (length: number): number => (length < 128 ? 1 : 4);

const pairLength = (name: number, value: number): number =>
  lengthOfLength(name) + lengthOfLength(value) + name + value;

function writeLength(bytes: Uint8Array, at: number, length: number): number {
  if (length < 128) {
    bytes[at] = length;
    return at + 1;
  }
  bytes[at] = 0x80 | ((length >>> 24) & 0x7f);
  bytes[at + 1] = (length >>> 16) & 0xff;
  bytes[at + 2] = (length >>> 8) & 0xff;
  bytes[at + 3] = length & 0xff;
  return at + 4;
}

function writeText(bytes: Uint8Array, at: number, text: string): number {
  for (let n = 0; n < text.length; n++) bytes[at + n] = text.charCodeAt(n);
  return at + text.length;
}

/** The pairs in a whole PARAMS stream; null when a length points beyond the end. */
export function decodeNameValues(bytes: Uint8Array): NameValue[] | null {
  const pairs: NameValue[] = [];
  let at = 0;
  while (at < bytes.length) {
    const name = decodeLength(bytes, at);
    const value = name && decodeLength(bytes, name.next);
    if (!value || value.next + name.length + value.length > bytes.length) return null;
    const middle = value.next + name.length;
    at = middle + value.length;
    pairs.push([byteStringOf(bytes.subarray(value.next, middle)), byteStringOf(bytes.subarray(middle, at))]);
  }
  return pairs;
}

function decodeLength(bytes: Uint8Array, at: number): { length: number; next: number } | null {
  const [first, second, third, fourth] = bytes.subarray(at, at + 4);
  if (first === undefined) return null;
  if (first < 128) return { length: first, next: at + 1 };
  if (second === undefined || third === undefined || fourth === undefined) return null;
  return { length: (first & 0x7f) * 0x1000000 + ((second << 16) | (third << 8) | fourth), next: at + 4 };
}
