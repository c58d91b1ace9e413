import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Seam } from '../../src/extension/log/seam';

function seamAfter(...lines: string[]): Seam {
  const seam = new Seam(4);
  seam.take(lines);
  seam.reopen();
  return seam;
}

describe('Seam', () => {
  it('lets everything through as long as nothing was interrupted, also what repeats', () => {
    const seam = new Seam(4);
    expect(seam.take(['a', 'b'])).toEqual(['a', 'b']);
    expect(seam.take(['a', 'b'])).toEqual(['a', 'b']);
  });

  it('leaves out what was seen before the interruption', () => {
    expect(seamAfter('a', 'b', 'c').take(['b', 'c', 'd'])).toEqual(['d']);
    expect(seamAfter('a', 'b', 'c').take(['a', 'b', 'c'])).toEqual([]);
  });

  it('takes all where nothing fits: the log was rotated, or much was written', () => {
    expect(seamAfter('a', 'b').take(['x', 'y'])).toEqual(['x', 'y']);
    expect(seamAfter('a', 'b').take(['a', 'x'])).toEqual(['a', 'x']);
  });

  it('works when the known lines come in pieces', () => {
    const seam = seamAfter('a', 'b', 'c', 'd');
    expect(seam.take(['b'])).toEqual([]);
    expect(seam.take(['c', 'd', 'e'])).toEqual(['e']);
    expect(seam.take(['d'])).toEqual(['d']);
  });

  it('looks no further back than it was told', () => {
    expect(seamAfter('a', 'b', 'c', 'd', 'e').take(['a', 'b', 'c', 'd', 'e', 'f'])).toHaveLength(6);
    expect(seamAfter('a', 'b', 'c', 'd', 'e').take(['b', 'c', 'd', 'e', 'f'])).toEqual(['f']);
  });

  it('forgets another log', () => {
    const seam = seamAfter('a', 'b');
    seam.clear();
    expect(seam.take(['a', 'b'])).toEqual(['a', 'b']);
  });

  it('loses nothing and doubles nothing, wherever a log of different lines is interrupted', () => {
    const batches = fc.array(fc.integer({ min: 0, max: 6 }), { maxLength: 8 });
    fc.assert(
      fc.property(batches, batches, fc.integer({ min: 0, max: 10 }), (before, after, missed) => {
        const seam = new Seam(10);
        const log: string[] = [];
        const shown: string[] = [];
        const write = (count: number) => {
          const lines = Array.from({ length: count }, (_, at) => `line ${log.length + at}`);
          log.push(...lines);
          return lines;
        };
        for (const count of before) shown.push(...seam.take(write(count)));
        write(Math.min(missed, 10));
        seam.reopen();
        const again = log.slice(-10);
        while (again.length > 0) shown.push(...seam.take(again.splice(0, 3)));
        for (const count of after) shown.push(...seam.take(write(count)));
        expect(shown).toEqual(log);
      }),
    );
  });
});
