import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectNone, startEffects, type Effects } from './apache/effects';
import { wildPairs } from './generate/wild';
import { isKnownDifference } from './knownDifferences';

/** Pairs of the generator; WILD_CASES asks for more, WILD_SEED for others. */
const CASES = Number(process.env['WILD_CASES'] ?? 4000);
const SEED = Number(process.env['WILD_SEED'] ?? 1);

let effects: Effects;

beforeAll(async () => {
  effects = await startEffects({
    environment: { PATH: '/usr/bin' },
    mimeTypes: { html: 'text/html', css: 'text/css', txt: 'text/plain' },
    isKnown: isKnownDifference,
  });
});

afterAll(() => effects?.stop());

describe('sites that nobody would write', () => {
  it(`are answered as Apache answers them, for ${CASES} requests`, async () => {
    const found = await effects.differencesOf(wildPairs(SEED), CASES);
    expectNone(found);
    expect(found).toHaveLength(0);
  });
});
