import type { Anchor, Node, Pattern } from '../apache/regex';

/** What is certain at a place in a pattern: least numbers of bytes. */
interface Passed {
  /** Taken in since the beginning of the match. */
  readonly taken: number;
  /** Taken in since an end of the text was asked for; undefined where none certainly was. */
  readonly behindEnd: number | undefined;
}

/** Why a pattern cannot match: it asks for the beginning of the text behind a byte, or for a byte behind its end. */
export type Impossible = 'beginning' | 'end';

/** What may stand behind an end of the text: nothing, or before Apache 2.4.41 (and for `\Z`) a line end. */
interface Ends {
  readonly dollarEndOnly: boolean;
}

/**
 * Whether a pattern surely matches no text at all, by its anchors: `a^b`, `a$b`. Undefined says nothing. Takes time in
 * proportion to the pattern.
 */
export function neverMatches(pattern: Pattern, ends: Ends): Impossible | undefined {
  if (pattern.features.verb) return undefined;
  const result = choice(pattern.alternatives, { taken: 0, behindEnd: undefined }, ends);
  return typeof result === 'string' ? result : undefined;
}

/** What is certain behind one of several alternatives; impossible where each of them is. */
function choice(alternatives: readonly (readonly Node[])[], at: Passed, ends: Ends): Passed | Impossible {
  let all: Passed | undefined;
  let reason: Impossible | undefined;
  for (const items of alternatives) {
    const one = sequence(items, at, ends);
    if (typeof one === 'string') reason ??= one;
    else all = all === undefined ? one : either(all, one);
  }
  return all ?? reason ?? at;
}

function either(one: Passed, other: Passed): Passed {
  const isBehind = one.behindEnd !== undefined && other.behindEnd !== undefined;
  return {
    taken: Math.min(one.taken, other.taken),
    behindEnd: isBehind ? Math.min(one.behindEnd, other.behindEnd) : undefined,
  };
}

function sequence(items: readonly Node[], at: Passed, ends: Ends): Passed | Impossible {
  let passed = at;
  for (const item of items) {
    const next = behind(item, passed, ends);
    if (typeof next === 'string') return next;
    passed = next;
  }
  return passed;
}

function behind(item: Node, at: Passed, ends: Ends): Passed | Impossible {
  switch (item.kind) {
    case 'literal':
      return takes(item.text.length, at, ends);
    case 'dot':
    case 'type':
    case 'property':
    case 'class':
    case 'cluster':
      return takes(1, at, ends);
    case 'anchor':
      return behindAnchor(item, at);
    case 'quantified':
      return item.min === 0 ? at : sequence(Array<Node>(Math.min(item.min, 2)).fill(item.item), at, ends);
    case 'group':
      if (item.type === 'plain' || item.type === 'capture' || item.type === 'atomic')
        return choice(item.alternatives, at, ends);
      if (item.type !== 'lookahead') return at;
      return typeof choice(item.alternatives, at, ends) === 'string' ? 'beginning' : at;
    default:
      return at;
  }
}

/** Behind the end of the text nothing is left, but for the line end that `\Z` allows. */
function takes(bytes: number, { taken, behindEnd }: Passed, { dollarEndOnly }: Ends): Passed | Impossible {
  if (behindEnd === undefined) return { taken: taken + bytes, behindEnd };
  const more = behindEnd + bytes;
  return more > (dollarEndOnly ? 0 : 1) ? 'end' : { taken: taken + bytes, behindEnd: more };
}

function behindAnchor({ type, multiline }: Anchor, at: Passed): Passed | Impossible {
  if ((type === '^' && !multiline) || type === 'A') return at.taken > 0 ? 'beginning' : at;
  if ((type === '$' && !multiline) || type === 'z') return { ...at, behindEnd: at.behindEnd ?? 0 };
  return at;
}
