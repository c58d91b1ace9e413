import { array, assert, constantFrom, integer, property, tuple } from 'fast-check';
import { expect, it } from 'vitest';
import { LineMemories } from '../../../src/apache/config/lineMemory';
import { LineBuffer, LineReader, type LineMemory, type LogicalLine } from '../../../src/apache/syntax/lines';

/** Long enough to be remembered. */
const LONG = 'RewriteRule ^topic$ /page [L]\n'.repeat(600);

const PIECES = [
  'RewriteRule ^a$ /b [L]\n',
  '  Header set A b \r\n',
  'RewriteRule ^a$ \\\n',
  '# comment\\\n',
  '\n',
  '\r',
  '\\',
  '\0',
  'x',
  'y'.repeat(300),
  'z'.repeat(8000),
];

/** All that a reader gives, up to its end or a line that is too long. */
function linesOf(source: string, memory?: LineMemory): unknown[] {
  const reader = new LineReader(source, '.htaccess', memory);
  const buffer = new LineBuffer();
  const lines: unknown[] = [];
  for (;;) {
    const line = reader.next(buffer);
    if (typeof line === 'string') return [...lines, line, reader.lineNumber, reader.offset];
    const { text, start, end, firstLine, line: last, pieces } = line;
    lines.push({ text, start, end, firstLine, last, pieces }, reader.lineNumber, reader.offset);
  }
}

/** Versions of one file: pieces before it, and others in the place of a part of it. */
const pieces = array(constantFrom(...PIECES), { maxLength: 8 });
const version = tuple(
  pieces,
  integer({ min: 0, max: LONG.length }),
  pieces,
  integer({ min: 0, max: 40 }),
).map(([before, at, between, cut]) =>
  [...before, LONG.slice(0, at), ...between, LONG.slice(at + cut)].join(''),
);

it('gives the lines of a text that was changed as those of one that was never seen', () => {
  assert(
    property(array(version, { minLength: 2, maxLength: 4 }), (versions) => {
      const memories = new LineMemories();
      for (const source of versions) {
        expect(linesOf(source, memories.of('/site/', source))).toEqual(linesOf(source));
      }
    }),
    { numRuns: 100 },
  );
});

it('gives the same objects before a change, and behind it those with new places', () => {
  const memories = new LineMemories();
  const read = (source: string): LogicalLine[] => {
    const reader = new LineReader(source, '.htaccess', memories.of('/site/', source));
    const buffer = new LineBuffer();
    const lines: LogicalLine[] = [];
    for (let line = reader.next(buffer); typeof line !== 'string'; line = reader.next(buffer))
      lines.push(line);
    return lines;
  };
  const before = read(LONG);
  before.forEach((line, at) => (line.kept = at));
  const at = LONG.indexOf('\n', LONG.length >> 1) + 1;
  const now = read(`${LONG.slice(0, at)}Header set A b\n${LONG.slice(at)}`);
  expect(now).toHaveLength(601);
  expect(now.filter((line, index) => line === before[index])).toHaveLength(301);
  expect(now.map(({ kept }) => kept)).toEqual([
    ...Array.from({ length: 301 }, (_, index) => index),
    undefined,
    ...Array.from({ length: 299 }, (_, index) => 301 + index),
  ]);
});

it('remembers four files, the last ones', () => {
  const memories = new LineMemories();
  const known = (file: string): boolean => {
    const memory = memories.of(file, LONG);
    const line = memory?.lineAt(0, 1);
    linesOf(LONG, memory);
    return line !== undefined;
  };
  expect(['a', 'b', 'c', 'd'].map(known)).toEqual([false, false, false, false]);
  expect(['a', 'e', 'a', 'b'].map(known)).toEqual([true, false, true, false]);
  expect(memories.of('a', 'RewriteEngine On')).toBeUndefined();
  expect(memories.of('a', LONG.repeat(300))).toBeUndefined();
});
