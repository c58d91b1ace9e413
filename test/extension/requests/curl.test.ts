import { execFileSync } from 'node:child_process';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { curlCommand, shellQuoted } from '../../../src/extension/requests/curl';
import { requestBytes } from '../../../src/extension/requests/resend';
import { body, record } from './records';

const BASE = 'http://localhost:8400';
const command = (some: Parameters<typeof record>[0]) => curlCommand(record(some), BASE);

describe('a request as a curl command', () => {
  it('is short for a page', () => {
    expect(command({ target: '/a?b=1&c=2' })).toBe(
      "curl -i --path-as-is -g 'http://localhost:8400/a?b=1&c=2'",
    );
  });

  it('names method, headers and body', () => {
    const requestHeaders = [
      ['Host', 'other.test'],
      ['Content-Type', 'text/plain'],
      ['Content-Length', '6'],
      ['X-Empty', ''],
    ] as const;
    expect(command({ method: 'PUT', target: '/', requestHeaders, requestBody: body("it's\n\xff") })).toBe(
      `curl -i --path-as-is -g http://localhost:8400/ -X PUT -H 'Host: other.test' -H 'Content-Type: text/plain' -H 'X-Empty;' --data-raw $'it\\'s\\x0a\\xff'`,
    );
  });

  it('asks for a head, and keeps curl from naming a type that was not there', () => {
    expect(command({ method: 'HEAD', target: '/' })).toBe(
      'curl -i --path-as-is -g http://localhost:8400/ -I',
    );
    expect(command({ method: 'POST', target: '/', requestBody: body('a') })).toContain('-H Content-Type:');
  });

  it('quotes any bytes so that bash gives them back', () => {
    const words = fc.array(
      fc.string({
        unit: fc.integer({ min: 1, max: 255 }).map((code) => String.fromCharCode(code)),
        maxLength: 12,
      }),
      { minLength: 30, maxLength: 30 },
    );
    fc.assert(
      fc.property(words, (all) => {
        const script = `export LC_ALL=C; printf '%s\\0' ${all.map(shellQuoted).join(' ')}`;
        const told = execFileSync('bash', ['-c', script], { encoding: 'latin1' });
        expect(told.split('\0').slice(0, -1)).toEqual(all);
      }),
      { numRuns: 15 },
    );
  });
});

describe('a request that is sent again', () => {
  it('has the same bytes but for its connection', () => {
    const requestHeaders = [
      ['Host', 'localhost:8400'],
      ['Connection', 'keep-alive'],
      ['X-Odd', 'J\xc3\xbc'],
      ['Transfer-Encoding', 'chunked'],
    ] as const;
    const sent = requestBytes(record({ method: 'POST', requestHeaders, requestBody: body('a\0\xff') }));
    expect(Buffer.from(sent).toString('latin1')).toBe(
      'POST /page HTTP/1.1\r\nHost: localhost:8400\r\nX-Odd: J\xc3\xbc\r\nContent-Length: 3\r\nConnection: close\r\n\r\na\0\xff',
    );
    expect(Buffer.from(requestBytes(record())).toString()).not.toContain('Content-Length');
  });
});
