import { describe, expect, test } from 'vitest';
import { documentHighlights } from '../../src/language';
import { atCursor, withRanges } from './marked';

/** The text with everything that is highlighted for the cursor `|`. */
function highlighted(marked: string): string {
  const { document, position } = atCursor(marked);
  const ranges = documentHighlights(document, position).map(({ range }) => range);
  return withRanges(document, ranges);
}

describe('sections', () => {
  test.each(['<Fi|les a>\nA\n</Files>', '<Files a>\nA\n</Fil|es>'])('both tags: %j', (marked) => {
    expect(highlighted(marked)).toBe('«<Files» a>\nA\n«</Files>»');
  });

  test('one that is still open', () => {
    expect(highlighted('<If|Module a>\nA')).toBe('«<IfModule» a>\nA');
  });
});

describe('groups', () => {
  test('$1 with its group, in the rule and in its conditions', () => {
    expect(highlighted('RewriteCond a/$1 -f\nRewriteRule ^(.*)/(b)$ c/|$1?x=$2 [E=V:$1]')).toBe(
      'RewriteCond a/«$1» -f\nRewriteRule ^«(.*)»/(b)$ c/«$1»?x=$2 [E=V:«$1»]',
    );
  });

  test('a group with its uses', () => {
    expect(highlighted('RewriteRule ^(a(b|)c)$ $2-$1')).toBe('RewriteRule ^(a«(b)»c)$ «$2»-$1');
  });

  test('%1 with the group of the last condition before it', () => {
    expect(
      highlighted(
        'RewriteCond %{HTTP_HOST} ^(a)\nRewriteCond %{HTTP_HOST} ^(b)\n# c\nRewriteRule ^ /|%1 [L]\n',
      ),
    ).toBe('RewriteCond %{HTTP_HOST} ^(a)\nRewriteCond %{HTTP_HOST} ^«(b)»\n# c\nRewriteRule ^ /«%1» [L]\n');
  });

  test('%1 in a condition with the condition before', () => {
    expect(highlighted('RewriteCond a ^(a)\nRewriteCond |%1 ^(b)\nRewriteRule ^ /%1\n')).toBe(
      'RewriteCond a ^«(a)»\nRewriteCond «%1» ^(b)\nRewriteRule ^ /%1\n',
    );
  });

  test('conditions of the rule before do not count', () => {
    expect(highlighted('RewriteCond a (b)\nRewriteRule a b\nRewriteRule a |%1')).toBe(
      'RewriteCond a (b)\nRewriteRule a b\nRewriteRule a %1',
    );
  });

  test('an escaped dollar is no reference', () => {
    expect(highlighted(String.raw`RewriteRule (a) \$1|`)).toBe(String.raw`RewriteRule (a) \$1`);
  });

  test.each([
    ['RedirectMatch 301 ^/(a)/ /b/|$1', 'RedirectMatch 301 ^/«(a)»/ /b/«$1»'],
    ['SetEnvIf Host "^(w+)" H=|$1', 'SetEnvIf Host "^«(w+)»" H=«$1»'],
    ['Header edit Set-Cookie "(|a)" "$1; b"', 'Header edit Set-Cookie "«(a)»" "«$1»; b"'],
  ])('%s', (marked, expected) => expect(highlighted(marked)).toBe(expected));
});

describe('variables', () => {
  test('where they are set and read, with and without REDIRECT_', () => {
    const text = (one: string): string =>
      `SetEnvIf Host a BOT${one}=1\nRewriteCond %{ENV:REDIRECT_BOT} 1\nHeader set A b env=!bot\nRequire env other\nRequire not env BOT`;
    expect(highlighted(text('|'))).toBe(
      'SetEnvIf Host a «BOT»=1\nRewriteCond %{ENV:REDIRECT_«BOT»} 1\nHeader set A b env=!«bot»\nRequire env other\nRequire not env «BOT»',
    );
  });
});

test('nothing in comments, in blank lines and for ordinary words', () => {
  for (const marked of ['# $1|', '|', 'Options No|ne', '']) expect(highlighted(marked)).not.toContain('«');
});
