/**
 * Pattern -> tree, in one pass and in PCRE2's own order, so that the first error found, its number and its offset are those of
 * pcre2_compile(). What can only be said once the whole pattern is known (references, lookbehind lengths, size) is in check.ts.
 * Source of the facts: pcre2pattern(3) and the behaviour of libpcre2 10.42, checked case by case against the library.
 */
import type { Pattern } from './ast';
import { characterTypes, isLowerLetter, isSpace } from './classes';
import { newlineLength } from './newlines';
import { GroupParser } from './parser/groupParser';
import { EXTENDED, MAX_DEPTH, MULTILINE, DOT_ALL, type ParseOptions } from './parser/options';
import type { Refusal } from './parser/parserState';
import { readStartItems } from './startItems';

export type { ParseOptions, Refusal };

export interface ParseResult {
  /** The tree; after a refusal, of what stands before it. */
  readonly pattern: Pattern;
  readonly refusal: Refusal | undefined;
}

/** Characters that are nothing but themselves outside a class. */
const plain = new Uint8Array(256).fill(1);
for (const special of '\\^$.[|()*+?{') plain[special.charCodeAt(0)] = 0;

/** Parses a byte string. Never throws; one pass, linear but for the depth of nesting. */
export function parsePattern(source: string, options: ParseOptions): ParseResult {
  const start = readStartItems(source);
  const parser = new Parser(source, options, start);
  if (start.refusal === undefined) parser.run();
  return parser.result();
}

const noNames: ReadonlyMap<string, readonly number[]> = new Map();

/** Goes through a pattern item by item. */
class Parser extends GroupParser {
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

  private parseBrace(itemStart: number, quantifiable: boolean): void {
    const counts = this.readRepeatCounts(this.at);
    if (this.numberError !== 0) return this.fail(this.numberError, this.at);
    if (counts === undefined) return this.pushLiteral(0x7b, itemStart);
    this.quantify(itemStart, counts.min, counts.max, quantifiable);
  }
}
