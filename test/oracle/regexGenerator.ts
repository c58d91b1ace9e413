/** Random patterns over the whole syntax, broken versions of them, and subjects that have a chance to match. */
import type { Question } from './pcre2';

const atoms: readonly string[] = [
  'a',
  'b',
  'c',
  'd',
  'A',
  'B',
  '1',
  '2',
  '_',
  ' ',
  '-',
  '.',
  '\\.',
  '\\d',
  '\\w',
  '\\s',
  '\\D',
  '\\W',
  '\\S',
  '\\h',
  '\\H',
  '\\v',
  '\\V',
  '\\R',
  '\\N',
  '\\X',
  '\\C',
  '[abc]',
  '[^a]',
  '[a-c]',
  '[^\\d]',
  '[[:alpha:]]',
  '[[:^digit:]_]',
  '[\\w-]',
  '[]a]',
  '[^]a]',
  '[aA]',
  '[kK]',
  '\\x41',
  '\\x{62}',
  '\\141',
  '\\0',
  '\\n',
  '\\r',
  '\\t',
  '\\e',
  '\\cA',
  '\\o{101}',
  '\xe9',
  '\xc9',
  '\x80',
  '\\p{L}',
  '\\P{Lu}',
  '\\pN',
  '\\p{^Ll}',
  '\\p{Any}',
  '[\\p{L}1]',
  '[\\x80-\\xff]',
  '\\Qa+b\\E',
  '\\Q\\E',
  '(?#c)',
  '[a-]',
  '[-a]',
  '[a\\-c]',
  '[\\h]',
  '[^\\W]',
  '[[:punct:]]',
  '[b]',
  '[^b]',
  'ab',
  'aab',
  '/',
  'x',
  '\\/',
];
const anchors: readonly string[] = ['^', '$', '\\A', '\\z', '\\Z', '\\b', '\\B', '\\G', '\\K'];
const quantifiers: readonly string[] = [
  '*',
  '+',
  '?',
  '{2}',
  '{1,2}',
  '{0,2}',
  '{2,}',
  '{0}',
  '{1}',
  '{,2}',
  '{1,',
  '{3,4}',
  '{0,1}',
];
const starts: readonly string[] = [
  '(*UCP)',
  '(*CRLF)',
  '(*ANYCRLF)',
  '(*ANY)',
  '(*BSR_ANYCRLF)',
  '(*NO_START_OPT)',
  '(*NOTEMPTY)',
  '(*NOTEMPTY_ATSTART)',
  '(*LIMIT_MATCH=50)',
  '(*NO_AUTO_POSSESS)',
  '(*CR)',
  '(*NUL)',
  '(*LIMIT_DEPTH=9)',
  '(*NO_DOTSTAR_ANCHOR)',
];
const references: readonly string[] = [
  '\\1',
  '\\2',
  '\\3',
  '\\g{1}',
  '\\g{-1}',
  '\\g1',
  '\\k<n>',
  '\\k{m}',
  "\\k'ab'",
  '(?P=n)',
  '\\g{n}',
  '\\10',
  '\\11',
];
const calls: readonly string[] = [
  '(?1)',
  '(?2)',
  '(?R)',
  '(?-1)',
  '(?+1)',
  '(?&n)',
  '(?P>m)',
  '\\g<1>',
  "\\g'n'",
  '(?0)',
  '\\g<-1>',
];
const conditions: readonly string[] = [
  '1',
  '2',
  '<n>',
  "'m'",
  'n',
  'R',
  'R1',
  'R&n',
  '-1',
  '+1',
  'DEFINE',
  'VERSION>=10.0',
  'VERSION=10.42',
  '?=a',
  '?!b',
  '?<=a',
  '*pla:b',
  '?<!b',
  '?C1)(?=a',
  'ab',
];
const verbs: readonly string[] = [
  '(*ACCEPT)',
  '(*FAIL)',
  '(*F)',
  '(*COMMIT)',
  '(*PRUNE)',
  '(*SKIP)',
  '(*THEN)',
  '(*MARK:a)',
  '(*:b)',
  '(*SKIP:a)',
  '(*PRUNE:a)',
  '(*THEN:b)',
  '(*COMMIT:x)',
  '(*ACCEPT:z)',
];
const options: readonly string[] = [
  '(?i)',
  '(?-i)',
  '(?s)',
  '(?-s)',
  '(?m)',
  '(?x)',
  '(?U)',
  '(?xx)',
  '(?n)',
  '(?^)',
  '(?J)',
  '(?im-s)',
];
const optionGroups: readonly string[] = [
  '(?i:',
  '(?-s:',
  '(?x: a b # c\n',
  '(?^i:',
  '(*sr:',
  '(*asr:',
  '(*atomic:',
];
const callouts: readonly string[] = ['(?C)', '(?C9)', '(?C"x")', '[[:<:]]', '[[:>:]]'];
const groups: readonly string[] = [
  '(',
  '(',
  '(',
  '(',
  '(?:',
  '(?:',
  '(?>',
  '(?<n>',
  '(?P<m>',
  "(?'ab'",
  '(?<R1>',
  '(?|',
];
const lookaheads: readonly string[] = ['(?=', '(?!', '(*pla:', '(*nla:', '(?*', '(*napla:'];
const lookbehinds: readonly string[] = ['(?<=', '(?<!', '(*plb:', '(?<*', '(*nlb:'];
const lookbehindBodies: readonly string[] = [
  'a',
  'ab',
  'a|b',
  '\\d',
  'a|bc',
  '^',
  '\\b',
  'ab|cd',
  '.',
  '\\w\\w',
  '(a)',
  '\\1',
];
const fragments: readonly string[] = [
  '(?',
  '(*',
  '[:',
  '[[:',
  ':]',
  '\\g',
  '\\k<',
  '\\x{',
  '\\o{',
  '(?(',
  '(?<',
  '(?P',
  '\\p{',
  '{1',
  '(?C',
  '(*V',
  '\\Q',
  '\\E',
  '(?-',
  'VERSION',
  '(?|',
  '}',
  ')',
];
const characters = '()[]{}|?*+\\^$.,-:<>=!#&\'"PRCKgkopxNQE0123459abnUi_~ \n\xe9';
const subjectParts: readonly string[] = [
  'a',
  'b',
  'c',
  'd',
  'A',
  'B',
  '1',
  '2',
  '_',
  ' ',
  '-',
  '.',
  '\n',
  '\r\n',
  '\r',
  '\t',
  'x',
  '\xe9',
  '\xc9',
  '\x80',
  '\x85',
  '\xa0',
  '/',
  'ab',
  'aab',
  'abc',
  'aa',
  'k',
  'K',
];
const plainParts: readonly string[] = ['a', 'b', 'c', 'ab', 'aab', '1'];

/** That many questions, the same for the same seed. */
export function generateQuestions(seed: number, count: number): Question[] {
  const generator = new Generator(seed);
  return Array.from({ length: count }, () => generator.question());
}

class Generator {
  private state: number;

  constructor(seed: number) {
    this.state = Math.imul(seed, 2654435761) >>> 0 || 1;
  }

  question(): Question {
    const from = this.chance(0.1) ? this.below(4) : 0;
    const pattern = this.chance(0.35) ? this.broken(this.pattern()) : this.pattern();
    const caseless = this.chance(0.25);
    const dotAll = this.chance(0.7);
    const dollarEndOnly = this.chance(0.7);
    const duplicateNames = this.chance(0.8);
    const multiline = this.chance(0.05);
    const extended = this.chance(0.03);
    const subjects = Array.from({ length: 5 }, () => this.subject().padEnd(from, 'a'));
    return {
      pattern,
      from,
      subjects,
      options: { caseless, dotAll, dollarEndOnly, duplicateNames, multiline, extended },
    };
  }

  /** Xorshift: a number in [0, 1). */
  private random(): number {
    let s = this.state;
    s = (s ^ (s << 13)) >>> 0;
    s = (s ^ (s >>> 17)) >>> 0;
    s = (s ^ (s << 5)) >>> 0;
    this.state = s;
    return s / 4294967296;
  }

  private below(count: number): number {
    return Math.floor(this.random() * count);
  }

  private chance(probability: number): boolean {
    return this.random() < probability;
  }

  private pick<T>(choices: ArrayLike<T>): T {
    return choices[this.below(choices.length)]!;
  }

  private pattern(): string {
    return this.start() + this.alternatives(this.below(4));
  }

  /** Nothing, an item for the start of a pattern, or a limit so low that every step counts. */
  private start(): string {
    const kind = this.random();
    if (kind < 0.6) return '';
    if (kind < 0.85) return this.pick(starts);
    return `(*LIMIT_${this.pick(['MATCH', 'MATCH', 'DEPTH', 'HEAP'])}=${this.below(this.pick([10, 30, 100]))})`;
  }

  private alternatives(depth: number): string {
    let text = this.sequence(depth);
    while (this.chance(0.25)) text += `|${this.sequence(depth)}`;
    return text;
  }

  private sequence(depth: number): string {
    if (this.chance(0.04)) return '';
    let text = '';
    for (let left = 1 + this.below(4); left > 0; left--) text += this.piece(depth);
    return text;
  }

  private piece(depth: number): string {
    const item = this.item(depth);
    if (!this.chance(0.3)) return item;
    return item + this.pick(quantifiers) + (this.chance(0.3) ? this.pick(['?', '+']) : '');
  }

  private item(depth: number): string {
    const kind = this.random();
    if (kind < 0.45 || depth <= 0) return this.pick(atoms);
    if (kind < 0.53) return this.pick(anchors);
    if (kind < 0.78) return `${this.pick(groups)}${this.alternatives(depth - 1)})`;
    if (kind < 0.81) return `${this.pick(lookaheads)}${this.alternatives(depth - 1)})`;
    if (kind < 0.83) return this.lookbehind(depth);
    if (kind < 0.87) return this.pick(references);
    if (kind < 0.9) return this.pick(calls);
    if (kind < 0.93) return this.conditional(depth);
    if (kind < 0.95) return this.pick(verbs);
    if (kind < 0.97) return this.pick(options);
    if (kind < 0.99) return `${this.pick(optionGroups)}${this.alternatives(depth - 1)})`;
    return this.pick(callouts);
  }

  private lookbehind(depth: number): string {
    const body = this.chance(0.7) ? this.pick(lookbehindBodies) : this.alternatives(depth - 1);
    return `${this.pick(lookbehinds)}${body})`;
  }

  private conditional(depth: number): string {
    const second = this.chance(0.6) ? `|${this.sequence(depth - 1)}` : '';
    const third = this.chance(0.05) ? '|x' : '';
    return `(?(${this.pick(conditions)})${this.sequence(depth - 1)}${second}${third})`;
  }

  private broken(pattern: string): string {
    let text = pattern;
    for (let left = 1 + this.below(3); left > 0; left--) {
      const at = this.below(text.length + 1);
      const kind = this.random();
      if (kind < 0.35) text = text.slice(0, at) + this.pick(characters) + text.slice(at);
      else if (kind < 0.7) text = text.slice(0, at) + text.slice(at + 1 + this.below(2));
      else if (kind < 0.85) text = text.slice(0, at) + this.pick(fragments) + text.slice(at);
      else text = text.slice(0, at);
    }
    return text;
  }

  private subject(): string {
    const parts = this.chance(0.5) ? plainParts : subjectParts;
    let text = '';
    for (let left = this.below(9); left > 0; left--) text += this.pick(parts);
    return text;
  }
}
