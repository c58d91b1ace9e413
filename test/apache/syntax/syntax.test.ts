import { array, assert, constantFrom, oneof, property, string } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LineBuffer, LineReader, sourceOffset, type LogicalLine } from '../../../src/apache/syntax/lines';
import { parse, print, type Node } from '../../../src/apache/syntax/tree';
import { readWords } from '../../../src/apache/syntax/words';

function lines(source: string): (LogicalLine | 'too-long')[] {
  const reader = new LineReader(source);
  const buffer = new LineBuffer();
  const found: (LogicalLine | 'too-long')[] = [];
  for (let line = reader.next(buffer); line !== 'end'; line = reader.next(buffer)) {
    found.push(line);
    if (line === 'too-long') break;
  }
  return found;
}

const texts = (source: string): string[] =>
  lines(source).map((line) => (line === 'too-long' ? line : `${line.line}:${line.text}`));

describe('logical lines', () => {
  it.each([
    ['a\nb\n', ['1:a', '2:b']],
    ['a\r\n  b\t \n', ['1:a', '2:b']],
    ['a\\\nb\nc', ['2:ab', '3:c']],
    ['a \\\r\n  b\n', ['2:a   b']],
    ['a\\ \nb\n', ['1:a\\', '2:b']],
    ['a\\\\\nb\n', ['2:a\\b']],
    ['# c\\\nRewriteEngine On\n', ['2:# cRewriteEngine On']],
    ['a\\\n', ['2:a']],
    ['\\\n', []],
    ['a\0b\\\nc\n', ['1:a', '2:c']],
    ['a\rb\rc', ['1:a\rb\rc']],
    ['', []],
  ])('%j', (source, expected) => {
    expect(texts(source)).toEqual(expected);
  });

  it('takes 8,192 bytes with the line end, and no more', () => {
    expect(texts(`${'x'.repeat(8191)}\ny\n`)).toHaveLength(2);
    expect(texts(`${'x'.repeat(8192)}\ny\n`)).toEqual(['too-long']);
    expect(texts('x'.repeat(8192))).toHaveLength(1);
  });

  it('takes no more behind a line that made room for more', () => {
    expect(texts(`${'x'.repeat(8190)}\n${'y'.repeat(8191)}\nz\n`)).toHaveLength(3);
    expect(texts(`${'x'.repeat(8190)}\n${'y'.repeat(8192)}\nz\n`).at(-1)).toBe('too-long');
  });

  it('maps offsets of joined text back to the source', () => {
    const source = '  Options \\\n  +ExecCGI\n';
    const [line] = lines(source);
    if (line === undefined || line === 'too-long') throw new Error('a line was expected');
    expect(source.slice(sourceOffset(line, line.text.indexOf('+')))).toBe('+ExecCGI\n');
    expect(sourceOffset(line, 0)).toBe(2);
  });
});

describe('words', () => {
  it.each([
    ['a b  c', ['a', 'b', 'c']],
    ['"a b" c', ['a b', 'c']],
    ["'a\\'b' c", ["a'b", 'c']],
    ['"a\\"b\\\\c" d', ['a"b\\c', 'd']],
    ['"a"b', ['a', 'b']],
    ['"open to the end', ['open to the end']],
    ['a\\\\b \\d', ['a\\b', '\\d']],
    ['a"b c"', ['a"b', 'c"']],
  ])('%j', (text, expected) => {
    expect(readWords(text).map((word) => word.value)).toEqual(expected);
  });
});

function outline(nodes: readonly Node[]): unknown[] {
  return nodes.map((node) => {
    if (node.kind === 'section') return [node.name, outline(node.children), node.close !== undefined];
    return node.kind === 'directive' ? node.name : node.kind;
  });
}

describe('tree', () => {
  it('nests sections and keeps comments', () => {
    const source = '# hello\n\n<IfModule mod_rewrite.c>\nRewriteEngine On\n</IfModule>\nOptions +ExecCGI';
    expect(outline(parse(source).children)).toEqual([
      'comment',
      'blank',
      ['IfModule', ['RewriteEngine'], true],
      'Options',
    ]);
  });

  it('closes by name, leaves the rest open, and takes stray tags as directives', () => {
    expect(outline(parse('<If a>\n<Files b>\n</If>\n</Files>\n<Files>').children)).toEqual([
      ['If', [['Files', [], false]], true],
      '</Files>',
      ['Files', [], false],
    ]);
  });

  it('prints what it parsed, for any bytes', () => {
    const piece = constantFrom(
      '<If "x">',
      '</If>',
      '<Files',
      '>',
      '\\',
      '\n',
      '\r\n',
      '#',
      ' ',
      '"',
      'Options',
      '\0',
      'é',
    );
    const text = oneof(
      array(piece, { maxLength: 60 }).map((parts) => parts.join('')),
      string({ unit: 'binary', maxLength: 200 }),
    );
    assert(
      property(text, (source) => {
        expect(print(parse(source))).toBe(source);
      }),
      { numRuns: 2000 },
    );
  });

  it('survives 100,000 unclosed sections', () => {
    const source = '<If "x">\n'.repeat(100_000);
    expect(print(parse(source))).toBe(source);
  });
});
