import { readdirSync, readFileSync } from 'node:fs';
import type { IGrammar } from 'vscode-textmate';
import { beforeAll, describe, expect, test } from 'vitest';
import { HtaccessDocument } from '../../src/language';
import { endsClean, loadHtaccessGrammar, tokenLines, type Token } from './tokens';

const FOLDER = new URL('../oracle/fixtures/realistic/', import.meta.url);
const ROOT = new URL('../../', import.meta.url);

/** The samples, the sites of "New Project", and the sample site, by their addresses. */
const SAMPLES: readonly (readonly [name: string, file: URL])[] = [
  ...readdirSync(FOLDER)
    .filter((name) => name.endsWith('.htaccess'))
    .map((name) => [name, new URL(name, FOLDER)] as const),
  ...[
    'media/templates/shared/htaccess',
    'media/templates/php/htaccess',
    'test/sites/classic/project/.htaccess',
  ].map((name) => [name, new URL(name, ROOT)] as const),
];

let grammar: IGrammar;

beforeAll(async () => {
  grammar = await loadHtaccessGrammar();
});

const isComment = ({ scopes }: Token): boolean => scopes.some((scope) => scope.includes('comment'));

/** The pieces of a line that are not blank. */
const visible = (tokens: readonly Token[] = []): readonly Token[] =>
  tokens.filter(({ text }) => text.trim() !== '');

describe.each(SAMPLES)('%s', (_name, file) => {
  const text = readFileSync(file, 'utf8').replaceAll('\r\n', '\n');
  const document = new HtaccessDocument(text);
  const physical = text.split('\n');

  test('nothing runs beyond the end of its line: each is coloured as if it stood alone', () => {
    const lines = tokenLines(grammar, text);
    for (const { line } of document.entries) {
      const own = physical.slice(line.firstLine - 1, line.line);
      expect(lines.slice(line.firstLine - 1, line.line)).toEqual(tokenLines(grammar, own.join('\n')));
    }
    expect(endsClean(grammar, text)).toBe(true);
  });

  test('comments are those that Apache takes for some, and names are names', () => {
    const lines = tokenLines(grammar, text);
    for (const { kind, line } of document.entries) {
      const tokens = lines.slice(line.firstLine - 1, line.line).flatMap(visible);
      if (kind === 'comment') expect(tokens.filter((token) => !isComment(token))).toEqual([]);
      else expect(tokens.filter(isComment)).toEqual([]);
      const [first] = tokens;
      if (kind === 'directive') expect(first?.scopes.join(' ')).toMatch(/keyword\.other\.directive/);
      if (kind === 'section' || kind === 'close')
        expect(first?.scopes.join(' ')).toMatch(/punctuation\.definition\.tag/);
    }
  });

  test('every pattern of a rule or a condition is coloured as one, and what stands behind it is not', () => {
    const lines = tokenLines(grammar, text);
    for (const { kind, line } of document.entries) {
      if (kind !== 'directive' || !/^rewriterule\s/i.test(line.text) || line.firstLine !== line.line)
        continue;
      const tokens = visible(lines[line.line - 1]);
      const flags = tokens.filter(({ scopes }) =>
        scopes.some((scope) => scope.includes('attribute-name.flag')),
      );
      expect(flags.length > 0).toBe(/\]\s*$/.test(line.text));
      expect(flags.some(({ scopes }) => scopes.some((scope) => scope.includes('regexp')))).toBe(false);
      expect(tokens.some(({ scopes }) => scopes.some((scope) => scope.includes('regexp')))).toBe(true);
    }
  });
});
