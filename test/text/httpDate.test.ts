import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { httpDate } from '../../src/text/httpDate';

describe('httpDate', () => {
  it('writes a moment as HTTP does', () => {
    expect(httpDate(Date.UTC(2026, 10, 23, 3, 6, 39, 999))).toBe('Mon, 23 Nov 2026 03:06:39 GMT');
    expect(httpDate(0)).toBe('Thu, 01 Jan 1970 00:00:00 GMT');
  });

  it('agrees with the engine from the year 0 on', () => {
    const moment = fc.integer({ min: Date.parse('0000-01-01T00:00:00Z'), max: 8.64e15 });
    fc.assert(
      fc.property(moment, (time) => {
        expect(httpDate(time)).toBe(new Date(time).toUTCString());
      }),
    );
  });

  it('says of what is no moment that it is none', () => {
    for (const time of [Number.NaN, Number.POSITIVE_INFINITY, 8.65e15, -8.64e15])
      expect(httpDate(time)).toBe('Invalid Date');
  });
});
