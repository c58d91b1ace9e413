/**
 * Lengths of lookbehinds: each alternative must have a fixed one. Works on a flat list of the pattern's items rather than on the
 * tree, because the library does, and mistakes of its walk (see `measure`) decide which patterns it refuses.
 */
import type { Backreference, Call, Condition, Group, Node, Pattern } from './ast';
import type { Refusal } from './parse';

const MAX_LOOKBEHIND = 65535;
const MAX_BRANCH_SCANS = 2000;
const MAX_INT = 0x7fffffff;
const NOT_FIXED = -1;

/** Lengths of the alternatives of each lookbehind, in characters. */
export type LookbehindLengths = Map<Group, readonly number[]>;

type TokenKind =
  | 'character'
  | 'nothing'
  /** (*ACCEPT), (*FAIL): what follows in the branch is not reached. */
  | 'stop'
  | 'variable'
  /** \C under (*UTF) */
  | 'byte'
  | 'bar'
  | 'close'
  | 'open'
  | 'openAhead'
  | 'openBehind'
  | 'openDefine'
  | 'quantifier'
  | 'reference'
  | 'end';

interface Token {
  readonly kind: TokenKind;
  /** Group number of an opening token. */
  readonly number: number;
  readonly min: number;
  readonly max: number;
  readonly node: Backreference | Call | Group | undefined;
  /** Length of the alternative that this bar or opening token starts, once it is measured. */
  length: number;
}

interface Recursion {
  readonly group: number;
  readonly outer: Recursion | undefined;
}

/** True for assertions that look behind. */
export function isLookbehind(group: Group): boolean {
  return (
    group.type === 'lookbehind' || group.type === 'negativeLookbehind' || group.type === 'nonAtomicLookbehind'
  );
}

/** True for assertions that look ahead. */
export function isLookahead(group: Group): boolean {
  return (
    group.type === 'lookahead' || group.type === 'negativeLookahead' || group.type === 'nonAtomicLookahead'
  );
}

/** The nodes that open the first branch of a conditional group: an assertion that is its condition, and a callout before it. */
export function conditionItems(condition: Condition): readonly Node[] {
  if (condition.kind !== 'assertion') return [];
  return condition.callout === undefined ? [condition.assertion] : [condition.callout, condition.assertion];
}

/** Measures all lookbehinds into `lengths`; gives the first problem. */
export function measureLookbehinds(pattern: Pattern, lengths: LookbehindLengths): Refusal | undefined {
  const tokens = new Flattener(pattern).run();
  const refusal = new Measurer(pattern, tokens).check();
  if (refusal === undefined) collectLengths(tokens, lengths);
  return refusal;
}

function collectLengths(tokens: readonly Token[], lengths: LookbehindLengths): void {
  const open: (number[] | undefined)[] = [];
  for (const token of tokens) {
    if (token.kind.startsWith('open')) {
      const own = token.kind === 'openBehind' ? [token.length] : undefined;
      if (own !== undefined) lengths.set(token.node as Group, own);
      open.push(own);
    } else if (token.kind === 'bar') open[open.length - 1]?.push(token.length);
    else if (token.kind === 'close') open.pop();
  }
}

class Flattener {
  private readonly pattern: Pattern;
  private readonly tokens: Token[] = [];

  constructor(pattern: Pattern) {
    this.pattern = pattern;
  }

  run(): Token[] {
    this.alternatives(this.pattern.alternatives);
    this.push('end');
    return this.tokens;
  }

  private push(kind: TokenKind, details: Partial<Token> = {}): void {
    this.tokens.push({ kind, number: 0, min: 0, max: 0, node: undefined, length: 0, ...details });
  }

  private alternatives(alternatives: readonly (readonly Node[])[], opening: readonly Node[] = []): void {
    for (const item of opening) this.node(item);
    alternatives.forEach((items, index) => {
      if (index > 0) this.push('bar');
      for (const item of items) this.node(item);
    });
  }

  private node(node: Node): void {
    switch (node.kind) {
      case 'literal':
        for (const _ of node.text) this.push('character');
        return;
      case 'dot':
        return this.push(this.isByte(node.start) ? 'byte' : 'character');
      case 'type':
      case 'property':
      case 'class':
        return this.push('character');
      case 'cluster':
        return this.push('variable');
      case 'group':
        return this.group(node);
      case 'conditional':
        this.push(node.condition.kind === 'define' ? 'openDefine' : 'open');
        this.alternatives(node.alternatives, conditionItems(node.condition));
        return this.push('close');
      case 'backreference':
      case 'call':
        return this.push('reference', { node });
      case 'quantified':
        return this.quantified(node.item, node.min, node.max);
      case 'verb':
        return this.push(node.verb === 'ACCEPT' || node.verb === 'FAIL' ? 'stop' : 'nothing');
      case 'comment':
        return;
      default:
        return this.push('nothing');
    }
  }

  private isByte(start: number): boolean {
    return this.pattern.settings.utf && this.pattern.source.startsWith('\\C', start);
  }

  private group(node: Group): void {
    const kind = isLookbehind(node) ? 'openBehind' : isLookahead(node) ? 'openAhead' : 'open';
    const isDouble = node.type === 'atomicScriptRun';
    if (isDouble) this.push('open');
    this.push(kind, { number: node.number, node });
    this.alternatives(node.alternatives);
    this.push('close');
    if (isDouble) this.push('close');
  }

  private quantified(item: Node, min: number, max: number): void {
    // (*ACCEPT) with a quantifier is put into a group.
    if (item.kind === 'verb') this.push('open');
    this.node(item);
    if (item.kind === 'verb') this.push('close');
    this.push('quantifier', { min, max });
  }
}

class Measurer {
  private readonly pattern: Pattern;
  private readonly tokens: readonly Token[];
  private readonly known = new Map<number, number>();
  private scans = 0;
  private code = 0;
  private offset = -1;
  /** Where a measuring function stands, and leaves off. */
  private at = 0;

  constructor(pattern: Pattern, tokens: readonly Token[]) {
    this.pattern = pattern;
    this.tokens = tokens;
  }

  check(): Refusal | undefined {
    const isFine = this.checkFrom(0, undefined);
    return isFine ? undefined : { code: this.code, offset: this.offset };
  }

  private kind(at: number): TokenKind {
    return this.tokens[at]!.kind;
  }

  /** Measures the lookbehinds up to the end of the group around `from`, or of the pattern; leaves `at` there. */
  private checkFrom(from: number, recursion: Recursion | undefined): boolean {
    let depth = 0;
    this.offset = -1;
    for (let at = from; this.kind(at) !== 'end'; at++) {
      const kind = this.kind(at);
      if (kind === 'close' && --depth < 0) {
        this.at = at;
        return true;
      }
      if (kind === 'open' || kind === 'openAhead' || kind === 'openDefine') depth++;
      if (kind !== 'openBehind') continue;
      if (!this.measure(at, recursion)) return false;
      at = this.at;
    }
    return true;
  }

  /**
   * Measures one lookbehind; leaves `at` on its end. The library writes a length into each bar and then no longer knows it for a
   * bar: coming by again (through a reference) it leaves after the first alternative, and what follows seems to belong outside.
   */
  private measure(open: number, recursion: Recursion | undefined): boolean {
    let start = open;
    do {
      this.at = start + 1;
      const length = this.branchLength(recursion);
      if (length < 0) {
        if (this.code === 0) this.code = 125;
        if (this.offset < 0) this.offset = (this.tokens[open]!.node as Group).errorOffset;
        return false;
      }
      this.tokens[start]!.length |= length;
      start = this.at;
    } while (this.kind(start) === 'bar' && this.tokens[start]!.length === 0);
    return true;
  }

  private fail(code: number, offset = -1): number {
    this.code = code;
    if (offset >= 0) this.offset = offset;
    return NOT_FIXED;
  }

  /** Length of the branch that starts at `at`; leaves `at` on the bar or end behind it. */
  private branchLength(recursion: Recursion | undefined): number {
    if (this.scans++ > MAX_BRANCH_SCANS) return this.fail(135);
    let total = 0;
    let last = 0;
    for (; ; this.at++) {
      const token = this.tokens[this.at]!;
      if (token.kind === 'stop') this.at = this.skip(this.at, true);
      if (token.kind === 'close' || token.kind === 'bar' || token.kind === 'stop') return total;
      let length: number;
      if (token.kind === 'quantifier') {
        if (token.min !== token.max) return this.fail(125);
        if (token.min > 1 && last > 0 && Math.floor(MAX_INT / last) < token.min - 1) return this.fail(187);
        length = (token.min - 1) * last;
      } else length = this.itemLength(token, recursion);
      if (length === NOT_FIXED && token.kind !== 'quantifier') return NOT_FIXED;
      total += length;
      if (total > MAX_LOOKBEHIND) return this.fail(187);
      last = token.kind === 'quantifier' && token.min === 0 ? 0 : length;
    }
  }

  private itemLength(token: Token, recursion: Recursion | undefined): number {
    switch (token.kind) {
      case 'character':
        return 1;
      case 'variable':
        return NOT_FIXED;
      case 'byte':
        return this.fail(136);
      case 'openAhead':
        if (!this.checkFrom(this.at + 1, recursion)) return NOT_FIXED;
        if (this.kind(this.at + 1) === 'quantifier') this.at++;
        return 0;
      case 'openBehind':
        return this.measure(this.at, recursion) ? 0 : NOT_FIXED;
      case 'openDefine':
        this.at = this.skip(this.at + 1, false);
        return 0;
      case 'open':
        this.at++;
        return this.groupLength(token.number, true, recursion);
      case 'reference':
        return this.referenceLength(token.node as Backreference | Call, recursion);
      default:
        return 0;
    }
  }

  /** The end of the group around `from`, or with `toBar` the next bar in it. */
  private skip(from: number, toBar: boolean): number {
    let depth = 0;
    for (let at = from; ; at++) {
      const kind = this.kind(at);
      if (kind === 'end') return at;
      if (kind.startsWith('open')) depth++;
      else if (kind === 'bar' && depth === 0 && toBar) return at;
      else if (kind === 'close' && depth-- === 0) return at;
    }
  }

  /** The one length of all alternatives from `at` on; leaves `at` on the end. Remembered by number, unless numbers are ambiguous. */
  private groupLength(number: number, inline: boolean, recursion: Recursion | undefined): number {
    const remember = number > 0 && !this.pattern.features.branchReset;
    const known = remember ? this.known.get(number) : undefined;
    if (known !== undefined) {
      if (known >= 0 && inline) this.at = this.skip(this.at, false);
      return known;
    }
    const length = this.commonLength(recursion);
    if (remember) this.known.set(number, length);
    return length;
  }

  private commonLength(recursion: Recursion | undefined): number {
    let common = NOT_FIXED;
    for (;;) {
      const length = this.branchLength(recursion);
      if (length < 0 || (common >= 0 && length !== common)) return NOT_FIXED;
      common = length;
      if (this.kind(this.at) === 'close') return common;
      this.at++;
    }
  }

  private referenceLength(node: Backreference | Call, recursion: Recursion | undefined): number {
    const number = this.referenceNumber(node);
    if (number < 0) return NOT_FIXED;
    if (number > this.pattern.groupCount) return this.fail(115, node.offset);
    if (number === 0) return this.fail(125);
    const group = this.tokens.findIndex((token) => token.kind === 'open' && token.number === number);
    const here = this.at;
    if (here > group && here < this.skip(group + 1, false)) return this.fail(125);
    for (let outer = recursion; outer !== undefined; outer = outer.outer) {
      if (outer.group === group) return this.fail(125);
    }
    this.at = group + 1;
    const length = this.groupLength(number, false, { group, outer: recursion });
    this.at = here;
    return length < 0 && this.code === 0 ? this.fail(125) : length;
  }

  private referenceNumber(node: Backreference | Call): number {
    const ambiguous = this.pattern.features.branchReset;
    if (node.name === undefined) {
      return node.kind === 'backreference' && ambiguous ? this.fail(125) : node.number;
    }
    const numbers = this.pattern.names.get(node.name);
    if (numbers === undefined) return this.fail(115, node.offset);
    if (node.kind === 'backreference' && (ambiguous || numbers.length > 1)) return this.fail(125);
    return numbers[0]!;
  }
}
