import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  APACHE_REGEX,
  compileRegex,
  isRegexProblem,
  type Node,
  parseRegex,
  type Regex,
} from '../../../src/apache/regex';
import { checkPattern } from '../../../src/apache/regex/check';
import { LIMIT, Matcher, NO_MATCH } from '../../../src/apache/regex/match';
import { nativeSource } from '../../../src/apache/regex/native';
import { parsePattern } from '../../../src/apache/regex/parse';
import { buildProgram } from '../../../src/apache/regex/program';
import { corpus } from './corpus';
import { describeAnswer } from './describe';
import recorded from './recorded.json';

function compile(pattern: string): Regex {
  const regex = compileRegex(pattern, APACHE_REGEX);
  if (isRegexProblem(regex)) throw new Error(regex.message);
  return regex;
}

/** The own matcher's answer, whatever compileRegex() would have used. */
function matchOwn(pattern: string, subject: string, from = 0): Int32Array | number {
  const { pattern: tree } = parsePattern(pattern, APACHE_REGEX);
  const { lookbehindLengths } = checkPattern(tree);
  return new Matcher(buildProgram(tree, lookbehindLengths, true)).run(subject, from);
}

const byteString = fc.uint8Array({ maxLength: 40 }).map((bytes) => String.fromCharCode(...bytes));
const regexLike = fc
  .array(
    fc.constantFrom(
      ...Array.from('ab(|)*+?[]^$.{}\\1'),
      '(?:',
      '(?=',
      '(?<=',
      '(?<!',
      '(?>',
      '(?|',
      '(?R)',
      '(?1)',
      '(?(1)',
      '(*SKIP)',
      '\\w',
      '{2,}',
    ),
    { maxLength: 25 },
  )
  .map((parts) => parts.join(''));

describe('answers on record from libpcre2 10.42', () => {
  for (const [construct, entries] of Object.entries(corpus)) {
    it.each(entries.map(([pattern, ...subjects]) => ({ pattern, subjects })))(
      `${construct}: $pattern`,
      ({ pattern, subjects }) => {
        const answers: Record<string, string> = recorded;
        expect(describeAnswer(pattern, APACHE_REGEX, subjects)).toBe(answers[pattern]);
      },
    );
  }
});

describe('compileRegex', () => {
  it('never throws, and every match ends', () => {
    fc.assert(
      fc.property(fc.oneof(byteString, regexLike), byteString, fc.boolean(), (pattern, subject, caseless) => {
        const regex = compileRegex(pattern, { ...APACHE_REGEX, caseless });
        if (isRegexProblem(regex)) expect(regex.message).not.toBe('');
        else regex.exec(subject);
      }),
      { numRuns: 3000 },
    );
  });

  it('survives characters that are no bytes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (pattern, subject) => {
        const regex = compileRegex(pattern, APACHE_REGEX);
        if (!isRegexProblem(regex)) regex.exec(subject);
      }),
    );
  });

  it('tells problems from patterns', () => {
    const problem = compileRegex('*/*', APACHE_REGEX);
    expect(problem).toEqual({
      code: 109,
      message: 'quantifier does not follow a repeatable item',
      offset: 0,
    });
    expect(isRegexProblem(problem)).toBe(true);
    expect(isRegexProblem(compileRegex('a', APACHE_REGEX))).toBe(false);
  });

  it('gives groups and their names', () => {
    const regex = compile('(?<a>x)(y)(?<a>z)');
    expect(regex.groupCount).toBe(3);
    expect([...regex.groupNames]).toEqual([['a', [1, 3]]]);
  });

  it('starts at an offset', () => {
    expect(compile('a.').exec('abac', 1)).toEqual(Int32Array.of(2, 4));
    expect(compile('^a').exec('aa', 1)).toBeNull();
    expect(compile('(?<=a)b').exec('ab', 1)).toEqual(Int32Array.of(1, 2));
  });
});

describe('limits', () => {
  const hostile: readonly (readonly [string, string])[] = [
    ['^(a+)+$', `${'a'.repeat(40)}b`],
    ['^(?:a|a)*$', `${'a'.repeat(60)}b`],
    ['^(([a-z])+.)+[A-Z]([a-z])+$', 'a'.repeat(60)],
    ['(?:(?1)|(a|b\\1)*)*$', 'ab'.repeat(100)],
    ['(.*)(.*)(.*)(.*)(.*)[^b]$', 'ab'.repeat(500)],
    ['a*+(?=b)', 'a'.repeat(100_000)],
  ];

  it.each(hostile)('%s ends in time', (pattern, subject) => {
    const started = performance.now();
    compile(pattern).exec(subject);
    expect(performance.now() - started).toBeLessThan(10_000);
  });

  it('reports the limit where PCRE2 does', () => {
    expect(compile('^(a+)+$').exec(`${'a'.repeat(40)}b`)).toBe('limit');
    expect(compile('(*LIMIT_MATCH=3)a*a*b').exec('aac')).toBeNull();
    expect(matchOwn('(*LIMIT_MATCH=3)(a|b)*c$', 'ababab')).toBe(NO_MATCH);
    expect(matchOwn('(*LIMIT_MATCH=3)(a|b)*', 'ababab')).toBe(LIMIT);
  });

  it('does not overflow on long subjects', () => {
    const long = 'ab'.repeat(50_000);
    expect(compile('^(?:(a)|b)*$').exec(long)?.slice(0, 2)).toEqual(Int32Array.of(0, 100_000));
    expect(compile('^(a|b)*?$').exec(long)?.slice(0, 2)).toEqual(Int32Array.of(0, 100_000));
    const nested = `${'('.repeat(20_000)}${')'.repeat(20_000)}`;
    expect(compile('(\\((?:[^()]|(?1))*\\))').exec(nested)).toEqual(Int32Array.of(0, 40_000, 0, 40_000));
  });

  it('refuses a pattern that compiles to too much', () => {
    expect(compileRegex('(?:abc){65535}', APACHE_REGEX)).toMatchObject({ code: 120 });
    expect(isRegexProblem(compileRegex(`[a-z]${'x'.repeat(30_000)}`, APACHE_REGEX))).toBe(false);
    expect(compileRegex('x'.repeat(40_000), APACHE_REGEX)).toMatchObject({ code: 120, offset: 40_000 });
  });
});

describe('both engines', () => {
  const patterns = Object.values(corpus)
    .flat()
    .map(([pattern]) => pattern);

  it('say the same where the built-in one is used', () => {
    let compared = 0;
    fc.assert(
      fc.property(
        fc.oneof(regexLike, fc.constantFrom(...patterns)),
        byteString,
        regexLike,
        (pattern, bytes, text) => {
          const { pattern: tree, refusal } = parsePattern(pattern, APACHE_REGEX);
          if (refusal !== undefined || checkPattern(tree).refusal !== undefined) return;
          const source = nativeSource(tree, true);
          if (source === undefined || tree.features.verb) return;
          for (const subject of [bytes, text]) {
            const own = matchOwn(pattern, subject);
            const native = new RegExp(source, 'd').exec(subject);
            const groups = native?.indices?.map((pair) => pair ?? [-1, -1]).flat();
            expect(typeof own === 'number' ? undefined : [...own]).toEqual(groups);
            compared++;
          }
        },
      ),
      { numRuns: 3000 },
    );
    expect(compared).toBeGreaterThan(500);
  });

  it('leave patterns alone that JavaScript reads otherwise', () => {
    for (const pattern of [
      '(a|(b))*',
      'a++',
      '(?>a)',
      '(a)\\1',
      '\\R',
      'a\\Kb',
      '(?|a)',
      '(*UCP)a',
      '(a?)?',
      '\\P{Lu}',
      '\\S\\h',
    ]) {
      expect(nativeSource(parsePattern(pattern, APACHE_REGEX).pattern, true)).toBeUndefined();
    }
  });
});

describe('parseRegex', () => {
  function childrenOf(node: Node): readonly Node[] {
    if (node.kind === 'quantified') return [node.item];
    return node.kind === 'group' || node.kind === 'conditional' ? node.alternatives.flat() : [];
  }

  function checkSpans(nodes: readonly Node[], start: number, end: number): void {
    for (const node of nodes) {
      expect(node.start).toBeGreaterThanOrEqual(start);
      expect(node.end).toBeLessThanOrEqual(end);
      expect(node.end).toBeGreaterThan(node.start);
      checkSpans(childrenOf(node), node.start, node.end);
    }
  }

  it('keeps every node within its parent, also of broken patterns', () => {
    fc.assert(
      fc.property(fc.oneof(regexLike, byteString), (pattern) => {
        const { ast } = parseRegex(pattern, APACHE_REGEX);
        checkSpans(ast.alternatives.flat(), 0, pattern.length);
      }),
      { numRuns: 3000 },
    );
  });

  it('says where things stand', () => {
    const { ast } = parseRegex('^ab+(?i:c)\\.[x-z]{2}?', APACHE_REGEX);
    const parts = ast.alternatives[0]!.map(({ kind, start, end }) => [kind, start, end]);
    expect(parts).toEqual([
      ['anchor', 0, 1],
      ['literal', 1, 2],
      ['quantified', 2, 4],
      ['group', 4, 10],
      ['literal', 10, 12],
      ['quantified', 12, 21],
    ]);
  });

  it('gives the tree before the error', () => {
    const { ast, problem } = parseRegex('ab(c[', APACHE_REGEX);
    expect(problem).toMatchObject({ code: 106, offset: 5 });
    expect(ast.alternatives[0]!.map(({ kind }) => kind)).toEqual(['literal', 'group']);
  });
});
