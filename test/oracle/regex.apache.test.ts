import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { APACHE_REGEX, compileRegex, isRegexProblem } from '../../src/apache/regex';
import { textOfByteString } from '../../src/text/bytes';
import { expectNone, startEffects, type Effects } from './apache/effects';
import type { OraclePair } from './apache/oracle';
import type { Question } from './pcre2';
import { generateQuestions } from './regexGenerator';

/** Pairs of pattern and subject; REGEX_APACHE_CASES asks for more (50,000 take half a minute), REGEX_SEED for others. */
const CASES = Number(process.env['REGEX_APACHE_CASES'] ?? 10_000);
const SEED = Number(process.env['REGEX_SEED'] ?? 1);

/** Patterns in one .htaccess: a request asks all of them about its subject. */
const PATTERNS = 25;

let effects: Effects;
beforeAll(async () => {
  effects = await startEffects({ environment: { PATH: '/usr/bin' }, mimeTypes: { html: 'text/html' } });
});
afterAll(() => effects?.stop());

/** A pattern that a RewriteCond can hold as it is, and that Apache compiles. */
function isUsable({ pattern, options }: Question): boolean {
  const isPlain = /^[^\s"'!<>=\0-\x1f-][^\s"'\0-\x1f]*$/.test(pattern) && !pattern.includes('${');
  const compiled = compileRegex(pattern, { ...APACHE_REGEX, caseless: options.caseless === true });
  return isPlain && !pattern.endsWith('\\') && !isRegexProblem(compiled) && isText(pattern);
}

/** Files of a pair are ordinary text: bytes that are no UTF-8 cannot be said in it. */
const isText = (bytes: string): boolean => !textOfByteString(bytes).includes('\uFFFD');

/** A subject that a request header can hold. */
const isSendable = (subject: string): boolean => !/[\0-\x1f\x7f]|^ | $/.test(subject);

const GROUPS = Array.from({ length: 10 }, (_, group) => `%${group}`).join('|');

/** Each condition leaves all its groups in a variable of its own. */
function rulesOf(questions: readonly Question[]): string {
  const lines = questions.map(({ pattern, options }, at) => {
    const flags = options.caseless === true ? ' [NC]' : '';
    return `RewriteCond %{HTTP:X-Subject} ${textOfByteString(pattern)}${flags}\nRewriteRule ^ - [E=P${at}:${GROUPS}]\n`;
  });
  return `RewriteEngine On\n${lines.join('')}`;
}

function* regexPairs(seed: number): Generator<OraclePair> {
  for (let round = 0; ; round++) {
    const questions = generateQuestions(seed * 1000 + round, 10 * PATTERNS)
      .filter(isUsable)
      .slice(0, PATTERNS);
    const files = { '.htaccess': rulesOf(questions), a: 'a' };
    const subjects = questions.flatMap((question) => question.subjects).filter(isSendable);
    for (const subject of new Set(subjects))
      yield { files, request: { target: '/a', headers: [['X-Subject', subject]] } };
  }
}

describe('regular expressions in a running Apache', () => {
  it(
    `find what ours find, groups and all, for ${CASES} patterns and subjects`,
    async () => {
      expectNone(await effects.differencesOf(regexPairs(SEED), Math.ceil(CASES / PATTERNS)));
      expect(effects.treeRoot).not.toBe('');
    },
    60_000 + 10 * CASES,
  );
});
