import { lowerCase } from '../../text/bytes';
import { md5Hex, sha1Hex } from './digest';

/** The functions of ap_expr that depend on nothing but their argument, by lower-case name. Byte strings in and out. */
export const TEXT_FUNCTIONS: ReadonlyMap<string, (text: string) => string> = new Map([
  ['tolower', lowerCase],
  ['toupper', (text) => text.replaceAll(/[a-z]/g, (letter) => letter.toUpperCase())],
  ['escape', escapePath],
  ['unescape', unescapeUrl],
  ['base64', base64Encode],
  ['unbase64', base64Decode],
  ['md5', md5Hex],
  ['sha1', sha1Hex],
  ['ldap', escapeLdap],
]);

/** Apache's ap_os_escape_path: percent-encodes, in lower-case hexadecimal, what may not stand in a path. */
export function escapePath(text: string): string {
  return text.replaceAll(/[^A-Za-z0-9$\-_.+!*'(),:;@&=/~]/g, (byte) => `%${hexOf(byte)}`);
}

/** `unescape()`: decodes %XX but not %2F; a broken escape or %00 makes the whole result empty. */
function unescapeUrl(text: string): string {
  if (/%(?![0-9A-Fa-f]{2})|%00/.test(text)) return '';
  return text.replaceAll(/%([0-9A-Fa-f]{2})/g, (whole, hex: string) => {
    const byte = String.fromCharCode(Number.parseInt(hex, 16));
    return byte === '/' ? whole : byte;
  });
}

function base64Encode(text: string): string {
  return btoa(text.replaceAll(/[^\0-\xff]/g, '?'));
}

/** APR decodes up to the first byte that is no base64 digit; as a C string the result ends at its first NUL. */
function base64Decode(text: string): string {
  const digits = /^[A-Za-z0-9+/]*/.exec(text)?.[0] ?? '';
  const whole = digits.length % 4 === 1 ? digits.slice(0, -1) : digits;
  return upToNul(atob(whole));
}

/** apr_escape_ldap with the rules of names (RFC 4514) and of filters (RFC 4515) together. */
function escapeLdap(text: string): string {
  return text.replaceAll(/[^ -~]|["+,;<>\\*()]/g, (byte) => `\\${hexOf(byte)}`);
}

function hexOf(byte: string): string {
  return byte.charCodeAt(0).toString(16).padStart(2, '0');
}

/** A byte string as C sees it. */
export function upToNul(text: string): string {
  const nul = text.indexOf('\0');
  return nul < 0 ? text : text.slice(0, nul);
}
