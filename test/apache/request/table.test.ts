import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { Table } from '../../../src/apache/request/table';

type Step = readonly [what: 'set' | 'add' | 'merge' | 'unset', name: string, value: string];

/** The same list without any index. */
class PlainTable {
  entries: [string, string][] = [];

  take([what, name, value]: Step): void {
    const isSame = ([other]: [string, string]): boolean => other.toLowerCase() === name.toLowerCase();
    const first = this.entries.find(isSame);
    if (what === 'unset') this.entries = this.entries.filter((entry) => !isSame(entry));
    else if (what === 'add' || first === undefined) this.entries.push([name, value]);
    else if (what === 'merge') first[1] = `${first[1]}, ${value}`;
    else {
      first[1] = value;
      this.entries = this.entries.filter((entry) => entry === first || !isSame(entry));
    }
  }
}

const name = fc.integer({ min: 0, max: 30 }).map((at) => (at % 2 === 0 ? `Name-${at}` : `nAME-${at - 1}`));
const step = fc.tuple(
  fc.constantFrom('set', 'set', 'add', 'add', 'merge', 'unset'),
  name,
  fc.string({ maxLength: 2 }),
) satisfies fc.Arbitrary<Step>;

test('a long table answers as a short one does', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
      const table = new Table();
      const plain = new PlainTable();
      for (const one of steps) {
        const [what, name, value] = one;
        if (what === 'unset') table.unset(name);
        else table[what](name, value);
        plain.take(one);
        const of = plain.entries.filter(([other]) => other.toLowerCase() === name.toLowerCase());
        expect(table.get(name)).toBe(of[0]?.[1]);
        expect(table.all(name)).toEqual(of.map(([, found]) => found));
      }
      expect(table.entries()).toEqual(plain.entries);
    }),
  );
});
