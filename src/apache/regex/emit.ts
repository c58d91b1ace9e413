/** Tree -> program. Keeps PCRE2's way of unrolling counted groups, and what it learns about first and required characters. */
import type { Node, Pattern } from './ast';
import type { ByteSet } from './classes';
import { none, type KnownCharacter } from './emitter/known';
import { QuantifierEmitter } from './emitter/quantifierEmitter';
import type { LookbehindLengths } from './lookbehind';
import { endOfGroup, isGroupStart, lengthOf, op, type } from './ops';
import type { PropertyTest } from './propertyExclusion';

/** What the emitter knows about the program besides its code. */
export interface Emitted {
  readonly code: number[];
  readonly sets: ByteSet[];
  /** Group numbers behind ambiguous names. */
  readonly lists: (readonly number[])[];
  readonly verbArguments: string[];
  readonly properties: PropertyTest[];
  readonly first: KnownCharacter;
  readonly required: KnownCharacter;
  readonly canBeEmpty: boolean;
  readonly hasThen: boolean;
  readonly hasPruneOrSkip: boolean;
  readonly hasAccept: boolean;
  readonly hasCall: boolean;
  readonly hasKeepOut: boolean;
  /** The pattern names a carriage return or a line feed. */
  readonly hasCrOrLf: boolean;
  /** Groups that are referred to: bit 0 stands for all from 32 on. */
  readonly referenceMap: number;
  readonly topReference: number;
}

/** Compiles a checked pattern. */
export function emitProgram(pattern: Pattern, lengths: LookbehindLengths): Emitted {
  return new Emitter(pattern, lengths).run();
}

class Emitter extends QuantifierEmitter {
  run(): Emitted {
    const learned = this.emitGroup({ code: op.BRA, number: 0, alternatives: this.pattern.alternatives });
    this.code.push(op.END);
    this.resolve();
    return {
      code: this.code,
      sets: this.sets,
      lists: this.lists,
      verbArguments: this.verbArguments,
      properties: this.properties,
      first: learned.first,
      required: this.hasAccept ? none : learned.required,
      canBeEmpty: learned.canBeEmpty,
      hasThen: this.hasThen,
      hasPruneOrSkip: this.hasPruneOrSkip,
      hasAccept: this.hasAccept,
      hasCall: this.hasCall,
      hasKeepOut: this.hasKeepOut,
      hasCrOrLf: this.hasCrOrLf,
      referenceMap: this.referenceMap,
      topReference: this.topReference,
    };
  }

  /** Gives calls their addresses and every alternative the way to the end of its group. */
  private resolve(): void {
    const { code } = this;
    const groups = new Map<number, number>([[0, 0]]);
    for (let at = 0; at < code.length; at += lengthOf[code[at]!]!) {
      const number = code[at]! >= op.CAPTURE && code[at]! <= op.CAPTURE_EMPTY_POSSESSIVE ? code[at + 3]! : 0;
      if (number > 0 && !groups.has(number)) groups.set(number, at);
    }
    for (let at = 0; at < code.length; at += lengthOf[code[at]!]!) {
      if (isGroupStart(code[at]!)) this.linkEnds(at);
      else if (code[at] === op.CALL) code[at + 1] = groups.get(code[at + 2]!)!;
    }
  }

  private linkEnds(start: number): void {
    const end = endOfGroup(this.code, start);
    for (let at = start; at !== end; at += this.code[at + 1]!) this.code[at + 2] = end - at;
  }

  protected emitNode(node: Node): void {
    switch (node.kind) {
      case 'literal':
        for (let i = 0; i < node.text.length; i++) this.emitLiteral(node.text.charCodeAt(i), node.caseless);
        return;
      case 'dot':
        this.beginItem();
        return this.emitType(node.dotAll ? type.ALL : type.ANY);
      case 'type':
        this.beginItem();
        return this.emitCharacterType(node.type);
      case 'property':
        this.beginItem();
        if (node.name === 'any' && !node.negated) return this.emitType(type.ALL);
        return this.emitProperty(node.name, node.negated);
      case 'cluster':
        this.beginItem();
        return this.emitType(node.type === 'R' ? type.NEWLINE : type.CLUSTER);
      case 'class':
        return this.emitClass(node);
      case 'anchor':
        this.beginItem();
        return this.emitAnchor(node);
      case 'group':
        this.beginItem();
        this.emitGroupNode(node, false);
        return;
      case 'conditional':
        this.beginItem();
        this.emitConditional(node);
        return;
      case 'backreference':
        this.beginItem();
        return this.emitReference(node.name, node.number, node.caseless);
      case 'call':
        this.beginItem();
        return this.emitCall(node.name === undefined ? node.number : this.pattern.names.get(node.name)![0]!);
      case 'verb':
        return this.emitVerb(node);
      case 'quantified':
        return this.emitQuantified(node);
      case 'callout':
      case 'options':
        this.beginItem();
        return;
      default:
    }
  }
}
