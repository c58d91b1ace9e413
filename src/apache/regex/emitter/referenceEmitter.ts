import type { Anchor, Verb } from '../ast';
import { mode, op } from '../ops';
import { CharacterEmitter } from './characterEmitter';
import { none, unset } from './known';

/** Compiles anchors, references, calls and verbs. */
export class ReferenceEmitter extends CharacterEmitter {
  protected emitAnchor(node: Anchor): void {
    const isStart = node.type === '^' && node.multiline;
    if (isStart && this.first === unset) this.first = this.zeroFirst = none;
    if (node.type !== '^' && node.type !== '$') this.keepForZero();
    if (node.type === 'K') this.hasKeepOut = true;
    this.code.push(this.anchorCode(node));
  }

  private anchorCode(node: Anchor): number {
    switch (node.type) {
      case '^':
        return node.multiline ? op.START_LINE : op.START;
      case '$':
        return node.multiline ? op.END_LINE : op.END_DOLLAR;
      case 'A':
        return op.SUBJECT_START;
      case 'z':
        return op.SUBJECT_END;
      case 'Z':
        return op.SUBJECT_END_NEWLINE;
      case 'G':
        return op.MATCH_START;
      case 'K':
        return op.KEEP_OUT;
      default:
        return node.type === 'b' ? op.WORD_EDGE : op.NOT_WORD_EDGE;
    }
  }

  protected noteReference(number: number): void {
    this.referenceMap |= number < 32 ? 1 << number : 1;
    if (number > this.topReference) this.topReference = number;
  }

  protected emitReference(name: string | undefined, number: number, caseless: boolean): void {
    const numbers = name === undefined ? [number] : this.pattern.names.get(name)!;
    for (const referred of numbers) this.noteReference(referred);
    if (this.first === unset) {
      this.first = none;
      if (numbers.length === 1) this.zeroFirst = none;
    }
    const isList = numbers.length > 1;
    const operand = isList ? this.addList(numbers) : numbers[0]!;
    this.code.push(op.REFERENCE, isList ? 1 : 0, operand, caseless ? 1 : 0, 1, 1, mode.GREEDY);
  }

  protected addList(numbers: readonly number[]): number {
    this.lists.push(numbers);
    return this.lists.length - 1;
  }

  protected emitCall(number: number): void {
    this.code.push(op.CALL, 0, number);
    this.groupSetFirst = false;
    this.hasCall = true;
    if (this.first === unset) this.first = none;
    this.zeroFirst = this.first;
  }

  protected emitVerb(node: Verb): void {
    this.beginItem();
    const { verb, argument } = node;
    const index = argument === undefined ? -1 : this.addArgument(argument);
    if (verb === 'MARK') this.code.push(op.MARK, index);
    else if (verb === 'ACCEPT') this.emitAccept(index);
    else if (verb === 'FAIL') {
      if (index >= 0) this.code.push(op.MARK, index);
      this.code.push(op.FAIL);
    } else if (verb === 'COMMIT') this.code.push(op.COMMIT, index);
    else if (verb === 'THEN') {
      this.hasThen = true;
      this.code.push(op.THEN, index);
    } else {
      this.hasPruneOrSkip = true;
      this.code.push(verb === 'PRUNE' ? op.PRUNE : op.SKIP, index);
    }
  }

  private addArgument(argument: string): number {
    this.verbArguments.push(argument);
    return this.verbArguments.length - 1;
  }

  private emitAccept(index: number): void {
    if (index >= 0) this.code.push(op.MARK, index);
    this.hasAccept = true;
    this.accepted = true;
    for (let i = this.openCaptures.length - 1; i >= 0; i--) {
      const capture = this.openCaptures[i]!;
      if (capture.assertionDepth < this.assertionDepth) break;
      this.code.push(op.CLOSE, capture.number);
    }
    this.code.push(this.assertionDepth > 0 ? op.ASSERT_ACCEPT : op.ACCEPT);
    if (this.first === unset) this.first = none;
  }
}
