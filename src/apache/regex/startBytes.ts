import type { Pattern } from './ast';
import type { ByteSet } from './classes';
import type { Emitted } from './emit';
import { branchesOf, endOfGroup, isGroupStart, kind, lengthOf, op, type } from './ops';

/** Groups that are looked into before a study gives up. */
export const MAX_GROUP_SCANS = 1000;

type StartVerdict = 'fail' | 'done' | 'continue';

const newlineBytes: ByteSet = (() => {
  const set = new Uint8Array(256);
  set[10] = set[11] = set[12] = set[13] = set[0x85] = 1;
  return set;
})();

/** Types that PCRE2's study takes for a set of first bytes. */
function isStartType(number: number): boolean {
  return (
    number <= type.WORD || number === type.NEWLINE || number === type.HORIZONTAL || number === type.VERTICAL
  );
}

/** Collects the bytes with which a match can begin (set_start_bits). */
export class StartBytes {
  private readonly program: Emitted;
  private readonly pattern: Pattern;
  private readonly code: readonly number[];
  private bitDepth = 0;
  private lastStop = 0;

  constructor(program: Emitted, pattern: Pattern) {
    this.program = program;
    this.pattern = pattern;
    this.code = program.code;
  }

  /** Undefined where a match can begin with anything, or with nothing, or where it is too complicated. */
  collect(): ByteSet | undefined {
    const bytes = new Uint8Array(256);
    return this.collectStart(0, bytes) === 'done' ? bytes : undefined;
  }

  private collectStart(start: number, bytes: ByteSet): StartVerdict {
    if (++this.bitDepth > MAX_GROUP_SCANS) return 'fail';
    let verdict: StartVerdict = 'done';
    for (const branch of branchesOf(this.code, start)) {
      const result = this.collectBranch(branch + 4, bytes);
      if (result === 'fail') return 'fail';
      if (result === 'continue') {
        verdict = 'continue';
        if (this.lastStop !== op.ALT) return 'continue';
      }
    }
    return verdict;
  }

  private collectBranch(from: number, bytes: ByteSet): StartVerdict {
    const { code } = this;
    for (let at = from; ;) {
      const first = code[at]!;
      if (first === op.ALT || (first >= op.KET && first <= op.KET_POSSESSIVE)) {
        this.lastStop = first;
        return 'continue';
      }
      if (first === op.START || first === op.WORD_EDGE || first === op.NOT_WORD_EDGE) at++;
      else if (first === op.SKIP_ZERO) at = endOfGroup(code, at + 1) + 2;
      else if (first >= op.ZERO_MAX && first <= op.ZERO_POSSESSIVE) {
        if (this.collectStart(at + 1, bytes) === 'fail') return 'fail';
        at = endOfGroup(code, at + 1) + 2;
      } else if (isGroupStart(first)) {
        const result = this.collectGroup(at, bytes);
        if (result !== 'continue') return result;
        at = endOfGroup(code, at) + 2;
      } else {
        const result = this.collectItem(at, bytes);
        if (result !== 'continue') return result;
        at += lengthOf[first]!;
      }
    }
  }

  private collectGroup(at: number, bytes: ByteSet): StartVerdict {
    const first = this.code[at]!;
    if (first === op.CONDITION || first === op.CONDITION_EMPTY) return 'fail';
    const skipped =
      first === op.AHEAD_NOT ||
      first === op.BEHIND ||
      first === op.BEHIND_NOT ||
      first === op.BEHIND_NON_ATOMIC;
    return skipped ? 'continue' : this.collectStart(at, bytes);
  }

  /** A single character or its repeat; anything else ends the search. */
  private collectItem(at: number, bytes: ByteSet): StartVerdict {
    const { code } = this;
    const isRepeat = code[at] === op.REPEAT;
    const single = isRepeat ? code[at + 7]! : code[at]!;
    if (single < op.CHAR || single > op.CLUSTER) return 'fail';
    const canBeEmpty = isRepeat && code[at + 4] === 0;
    const added = this.addBytes(single, at, bytes);
    return !added ? 'fail' : canBeEmpty ? 'continue' : 'done';
  }

  private addBytes(single: number, at: number, bytes: ByteSet): boolean {
    const { code } = this;
    const [a, b, itemKind] = [code[at + 1]!, code[at + 2]!, code[at + 3]!];
    if (single === op.CHAR) {
      bytes[a] = bytes[b] = 1;
      return true;
    }
    const isCaseList = itemKind === kind.PROPERTY && this.isCaseList(a);
    if (itemKind === kind.NOT || itemKind === kind.PROPERTY_CLASS) return false;
    if (itemKind === kind.PROPERTY && (!isCaseList || code[at] === op.REPEAT)) return false;
    if (itemKind === kind.TYPE && !isStartType(b)) return false;
    const set = single === op.SET ? this.program.sets[a]! : newlineBytes;
    for (let value = 0; value < 256; value++) bytes[value] = bytes[value]! | set[value]!;
    return true;
  }

  /** Sets of two letters stand for a letter with more than two cases, which PCRE2 keeps as a list. */
  private isCaseList(index: number): boolean {
    const set = this.program.sets[index]!;
    let count = 0;
    for (let value = 0; value < 256; value++) count += set[value]!;
    return this.pattern.settings.ucp && count <= 2;
  }
}
