/**
 * Byte strings: Apache compares bytes, so everything below `apache/` works on strings in which one
 * character U+0000–U+00FF stands for one byte ("Latin-1 view"). These helpers go in and out of that view.
 */

const encoder = new TextEncoder();
const utf8Decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** The Latin-1 view of raw bytes: one character per byte. */
export function byteStringOf(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 8192) {
    // Spread would make an object of each byte: six times slower (measured).
    text += Reflect.apply(String.fromCharCode, undefined, bytes.subarray(at, at + 8192));
  }
  return text;
}

/** The raw bytes of a byte string. Characters above U+00FF lose their high bits. */
export function bytesOf(byteString: string): Uint8Array {
  const bytes = new Uint8Array(byteString.length);
  for (let at = 0; at < byteString.length; at++) bytes[at] = byteString.charCodeAt(at);
  return bytes;
}

/** The byte string of ordinary text as UTF-8 (what an editor saves). Lone surrogates become U+FFFD. */
export function byteStringOfText(text: string): string {
  return isAscii(text) ? text : byteStringOf(encoder.encode(text));
}

/** The ordinary text of a byte string read as UTF-8; invalid sequences become U+FFFD. */
export function textOfByteString(byteString: string): string {
  return isAscii(byteString) ? byteString : utf8Decoder.decode(bytesOf(byteString));
}

/** A byte string in lower case, as C's tolower without a locale: A to Z alone change. */
export function lowerCase(byteString: string): string {
  return isAscii(byteString)
    ? byteString.toLowerCase()
    : byteString.replaceAll(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

/** True when every character is U+0000–U+007F, so that text and byte string are the same. */
export function isAscii(text: string): boolean {
  return !/[^\u0000-\u007f]/.test(text);
}
