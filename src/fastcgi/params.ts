import { byteStringOf, bytesOf } from '../text/bytes';

/** A name and its value, both byte strings. */
export type NameValue = readonly [name: string, value: string];

/**
 * Name-value pairs as the content of PARAMS records (FastCGI 1.0, section 3.4): each length in one byte up to 127,
 * else in four with the high bit set.
 */
export function encodeNameValues(pairs: Iterable<NameValue>): Uint8Array {
  const parts: string[] = [];
  for (const [name, value] of pairs) {
    parts.push(encodeLength(name.length), encodeLength(value.length), name, value);
  }
  return bytesOf(parts.join(''));
}

function encodeLength(length: number): string {
  if (length < 128) return String.fromCharCode(length);
  return String.fromCharCode(
    0x80 | ((length >>> 24) & 0x7f),
    (length >>> 16) & 0xff,
    (length >>> 8) & 0xff,
    length & 0xff,
  );
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
