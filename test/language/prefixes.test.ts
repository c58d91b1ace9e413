import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Range } from 'vscode-languageserver';
import { hostProfile } from '../../src/apache/host';
import {
  codeActions,
  complete,
  diagnose,
  documentSymbols,
  foldingRanges,
  hover,
  HtaccessDocument,
} from '../../src/language';
import { applied } from './marked';

const FOLDER = new URL('../oracle/fixtures/realistic/', import.meta.url);
const FILES = readdirSync(FOLDER).filter((name) => name.endsWith('.htaccess'));

const host = hostProfile();

function isInside({ text }: HtaccessDocument, range: Range): boolean {
  const lines = text.split('\n');
  const line = lines[range.end.line];
  return line !== undefined && range.end.character <= line.length && range.start.line <= range.end.line;
}

function tryAll(text: string, at: number): void {
  const document = new HtaccessDocument(text);
  const position = document.positionOfCharacter(at);
  hover(document, position, host);
  for (const item of complete(document, position, { host, snippets: true })) {
    if (item.textEdit === undefined || !('range' in item.textEdit))
      throw new Error('An item without its range');
    const { range } = item.textEdit;
    const isOnLine = range.start.line === position.line && range.end.line === position.line;
    if (!isOnLine || !isInside(document, range)) throw new Error(`${item.label} at ${JSON.stringify(range)}`);
  }
}

test.each(FILES)('every prefix of %s is answered, and every edit is within it', (name) => {
  const whole = readFileSync(new URL(name, FOLDER), 'utf8');
  for (let end = 0; end <= whole.length; end++) tryAll(whole.slice(0, end), end);
  for (let end = 0; end <= whole.length; end += 31) {
    const document = new HtaccessDocument(whole.slice(0, end));
    const problems = diagnose(document, host);
    for (const problem of problems) {
      expect(isInside(document, problem.range)).toBe(true);
      for (const fix of problem.fixes) applied(document, fix.edits);
    }
    const range = { start: { line: 0, character: 0 }, end: document.positionOfCharacter(end) };
    codeActions(problems, { uri: 'file:///a', range, diagnostics: [] });
    documentSymbols(document);
    for (const { endLine } of foldingRanges(document)) expect(endLine).toBeLessThanOrEqual(range.end.line);
  }
});

test('every place in a whole file is answered', () => {
  const whole = readFileSync(new URL('files-and-ifs.htaccess', FOLDER), 'utf8');
  for (let at = 0; at <= whole.length; at++) tryAll(whole, at);
});
