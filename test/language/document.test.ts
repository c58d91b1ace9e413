import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { hostProfile } from '../../src/apache/host';
import {
  complete,
  diagnose,
  documentSymbols,
  foldingRanges,
  hover,
  HtaccessDocument,
} from '../../src/language';

const text = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '\n',
        '\r\n',
        '\r',
        '\\\n',
        '<',
        '>',
        '</',
        '%{',
        '[',
        ']',
        ',',
        '"',
        ' ',
        '#',
        '\0',
        'é',
        '😀',
        '\ud800',
      ),
      fc.constantFrom(
        'RewriteRule',
        'RewriteCond',
        '<IfModule',
        '</IfModule>',
        '<Files',
        'Options',
        'Header',
        'R=301',
        'HTTP_HOST',
        'constructor',
        '__proto__',
      ),
      fc.string({ maxLength: 4, unit: 'binary' }),
    ),
    { maxLength: 30 },
  )
  .map((parts) => parts.join(''));

test('positions are those of editors, and lead back to the same byte', () => {
  fc.assert(
    fc.property(text, fc.nat(), (source, seed) => {
      const document = new HtaccessDocument(source);
      const editor = TextDocument.create('file:///a', 'htaccess', 1, source);
      const at = seed % (source.length + 1);
      const position = document.positionOfCharacter(at);
      const bytes = new TextEncoder().encode(source).length;
      expect(document.source.length).toBe(bytes);
      // Editors know no place between CR and LF, and none inside a character.
      if (source[at - 1] === '\r' && source[at] === '\n') return;
      if (/[\udc00-\udfff]/.test(source[at] ?? '') && /[\ud800-\udbff]/.test(source[at - 1] ?? '')) return;
      expect(editor.positionAt(at)).toEqual(position);
      const byte = document.offsetAt(position);
      expect(byte).toBe(new TextEncoder().encode(source.slice(0, at)).length);
      expect(document.positionAt(byte)).toEqual(position);
    }),
    { numRuns: 500 },
  );
});

test('no text makes a feature fail', () => {
  const host = hostProfile();
  fc.assert(
    fc.property(text, fc.nat(), (source, seed) => {
      const document = new HtaccessDocument(source);
      const position = document.positionOfCharacter(seed % (source.length + 1));
      hover(document, position, host);
      complete(document, position, { host, snippets: true });
      documentSymbols(document);
      foldingRanges(document);
      for (const { range } of diagnose(document, host)) {
        expect(document.offsetAt(range.start)).toBeLessThanOrEqual(document.offsetAt(range.end));
      }
    }),
    { numRuns: 500 },
  );
});

test('positions outside of the text are clamped', () => {
  const document = new HtaccessDocument('é\nb');
  expect(document.offsetAt({ line: 0, character: 99 })).toBe(2);
  expect(document.offsetAt({ line: 9, character: 0 })).toBe(4);
  expect(document.offsetAt({ line: -1, character: -1 })).toBe(0);
});
