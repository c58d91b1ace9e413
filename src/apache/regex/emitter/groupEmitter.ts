import type { Condition, Conditional, Group, Node } from '../ast';
import { isEmptyNegativeLookahead } from '../check';
import { op } from '../ops';
import { CHARACTER_VARIES, isKnown, none, unset, type KnownCharacter } from './known';
import { ReferenceEmitter } from './referenceEmitter';

/** What is learned about one branch or group. */
interface Learned {
  first: KnownCharacter;
  required: KnownCharacter;
  canBeEmpty: boolean;
}

interface GroupPlan {
  readonly code: number;
  readonly number: number;
  readonly alternatives: readonly (readonly Node[])[];
  readonly opening?: (() => void) | undefined;
  readonly lengths?: readonly number[] | undefined;
}

const groupCodes: Readonly<Record<Group['type'], number>> = {
  plain: op.BRA,
  capture: op.CAPTURE,
  atomic: op.ONCE,
  lookahead: op.AHEAD,
  negativeLookahead: op.AHEAD_NOT,
  lookbehind: op.BEHIND,
  negativeLookbehind: op.BEHIND_NOT,
  nonAtomicLookahead: op.AHEAD_NON_ATOMIC,
  nonAtomicLookbehind: op.BEHIND_NON_ATOMIC,
  scriptRun: op.SCRIPT_RUN,
  atomicScriptRun: op.SCRIPT_RUN,
};

/** Compiles groups and conditionals, branch by branch. */
export abstract class GroupEmitter extends ReferenceEmitter {
  /** Compiles one item of a branch. */
  protected abstract emitNode(node: Node): void;

  protected emitGroup(plan: GroupPlan): Learned {
    const { code } = this;
    const start = code.length;
    code.push(plan.code, 0, 0, plan.number);
    if (plan.number > 0) this.openCaptures.push({ number: plan.number, assertionDepth: this.assertionDepth });
    plan.opening?.();
    const learned: Learned = { first: unset, required: unset, canBeEmpty: false };
    let branchStart = start;
    for (let i = 0; i < plan.alternatives.length; i++) {
      if (i > 0) branchStart = this.startAlternative(branchStart);
      const back = plan.lengths?.[i] ?? 0;
      if (back > 0) code.push(op.REVERSE, back);
      const branch = this.emitBranch(plan.alternatives[i]!);
      if (branch.canBeEmpty) learned.canBeEmpty = true;
      if (i === 0) Object.assign(learned, { first: branch.first, required: branch.required });
      else mergeBranches(learned, branch);
    }
    code[branchStart + 1] = code.length - branchStart;
    code.push(op.KET, code.length - start);
    if (plan.number > 0) this.openCaptures.pop();
    return learned;
  }

  private startAlternative(before: number): number {
    const at = this.code.length;
    this.code[before + 1] = at - before;
    this.code.push(op.ALT, 0, 0, 0);
    return at;
  }

  private emitBranch(items: readonly Node[]): Learned {
    const saved = this.saveBranch();
    this.first = this.required = this.zeroFirst = this.zeroRequired = unset;
    this.groupSetFirst = this.matched = this.previousMatched = this.accepted = this.mustMatch = false;
    for (const item of items) this.emitNode(item);
    this.beginItem();
    const learned = { first: this.first, required: this.required, canBeEmpty: !this.mustMatch };
    Object.assign(this, saved);
    return learned;
  }

  private saveBranch(): object {
    const { first, required, zeroFirst, zeroRequired, groupSetFirst } = this;
    const { matched, previousMatched, accepted, mustMatch } = this;
    return {
      first,
      required,
      zeroFirst,
      zeroRequired,
      groupSetFirst,
      matched,
      previousMatched,
      accepted,
      mustMatch,
    };
  }

  protected emitGroupNode(node: Group, quantified: boolean): void {
    if (isEmptyNegativeLookahead(node) && !quantified) {
      this.code.push(op.FAIL);
      return;
    }
    if (node.type === 'atomicScriptRun') return this.emitAtomicScriptRun(node);
    const code = groupCodes[node.type];
    const isAssertion = code >= op.AHEAD;
    if (isAssertion) this.assertionDepth++;
    const { number, alternatives } = node;
    const varies = this.varies;
    const learned = this.emitGroup({ code, number, alternatives, lengths: this.lengths.get(node) });
    if (isAssertion) this.assertionDepth--;
    this.groupCanBeEmpty = learned.canBeEmpty;
    if (!isAssertion && !learned.canBeEmpty) this.matched = true;
    this.learnGroup(code, learned, varies);
  }

  private emitAtomicScriptRun(node: Group): void {
    const inner: Group = { ...node, type: 'atomic' };
    this.emitGroupNode({ ...node, type: 'scriptRun', alternatives: [[inner]] }, false);
  }

  private learnGroup(code: number, learned: Learned, varies: number): void {
    this.keepForZero();
    this.groupSetFirst = false;
    if (code < op.AHEAD) return this.learnPlainGroup(learned, varies);
    const isAhead = code === op.AHEAD || code === op.AHEAD_NON_ATOMIC;
    if (isAhead && isKnown(learned.required) && isKnown(learned.first)) this.required = learned.required;
  }

  private learnPlainGroup(learned: Learned, varies: number): void {
    let { required } = learned;
    if (this.first === unset && learned.first !== unset) {
      this.groupSetFirst = isKnown(learned.first);
      this.first = this.groupSetFirst ? learned.first : none;
      this.zeroFirst = none;
    } else if (isKnown(learned.first) && !isKnown(required)) {
      required = { code: learned.first.code, flags: learned.first.flags | varies };
    }
    if (isKnown(required)) this.required = required;
  }

  protected emitConditional(node: Conditional): void {
    const { condition, alternatives } = node;
    const varies = this.varies;
    const isAssertion = condition.kind === 'assertion';
    const plan: GroupPlan = { code: op.CONDITION, number: 0, alternatives };
    const learned = isAssertion
      ? this.emitGroup({ ...plan, alternatives: withCondition(condition, alternatives) })
      : this.emitGroup({ ...plan, opening: () => this.emitCondition(condition) });
    this.groupCanBeEmpty = learned.canBeEmpty;
    if (condition.kind === 'define') return;
    if (alternatives.length === 1) learned.first = learned.required = none;
    else if (!learned.canBeEmpty) this.matched = true;
    this.learnGroup(op.CONDITION, learned, varies);
  }

  private emitCondition(condition: Condition): void {
    switch (condition.kind) {
      case 'number':
        if (condition.number > this.topReference) this.topReference = condition.number;
        this.code.push(op.IF_SET, condition.number);
        return;
      case 'version':
        this.code.push(condition.holds ? op.IF_TRUE : op.IF_FALSE, 0);
        return;
      case 'name':
      case 'recursionName':
      case 'recursionNumber':
        return this.emitNamedCondition(condition.kind, condition.name);
      default:
        this.code.push(op.IF_FALSE, 0);
    }
  }

  private emitNamedCondition(conditionKind: Condition['kind'], name: string): void {
    const numbers = this.pattern.names.get(name);
    if (numbers === undefined) {
      const number = Number(name.slice(1));
      this.code.push(op.IF_RECURSION, number === 0 ? -1 : number);
      return;
    }
    const isRecursion = conditionKind === 'recursionName';
    if (numbers.length > 1) {
      for (const referred of numbers) this.noteReference(referred);
      this.code.push(isRecursion ? op.IF_RECURSION_LIST : op.IF_SET_LIST, this.addList(numbers));
      return;
    }
    if (numbers[0]! > this.topReference) this.topReference = numbers[0]!;
    this.code.push(isRecursion ? op.IF_RECURSION : op.IF_SET, numbers[0]!);
  }
}

function withCondition(
  condition: Condition & { kind: 'assertion' },
  alternatives: readonly (readonly Node[])[],
): readonly (readonly Node[])[] {
  return alternatives.map((items, index) => (index === 0 ? [condition.assertion, ...items] : items));
}

/** A later branch must agree with what is known of the ones before. */
function mergeBranches(learned: Learned, branch: Learned): void {
  if (!same(learned.first, branch.first)) {
    if (isKnown(learned.first) && !isKnown(learned.required)) learned.required = learned.first;
    learned.first = none;
  }
  let { required } = branch;
  if (!isKnown(learned.first) && isKnown(branch.first) && !isKnown(required)) required = branch.first;
  const agree =
    learned.required.code === required.code &&
    (learned.required.flags & ~CHARACTER_VARIES) === (required.flags & ~CHARACTER_VARIES);
  if (!agree) learned.required = none;
  else learned.required = { code: required.code, flags: learned.required.flags | required.flags };
}

function same(left: KnownCharacter, right: KnownCharacter): boolean {
  return left.flags === right.flags && left.code === right.code;
}
