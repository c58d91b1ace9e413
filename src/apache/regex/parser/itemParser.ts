import type { Node, TypeName } from '../ast';
import { isPosixName } from '../classes';
import { ClassReader } from '../classReader';
import { CASELESS, EXTENDED_MORE, MAX_GROUPS } from './options';
import { TreeWriter } from './treeWriter';

/** Parses escapes, references and classes. */
export class ItemParser extends TreeWriter {
  protected parseEscape(itemStart: number): void {
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
  protected pushCall(itemStart: number, number: number): void {
    const offset = this.at++;
    this.features.reference = true;
    this.pushItem({ kind: 'call', number, name: undefined, offset, start: itemStart, end: this.at });
  }

  protected parseBracket(itemStart: number): void {
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
}
