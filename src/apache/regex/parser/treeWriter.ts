import type { Callout, Group, Node, Quantified } from '../ast';
import { EscapeReader } from './escapeReader';
import { newFrame, type FrameInit } from './frame';
import { CASELESS, UNGREEDY } from './options';

/** Puts the tree together: items, quantifiers, and the groups that are still open. */
export class TreeWriter extends EscapeReader {
  protected openFrame(init: FrameInit): void {
    this.depth++;
    this.open.push(this.frame);
    this.frame = newFrame(init, this.options);
  }

  protected nextAlternative(): void {
    const { frame } = this;
    if (frame.resetTo >= 0) {
      frame.resetMax = Math.max(frame.resetMax, this.groupCount);
      this.groupCount = frame.resetTo;
    }
    frame.alternatives.push(frame.items);
    frame.items = [];
  }

  protected closeFrame(end: number): void {
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

  protected pushLiteral(code: number, itemStart: number): void {
    this.quantifiable = true;
    this.lastCharacterStart = itemStart;
    this.appendLiteral(String.fromCodePoint(code), itemStart);
  }

  protected appendLiteral(text: string, start: number): void {
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

  protected pushItem(node: Node): void {
    this.quantifiable = true;
    this.frame.items.push(node);
  }

  protected modifyQuantifier(c: number): void {
    const { items } = this.frame;
    const last = items.findLastIndex((item) => item.kind === 'quantified');
    const node = items[last] as Quantified;
    const ungreedy = this.has(UNGREEDY);
    const mode = c === 0x2b ? 'possessive' : ungreedy ? 'greedy' : 'lazy';
    items[last] = { ...node, mode, end: this.at };
  }

  protected quantify(quantifierStart: number, min: number, max: number, quantifiable: boolean): void {
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
}
