import { describe, expect, it } from 'vitest';
import { bareRecord, RequestHistory } from '../../../src/extension/requests/history';
import { body, record } from './records';

const arrived = (id: number) => ({ id, time: 0, method: 'GET', target: '/' });
const ids = (history: RequestHistory) => history.all.map(({ id }) => id);

describe('the history of requests', () => {
  it('numbers on when a new run counts from one', () => {
    const history = new RequestHistory();
    history.arrive(arrived(1));
    history.answer(record({ id: 1 }));
    history.beginRun();
    expect(history.arrive(arrived(1)).id).toBe(2);
    expect(history.answer(record({ id: 1 }))?.id).toBe(2);
    expect(ids(history)).toEqual([1, 2]);
  });

  it('forgets the oldest beyond its number', () => {
    const history = new RequestHistory({ requests: 3, bytes: Infinity });
    for (let id = 1; id <= 5; id++) history.answer(record({ id }));
    expect(ids(history)).toEqual([3, 4, 5]);
    expect(history.oldest).toBe(3);
    expect(history.answer(record({ id: 1 }))).toBeUndefined();
  });

  it('forgets the oldest beyond its memory, however large one request is', () => {
    const history = new RequestHistory({ requests: 1000, bytes: 100_000 });
    for (let id = 1; id <= 10; id++) history.answer(record({ id, responseBody: body('x'.repeat(30_000)) }));
    expect(ids(history)).toEqual([8, 9, 10]);
    history.answer(record({ id: 11, responseBody: body('x'.repeat(500_000)) }));
    expect(ids(history)).toEqual([11]);
    history.answer(record({ id: 12 }));
    expect(ids(history)).toEqual([12]);
  });

  it('knows the status of a request that could not be read', () => {
    const history = new RequestHistory();
    history.arrive(arrived(1));
    const refused = { id: 1, method: '', target: '', status: 400, milliseconds: 0, dispatcher: null };
    const { record: kept } = history.answer(bareRecord({ kind: 'request', ...refused, record: null })) ?? {};
    expect(kept).toMatchObject({ status: 400, outcome: null });
  });

  it('cleared, is empty and takes what comes', () => {
    const history = new RequestHistory();
    history.arrive(arrived(1));
    history.clear();
    expect(history.oldest).toBe(2);
    expect(history.answer(record({ id: 1 }))).toBeUndefined();
    expect(history.arrive(arrived(2)).id).toBe(2);
  });
});
