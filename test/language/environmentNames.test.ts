import { expect, test } from 'vitest';
import { HtaccessDocument } from '../../src/language';
import { environmentNames } from '../../src/language/environmentNames';

/** `role name` of every variable, with what stands at its span where that is another text. */
function namesIn(text: string): string[] {
  const document = new HtaccessDocument(text);
  return environmentNames(document).map(({ role, name, span, isGuess }) => {
    expect(document.source.slice(span.start, span.end)).toBe(name);
    return `${role} ${name}${isGuess === true ? '?' : ''}`;
  });
}

test.each([
  ['SetEnv A b', ['set A']],
  ['SetEnv "A" b', ['set A']],
  ['UnsetEnv A B', ['unset A', 'unset B']],
  ['PassEnv A B', ['set A', 'set B']],
  ['SetEnvIf User-Agent x A !B C=1', ['set A', 'unset B', 'set C']],
  ['SetEnvIfNoCase Host x A', ['use Host?', 'set A']],
  ['BrowserMatch x A=1', ['set A']],
  [`SetEnvIfExpr "env('X') == '1'" A`, ['use X', 'set A']],
  ['RewriteRule a b [L,E=A:1,env=!B,E=C]', ['set A', 'unset B', 'set C']],
  ['RewriteRule a %{ENV:A}/%{env:B}', ['use A', 'use B']],
  ['RewriteCond %{ENV:REDIRECT_REDIRECT_A} b', ['use A']],
  [`<If "reqenv('A') == 'b' && %{ENV:C} == ''">`, ['use A', 'use C']],
  ['Header set X "%{A}e %{B}i" env=C', ['use A', 'use C']],
  ['Header set X y "expr=%{ENV:A} == 1"', ['use A']],
  ['Allow from env=A', ['use A']],
  ['Require env A B', ['use A', 'use B']],
  ['Require not env A', ['use A']],
  ['Require ip 1', []],
  ['# SetEnv A', []],
  ['AuthName "e=1 env=2"', []],
])('%s', (text, expected) => expect(namesIn(text)).toEqual(expected));

test('spans are bytes, over continued lines, too', () => {
  expect(namesIn('# grün\nSetEnvIf Host grün \\\n  A=1\nSetEnv \\\n B c')).toEqual([
    'use Host?',
    'set A',
    'set B',
  ]);
});
