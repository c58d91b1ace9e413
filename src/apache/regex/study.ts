/**
 * What PCRE2 learns about a compiled pattern before it starts: whether it is anchored, with which bytes a match can begin, which
 * byte it must contain, how long it is at least. Mostly for speed, but it also decides where verbs like (*COMMIT) first apply, and
 * from where steps are counted.
 */
import type { Pattern } from './ast';
import { BranchLength, MAX_LENGTH, type GroupLengths } from './branchLength';
import { MAX_GROUP_SCANS, StartBytes } from './startBytes';
import { type ByteSet, otherCase, otherCaseUcp } from './classes';
import type { Emitted } from './emit';
import {
  CHARACTER_CASELESS,
  CHARACTER_NONE,
  CHARACTER_VARIES,
  isKnown,
  type KnownCharacter,
} from './emitter/known';
import {
  branchesOf,
  endOfGroup,
  isCapture,
  isGroupStart,
  isPlainGroup,
  kind,
  lengthOf,
  op,
  type,
} from './ops';

export interface Study {
  readonly anchored: boolean;
  /** Matches start at the start of a line. */
  readonly startLine: boolean;
  /** The first byte in both cases (the same when case matters), or -1. */
  readonly first: number;
  readonly firstOther: number;
  readonly startBytes: ByteSet | undefined;
  /** A byte that must follow, in both cases, or -1. */
  readonly required: number;
  readonly requiredOther: number;
  readonly minLength: number;
}

const MAX_REFERENCE = 128;

/** Studies a program that is otherwise finished. */
export function studyProgram(program: Emitted, pattern: Pattern): Study {
  return new Student(program, pattern).run();
}

class Student implements GroupLengths {
  private readonly program: Emitted;
  private readonly pattern: Pattern;
  private readonly code: readonly number[];
  private readonly noDotStar: boolean;
  private groupScans = 0;
  private readonly referenceLengths = new Map<number, number>();

  constructor(program: Emitted, pattern: Pattern) {
    this.program = program;
    this.pattern = pattern;
    this.code = program.code;
    this.noDotStar = program.hasPruneOrSkip || pattern.settings.noDotStarAnchor;
  }

  run(): Study {
    const anchored = this.isAnchored(0, 0, 0, false);
    const study = { anchored, startLine: false, first: -1, firstOther: -1, required: -1, requiredOther: -1 };
    if (this.pattern.settings.noStartOptimize) return { ...study, startBytes: undefined, minLength: 0 };
    return this.optimize(study);
  }

  private optimize(study: {
    -readonly [K in keyof Omit<Study, 'startBytes' | 'minLength'>]: Study[K];
  }): Study {
    let { first } = this.program;
    const { required } = this.program;
    if (!isKnown(first)) first = this.assertedFirst(0, 0);
    let least = 0;
    if (isKnown(first)) {
      study.first = first.code;
      study.firstOther = this.otherOf(first);
      least++;
    } else if (!study.anchored) study.startLine = this.isStartLine(0, 0, 0, false);
    if (isKnown(required)) {
      least++;
      if (!study.anchored || (required.flags & CHARACTER_VARIES) !== 0) {
        study.required = required.code;
        study.requiredOther = this.otherOf(required);
      }
    }
    const startBytes = study.first < 0 && !study.startLine ? this.findStartBytes(study) : undefined;
    if (startBytes !== undefined || study.first >= 0) least = Math.max(least, 1);
    return { ...study, startBytes, minLength: Math.max(this.minLength(), least) };
  }

  private otherOf(character: KnownCharacter): number {
    if ((character.flags & CHARACTER_CASELESS) === 0) return character.code;
    return this.fold(character.code);
  }

  private fold(code: number): number {
    const { ucp, utf } = this.pattern.settings;
    return ucp || utf ? otherCaseUcp(code) : otherCase(code);
  }

  // ---- Anchoring

  /** The first instruction that decides something; assertions that look elsewhere can be passed over. */
  private significant(from: number, skipAssertions: boolean): number {
    const { code } = this;
    for (let at = from; ;) {
      const first = code[at]!;
      if (
        first === op.AHEAD_NOT ||
        first === op.BEHIND ||
        first === op.BEHIND_NOT ||
        first === op.BEHIND_NON_ATOMIC
      ) {
        if (!skipAssertions) return at;
        at = endOfGroup(code, at) + 2;
      } else if (first === op.WORD_EDGE || first === op.NOT_WORD_EDGE) {
        if (!skipAssertions) return at;
        at++;
      } else if (first === op.SKIP_ZERO) {
        // The library goes only past the first alternative here, into the second if there is one.
        at += 1 + code[at + 2]!;
        at += code[at] === op.ALT ? 4 : 2;
      } else if (first === op.CONDITION || first === op.CONDITION_EMPTY) {
        if (code[at + 4] !== op.IF_FALSE || code[at + code[at + 1]!] === op.ALT) return at;
        at += code[at + 1]! + 2;
      } else if ((first >= op.IF_SET && first <= op.IF_TRUE) || first === op.MARK || this.hasArgument(at)) {
        at += lengthOf[first]!;
      } else return at;
    }
  }

  private hasArgument(at: number): boolean {
    const first = this.code[at]!;
    return first >= op.COMMIT && first <= op.THEN && this.code[at + 1]! >= 0;
  }

  private isAnchored(start: number, groups: number, atomic: number, inAssertion: boolean): boolean {
    for (const branch of branchesOf(this.code, start)) {
      if (!this.isAnchoredAt(this.significant(branch + 4, false), groups, atomic, inAssertion)) return false;
    }
    return true;
  }

  private isAnchoredAt(at: number, groups: number, atomic: number, inAssertion: boolean): boolean {
    const first = this.code[at]!;
    if (isPlainGroup(first)) return this.isAnchored(at, groups, atomic, inAssertion);
    if (isCapture(first)) return this.isAnchored(at, groups | bitOf(this.code[at + 3]!), atomic, inAssertion);
    if (first === op.AHEAD || first === op.AHEAD_NON_ATOMIC) return this.isAnchored(at, groups, atomic, true);
    if (first === op.CONDITION || first === op.CONDITION_EMPTY) {
      return (
        this.code[at + this.code[at + 1]!] === op.ALT && this.isAnchored(at, groups, atomic, inAssertion)
      );
    }
    if (first === op.ONCE) return this.isAnchored(at, groups, atomic + 1, inAssertion);
    if (this.isTypeStar(at)) return this.isFreeStar(at, type.ALL, groups, atomic, inAssertion);
    return first === op.SUBJECT_START || first === op.MATCH_START || first === op.START;
  }

  /** A type (also a property) repeated without limits from zero on. */
  private isTypeStar(at: number): boolean {
    const { code } = this;
    if (code[at] !== op.REPEAT || code[at + 4] !== 0 || code[at + 5] !== -1) return false;
    return code[at + 3] === kind.TYPE || code[at + 3] === kind.PROPERTY;
  }

  private isFreeStar(
    at: number,
    wanted: number,
    groups: number,
    atomic: number,
    inAssertion: boolean,
  ): boolean {
    if (this.code[at + 3] !== kind.TYPE || this.code[at + 2] !== wanted) return false;
    return (groups & this.program.referenceMap) === 0 && atomic === 0 && !inAssertion && !this.noDotStar;
  }

  private isStartLine(start: number, groups: number, atomic: number, inAssertion: boolean): boolean {
    for (const branch of branchesOf(this.code, start)) {
      let at = this.significant(branch + 4, false);
      if (this.code[at] === op.CONDITION) {
        at = this.lineAfterCondition(at, groups, atomic);
        if (at < 0) return false;
      }
      if (!this.isStartLineAt(at, groups, atomic, inAssertion)) return false;
    }
    return true;
  }

  /** Where the pattern goes on behind a condition that is itself bound to the start of a line, else -1. */
  private lineAfterCondition(at: number, groups: number, atomic: number): number {
    const condition = at + 4;
    const first = this.code[condition]!;
    if (!isGroupStart(first) || !this.isStartLine(condition, groups, atomic, true)) return -1;
    return this.significant(endOfGroup(this.code, condition) + 2, false);
  }

  private isStartLineAt(at: number, groups: number, atomic: number, inAssertion: boolean): boolean {
    const first = this.code[at]!;
    if (isPlainGroup(first)) return this.isStartLine(at, groups, atomic, inAssertion);
    if (isCapture(first))
      return this.isStartLine(at, groups | bitOf(this.code[at + 3]!), atomic, inAssertion);
    if (first === op.AHEAD || first === op.AHEAD_NON_ATOMIC)
      return this.isStartLine(at, groups, atomic, true);
    if (first === op.ONCE) return this.isStartLine(at, groups, atomic + 1, inAssertion);
    if (this.isTypeStar(at)) return this.isFreeStar(at, type.ANY, groups, atomic, inAssertion);
    return first === op.START || first === op.START_LINE;
  }

  // ---- First bytes

  /** The character with which an assertion at the start says that every match begins. */
  private assertedFirst(start: number, assertions: number): KnownCharacter {
    const nothing = { code: 0, flags: CHARACTER_NONE };
    let found: KnownCharacter = nothing;
    for (const branch of branchesOf(this.code, start)) {
      const at = this.significant(branch + 4, true);
      const here = this.assertedAt(at, assertions);
      if (!isKnown(here)) return nothing;
      if (!isKnown(found)) found = here;
      else if (found.code !== here.code) return nothing;
      else if (isGroupStart(this.code[at]!) && found.flags !== here.flags) return nothing;
    }
    return found;
  }

  private assertedAt(at: number, assertions: number): KnownCharacter {
    const { code } = this;
    const first = code[at]!;
    const nothing = { code: 0, flags: CHARACTER_NONE };
    if (first === op.AHEAD || first === op.AHEAD_NON_ATOMIC) return this.assertedFirst(at, assertions + 1);
    const isGroup = isPlainGroup(first) || isCapture(first) || first === op.ONCE || first === op.SCRIPT_RUN;
    if (isGroup && first !== op.BRA_EMPTY && first !== op.BRA_EMPTY_POSSESSIVE)
      return this.assertedFirst(at, assertions);
    const isRepeat = first === op.REPEAT && code[at + 7] === op.CHAR && code[at + 4]! > 0;
    if ((first !== op.CHAR && !isRepeat) || assertions === 0) return nothing;
    return this.assertedCharacter(code[at + 1]!, code[at + 2]!);
  }

  private assertedCharacter(code: number, other: number): KnownCharacter {
    if (code === other) return { code, flags: 0 };
    return code >= 0x80 ? { code: 0, flags: CHARACTER_NONE } : { code, flags: CHARACTER_CASELESS };
  }

  /** The bytes with which a match can begin. One or two of a pair become the first byte, unless it is also the required one. */
  private findStartBytes(study: {
    first: number;
    firstOther: number;
    required: number;
  }): ByteSet | undefined {
    const bytes = new StartBytes(this.program, this.pattern).collect();
    if (bytes === undefined) return undefined;
    const members: number[] = [];
    for (let code = 0; code < 256 && members.length < 3; code++) if (bytes[code] === 1) members.push(code);
    const [a, b] = members;
    const isPair = members.length === 1 || (members.length === 2 && this.fold(b!) === a);
    if (a === undefined || !isPair || members.includes(study.required)) return bytes;
    study.first = a;
    study.firstOther = b ?? a;
    return undefined;
  }

  // ---- Minimum length

  private minLength(): number {
    const { program } = this;
    if (program.canBeEmpty || program.hasAccept || program.topReference > MAX_REFERENCE) return 0;
    const length = this.groupLength(0, []);
    return length < 0 ? 0 : Math.min(length, MAX_LENGTH);
  }

  /** The least length of the group at `start`; -1 when that is too complicated. `open` are the groups entered by reference. */
  private groupLength(start: number, open: readonly number[]): number {
    const first = this.code[start]!;
    const isEmpty = [op.BRA_EMPTY, op.BRA_EMPTY_POSSESSIVE, op.CAPTURE_EMPTY, op.CAPTURE_EMPTY_POSSESSIVE];
    if (isEmpty.includes(first as 9) || first === op.CONDITION_EMPTY) return 0;
    if (this.groupScans++ > MAX_GROUP_SCANS) return -1;
    let least = -1;
    for (const branch of branchesOf(this.code, start)) {
      const length = new BranchLength(this, this.code, this.pattern, open).measure(branch);
      if (length.failed) return -1;
      if (least < 0 || (!length.recursive && length.total < least)) least = length.total;
      if (least === 0) return 0;
    }
    return least;
  }

  referredLength(group: number, at: number, open: readonly number[]): number | undefined {
    const end = endOfGroup(this.code, group);
    if ((at > group && at < end) || open.includes(group)) return undefined;
    return this.groupLength(group, [...open, group]);
  }

  referenceLength(
    number: number,
    at: number,
    open: readonly number[],
    result: { recursive: boolean },
  ): number {
    const known = this.referenceLengths.get(number);
    if (known !== undefined) return known;
    const group = this.findCapture(number, 0);
    let length = 0;
    const isUnique =
      !this.pattern.features.branchReset || this.findCapture(number, endOfGroup(this.code, group)) < 0;
    if (isUnique) {
      const referred = this.referredLength(group, at, open);
      if (referred === undefined) result.recursive = true;
      else if (referred < 0) return -1;
      else length = referred;
    }
    this.referenceLengths.set(number, length);
    return length;
  }

  private findCapture(number: number, from: number): number {
    const { code } = this;
    for (let at = from; at < code.length; at += lengthOf[code[at]!]!) {
      if (isCapture(code[at]!) && code[at + 3] === number) return at;
    }
    return -1;
  }

  nestedLength(at: number, open: readonly number[]): number {
    return this.groupLength(at, open);
  }

  listOf(index: number): readonly number[] {
    return this.program.lists[index]!;
  }
}

function bitOf(number: number): number {
  return number < 32 ? 1 << number : 1;
}
