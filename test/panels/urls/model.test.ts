import { expect, test } from 'vitest';
import type { UrlRow } from '../../../src/panels/urls/messages';
import { countsOf, nextFailed } from '../../../src/panels/urls/model';

const row = (id: number, ok?: boolean): UrlRow => ({
  id,
  request: `/${id}`,
  outcome: '404',
  tone: 'error',
  ...(ok === undefined ? {} : { ok }),
});

test('a URL that nobody expects anything of is no test', () => {
  expect(countsOf([row(-1), row(0, true), row(1, false), row(2, true)])).toEqual({ tests: 3, failed: 1 });
  expect(countsOf([row(-1)])).toEqual({ tests: 0, failed: 0 });
});

test('failed rows are gone through one by one, and again from the top', () => {
  const rows = [row(-1), row(0, false), row(1, true), row(2, false)];
  expect(nextFailed({ rows, watched: null })).toBe(0);
  expect(nextFailed({ rows, watched: -1 })).toBe(0);
  expect(nextFailed({ rows, watched: 0 })).toBe(2);
  expect(nextFailed({ rows, watched: 2 })).toBe(0);
  expect(nextFailed({ rows: [row(0, false)], watched: 0 })).toBe(0);
  expect(nextFailed({ rows: [row(0, true)], watched: 0 })).toBeUndefined();
});
