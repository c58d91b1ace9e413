import type { ClassItem } from '../ast';
import { characterTypes, isLetter, isSpace } from '../classes';
import { propertyName } from '../properties';
import { MAX_GROUPS } from './options';
import { isDigitCode, PatternReader } from './patternReader';

// The library stores 2^31-1 / 10 - 1 as the largest number that it tries as a backreference.
const MAX_BACKREFERENCE_DIGITS = 214748363;

const simpleEscapes: Readonly<Record<string, number>> = { a: 7, e: 27, f: 12, n: 10, r: 13, t: 9 };

/** What an escape means; `character` is for 'literal', `number` for 'backreference'. */
type EscapeKind = 'literal' | 'backreference' | 'named' | 'call' | 'special' | 'failed';

/** Reads what stands behind a backslash, in a class and outside. */
export class EscapeReader extends PatternReader {
  /**
   * Reads the escape behind the backslash before `at`. For 'special', `character` is the letter; for 'failed' the refusal is
   * recorded (its offset is where the library's pointer stands).
   */
  protected readEscape(inClass: boolean): EscapeKind {
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

  /** \p or \P: the name behind the letter. Undefined after a refusal. */
  protected readProperty(
    itemStart: number,
    negated: boolean,
  ): (ClassItem & { kind: 'property' }) | undefined {
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
}
