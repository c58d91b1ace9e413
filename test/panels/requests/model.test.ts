import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RequestRow, RequestTone } from '../../../src/panels/requests/messages';
import { RequestsModel } from '../../../src/panels/requests/model';

function row(id: number, some: Partial<RequestRow> = {}): RequestRow {
  return {
    id,
    tone: 'ok',
    time: '12:00:00',
    method: 'GET',
    url: `/page/${id}`,
    status: '200',
    duration: '1 ms',
    rule: '.htaccess:3',
    by: 'dispatch.fcgi · 1',
    program: true,
    label: '',
    ...some,
  };
}

const ids = (model: RequestsModel) => model.visible.map(({ id }) => id);

describe('the model of the requests panel', () => {
  it('keeps requests in the order in which they came, and replaces what is answered', () => {
    const model = new RequestsModel();
    expect(model.put([row(2, { tone: 'pending' }), row(1)])).toBe(2);
    expect(model.put([row(2, { status: '404' }), row(3)])).toBe(1);
    expect(ids(model)).toEqual([1, 2, 3]);
    expect(model.visible[1]?.status).toBe('404');
  });

  it('finds every word, in any column', () => {
    const model = new RequestsModel();
    model.put([row(1, { method: 'POST' }), row(2, { rule: 'project/.htaccess:12' }), row(3)]);
    model.filter('post', 'all');
    expect(ids(model)).toEqual([1]);
    model.filter('  HTACCESS:12 get ', 'all');
    expect(ids(model)).toEqual([2]);
    model.filter('nowhere', 'all');
    expect(ids(model)).toEqual([]);
    expect(model.size).toBe(3);
  });

  it('shows programs only, or failures only', () => {
    const model = new RequestsModel();
    const tones: RequestTone[] = ['ok', 'client-error', 'server-error', 'cut', 'pending', 'moved'];
    model.put(tones.map((tone, at) => row(at, { tone, program: at % 2 === 0 })));
    model.filter('', 'failed');
    expect(ids(model)).toEqual([1, 2, 3]);
    model.filter('', 'programs');
    expect(ids(model)).toEqual([0, 2, 4]);
  });

  it('takes a row away that no longer passes the filter once it is answered', () => {
    const model = new RequestsModel();
    model.filter('404', 'all');
    model.put([row(1, { status: '404' })]);
    expect(ids(model)).toEqual([1]);
    model.put([row(1, { status: '200' })]);
    expect(ids(model)).toEqual([]);
  });

  it('forgets the oldest', () => {
    const model = new RequestsModel();
    model.put([1, 2, 3, 4].map((id) => row(id, { method: id % 2 === 0 ? 'GET' : 'POST' })));
    model.filter('get', 'all');
    expect(model.forgetBelow(3)).toBe(1);
    expect(ids(model)).toEqual([4]);
    expect(model.size).toBe(2);
    expect(model.indexOf(4)).toBe(0);
    expect(model.indexOf(2)).toBe(-1);
  });

  it('is as if it had been filled at once, whatever the order', () => {
    const rows = fc.array(fc.record({ id: fc.nat(30), method: fc.constantFrom('GET', 'POST') }));
    fc.assert(
      fc.property(rows, fc.constantFrom('', 'post'), fc.nat(30), (given, filter, oldest) => {
        const model = new RequestsModel();
        model.filter(filter, 'all');
        for (const one of given) model.put([row(one.id, one)]);
        model.forgetBelow(oldest);
        const last = new Map(given.map((one) => [one.id, one]));
        const wanted = [...last.values()].filter(
          ({ id, method }) => id >= oldest && (filter === '' || method === 'POST'),
        );
        expect(ids(model)).toEqual(wanted.map(({ id }) => id).sort((a, b) => a - b));
      }),
    );
  });
});
