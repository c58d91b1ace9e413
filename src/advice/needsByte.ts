import type { Node, Pattern } from '../apache/regex';
import { bytesOfClass } from './patterns';

/**
 * Whether every match of a pattern surely has one of these bytes in it, or asks for one around it: then it matches no text
 * that has none of them. False says nothing. Takes time in proportion to the pattern.
 */
export function needsByte(pattern: Pattern, bytes: ReadonlySet<number>): boolean {
  return !pattern.features.verb && allNeed(pattern.alternatives, bytes);
}

const allNeed = (alternatives: readonly (readonly Node[])[], bytes: ReadonlySet<number>): boolean =>
  alternatives.length > 0 && alternatives.every((items) => items.some((item) => needs(item, bytes)));

function needs(item: Node, bytes: ReadonlySet<number>): boolean {
  switch (item.kind) {
    case 'literal':
      return Array.from(item.text).some((letter) => isAmong(letter, item.caseless, bytes));
    case 'class': {
      const taken = bytesOfClass(item);
      return taken !== undefined && [...taken].every((byte) => bytes.has(byte));
    }
    case 'quantified':
      return item.min > 0 && needs(item.item, bytes);
    case 'group':
      return ASKING.has(item.type) && allNeed(item.alternatives, bytes);
    default:
      return false;
  }
}

/** Groups that take their text in, or want it before or behind. */
const ASKING: ReadonlySet<string> = new Set(['plain', 'capture', 'atomic', 'lookahead', 'lookbehind']);

function isAmong(letter: string, caseless: boolean, bytes: ReadonlySet<number>): boolean {
  const spellings = caseless ? [letter.toLowerCase(), letter.toUpperCase()] : [letter];
  return spellings.every((one) => bytes.has(one.charCodeAt(0)));
}
