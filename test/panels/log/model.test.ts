import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LOUDNESS, type LogRow, type Loudness } from '../../../src/panels/log/messages';
import { LogModel } from '../../../src/panels/log/model';

function row(id: number, text = `line ${id}`, loudness: Loudness = 'error'): LogRow {
  return { id, text, loudness, message: text, time: '', level: '', origin: '' };
}

function rows(from: number, to: number): LogRow[] {
  return Array.from({ length: to - from + 1 }, (_, at) => row(from + at));
}

const ids = (model: LogModel) => model.visible.map(({ id }) => id);

describe('LogModel', () => {
  it('shows what is appended', () => {
    const model = new LogModel(100);
    expect(model.append(rows(1, 3))).toBe(3);
    expect(ids(model)).toEqual([1, 2, 3]);
  });

  it('drops the oldest past the bound', () => {
    const model = new LogModel(3);
    model.append(rows(1, 3));
    model.append(rows(4, 5));
    expect(ids(model)).toEqual([3, 4, 5]);
    expect(model.size).toBe(3);
  });

  it('keeps the end of a batch that is larger than the bound', () => {
    const model = new LogModel(3);
    model.append(rows(1, 10));
    expect(ids(model)).toEqual([8, 9, 10]);
  });

  it('filters by text, whatever its case, and by loudness', () => {
    const model = new LogModel(100);
    model.append([row(1, 'Foo'), row(2, 'bar'), row(3, 'foo', 'debug'), row(4, 'xFOOx', 'warning')]);
    model.filter(' fOO ', 'warning');
    expect(ids(model)).toEqual([1, 4]);
    model.filter('', 'error');
    expect(ids(model)).toEqual([1, 2]);
    model.filter('', 'debug');
    expect(ids(model)).toEqual([1, 2, 3, 4]);
  });

  it('counts only new lines that can be seen', () => {
    const model = new LogModel(100);
    model.filter('needle', 'debug');
    expect(model.append([row(1, 'hay'), row(2, 'needle')])).toBe(1);
    expect(model.size).toBe(2);
  });

  it('keeps its filter over a reset, not its lines', () => {
    const model = new LogModel(100);
    model.filter('needle', 'debug');
    model.append([row(1, 'needle')]);
    model.reset(2);
    expect([model.size, ids(model)]).toEqual([0, []]);
    model.append([row(2, 'hay'), row(3, 'needle'), row(4, 'needle'), row(5, 'hay')]);
    expect(ids(model)).toEqual([4]);
  });

  it('finds the place of a line, or of the next one where it is filtered out or gone', () => {
    const model = new LogModel(100);
    model.append([row(5), row(7), row(9)]);
    expect([4, 5, 6, 7, 9, 10].map((id) => model.indexOf(id))).toEqual([0, 0, 1, 1, 2, 3]);
  });

  it('shows the same whether the filter was set before or after the lines', () => {
    const some = fc.record({
      text: fc.constantFrom('a', 'b', 'ab', ''),
      loudness: fc.constantFrom(...LOUDNESS),
    });
    fc.assert(
      fc.property(
        fc.array(fc.array(some)),
        fc.constantFrom('a', 'b', ''),
        fc.constantFrom(...LOUDNESS),
        fc.integer({ min: 1, max: 12 }),
        (batches, needle, quietest, maximum) => {
          let id = 0;
          const before = new LogModel(maximum);
          const after = new LogModel(maximum);
          before.filter(needle, quietest);
          for (const batch of batches) {
            const numbered = batch.map(({ text, loudness }) => row(++id, text, loudness));
            before.append(numbered);
            after.append(numbered);
          }
          after.filter(needle, quietest);
          expect(ids(before)).toEqual(ids(after));
        },
      ),
    );
  });
});
