import type { CharacterClass, Group, Node, Pattern } from '../apache/regex';

/** The items of a pattern that has no alternatives; undefined for one with several. */
export function sequenceOf(pattern: Pattern): readonly Node[] | undefined {
  return pattern.alternatives.length === 1 ? pattern.alternatives[0] : undefined;
}

/** Every node of a pattern, in the order of the text. Groups are not nested deeply: PCRE2 refuses more than 250 levels. */
export function* nodesIn(alternatives: readonly (readonly Node[])[]): Generator<Node> {
  for (const items of alternatives) {
    for (const item of items) {
      yield item;
      if (item.kind === 'group' || item.kind === 'conditional') yield* nodesIn(item.alternatives);
      if (item.kind === 'quantified') yield* nodesIn([[item.item]]);
    }
  }
}

/** What an item can begin with, and whether it can match nothing at all. */
export interface FirstBytes {
  /** 256 entries; undefined: no idea, any byte. */
  readonly bytes: ReadonlySet<number> | undefined;
  readonly canBeEmpty: boolean;
}

const ANYTHING: FirstBytes = { bytes: undefined, canBeEmpty: true };
const NOTHING: FirstBytes = { bytes: new Set(), canBeEmpty: true };

/** What a list of alternatives can begin with. Where it is not known (lookaround, references) every byte counts as possible. */
export function firstBytes(alternatives: readonly (readonly Node[])[]): FirstBytes {
  let all: FirstBytes = { bytes: new Set(), canBeEmpty: false };
  for (const items of alternatives) {
    const one = firstOfSequence(items);
    all = { bytes: union(all.bytes, one.bytes), canBeEmpty: all.canBeEmpty || one.canBeEmpty };
  }
  return all;
}

function firstOfSequence(items: readonly Node[]): FirstBytes {
  let bytes: FirstBytes['bytes'] = new Set();
  for (const item of items) {
    const one = firstOfItem(item);
    bytes = union(bytes, one.bytes);
    if (!one.canBeEmpty) return { bytes, canBeEmpty: false };
  }
  return { bytes, canBeEmpty: true };
}

function firstOfItem(item: Node): FirstBytes {
  switch (item.kind) {
    case 'literal':
      return { bytes: cased(item.text.charCodeAt(0), item.caseless), canBeEmpty: item.text === '' };
    case 'dot':
      return { bytes: undefined, canBeEmpty: false };
    case 'class':
      return { bytes: bytesOfClass(item), canBeEmpty: false };
    case 'type':
      return { bytes: undefined, canBeEmpty: false };
    case 'anchor':
    case 'options':
    case 'comment':
    case 'callout':
      return NOTHING;
    case 'quantified': {
      const inner = firstOfItem(item.item);
      return item.max === 0
        ? NOTHING
        : { bytes: inner.bytes, canBeEmpty: inner.canBeEmpty || item.min === 0 };
    }
    case 'group':
      return LOOKAROUND.test(item.type) ? NOTHING : firstBytes(item.alternatives);
    default:
      return ANYTHING;
  }
}

/** Groups that take nothing in. */
const LOOKAROUND = /look/i;

const isPlain = ({ type }: Group): boolean => type === 'plain' || type === 'capture' || type === 'atomic';

function union(a: FirstBytes['bytes'], b: FirstBytes['bytes']): FirstBytes['bytes'] {
  return a === undefined || b === undefined ? undefined : new Set([...a, ...b]);
}

function cased(code: number, caseless: boolean): ReadonlySet<number> {
  const text = String.fromCharCode(code);
  return caseless && code < 128
    ? new Set([text.toLowerCase().charCodeAt(0), text.toUpperCase().charCodeAt(0)])
    : new Set([code]);
}

/** The bytes of a class made of ranges; undefined for one with `\w` and the like, or with options that fold case. */
export function bytesOfClass({ negated, items, caseless }: CharacterClass): ReadonlySet<number> | undefined {
  const bytes = new Set<number>();
  for (const item of items) {
    if (item.kind !== 'range' || caseless) return undefined;
    for (let code = item.from; code <= Math.min(item.to, 255); code++) bytes.add(code);
  }
  if (!negated) return bytes;
  return new Set([...Array(256).keys()].filter((code) => !bytes.has(code)));
}

/** The first byte that every match has at the very start of its text: only for a pattern that begins with `^` everywhere. */
export function fixedStart(pattern: Pattern): ReadonlySet<number> | undefined {
  let bytes: FirstBytes['bytes'] = new Set();
  for (const items of pattern.alternatives) {
    const anchor = items.findIndex(({ kind }) => kind !== 'options' && kind !== 'comment');
    const first = items[anchor];
    if (first?.kind !== 'anchor' || (first.type !== '^' && first.type !== 'A') || first.multiline)
      return undefined;
    const rest = firstOfSequence(items.slice(anchor + 1));
    if (rest.canBeEmpty || rest.bytes === undefined) return undefined;
    bytes = union(bytes, rest.bytes);
  }
  return pattern.alternatives.length === 0 ? undefined : bytes;
}

/** True for `^`, `.*`, `^(.*)$` and all others that surely match every text. */
export function matchesEverything(pattern: Pattern): boolean {
  return pattern.features.verb ? false : pattern.alternatives.some(sequenceMatchesEverything);
}

function sequenceMatchesEverything(items: readonly Node[]): boolean {
  const last = items.at(-1);
  const isClosed = last?.kind === 'anchor' && last.type === '$';
  const isOpened = items[0]?.kind === 'anchor' && items[0].type === '^';
  const body = items.slice(isOpened ? 1 : 0, isClosed ? -1 : undefined);
  if (isOpened && isClosed) return body.length === 1 && isDotStar(body[0]);
  return body.every(matchesNothingToo);
}

function isDotStar(item: Node | undefined): boolean {
  if (item?.kind === 'quantified')
    return item.item.kind === 'dot' && item.item.dotAll && item.min === 0 && item.max === Infinity;
  if (item?.kind !== 'group' || !isPlain(item)) return false;
  return (
    item.alternatives.length === 1 && item.alternatives[0]?.length === 1 && isDotStar(item.alternatives[0][0])
  );
}

function matchesNothingToo(item: Node): boolean {
  if (item.kind === 'quantified') return item.min === 0 || matchesNothingToo(item.item);
  if (item.kind === 'group')
    return isPlain(item) && item.alternatives.some((items) => items.every(matchesNothingToo));
  return item.kind === 'options' || item.kind === 'comment';
}

/** The capturing group of a number. */
export function groupOf(pattern: Pattern, number: number): Group | undefined {
  for (const node of nodesIn(pattern.alternatives))
    if (node.kind === 'group' && node.type === 'capture' && node.number === number) return node;
  return undefined;
}

/** Whether a part of a pattern can take in a blank. */
export function canHoldSpace(alternatives: readonly (readonly Node[])[]): boolean {
  for (const node of nodesIn(alternatives)) {
    if (node.kind === 'dot') return true;
    if (node.kind === 'literal' && node.text.includes(' ')) return true;
    if (node.kind === 'type' && 'sDWHV'.includes(node.type)) return true;
    if (
      node.kind === 'class' &&
      (bytesOfClass({ ...node, caseless: false })?.has(32) ?? classMayHoldSpace(node))
    )
      return true;
  }
  return false;
}

function classMayHoldSpace({ negated, items }: CharacterClass): boolean {
  const named = items.some(
    (item) =>
      (item.kind === 'type' && 'sDWHV'.includes(item.type)) ||
      (item.kind === 'range' && item.from <= 32 && item.to >= 32) ||
      (item.kind === 'posix' && ['space', 'blank', 'print'].includes(item.name) !== item.negated),
  );
  return named !== negated;
}

const LONGEST_SAMPLE = 300;

/** A text that the pattern probably matches: the caller has to try it. */
export function sampleOf(alternatives: readonly (readonly Node[])[]): string {
  return sampleOfSequence(alternatives[0] ?? []);
}

function sampleOfSequence(items: readonly Node[]): string {
  let text = '';
  for (const item of items) if (text.length < LONGEST_SAMPLE) text += sampleOfItem(item);
  return text.slice(0, LONGEST_SAMPLE);
}

function sampleOfItem(item: Node): string {
  switch (item.kind) {
    case 'literal':
      return item.text;
    case 'dot':
      return 'x';
    case 'type':
      return { d: '1', s: ' ', w: 'x', h: ' ', v: '\n' }[item.type as string] ?? 'x';
    case 'class':
      return sampleOfClass(item);
    case 'group':
      return isPlain(item) ? sampleOf(item.alternatives) : '';
    case 'quantified':
      return sampleOfItem(item.item).repeat(
        Math.min(Math.max(item.min, item.max === 1 ? 0 : 1), item.max, 20),
      );
    default:
      return '';
  }
}

const LIKELY = [
  'a',
  'x',
  '1',
  '-',
  '_',
  '.',
  '/',
  ...Array.from({ length: 94 }, (_, at) => String.fromCharCode(33 + at)),
];

function sampleOfClass(node: CharacterClass): string {
  const bytes = bytesOfClass({ ...node, caseless: false });
  if (bytes === undefined) return node.negated ? 'x' : sampleOfNamed(node);
  return LIKELY.find((one) => bytes.has(one.charCodeAt(0))) ?? '';
}

function sampleOfNamed({ items }: CharacterClass): string {
  const digits = items.some(
    (item) => (item.kind === 'type' && item.type === 'd') || (item.kind === 'posix' && item.name === 'digit'),
  );
  const words = items.some(
    (item) => item.kind !== 'range' && !(item.kind === 'type' && 'ds'.includes(item.type)),
  );
  return words ? 'x' : digits ? '1' : ' ';
}
