import { describe, expect, it } from 'vitest';
import { answerOf, pairHost } from './answers';
import { pairsOf, scenariosByTitle } from './scenarios';

/** `env` is compared whole: a variable too many is a difference as well. */
describe.each(scenariosByTitle())('%s', (_title, scenarios) => {
  it.each(scenarios)('$name', (scenario) => {
    for (const [pair, expected] of pairsOf(scenario)) {
      const answer = answerOf(pair, pairHost());
      expect(answer).toMatchObject(expected);
      if (expected['env'] !== undefined) expect(answer['env']).toEqual(expected['env']);
    }
  });
});
