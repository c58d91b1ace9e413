import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BAD_INPUT } from '../apache/request/badInput';
import { expectNone, startEffects, type Effects } from './apache/effects';
import { CONDITIONS, edgePairs } from './generate/edges';
import { isKnownDifference } from './knownDifferences';

/** Pairs of the generator, most of which cost a connection; EDGE_CASES asks for more, EDGE_SEED for others. */
const CASES = Number(process.env['EDGE_CASES'] ?? 300);
const SEED = Number(process.env['EDGE_SEED'] ?? 1);

let effects: Effects;

beforeAll(async () => {
  const mimeTypes = { html: 'text/html', txt: 'text/plain' };
  effects = await startEffects({ environment: { PATH: '/usr/bin' }, mimeTypes, isKnown: isKnownDifference });
});

afterAll(() => effects?.stop());

describe('requests that clients seldom make', () => {
  it(
    `are answered as Apache answers them, for ${CASES} requests`,
    async () => {
      const found = await effects.differencesOf(edgePairs(SEED), CASES);
      expectNone(found);
      expect(found).toHaveLength(0);
    },
    60_000 + 60 * CASES,
  );
});

describe('two conditions of one request', () => {
  it.each(['GET', 'HEAD', 'POST'])('count as Apache counts them, for %s', async (method) => {
    const files = { 'page.html': 'a page of some length' };
    const pairs = CONDITIONS.flatMap((one, at) =>
      CONDITIONS.slice(at + 1).map((other) => {
        const headers = one[0] === other[0] ? [one] : [one, other];
        return { files, request: { method, target: '/page.html', headers } };
      }),
    );
    const found = await effects.differences(pairs);
    expectNone(found);
    expect(found).toHaveLength(0);
  });

  it.each(['GET', 'HEAD'])(
    'count as Apache counts them with a part that If-Range asks for, for %s',
    async (method) => {
      const files = { 'page.html': 'a page of some length' };
      const conditional = CONDITIONS.filter(([name]) => /^if-(?!range)/i.test(name));
      const ifRanges = CONDITIONS.filter(([name]) => name === 'If-Range');
      const ranges = ['bytes=0-1', 'bytes=90-', 'lines=0-1'];
      const pairs = conditional.flatMap((one) =>
        ifRanges.flatMap((other) =>
          ranges.map((range) => ({
            files,
            request: { method, target: '/page.html', headers: [one, other, ['Range', range] as const] },
          })),
        ),
      );
      const found = await effects.differences(pairs);
      expectNone(found);
      expect(found).toHaveLength(0);
    },
  );
});

describe('what might break a server', () => {
  it(`is answered by us as by Apache, for ${BAD_INPUT.length} requests`, async () => {
    const pairs = BAD_INPUT.map(({ files, target }) => ({ files, request: { target } }));
    const statuses = (await effects.ask(pairs)).map((outcome) => outcome?.status);
    expect(BAD_INPUT.map(({ name }, at) => [name, statuses[at]])).toEqual(
      BAD_INPUT.map(({ name, status }) => [name, status]),
    );
    expectNone(await effects.differences(pairs));
  });
});
