import type { Group, Node, Quantified } from '../ast';
import { classShape } from '../check';
import { kind, mode, op } from '../ops';
import { GroupEmitter } from './groupEmitter';
import { CHARACTER_CASELESS, CHARACTER_VARIES, isKnown } from './known';

const plainGroup: Group = {
  kind: 'group',
  type: 'plain',
  number: 0,
  name: undefined,
  alternatives: [],
  errorOffset: 0,
  start: 0,
  end: 0,
};

/** Compiles quantifiers. Counted groups are unrolled, as PCRE2 unrolls them. */
export abstract class QuantifierEmitter extends GroupEmitter {
  protected emitQuantified(node: Quantified): void {
    const { item, min, max } = node;
    const start = this.emitQuantifiedItem(item);
    this.previousMatched = this.matched;
    this.matched = this.previousMatched && min > 0;
    if (min === 0) {
      this.first = this.zeroFirst;
      this.required = this.zeroRequired;
    }
    const code = this.code[start]!;
    if (code <= op.CLUSTER) this.repeatSingle(node, start);
    else if (code === op.REFERENCE) this.repeatReference(node, start);
    else if (code === op.CALL) this.repeatCall(node, start);
    else if (code !== op.FAIL) this.repeatGroup(min, max, node, start);
    if (min !== max) this.varies = CHARACTER_VARIES;
  }

  /** Gives where the item's code starts. */
  private emitQuantifiedItem(item: Node): number {
    const start = this.code.length;
    if (item.kind === 'group') {
      this.beginItem();
      this.emitGroupNode(item, true);
    } else if (item.kind === 'verb') {
      this.beginItem();
      this.emitGroupNode({ ...plainGroup, alternatives: [[item]], start: item.start, end: item.end }, true);
    } else this.emitNode(item);
    return start;
  }

  private repeatSingle(node: Quantified, start: number): void {
    const { min, max } = node;
    const item = this.code.slice(start, start + 4) as [number, number, number, number];
    const itemMode = modeOf(node);
    if (item[0] === op.CHAR && min > 1) {
      const isCaseless = this.literalIsCaseless(node.item);
      this.required = { code: item[1], flags: this.varies | (isCaseless ? CHARACTER_CASELESS : 0) };
    }
    if (min === 1 && max === 1) return;
    this.code.length = start;
    if (max === 0) return;
    if (item[3] === kind.CLASS || item[3] === kind.PROPERTY_CLASS)
      return this.pushRepeat(item, min, max, itemMode);
    this.repeatCharacter(item, node, itemMode);
  }

  private literalIsCaseless(item: Node): boolean {
    if (item.kind === 'literal') return item.caseless;
    return (
      item.kind === 'class' && (item.caseless || classShape(item, this.ucp, this.unicodeCase) === 'casePair')
    );
  }

  /** Characters and types: a fixed count and a variable rest are two instructions. */
  private repeatCharacter(item: [number, number, number, number], node: Quantified, itemMode: number): void {
    const { min, max } = node;
    if (min === 0 || (min === 1 && max === Number.POSITIVE_INFINITY))
      return this.pushRepeat(item, min, max, itemMode);
    if (min === 1) {
      const wrap = itemMode === mode.POSSESSIVE && item[3] !== kind.CHAR && item[3] !== kind.NOT;
      const start = this.code.length;
      this.code.push(...item);
      this.pushRepeat(item, 0, max - 1, wrap ? mode.GREEDY : itemMode);
      if (wrap) this.wrapOnce(start);
      return;
    }
    this.pushRepeat(item, min, min, mode.GREEDY);
    if (max > min) this.pushRepeat(item, 0, max - min, itemMode);
  }

  private pushRepeat(
    item: [number, number, number, number],
    min: number,
    max: number,
    itemMode: number,
  ): void {
    const [code, a, b, itemKind] = item;
    this.code.push(
      op.REPEAT,
      a,
      b,
      itemKind,
      min,
      max === Number.POSITIVE_INFINITY ? -1 : max,
      itemMode,
      code,
    );
  }

  /** Puts a group without number around all code from `start` on. */
  private wrap(start: number, groupCode: number, ketCode: number): void {
    const size = this.code.length - start + 4;
    this.code.splice(start, 0, groupCode, size, 0, 0);
    this.code.push(ketCode, size);
  }

  private wrapOnce(start: number): void {
    this.wrap(start, op.ONCE, op.KET);
  }

  private repeatReference(node: Quantified, start: number): void {
    const { min, max } = node;
    if (max === 0) {
      this.code.length = start;
      return;
    }
    if (min === 1 && max === 1) return;
    const itemMode = modeOf(node);
    this.code[start + 4] = min;
    this.code[start + 5] = max === Number.POSITIVE_INFINITY ? -1 : max;
    this.code[start + 6] = itemMode === mode.LAZY ? mode.LAZY : mode.GREEDY;
    if (itemMode === mode.POSSESSIVE) this.wrapOnce(start);
  }

  private repeatCall(node: Quantified, start: number): void {
    const { min, max } = node;
    const possessive = node.mode === 'possessive';
    if (min === 1 && max === 1 && !possessive) return;
    let rest = start;
    let restMin = min;
    let restMax = max;
    if (min > 0 && !(min === 1 && max === Number.POSITIVE_INFINITY)) {
      const copies = min === max ? min - 1 : min;
      const call = this.code.slice(start, start + 3);
      for (let i = 0; i < copies; i++) this.code.push(...call);
      if (min === max) {
        if (possessive) this.wrapOnce(start);
        return;
      }
      rest = this.code.length - 3;
      restMax = max - min;
      restMin = 0;
    }
    this.wrap(rest, op.BRA, op.KET);
    this.groupCanBeEmpty = true;
    this.repeatGroup(restMin, restMax, node, rest, start);
  }

  /** Repeats the group at `start`; what a possessive quantifier makes atomic begins at `wrapStart`. */
  private repeatGroup(min: number, max: number, node: Quantified, start: number, wrapStart = start): void {
    const { code } = this;
    let possessive = node.mode === 'possessive';
    const lazy = node.mode === 'lazy';
    if (min === 1 && max === 1 && !possessive) return;
    if (this.isNeverObeyed(start)) return;
    const unlimited = max === Number.POSITIVE_INFINITY;
    const isAssertion = code[start]! >= op.AHEAD;
    const limit = isAssertion && unlimited ? min + 1 : max;
    if (limit === 0) {
      code.splice(start, 0, op.SKIP_ZERO);
      return;
    }
    if (limit === Number.POSITIVE_INFINITY) possessive = this.repeatForever(min, lazy, possessive, start);
    else this.repeatCounted(min, limit, lazy, start);
    if (possessive) this.wrapOnce(wrapStart);
  }

  private isNeverObeyed(start: number): boolean {
    const { code } = this;
    const isFalse = code[start] === op.CONDITION && code[start + 4] === op.IF_FALSE;
    return isFalse && code[start + code[start + 1]!] !== op.ALT;
  }

  private copyGroup(group: readonly number[], count: number): void {
    for (let i = 0; i < count; i++) for (const number of group) this.code.push(number);
  }

  private learnRepeatedFirst(min: number): void {
    if (min > 1 && this.groupSetFirst && !isKnown(this.required)) this.required = this.first;
  }

  private repeatCounted(min: number, max: number, lazy: boolean, start: number): void {
    const { code } = this;
    const group = code.slice(start);
    const zero = lazy ? op.ZERO_MIN : op.ZERO_MAX;
    code.length = start;
    this.copyGroup(group, min);
    this.learnRepeatedFirst(min);
    // x{0,3} is (x(x(x)?)?)?: each further copy is nested in the one before.
    const optional = max - min;
    const opened: number[] = [];
    for (let i = optional; i >= 1; i--) {
      code.push(zero);
      if (i > 1) {
        opened.push(code.length);
        code.push(op.BRA, 0, 0, 0);
      }
      this.copyGroup(group, 1);
    }
    for (let at = opened.pop(); at !== undefined; at = opened.pop()) {
      code[at + 1] = code.length - at;
      code.push(op.KET, code.length - at);
    }
  }

  /** Gives whether the whole must still be made atomic. */
  private repeatForever(min: number, lazy: boolean, possessive: boolean, start: number): boolean {
    const { code } = this;
    const group = code.slice(start);
    let zeroAt = -1;
    if (min === 0) {
      zeroAt = start;
      code.splice(start, 0, lazy ? op.ZERO_MIN : op.ZERO_MAX);
    } else {
      this.copyGroup(group, min - 1);
      this.learnRepeatedFirst(min);
    }
    const ket = code.length - 2;
    const bra = ket - code[ket + 1]!;
    if (code[bra] === op.ONCE && possessive) code[bra] = op.BRA;
    const ketCode = lazy ? op.KET_MIN : op.KET_MAX;
    if (code[bra] === op.ONCE || code[bra] === op.SCRIPT_RUN) {
      code[ket] = ketCode;
      return possessive;
    }
    if (this.groupCanBeEmpty) code[bra]!++;
    if (code[bra] === op.CONDITION && code[bra + code[bra + 1]!] !== op.ALT) code[bra] = op.CONDITION_EMPTY;
    if (!possessive) {
      code[ket] = ketCode;
      return false;
    }
    this.makePossessive(bra, ket);
    if (zeroAt >= 0) code[zeroAt] = op.ZERO_POSSESSIVE;
    return min >= 2;
  }

  private makePossessive(bra: number, ket: number): void {
    const { code } = this;
    if (code[bra] === op.CONDITION || code[bra] === op.CONDITION_EMPTY) {
      const possessive = code[bra] === op.CONDITION ? op.BRA_POSSESSIVE : op.BRA_EMPTY_POSSESSIVE;
      this.wrap(bra, possessive, op.KET_POSSESSIVE);
      return;
    }
    code[bra]! += 2;
    code[ket] = op.KET_POSSESSIVE;
  }
}

function modeOf(node: Quantified): number {
  return node.mode === 'greedy' ? mode.GREEDY : node.mode === 'lazy' ? mode.LAZY : mode.POSSESSIVE;
}
