import { afterAll, beforeAll, expect, test } from 'vitest';
import { pairsOf, REFACTORING_CASES } from '../language/refactoringCases';
import { hasApache } from './apache';
import { expectNone, startEffects, type Effects } from './apache/effects';
import { startOracle } from './apache/oracle';

const COMMON = {
  environment: { PATH: '/usr/bin' },
  mimeTypes: { html: 'text/html', css: 'text/css', txt: 'text/plain' },
};

const peer = hasApache();
let effects: Effects;

beforeAll(async () => {
  if (peer.available) effects = await startEffects(COMMON);
});
afterAll(() => effects?.stop());

test.skipIf(!peer.available)(
  'what the changes make of a file is what Apache does with it, and we say the same',
  async () => {
    const cases = REFACTORING_CASES.flatMap(pairsOf);
    expectNone(await effects.differences(cases.map(({ pair }) => pair)));
    const oracle = await startOracle({ ...COMMON, trace: false });
    try {
      const outcomes = await oracle.run(cases.map(({ pair }) => pair));
      const answers = outcomes.map((one) =>
        [one?.status, one?.location ?? ((one?.status ?? 500) < 300 ? one?.file : null)]
          .filter((part) => part !== null)
          .join(' '),
      );
      expect(answers).toEqual(cases.map(({ answer }) => answer));
    } finally {
      await oracle.stop();
    }
  },
);
