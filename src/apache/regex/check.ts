/**
 * What PCRE2 checks once the whole pattern is parsed, in its order: lengths of lookbehinds, then references, \K and the size of
 * the compiled pattern, then the number of branches of conditional groups.
 */
import type {
  Backreference,
  Call,
  CharacterClass,
  Condition,
  Conditional,
  Group,
  Node,
  Pattern,
  Quantified,
  TypeName,
} from './ast';
import { otherCase } from './classes';
import {
  conditionItems,
  isLookahead,
  isLookbehind,
  type LookbehindLengths,
  measureLookbehinds,
} from './lookbehind';
import type { Refusal } from './parse';

type Alternatives = readonly (readonly Node[])[];

export interface CheckResult {
  readonly refusal: Refusal | undefined;
  readonly lookbehindLengths: LookbehindLengths;
}

const MAX_SIZE = 65536;
// No pattern shorter than this can grow beyond the limit without counted groups: 33 bytes for a class of three characters is the worst.
const SMALL_SOURCE = 5000;

/** Checks a parsed pattern. Never throws; recursion is bounded by the parser's nesting limit. */
export function checkPattern(pattern: Pattern): CheckResult {
  const { features, source } = pattern;
  const lookbehindLengths: LookbehindLengths = new Map();
  let refusal: Refusal | undefined;
  if (features.lookbehind) refusal = measureLookbehinds(pattern, lookbehindLengths);
  if (
    refusal === undefined &&
    (features.reference || features.countedGroup || source.length > SMALL_SOURCE)
  ) {
    refusal = new ReferenceChecker(pattern, lookbehindLengths).check();
  }
  if (refusal === undefined && features.conditional) refusal = checkBranches(pattern);
  return { refusal, lookbehindLengths };
}

// ---- References and size

const BRACKETS = 6;
const LINK = 3;

/** Characters with more than one other case in Unicode. */
export const multipleCases: ReadonlySet<number> = new Set([0x4b, 0x6b, 0x53, 0x73, 0xb5, 0xc5, 0xe5]);

/** What a class is compiled to; decides its size and how the matcher treats it. */
export type ClassShape = 'character' | 'notCharacter' | 'casePair' | 'set' | 'properties';

/** The shape of a class; `[aA]` is a caseless character (but not `[kK]` and `[sS]`, which have a third case in Unicode). */
export function classShape(node: CharacterClass, ucp: boolean, unicodeCase: boolean): ClassShape {
  const [first, second] = node.items;
  if (first === undefined) return 'set';
  if (node.items.length === 1 && first.kind === 'range' && first.from === first.to) {
    return node.negated ? 'notCharacter' : 'character';
  }
  if (node.items.length === 2 && !node.negated && first.kind === 'range' && second?.kind === 'range') {
    const single = first.from === first.to && second.from === second.to;
    if (single && !multipleCases.has(first.from) && isCasePair(first.from, second.from, unicodeCase))
      return 'casePair';
  }
  return node.items.some((item) => isPropertyItem(item, ucp)) ? 'properties' : 'set';
}

function isCasePair(first: number, second: number, unicodeCase: boolean): boolean {
  if (first === second) return false;
  const latin =
    unicodeCase && first >= 0xc0 && first !== 0xd7 && first !== 0xf7 && first !== 0xdf && first !== 0xff;
  return latin ? (first ^ 0x20) === second : otherCase(first) === second;
}

function isPropertyItem(item: CharacterClass['items'][number], ucp: boolean): boolean {
  if (item.kind === 'property') return true;
  if (!ucp) return false;
  if (item.kind === 'type') return isUcpType(item.type);
  return item.kind === 'posix' && !['ascii', 'blank', 'xdigit'].includes(item.name);
}

function isUcpType(type: TypeName): boolean {
  return 'dDsSwW'.includes(type);
}

class ReferenceChecker {
  private readonly pattern: Pattern;
  private readonly lengths: LookbehindLengths;
  private readonly ucp: boolean;
  private assertionDepth = 0;
  private openCaptures: number[] = [];
  private refusal: Refusal | undefined;

  constructor(pattern: Pattern, lengths: LookbehindLengths) {
    this.pattern = pattern;
    this.lengths = lengths;
    this.ucp = pattern.settings.ucp;
  }

  check(): Refusal | undefined {
    const size = this.alternativesSize(this.pattern.alternatives, BRACKETS, undefined);
    if (this.refusal === undefined && size > MAX_SIZE) this.fail(120, this.pattern.source.length);
    return this.refusal;
  }

  private fail(code: number, offset: number): number {
    this.refusal ??= { code, offset };
    return 0;
  }

  /** Size of a group: its brackets and what they carry, and each branch. */
  private alternativesSize(
    alternatives: Alternatives,
    brackets: number,
    lookbehind: readonly number[] | undefined,
  ): number {
    let size = brackets;
    for (let i = 0; i < alternatives.length; i++) {
      if (i > 0) size += LINK;
      if (lookbehind !== undefined && (lookbehind[i] ?? 0) > 0) size += LINK;
      for (const node of alternatives[i]!) {
        size += this.nodeSize(node);
        if (this.refusal !== undefined) return 0;
        if (size > MAX_SIZE) return this.fail(120, this.pattern.source.length);
      }
    }
    return size;
  }

  private nodeSize(node: Node): number {
    switch (node.kind) {
      case 'literal':
        return this.literalSize(node.text, node.caseless);
      case 'type':
        return this.ucp && isUcpType(node.type) ? 3 : 1;
      case 'property':
        return node.name === 'any' && !node.negated ? 1 : 3;
      case 'class':
        return this.classSize(node);
      case 'anchor':
        return this.anchorSize(node.type);
      case 'group':
        return this.groupSize(node);
      case 'conditional':
        return this.conditionalSize(node);
      case 'backreference':
        return this.backreferenceSize(node);
      case 'call':
        return this.callSize(node);
      case 'quantified':
        return this.quantifiedSize(node);
      case 'verb':
        return this.verbSize(node);
      case 'callout':
        return node.stringLength > 0 ? node.stringLength + 9 : 6;
      case 'dot':
      case 'cluster':
        return 1;
      default:
        return 0;
    }
  }

  private literalSize(text: string, caseless: boolean): number {
    if (!this.ucp && !this.pattern.settings.utf) return text.length * 2;
    let size = 0;
    for (const character of text) {
      const code = character.codePointAt(0)!;
      const bytes = !this.pattern.settings.utf || code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
      size += caseless && multipleCases.has(code) ? 3 : 1 + bytes;
    }
    return size;
  }

  private classSize(node: CharacterClass): number {
    const { ucp, utf } = this.pattern.settings;
    const shape = classShape(node, ucp, ucp || utf);
    if (shape === 'set') return 33;
    if (shape !== 'properties') return 2;
    let size = 5;
    let hasMap = false;
    for (const item of node.items) {
      if (isPropertyItem(item, this.ucp)) size += 3;
      else hasMap = true;
    }
    return hasMap ? size + 32 : size;
  }

  private anchorSize(type: string): number {
    if (type === 'K' && this.assertionDepth > 0) return this.fail(199, this.pattern.source.length);
    return 1;
  }

  private groupSize(node: Group): number {
    if (isEmptyNegativeLookahead(node)) return 1;
    const isAssertion = isLookahead(node) || isLookbehind(node);
    if (isAssertion) this.assertionDepth++;
    if (node.number > 0) this.openCaptures.push(this.assertionDepth);
    const brackets =
      node.number > 0 ? BRACKETS + 2 : node.type === 'atomicScriptRun' ? 2 * BRACKETS : BRACKETS;
    const size = this.alternativesSize(node.alternatives, brackets, this.lengths.get(node));
    if (node.number > 0) this.openCaptures.pop();
    if (isAssertion) this.assertionDepth--;
    return size;
  }

  private conditionalSize(node: Conditional): number {
    const extra = this.conditionSize(node.condition);
    let size = BRACKETS + extra;
    for (const item of conditionItems(node.condition)) size += this.nodeSize(item);
    return this.refusal === undefined ? this.alternativesSize(node.alternatives, size, undefined) : 0;
  }

  private conditionSize(condition: Condition): number {
    switch (condition.kind) {
      case 'number':
        return condition.number > this.pattern.groupCount ? this.fail(115, condition.offset) : 3;
      case 'name':
      case 'recursionName':
      case 'recursionNumber':
        return this.namedConditionSize(condition);
      case 'define':
      case 'version':
        return 1;
      default:
        return 0;
    }
  }

  private namedConditionSize(condition: Condition & { readonly name: string }): number {
    const { kind, name, offset } = condition as Condition & {
      readonly name: string;
      readonly offset: number;
    };
    const numbers = this.pattern.names.get(name);
    if (numbers !== undefined) return numbers.length > 1 ? 5 : 3;
    if (kind !== 'recursionNumber') return this.fail(115, offset);
    let number = 0;
    for (let i = 1; i < name.length; i++) {
      number = number * 10 + name.charCodeAt(i) - 48;
      if (number > 65535) return this.fail(161, offset + i);
    }
    return number > this.pattern.groupCount ? this.fail(115, offset) : 3;
  }

  private backreferenceSize(node: Backreference): number {
    if (node.name === undefined)
      return node.number > this.pattern.groupCount ? this.fail(115, node.offset) : 3;
    const numbers = this.pattern.names.get(node.name);
    if (numbers === undefined) return this.fail(115, node.offset);
    return numbers.length > 1 ? 5 : 3;
  }

  private callSize(node: Call): number {
    const known =
      node.name === undefined ? node.number <= this.pattern.groupCount : this.pattern.names.has(node.name);
    return known ? LINK : this.fail(115, node.offset);
  }

  private verbSize(node: Node & { kind: 'verb' }): number {
    const { verb, argument } = node;
    const mark = argument === undefined ? 0 : argument.length + 3;
    if (verb === 'ACCEPT') {
      const closing = this.openCaptures.filter((depth) => depth >= this.assertionDepth).length;
      return mark + 1 + 3 * closing;
    }
    if (verb === 'FAIL') return mark + 1;
    return argument === undefined ? 1 : mark;
  }

  private quantifiedSize(node: Quantified): number {
    const { item } = node;
    if (item.kind === 'verb') return this.repeatedGroupSize(node, BRACKETS + this.verbSize(item));
    if (item.kind === 'group' || item.kind === 'conditional') {
      const emptyNot = item.kind === 'group' && isEmptyNegativeLookahead(item);
      return this.repeatedGroupSize(node, emptyNot ? BRACKETS : this.nodeSize(item));
    }
    const size = this.nodeSize(item);
    if (this.refusal !== undefined) return 0;
    if (item.kind === 'call') return this.repeatedCallSize(node);
    const isClass = item.kind === 'class' && size > 3;
    if (isClass || item.kind === 'backreference') return this.repeatedClassSize(node, size);
    return this.repeatedSingleSize(node, size);
  }

  /** A character or a type: x* is as large as x; counts add three bytes. */
  private repeatedSingleSize(node: Quantified, size: number): number {
    const { min, max, mode, item } = node;
    const operand = item.kind === 'literal' || item.kind === 'class' ? size - 1 : size;
    const unlimited = max === Number.POSITIVE_INFINITY;
    if (max === 0 || (min === 1 && max === 1)) return size;
    if (min === 0) return Math.max(size, (unlimited || max === 1 ? 1 : 3) + operand);
    if (min === 1) {
      if (unlimited) return Math.max(size, 1 + operand);
      // A possessive count behind a type cannot be marked so and is wrapped in an atomic group.
      const wrapped = mode === 'possessive' && operand === size ? BRACKETS : 0;
      return size + 3 + operand + wrapped;
    }
    if (max === min) return 3 + operand;
    return 3 + operand + (unlimited || max - min === 1 ? 1 : 3) + operand;
  }

  private repeatedClassSize(node: Quantified, size: number): number {
    const { min, max, mode, item } = node;
    if (max === 0 || (min === 1 && max === 1)) return size;
    const simple = (min === 0 && max === 1) || (max === Number.POSITIVE_INFINITY && min <= 1);
    const wrapped = mode === 'possessive' && item.kind === 'backreference' ? BRACKETS : 0;
    return size + (simple ? 1 : 5) + wrapped;
  }

  private repeatedCallSize(node: Quantified): number {
    const { min, max, mode } = node;
    const possessive = mode === 'possessive';
    if (min === 1 && max === 1 && !possessive) return LINK;
    const unlimited = max === Number.POSITIVE_INFINITY;
    let copies = 1;
    if (min > 0 && !(min === 1 && unlimited)) {
      copies = min === max ? min : min + 1;
      if (min === max) return LINK * copies + (possessive ? BRACKETS : 0);
      const rest = { ...node, min: 0, max: max - min };
      return LINK * (copies - 1) + this.repeatedGroupSize(rest, LINK + BRACKETS);
    }
    return this.repeatedGroupSize(node, LINK + BRACKETS);
  }

  private repeatedGroupSize(node: Quantified, size: number): number {
    if (this.refusal !== undefined) return 0;
    const { min, mode, item } = node;
    const possessive = mode === 'possessive';
    const isAssertion = item.kind === 'group' && (isLookahead(item) || isLookbehind(item));
    const max = isAssertion && node.max === Number.POSITIVE_INFINITY ? min + 1 : node.max;
    if (min === 1 && max === 1 && !possessive) return size;
    if (max === 0) return size + 1;
    const unlimited = max === Number.POSITIVE_INFINITY;
    let total = size;
    let more = max - min;
    if (min === 0) {
      total += max === 1 || unlimited ? 1 : 1 + BRACKETS;
      more = max - 1;
    } else total += (min - 1) * size;
    if (!unlimited && more > 0) total += more * (size + 1 + BRACKETS) - BRACKETS;
    if (possessive) total += this.possessiveSize(node, unlimited);
    return total;
  }

  private possessiveSize(node: Quantified, unlimited: boolean): number {
    if (!unlimited) return BRACKETS;
    const isScriptRun = node.item.kind === 'group' && node.item.type.endsWith('criptRun');
    if (isScriptRun) return BRACKETS;
    return (node.item.kind === 'conditional' ? BRACKETS : 0) + (node.min < 2 ? 0 : BRACKETS);
  }
}

/** True for (?!), which never holds. */
export function isEmptyNegativeLookahead(group: Group): boolean {
  const [only, second] = group.alternatives;
  if (group.type !== 'negativeLookahead' || only === undefined || second !== undefined) return false;
  return only.every((item) => item.kind === 'comment');
}

// ---- Conditional groups

/**
 * Not more than two branches, one for DEFINE. The offset that PCRE2 gives is that of the last reference before, in the same branch,
 * when the condition has none of its own.
 */
function checkBranches(pattern: Pattern): Refusal | undefined {
  return new BranchChecker().checkAll(pattern.alternatives);
}

class BranchChecker {
  private offset = 0;

  checkAll(alternatives: Alternatives, opening: readonly Node[] = []): Refusal | undefined {
    const outer = this.offset;
    for (let i = 0; i < alternatives.length; i++) {
      this.offset = 0;
      const refusal = this.checkItems(i === 0 ? opening : []) ?? this.checkItems(alternatives[i]!);
      if (refusal !== undefined) return refusal;
    }
    this.offset = outer;
    return undefined;
  }

  private checkItems(items: readonly Node[]): Refusal | undefined {
    for (const node of items) {
      const refusal = this.checkNode(node);
      if (refusal !== undefined) return refusal;
    }
    return undefined;
  }

  private checkNode(node: Node): Refusal | undefined {
    switch (node.kind) {
      case 'quantified':
        return this.checkNode(node.item);
      case 'group':
        return this.checkAll(node.alternatives);
      case 'conditional':
        return this.checkConditional(node);
      case 'backreference':
      case 'call':
        this.offset = node.offset;
        return undefined;
      case 'callout':
        if (node.stringLength > 0) this.offset = node.offset;
        return undefined;
      default:
        return undefined;
    }
  }

  private checkConditional(node: Conditional): Refusal | undefined {
    const { condition } = node;
    if ('offset' in condition)
      this.offset = condition.kind === 'number' ? condition.offset - 2 : condition.offset;
    const refusal = this.checkAll(node.alternatives, conditionItems(condition));
    if (refusal !== undefined) return refusal;
    if (condition.kind === 'define') {
      return node.alternatives.length > 1 ? { code: 154, offset: this.offset } : undefined;
    }
    return node.alternatives.length > 2 ? { code: 127, offset: this.offset } : undefined;
  }
}
