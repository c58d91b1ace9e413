import * as fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { formatCase, parseUrls } from '../../src/urls';

const only = (line: string) => {
  const { cases, problems } = parseUrls(line);
  expect(problems).toEqual([]);
  expect(cases).toHaveLength(1);
  return cases[0]!;
};

describe('a *.urls file', () => {
  test('holds a case per line, with comments and empty lines', () => {
    const text = '\uFEFF# Routing\r\n\r\n  /a -> 200 # why\r\n\t\nPOST /b -> 404\n';
    const { cases, problems } = parseUrls(text);
    expect(problems).toEqual([]);
    expect(cases.map(({ method, url, line }) => [method, url, line])).toEqual([
      ['GET', '/a', 3],
      ['POST', '/b', 5],
    ]);
    expect(cases.map(({ start, end }) => text.slice(start, end))).toEqual(['/a -> 200', 'POST /b -> 404']);
  });

  test('expects a script with variables', () => {
    const { expectation } = only(
      '/x?a=1 -> dispatch.fcgi PATH_INFO=/x QUERY_STRING=a=1 EMPTY= !HTTPS N="a b"',
    );
    expect(expectation).toEqual({
      answer: { kind: 'script', path: 'dispatch.fcgi' },
      variables: [
        { name: 'PATH_INFO', value: '/x' },
        { name: 'QUERY_STRING', value: 'a=1' },
        { name: 'EMPTY', value: '' },
        { name: 'HTTPS', value: null },
        { name: 'N', value: 'a b' },
      ],
      headers: [],
    });
  });

  test.each([
    ['file static/site.css', { answer: { kind: 'file', path: 'static/site.css' } }],
    ['file "a b.css" type text/css', { answer: { kind: 'file', path: 'a b.css' }, type: 'text/css' }],
    ['listing', { answer: { kind: 'listing' } }],
    ['listing pictures/', { answer: { kind: 'listing', path: 'pictures/' } }],
    ['301 https://example.com/new', { status: 301, location: 'https://example.com/new' }],
    ['302 /new#part', { status: 302, location: '/new#part' }],
    ['304 type text/css', { status: 304, type: 'text/css' }],
    ['404', { status: 404 }],
    ['404 file errors/404.html', { status: 404, answer: { kind: 'file', path: 'errors/404.html' } }],
    ['./app', { answer: { kind: 'script', path: './app' } }],
    ['"404"', { answer: { kind: 'script', path: '404' } }],
    [
      '200 {Cache-Control: no-cache, private}',
      { status: 200, headers: [{ name: 'Cache-Control', value: 'no-cache, private' }] },
    ],
    ['200 {!X-Powered-By}', { status: 200, headers: [{ name: 'X-Powered-By', value: null }] }],
  ])('reads %s', (text, expected) => {
    expect(only(`/ -> ${text}`).expectation).toEqual({ variables: [], headers: [], ...expected });
  });

  test('sends headers as they are, with quotes and braces', () => {
    const { headers } = only('/ {If-None-Match: "abc"} {X:a\\}b\\\\c} {Y:} -> 304');
    expect(headers).toEqual([
      { name: 'If-None-Match', value: '"abc"' },
      { name: 'X', value: 'a}b\\c' },
      { name: 'Y', value: '' },
    ]);
  });

  test.each([
    ['/a 200', 1, '" -> " and what is expected are missing'],
    ['/a ->', 6, 'Nothing is expected'],
    ['-> 200', 1, 'The URL is missing'],
    ['GET -> 200', 1, 'The URL is missing'],
    ['a.html -> 200', 1, 'A URL begins with "/"'],
    ['get /a -> 200', 1, 'capitals: GET'],
    ['/a b -> 200', 4, '"b" is too much'],
    ['/a -> fil x.css', 7, '"fil" is no expectation'],
    ['/a -> file', 7, 'The file is missing'],
    ['/a -> a.fcgi b.fcgi', 14, 'One script, file or listing'],
    ['/a -> 200 404', 11, 'one status'],
    ['/a -> 200 type css', 11, 'The media type is missing'],
    ['/a -> 200 -> 404', 11, 'one arrow'],
    ['/a -> 200 {X: y', 11, 'ends with "}"'],
    ['/a -> 200 {X y}', 11, '{Name: value}'],
    ['/a {!X} -> 200', 4, 'request header is written {Name: value}'],
    ['/a -> a.fcgi X="y', 14, 'quote is opened'],
  ])('says what is wrong with %s', (line, column, message) => {
    const { cases, problems } = parseUrls(`# first\n${line}\n/z -> 200`);
    expect(cases.map(({ url }) => url)).toEqual(['/z']);
    expect(problems).toMatchObject([{ line: 2, column }]);
    expect(problems[0]?.message).toContain(message);
  });
});

describe('the documentation', () => {
  const text = readFileSync(new URL('../../docs/urls.md', import.meta.url), 'utf8');
  const lines = text.split('\n').filter((line) => line.startsWith('/') && line.includes(' -> '));
  const expectations = Array.from(text.matchAll(/^\| `([^`]+)` +\|/gm), (row) => row[1] ?? '');

  test.each([...lines, ...expectations.map((expectation) => `/ -> ${expectation}`)])('%s', (line) => {
    expect(parseUrls(line)).toMatchObject({ problems: [], cases: [{ line: 1 }] });
  });

  test('has examples', () => {
    expect([lines.length > 2, expectations.length > 10]).toEqual([true, true]);
  });
});

describe('a printed case', () => {
  test.each([
    '/project/hello?x=1 -> dispatch.fcgi PATH_INFO=/hello QUERY_STRING=x=1',
    'POST https://example.com/old {Accept: */*} -> 301 https://example.com/new !X {X-A: b}',
    '/x.fcgi -> /x.fcgi 301',
    '/ -> "listing"',
    '/ -> file "type"',
    '/ -> 200 "a=b" A=" " B= C="{x} #"',
  ])('stays %s', (line) => {
    expect(formatCase(only(line))).toBe(line);
  });

  const text = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 8 }),
    fc.constantFrom(
      'type',
      'file',
      'listing',
      '404',
      '->',
      '#',
      '{a}',
      'a=b',
      '!a',
      '',
      '"',
      '\\',
      'a b',
      '301',
    ),
  );
  const line = text.map((value) => value.replaceAll(/[\u0000-\u001F\u007F]/g, '.'));
  const name = fc.constantFrom('A', 'PATH_INFO', 'x.y', '_z-1');
  const written = fc.record({
    method: fc.constantFrom('GET', 'POST', 'M-SEARCH'),
    url: line.map((value) => `/${value}`),
    headers: fc.array(fc.record({ name, value: line.map((value) => value.trim()) }), { maxLength: 2 }),
    expectation: fc
      .record(
        {
          status: fc.integer({ min: 100, max: 599 }),
          answer: fc.oneof(
            fc.record({ kind: fc.constantFrom('script' as const, 'file' as const), path: line }),
            fc.record({ kind: fc.constant('listing' as const), path: line }),
            fc.constant({ kind: 'listing' as const }),
          ),
          type: line.map((value) => `text/${value}`),
        },
        { requiredKeys: [] },
      )
      .chain((base) =>
        fc.record({
          ...Object.fromEntries(Object.entries(base).map(([key, value]) => [key, fc.constant(value)])),
          variables: fc.array(fc.record({ name, value: fc.option(line) }), { minLength: 1, maxLength: 3 }),
          headers: fc.array(fc.record({ name, value: fc.option(line.map((value) => value.trim())) }), {
            maxLength: 2,
          }),
        }),
      ),
  });

  test('is read as the same case', () => {
    fc.assert(
      fc.property(written, (one) => {
        const { cases, problems } = parseUrls(formatCase(one));
        expect(problems).toEqual([]);
        expect(cases).toMatchObject([one]);
        expect(Object.keys(cases[0]!.expectation).sort()).toEqual(Object.keys(one.expectation).sort());
      }),
    );
  });

  /** Pieces of a line: without knowing the format, hardly a case would come of it. */
  const words =
    '/a GET -> 200 301 /b file x.css type a/b A=1 !A # listing {!B} A=" \\ \r \0 \u{1F600} "'.split(' ');
  const pieces = fc.constantFrom(...words, '"c d"', '\n', '{A: b}');
  const anything = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(pieces).map((words) => `/x -> ${words.join(' ')}`),
    fc.array(pieces).map((words) => words.join('')),
  );

  test('of any text is printed as it was printed before', () => {
    fc.assert(
      fc.property(anything, (any) => {
        const { cases, problems } = parseUrls(any);
        for (const { line, column, start, end, message } of problems) {
          expect([line > 0, column > 0, start <= end, end <= any.length]).not.toContain(false);
          expect(message).toMatch(/\.$/);
        }
        for (const one of cases) {
          const printed = formatCase(one);
          expect(formatCase(only(printed))).toBe(printed);
          expect(only(printed).expectation).toEqual(one.expectation);
        }
      }),
      { numRuns: 1000 },
    );
  });
});
