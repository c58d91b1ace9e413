import { afterAll, beforeAll, expect, test } from 'vitest';
import { pairsOf, REFACTORING_CASES } from '../language/refactoringCases';
import { hasApache } from './apache';
import { expectNone, startEffects, type Effects } from './apache/effects';
import { startOracle, type Oracle } from './apache/oracle';
import { rewrittenSites } from './generate/oldAccess';

/** Sites with access rules of Apache 2.2 that are generated; ACCESS_CASES asks for more, ACCESS_SEED for others. */
const ACCESS_CASES = Number(process.env['ACCESS_CASES'] ?? 300);
const ACCESS_SEED = Number(process.env['ACCESS_SEED'] ?? 1);

const COMMON = {
  environment: { PATH: '/usr/bin' },
  mimeTypes: { html: 'text/html', css: 'text/css', txt: 'text/plain' },
};

const peer = hasApache();
let effects: Effects;
let oracle: Oracle;

beforeAll(async () => {
  if (!peer.available) return;
  effects = await startEffects(COMMON);
  oracle = await startOracle({ ...COMMON, trace: false });
});
afterAll(async () => {
  await effects?.stop();
  await oracle?.stop();
});

test.skipIf(!peer.available)(
  'what the changes make of a file is what Apache does with it, and we say the same',
  async () => {
    const cases = REFACTORING_CASES.flatMap(pairsOf);
    expectNone(await effects.differences(cases.map(({ pair }) => pair)));
    const outcomes = await oracle.run(cases.map(({ pair }) => pair));
    const answers = outcomes.map((one) =>
      [one?.status, one?.location ?? ((one?.status ?? 500) < 300 ? one?.file : null)]
        .filter((part) => part !== null)
        .join(' '),
    );
    expect(answers).toEqual(cases.map(({ answer }) => answer));
  },
);

test.skipIf(!peer.available)(
  'access rules of Apache 2.2 let in the same visitors when they are written anew',
  async () => {
    const sites = rewrittenSites(ACCESS_SEED, ACCESS_CASES);
    expect(sites.length).toBeGreaterThan(ACCESS_CASES / 10);
    const pairs = sites.flatMap(({ before, after }) => [...before, ...after]);
    const statuses = (await oracle.run(pairs)).map((one) => one?.status);
    let at = 0;
    const different = sites.flatMap(({ before, after }) => {
      const old = statuses.slice(at, (at += before.length));
      const fresh = statuses.slice(at, (at += after.length));
      return old.join() === fresh.join()
        ? []
        : [{ old, fresh, before: before[0]?.files, after: after[0]?.files }];
    });
    expect(different).toEqual([]);
    expect(new Set(statuses)).toEqual(new Set([200, 403]));
  },
);
