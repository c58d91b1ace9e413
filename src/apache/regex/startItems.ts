/** The items that may stand at the very start of a pattern: (*UTF), (*CRLF), (*LIMIT_MATCH=...) and so on. */
import type { NewlineConvention, StartSettings } from './ast';

export interface StartItems {
  readonly settings: StartSettings;
  /** Where the pattern proper starts. */
  readonly bodyStart: number;
  readonly refusal: { readonly code: number; readonly offset: number } | undefined;
}

type Apply = (settings: StartSettings) => void;

const newlines: readonly NewlineConvention[] = ['CR', 'LF', 'CRLF', 'ANY', 'NUL', 'ANYCRLF'];

const simpleItems: ReadonlyMap<string, Apply> = new Map<string, Apply>([
  ['UTF8)', (settings) => (settings.utf = true)],
  ['UTF)', (settings) => (settings.utf = true)],
  ['UCP)', (settings) => (settings.ucp = true)],
  ['NOTEMPTY)', (settings) => (settings.notEmpty = true)],
  ['NOTEMPTY_ATSTART)', (settings) => (settings.notEmptyAtStart = true)],
  ['NO_AUTO_POSSESS)', (settings) => (settings.noAutoPossess = true)],
  ['NO_DOTSTAR_ANCHOR)', (settings) => (settings.noDotStarAnchor = true)],
  ['NO_JIT)', () => undefined],
  ['NO_START_OPT)', (settings) => (settings.noStartOptimize = true)],
  ['BSR_ANYCRLF)', (settings) => (settings.bsrAnyCrlf = true)],
  ['BSR_UNICODE)', (settings) => (settings.bsrAnyCrlf = false)],
  ...newlines.map((name): [string, Apply] => [`${name})`, (settings) => (settings.newline = name)]),
]);

type Limit = 'heapLimit' | 'matchLimit' | 'depthLimit';

const limitItems: ReadonlyMap<string, Limit> = new Map([
  ['LIMIT_HEAP=', 'heapLimit'],
  ['LIMIT_MATCH=', 'matchLimit'],
  ['LIMIT_DEPTH=', 'depthLimit'],
  ['LIMIT_RECURSION=', 'depthLimit'],
]);

/** PCRE2's built-in limits; a pattern can only lower them. The heap limit is in KiB. */
export const defaultLimits = {
  heapLimit: 20_000_000,
  matchLimit: 10_000_000,
  depthLimit: 10_000_000,
} as const;

function newSettings(): StartSettings {
  return {
    utf: false,
    ucp: false,
    notEmpty: false,
    notEmptyAtStart: false,
    noAutoPossess: false,
    noDotStarAnchor: false,
    noStartOptimize: false,
    ...defaultLimits,
    newline: 'LF',
    bsrAnyCrlf: false,
  };
}

const noStartItems: StartItems = { settings: newSettings(), bodyStart: 0, refusal: undefined };

/** Reads them; whatever is none of them starts the pattern proper. */
export function readStartItems(source: string): StartItems {
  if (!source.startsWith('(*')) return noStartItems;
  const settings = newSettings();
  let at = 0;
  while (source.startsWith('(*', at)) {
    const end = simpleItemEnd(source, at + 2, settings);
    if (end > 0) {
      at = end;
      continue;
    }
    const limit = readLimit(source, at + 2, settings);
    if (limit === undefined) break;
    if (limit.failed) return { settings, bodyStart: at, refusal: { code: 160, offset: limit.at } };
    at = limit.at;
  }
  return { settings, bodyStart: at, refusal: settings.utf ? checkUtf8(source) : undefined };
}

function simpleItemEnd(source: string, at: number, settings: StartSettings): number {
  const close = source.indexOf(')', at);
  const apply = close < 0 ? undefined : simpleItems.get(source.slice(at, close + 1));
  apply?.(settings);
  return apply === undefined ? 0 : close + 1;
}

function readLimit(
  source: string,
  at: number,
  settings: StartSettings,
): { at: number; failed: boolean } | undefined {
  const equals = source.indexOf('=', at);
  const name = equals < 0 ? undefined : limitItems.get(source.slice(at, equals + 1));
  if (name === undefined) return undefined;
  let p = equals + 1;
  let value = 0;
  const isDigit = () => p < source.length && source.charCodeAt(p) >= 48 && source.charCodeAt(p) <= 57;
  if (!isDigit()) return { at: p, failed: true };
  // 32 bits: the library stops reading before a number that would not fit.
  while (isDigit() && value <= 429496728) value = value * 10 + source.charCodeAt(p++) - 48;
  if (source.charAt(p++) !== ')') return { at: p, failed: true };
  settings[name] = Math.min(value, defaultLimits[name]);
  return { at: p, failed: false };
}

/**
 * Checks that a byte string is UTF-8, as pcre2_compile() does under (*UTF). Gives PCRE2's error (-3 to -23) and the offset of the
 * character at fault, or undefined.
 */
export function checkUtf8(text: string): { code: number; offset: number } | undefined {
  for (let at = 0; at < text.length;) {
    const c = text.charCodeAt(at);
    if (c < 0x80) {
      at++;
      continue;
    }
    const length = sequenceLength(c);
    const code = length === 0 ? (c < 0xc0 ? -22 : -23) : sequenceError(text, at, length);
    if (code !== 0) return { code, offset: at };
    at += length;
  }
  return undefined;
}

/** Bytes in the sequence that a byte opens, by the original definition of UTF-8 (up to 6); 0 when it opens none. */
function sequenceLength(first: number): number {
  if (first < 0xc0 || first >= 0xfe) return 0;
  return first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf8 ? 4 : first < 0xfc ? 5 : 6;
}

function sequenceError(text: string, at: number, length: number): number {
  const missing = at + length - text.length;
  if (missing > 0) return -2 - missing;
  const first = text.charCodeAt(at);
  const second = text.charCodeAt(at + 1);
  if ((second & 0xc0) !== 0x80) return -8;
  if (length === 2) return (first & 0x3e) === 0 ? -17 : 0;
  if ((text.charCodeAt(at + 2) & 0xc0) !== 0x80) return -9;
  if (length === 3) return threeByteError(first, second);
  if ((text.charCodeAt(at + 3) & 0xc0) !== 0x80) return -10;
  if (length === 4) return fourByteError(first, second);
  if ((text.charCodeAt(at + 4) & 0xc0) !== 0x80) return -11;
  if (length === 5) return first === 0xf8 && (second & 0x38) === 0 ? -20 : -13;
  if ((text.charCodeAt(at + 5) & 0xc0) !== 0x80) return -12;
  return first === 0xfc && (second & 0x3c) === 0 ? -21 : -14;
}

function threeByteError(first: number, second: number): number {
  if (first === 0xe0 && (second & 0x20) === 0) return -18;
  return first === 0xed && second >= 0xa0 ? -16 : 0;
}

function fourByteError(first: number, second: number): number {
  if (first === 0xf0 && (second & 0x30) === 0) return -19;
  return first > 0xf4 || (first === 0xf4 && second > 0x8f) ? -15 : 0;
}

/** A subject's characters, and the byte offset of each and of the end. */
export interface DecodedSubject {
  readonly text: string;
  readonly offsets: readonly number[];
}

/** Decodes a byte string as UTF-8; undefined when it is none, which PCRE2 takes for an error. Characters are UTF-16 units. */
export function decodeUtf8(bytes: string): DecodedSubject | undefined {
  if (checkUtf8(bytes) !== undefined) return undefined;
  const offsets: number[] = [];
  let text = '';
  for (let at = 0; at < bytes.length;) {
    const first = bytes.charCodeAt(at);
    const length = first < 0x80 ? 1 : sequenceLength(first);
    let code = length === 1 ? first : first & (0x7f >> length);
    for (let i = 1; i < length; i++) code = (code << 6) | (bytes.charCodeAt(at + i) & 0x3f);
    offsets.push(at);
    if (code > 0xffff) offsets.push(at);
    text += String.fromCodePoint(code);
    at += length;
  }
  offsets.push(bytes.length);
  return { text, offsets };
}
