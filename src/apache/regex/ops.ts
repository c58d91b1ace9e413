/**
 * The instructions of a compiled pattern. A program is a list of numbers; every instruction starts with one of these codes, and its
 * links are relative, so that a group can be copied and moved. The set of instructions follows what PCRE2 distinguishes, because its
 * limits count steps between them.
 */

export const op = {
  END: 0,
  /** character, its other case (the same when there is none or case matters), kind, 0 */
  CHAR: 1,
  /** index of a set, type or character, kind, 0 */
  SET: 2,
  /** `.` when a newline is two characters */
  DOT_CRLF: 3,
  NEWLINE: 4,
  CLUSTER: 5,
  /** a, b, kind, min, max (-1: none), mode, code of the single item */
  REPEAT: 6,
  /** 1 for a list of groups, group or list, caseless, min, max (-1: none), mode */
  REFERENCE: 7,
  // Groups and ALT: link to the next alternative or the end, link to the end, group number.
  BRA: 8,
  BRA_EMPTY: 9,
  BRA_POSSESSIVE: 10,
  BRA_EMPTY_POSSESSIVE: 11,
  CAPTURE: 12,
  CAPTURE_EMPTY: 13,
  CAPTURE_POSSESSIVE: 14,
  CAPTURE_EMPTY_POSSESSIVE: 15,
  ONCE: 16,
  SCRIPT_RUN: 17,
  CONDITION: 18,
  CONDITION_EMPTY: 19,
  AHEAD: 20,
  AHEAD_NOT: 21,
  BEHIND: 22,
  BEHIND_NOT: 23,
  AHEAD_NON_ATOMIC: 24,
  BEHIND_NON_ATOMIC: 25,
  ALT: 26,
  // Ends of groups: link back to the start.
  KET: 27,
  KET_MAX: 28,
  KET_MIN: 29,
  KET_POSSESSIVE: 30,
  /** number of characters */
  REVERSE: 31,
  // In front of a group that may be left out.
  ZERO_MAX: 32,
  ZERO_MIN: 33,
  ZERO_POSSESSIVE: 34,
  SKIP_ZERO: 35,
  // Conditions: group or list of groups.
  IF_SET: 36,
  IF_SET_LIST: 37,
  IF_RECURSION: 38,
  IF_RECURSION_LIST: 39,
  IF_FALSE: 40,
  IF_TRUE: 41,
  /** group number while compiling, address of the group afterwards; group number */
  CALL: 42,
  START: 43,
  START_LINE: 44,
  END_DOLLAR: 45,
  END_LINE: 46,
  SUBJECT_START: 47,
  SUBJECT_END: 48,
  SUBJECT_END_NEWLINE: 49,
  MATCH_START: 50,
  KEEP_OUT: 51,
  WORD_EDGE: 52,
  NOT_WORD_EDGE: 53,
  FAIL: 54,
  ACCEPT: 55,
  ASSERT_ACCEPT: 56,
  /** group number */
  CLOSE: 57,
  // Verbs: index of the argument, or -1.
  MARK: 58,
  COMMIT: 59,
  PRUNE: 60,
  SKIP: 61,
  THEN: 62,
} as const;

/** Numbers in each instruction. */
export const lengthOf: Uint8Array = buildLengths();

function buildLengths(): Uint8Array {
  const lengths = new Uint8Array(63).fill(1);
  const set = (from: number, to: number, length: number) => lengths.fill(length, from, to + 1);
  set(op.CHAR, op.CLUSTER, 4);
  set(op.REPEAT, op.REPEAT, 8);
  set(op.REFERENCE, op.REFERENCE, 7);
  set(op.BRA, op.ALT, 4);
  set(op.KET, op.REVERSE, 2);
  set(op.IF_SET, op.IF_TRUE, 2);
  set(op.CALL, op.CALL, 3);
  set(op.CLOSE, op.THEN, 2);
  return lengths;
}

/** What a single-character instruction was in the pattern; decides what PCRE2 can prove about it. */
export const kind = {
  CHAR: 0,
  NOT: 1,
  TYPE: 2,
  CLASS: 3,
  PROPERTY: 4,
  PROPERTY_CLASS: 5,
} as const;

/** Types of characters, in the order of PCRE2's table of types that exclude each other. */
export const type = {
  NOT_DIGIT: 0,
  DIGIT: 1,
  NOT_SPACE: 2,
  SPACE: 3,
  NOT_WORD: 4,
  WORD: 5,
  ANY: 6,
  ALL: 7,
  NEWLINE: 11,
  NOT_HORIZONTAL: 12,
  HORIZONTAL: 13,
  NOT_VERTICAL: 14,
  VERTICAL: 15,
  CLUSTER: 16,
} as const;

export const mode = { GREEDY: 0, LAZY: 1, POSSESSIVE: 2 } as const;

/** True for the start of a group of any sort. */
export function isGroupStart(code: number): boolean {
  return code >= op.BRA && code <= op.BEHIND_NON_ATOMIC;
}

/** True for the start of a capturing group. */
export function isCapture(code: number): boolean {
  return code >= op.CAPTURE && code <= op.CAPTURE_EMPTY_POSSESSIVE;
}

/** True for the start of a plain group. */
export function isPlainGroup(code: number): boolean {
  return code >= op.BRA && code <= op.BRA_EMPTY_POSSESSIVE;
}

/** The end instruction of the group that starts (or whose alternative starts) at `at`. */
export function endOfGroup(code: ArrayLike<number>, at: number): number {
  let p = at + code[at + 1]!;
  while (code[p] === op.ALT) p += code[p + 1]!;
  return p;
}

/** Where the alternatives of the group at `start` begin; the first one is the group itself. */
export function* branchesOf(code: ArrayLike<number>, start: number): Generator<number> {
  for (let at = start; ; at += code[at + 1]!) {
    yield at;
    if (code[at + code[at + 1]!] !== op.ALT) return;
  }
}
