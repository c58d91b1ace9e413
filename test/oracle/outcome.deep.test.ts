import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectNone, startEffects, type Effects } from './apache/effects';
import { deepPairs } from './generate/deep';
import { isKnownDifference } from './knownDifferences';

/** Pairs of the generator; DEEP_CASES asks for more, DEEP_SEED for others. */
const CASES = Number(process.env['DEEP_CASES'] ?? 2000);
const SEED = Number(process.env['DEEP_SEED'] ?? 1);

let effects: Effects;

beforeAll(async () => {
  const mimeTypes = { html: 'text/html', txt: 'text/plain' };
  effects = await startEffects({ environment: { PATH: '/usr/bin' }, mimeTypes, isKnown: isKnownDifference });
});

afterAll(() => effects?.stop());

describe('six folders, one in the other', () => {
  it(
    `are answered as Apache answers them, for ${CASES} requests`,
    async () => {
      const found = await effects.differencesOf(deepPairs(SEED), CASES);
      expectNone(found);
      expect(found).toHaveLength(0);
    },
    60_000 + 60 * CASES,
  );
});
