import { expect, test } from 'vitest';
import { Turns } from '../../src/extension/targets/turns';

test('work on one thing waits for what is done there, and who gives up does not', async () => {
  const turns = new Turns();
  const done: string[] = [];
  const ends: (() => void)[] = [];
  const work = (name: string) => () => {
    done.push(name);
    return new Promise<string>((resolve) => ends.push(() => resolve(name)));
  };
  const stop = new AbortController();
  const first = turns.take(work('first'), { key: 'live' });
  const given = turns.take(work('given up'), { key: 'live', signal: stop.signal });
  const second = turns.take(work('second'), { key: 'live' });
  const other = turns.take(work('other'), { key: 'test' });
  await expect.poll(() => done).toEqual(['first', 'other']);
  stop.abort();
  await expect(given).rejects.toMatchObject({ name: 'AbortError' });
  expect(done).toEqual(['first', 'other']);
  for (const end of ends.splice(0)) end();
  expect(await Promise.all([first, other])).toEqual(['first', 'other']);
  await expect.poll(() => done).toEqual(['first', 'other', 'second']);
  for (const end of ends.splice(0)) end();
  expect(await second).toBe('second');
});

test('a failure keeps nobody from the next turn', async () => {
  const turns = new Turns();
  const failed = turns.take(() => Promise.reject(new Error('No answer')));
  const next = turns.take(() => Promise.resolve('done'));
  await expect(failed).rejects.toThrow('No answer');
  expect(await next).toBe('done');
});
