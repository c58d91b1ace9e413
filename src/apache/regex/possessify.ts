/**
 * Turns repeats into possessive ones where what follows cannot begin with the repeated character. That changes no match, only the
 * number of steps, which PCRE2's limits count; so exactly those repeats are changed that PCRE2 changes.
 */
import { type ByteSet, disjoint, setOfRanges } from './classes';
import type { Emitted } from './emit';
import { endOfGroup, isCapture, kind, lengthOf, mode, op, type } from './ops';
import { exclude, type PropertyTest } from './propertyExclusion';

const MAX_COMPARISONS = 1000;

// Rows: a repeated type; columns: what follows (the last four are \Z \z $ and multiline $). 1: they exclude each other.
const exclusions: readonly string[] = [
  '010000000000000000100',
  '100110000001010101111',
  '000100000001010101111',
  '011001000000000000100',
  '010001000000000000100',
  '000110000001010101111',
  '000000000001000000100',
  '000000000000000000100',
  '000000000000000000100',
  '000000000000000000000',
  '000000000000000000000',
  '010101100000010000100',
  '000000000000010000100',
  '011001000001100100100',
  '000000000001000100100',
  '011001000000011000100',
  '000000000000000000100',
];

const SUBJECT_END_NEWLINE_COLUMN = 17;
const SUBJECT_END_COLUMN = 18;

const newlineOrVertical = setOfRanges('0a0d8585');

/** One item as the comparison sees it. */
interface Item {
  readonly kind: number;
  readonly set: ByteSet;
  /** Row or column in the table, or -1. */
  readonly type: number;
  readonly property: PropertyTest | undefined;
  readonly canBeEmpty: boolean;
  readonly next: number;
}

/** Changes the program in place. */
export function possessify(program: Emitted): void {
  new Possessifier(program).run();
}

class Possessifier {
  private readonly program: Emitted;
  private readonly code: number[];
  private comparisonsLeft = MAX_COMPARISONS;

  constructor(program: Emitted) {
    this.program = program;
    this.code = program.code;
  }

  run(): void {
    const { code } = this;
    for (let at = 0; at < code.length; at += lengthOf[code[at]!]!) {
      if (code[at] !== op.REPEAT || code[at + 6] === mode.POSSESSIVE || this.isExact(at)) continue;
      const item = this.itemAt(at)!;
      const isGreedy = code[at + 6] === mode.GREEDY;
      if (this.excludes(item.next, item, isGreedy)) code[at + 6] = mode.POSSESSIVE;
    }
  }

  /** Fixed counts of characters and types are not looked at; those of classes are. */
  private isExact(at: number): boolean {
    const itemKind = this.code[at + 3]!;
    return (
      this.code[at + 4] === this.code[at + 5] && itemKind !== kind.CLASS && itemKind !== kind.PROPERTY_CLASS
    );
  }

  /** The single-character item or end-of-subject test at `at`; undefined when it is something else. */
  private itemAt(at: number): Item | undefined {
    const { code } = this;
    const first = code[at]!;
    const next = at + lengthOf[first]!;
    if (first <= op.CLUSTER && first !== op.END) return this.single(first, at + 1, false, next);
    if (first === op.REPEAT) return this.single(code[at + 7]!, at + 1, code[at + 4] === 0, next);
    const column = endColumn(first);
    return column < 0
      ? undefined
      : { kind: kind.TYPE, set: noBytes, type: column, property: undefined, canBeEmpty: false, next };
  }

  private single(first: number, operands: number, canBeEmpty: boolean, next: number): Item {
    const a = this.code[operands]!;
    const b = this.code[operands + 1]!;
    const itemKind = this.code[operands + 2]!;
    const set = first === op.CHAR ? setOfTwo(a, b) : this.setOf(first, a, b);
    const property = itemKind === kind.PROPERTY && b >= 0 ? this.program.properties[b] : undefined;
    return { kind: itemKind, set, type: itemKind === kind.TYPE ? b : -1, property, canBeEmpty, next };
  }

  private setOf(first: number, index: number, typeNumber: number): ByteSet {
    if (first !== op.SET) return typeNumber === type.NEWLINE ? newlineOrVertical : allBytes;
    return this.program.sets[index]!;
  }

  /** True when nothing that can stand at `at` begins with a character of `base`. */
  private excludes(from: number, base: Item, isGreedy: boolean): boolean {
    const { code } = this;
    if (--this.comparisonsLeft <= 0) return false;
    let enteredGroup = false;
    for (let at = from; ;) {
      const first = code[at] === op.ALT ? code[(at = endOfGroup(code, at))]! : code[at]!;
      switch (first) {
        case op.END:
          return isGreedy;
        case op.KET:
        case op.KET_POSSESSIVE: {
          const verdict = this.leaveGroup(code[at - code[at + 1]!]!, base, isGreedy, enteredGroup);
          if (verdict !== undefined) return verdict;
          at += 2;
          continue;
        }
        case op.ONCE:
        case op.BRA:
        case op.CAPTURE:
          at = this.enterGroup(at, base, isGreedy);
          if (at < 0) return false;
          enteredGroup = true;
          continue;
        case op.ZERO_MAX:
        case op.ZERO_MIN:
          if (!this.skippable(at + 1, base, isGreedy)) return false;
          at++;
          continue;
        default:
      }
      const item = this.itemAt(at);
      if (item === undefined || !excludeEachOther(base, item)) return false;
      if (!item.canBeEmpty) return true;
      at = item.next;
    }
  }

  /** At the end of a group: true or false to decide, undefined to go on behind it. */
  private leaveGroup(start: number, base: Item, isGreedy: boolean, entered: boolean): boolean | undefined {
    if (!isGreedy) return false;
    if (isCapture(start)) return this.program.hasCall ? false : undefined;
    if (start === op.SCRIPT_RUN) return base.kind === kind.CHAR ? undefined : false;
    if (start === op.ONCE || (start >= op.AHEAD && start <= op.BEHIND_NOT)) return !entered;
    return start === op.AHEAD_NON_ATOMIC || start === op.BEHIND_NON_ATOMIC ? false : undefined;
  }

  /** Checks all alternatives but the last; gives where that one starts, or -1. */
  private enterGroup(start: number, base: Item, isGreedy: boolean): number {
    const { code } = this;
    let branch = start;
    for (let next = start + code[start + 1]!; code[next] === op.ALT; next += code[next + 1]!) {
      if (!this.excludes(branch + 4, base, isGreedy)) return -1;
      branch = next;
    }
    return branch + 4;
  }

  private skippable(group: number, base: Item, isGreedy: boolean): boolean {
    const first = this.code[group]!;
    if (first !== op.BRA && first !== op.CAPTURE && first !== op.ONCE) return false;
    return this.excludes(endOfGroup(this.code, group) + 2, base, isGreedy);
  }
}

const allBytes: ByteSet = new Uint8Array(256).fill(1);
const noBytes: ByteSet = new Uint8Array(256);

function setOfTwo(a: number, b: number): ByteSet {
  const set = new Uint8Array(256);
  set[a] = set[b] = 1;
  return set;
}

function endColumn(first: number): number {
  if (first === op.SUBJECT_END_NEWLINE) return SUBJECT_END_NEWLINE_COLUMN;
  if (first === op.SUBJECT_END) return SUBJECT_END_COLUMN;
  if (first === op.END_DOLLAR) return SUBJECT_END_COLUMN + 1;
  return first === op.END_LINE ? SUBJECT_END_COLUMN + 2 : -1;
}

function excludeEachOther(base: Item, next: Item): boolean {
  if (base.kind === kind.CHAR) return excludesCharacters(base, next);
  if (next.kind === kind.CHAR) return excludesCharacters(next, base);
  if (base.kind === kind.CLASS || next.kind === kind.CLASS) return excludesClass(base, next);
  if (base.property !== undefined && next.property !== undefined)
    return exclude(base.property, next.property);
  if (base.kind !== kind.TYPE) return base.kind === kind.PROPERTY && next.type === SUBJECT_END_COLUMN;
  return next.type >= 0 && exclusions[base.type]!.charAt(next.type) === '1';
}

function excludesCharacters(characters: Item, other: Item): boolean {
  if (other.type === type.ANY || other.type === type.ALL || other.type === type.CLUSTER) return false;
  if (other.property?.property.family === 'other' || other.property?.property.family === 'nameable')
    return false;
  if (other.type < SUBJECT_END_NEWLINE_COLUMN) return disjoint(characters.set, other.set);
  if (other.type === SUBJECT_END_COLUMN) return true;
  // Before $ only a character that cannot be a newline.
  return other.type !== SUBJECT_END_COLUMN + 2 && disjoint(characters.set, newlineOrVertical);
}

function excludesClass(base: Item, next: Item): boolean {
  const other = base.kind === kind.CLASS ? next : base;
  const comparable = other.kind === kind.CLASS || (other.type >= type.NOT_DIGIT && other.type <= type.WORD);
  return comparable && disjoint(base.set, next.set);
}
