import { array, assert, constantFrom, integer, property, tuple } from 'fast-check';
import { expect, it } from 'vitest';
import { LineMemories } from '../../../src/apache/config/lineMemory';
import {
  LineBuffer,
  LineReader,
  PlainLine,
  type KnownLine,
  type LineMemory,
} from '../../../src/apache/syntax/lines';

/** Long enough to be remembered. */
const LONG = `RewriteRule ^topic$ /page [L,E=NOTE:${'n'.repeat(80)}]\n`.repeat(600);

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
    if (line instanceof PlainLine) memory?.keep(line, (made) => ({ text: made }));
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

/** Reads a text, and gives of each line what is known of it before it is kept. */
function read(source: string, memory = new LineMemories()): (KnownLine | undefined)[] {
  const lines = memory.of('/site/', source);
  const reader = new LineReader(source, '.htaccess', lines);
  const buffer = new LineBuffer();
  const known: (KnownLine | undefined)[] = [];
  for (let line = reader.next(buffer); typeof line !== 'string'; line = reader.next(buffer)) {
    known.push(line.known);
    if (line instanceof PlainLine) lines?.keep(line, (text) => ({ text }));
  }
  return known;
}

it('knows the lines before a change, and those behind it at their new places', () => {
  const memories = new LineMemories();
  expect(read(LONG, memories)).toEqual(Array.from({ length: 600 }, () => undefined));
  const before = read(LONG, memories);
  expect(before).not.toContain(undefined);
  const at = LONG.indexOf('\n', LONG.length >> 1) + 1;
  const now = read(`${LONG.slice(0, at)}Header set A b\n${LONG.slice(at)}`, memories);
  expect(now.map((line) => line === undefined)).toEqual(
    Array.from({ length: 601 }, (_, index) => index === 301),
  );
  now.forEach((line, index) => index !== 301 && expect(line).toBe(before[index < 301 ? index : index - 1]));
});

it('remembers four files, the last ones', () => {
  const memories = new LineMemories();
  const isKnown = (file: string): boolean => {
    const memory = memories.of(file, LONG);
    const end = LONG.indexOf('\n') + 1;
    const known = memory?.knownAt(0, end);
    memory?.keep(new PlainLine('line', { from: 0, start: 0, end, line: 1, known }), (text) => ({ text }));
    return known !== undefined;
  };
  expect(['a', 'b', 'c', 'd'].map(isKnown)).toEqual([false, false, false, false]);
  expect(['a', 'e', 'a', 'b'].map(isKnown)).toEqual([true, false, true, false]);
  expect(memories.of('a', 'RewriteEngine On')).toBeUndefined();
});

it('keeps nothing of a file that nobody writes by hand', () => {
  const memories = new LineMemories();
  const huge = LONG.repeat(75);
  read(huge, memories);
  expect(read(huge, memories).every((known) => known === undefined)).toBe(true);
});
