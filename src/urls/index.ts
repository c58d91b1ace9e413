/** `*.urls` files: cases, their run against an evaluator, the comparison with a running site. */
export type {
  Expectation,
  ExpectedAnswer,
  UrlCase,
  UrlProblem,
  WrittenCase,
  WrittenHeader,
  WrittenRequest,
  WrittenVariable,
} from './case';
export type { Difference } from './compare';
export { decisivePlace, type Decisive } from './decisive';
export { compareLive, type LiveComparison, type Seen } from './live';
export type { Observation } from './observation';
export { observe, type ObservedSite } from './observe';
export { parseUrls, type UrlFile } from './parse';
export type { Place } from './paths';
export { formatCase, formatExpectation, formatRequest } from './print';
export { expectationOf, recordCase, type RecordOptions } from './record';
export { askedRequest, originsOf, withHost, type AskedRequest } from './request';
export { runCase, runCases, type CaseResult, type Evaluate } from './run';
