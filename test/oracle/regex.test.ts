import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { APACHE_REGEX, type RegexOptions } from '../../src/apache/regex';
import { corpus } from '../apache/regex/corpus';
import { describeAnswer } from '../apache/regex/describe';
import { askPcre2, buildPcre2Check, type Question } from './pcre2';
import { generateQuestions } from './regexGenerator';

const program = buildPcre2Check();
const recordedFile = new URL('../apache/regex/recorded.json', import.meta.url);

const optionSets: readonly RegexOptions[] = [
  APACHE_REGEX,
  { ...APACHE_REGEX, caseless: true },
  {},
  { duplicateNames: true, caseless: true },
];

function corpusQuestions(): Question[] {
  const entries = Object.values(corpus).flat();
  return optionSets.flatMap((options) =>
    entries.map(([pattern, ...subjects]) => ({ pattern, options, from: 0, subjects })),
  );
}

/** Questions on which we and the library differ, in a form that can be read. */
function differences(questions: readonly Question[]): string[] {
  const answers = askPcre2(program!, questions);
  const found: string[] = [];
  questions.forEach((question, index) => {
    const { pattern, options, subjects, from } = question;
    const ours = describeAnswer(pattern, options, subjects, from);
    if (ours !== answers[index])
      found.push(`${JSON.stringify(question)}\n  PCRE2: ${answers[index]}\n  ours:  ${ours}`);
  });
  return found;
}

describe.skipIf(program === undefined)('libpcre2-8 10.42', () => {
  it('agrees on every construct', () => {
    expect(differences(corpusQuestions())).toEqual([]);
  });

  it('still gives the answers that the unit tests have on record', () => {
    const entries = Object.values(corpus).flat();
    const questions = entries.map(([pattern, ...subjects]) => ({
      pattern,
      options: APACHE_REGEX,
      from: 0,
      subjects,
    }));
    const answers = askPcre2(program!, questions);
    const lines = Object.fromEntries(entries.map(([pattern], index) => [pattern, answers[index]]));
    if (process.env['REGEX_RECORD']) writeFileSync(recordedFile, `${JSON.stringify(lines, undefined, 2)}\n`);
    expect(lines).toEqual(JSON.parse(readFileSync(recordedFile, 'utf8')));
  });

  it('agrees on generated patterns and broken ones', () => {
    const wanted = Number(process.env['REGEX_CASES'] ?? 60_000);
    const seed = Number(process.env['REGEX_SEED'] ?? 1);
    const found: string[] = [];
    for (let done = 0, round = 0; done < wanted; round++) {
      const questions = generateQuestions(seed * 1000 + round, 2000);
      found.push(...differences(questions));
      done += questions.reduce((sum, { subjects }) => sum + subjects.length, 0);
    }
    expect(found.slice(0, 5)).toEqual([]);
  });
});
