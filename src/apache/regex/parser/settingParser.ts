import type { Condition } from '../ast';
import { ItemParser } from './itemParser';
import {
  CASELESS,
  DOT_ALL,
  EXTENDED,
  EXTENDED_MORE,
  MAX_GROUPS,
  MULTILINE,
  NO_AUTO_CAPTURE,
  optionLetters,
} from './options';

/** Parses option settings and the conditions of conditional groups. */
export class SettingParser extends ItemParser {
  protected parseOptions(itemStart: number): void {
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
  protected parseConditional(itemStart: number): void {
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
