import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectNone, startEffects, type Effects } from './apache/effects';
import { MODE_SITES, MODE_TARGETS } from '../apache/modeSites';
import { mappingPairs } from './generate/mapping';

/** Pairs of the generator; EFFECTS_CASES asks for more, EFFECTS_SEED for others. */
const CASES = Number(process.env['EFFECTS_CASES'] ?? 2500);
const SEED = Number(process.env['EFFECTS_SEED'] ?? 1);

let effects: Effects;

beforeAll(async () => {
  const mimeTypes = {
    html: 'text/html',
    css: 'text/css',
    png: 'image/png',
    txt: 'text/plain',
    pdf: 'application/pdf',
  };
  effects = await startEffects({ environment: { PATH: '/usr/bin' }, mimeTypes });
});

afterAll(() => effects?.stop());

describe('negotiation, actions, spelling, types and indexes', () => {
  it(`come out as Apache makes them, for ${CASES} requests`, async () => {
    const found = await effects.differencesOf(mappingPairs(SEED), CASES);
    expectNone(found);
    expect(found).toHaveLength(0);
  });
});

describe('files and folders that the web server may not read', () => {
  it('are refused, missed or passed over as by Apache', async () => {
    const pairs = MODE_SITES.flatMap((files) =>
      MODE_TARGETS.map((target) => ({ files, request: { target } })),
    );
    const found = await effects.differences(pairs);
    expectNone(found);
    expect(found).toHaveLength(0);
  });
});
