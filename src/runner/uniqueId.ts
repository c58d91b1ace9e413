import { randomBytes } from 'node:crypto';

/** Of this process; the request's number follows. */
const PREFIX = randomBytes(15).toString('base64url');
const DIGITS = 7;
const DIGIT_CODES = Uint8Array.from('0123456789abcdefghijklmnopqrstuvwxyz', (digit) => digit.charCodeAt(0));

/** What mod_unique_id gives a request, from its number in this process: always as long. */
export function uniqueId(request: number): string {
  return PREFIX + request.toString(36).padStart(DIGITS, '0');
}

/** Makes the id of one request, which stands in the bytes, that of another. */
export function writeUniqueId(bytes: Uint8Array, at: number, request: number): void {
  let rest = request;
  for (let digit = DIGITS - 1; digit >= 0; digit--) {
    bytes[at + PREFIX.length + digit] = DIGIT_CODES[rest % 36] ?? 0;
    rest = Math.floor(rest / 36);
  }
}
