import { APACHE_REGEX, isRegexProblem, compileRegex, parseRegex } from '../apache/regex';
import type {
  Anchor,
  CharacterClass,
  CharacterType,
  ClassItem,
  Conditional,
  Group,
  GroupType,
  Node,
  Pattern,
  Quantified,
  TypeName,
} from '../apache/regex';
import { textOfByteString } from '../text/bytes';
import type { RegexPlace, RegexUse } from './regexPlaces';

/** A part of a pattern in words; offsets in the pattern. */
export interface RegexPart {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  /** How deeply it lies within groups. */
  readonly depth: number;
}

/** Parts that are explained at most: longer patterns are lists of words, which explain themselves. */
const MOST_PARTS = 40;

/** Deepest level that is shown by itself. */
const DEEPEST = 4;

/** Every part of a pattern in its order; of one that PCRE2 refuses, the parts that its parser came to. */
export function regexParts(
  pattern: string,
  { use, caseless }: Pick<RegexPlace, 'use' | 'caseless'>,
): readonly RegexPart[] {
  const { ast } = parseRegex(pattern, { ...APACHE_REGEX, caseless });
  const explainer = new Explainer(use);
  explainer.alternatives(ast.alternatives, 0);
  return explainer.parts;
}

/** A pattern for people, as Markdown; the part at an offset of the pattern stands out. */
export function regexText(place: RegexPlace, offset: number): string {
  const { pattern, use, caseless } = place;
  const compiled = compileRegex(pattern, { ...APACHE_REGEX, caseless });
  const problem = isRegexProblem(compiled)
    ? `**Apache refuses it:** ${compiled.message} at offset ${compiled.offset}.`
    : undefined;
  const parts = problem === undefined ? regexParts(pattern, place) : [];
  const shown = parts.slice(0, MOST_PARTS);
  const current = shown.findLast(({ start, end }) => start <= offset && offset < end);
  const list = shown.map((part) => line(pattern, part, part === current));
  if (parts.length > shown.length) list.push('- …');
  const heading = `${COMPARED[use]}${caseless ? ' Upper and lower case are the same.' : ''}`;
  return [heading, problem, list.join('\n')].filter((one) => one !== undefined && one !== '').join('\n\n');
}

const COMPARED: Readonly<Record<RegexUse, string>> = {
  rule: 'Regular expression, compared with the path below this folder: no slash at its start, no query.',
  condition: 'Regular expression, compared with the text before it.',
  redirect: 'Regular expression, compared with the whole path of the URL, slash first, without query.',
  files: 'Regular expression, compared with the name of the file.',
  environment: 'Regular expression, compared with the attribute or header.',
  header: "Regular expression, compared with the header's value.",
  expression: 'Regular expression, compared with the left side.',
};

function line(pattern: string, part: RegexPart, isCurrent: boolean): string {
  const source = code(pattern.slice(part.start, part.end));
  const words = isCurrent ? `**${part.text}**` : part.text;
  return `${'  '.repeat(part.depth)}- ${source} ${words}`;
}

/** Longest piece of a pattern that is quoted whole. */
const MOST_QUOTED = 60;

/** Text between backticks that hold whatever it has. */
function code(bytes: string): string {
  const whole = textOfByteString(bytes).replaceAll(/[\u0000-\u001f]/g, ' ');
  const text = whole.length > MOST_QUOTED ? `${whole.slice(0, MOST_QUOTED)}…` : whole;
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  const pad = longest > 0 || text.startsWith(' ') ? ' ' : '';
  return `${fence}${pad}${text}${pad}${fence}`;
}

/** How the groups of a pattern are called where they are used. */
function captureName(use: RegexUse, number: number): string {
  if (use === 'files') return '';
  return `${use === 'condition' ? '%' : '$'}${number}`;
}

class Explainer {
  readonly parts: RegexPart[] = [];
  readonly #use: RegexUse;

  constructor(use: RegexUse) {
    this.#use = use;
  }

  alternatives(alternatives: Pattern['alternatives'], depth: number): void {
    for (const items of alternatives) {
      if (alternatives.length > 1) this.#alternative(items, depth);
      else for (const item of items) this.#item(item, depth);
    }
  }

  /** One of several: all of it in one line where it is only text, else its parts below. */
  #alternative(items: readonly Node[], depth: number): void {
    const [first] = items;
    const last = items.at(-1);
    if (first === undefined || last === undefined) return;
    const span = { start: first.start, end: last.end };
    if (items.length === 1 && isSimple(first)) return this.#add(span, `either ${this.#words(first)}`, depth);
    this.#add(span, 'either', depth);
    for (const item of items) this.#item(item, depth + 1);
  }

  #item(item: Node, depth: number): void {
    this.#add(item, this.#words(item), depth);
    if (depth >= DEEPEST) return;
    const inner = item.kind === 'quantified' ? item.item : item;
    if (inner.kind === 'conditional' || (inner.kind === 'group' && !isPlainInside(inner)))
      this.alternatives(inner.alternatives, depth + 1);
  }

  #add({ start, end }: { readonly start: number; readonly end: number }, text: string, depth: number): void {
    if (this.parts.length <= MOST_PARTS) this.parts.push({ start, end, text, depth });
  }

  #words(item: Node): string {
    switch (item.kind) {
      case 'literal':
        return `the text ${code(item.text)}`;
      case 'dot':
        return item.dotAll ? 'any character' : 'any character but a line end';
      case 'type':
        return `one ${TYPES[item.type]}`;
      case 'property':
        return `one character ${item.negated ? 'without' : 'with'} the property ${item.name}`;
      case 'class':
        return classWords(item);
      case 'cluster':
        return item.type === 'R' ? 'a line end' : 'one character with its accents';
      case 'anchor':
        return anchorWords(item);
      case 'group':
        return this.#group(item);
      case 'conditional':
        return conditionalWords(item);
      case 'backreference':
        return `the same text as group ${item.name ?? item.number}`;
      case 'call':
        return item.number === 0 && item.name === undefined
          ? 'the whole pattern again'
          : `the pattern of group ${item.name ?? item.number} again`;
      case 'verb':
        return 'steers the search';
      case 'callout':
        return 'has no effect in Apache';
      case 'quantified':
        return this.#quantified(item);
      case 'options':
        return `options from here on: ${item.letters}`;
      case 'comment':
        return 'a comment';
    }
  }

  #quantified(item: Quantified): string {
    const { item: inner } = item;
    const all = inner.kind === 'dot' && inner.dotAll ? anythingWords(item) : undefined;
    if (all !== undefined) return all + modeWords(item);
    const times = timesWords(item);
    if (inner.kind === 'group') return `${this.#group(inner)}; ${times}${modeWords(item)}`;
    return `${this.#words(inner)}, ${times}${modeWords(item)}`;
  }

  #group(group: Group): string {
    const inside = isPlainInside(group) ? `: ${this.#inside(group)}` : '';
    if (group.type !== 'capture') return `${GROUPS[group.type]}${inside}`;
    const name = group.name === undefined ? '' : ` “${group.name}”`;
    const used = captureName(this.#use, group.number);
    const shown = used === '' || group.number > 9 ? '' : `, used as \`${used}\``;
    return `group ${group.number}${name}${shown}${inside}`;
  }

  #inside({ alternatives }: Group): string {
    const words = alternatives.map((items) => (items[0] === undefined ? 'nothing' : this.#words(items[0])));
    return words.join(' or ');
  }
}

/** A group whose content is said in the same line: one item, or a few words to choose from. */
function isPlainInside({ alternatives }: Group): boolean {
  if (alternatives.length > 8) return false;
  if (alternatives.length === 1) return (alternatives[0]?.length ?? 0) <= 1 && isSimple(alternatives[0]?.[0]);
  return alternatives.every((items) => items.length === 0 || (items.length === 1 && isSimple(items[0])));
}

function isSimple(item: Node | undefined): boolean {
  if (item?.kind === 'quantified') return isSimple(item.item);
  return item?.kind !== 'group' && item?.kind !== 'conditional';
}

const GROUPS: Readonly<Record<GroupType, string>> = {
  plain: 'together',
  capture: 'group',
  atomic: 'together, never given back',
  lookahead: 'only where this follows',
  negativeLookahead: 'only where this does not follow',
  lookbehind: 'only where this stands before',
  negativeLookbehind: 'only where this does not stand before',
  nonAtomicLookahead: 'only where this follows',
  nonAtomicLookbehind: 'only where this stands before',
  scriptRun: 'together, in one script',
  atomicScriptRun: 'together, in one script, never given back',
};

const TYPES: Readonly<Record<TypeName, string>> = {
  d: 'digit',
  D: 'character that is no digit',
  s: 'blank',
  S: 'character that is no blank',
  w: 'letter, digit or `_`',
  W: 'character that is no letter, digit or `_`',
  h: 'space or tab',
  H: 'character that is no space or tab',
  v: 'line end',
  V: 'character that is no line end',
};

function anchorWords({ type, multiline }: Anchor): string {
  switch (type) {
    case '^':
      return multiline ? 'the start of a line' : 'the start';
    case '$':
      return multiline ? 'the end of a line' : 'the end';
    case 'A':
      return 'the start';
    case 'z':
      return 'the end';
    case 'Z':
      return 'the end, or before a last line end';
    case 'G':
      return 'where the search began';
    case 'b':
      return 'the edge of a word';
    case 'B':
      return 'no edge of a word';
    case 'K':
      return 'what matched so far does not count';
  }
}

function conditionalWords({ condition }: Conditional): string {
  switch (condition.kind) {
    case 'number':
      return `if group ${condition.number} matched`;
    case 'name':
      return `if group ${condition.name} matched`;
    case 'define':
      return 'patterns to be used elsewhere';
    default:
      return 'if a condition holds';
  }
}

function anythingWords({ min, max }: Quantified): string | undefined {
  if (max !== Number.POSITIVE_INFINITY) return undefined;
  if (min === 0) return 'anything, also nothing';
  return min === 1 ? 'anything, at least one character' : undefined;
}

function timesWords({ min, max }: Quantified): string {
  if (min === 0 && max === 1) return 'or not at all';
  if (max === Number.POSITIVE_INFINITY) {
    if (min === 0) return 'any number of times, also none';
    return min === 1 ? 'once or more' : `${min} times or more`;
  }
  return min === max ? `${min} times` : `${min} to ${max} times`;
}

function modeWords({ mode }: Quantified): string {
  if (mode === 'lazy') return ', as few as possible';
  return mode === 'possessive' ? ', never given back' : '';
}

function classWords({ negated, items }: CharacterClass): string {
  const shown = items.slice(0, 12).map(itemWords);
  const list = shown.join(', ') + (items.length > shown.length ? ', …' : '');
  return negated ? `one character but ${list}` : `one of ${list}`;
}

function itemWords(item: ClassItem): string {
  switch (item.kind) {
    case 'range':
      return item.from === item.to ? byteWords(item.from) : `${byteWords(item.from)}–${byteWords(item.to)}`;
    case 'type':
      return typeInClass(item);
    case 'posix':
      return `${item.negated ? 'no ' : ''}${item.name}`;
    case 'property':
      return `${item.negated ? 'no ' : ''}${item.name}`;
  }
}

const typeInClass = ({ type }: CharacterType): string => TYPES[type];

function byteWords(value: number): string {
  if (value === 0x20) return 'a space';
  if (value > 0x20 && value < 0x7f) return code(String.fromCharCode(value));
  return `byte ${value.toString(16).toUpperCase().padStart(2, '0')}`;
}
