import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectNone, htaccessTexts, startEffects, type Effects } from './apache/effects';
import type { OraclePair } from './apache/oracle';
import type { OracleOutcome } from './apache/record';
import { responsePairs } from './generate/responses';

/** Pairs of the generator; EFFECTS_CASES asks for more, EFFECTS_SEED for others. */
const CASES = Number(process.env['EFFECTS_CASES'] ?? 2500);
const SEED = Number(process.env['EFFECTS_SEED'] ?? 1);

/** A script's own content type is not known (the oracle's scripts answer with text/plain), nor what edits make of measurements. */
function isKnown(pair: OraclePair, apache: OracleOutcome): boolean {
  const text = htaccessTexts(pair)
    .map(([, one]) => one)
    .join('\n');
  const dependsOnScript = apache.handler !== null && /ExpiresByType|CONTENT_TYPE|Filter/.test(text);
  return dependsOnScript || (/%[tDlib]/.test(text) && /edit/.test(text)) || /edit\*? Expires/.test(text);
}

let effects: Effects;

beforeAll(async () => {
  const environment = { PATH: '/usr/bin', GREETING: 'hello' };
  const mimeTypes = { html: 'text/html', css: 'text/css', png: 'image/png', txt: 'text/plain' };
  effects = await startEffects({ environment, mimeTypes, isKnown });
});

afterAll(() => effects?.stop());

describe('redirects, variables, headers and times of expiry', () => {
  it(`come out as Apache makes them, for ${CASES} requests`, async () => {
    const found = await effects.differencesOf(responsePairs(SEED), CASES);
    expectNone(found);
    expect(found).toHaveLength(0);
  });
});
