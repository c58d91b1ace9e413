const UNRESERVED = /[A-Za-z0-9\-._~]/;
/** An escape, or a `%` that begins none. */
const ESCAPE = /%([0-9A-Fa-f]{2})?/g;

/** A path after Apache's first cleaning; `valid` is false where it answers 400 (AH10244). */
export interface NormalizedPath {
  readonly path: string;
  readonly valid: boolean;
}

/**
 * Cleans a still encoded path (ap_normalize_path): decodes unreserved characters, removes `/./`, resolves `/../`, merges
 * slashes. A relative path is taken only for file subrequests.
 */
export function normalizePath(path: string, allowRelative = false): NormalizedPath {
  if (path === '*') return { path, valid: true };
  if (!path.startsWith('/') && (!allowRelative || path === '')) return { path, valid: false };
  const { text, valid } = decodeUnreserved(path);
  return collapse(text, valid);
}

function decodeUnreserved(path: string): { text: string; valid: boolean } {
  if (!path.includes('%')) return { text: path, valid: true };
  let valid = true;
  const text = path.replaceAll(ESCAPE, (all, digits: string | undefined) => {
    if (digits === undefined) {
      valid = false;
      return all;
    }
    const character = String.fromCharCode(Number.parseInt(digits, 16));
    return UNRESERVED.test(character) ? character : all;
  });
  return { text, valid };
}

function collapse(text: string, encodingIsValid: boolean): NormalizedPath {
  if (!text.startsWith('.') && !text.includes('//') && !text.includes('/.'))
    return { path: text, valid: encodingIsValid };
  let valid = encodingIsValid;
  const isAbsolute = text.startsWith('/');
  const segments = (isAbsolute ? text.slice(1) : text).split('/');
  const kept: string[] = [];
  segments.forEach((segment, index) => {
    const isLast = index === segments.length - 1;
    if (segment === '.' || (segment === '' && !isLast)) {
      if (isLast) kept.push('');
    } else if (segment === '..') {
      if (kept.length === 0) valid = false;
      kept.pop();
      if (isLast) kept.push('');
    } else {
      kept.push(segment);
    }
  });
  return { path: (isAbsolute ? '/' : '') + kept.join('/'), valid };
}

/** A decoded path, with the status that Apache answers where it takes no offence at it: 0. */
export interface Unescaped {
  readonly path: string;
  readonly status: 0 | 400 | 404;
}

/** Decodes what normalizePath left encoded (ap_unescape_url_ex with AllowEncodedSlashes Off): `%2F` and `%00` are 404. */
export function unescapePath(path: string): Unescaped {
  if (!path.includes('%')) return { path, status: 0 };
  let isBadEscape = false;
  let isForbidden = false;
  const decoded = path.replaceAll(ESCAPE, (all, digits: string | undefined) => {
    if (digits === undefined) {
      isBadEscape = true;
      return all;
    }
    const character = String.fromCharCode(Number.parseInt(digits, 16));
    if (character === '\0' || character === '/') isForbidden = true;
    return UNRESERVED.test(character) ? all : character;
  });
  const nul = decoded.indexOf('\0');
  const status = isBadEscape ? 400 : isForbidden ? 404 : 0;
  return { path: nul < 0 ? decoded : decoded.slice(0, nul), status };
}

const hexOf = (character: string): string => `%${character.charCodeAt(0).toString(16).padStart(2, '0')}`;

const UNSAFE = /[^A-Za-z0-9$\-_.+!*'(),:;@&=/~]/s;
const ALL_UNSAFE = new RegExp(UNSAFE, 'gs');

/** Escapes a path for a URL (ap_escape_uri = ap_os_escape_path with partial): lower-case hex, `%` and `?` too. */
export function escapeUri(path: string): string {
  return UNSAFE.test(path) ? path.replaceAll(ALL_UNSAFE, hexOf) : path;
}
