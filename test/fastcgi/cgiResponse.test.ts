import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  CgiResponseParser,
  KnownHeads,
  parseCgiOutput,
  statusLineOf,
  type CgiFault,
  type CgiHead,
} from '../../src/fastcgi';
import { bytesOf, byteStringOf } from '../../src/text/bytes';

function parse(...records: readonly string[]): { head: CgiHead | CgiFault; body: string } {
  return parseBy(new CgiResponseParser('dispatch.fcgi'), records);
}

function parseBy(
  parser: CgiResponseParser,
  records: readonly string[],
): { head: CgiHead | CgiFault; body: string } {
  const body = records.map((content) => byteStringOf(parser.push(bytesOf(content)))).join('');
  return { head: parser.end(), body };
}

function head(...records: readonly string[]): CgiHead {
  const result = parse(...records).head;
  if (result.kind !== 'head') throw new Error(result.logMessage);
  return result;
}

function fault(...records: readonly string[]): string {
  const result = parse(...records).head;
  return result.kind === 'fault' ? result.logMessage : 'no fault';
}

describe('faults, in the words of Apache', () => {
  it.each([
    ['nothing', [''], 'End of script output before headers: dispatch.fcgi'],
    ['no records', [], 'End of script output before headers: dispatch.fcgi'],
    ['half a first line', ['Content-Ty'], 'End of script output before headers: dispatch.fcgi'],
    ['a header and the end', ['Content-Type: text/html\n'], 'Premature end of script headers: dispatch.fcgi'],
    [
      'a traceback',
      ['Traceback (most recent call last):\n  File "x"\n'],
      'Premature end of script headers: dispatch.fcgi',
    ],
    [
      'a page without headers',
      ['<!DOCTYPE html><html><head><title>x</title>\n'],
      "malformed header from script 'dispatch.fcgi': Bad header: <!DOCTYPE html><html><head><ti",
    ],
    [
      'NPH',
      ['HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n'],
      "malformed header from script 'dispatch.fcgi': Bad header: HTTP/1.1 200 OK",
    ],
    ['a long line', [`X: ${'x'.repeat(9000)}\n\n`], 'End of script output before headers: dispatch.fcgi'],
    [
      'a name with a space',
      ['X Bad: 1\n\nbody'],
      "AH02429: Response header name 'X Bad' contains invalid characters, aborting request",
    ],
    ['no name', [': 1\n\n'], 'AH02428: Empty response header name, aborting request'],
    [
      'a control character',
      ['X: a\x01b\n\n'],
      "AH02430: Response header 'X' value of '\x01b' contains invalid characters, aborting request",
    ],
  ])('%s', (_, records, message) => {
    expect(fault(...records)).toBe(message);
  });

  it('lets a line of 8189 characters pass, and no longer one', () => {
    expect(fault(`X: ${'x'.repeat(8186)}\n\n`)).toBe('no fault');
    expect(fault(`X: ${'x'.repeat(8187)}\n\n`)).toContain('End of script output');
  });
});

describe('headers', () => {
  it('end with an empty line, by LF or CRLF; what follows is the body', () => {
    expect(parse('Content-Type: Text/HTML; charset=UTF-8 \r\n\r\n body\n')).toMatchObject({
      head: {
        status: 200,
        reason: 'OK',
        contentType: 'text/html; charset=UTF-8',
        fields: [],
        explicitStatus: false,
      },
      body: ' body\n',
    });
    expect(parse('A: b\n\n').body).toBe('');
  });

  it('may be missing: the body is then sent without a type', () => {
    expect(parse('\nContent-Type: text/html\n\nx')).toMatchObject({
      head: { status: 200, contentType: null, fields: [] },
      body: 'Content-Type: text/html\n\nx',
    });
  });

  it('are folded within a record, and not over two', () => {
    expect(head('X: one\r\n\t two\n\n').fields).toEqual([['X', 'one two']]);
    expect(fault('X: one\n', ' two\n\n')).toContain('Bad header:  two');
    expect(head('X: one\n', ' two: three\n\n'.trimStart()).fields).toEqual([
      ['X', 'one'],
      ['two', 'three'],
    ]);
  });

  it('repeated are merged, but for cookies and those that count once', () => {
    const result = head('X-Dup: 1\nx-dup: 2\nSet-Cookie: a\nSet-Cookie: b\nETag: "1"\nETag: "2"\n\n');
    expect(result.fields).toEqual([
      ['X-Dup', '1, 2'],
      ['ETag', '"2"'],
      ['Set-Cookie', 'a'],
      ['Set-Cookie', 'b'],
    ]);
  });

  it('stop at a NUL', () => {
    expect(head('X: a\0b\n\n').fields).toEqual([['X', 'a']]);
  });
});

describe('status', () => {
  it.each([
    ['404 Not Found', 404, 'Not Found'],
    ['404', 404, 'Not Found'],
    ['418', 418, ''],
    ['200 Fine By Me', 200, 'Fine By Me'],
    ['abc', 500, 'Internal Server Error'],
    ['999 Odd', 999, 'Odd'],
    ['0200 OK', 200, 'OK'],
    ['4040', 500, 'Internal Server Error'],
    ['', 500, 'Internal Server Error'],
  ])('%j is %d %j', (value, status, reason) => {
    expect(statusLineOf(value)).toEqual({ status, reason });
    expect(head(`Status: ${value}\n\n`)).toMatchObject({ status, reason, explicitStatus: true });
  });

  it.each(['abc', '999 Odd', '99'])('%j is logged as invalid', (value) => {
    const expected = [`Invalid status line from script 'dispatch.fcgi': ${value}`];
    expect(head(`Status: ${value}\n\n`).logMessages).toEqual(expected);
  });
});

describe('Location', () => {
  it('with a slash asks the server itself; else the client, with 302', () => {
    expect(head('Location: /a?b\n\n').redirect).toEqual({ kind: 'internal', location: '/a?b' });
    expect(head('Location: https://x/\n\nbody')).toMatchObject({
      status: 302,
      reason: 'Found',
      redirect: { kind: 'external', location: 'https://x/' },
    });
    expect(head('Status: 200 OK\nLocation: other\n\n').redirect).toEqual({
      kind: 'external',
      location: 'other',
    });
  });

  it('with a status of its own is an ordinary header', () => {
    const result = head('Status: 301 Moved\nLocation: /a\n\n');
    expect(result).toMatchObject({
      status: 301,
      reason: 'Moved',
      redirect: null,
      fields: [['Location', '/a']],
    });
  });
});

describe('the parser', () => {
  const line = fc.constantFrom(
    'Status: 200 OK',
    'Content-Type: a/b',
    'X: y',
    'bad',
    '',
    'Location: /x',
    'Set-Cookie: a',
  );
  const output = fc.array(line).map((lines) => lines.join('\n'));

  it('never throws, and gives the same head for every cut that is not inside a fold', () => {
    fc.assert(
      fc.property(output, fc.array(fc.nat(), { maxLength: 5 }), (text, places) => {
        const ends = [...places.map((place) => place % (text.length + 1)), text.length].sort((a, b) => a - b);
        const records = ends.map((end, at) => text.slice(ends[at - 1] ?? 0, end));
        expect(parse(...records)).toEqual(parse(text));
      }),
    );
  });

  it('is the same where heads that came before are known', () => {
    const line = fc.constantFrom(
      'A: 1\n',
      'A: 2\n',
      'Status: 404\r\n',
      ' b\n',
      '\n',
      '\r\n',
      'x',
      'Content-Length: 1\n',
    );
    const output = fc.array(line, { maxLength: 6 }).map((lines) => lines.join(''));
    fc.assert(
      fc.property(fc.array(fc.array(output, { maxLength: 3 }), { maxLength: 6 }), (answers) => {
        const known = new KnownHeads();
        for (const records of answers) {
          const parser = new CgiResponseParser('dispatch.fcgi', { known });
          expect(parseBy(parser, records)).toEqual(parse(...records));
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('takes any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        const { head: result, body } = parseCgiOutput(bytes, 'x');
        expect(['head', 'fault']).toContain(result.kind);
        if (result.kind === 'head') expect(bytes.subarray(bytes.length - body.length)).toEqual(body);
      }),
    );
  });
});
