import { expect, it } from 'vitest';
import { needsByte } from '../../src/advice/needsByte';
import { fixedStart } from '../../src/advice/patterns';
import { APACHE_REGEX, compileRegex, isRegexProblem, parseRegex } from '../../src/apache/regex';
import { Random } from '../oracle/generate/random';

const PATTERNS = 4000;
const SUBJECTS = 40;

const PIECES =
  '/|/|a|b|.|[ab]|[/?]|[^/]|[^ab]|\\/|\\W|\\K|^|$|a?|/?|/*|/+|(?=/)|(?!/)|(?<=/)|\\1|(*ACCEPT)'.split('|');
const QUANTIFIERS = ['', '', '', '?', '*', '+', '{2}', '{0,2}', '+?', '*+'];
const OPENINGS = ['(', '(?:', '(?>', '(?=', '(?!', '(?<!', '(?|', '(?i:', '(*sr:', '(*asr:'];

function patternOf(random: Random, depth: number): string {
  const items = Array.from({ length: 1 + random.below(3) }, () => {
    if (depth > 0 && random.chance(0.3))
      return `${random.pick(OPENINGS)}${patternOf(random, depth - 1)})${random.pick(QUANTIFIERS)}`;
    return random.pick(PIECES);
  });
  return `${items.join('')}${random.chance(0.3) ? `|${random.pick(PIECES)}` : ''}`;
}

const subjectOf = (random: Random): string =>
  Array.from({ length: random.below(7) }, () => random.pick(['a', 'b', 'A', '.', '-', ':'])).join('');

it('what is said to need a byte matches no text without it', () => {
  const random = new Random(11);
  const bytes = new Set([47, 63]);
  let found = 0;
  for (let at = 0; at < PATTERNS; at++) {
    const pattern = patternOf(random, 2);
    const regex = compileRegex(pattern, APACHE_REGEX);
    if (isRegexProblem(regex) || !needsByte(parseRegex(pattern, APACHE_REGEX).ast, bytes)) continue;
    found += 1;
    for (let one = 0; one < SUBJECTS; one++) {
      const subject = subjectOf(random);
      if (regex.exec(subject) !== null) expect({ pattern, subject }).toBe('no match');
    }
  }
  expect(found).toBeGreaterThan(PATTERNS / 10);
});

it('a text begins with what is said to be the fixed start of a pattern that matches it', () => {
  const random = new Random(12);
  let found = 0;
  for (let at = 0; at < PATTERNS; at++) {
    const pattern = `^${patternOf(random, 2).replaceAll('|', '|^')}`;
    const regex = compileRegex(pattern, APACHE_REGEX);
    const start = isRegexProblem(regex) ? undefined : fixedStart(parseRegex(pattern, APACHE_REGEX).ast);
    if (isRegexProblem(regex) || start === undefined) continue;
    found += 1;
    for (let one = 0; one < SUBJECTS; one++) {
      const subject = random.pick(['', '/', '?', '\n']) + subjectOf(random);
      if (regex.exec(subject) instanceof Int32Array && !start.has(subject.charCodeAt(0)))
        expect({ pattern, subject }).toBe('no match');
    }
  }
  expect(found).toBeGreaterThan(PATTERNS / 10);
});
