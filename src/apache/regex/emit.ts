/** Tree -> program. Keeps PCRE2's way of unrolling counted groups, and what it learns about first and required characters. */
import type {
  Anchor,
  CharacterClass,
  Condition,
  Conditional,
  Group,
  Node,
  Pattern,
  Quantified,
  TypeName,
  Verb,
} from './ast';
import { classShape, isEmptyNegativeLookahead, multipleCases } from './check';
import { type ByteSet, classSet, invert, otherCase, otherCaseUcp, propertySet, typeSet } from './classes';
import type { LookbehindLengths } from './lookbehind';
import { endOfGroup, isGroupStart, kind, lengthOf, mode, op, type } from './ops';
import { propertyOf } from './properties';
import type { PropertyTest } from './propertyExclusion';

/** A character that every match starts with or contains: the code and flags, or one of the two markers below. */
export interface KnownCharacter {
  readonly code: number;
  readonly flags: number;
}

export const CHARACTER_CASELESS = 1;
/** It stands behind something of variable length. */
export const CHARACTER_VARIES = 2;
/** Nothing is known because there is no fixed character. */
export const CHARACTER_NONE = 0x7ffffffe;
/** Nothing that matches a character was met yet. */
export const CHARACTER_UNSET = 0x7fffffff;

const unset: KnownCharacter = { code: 0, flags: CHARACTER_UNSET };
const none: KnownCharacter = { code: 0, flags: CHARACTER_NONE };

/** What the emitter knows about the program besides its code. */
export interface Emitted {
  readonly code: number[];
  readonly sets: ByteSet[];
  /** Group numbers behind ambiguous names. */
  readonly lists: (readonly number[])[];
  readonly verbArguments: string[];
  readonly properties: PropertyTest[];
  readonly first: KnownCharacter;
  readonly required: KnownCharacter;
  readonly canBeEmpty: boolean;
  readonly hasThen: boolean;
  readonly hasPruneOrSkip: boolean;
  readonly hasAccept: boolean;
  readonly hasCall: boolean;
  readonly hasKeepOut: boolean;
  /** The pattern names a carriage return or a line feed. */
  readonly hasCrOrLf: boolean;
  /** Groups that are referred to: bit 0 stands for all from 32 on. */
  readonly referenceMap: number;
  readonly topReference: number;
}

/** What is learned about one branch or group. */
interface Learned {
  first: KnownCharacter;
  required: KnownCharacter;
  canBeEmpty: boolean;
}

interface OpenCapture {
  readonly number: number;
  readonly assertionDepth: number;
}

interface GroupPlan {
  readonly code: number;
  readonly number: number;
  readonly alternatives: readonly (readonly Node[])[];
  readonly opening?: (() => void) | undefined;
  readonly lengths?: readonly number[] | undefined;
}

/** Compiles a checked pattern. */
export function emitProgram(pattern: Pattern, lengths: LookbehindLengths): Emitted {
  return new Emitter(pattern, lengths).run();
}

const typeNumbers: Readonly<Record<TypeName, number>> = {
  d: type.DIGIT,
  D: type.NOT_DIGIT,
  s: type.SPACE,
  S: type.NOT_SPACE,
  w: type.WORD,
  W: type.NOT_WORD,
  h: type.HORIZONTAL,
  H: type.NOT_HORIZONTAL,
  v: type.VERTICAL,
  V: type.NOT_VERTICAL,
};

// Under (*UCP) these are properties.
const ucpTypes: Readonly<Record<string, string>> = { d: 'nd', s: 'xsp', w: 'xwd' };

class Emitter {
  private readonly pattern: Pattern;
  private readonly lengths: LookbehindLengths;
  private readonly ucp: boolean;
  /** Case is Unicode's. */
  private readonly unicodeCase: boolean;
  private readonly code: number[] = [];
  private readonly sets: ByteSet[] = [];
  private readonly typeSets = new Map<number, number>();
  private readonly lists: (readonly number[])[] = [];
  private readonly verbArguments: string[] = [];
  private readonly properties: PropertyTest[] = [];
  private assertionDepth = 0;
  private openCaptures: OpenCapture[] = [];
  private varies = 0;
  private hasThen = false;
  private hasPruneOrSkip = false;
  private hasAccept = false;
  private hasCall = false;
  private hasKeepOut = false;
  private hasCrOrLf = false;
  private referenceMap = 0;
  private topReference = 0;

  // The branch that is being compiled.
  private first = unset;
  private required = unset;
  // What these two fall back to when the item before turns out to be optional.
  private zeroFirst = unset;
  private zeroRequired = unset;
  private groupSetFirst = false;
  private matched = false;
  private previousMatched = false;
  private accepted = false;
  private mustMatch = false;
  private groupCanBeEmpty = false;

  constructor(pattern: Pattern, lengths: LookbehindLengths) {
    this.pattern = pattern;
    this.lengths = lengths;
    this.ucp = pattern.settings.ucp;
    this.unicodeCase = pattern.settings.ucp || pattern.settings.utf;
  }

  run(): Emitted {
    const learned = this.emitGroup({ code: op.BRA, number: 0, alternatives: this.pattern.alternatives });
    this.code.push(op.END);
    this.resolve();
    return {
      code: this.code,
      sets: this.sets,
      lists: this.lists,
      verbArguments: this.verbArguments,
      properties: this.properties,
      first: learned.first,
      required: this.hasAccept ? none : learned.required,
      canBeEmpty: learned.canBeEmpty,
      hasThen: this.hasThen,
      hasPruneOrSkip: this.hasPruneOrSkip,
      hasAccept: this.hasAccept,
      hasCall: this.hasCall,
      hasKeepOut: this.hasKeepOut,
      hasCrOrLf: this.hasCrOrLf,
      referenceMap: this.referenceMap,
      topReference: this.topReference,
    };
  }

  /** Gives calls their addresses and every alternative the way to the end of its group. */
  private resolve(): void {
    const { code } = this;
    const groups = new Map<number, number>([[0, 0]]);
    for (let at = 0; at < code.length; at += lengthOf[code[at]!]!) {
      const number = code[at]! >= op.CAPTURE && code[at]! <= op.CAPTURE_EMPTY_POSSESSIVE ? code[at + 3]! : 0;
      if (number > 0 && !groups.has(number)) groups.set(number, at);
    }
    for (let at = 0; at < code.length; at += lengthOf[code[at]!]!) {
      if (isGroupStart(code[at]!)) this.linkEnds(at);
      else if (code[at] === op.CALL) code[at + 1] = groups.get(code[at + 2]!)!;
    }
  }

  private linkEnds(start: number): void {
    const end = endOfGroup(this.code, start);
    for (let at = start; at !== end; at += this.code[at + 1]!) this.code[at + 2] = end - at;
  }

  // ---- Groups and branches

  private emitGroup(plan: GroupPlan): Learned {
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

  private beginItem(): void {
    if (this.matched && !this.accepted) this.mustMatch = true;
    this.previousMatched = this.matched;
    this.matched = false;
  }

  private emitNode(node: Node): void {
    switch (node.kind) {
      case 'literal':
        for (let i = 0; i < node.text.length; i++) this.emitLiteral(node.text.charCodeAt(i), node.caseless);
        return;
      case 'dot':
        this.beginItem();
        return this.emitType(node.dotAll ? type.ALL : type.ANY);
      case 'type':
        this.beginItem();
        return this.emitCharacterType(node.type);
      case 'property':
        this.beginItem();
        if (node.name === 'any' && !node.negated) return this.emitType(type.ALL);
        return this.emitProperty(node.name, node.negated);
      case 'cluster':
        this.beginItem();
        return this.emitType(node.type === 'R' ? type.NEWLINE : type.CLUSTER);
      case 'class':
        return this.emitClass(node);
      case 'anchor':
        this.beginItem();
        return this.emitAnchor(node);
      case 'group':
        this.beginItem();
        this.emitGroupNode(node, false);
        return;
      case 'conditional':
        this.beginItem();
        this.emitConditional(node);
        return;
      case 'backreference':
        this.beginItem();
        return this.emitReference(node.name, node.number, node.caseless);
      case 'call':
        this.beginItem();
        return this.emitCall(node.name === undefined ? node.number : this.pattern.names.get(node.name)![0]!);
      case 'verb':
        return this.emitVerb(node);
      case 'quantified':
        return this.emitQuantified(node);
      case 'callout':
      case 'options':
        this.beginItem();
        return;
      default:
    }
  }

  // ---- Single characters

  private otherCaseOf(code: number): number {
    return this.unicodeCase ? otherCaseUcp(code) : otherCase(code);
  }

  private emitLiteral(code: number, caseless: boolean): void {
    this.beginItem();
    this.matched = true;
    if (this.unicodeCase && caseless && multipleCases.has(code)) {
      const set = new Uint8Array(256);
      set[code] = set[this.otherCaseOf(code)] = 1;
      this.code.push(op.SET, this.addSet(set), -1, kind.PROPERTY);
      if (this.first === unset) this.first = this.zeroFirst = none;
      return;
    }
    this.code.push(op.CHAR, code, caseless ? this.otherCaseOf(code) : code, kind.CHAR);
    if (code === 13 || code === 10) this.hasCrOrLf = true;
    this.learnCharacter(code, caseless ? CHARACTER_CASELESS : 0);
  }

  private learnCharacter(code: number, flags: number): void {
    this.zeroRequired = this.required;
    if (this.first === unset) {
      this.zeroFirst = none;
      this.first = { code, flags };
    } else {
      this.zeroFirst = this.first;
      this.required = { code, flags: flags | this.varies };
    }
  }

  /** Something that matches a character, but no fixed one. */
  private learnVariable(): void {
    this.matched = true;
    if (this.first === unset) this.first = none;
    this.keepForZero();
  }

  private keepForZero(): void {
    this.zeroFirst = this.first;
    this.zeroRequired = this.required;
  }

  private addSet(set: ByteSet): number {
    this.sets.push(set);
    return this.sets.length - 1;
  }

  private emitSet(set: ByteSet, setKind: number, detail = -1): void {
    this.code.push(op.SET, this.addSet(set), detail, setKind);
    this.learnVariable();
  }

  private emitType(number: number): void {
    this.learnVariable();
    this.code.push(...this.typeInstruction(number));
  }

  private typeInstruction(number: number): [number, number, number, number] {
    if (number === type.NEWLINE) return [op.NEWLINE, 0, number, kind.TYPE];
    if (number === type.CLUSTER) return [op.CLUSTER, 0, number, kind.TYPE];
    if (number === type.ANY && this.pattern.settings.newline === 'CRLF')
      return [op.DOT_CRLF, 0, number, kind.TYPE];
    let index = this.typeSets.get(number);
    if (index === undefined) {
      index = this.addSet(this.setOfType(number));
      this.typeSets.set(number, index);
    }
    return [op.SET, index, number, kind.TYPE];
  }

  private setOfType(number: number): ByteSet {
    if (number === type.ALL) return new Uint8Array(256).fill(1);
    if (number === type.ANY) return invert(newlineSet(this.pattern.settings.newline));
    const name = (Object.keys(typeNumbers) as TypeName[]).find((key) => typeNumbers[key] === number)!;
    return typeSet(name, this.ucp);
  }

  private emitCharacterType(name: TypeName): void {
    const property = this.ucp ? ucpTypes[name.toLowerCase()] : undefined;
    if (property !== undefined) return this.emitProperty(property, name !== name.toLowerCase());
    this.emitType(typeNumbers[name]);
  }

  private emitProperty(name: string, negated: boolean): void {
    const set = propertySet(name, negated);
    this.properties.push({ property: propertyOf(name)!, negated });
    this.emitSet(set, kind.PROPERTY, this.properties.length - 1);
  }

  private emitClass(node: CharacterClass): void {
    const shape = classShape(node, this.ucp, this.unicodeCase);
    const [item] = node.items;
    const code = item?.kind === 'range' ? item.from : 0;
    if (shape === 'character') return this.emitLiteral(code, node.caseless);
    if (shape === 'casePair') return this.emitLiteral(code, true);
    this.beginItem();
    if (shape === 'notCharacter') return this.emitNotCharacter(code, node.caseless);
    const named = node.items.some(
      (part) => part.kind === 'range' && [part.from, part.to].some((c) => c === 13 || c === 10),
    );
    if (named) this.hasCrOrLf = true;
    this.emitSet(
      classSet(node, this.ucp, this.unicodeCase),
      shape === 'set' ? kind.CLASS : kind.PROPERTY_CLASS,
    );
  }

  private emitNotCharacter(code: number, caseless: boolean): void {
    const set = new Uint8Array(256).fill(1);
    set[code] = 0;
    if (caseless) set[this.otherCaseOf(code)] = 0;
    const isList = this.unicodeCase && caseless && multipleCases.has(code);
    this.code.push(op.SET, this.addSet(set), -1, isList ? kind.PROPERTY : kind.NOT);
    this.learnVariable();
  }

  // ---- Anchors, references, verbs

  private emitAnchor(node: Anchor): void {
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

  private noteReference(number: number): void {
    this.referenceMap |= number < 32 ? 1 << number : 1;
    if (number > this.topReference) this.topReference = number;
  }

  private emitReference(name: string | undefined, number: number, caseless: boolean): void {
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

  private addList(numbers: readonly number[]): number {
    this.lists.push(numbers);
    return this.lists.length - 1;
  }

  private emitCall(number: number): void {
    this.code.push(op.CALL, 0, number);
    this.groupSetFirst = false;
    this.hasCall = true;
    if (this.first === unset) this.first = none;
    this.zeroFirst = this.first;
  }

  private emitVerb(node: Verb): void {
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

  // ---- Groups

  private emitGroupNode(node: Group, quantified: boolean): void {
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

  private emitConditional(node: Conditional): void {
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

  // ---- Quantifiers

  private emitQuantified(node: Quantified): void {
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

/** Bytes at which a newline of that convention starts (for CRLF see DOT_CRLF). */
export function newlineSet(convention: string): ByteSet {
  const set = new Uint8Array(256);
  if (convention === 'NUL') set[0] = 1;
  if (convention !== 'NUL' && convention !== 'CR') set[10] = 1;
  if (convention !== 'NUL' && convention !== 'LF') set[13] = 1;
  if (convention === 'ANY') set[11] = set[12] = set[0x85] = 1;
  return set;
}

/** True when a character is known, not one of the two markers. */
export function isKnown(character: KnownCharacter): boolean {
  return character.flags < CHARACTER_NONE;
}

function modeOf(node: Quantified): number {
  return node.mode === 'greedy' ? mode.GREEDY : node.mode === 'lazy' ? mode.LAZY : mode.POSSESSIVE;
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
