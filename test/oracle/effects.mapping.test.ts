import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectNone, htaccessTexts, startEffects, type Effect, type Effects } from './apache/effects';
import type { OraclePair } from './apache/oracle';
import type { OracleOutcome } from './apache/record';
import { MODE_SITES, MODE_TARGETS } from '../apache/modeSites';
import { mappingPairs } from './generate/mapping';

/** Pairs of the generator; EFFECTS_CASES asks for more, EFFECTS_SEED for others. */
const CASES = Number(process.env['EFFECTS_CASES'] ?? 2500);
const SEED = Number(process.env['EFFECTS_SEED'] ?? 1);

/** The recorder takes the environment before an Action adds to it, which shows in the last request of an endless chain. */
function isKnown(pair: OraclePair, _own: Effect, apache: OracleOutcome): boolean {
  return apache.redirects === 10 && htaccessTexts(pair).some(([, text]) => text.includes('Action '));
}

let effects: Effects;

beforeAll(async () => {
  const mimeTypes = {
    html: 'text/html',
    css: 'text/css',
    png: 'image/png',
    txt: 'text/plain',
    pdf: 'application/pdf',
  };
  effects = await startEffects({ environment: { PATH: '/usr/bin' }, mimeTypes, isKnown });
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
