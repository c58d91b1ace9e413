import { expect, it } from 'vitest';
import { registryFor } from '../../../src/apache/config/registry';
import { hostProfile } from '../../../src/apache/host';
import { ALL_MODULES } from '../../../src/apache/modules/all';

const everything = hostProfile({ modules: ALL_MODULES.map(({ name }) => name), apache: '2.4.66' });

it('no two modules spell a directive differently, so that the records of one spelling are all', () => {
  const spellings = new Set(ALL_MODULES.flatMap(({ directives }) => Object.keys(directives)));
  const names = new Set([...spellings].map((name) => name.toLowerCase()));
  expect(names.size).toBe(spellings.size);
});

it('finds the same records under every spelling, also where several modules have the name', () => {
  const registry = registryFor(everything);
  for (const { directives } of ALL_MODULES)
    for (const name of Object.keys(directives)) {
      const found = registry.find(name);
      const modules = ALL_MODULES.filter((module) => Object.hasOwn(module.directives, name));
      const known = modules.filter((module) => (module.directives[name]?.since ?? 0) <= 66);
      expect(found?.map(({ module }) => module.name)).toEqual(
        known.length === 0 ? undefined : known.map((module) => module.name),
      );
      expect(registry.find(name.toUpperCase())?.map(({ module }) => module)).toEqual(
        found?.map(({ module }) => module),
      );
    }
});

it('does not find what a later version, or a module that is not loaded, has', () => {
  const older = registryFor(hostProfile({ apache: '2.4.10' }));
  const newer = registryFor(hostProfile({ apache: '2.4.66' }));
  const named = (name: string): boolean[] =>
    [older.find(name), newer.find(name)].map((one) => one !== undefined);
  expect(named('<IfFile')).toEqual([false, true]);
  expect(named('<iffile')).toEqual([false, true]);
  expect(registryFor(hostProfile({ modules: ['mod_rewrite'] })).find('Header')).toBeUndefined();
});
