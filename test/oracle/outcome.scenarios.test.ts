import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answerOf, ORACLE_HOST, pairHost } from '../apache/request/answers';
import { pairsOf, scenariosByTitle } from '../apache/request/scenarios';
import { startOracle, type Oracle, type OraclePair } from './apache/oracle';

let oracle: Oracle;
beforeAll(async () => void (oracle = await startOracle({ ...ORACLE_HOST, trace: false })));
afterAll(() => oracle?.stop());

describe.each(scenariosByTitle())('%s', (_title, scenarios) => {
  it.each(scenarios)('$name', async (scenario) => {
    const asked = pairsOf(scenario);
    const outcomes = await oracle.run(asked.map(([pair]) => pair as OraclePair));
    asked.forEach(([pair, expected], at) => {
      const { trace: _trace, messages: _messages, ...outcome } = outcomes[at] ?? {};
      const theirs = JSON.parse(JSON.stringify(outcome).replaceAll(oracle.treeRoot, '/site')) as object;
      expect(theirs).toMatchObject(expected);
      // What we say not to know is no part of Apache's answer.
      const { unknown: _unknown, ...ours } = answerOf(pair, pairHost(oracle.treeRoot));
      expect(ours).toEqual(theirs);
    });
  });
});
