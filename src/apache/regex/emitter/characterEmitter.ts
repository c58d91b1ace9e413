import type { CharacterClass, TypeName } from '../ast';
import { classShape, multipleCases } from '../check';
import { type ByteSet, classSet, invert, otherCase, otherCaseUcp, propertySet, typeSet } from '../classes';
import { kind, op, type } from '../ops';
import { propertyOf } from '../properties';
import { EmitterState } from './emitterState';
import { CHARACTER_CASELESS, none, unset } from './known';

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

/** Compiles what matches one character, and learns what every match begins with and contains. */
export class CharacterEmitter extends EmitterState {
  protected beginItem(): void {
    if (this.matched && !this.accepted) this.mustMatch = true;
    this.previousMatched = this.matched;
    this.matched = false;
  }

  private otherCaseOf(code: number): number {
    return this.unicodeCase ? otherCaseUcp(code) : otherCase(code);
  }

  protected emitLiteral(code: number, caseless: boolean): void {
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

  protected keepForZero(): void {
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

  protected emitType(number: number): void {
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

  protected emitCharacterType(name: TypeName): void {
    const property = this.ucp ? ucpTypes[name.toLowerCase()] : undefined;
    if (property !== undefined) return this.emitProperty(property, name !== name.toLowerCase());
    this.emitType(typeNumbers[name]);
  }

  protected emitProperty(name: string, negated: boolean): void {
    const set = propertySet(name, negated);
    this.properties.push({ property: propertyOf(name)!, negated });
    this.emitSet(set, kind.PROPERTY, this.properties.length - 1);
  }

  protected emitClass(node: CharacterClass): void {
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
}

/** Bytes at which a newline of that convention starts (for CRLF see DOT_CRLF). */
function newlineSet(convention: string): ByteSet {
  const set = new Uint8Array(256);
  if (convention === 'NUL') set[0] = 1;
  if (convention !== 'NUL' && convention !== 'CR') set[10] = 1;
  if (convention !== 'NUL' && convention !== 'LF') set[13] = 1;
  if (convention === 'ANY') set[11] = set[12] = set[0x85] = 1;
  return set;
}
