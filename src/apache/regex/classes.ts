/** Sets of bytes in the C locale, as PCRE2's built-in tables have them. A set is a Uint8Array of 256 zeros and ones. */
import type { CharacterClass, ClassItem, TypeName } from './ast';
import { propertyOf } from './properties';

export type ByteSet = Uint8Array;

/** Bits of `characterTypes`. */
export const isSpace = 1;
export const isLetter = 2;
export const isLowerLetter = 4;
export const isDigit = 8;
export const isHexDigit = 16;
export const isWord = 32;

/** For each byte, which of the types above it has. ASCII only, as in the C locale. */
export const characterTypes: Uint8Array = buildCharacterTypes();

function buildCharacterTypes(): Uint8Array {
  const types = new Uint8Array(256);
  const add = (from: number, to: number, bits: number) => {
    for (let code = from; code <= to; code++) types[code] = types[code]! | bits;
  };
  add(9, 13, isSpace);
  add(32, 32, isSpace);
  add(48, 57, isDigit | isHexDigit | isWord);
  add(65, 90, isLetter | isWord);
  add(97, 122, isLetter | isLowerLetter | isWord);
  add(65, 70, isHexDigit);
  add(97, 102, isHexDigit);
  add(95, 95, isWord);
  return types;
}

/** The other case of an ASCII letter, else the code itself. */
export function otherCase(code: number): number {
  if (code >= 97 && code <= 122) return code - 32;
  return code >= 65 && code <= 90 ? code + 32 : code;
}

/**
 * The other case under (*UCP), where bytes are taken for Latin-1 characters and case is Unicode's. Characters whose partner
 * is above U+00FF (y with diaeresis, micro sign, sharp s) have none that a byte can be.
 */
export function otherCaseUcp(code: number): number {
  if (code < 128) return otherCase(code);
  if (code >= 0xc0 && code <= 0xde && code !== 0xd7) return code + 32;
  return code >= 0xe0 && code <= 0xfe && code !== 0xf7 ? code - 32 : code;
}

/** A set of its pairs of hexadecimal ends: '3039' is 0 to 9. */
export function setOfRanges(ranges: string): ByteSet {
  const set = new Uint8Array(256);
  for (let at = 0; at < ranges.length; at += 4) {
    const from = Number.parseInt(ranges.slice(at, at + 2), 16);
    const to = Number.parseInt(ranges.slice(at + 2, at + 4), 16);
    set.fill(1, from, to + 1);
  }
  return set;
}

/** The complement. */
export function invert(set: ByteSet): ByteSet {
  return set.map((member) => member ^ 1);
}

/** True when no byte is in both. */
export function disjoint(left: ByteSet, right: ByteSet): boolean {
  for (let code = 0; code < 256; code++) if (left[code]! & right[code]!) return false;
  return true;
}

const typeRanges: Readonly<Record<string, string>> = {
  d: '3039',
  s: '090d2020',
  w: '3039415a5f5f617a',
  h: '09092020a0a0',
  v: '0a0d8585',
};

// Under (*UCP) \d \s \w are properties; \h and \v stay.
const ucpTypeRanges: Readonly<Record<string, string>> = {
  d: '3039',
  s: '090d20208585a0a0',
  w: '3039415a5f5f617aaaaab2b3b5b5b9babcbec0d6d8f6f8ff',
  h: '09092020a0a0',
  v: '0a0d8585',
};

const posixRanges: Readonly<Record<string, string>> = {
  alpha: '415a617a',
  lower: '617a',
  upper: '415a',
  alnum: '3039415a617a',
  ascii: '007f',
  blank: '09092020',
  cntrl: '001f7f7f',
  digit: '3039',
  graph: '217e',
  print: '207e',
  punct: '212f3a405b607b7e',
  space: '090d2020',
  word: '3039415a5f5f617a',
  xdigit: '303941466166',
};

const ucpPosixRanges: Readonly<Record<string, string>> = {
  ...posixRanges,
  alpha: '415a617aaaaab5b5babac0d6d8f6f8ff',
  lower: '617ab5b5dff6f8ff',
  upper: '415ac0d6d8de',
  alnum: '3039415a617aaaaab2b3b5b5b9babcbec0d6d8f6f8ff',
  blank: '09092020a0a0',
  cntrl: '001f7f9f',
  digit: '3039',
  graph: '217ea1ff',
  print: '207ea0ff',
  punct: '212f3a405b607b7ea1a1a7a7ababb6b7bbbbbfbf',
  space: '090d20208585a0a0',
  word: '3039415a5f5f617aaaaab2b3b5b5b9babcbec0d6d8f6f8ff',
};

/** True for the name of a POSIX class that PCRE2 knows. */
export function isPosixName(name: string): boolean {
  return Object.hasOwn(posixRanges, name);
}

/** The bytes of `\d` and its like. */
export function typeSet(type: TypeName, ucp: boolean): ByteSet {
  const lower = type.toLowerCase();
  const set = setOfRanges((ucp ? ucpTypeRanges : typeRanges)[lower] ?? '');
  return type === lower ? set : invert(set);
}

/** The bytes of `\p{name}`. */
export function propertySet(name: string, negated: boolean): ByteSet {
  const set = setOfRanges(propertyOf(name)?.ranges ?? '');
  return negated ? invert(set) : set;
}

/** The bytes that a class matches. */
export function classSet(node: CharacterClass, ucp: boolean, unicodeCase = ucp): ByteSet {
  const set = new Uint8Array(256);
  const fold = node.caseless ? (unicodeCase ? otherCaseUcp : otherCase) : undefined;
  for (const item of node.items) {
    if (item.kind === 'range') addRange(set, item.from, item.to, fold);
    else addSet(set, itemSet(item, node.caseless, ucp));
  }
  return node.negated ? invert(set) : set;
}

function addSet(set: ByteSet, members: ByteSet): void {
  for (let code = 0; code < 256; code++) set[code] = set[code]! | members[code]!;
}

function itemSet(item: Exclude<ClassItem, { kind: 'range' }>, caseless: boolean, ucp: boolean): ByteSet {
  if (item.kind === 'type') return typeSet(item.type, ucp);
  if (item.kind === 'property') return propertySet(item.name, item.negated);
  const folded = caseless && !ucp && (item.name === 'lower' || item.name === 'upper') ? 'alpha' : item.name;
  const set = setOfRanges((ucp ? ucpPosixRanges : posixRanges)[folded] ?? '');
  return item.negated ? invert(set) : set;
}

function addRange(
  set: ByteSet,
  from: number,
  to: number,
  fold: ((code: number) => number) | undefined,
): void {
  const last = Math.min(to, 255);
  for (let code = from; code <= last; code++) {
    set[code] = 1;
    if (fold !== undefined) set[fold(code)] = 1;
  }
}
