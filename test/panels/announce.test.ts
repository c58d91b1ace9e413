import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { announce } from '../../src/panels/common/announce';

let page: EventTarget;

beforeEach(() => {
  vi.useFakeTimers();
  page = new EventTarget();
  vi.stubGlobal('window', page);
});

afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

it('asks until something comes, and hears all that comes', () => {
  let asked = 0;
  const heard: unknown[] = [];
  announce(
    () => (asked += 1),
    ({ data }) => heard.push(data),
  );
  expect(asked).toBe(1);
  vi.advanceTimersByTime(10_000);
  expect(asked).toBe(3);
  for (const data of ['first', 'second']) page.dispatchEvent(new MessageEvent('message', { data }));
  vi.advanceTimersByTime(60_000);
  expect(asked).toBe(3);
  expect(heard).toEqual(['first', 'second']);
});
