/**
 * Pattern -> tree, in one pass and in PCRE2's own order, so that the first error found, its number and its offset are those of
 * pcre2_compile(). What can only be said once the whole pattern is known (references, lookbehind lengths, size) is in check.ts.
 * Source of the facts: pcre2pattern(3) and the behaviour of libpcre2 10.42, checked case by case against the library.
 */
import type {
  Callout,
  ClassItem,
  Condition,
  Group,
  GroupType,
  Node,
  Pattern,
  PatternFeatures,
  Quantified,
  TypeName,
} from './ast';
import { characterTypes, isHexDigit, isLetter, isLowerLetter, isPosixName, isSpace, isWord } from './classes';
import { ClassReader } from './classReader';
import { newlineLength } from './newlines';
import { propertyName } from './properties';
import { type StartItems, readStartItems } from './startItems';
import { alphaAssertions, calloutDelimiters, conditionAssertions, verbs } from './syntaxTables';

/** Option bits that a pattern can change on its way. */
const CASELESS = 1;
const DOT_ALL = 2;
const DUPLICATE_NAMES = 4;
const EXTENDED = 8;
const EXTENDED_MORE = 16;
const MULTILINE = 32;
const NO_AUTO_CAPTURE = 64;
const UNGREEDY = 128;

export interface ParseOptions {
  readonly caseless?: boolean;
  readonly dotAll?: boolean;
  readonly duplicateNames?: boolean;
  readonly multiline?: boolean;
  readonly extended?: boolean;
}

/** A refusal before its text is looked up. */
export interface Refusal {
  readonly code: number;
  readonly offset: number;
}

export interface ParseResult {
  /** The tree; after a refusal, of what stands before it. */
  readonly pattern: Pattern;
  readonly refusal: Refusal | undefined;
}

const MAX_DEPTH = 250;
const MAX_GROUPS = 65535;
const MAX_NAMES = 10000;
const MAX_NAME_LENGTH = 32;
const MAX_REPEAT = 65535;
const MAX_VERB_ARGUMENT = 255;
// The library stores 2^31-1 / 10 - 1 as the largest number that it tries as a backreference.
const MAX_BACKREFERENCE_DIGITS = 214748363;

/** Characters that are nothing but themselves outside a class. */
const plain = new Uint8Array(256).fill(1);
for (const special of '\\^$.[|()*+?{') plain[special.charCodeAt(0)] = 0;

const simpleEscapes: Readonly<Record<string, number>> = { a: 7, e: 27, f: 12, n: 10, r: 13, t: 9 };

/** What an escape means; `character` is for 'literal', `number` for 'backreference'. */
type EscapeKind = 'literal' | 'backreference' | 'named' | 'call' | 'special' | 'failed';

interface Name {
  readonly text: string;
  readonly start: number;
}

/** A group that is still open. */
interface Frame {
  readonly start: number;
  readonly type: GroupType | 'conditional';
  readonly number: number;
  readonly name: string | undefined;
  readonly errorOffset: number;
  readonly savedOptions: number;
  readonly alternatives: Node[][];
  items: Node[];
  condition: Condition | undefined;
  /** A conditional whose assertion is still to come. */
  awaitsAssertion: boolean;
  /** This group is the assertion of a conditional: no quantifier. */
  readonly isCondition: boolean;
  /** (?|: the group count at its start, else -1. */
  readonly resetTo: number;
  resetMax: number;
}

/** What differs from a plain group. */
interface FrameInit {
  readonly start: number;
  readonly type: GroupType | 'conditional';
  readonly number?: number;
  readonly name?: string;
  readonly errorOffset?: number;
  readonly isCondition?: boolean;
  readonly resetTo?: number;
  readonly condition?: Condition;
  readonly awaitsAssertion?: boolean;
}

/** Parses a byte string. Never throws; one pass, linear but for the depth of nesting. */
export function parsePattern(source: string, options: ParseOptions): ParseResult {
  const start = readStartItems(source);
  const parser = new Parser(source, options, start);
  if (start.refusal === undefined) parser.run();
  return parser.result();
}

const noNames: ReadonlyMap<string, readonly number[]> = new Map();

function initialOptions(options: ParseOptions): number {
  return (
    (options.caseless ? CASELESS : 0) |
    (options.dotAll ? DOT_ALL : 0) |
    (options.duplicateNames ? DUPLICATE_NAMES : 0) |
    (options.multiline ? MULTILINE : 0) |
    (options.extended ? EXTENDED : 0)
  );
}

function isDigitCode(code: number): boolean {
  return code >= 48 && code <= 57;
}

class Parser {
  private readonly source: string;
  private readonly start: StartItems;
  private readonly end: number;
  private at: number;
  private options: number;
  private depth = 0;
  private groupCount = 0;
  private frame: Frame;
  private readonly open: Frame[] = [];
  private refusal: Refusal | undefined;
  private names: Map<string, number[]> | undefined;
  private nameEntries = 0;
  /** For each named number the place of its entry in the list of names. */
  private entryOfNumber: Map<number, number> | undefined;
  private smallReferences: number[] | undefined;
  private readonly features: PatternFeatures = {
    lookbehind: false,
    reference: false,
    countedGroup: false,
    branchReset: false,
    conditional: false,
    verb: false,
    loops: 0,
    groupLoops: 0,
    choices: 1,
  };

  private quoting = false;
  /** The item before can take a quantifier. */
  private quantifiable = false;
  /** The item before is a quantifier that can take `?` or `+`. */
  private afterQuantifier = false;
  /** 2 behind (?( when an assertion must follow, 1 when a callout came between. */
  private expectAssertion = 0;
  private lastCharacterStart = 0;

  // Results of readEscape() and readNumber().
  private character = 0;
  private number = 0;
  private numberError = 0;

  constructor(source: string, options: ParseOptions, start: StartItems) {
    this.source = source;
    this.start = start;
    this.end = source.length;
    this.at = start.bodyStart;
    this.options = initialOptions(options);
    this.refusal = start.refusal;
    this.frame = this.newFrame({ start: start.bodyStart, type: 'plain' });
  }

  run(): void {
    while (this.at < this.end) {
      if (this.depth > MAX_DEPTH) return this.fail(119, this.at);
      this.parseItem();
      if (this.refusal !== undefined) return;
    }
    if (this.depth > 0) this.fail(114, this.end);
  }

  result(): ParseResult {
    while (this.open.length > 0) this.closeFrame(this.end);
    this.frame.alternatives.push(this.frame.items);
    this.features.choices *= this.frame.alternatives.length;
    const pattern: Pattern = {
      source: this.source,
      settings: this.start.settings,
      bodyStart: this.start.bodyStart,
      alternatives: this.frame.alternatives,
      groupCount: this.groupCount,
      names: this.names ?? noNames,
      features: this.features,
    };
    return { pattern, refusal: this.refusal };
  }

  private fail(code: number, offset: number): void {
    this.refusal ??= { code, offset };
  }

  // Written out field by field: this runs for every group of thousands of patterns.
  private newFrame(init: FrameInit): Frame {
    const resetTo = init.resetTo ?? -1;
    return {
      start: init.start,
      type: init.type,
      number: init.number ?? 0,
      name: init.name,
      errorOffset: init.errorOffset ?? 0,
      savedOptions: this.options,
      alternatives: [],
      items: [],
      condition: init.condition,
      awaitsAssertion: init.awaitsAssertion ?? false,
      isCondition: init.isCondition ?? false,
      resetTo,
      resetMax: resetTo,
    };
  }

  private has(option: number): boolean {
    return (this.options & option) !== 0;
  }

  private code(at: number): number {
    return this.source.charCodeAt(at);
  }

  private isDigitAt(at: number): boolean {
    return isDigitCode(this.source.charCodeAt(at));
  }

  /** One item of the main part of the pattern, or something that counts for nothing (comment, blank, \Q, \E). */
  private parseItem(): void {
    const itemStart = this.at;
    if (this.quoting) return this.parseQuoted(itemStart);
    const c = this.code(itemStart);
    if (plain[c] === 1 && this.expectAssertion === 0 && !this.has(EXTENDED))
      return this.parsePlainRun(itemStart);
    this.at = itemStart + 1;
    if (c === 0x5c && this.at < this.end && this.skipQuoteMark()) return;
    if (this.has(EXTENDED) && this.skipExtended(itemStart, c)) return;
    if (c === 0x28 && this.code(this.at) === 0x3f && this.code(this.at + 1) === 0x23)
      return this.parseComment(itemStart);
    const expected = this.expectAssertion;
    if (expected > 0 && !this.isAssertionAhead(c, expected)) return this.fail(128, this.at - 1);
    this.expectAssertion = 0;
    const quantifiable = this.quantifiable;
    const afterQuantifier = this.afterQuantifier;
    this.quantifiable = false;
    this.afterQuantifier = false;
    if (afterQuantifier && (c === 0x3f || c === 0x2b)) return this.modifyQuantifier(c);
    this.parseSpecial(itemStart, c, quantifiable, expected);
  }

  private parseSpecial(itemStart: number, c: number, quantifiable: boolean, expected: number): void {
    switch (c) {
      case 0x5c:
        return this.parseEscape(itemStart);
      case 0x5e:
      case 0x24:
        this.frame.items.push({
          kind: 'anchor',
          type: c === 0x5e ? '^' : '$',
          multiline: this.has(MULTILINE),
          start: itemStart,
          end: this.at,
        });
        return;
      case 0x2e:
        return this.pushItem({ kind: 'dot', dotAll: this.has(DOT_ALL), start: itemStart, end: this.at });
      case 0x2a:
        return this.quantify(itemStart, 0, Number.POSITIVE_INFINITY, quantifiable);
      case 0x2b:
        return this.quantify(itemStart, 1, Number.POSITIVE_INFINITY, quantifiable);
      case 0x3f:
        return this.quantify(itemStart, 0, 1, quantifiable);
      case 0x7b:
        return this.parseBrace(itemStart, quantifiable);
      case 0x5b:
        return this.parseBracket(itemStart);
      case 0x28:
        return this.parseParenthesis(itemStart, expected);
      case 0x7c:
        return this.nextAlternative();
      case 0x29:
        return this.closeParenthesis();
      default:
        return this.pushLiteral(this.readWide(itemStart), itemStart);
    }
  }

  /** The character at `itemStart`: under (*UTF) a whole UTF-8 sequence (the pattern is known to be valid). Moves `at` behind it. */
  private readWide(itemStart: number): number {
    const first = this.code(itemStart);
    this.at = itemStart + 1;
    if (!this.start.settings.utf || first < 0xc0) return first;
    const length = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
    let code = first & (0x7f >> length);
    for (let i = 1; i < length; i++) code = (code << 6) | (this.code(itemStart + i) & 0x3f);
    this.at = itemStart + length;
    return code;
  }

  private parseQuoted(itemStart: number): void {
    const c = this.readWide(itemStart);
    if (c === 0x5c && this.code(this.at) === 0x45) {
      this.quoting = false;
      this.at++;
      return;
    }
    if (this.expectAssertion > 0) return this.fail(128, itemStart);
    this.afterQuantifier = false;
    this.pushLiteral(c, itemStart);
  }

  /** The longest run of characters without meaning, taken at once. */
  private parsePlainRun(itemStart: number): void {
    if (this.start.settings.utf) return this.parsePlainWide(itemStart);
    let at = itemStart + 1;
    while (at < this.end && plain[this.code(at)] === 1) at++;
    this.at = at;
    this.afterQuantifier = false;
    this.quantifiable = true;
    this.lastCharacterStart = at - 1;
    this.appendLiteral(this.source.slice(itemStart, at), itemStart);
  }

  private parsePlainWide(itemStart: number): void {
    this.afterQuantifier = false;
    this.pushLiteral(this.readWide(itemStart), itemStart);
  }

  private pushLiteral(code: number, itemStart: number): void {
    this.quantifiable = true;
    this.lastCharacterStart = itemStart;
    this.appendLiteral(String.fromCodePoint(code), itemStart);
  }

  private appendLiteral(text: string, start: number): void {
    const { items } = this.frame;
    const last = items.length > 0 ? items[items.length - 1]! : undefined;
    const caseless = this.has(CASELESS);
    if (last !== undefined && last.kind === 'literal' && last.end === start && last.caseless === caseless) {
      items[items.length - 1] = {
        kind: 'literal',
        text: last.text + text,
        caseless,
        start: last.start,
        end: this.at,
      };
    } else items.push({ kind: 'literal', text, caseless, start, end: this.at });
  }

  private pushItem(node: Node): void {
    this.quantifiable = true;
    this.frame.items.push(node);
  }

  /** Behind a backslash: \Q starts a quotation, \E outside of one is ignored. */
  private skipQuoteMark(): boolean {
    const c = this.code(this.at);
    if (c !== 0x51 && c !== 0x45) return false;
    this.quoting = c === 0x51;
    this.at++;
    return true;
  }

  private skipExtended(itemStart: number, c: number): boolean {
    const { utf, newline } = this.start.settings;
    if ((characterTypes[c]! & isSpace) !== 0) return true;
    const code = utf ? this.readWide(itemStart) : c;
    if (code === 0x85 || (code | 1) === 0x200f || (code | 1) === 0x2029) return true;
    this.at = itemStart + 1;
    if (c !== 0x23) return false;
    while (this.at < this.end) {
      const length = newlineLength(this.source, this.at, newline, utf);
      this.at += length > 0 ? length : 1;
      if (length > 0) break;
    }
    this.frame.items.push({ kind: 'comment', start: itemStart, end: this.at });
    return true;
  }

  private parseComment(itemStart: number): void {
    const close = this.source.indexOf(')', this.at + 1);
    if (close < 0) return this.fail(118, this.end);
    this.at = close + 1;
    this.frame.items.push({ kind: 'comment', start: itemStart, end: this.at });
  }

  /** Behind (?( only an assertion may stand, or one callout and then an assertion. */
  private isAssertionAhead(c: number, expected: number): boolean {
    if (c !== 0x28 || this.end - this.at < 3) return false;
    const first = this.code(this.at);
    const second = this.code(this.at + 1);
    if (first === 0x2a) return (characterTypes[second]! & isLowerLetter) !== 0;
    if (first !== 0x3f) return false;
    if (second === 0x43) return expected === 2;
    if (second === 0x3d || second === 0x21) return true;
    const third = this.code(this.at + 2);
    return second === 0x3c && (third === 0x3d || third === 0x21);
  }

  // ---- Quantifiers

  private modifyQuantifier(c: number): void {
    const { items } = this.frame;
    const last = items.findLastIndex((item) => item.kind === 'quantified');
    const node = items[last] as Quantified;
    const ungreedy = this.has(UNGREEDY);
    const mode = c === 0x2b ? 'possessive' : ungreedy ? 'greedy' : 'lazy';
    items[last] = { ...node, mode, end: this.at };
  }

  private quantify(quantifierStart: number, min: number, max: number, quantifiable: boolean): void {
    if (!quantifiable) return this.fail(109, this.at - 1);
    const { items } = this.frame;
    const last = this.lastQuantifiable(items);
    const item = items[last]!;
    const mode = this.has(UNGREEDY) ? 'lazy' : 'greedy';
    this.noteQuantifier(item, min, max);
    items[last] = {
      kind: 'quantified',
      item,
      min,
      max,
      mode,
      start: item.start,
      end: this.at,
      quantifierStart,
    };
    this.afterQuantifier = true;
  }

  private noteQuantifier(item: Node, min: number, max: number): void {
    const { features } = this;
    const isGroup = item.kind === 'group' || item.kind === 'call' || item.kind === 'conditional';
    if (isGroup && (min > 1 || (max > 1 && max !== Number.POSITIVE_INFINITY))) features.countedGroup = true;
    if (max <= 1) features.choices *= 2;
    else if (isGroup || item.kind === 'backreference' || item.kind === 'cluster') features.groupLoops++;
    else if (min !== max) features.loops++;
  }

  /** Where the item stands that a quantifier belongs to; splits the last character off a literal. */
  private lastQuantifiable(items: Node[]): number {
    let last = items.length - 1;
    while (last > 0 && items[last]!.kind === 'comment') last--;
    const item = items[last]!;
    if (item.kind !== 'literal') return last;
    const size = item.text.length > 1 && item.text.codePointAt(item.text.length - 2)! > 0xffff ? 2 : 1;
    if (item.text.length === size) return last;
    const split = this.lastCharacterStart;
    const head: Node = { ...item, text: item.text.slice(0, -size), end: split };
    const tail: Node = { ...item, text: item.text.slice(-size), start: split };
    items.splice(last, 1, head, tail);
    return last + 1;
  }

  private parseBrace(itemStart: number, quantifiable: boolean): void {
    const counts = this.readRepeatCounts(this.at);
    if (this.numberError !== 0) return this.fail(this.numberError, this.at);
    if (counts === undefined) return this.pushLiteral(0x7b, itemStart);
    this.quantify(itemStart, counts.min, counts.max, quantifiable);
  }

  /** Reads {n}, {n,} or {n,m} behind the brace and moves behind it; undefined when it is none. Sets `numberError`. */
  private readRepeatCounts(from: number): { min: number; max: number } | undefined {
    this.numberError = 0;
    if (!this.isRepeatAt(from)) return undefined;
    const min = this.readRepeatNumber(from);
    if (min < 0) return undefined;
    if (this.code(this.at) === 0x7d) {
      this.at++;
      return { min, max: min };
    }
    this.at++;
    let max = Number.POSITIVE_INFINITY;
    if (this.code(this.at) !== 0x7d) {
      max = this.readRepeatNumber(this.at);
      if (max < 0) return undefined;
      if (max < min) {
        this.numberError = 104;
        return undefined;
      }
    }
    this.at++;
    return { min, max };
  }

  private isRepeatAt(from: number): boolean {
    let comma = false;
    for (let p = from; p < this.end; p++) {
      const c = this.code(p);
      if (isDigitCode(c)) continue;
      if (c === 0x7d) return true;
      if (c !== 0x2c || comma) return false;
      comma = true;
    }
    return false;
  }

  private readRepeatNumber(from: number): number {
    let p = from;
    let n = 0;
    if (!this.isDigitAt(p)) return -1;
    while (this.isDigitAt(p)) {
      n = n * 10 + this.code(p++) - 48;
      if (n <= MAX_REPEAT) continue;
      this.numberError = 105;
      this.at = p;
      return -1;
    }
    this.at = p;
    return n;
  }

  /**
   * A number at `at`, with a sign when `relativeTo` is not negative: +1 is the next group, -1 the one before. On success it is in
   * `number` and `at` is behind it; otherwise `numberError` says why, or is 0 when there is no number (then `at` is unchanged).
   */
  private readNumber(relativeTo: number, max: number, tooBig: number): boolean {
    this.numberError = 0;
    let p = this.at;
    let sign = 0;
    let limit = max;
    if (relativeTo >= 0 && (this.code(p) === 0x2b || this.code(p) === 0x2d)) {
      sign = this.code(p) === 0x2b ? 1 : -1;
      if (sign > 0) limit -= relativeTo;
      p++;
    }
    if (!this.isDigitAt(p)) return false;
    let n = 0;
    while (this.isDigitAt(p)) {
      n = n * 10 + this.code(p++) - 48;
      if (n > limit) return this.numberFailed(tooBig, p, n);
    }
    if (sign !== 0 && n === 0) return this.numberFailed(126, p, n);
    if (sign > 0) n += relativeTo;
    else if (sign < 0 && n > relativeTo) return this.numberFailed(115, p, n);
    else if (sign < 0) n = relativeTo + 1 - n;
    this.number = n;
    this.at = p;
    return true;
  }

  private numberFailed(error: number, at: number, n: number): false {
    this.numberError = error;
    this.number = n;
    this.at = at;
    return false;
  }

  // ---- Escapes

  /**
   * Reads the escape behind the backslash before `at`. For 'special', `character` is the letter; for 'failed' the refusal is
   * recorded (its offset is where the library's pointer stands).
   */
  private readEscape(inClass: boolean): EscapeKind {
    if (this.at >= this.end) return this.escapeFailed(101, this.at);
    const escapeStart = this.at;
    const c = this.readWide(escapeStart);
    this.character = c;
    if (c < 0x30 || c > 0x7a) return 'literal';
    const letter = String.fromCharCode(c);
    const simple = simpleEscapes[letter];
    if (simple !== undefined) {
      this.character = simple;
      return 'literal';
    }
    switch (letter) {
      case 'N':
        return this.readNotNewline();
      case 'F':
      case 'l':
      case 'L':
      case 'u':
      case 'U':
        return this.escapeFailed(137, this.at);
      case 'g':
        return inClass ? 'literal' : this.readReference();
      case 'o':
        return this.readOctalBraces();
      case 'x':
        return this.readHexadecimal();
      case 'c':
        return this.readControl();
      default:
        return this.readOtherEscape(letter, c, inClass);
    }
  }

  private readOtherEscape(letter: string, c: number, inClass: boolean): EscapeKind {
    if (isDigitCode(c)) return this.readDigits(c, inClass);
    if ('ABCDEGHKPQRSVWXZbdhkpsvwz'.includes(letter)) return 'special';
    if ((characterTypes[c]! & isLetter) !== 0) return this.escapeFailed(103, this.at - 1);
    return 'literal';
  }

  private escapeFailed(code: number, offset: number): 'failed' {
    this.fail(code, offset);
    return 'failed';
  }

  /** \N is "not a newline"; \N{U+hex} a character, only under (*UTF); \N{2} a quantified \N. */
  private readNotNewline(): EscapeKind {
    if (this.code(this.at) !== 0x7b) return 'special';
    if (this.end - this.at > 2 && this.code(this.at + 1) === 0x55 && this.code(this.at + 2) === 0x2b) {
      if (!this.start.settings.utf) return this.escapeFailed(193, this.at);
      this.at += 2;
      return this.readHexadecimalBraces();
    }
    const behind = this.at;
    const counts = this.readRepeatCounts(behind + 1);
    const error = this.numberError;
    this.at = behind;
    if (counts === undefined) return this.escapeFailed(error === 0 ? 137 : error, behind);
    return 'special';
  }

  /** \g: a backreference by number or {name}, or a call with <> or quotes. */
  private readReference(): EscapeKind {
    const c = this.code(this.at);
    if (this.at >= this.end) return this.escapeFailed(157, this.at);
    if (c === 0x3c || c === 0x27) return 'call';
    const behind = this.at;
    const braced = c === 0x7b;
    if (braced) this.at++;
    if (!this.readNumber(this.groupCount, MAX_GROUPS, 161)) {
      if (braced) {
        this.at = behind;
        return this.numberError === 0 ? 'named' : this.escapeFailed(this.numberError, behind);
      }
      return this.escapeFailed(this.numberError === 0 ? 157 : this.numberError, this.at);
    }
    if (braced) {
      if (this.code(this.at) !== 0x7d) return this.escapeFailed(157, behind);
      this.at++;
    }
    if (this.number <= 0) return this.escapeFailed(115, this.at);
    return 'backreference';
  }

  /** Digits behind a backslash: a backreference when that can be one, else octal. */
  private readDigits(c: number, inClass: boolean): EscapeKind {
    const behind = this.at;
    if (!inClass && c !== 0x30) {
      this.at--;
      const read = this.readNumber(-1, MAX_BACKREFERENCE_DIGITS, 0);
      if (read && (this.number < 10 || c >= 0x38 || this.number <= this.groupCount)) {
        return this.number > MAX_GROUPS ? this.escapeFailed(161, this.at) : 'backreference';
      }
      this.at = behind;
    }
    if (c >= 0x38) return 'literal';
    let value = c - 48;
    for (let i = 0; i < 2 && this.isOctalAt(this.at); i++) value = value * 8 + this.code(this.at++) - 48;
    this.character = value;
    return !this.start.settings.utf && value > 255 ? this.escapeFailed(151, this.at) : 'literal';
  }

  private isOctalAt(at: number): boolean {
    const c = this.code(at);
    return c >= 48 && c <= 55;
  }

  private readOctalBraces(): EscapeKind {
    if (this.code(this.at) !== 0x7b)
      return this.escapeFailed(155, this.at >= this.end ? this.at - 1 : this.at);
    this.at++;
    if (this.at >= this.end || this.code(this.at) === 0x7d) return this.escapeFailed(178, this.at);
    let value = 0;
    while (this.isOctalAt(this.at)) {
      value = value * 8 + this.code(this.at++) - 48;
      if (value <= this.maxCharacter()) continue;
      while (this.isOctalAt(this.at)) this.at++;
      return this.escapeFailed(134, this.at);
    }
    return this.closeNumericEscape(value, 164);
  }

  private readHexadecimal(): EscapeKind {
    if (this.code(this.at) === 0x7b) return this.readHexadecimalBraces();
    let value = 0;
    for (let i = 0; i < 2 && this.isHexadecimalAt(this.at); i++) {
      value = value * 16 + Number.parseInt(this.source.charAt(this.at++), 16);
    }
    this.character = value;
    return 'literal';
  }

  private isHexadecimalAt(at: number): boolean {
    return at < this.end && (characterTypes[this.code(at)]! & isHexDigit) !== 0;
  }

  private readHexadecimalBraces(): EscapeKind {
    this.at++;
    if (this.at >= this.end || this.code(this.at) === 0x7d) return this.escapeFailed(178, this.at);
    let value = 0;
    while (this.isHexadecimalAt(this.at)) {
      value = value * 16 + Number.parseInt(this.source.charAt(this.at++), 16);
      if (value <= this.maxCharacter()) continue;
      while (this.isHexadecimalAt(this.at)) this.at++;
      return this.escapeFailed(134, this.at);
    }
    return this.closeNumericEscape(value, 167);
  }

  private maxCharacter(): number {
    return this.start.settings.utf ? 0x10ffff : 0xff;
  }

  private closeNumericEscape(value: number, error: number): EscapeKind {
    if (this.code(this.at) !== 0x7d)
      return this.escapeFailed(error, this.at >= this.end ? this.at - 1 : this.at);
    if (this.start.settings.utf && value >= 0xd800 && value <= 0xdfff) return this.escapeFailed(173, this.at);
    this.at++;
    this.character = value;
    return 'literal';
  }

  private readControl(): EscapeKind {
    if (this.at >= this.end) return this.escapeFailed(102, this.at);
    const c = this.code(this.at);
    if (c < 32 || c > 126) return this.escapeFailed(168, this.at);
    this.character = (c >= 97 && c <= 122 ? c - 32 : c) ^ 0x40;
    this.at++;
    return 'literal';
  }

  private parseEscape(itemStart: number): void {
    const kind = this.readEscape(false);
    switch (kind) {
      case 'failed':
        return;
      case 'literal':
        return this.pushLiteral(this.character, itemStart);
      case 'backreference':
        return this.pushBackreference(itemStart, this.number);
      case 'named':
        return this.parseNamedReference(itemStart, false);
      case 'call':
        return this.parseNamedReference(itemStart, true);
      default:
        return this.parseSpecialEscape(itemStart, String.fromCharCode(this.character));
    }
  }

  private pushBackreference(itemStart: number, number: number): void {
    let offset = this.at - 1;
    if (number < 10) offset = (this.smallReferences ??= [])[number] ??= offset;
    this.features.reference = true;
    const caseless = this.has(CASELESS);
    this.pushItem({
      kind: 'backreference',
      number,
      name: undefined,
      caseless,
      offset,
      start: itemStart,
      end: this.at,
    });
  }

  private parseSpecialEscape(itemStart: number, letter: string): void {
    switch (letter) {
      case 'A':
      case 'z':
      case 'Z':
      case 'G':
      case 'b':
      case 'B':
      case 'K':
        if (letter === 'K') this.features.reference = true;
        this.frame.items.push({
          kind: 'anchor',
          type: letter,
          multiline: false,
          start: itemStart,
          end: this.at,
        });
        return;
      case 'C':
      case 'N':
        return this.pushItem({ kind: 'dot', dotAll: letter === 'C', start: itemStart, end: this.at });
      case 'R':
      case 'X':
        return this.pushItem({ kind: 'cluster', type: letter, start: itemStart, end: this.at });
      case 'p':
      case 'P': {
        const property = this.readProperty(itemStart, letter === 'P');
        if (property !== undefined) this.pushItem(property);
        return;
      }
      case 'k':
        return this.parseNamedReference(itemStart, false);
      default:
        return this.pushItem({ kind: 'type', type: letter as TypeName, start: itemStart, end: this.at });
    }
  }

  /** \k or \g with a name or, for a call, also a number in delimiters; `at` is on the opening delimiter. */
  private parseNamedReference(itemStart: number, isCall: boolean): void {
    const open = this.code(this.at);
    if (open !== 0x7b && open !== 0x3c && open !== 0x27) return this.fail(169, this.at);
    const close = open === 0x3c ? 0x3e : open === 0x27 ? 0x27 : 0x7d;
    if (isCall && this.parseNumberedCall(itemStart, close)) return;
    const name = this.readName(close);
    if (name === undefined) return;
    this.features.reference = true;
    const { text, start: offset } = name;
    if (isCall)
      this.pushItem({ kind: 'call', number: 0, name: text, offset, start: itemStart, end: this.at });
    else {
      const caseless = this.has(CASELESS);
      this.pushItem({
        kind: 'backreference',
        number: 0,
        name: text,
        caseless,
        offset,
        start: itemStart,
        end: this.at,
      });
    }
  }

  /** \g<number>; true when it was one, or failed. */
  private parseNumberedCall(itemStart: number, close: number): boolean {
    const open = this.at;
    this.at++;
    if (!this.readNumber(this.groupCount, MAX_GROUPS, 161)) {
      if (this.numberError !== 0) this.fail(this.numberError, open);
      this.at = open;
      return this.numberError !== 0;
    }
    if (this.code(this.at) !== close) {
      this.fail(157, open);
      return true;
    }
    this.pushCall(itemStart, this.number);
    return true;
  }

  /** Records a call; `at` is on the closing delimiter. */
  private pushCall(itemStart: number, number: number): void {
    const offset = this.at++;
    this.features.reference = true;
    this.pushItem({ kind: 'call', number, name: undefined, offset, start: itemStart, end: this.at });
  }

  /** \p or \P: the name behind the letter. Undefined after a refusal. */
  private readProperty(itemStart: number, negated: boolean): (ClassItem & { kind: 'property' }) | undefined {
    const first = this.code(this.at);
    let name: string | undefined;
    let inverted = negated;
    if (this.at < this.end && first === 0x7b) {
      this.at++;
      if (this.code(this.at) === 0x5e) {
        inverted = !negated;
        this.at++;
      }
      name = this.readPropertyName();
    } else if (this.at < this.end) {
      this.at++;
      if ((characterTypes[first]! & isLetter) !== 0) name = String.fromCharCode(first).toLowerCase();
    }
    if (name === undefined) {
      this.fail(146, this.at);
      return undefined;
    }
    const known = propertyName(name);
    if (known === undefined) {
      this.fail(147, this.at);
      return undefined;
    }
    return { kind: 'property', name: known, negated: inverted, start: itemStart, end: this.at };
  }

  private readPropertyName(): string | undefined {
    let name = '';
    for (let i = 0; i < 49; i++) {
      let c = 0;
      do {
        if (this.at >= this.end) return undefined;
        c = this.code(this.at++);
      } while (c === 0x5f || c === 0x2d || (characterTypes[c]! & isSpace) !== 0);
      if (c === 0) return undefined;
      if (c === 0x7d) return name;
      name += String.fromCharCode(c >= 65 && c <= 90 ? c + 32 : c);
    }
    return undefined;
  }

  /** A group name behind `at` (which is on the character before it), up to and with its terminator. */
  private readName(terminator: number): Name | undefined {
    const start = this.at + 1;
    this.at = start;
    if (start >= this.end) return this.nameFailed(162, start);
    if (this.isDigitAt(start) || this.startsWithDigit(start)) return this.nameFailed(144, start);
    let p = start;
    for (let length = 1; length > 0 && p < this.end; p += length) length = this.nameCharacterLength(p);
    if (p > start + MAX_NAME_LENGTH) return this.nameFailed(148, p);
    if (p === start) return this.nameFailed(162, p);
    if (this.code(p) !== terminator) return this.nameFailed(142, p);
    this.at = p + 1;
    return { text: this.source.slice(start, p), start };
  }

  /** Bytes of the letter, digit or underscore at `at`, 0 for something else. Under (*UTF) Unicode's letters count. */
  private nameCharacterLength(at: number): number {
    const c = this.code(at);
    if (c < 0x80 || !this.start.settings.utf) return (characterTypes[c]! & isWord) !== 0 ? 1 : 0;
    const wide = this.peekWide(at);
    return /^[\p{L}\p{Nd}]$/u.test(wide.text) ? wide.length : 0;
  }

  private startsWithDigit(at: number): boolean {
    return this.start.settings.utf && /^\p{Nd}$/u.test(this.peekWide(at).text);
  }

  private peekWide(at: number): { text: string; length: number } {
    const before = this.at;
    const text = String.fromCodePoint(this.readWide(at));
    const length = this.at - at;
    this.at = before;
    return { text, length };
  }

  private nameFailed(code: number, offset: number): undefined {
    this.fail(code, offset);
    this.at = offset;
    return undefined;
  }

  // ---- Classes

  private parseBracket(itemStart: number): void {
    const weird = this.source.startsWith('[:<:]]', this.at) ? 'lookahead' : 'lookbehind';
    if (weird === 'lookahead' || this.source.startsWith('[:>:]]', this.at))
      return this.pushWordEdge(itemStart, weird);
    const c = this.code(this.at);
    if ((c === 0x3a || c === 0x2e || c === 0x3d) && this.posixEnd(this.at) >= 0) {
      return this.fail(c === 0x3a ? 112 : 113, this.at - 1);
    }
    this.parseClass(itemStart);
  }

  /** [[:<:]] is \b(?=\w) and [[:>:]] is \b(?<=\w). */
  private pushWordEdge(itemStart: number, type: 'lookahead' | 'lookbehind'): void {
    this.at += 6;
    const span = { start: itemStart, end: this.at };
    if (type === 'lookbehind') this.features.lookbehind = true;
    this.frame.items.push({ kind: 'anchor', type: 'b', multiline: false, ...span });
    const word: Node = { kind: 'type', type: 'w', ...span };
    this.pushItem({
      kind: 'group',
      type,
      number: 0,
      name: undefined,
      alternatives: [[word]],
      errorOffset: 0,
      ...span,
    });
  }

  /** Whether [: [. or [= at `from` (the second character) has its closing counterpart: its place, else -1. */
  private posixEnd(from: number): number {
    const terminator = this.code(from);
    for (let p = from + 1; this.end - p >= 2; p++) {
      const c = this.code(p);
      const next = this.code(p + 1);
      if (c === 0x5c && (next === 0x5d || next === 0x5c)) p++;
      else if ((c === 0x5b && next === terminator) || c === 0x5d) return -1;
      else if (c === terminator && next === 0x5d) return p;
    }
    return -1;
  }

  private parseClass(itemStart: number): void {
    const reader = new ClassReader();
    this.at = this.skipClassOpening(reader);
    if (this.refusal !== undefined) return;
    for (let first = true; ; first = false) {
      if (this.at >= this.end) return this.fail(106, this.end);
      const c = this.code(this.at);
      if (c === 0x5d && !first && !this.quoting) break;
      this.parseClassItem(reader);
      if (this.refusal !== undefined) return;
    }
    this.at++;
    const items = reader.finish();
    const caseless = this.has(CASELESS);
    this.pushItem({
      kind: 'class',
      negated: reader.negated,
      items,
      caseless,
      start: itemStart,
      end: this.at,
    });
  }

  /** Behind `[`: an optional ^, \E, \Q\E and (under xx) blanks, in any order. Gives where the first real character stands. */
  private skipClassOpening(reader: ClassReader): number {
    let p = this.at;
    let afterQuote = false;
    while (p < this.end) {
      const c = this.code(p);
      afterQuote = c === 0x5c;
      if (afterQuote) {
        if (this.code(p + 1) === 0x45) p += 2;
        else if (this.source.startsWith('Q\\E', p + 1)) p += 4;
        else return p;
      } else if (this.has(EXTENDED_MORE) && (c === 0x20 || c === 0x09)) p++;
      else if (!reader.negated && c === 0x5e) {
        reader.negated = true;
        p++;
      } else return p;
    }
    // The library then takes the backslash of a final \E for an escape without a character.
    this.fail(afterQuote ? 101 : 106, this.end);
    return p;
  }

  private parseClassItem(reader: ClassReader): void {
    const itemStart = this.at;
    const c = this.readWide(itemStart);
    if (this.quoting) {
      if (c === 0x5c && this.code(this.at) === 0x45) {
        this.quoting = false;
        this.at++;
      } else this.addClassLiteral(reader, c, itemStart);
    } else if (this.has(EXTENDED_MORE) && (c === 0x20 || c === 0x09)) return;
    else if (c === 0x5b && this.end - this.at >= 3 && this.parsePosixClass(reader, itemStart)) return;
    else if (c === 0x2d && reader.canStartRange) reader.startRange(itemStart, this.at);
    else if (c === 0x5c) this.parseClassEscape(reader, itemStart);
    else this.addClassLiteral(reader, c, itemStart);
  }

  private addClassLiteral(reader: ClassReader, code: number, start: number): void {
    if (!reader.addCharacter(code, start, this.at)) this.fail(108, this.at - 1);
  }

  /** [:name:] inside a class; true when it was one, or failed. */
  private parsePosixClass(reader: ClassReader, itemStart: number): boolean {
    const c = this.code(this.at);
    if (c !== 0x3a && c !== 0x2e && c !== 0x3d) return false;
    const close = this.posixEnd(this.at);
    if (close < 0) return false;
    if (reader.inRange) this.fail(150, this.at);
    else if (c !== 0x3a) this.fail(113, this.at - 1);
    else this.addPosixClass(reader, itemStart, close);
    return true;
  }

  private addPosixClass(reader: ClassReader, itemStart: number, close: number): void {
    const negated = this.code(this.at + 1) === 0x5e;
    const nameStart = this.at + (negated ? 2 : 1);
    const name = this.source.slice(nameStart, close);
    if (!isPosixName(name)) return this.fail(130, nameStart);
    this.at = close + 2;
    if (this.isHyphenRange()) return this.fail(150, this.at);
    reader.addSet({ kind: 'posix', name, negated, start: itemStart, end: this.at });
  }

  /** Behind a class inside a class, a hyphen that is not the last character would be a range without a start. */
  private isHyphenRange(): boolean {
    return this.at < this.end - 1 && this.code(this.at) === 0x2d && this.code(this.at + 1) !== 0x5d;
  }

  private parseClassEscape(reader: ClassReader, itemStart: number): void {
    const kind = this.readEscape(true);
    if (kind === 'failed') return;
    if (kind === 'literal') return this.addClassLiteral(reader, this.character, itemStart);
    const letter = String.fromCharCode(this.character);
    if (letter === 'b') return this.addClassLiteral(reader, 8, itemStart);
    if (letter === 'Q') {
      this.quoting = true;
      return;
    }
    if (letter === 'E') return;
    if (letter === 'B' || letter === 'R' || letter === 'X') return this.fail(107, this.at - 1);
    if (reader.inRange) return this.fail(150, this.at);
    this.addClassType(reader, itemStart, letter);
  }

  private addClassType(reader: ClassReader, itemStart: number, letter: string): void {
    if (letter === 'N') return this.fail(171, this.at);
    if ('dDsSwWhHvV'.includes(letter)) {
      reader.addSet({ kind: 'type', type: letter as TypeName, start: itemStart, end: this.at });
    } else if (letter === 'p' || letter === 'P') {
      const property = this.readProperty(itemStart, letter === 'P');
      if (property === undefined) return;
      reader.addSet(property);
    } else return this.fail(107, this.at - 1);
    if (this.isHyphenRange()) this.fail(150, this.at);
  }

  // ---- Parentheses

  private openFrame(init: FrameInit): void {
    this.depth++;
    this.open.push(this.frame);
    this.frame = this.newFrame(init);
  }

  private nextAlternative(): void {
    const { frame } = this;
    if (frame.resetTo >= 0) {
      frame.resetMax = Math.max(frame.resetMax, this.groupCount);
      this.groupCount = frame.resetTo;
    }
    frame.alternatives.push(frame.items);
    frame.items = [];
  }

  private closeParenthesis(): void {
    if (this.depth === 0) return this.fail(122, this.at - 1);
    const closed = this.frame;
    this.options = closed.savedOptions;
    if (closed.resetTo >= 0) this.groupCount = Math.max(this.groupCount, closed.resetMax);
    this.depth--;
    this.closeFrame(this.at);
    this.quantifiable = !closed.isCondition;
  }

  private closeFrame(end: number): void {
    const { start, type, number, name, alternatives, errorOffset, items, condition, isCondition } =
      this.frame;
    alternatives.push(items);
    this.features.choices *= alternatives.length;
    this.frame = this.open.pop()!;
    if (type === 'conditional') {
      if (condition !== undefined)
        this.frame.items.push({ kind: 'conditional', condition, alternatives, start, end });
      return;
    }
    const group: Group = { kind: 'group', type, number, name, alternatives, errorOffset, start, end };
    if (isCondition && this.frame.awaitsAssertion) this.setCondition(group);
    else this.frame.items.push(group);
  }

  private setCondition(assertion: Group): void {
    const { frame } = this;
    const callout = frame.items.find((item): item is Callout => item.kind === 'callout');
    frame.items = frame.items.filter((item) => item.kind === 'comment');
    frame.condition = { kind: 'assertion', assertion, callout };
    frame.awaitsAssertion = false;
  }

  private parseParenthesis(itemStart: number, expected: number): void {
    if (this.at >= this.end) return this.fail(114, this.at);
    const c = this.code(this.at);
    if (c === 0x3f) return this.parseQuestion(itemStart, expected);
    if (c !== 0x2a) return this.openPlain(itemStart);
    const next = this.code(this.at + 1);
    // "(*" at the end or before ")" is an open group and a quantifier without an item.
    if (this.end - this.at <= 1 || next === 0x29) return;
    if ((characterTypes[next]! & isLowerLetter) !== 0) this.parseAlphaAssertion(itemStart, expected);
    else this.parseVerb(itemStart);
  }

  private openPlain(itemStart: number): void {
    if (this.has(NO_AUTO_CAPTURE)) return this.openFrame({ start: itemStart, type: 'plain' });
    if (this.groupCount >= MAX_GROUPS) {
      this.depth++;
      return this.fail(197, this.at);
    }
    this.openFrame({ start: itemStart, type: 'capture', number: ++this.groupCount });
  }

  private readVerbName(): string {
    const start = ++this.at;
    while (this.at < this.end && (characterTypes[this.code(this.at)]! & isWord) !== 0) this.at++;
    return this.source.slice(start, this.at);
  }

  private parseAlphaAssertion(itemStart: number, expected: number): void {
    const name = this.readVerbName();
    if (name.length > MAX_NAME_LENGTH) return this.fail(148, this.at);
    const type = this.code(this.at) === 0x3a ? alphaAssertions.get(name) : undefined;
    if (type === undefined) return this.fail(195, this.at);
    if (expected > 0 && !conditionAssertions.has(type)) {
      const nonAtomic = type === 'nonAtomicLookahead' || type === 'nonAtomicLookbehind';
      return this.fail(nonAtomic ? 198 : 128, this.at);
    }
    const isCondition = expected > 0;
    this.at++;
    if (!isLookbehind(type)) return this.openFrame({ start: itemStart, type, isCondition });
    this.openLookbehind(itemStart, type, isCondition, this.at - 4);
  }

  private openLookbehind(start: number, type: GroupType, isCondition: boolean, errorOffset: number): void {
    this.features.lookbehind = true;
    this.openFrame({ start, type, isCondition, errorOffset });
  }

  private parseVerb(itemStart: number): void {
    const name = this.readVerbName();
    if (name.length > MAX_NAME_LENGTH) return this.fail(148, this.at);
    const c = this.code(this.at);
    const verb = c === 0x3a || c === 0x29 ? verbs.get(name) : undefined;
    if (this.at >= this.end || verb === undefined) return this.fail(160, this.at);
    if (c === 0x3a && this.code(this.at + 1) === 0x29) this.at++;
    const hasArgument = this.code(this.at) === 0x3a;
    if (verb === 'MARK' && !hasArgument) return this.fail(166, this.at);
    this.at++;
    this.features.verb = true;
    const argument = hasArgument ? this.readVerbArgument() : undefined;
    if (this.refusal !== undefined) return;
    this.frame.items.push({ kind: 'verb', verb, argument, start: itemStart, end: this.at });
    this.quantifiable = verb === 'ACCEPT';
  }

  private readVerbArgument(): string | undefined {
    const start = this.at;
    const close = this.source.indexOf(')', start);
    if (close < 0) {
      this.fail(this.depth > MAX_DEPTH ? 119 : 160, this.depth > MAX_DEPTH ? start : this.end);
      return undefined;
    }
    if (close - start > MAX_VERB_ARGUMENT) {
      this.fail(176, close);
      return undefined;
    }
    this.at = close + 1;
    return this.source.slice(start, close);
  }

  /** Behind "(" at "?". */
  private parseQuestion(itemStart: number, expected: number): void {
    this.at++;
    if (this.at >= this.end) return this.fail(114, this.at);
    const isCondition = expected > 0;
    switch (this.source.charAt(this.at)) {
      case 'P':
        return this.parsePython(itemStart);
      case 'R':
        this.at++;
        if (this.code(this.at) !== 0x29) return this.fail(158, this.at);
        return this.pushCall(itemStart, 0);
      case '+':
        if (!this.isDigitAt(this.at + 1)) return this.fail(129, this.at);
        return this.parseCallByNumber(itemStart);
      case '&':
        return this.parseCallByName(itemStart);
      case 'C':
        return this.parseCallout(itemStart, expected);
      case '(':
        return this.parseConditional(itemStart);
      case '>':
        return this.openAssertion(itemStart, 'atomic', false);
      case '=':
        return this.openAssertion(itemStart, 'lookahead', isCondition);
      case '*':
        return this.openAssertion(itemStart, 'nonAtomicLookahead', isCondition);
      case '!':
        return this.openAssertion(itemStart, 'negativeLookahead', isCondition);
      case '<':
        return this.parseLess(itemStart, isCondition);
      case "'":
        return this.openNamed(itemStart, 0x27);
      default:
        return this.parseQuestionOther(itemStart);
    }
  }

  private parseQuestionOther(itemStart: number): void {
    const c = this.code(this.at);
    if (isDigitCode(c) || (c === 0x2d && this.isDigitAt(this.at + 1)))
      return this.parseCallByNumber(itemStart);
    if (c !== 0x7c) return this.parseOptions(itemStart);
    this.at++;
    this.features.branchReset = true;
    this.openFrame({ start: itemStart, type: 'plain', resetTo: this.groupCount });
  }

  private openAssertion(itemStart: number, type: GroupType, isCondition: boolean): void {
    this.at++;
    this.openFrame({ start: itemStart, type, isCondition });
  }

  private parseLess(itemStart: number, isCondition: boolean): void {
    const next = this.source.charAt(this.at + 1);
    if (next !== '=' && next !== '!' && next !== '*') return this.openNamed(itemStart, 0x3e);
    const type = next === '=' ? 'lookbehind' : next === '!' ? 'negativeLookbehind' : 'nonAtomicLookbehind';
    const errorOffset = this.at - 2;
    this.at += 2;
    this.openLookbehind(itemStart, type, isCondition, errorOffset);
  }

  private parsePython(itemStart: number): void {
    this.at++;
    if (this.at >= this.end) return this.fail(114, this.at);
    const c = this.code(this.at);
    if (c === 0x3c) return this.openNamed(itemStart, 0x3e);
    if (c === 0x3e) return this.parseCallByName(itemStart);
    if (c !== 0x3d) return this.fail(141, this.at);
    const name = this.readName(0x29);
    if (name === undefined) return;
    this.features.reference = true;
    this.pushItem({
      kind: 'backreference',
      number: 0,
      name: name.text,
      caseless: this.has(CASELESS),
      offset: name.start,
      start: itemStart,
      end: this.at,
    });
  }

  private parseCallByName(itemStart: number): void {
    const name = this.readName(0x29);
    if (name === undefined) return;
    this.features.reference = true;
    this.pushItem({
      kind: 'call',
      number: 0,
      name: name.text,
      offset: name.start,
      start: itemStart,
      end: this.at,
    });
  }

  private parseCallByNumber(itemStart: number): void {
    const relativeTo = this.isDigitAt(this.at) ? -1 : this.groupCount;
    if (!this.readNumber(relativeTo, MAX_GROUPS, 161)) return this.fail(this.numberError, this.at);
    if (this.number < 0) return this.fail(115, this.at - 1);
    if (this.code(this.at) !== 0x29) return this.fail(114, this.at);
    this.pushCall(itemStart, this.number);
  }

  private parseCallout(itemStart: number, expected: number): void {
    this.at++;
    if (this.at >= this.end) return this.fail(114, this.at);
    this.expectAssertion = expected - 1;
    const offset = this.at;
    const isString = this.code(this.at) !== 0x29 && !this.isDigitAt(this.at);
    if (isString ? !this.skipCalloutString() : !this.skipCalloutNumber()) return;
    const stringLength = isString ? this.at - offset : 0;
    if (this.code(this.at) !== 0x29) return this.fail(139, this.at);
    this.at++;
    this.frame.items.push({ kind: 'callout', stringLength, offset, start: itemStart, end: this.at });
  }

  private skipCalloutNumber(): boolean {
    let n = 0;
    while (this.isDigitAt(this.at)) {
      n = n * 10 + this.code(this.at++) - 48;
      if (n <= 255) continue;
      this.fail(138, this.at);
      return false;
    }
    return true;
  }

  /** A doubled closing delimiter stands for itself. */
  private skipCalloutString(): boolean {
    const opening = this.source.charAt(this.at);
    const closing = Object.hasOwn(calloutDelimiters, opening) ? calloutDelimiters[opening]! : undefined;
    if (closing === undefined) {
      this.fail(182, this.at);
      return false;
    }
    let p = this.at + 1;
    for (;;) {
      const close = this.source.indexOf(closing, p);
      if (close < 0) {
        this.fail(181, this.at);
        return false;
      }
      if (this.source.charAt(close + 1) !== closing) {
        this.at = close + 1;
        return true;
      }
      p = close + 2;
    }
  }

  private openNamed(itemStart: number, terminator: number): void {
    const name = this.readName(terminator);
    if (name === undefined) return;
    if (this.groupCount >= MAX_GROUPS) return this.fail(197, this.at);
    const number = ++this.groupCount;
    const error = this.addName(name.text, number);
    if (error !== 0) {
      this.depth++;
      return this.fail(error, this.at);
    }
    this.openFrame({ start: itemStart, type: 'capture', number, name: name.text });
  }

  /** Registers a name; gives an error number or 0. One number may have one name only; one name several numbers only by option. */
  private addName(name: string, number: number): number {
    if (this.nameEntries >= MAX_NAMES) return 149;
    const names = (this.names ??= new Map<string, number[]>());
    const entries = (this.entryOfNumber ??= new Map<number, number>());
    const numbers = names.get(name);
    const clash = entries.get(number) ?? Number.POSITIVE_INFINITY;
    if (numbers === undefined) {
      if (clash !== Number.POSITIVE_INFINITY) return 165;
      names.set(name, [number]);
    } else {
      const isSame = numbers.includes(number);
      const first = entries.get(numbers[0]!) ?? 0;
      // The library walks its list of names; the first entry that contradicts decides.
      if (!this.has(DUPLICATE_NAMES) && numbers[0] !== number && first < clash) return 143;
      if (isSame) return 0;
      if (clash !== Number.POSITIVE_INFINITY) return 165;
      numbers.push(number);
    }
    entries.set(number, this.nameEntries++);
    return 0;
  }

  // ---- Options and conditions

  private parseOptions(itemStart: number): void {
    const lettersStart = this.at;
    const savedOptions = this.options;
    let set = 0;
    let unset = 0;
    let unsetting = false;
    let hyphenAllowed = true;
    this.depth++;
    if (this.code(this.at) === 0x5e) {
      this.options &= ~(CASELESS | MULTILINE | NO_AUTO_CAPTURE | DOT_ALL | EXTENDED | EXTENDED_MORE);
      hyphenAllowed = false;
      this.at++;
    }
    while (this.at < this.end && this.code(this.at) !== 0x29 && this.code(this.at) !== 0x3a) {
      const letter = this.source.charAt(this.at);
      if (letter === '-') {
        if (!hyphenAllowed) return this.fail(194, this.at);
        unsetting = true;
        hyphenAllowed = false;
        this.at++;
        continue;
      }
      const bits = this.readOptionLetter(letter);
      if (bits === 0) return this.fail(111, this.at);
      if (unsetting) unset |= bits;
      else set |= bits;
    }
    if ((set & (EXTENDED | EXTENDED_MORE)) === EXTENDED || (unset & EXTENDED) !== 0) unset |= EXTENDED_MORE;
    this.options = (this.options | set) & ~unset;
    if (this.at >= this.end) return this.fail(114, this.at);
    this.finishOptions(itemStart, lettersStart, savedOptions);
  }

  private finishOptions(itemStart: number, lettersStart: number, savedOptions: number): void {
    const letters = this.source.slice(lettersStart, this.at);
    const isGroup = this.code(this.at) === 0x3a;
    this.at++;
    this.depth--;
    const changed = this.options;
    if (!isGroup) {
      this.frame.items.push({ kind: 'options', letters, start: itemStart, end: this.at });
      return;
    }
    this.options = savedOptions;
    this.openFrame({ start: itemStart, type: 'plain' });
    this.options = changed;
    if (letters !== '')
      this.frame.items.push({ kind: 'options', letters, start: lettersStart, end: this.at });
  }

  /** The bits of one option letter (two for xx), 0 for an unknown one. */
  private readOptionLetter(letter: string): number {
    const bits = optionLetters[letter] ?? 0;
    if (bits === 0) return 0;
    this.at++;
    if (letter !== 'x' || this.source.charAt(this.at) !== 'x') return bits;
    this.at++;
    return EXTENDED | EXTENDED_MORE;
  }

  /** "(?(" with `at` on the second parenthesis. */
  private parseConditional(itemStart: number): void {
    this.at++;
    if (this.at >= this.end) return this.fail(114, this.at);
    this.depth++;
    const c = this.code(this.at);
    this.features.conditional = true;
    this.features.reference = true;
    if (c === 0x3f || c === 0x2a) {
      this.at--;
      this.expectAssertion = 2;
      this.depth--;
      return this.openFrame({ start: itemStart, type: 'conditional', awaitsAssertion: true });
    }
    const condition = this.readCondition();
    if (condition === undefined) return;
    if (this.code(this.at) !== 0x29) return this.fail(124, this.at);
    this.at++;
    this.depth--;
    this.openFrame({ start: itemStart, type: 'conditional', condition });
  }

  private readCondition(): Condition | undefined {
    if (this.readNumber(this.groupCount, MAX_GROUPS, 161)) {
      if (this.number > 0) return { kind: 'number', number: this.number, offset: this.at - 2 };
      this.fail(115, this.at);
      return undefined;
    }
    if (this.numberError !== 0) {
      this.fail(this.numberError, this.at);
      return undefined;
    }
    const isVersion = this.source.startsWith('VERSION', this.at) && this.end - this.at >= 10;
    if (isVersion && this.code(this.at + 7) !== 0x29) return this.readVersion();
    return this.readNamedCondition();
  }

  /** (?(VERSION>=10.4): compares with 10.42. */
  private readVersion(): Condition | undefined {
    this.at += 7;
    const atLeast = this.code(this.at) === 0x3e;
    if (atLeast) this.at++;
    if (this.code(this.at) !== 0x3d) return this.versionFailed();
    this.at++;
    if (!this.isDigitAt(this.at)) return this.versionFailed();
    if (!this.readNumber(-1, 1000, 179)) return this.versionFailed();
    const major = this.number;
    let minor = 0;
    if (this.at >= this.end) return this.versionFailed();
    if (this.code(this.at) === 0x2e) {
      this.at++;
      if (!this.isDigitAt(this.at)) return this.versionFailed();
      minor = (this.code(this.at++) - 48) * 10;
      if (this.isDigitAt(this.at)) minor += this.code(this.at++) - 48;
      if (this.code(this.at) !== 0x29) return this.versionFailed();
    }
    const holds = atLeast ? major < 10 || (major === 10 && minor <= 42) : major === 10 && minor === 42;
    return { kind: 'version', holds };
  }

  private versionFailed(): undefined {
    this.fail(179, this.at);
    return undefined;
  }

  private readNamedCondition(): Condition | undefined {
    const c = this.code(this.at);
    const isRecursion = c === 0x52 && this.code(this.at + 1) === 0x26;
    const terminator = c === 0x3c ? 0x3e : c === 0x27 ? 0x27 : 0x29;
    if (isRecursion) this.at++;
    else if (terminator === 0x29) this.at--;
    const name = this.readName(terminator);
    if (name === undefined) return undefined;
    const { text, start: offset } = name;
    if (terminator !== 0x29) return { kind: 'name', name: text, offset };
    this.at--;
    if (isRecursion) return { kind: 'recursionName', name: text, offset };
    if (text === 'DEFINE') return { kind: 'define', offset };
    return { kind: /^R[0-9]*$/.test(text) ? 'recursionNumber' : 'name', name: text, offset };
  }
}

const optionLetters: Readonly<Record<string, number>> = {
  J: DUPLICATE_NAMES,
  i: CASELESS,
  m: MULTILINE,
  n: NO_AUTO_CAPTURE,
  s: DOT_ALL,
  U: UNGREEDY,
  x: EXTENDED,
};

function isLookbehind(type: GroupType): boolean {
  return type === 'lookbehind' || type === 'negativeLookbehind' || type === 'nonAtomicLookbehind';
}
