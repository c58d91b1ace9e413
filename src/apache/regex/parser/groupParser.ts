import type { GroupType } from '../ast';
import { characterTypes, isLowerLetter, isWord } from '../classes';
import { alphaAssertions, calloutDelimiters, conditionAssertions, verbs } from '../syntaxTables';
import {
  CASELESS,
  DUPLICATE_NAMES,
  MAX_DEPTH,
  MAX_GROUPS,
  MAX_NAME_LENGTH,
  NO_AUTO_CAPTURE,
} from './options';
import { isDigitCode } from './patternReader';
import { SettingParser } from './settingParser';

const MAX_NAMES = 10000;
const MAX_VERB_ARGUMENT = 255;

/** Parses all else that begins with a parenthesis: groups, assertions, verbs, callouts, calls. */
export class GroupParser extends SettingParser {
  protected closeParenthesis(): void {
    if (this.depth === 0) return this.fail(122, this.at - 1);
    const closed = this.frame;
    this.options = closed.savedOptions;
    if (closed.resetTo >= 0) this.groupCount = Math.max(this.groupCount, closed.resetMax);
    this.depth--;
    this.closeFrame(this.at);
    this.quantifiable = !closed.isCondition;
  }

  protected parseParenthesis(itemStart: number, expected: number): void {
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
}

function isLookbehind(type: GroupType): boolean {
  return type === 'lookbehind' || type === 'negativeLookbehind' || type === 'nonAtomicLookbehind';
}
