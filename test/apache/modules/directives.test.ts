import { expect, test } from 'vitest';
import { Registry } from '../../../src/apache/config/registry';
import { hostProfile, patchOf } from '../../../src/apache/host';
import { ALL_MODULES } from '../../../src/apache/modules/all';
import { manualOf } from '../../../src/language/directiveText';

/** What test/oracle/directives.test.ts cannot ask of a running Apache. */
const all = ALL_MODULES.flatMap((module) =>
  Object.entries(module.directives).map(([name, directive]) => ({ name, module, directive })),
);

/** Modules that the manual leaves out: they are examples, or not Apache's own. */
const WITHOUT_MANUAL = new Set(['mod_bucketeer', 'mod_case_filter', 'mod_case_filter_in', 'mod_fastcgi']);

test('every directive is explained in a sentence', () => {
  const bare = all.filter(({ directive }) => !/^[A-Z`'"<].*\.$/s.test(directive.summary ?? ''));
  expect(bare.map(({ name }) => name)).toEqual([]);
});

test('every directive has a page of the manual, but for modules without one', () => {
  const without = all.filter(
    ({ name, module, directive }) => manualOf({ name, module, directive, places: 0 }) === undefined,
  );
  expect(
    [...new Set(without.map(({ module }) => module.name))].filter((one) => !WITHOUT_MANUAL.has(one)),
  ).toEqual([]);
});

test('what is deprecated says what to use instead, and what came later is unknown to older hosts', () => {
  const deprecated = all.flatMap(({ directive }) => directive.deprecated ?? []);
  expect(deprecated.length).toBeGreaterThanOrEqual(50);
  expect(deprecated.filter((text) => !/^[A-Z].*\.$/s.test(text))).toEqual([]);
  const newest = patchOf(hostProfile());
  const later = all.filter(({ directive }) => directive.since !== undefined);
  expect(later.length).toBeGreaterThanOrEqual(120);
  expect(later.filter(({ directive }) => (directive.since ?? 0) > newest)).toEqual([]);
  const [old, current] = [new Registry(ALL_MODULES, 0), new Registry(ALL_MODULES, newest)];
  for (const { name } of later) {
    expect([name, old.find(name), current.find(name) === undefined]).toEqual([name, undefined, false]);
  }
});
