import { expect, it } from 'vitest';
import { neverMatches } from '../../src/advice/neverMatches';
import {
  APACHE_REGEX,
  compileRegex,
  isRegexProblem,
  parseRegex,
  type RegexOptions,
} from '../../src/apache/regex';
import { Random } from '../oracle/generate/random';

const PATTERNS = 6000;
const SUBJECTS = 60;

/** Pieces of patterns, anchors in plenty. */
const PIECES =
  '^|^|$|$|\\A|\\z|\\Z|\\b|a|b|\\n|.|[ab]|\\w|\\R|a?|b*|a+|(?m)|(?=a)|(?!a)|(?<=a)|\\K|\\1'.split('|');
const QUANTIFIERS = ['', '', '', '', '?', '*', '+', '{2}', '{0,2}', '+?', '*+'];
const OPENINGS = ['(', '(?:', '(?>', '(?=', '(?!', '(?<!', '(?|', '(?m:'];

function patternOf(random: Random, depth: number): string {
  const items = Array.from({ length: 1 + random.below(4) }, () => {
    if (depth > 0 && random.chance(0.25))
      return `${random.pick(OPENINGS)}${patternOf(random, depth - 1)})${random.pick(QUANTIFIERS)}`;
    return random.pick(PIECES);
  });
  return `${items.join('')}${random.chance(0.2) ? `|${random.pick(PIECES)}` : ''}`;
}

const subjectOf = (random: Random): string =>
  Array.from({ length: random.below(6) }, () => random.pick(['a', 'b', '\n', '\r', ' ', '^', '$'])).join('');

const BEFORE_41: RegexOptions = { duplicateNames: true };

it.each([
  ['2.4.41 and later', APACHE_REGEX],
  ['before 2.4.41', BEFORE_41],
])('what is called impossible never matches: Apache %s', (_name, options) => {
  const random = new Random(7);
  let impossible = 0;
  for (let at = 0; at < PATTERNS; at++) {
    const pattern = patternOf(random, 2);
    const regex = compileRegex(pattern, options);
    if (isRegexProblem(regex)) continue;
    const ends = { dollarEndOnly: options.dollarEndOnly === true };
    if (neverMatches(parseRegex(pattern, options).ast, ends) === undefined) continue;
    impossible += 1;
    for (let one = 0; one < SUBJECTS; one++) {
      const subject = subjectOf(random);
      if (regex.exec(subject) !== null) expect({ pattern, subject }).toBe('no match');
    }
  }
  expect(impossible).toBeGreaterThan(PATTERNS / 20);
});
