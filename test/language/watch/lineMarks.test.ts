import { assert, property, string } from 'fast-check';
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
