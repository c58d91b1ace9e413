import type { Pattern } from './ast';
import { endOfGroup, isCapture, isGroupStart, lengthOf, op } from './ops';

/** Longer ones are not told apart. */
export const MAX_LENGTH = 65535;

/** The least lengths of groups, which a branch asks for. `open` are the groups entered by reference. */
export interface GroupLengths {
  /** Of a group within the branch; -1 when that is too complicated. */
  nestedLength(at: number, open: readonly number[]): number;
  /** Of a group that is called or referred to; undefined inside of itself. */
  referredLength(group: number, at: number, open: readonly number[]): number | undefined;
  /** Of what a backreference matches; -1 when too complicated. `recursive` is set inside of the group itself. */
  referenceLength(
    number: number,
    at: number,
    open: readonly number[],
    result: { recursive: boolean },
  ): number;
  /** The numbers behind an ambiguous name. */
  listOf(index: number): readonly number[];
}

/** Adds up one branch. */
export class BranchLength {
  total = 0;
  recursive = false;
  failed = false;
  private readonly groups: GroupLengths;
  private readonly code: readonly number[];
  private readonly branchReset: boolean;
  private readonly open: readonly number[];
  private lastCapture = -1;
  private lastCaptureLength = 0;
  private lastCalled = -1;
  private lastCalledLength = 0;

  constructor(groups: GroupLengths, code: readonly number[], pattern: Pattern, open: readonly number[]) {
    this.groups = groups;
    this.code = code;
    this.branchReset = pattern.features.branchReset;
    this.open = open;
  }

  measure(branch: number): this {
    const { code } = this;
    for (let at = branch + 4; !this.failed;) {
      const first = code[at]!;
      if (this.total >= MAX_LENGTH) {
        this.total = MAX_LENGTH;
        return this;
      }
      if (first === op.END || first === op.ALT || (first >= op.KET && first <= op.KET_POSSESSIVE))
        return this;
      at = this.step(first, at);
    }
    return this;
  }

  private step(first: number, at: number): number {
    const { code } = this;
    if (first >= op.ZERO_MAX && first <= op.SKIP_ZERO) return endOfGroup(code, at + 1) + 2;
    if (isGroupStart(first)) return this.addGroup(first, at);
    if (first <= op.CLUSTER) this.total++;
    else if (first === op.REPEAT) this.total += code[at + 4]!;
    else if (first === op.REFERENCE) this.addReference(at);
    else if (first === op.CALL) this.addCall(at);
    return at + lengthOf[first]!;
  }

  private addGroup(first: number, at: number): number {
    const { code } = this;
    const end = endOfGroup(code, at) + 2;
    if (first >= op.AHEAD) return end;
    const isCondition = first === op.CONDITION || first === op.CONDITION_EMPTY;
    if (isCondition && code[at + code[at + 1]!] !== op.ALT) return end;
    // A group around nothing but a call counts as the call.
    if (first === op.BRA && code[at + 4] === op.CALL && code[at + 7] === op.KET) {
      this.addCall(at + 4);
      return end;
    }
    if (isCapture(first)) this.addCapture(at);
    else this.add(this.groups.nestedLength(at, this.open));
    return end;
  }

  private addCapture(at: number): void {
    const number = this.code[at + 3]!;
    if (this.branchReset || number !== this.lastCapture) {
      this.lastCapture = number;
      this.lastCaptureLength = this.groups.nestedLength(at, this.open);
    }
    this.add(this.lastCaptureLength);
  }

  private add(length: number): void {
    if (length < 0) this.failed = true;
    else this.total += length;
  }

  private addCall(at: number): void {
    const { code } = this;
    const group = code[at + 1]!;
    const number = code[group] === op.BRA ? 0 : code[group + 3]!;
    if (number !== this.lastCalled || number === 0) {
      const length = this.groups.referredLength(group, at, this.open);
      if (length === undefined) {
        this.recursive = true;
        return;
      }
      this.lastCalled = number;
      this.lastCalledLength = length;
    }
    this.add(this.lastCalledLength);
  }

  private addReference(at: number): void {
    const { code } = this;
    const isList = code[at + 1] === 1;
    const numbers = isList ? this.groups.listOf(code[at + 2]!) : [code[at + 2]!];
    let least = isList && this.branchReset ? 0 : Number.POSITIVE_INFINITY;
    for (const number of numbers) {
      if (least <= 0) break;
      const length = this.groups.referenceLength(number, at, this.open, this);
      if (length < 0) {
        this.failed = true;
        return;
      }
      least = Math.min(least, length);
    }
    const total = this.total + least * code[at + 4]!;
    this.total = Math.min(total, MAX_LENGTH);
  }
}
