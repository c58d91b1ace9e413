import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Range } from 'vscode-languageserver';
import { hostProfile } from '../../src/apache/host';
import {
  closingTagBelow,
  codeActions,
  complete,
  definition,
  diagnose,
  documentHighlights,
  documentLinks,
  documentSymbols,
  foldingRanges,
  format,
  hover,
  HtaccessDocument,
  prepareRename,
  refactorings,
  references,
  rename,
  selectionRanges,
  semanticTokens,
  signatureHelp,
} from '../../src/language';
import { applied } from './marked';
import { TextSite } from './site';

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

/** What points to places in the document, at its end. */
function placesAt(text: string): void {
  const document = new HtaccessDocument(text);
  const position = document.positionOfCharacter(text.length);
  const ranges = documentHighlights(document, position).map(({ range }) => range);
  for (let one = selectionRanges(document, [position])[0]; one !== undefined; one = one.parent)
    ranges.push(one.range);
  for (const range of ranges) if (!isInside(document, range)) throw new Error(JSON.stringify(range));
  const { activeParameter, signatures = [] } = signatureHelp(document, position, host) ?? {};
  const shown = signatures[0]?.parameters?.length ?? 0;
  if (signatures.length > 0 && (activeParameter ?? -1) >= shown)
    throw new Error(`parameter ${activeParameter} of ${shown}`);
  closingTagBelow(document, position);
}

/** What changes the document, at its end, and what needs the files around it. */
function changesAt(text: string): void {
  const { map } = new TextSite({ '.htaccess': text, 'index.html': '', 'a/.htaccess': 'Require env x\n' });
  const { document } = map;
  const position = document.positionOfCharacter(text.length);
  const request = { uri: 'u', range: { start: position, end: position }, host };
  for (const { edit } of refactorings(document, request)) applied(document, edit?.changes?.['u'] ?? []);
  applied(document, format(document, { indent: '\t', arguments: 'align' }));
  const found = [...definition(map, position), ...references(map, position, true)];
  for (const { uri, range } of found) if (uri === map.uri) expect(isInside(document, range)).toBe(true);
  for (const { range } of documentLinks(map)) expect(isInside(document, range)).toBe(true);
  const edits = prepareRename(map, position) === undefined ? undefined : rename(map, position, 'OTHER_NAME');
  applied(document, edits?.changes?.[map.uri] ?? []);
  expect(semanticTokens(document).data.length % 5).toBe(0);
}

test.each(FILES)('every prefix of %s has its places and its changes', (name) => {
  const whole = readFileSync(new URL(name, FOLDER), 'utf8');
  for (let end = 0; end <= whole.length; end += 3) placesAt(whole.slice(0, end));
  for (let end = 0; end <= whole.length; end += 29) changesAt(whole.slice(0, end));
});

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
