import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectNone, htaccessTexts, startEffects, type Effect, type Effects } from './apache/effects';
import type { OraclePair } from './apache/oracle';
import type { OracleOutcome } from './apache/record';
import { realisticFiles } from './generate/realistic';
import { responsePairs } from './generate/responses';

/** Pairs of the generator; EFFECTS_CASES asks for more, EFFECTS_SEED for others. */
const CASES = Number(process.env['EFFECTS_CASES'] ?? 2500);
const SEED = Number(process.env['EFFECTS_SEED'] ?? 1);

/** A script's own content type is not known (the oracle's scripts answer with text/plain), nor what edits make of measurements. */
function isKnown(pair: OraclePair, _own: Effect, apache: OracleOutcome): boolean {
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

describe('files as people write them', () => {
  const names =
    /cors|security-headers|expires-deflate|languages|redirects|precompressed|hotlinks-setenvif|cache-busting|page-cache|listing|remove-www/;
  const site = {
    'index.html': 'home '.repeat(40),
    'style.css': 'a {}',
    'style.123.css': 'b {}',
    'app.js.gz': 'zipped',
    'app.js': 'x = 1;',
    'image.png': 'png',
    'font.woff2': 'font',
    'page.html.de': 'deutsch',
    'page.html.en': 'english',
  };
  const targets = [
    '/',
    '/style.css',
    '/style.123.css',
    '/app.js',
    '/image.png',
    '/font.woff2',
    '/page.html',
    '/none',
    '/old-page.html',
    '/blog/2020/x',
  ];
  const headers = [
    [],
    [['Accept-Encoding', 'gzip']],
    [
      ['Origin', 'https://app.example.test'],
      ['Referer', 'http://evil.test/'],
    ],
  ] as const;

  it('are answered as Apache answers them', async () => {
    const texts = realisticFiles().filter(({ name }) => names.test(name));
    const pairs = texts.flatMap(({ text }) => {
      const files = { ...site, '.htaccess': text };
      return targets.flatMap((target) =>
        headers.map((sent) => ({ files, request: { target, headers: sent } })),
      );
    });
    const found = await effects.differences(pairs);
    expectNone(found);
    expect(pairs.length).toBeGreaterThan(200);
  });
});
