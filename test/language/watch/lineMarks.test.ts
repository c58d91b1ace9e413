import { array, assert, boolean, constantFrom, property, record, string } from 'fast-check';
import { expect, test } from 'vitest';
import { lineMarks, markText, type LineMark } from '../../../src/language';
import { answerOf } from '../../apache/modules/evaluateSite';

function marksOf(htaccess: string, target: string): readonly LineMark[] {
  const { trace } = answerOf(htaccess, target, { files: { 'app.fcgi': '', 'page.html': 'x' } });
  return lineMarks(trace, { file: '/site/.htaccess', treeRoot: '/site' });
}

const tones = (marks: readonly LineMark[]) => marks.map(({ line, tone }) => [line, tone]);

test('a condition says what it saw, a rule what it made', () => {
  const marks = marksOf(
    'RewriteEngine On\nRewriteCond %{REQUEST_METHOD} =GET\nRewriteRule ^old/(.*)$ new/$1 [L]\nRewriteRule ^never - [F]\n',
    '/old/a',
  );
  expect(tones(marks)).toEqual([
    [2, 'matched'],
    [3, 'acted'],
    [4, 'missed'],
  ]);
  expect(marks[0]?.texts[0]).toBe('✓ "GET"');
  expect(marks[1]?.texts[0]).toBe('✓ "old/a" $1="a" → new/a → /new/a');
});

test('what is not reached is told apart from what does not match', () => {
  const marks = marksOf(
    'RewriteEngine On\nRewriteRule ^x - [F]\nRewriteRule ^a - [END]\nRewriteRule ^a - [F]\n',
    '/a',
  );
  expect(tones(marks)).toEqual([
    [2, 'missed'],
    [3, 'matched'],
    [4, 'unreached'],
  ]);
});

test('a rule that a condition holds back did nothing', () => {
  const marks = marksOf(
    'RewriteEngine On\nRewriteCond %{REQUEST_METHOD} =POST\nRewriteRule ^a - [F]\n',
    '/a',
  );
  expect(tones(marks)).toEqual([
    [2, 'missed'],
    [3, 'missed'],
  ]);
});

const left = (marks: readonly LineMark[]) => marks.map(({ line, tone, why }) => [line, tone, why]);

test('a condition that Apache does not look at is left out, and its hover says why', () => {
  const conditions =
    'RewriteCond %{QUERY_STRING} x\nRewriteCond %{REQUEST_METHOD} GET [OR]\nRewriteCond %{REQUEST_METHOD} HEAD\n';
  const rules = `RewriteEngine On\n${conditions}RewriteRule ^a - [F]\n`;
  const unmet = 'Not looked at: a condition before it is not met.';
  expect(left(marksOf(rules, '/a'))).toEqual([
    [2, 'missed', undefined],
    [3, 'skipped', unmet],
    [4, 'skipped', unmet],
    [5, 'missed', undefined],
  ]);
  const joined = 'Not looked at: an alternative before it, joined by [OR], is met.';
  expect(left(marksOf(rules, '/a?x'))).toContainEqual([4, 'skipped', joined]);
  const pattern = "Not looked at: its rule's pattern, which is tried first, does not match.";
  expect(left(marksOf(rules, '/b'))).toEqual([
    ...[2, 3, 4].map((line) => [line, 'skipped', pattern]),
    [5, 'missed', undefined],
  ]);
});

test('conditions of a rule that is skipped or not reached are so, too', () => {
  const [, , skipped] = marksOf(
    'RewriteEngine On\nRewriteRule ^a - [S=1]\n\nRewriteCond %{HTTPS} on\nRewriteRule ^a - [F]\n',
    '/a',
  );
  expect(skipped).toMatchObject({ line: 5, tone: 'skipped', texts: ['([S=1] of line 2)'] });
  const ended = 'RewriteEngine On\nRewriteRule ^a - [END]\nRewriteCond %{HTTPS} on\nRewriteRule ^a - [F]\n';
  expect(tones(marksOf(ended, '/a')).slice(1)).toEqual([
    [3, 'unreached'],
    [4, 'unreached'],
  ]);
});

test('conditions in sight are marked although their rule is below', () => {
  const rules = 'RewriteEngine On\nRewriteCond %{HTTPS} on\nRewriteRule ^b - [F]\n';
  const { trace } = answerOf(rules, '/a');
  expect(tones(lineMarks(trace, { file: '/site/.htaccess', treeRoot: '/site', first: 1, last: 2 }))).toEqual([
    [2, 'skipped'],
  ]);
});

test('of all conditions, exactly those are tested that the log of mod_rewrite names', () => {
  const condition = record({
    pattern: constantFrom('GET', 'POST', '!GET', '!POST'),
    isOr: boolean(),
  });
  const rule = record({
    pattern: constantFrom('^a', '^b', '!^a'),
    flags: constantFrom('', ' [END]', ' [S=1]', ' [C]'),
    conditions: array(condition, { maxLength: 4 }),
  });
  assert(
    property(array(rule, { maxLength: 5 }), (rules) => {
      const lines = rules.flatMap(({ conditions, pattern, flags }) => [
        ...conditions.map((one) => `RewriteCond %{REQUEST_METHOD} ${one.pattern}${one.isOr ? ' [OR]' : ''}`),
        `RewriteRule ${pattern} -${flags}`,
      ]);
      const { trace } = answerOf(['RewriteEngine On', ...lines].join('\n'), '/a');
      const marks = lineMarks(trace, { file: '/site/.htaccess', treeRoot: '/site' });
      const tested = new Set(
        trace.filter(({ text }) => text.startsWith('RewriteCond: input=')).map(({ line }) => line),
      );
      for (const [at, text] of lines.entries()) {
        if (!text.startsWith('RewriteCond')) continue;
        const tone = marks.find(({ line }) => line === at + 2)?.tone ?? 'none';
        expect(['matched', 'missed'].includes(tone)).toBe(tested.has(at + 2));
        if (!tested.has(at + 2)) expect(['skipped', 'unreached']).toContain(tone);
      }
    }),
    { numRuns: 200 },
  );
});

test('other directives say what they changed, a refused file says why', () => {
  expect(marksOf('Redirect 301 /a /b\n', '/a')[0]).toMatchObject({ line: 1, tone: 'acted' });
  expect(marksOf('Header set X-A b\n', '/page.html')[0]?.texts[0]).toContain('X-A: b');
  const [refused] = marksOf('Bogus x\n', '/a');
  expect(refused).toMatchObject({ line: 1, tone: 'refused' });
  expect(refused?.texts[0]).toContain("Invalid command 'Bogus'");
});

test('a rule that is gone through twice has a text for each time', () => {
  const marks = marksOf('RewriteEngine On\nRewriteRule ^(.*)$ app.fcgi/$1\n', '/a');
  expect(marks[0]?.texts.length).toBeGreaterThan(1);
});

test('any text, any URL: marks lie in the file', () => {
  assert(
    property(string(), string(), (text, url) => {
      const lines = text.split('\n').length + 1;
      for (const { line } of marksOf(`RewriteEngine On\nRewriteRule a b\n${text}`, `/${url}`))
        expect(line).toBeLessThanOrEqual(lines + 2);
    }),
    { numRuns: 200 },
  );
});

test('a mark that does not fit says what matters most', () => {
  const [rule] = marksOf(
    `RewriteEngine On\nRewriteRule ^(.*)/(.*)$ /${'deep/'.repeat(9)}$1 [END]\n`,
    '/abc/def',
  );
  expect(rule?.texts[0]).toMatch(/^✓ "abc\/def" \$1="abc" \$2="def" → .* → /);
  expect(rule && markText(rule, 0)).toBe(`→ /${'deep/'.repeat(9)}abc`);
  expect(rule && markText(rule, 60)).toBe('→ /deep/deep/d…deep/deep/abc');
  const [condition] = marksOf(
    'RewriteEngine On\nRewriteCond %{REQUEST_URI} (a)(b)(c)\nRewriteRule ^ -\n',
    '/abc',
  );
  expect(condition && markText(condition, 20)).toBe('✓ "/abc" %1="a" %2="b" %3="c"');
  expect(condition && markText(condition, 70)).toBe('✓ "/abc"');
});

test('of several times, the one that changed something', () => {
  const texts = ['✗ "one"', '✓ "two" → three', '✗ "four"'];
  const briefs = ['✗ "one"', '→ three', '✗ "four"'];
  expect(markText({ texts, briefs }, 0)).toBe(texts.join('  ·  '));
  expect(markText({ texts, briefs }, 55)).toBe('✗ "one"  ·  → three  ·  ✗ "four"');
  expect(markText({ texts, briefs }, 200)).toBe('→ three  ·  +2');
});
