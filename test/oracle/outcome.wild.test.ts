import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectNone, startEffects, type Effects } from './apache/effects';
import { sitePairs } from './generate/sites';
import { wildPairs } from './generate/wild';
import { isKnownDifference } from './knownDifferences';

/** Pairs of each generator; WILD_CASES asks for more, WILD_SEED for others. */
const CASES = Number(process.env['WILD_CASES'] ?? 2000);
const SEED = Number(process.env['WILD_SEED'] ?? 1);

/** A pair takes a few milliseconds, more on a busy machine. */
const PATIENCE = 60_000 + 60 * CASES;

const MIME_TYPES = {
  html: 'text/html',
  css: 'text/css',
  txt: 'text/plain',
  js: 'text/javascript',
  png: 'image/png',
  jpg: 'image/jpeg',
  webp: 'image/webp',
  xml: 'application/xml',
  pdf: 'application/pdf',
  woff2: 'font/woff2',
  json: 'application/json',
  ico: 'image/x-icon',
};

let effects: Effects;

beforeAll(async () => {
  const environment = { PATH: '/usr/bin' };
  effects = await startEffects({ environment, mimeTypes: MIME_TYPES, isKnown: isKnownDifference });
});

afterAll(() => effects?.stop());

describe.each([
  ['sites that nobody would write', wildPairs],
  ['sites as people have them', sitePairs],
])('%s', (_name, pairs) => {
  it(
    `are answered as Apache answers them, for ${CASES} requests`,
    async () => {
      const found = await effects.differencesOf(pairs(SEED), CASES);
      expectNone(found);
      expect(found).toHaveLength(0);
    },
    PATIENCE,
  );
});
