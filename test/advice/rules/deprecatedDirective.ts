import { describe, expect, test } from 'vitest';
import { registryFor } from '../../../src/apache/config/registry';
import { hostProfile } from '../../../src/apache/host';
import { adviceOn, expectAdvice } from '../marked';

describe('directive.deprecated', () => {
  test('says what the module says of the directive', () => {
    const { modules } = registryFor(hostProfile());
    const all = modules.flatMap((module) => Object.entries(module.directives));
    const old = all.filter(
      ([name, { deprecated, where }]) =>
        deprecated !== undefined && where.includes('FileInfo') && /^[A-Z]/.test(name),
    );
    expect(old.length).toBeGreaterThan(0);
    for (const [name, { deprecated }] of old) {
      const [found] = adviceOn(`  ${name} /x\n`);
      expect(found).toMatchObject({
        code: 'directive.deprecated',
        message: deprecated,
        start: 2,
        end: 2 + name.length,
      });
    }
  });

  test('has nothing to say about ordinary ones', () => {
    expectAdvice(`DirectoryIndex a.php\n`);
  });
});
