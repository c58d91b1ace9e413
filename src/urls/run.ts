import type { UrlCase } from './case';
import { compare, type Difference } from './compare';
import { decisivePlace, type Decisive } from './decisive';
import type { Observation } from './observation';
import type { Place } from './paths';
import { formatExpectation } from './print';
import { expectationOf } from './record';
import { askedRequest, type AskedRequest } from './request';

/** Says what comes of a request: the evaluator with a site and a host, or a test's own. */
export type Evaluate = (asked: AskedRequest) => Observation;

/** What became of a case. */
export interface CaseResult {
  readonly case: UrlCase;
  readonly ok: boolean;
  /** Both in the notation of the `*.urls` file. */
  readonly expected: string;
  readonly actual: string;
  readonly differences: readonly Difference[];
  /** What could not be compared, because only the program knows it. */
  readonly unchecked: readonly string[];
  /** The line whose rule made the outcome, where one did. */
  readonly decisive: Decisive | undefined;
  readonly observation: Observation;
}

/** Runs the cases of a file. Cases whose URL cannot be asked (none that `parseUrls` gives) are left out. */
export function runCases(cases: readonly UrlCase[], evaluate: Evaluate, place: Place): CaseResult[] {
  return cases.flatMap((one) => {
    const asked = askedRequest(one);
    return asked === undefined ? [] : [runCase(one, evaluate(asked), place)];
  });
}

/** Compares one case with what came of it. */
export function runCase(written: UrlCase, observation: Observation, place: Place): CaseResult {
  const { expectation } = written;
  const { differences, unchecked } = compare(expectation, observation, place);
  const actual = expectationOf(observation, place, {
    ...(expectation.variables.length > 0 ? { variables: expectation.variables.map(({ name }) => name) } : {}),
    headers: expectation.headers.map(({ name }) => name),
    type: expectation.type !== undefined,
  });
  return {
    case: written,
    ok: differences.length === 0,
    expected: formatExpectation(expectation),
    actual: formatExpectation(actual),
    differences,
    unchecked,
    decisive: decisivePlace(observation.outcome),
    observation,
  };
}
