import type { UrlsState } from './messages';

/** How many rows are tests, and how many of them fail. */
export function countsOf(rows: UrlsState['rows']): { readonly tests: number; readonly failed: number } {
  const tests = rows.filter(({ ok }) => ok !== undefined);
  return { tests: tests.length, failed: tests.filter(({ ok }) => ok === false).length };
}

/** The failed row below the watched one, from the top again after the last. */
export function nextFailed({ rows, watched }: Pick<UrlsState, 'rows' | 'watched'>): number | undefined {
  const at = rows.findIndex(({ id }) => id === watched);
  const below = [...rows.slice(at + 1), ...rows.slice(0, at + 1)];
  return below.find(({ ok }) => ok === false)?.id;
}
