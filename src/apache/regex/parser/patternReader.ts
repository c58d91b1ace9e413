import { characterTypes, isHexDigit, isWord } from '../classes';
import { MAX_NAME_LENGTH } from './options';
import { ParserState } from './parserState';

const MAX_REPEAT = 65535;

interface Name {
  readonly text: string;
  readonly start: number;
}

export function isDigitCode(code: number): boolean {
  return code >= 48 && code <= 57;
}

/** Reads characters, numbers and names of a pattern, from `at` on. */
export class PatternReader extends ParserState {
  protected fail(code: number, offset: number): void {
    this.refusal ??= { code, offset };
  }

  protected has(option: number): boolean {
    return (this.options & option) !== 0;
  }

  protected code(at: number): number {
    return this.source.charCodeAt(at);
  }

  protected isDigitAt(at: number): boolean {
    return isDigitCode(this.source.charCodeAt(at));
  }

  /** The character at `itemStart`: under (*UTF) a whole UTF-8 sequence (the pattern is known to be valid). Moves `at` behind it. */
  protected readWide(itemStart: number): number {
    const first = this.code(itemStart);
    this.at = itemStart + 1;
    if (!this.start.settings.utf || first < 0xc0) return first;
    const length = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
    let code = first & (0x7f >> length);
    for (let i = 1; i < length; i++) code = (code << 6) | (this.code(itemStart + i) & 0x3f);
    this.at = itemStart + length;
    return code;
  }

  private peekWide(at: number): { text: string; length: number } {
    const before = this.at;
    const text = String.fromCodePoint(this.readWide(at));
    const length = this.at - at;
    this.at = before;
    return { text, length };
  }

  protected isOctalAt(at: number): boolean {
    const c = this.code(at);
    return c >= 48 && c <= 55;
  }

  protected isHexadecimalAt(at: number): boolean {
    return at < this.end && (characterTypes[this.code(at)]! & isHexDigit) !== 0;
  }

  protected maxCharacter(): number {
    return this.start.settings.utf ? 0x10ffff : 0xff;
  }

  /**
   * A number at `at`, with a sign when `relativeTo` is not negative: +1 is the next group, -1 the one before. On success it is in
   * `number` and `at` is behind it; otherwise `numberError` says why, or is 0 when there is no number (then `at` is unchanged).
   */
  protected readNumber(relativeTo: number, max: number, tooBig: number): boolean {
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

  /** Reads {n}, {n,} or {n,m} behind the brace and moves behind it; undefined when it is none. Sets `numberError`. */
  protected readRepeatCounts(from: number): { min: number; max: number } | undefined {
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

  /** A group name behind `at` (which is on the character before it), up to and with its terminator. */
  protected readName(terminator: number): Name | undefined {
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

  private nameFailed(code: number, offset: number): undefined {
    this.fail(code, offset);
    this.at = offset;
    return undefined;
  }
}
