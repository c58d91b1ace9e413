import { describe, expect, test } from 'vitest';
import { HtaccessDocument, SEMANTIC_LEGEND, semanticTokens } from '../../src/language';

/** `line:character type[+modifier] text` of every token. */
function tokens(text: string, lines?: readonly [first: number, last: number]): string[] {
  const document = new HtaccessDocument(text);
  const range = lines && { start: { line: lines[0], character: 0 }, end: { line: lines[1], character: 99 } };
  const { data } = semanticTokens(document, range);
  const found: string[] = [];
  let [line, character] = [0, 0];
  for (let at = 0; at < data.length; at += 5) {
    const [down = 0, right = 0, length = 0, type = 0, modifiers = 0] = data.slice(at, at + 5);
    character = down === 0 ? character + right : right;
    line += down;
    const word = (text.split('\n')[line] ?? '').slice(character, character + length);
    const declared = modifiers === 1 ? `+${SEMANTIC_LEGEND.tokenModifiers[0]}` : '';
    found.push(`${line}:${character} ${SEMANTIC_LEGEND.tokenTypes[type]}${declared} ${word}`);
  }
  return found;
}

describe('tokens', () => {
  test('variables where they are set and read, groups that are used, modules', () => {
    expect(
      tokens(
        '<IfModule !mod_env.c>\nSetEnvIf Host é A=1\n</IfModule>\nRewriteRule (é) /$1%{ENV:A} [E=B:$1]\nHeader set X y env=A',
      ),
    ).toEqual([
      '0:11 namespace mod_env.c',
      '1:16 variable+declaration A',
      '3:17 parameter $1',
      '3:25 variable A',
      '3:31 variable+declaration B',
      '3:33 parameter $1',
      '4:19 variable A',
    ]);
  });

  test('of some lines only', () => {
    expect(tokens('SetEnv A 1\nSetEnv B 1\nSetEnv C 1', [1, 1])).toEqual(['1:7 variable+declaration B']);
  });

  test('none in comments, in text and in broken files', () => {
    for (const text of ['# SetEnv A', 'ErrorDocument 404 "$1 %1"', '<IfModule', '', 'RewriteRule a \\$1'])
      expect(tokens(text)).toEqual([]);
  });
});
