import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectNone, startEffects, type Effects } from './apache/effects';
import { accessPairs } from './generate/access';

/** Pairs of the generator; EFFECTS_CASES asks for more, EFFECTS_SEED for others. */
const CASES = Number(process.env['EFFECTS_CASES'] ?? 3000);
const SEED = Number(process.env['EFFECTS_SEED'] ?? 1);

let effects: Effects;

beforeAll(async () => {
  const mimeTypes = { html: 'text/html' };
  effects = await startEffects({ environment: { PATH: '/usr/bin' }, mimeTypes });
});

afterAll(() => effects?.stop());

describe('users, groups, addresses and passwords', () => {
  it(`let in whom Apache lets in, for ${CASES} requests`, async () => {
    const found = await effects.differencesOf(accessPairs(SEED, effects.treeRoot), CASES);
    expectNone(found);
    expect(found).toHaveLength(0);
  });
});
