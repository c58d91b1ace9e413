import { expect, it } from 'vitest';
import { FOREIGN_MODULES } from '../../src/apache/foreign';
import { ALL_MODULES } from '../../src/apache/modules/all';
import { FOREIGN_WITNESSES } from '../../src/doctor/foreignWitnesses';

it('every module that is no part of Apache is seen by directives that no module of Apache has', () => {
  const known = new Set(
    ALL_MODULES.flatMap(({ directives }) => Object.keys(directives).map((name) => name.toLowerCase())),
  );
  expect(FOREIGN_WITNESSES).toHaveLength(FOREIGN_MODULES.length + 1);
  for (const { witnesses } of FOREIGN_WITNESSES) {
    expect(witnesses.length).toBeGreaterThan(0);
    expect(witnesses.filter((name) => known.has(name.toLowerCase()))).toEqual([]);
  }
});
