import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NO_FILTER, sameRequest, type LogFilter } from '../../../src/panels/log/filter';
import { LOUDNESS, type Loudness, type RowBatch } from '../../../src/panels/log/messages';
import { LogModel } from '../../../src/panels/log/model';

interface Line {
  readonly text: string;
  readonly loudness: Loudness;
}

const NAMES = ['', 'error', 'access'];

/** Rows as they come from the extension; the first batch tells the names. */
function batch(first: number, lines: readonly (string | Line)[], source = 1): RowBatch {
  const all = lines.map((line) =>
    typeof line === 'string' ? { text: line, loudness: 'error' as const } : line,
  );
  return {
    first,
    texts: all.map(({ text }) => text),
    starts: all.map(() => 0),
    times: all.map(() => 7),
    looks: all.map(({ loudness }) => LOUDNESS.indexOf(loudness)),
    sources: all.map(() => source),
    origins: all.map(() => 0),
    names: first === 1 ? NAMES : [],
  };
}

const lines = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, at) => `line ${from + at}`);

function ids({ visible }: LogModel): number[] {
  return Array.from({ length: visible.length }, (_, at) => visible.at(at)?.id ?? -1);
}

const only = (filter: Partial<LogFilter>): LogFilter => ({ ...NO_FILTER, ...filter });

describe('LogModel', () => {
  it('shows what is appended', () => {
    const model = new LogModel(100);
    expect(model.append(batch(1, lines(1, 3)))).toEqual({ added: 3, gone: 0 });
    expect(ids(model)).toEqual([1, 2, 3]);
    expect(model.visible.at(1)).toMatchObject({
      text: 'line 2',
      source: 'error',
      loudness: 'error',
      time: 7,
    });
  });

  it('drops the oldest past the bound', () => {
    const model = new LogModel(3);
    model.append(batch(1, lines(1, 3)));
    expect(model.append(batch(4, lines(4, 5)))).toEqual({ added: 2, gone: 2 });
    expect(ids(model)).toEqual([3, 4, 5]);
    expect(model.size).toBe(3);
    expect([model.row(2), model.row(6)]).toEqual([undefined, undefined]);
  });

  it('begins anew where lines were left out', () => {
    const model = new LogModel(100);
    model.append(batch(1, lines(1, 3)));
    model.append(batch(10, lines(10, 11)));
    expect(ids(model)).toEqual([10, 11]);
  });

  it('filters by words, whatever their case, by loudness, by log and by age', () => {
    const model = new LogModel(100);
    model.append(
      batch(1, [
        'Foo bar',
        'bar',
        { text: 'foo', loudness: 'debug' },
        { text: 'xFOOx', loudness: 'warning' },
      ]),
    );
    model.append(batch(5, ['foo of another log'], 2));
    const found = (filter: Partial<LogFilter>) => {
      model.filter(only(filter));
      return ids(model);
    };
    expect(found({ text: ' fOO ' })).toEqual([1, 3, 4, 5]);
    expect(found({ text: 'foo bar' })).toEqual([1]);
    expect(found({ text: 'Foo', matchCase: true })).toEqual([1]);
    expect(found({ text: 'foo', quietest: 'warning' })).toEqual([1, 4, 5]);
    expect(found({ source: 'access' })).toEqual([5]);
    expect(found({ from: 4 })).toEqual([4, 5]);
    expect(found({ text: '^x?foo', regex: true })).toEqual([1, 3, 4, 5]);
    expect(found({})).toEqual([1, 2, 3, 4, 5]);
    expect(model.sources).toEqual(['error', 'access']);
  });

  it('shows all lines and says so where a pattern is none', () => {
    const model = new LogModel(100);
    model.append(batch(1, lines(1, 2)));
    expect(model.filter(only({ text: '(', regex: true }))).toBe(false);
    expect(ids(model)).toEqual([1, 2]);
    model.filter(only({ text: 'constructor:7' }));
    expect(ids(model)).toEqual([]);
  });

  it('shows only the request or the process of a line', () => {
    const entry = '[Mon Nov 23 12:34:56 2026] [core:error] [pid 7:tid 8] [client 192.0.2.1:40000] one';
    const model = new LogModel(100);
    model.append(
      batch(1, [
        entry,
        entry.replace('40000', '40001'),
        entry.replace('pid 7:', 'pid 77:'),
        '192.0.2.1 - - [..] "GET / HTTP/1.1"',
      ]),
    );
    const row = model.row(1);
    if (!row) throw new Error('the row is there');
    expect(sameRequest(row)).toEqual({ client: '192.0.2.1:40000', pid: '7' });
    model.filter(only({ text: 'client:192.0.2.1:40000' }));
    expect(ids(model)).toEqual([1, 3, 4]);
    model.filter(only({ text: 'pid:7' }));
    expect(ids(model)).toEqual([1, 2]);
  });

  it('counts only new lines that can be seen', () => {
    const model = new LogModel(100);
    model.filter(only({ text: 'needle' }));
    expect(model.append(batch(1, ['hay', 'needle']))).toEqual({ added: 1, gone: 0 });
    expect(model.size).toBe(2);
  });

  it('keeps its filter over a reset, not its lines', () => {
    const model = new LogModel(100);
    model.filter(only({ text: 'needle' }));
    model.append(batch(1, ['needle']));
    model.reset(2);
    expect([model.size, ids(model)]).toEqual([0, []]);
    model.append(batch(1, ['hay', 'needle', 'needle', 'hay']));
    expect(ids(model)).toEqual([3]);
  });

  it('finds the place of a line, or of the next one where it is filtered out or gone', () => {
    const model = new LogModel(100);
    model.append(batch(1, lines(1, 9)));
    model.filter(only({ text: '(5|7|9)$', regex: true }));
    expect([4, 5, 6, 7, 9, 10].map((id) => model.indexOf(id))).toEqual([0, 0, 1, 1, 2, 3]);
    expect([model.visible.indexOf(7), model.visible.indexOf(6)]).toEqual([1, -1]);
  });

  it('shows the same whether the filter was set before or after the lines', () => {
    const some = fc.record({
      text: fc.constantFrom('a', 'b', 'ab', ''),
      loudness: fc.constantFrom(...LOUDNESS),
    });
    fc.assert(
      fc.property(
        fc.array(fc.array(some, { minLength: 1 })),
        fc.constantFrom('a', 'b', ''),
        fc.constantFrom(...LOUDNESS),
        fc.integer({ min: 1, max: 12 }),
        (batches, text, quietest, maximum) => {
          let id = 1;
          const before = new LogModel(maximum);
          const after = new LogModel(maximum);
          before.filter(only({ text, quietest }));
          for (const some of batches) {
            before.append(batch(id, some));
            after.append(batch(id, some));
            id += some.length;
          }
          after.filter(only({ text, quietest }));
          expect(ids(before)).toEqual(ids(after));
        },
      ),
    );
  });
});
