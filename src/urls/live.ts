import { byteStringOfText, textOfByteString } from '../text/bytes';
import type { Expectation } from './case';
import { headerDifference, isSameHeader, isSameType, shownLocation, type Difference } from './compare';
import { headerValues, type Observation } from './observation';
import { comparableLocation } from './request';

/** What a client sees of an answer. Texts are byte strings. */
export interface Seen {
  readonly status: number;
  readonly location: string | null;
  readonly headers: readonly (readonly [name: string, value: string])[];
}

/** A prediction beside what the site answered. */
export interface LiveComparison {
  /** `expected` is the prediction; where only the program knows, what the case says. */
  readonly differences: readonly Difference[];
  /** What cannot be seen from outside. */
  readonly notSeen: readonly string[];
}

/** Values that change from one moment or file date to the next. */
const MOVING = new Set(['expires', 'date', 'last-modified', 'etag', 'set-cookie']);

/** Compares the prediction with the real site's answer: status, Location, type and the headers that directives set. */
export function compareLive(expectation: Expectation, observation: Observation, seen: Seen): LiveComparison {
  const { answer } = observation.outcome;
  const differences = [
    ...statusDifferences(expectation, observation, seen),
    ...locationDifferences(expectation, observation, seen),
    ...typeDifferences(expectation, observation, seen),
    ...headerDifferences(expectation, observation, seen),
  ];
  const notSeen =
    answer.kind === 'handler'
      ? ['which script ran', 'its variables']
      : 'file' in answer
        ? ['which file was sent']
        : [];
  return { differences, notSeen };
}

/** A program's own status is compared where the case names it; a 5xx shows that it failed. */
function statusDifferences(
  expectation: Expectation,
  { outcome }: Observation,
  { status }: Seen,
): Difference[] {
  const isOwn = outcome.answer.kind === 'handler' && outcome.status === 200;
  const expected = isOwn ? expectation.status : outcome.status;
  const actual = String(status);
  if (expected === undefined) {
    return status < 500 ? [] : [{ what: 'status', expected: 'an answer of the program', actual }];
  }
  return status === expected ? [] : [{ what: 'status', expected: String(expected), actual }];
}

function locationDifferences(
  expectation: Expectation,
  { outcome, origins }: Observation,
  { location }: Seen,
): Difference[] {
  const own = expectation.location === undefined ? null : byteStringOfText(expectation.location);
  const isOwn = outcome.answer.kind === 'handler' && outcome.location === null;
  const predicted = isOwn ? own : outcome.location;
  if (isOwn && own === null) return [];
  if (comparable(predicted, origins) === comparable(location, origins)) return [];
  const shown = (value: string | null): string => (value === null ? '(none)' : shownLocation(value, origins));
  return [{ what: 'location', expected: shown(predicted), actual: shown(location) }];
}

const comparable = (location: string | null, origins: readonly string[]): string | null =>
  location === null ? null : comparableLocation(location, origins);

function typeDifferences({ type }: Expectation, { outcome }: Observation, seen: Seen): Difference[] {
  const { answer } = outcome;
  const predicted = answer.kind === 'file' ? answer.contentType : null;
  const expected = predicted ?? (answer.kind === 'handler' && type !== undefined ? type : null);
  const actual = headerValues(seen.headers, 'Content-Type')[0] ?? '';
  if (expected === null || seen.status === 304 || isSameType(plainType(expected), actual)) return [];
  return [
    { what: 'type', expected: textOfByteString(expected), actual: textOfByteString(actual) || '(none)' },
  ];
}

const plainType = (type: string): string => type.split(';', 1)[0] ?? '';

function headerDifferences(expectation: Expectation, { outcome }: Observation, seen: Seen): Difference[] {
  const isExpiring = headerValues(outcome.headers, 'Expires').length > 0;
  const names = new Set(outcome.headers.map(([name]) => name.toLowerCase()));
  const predicted = [...names]
    .filter(
      (name) => !MOVING.has(name) && name !== 'content-type' && !(isExpiring && name === 'cache-control'),
    )
    .flatMap((name) => predictedDifference(name, outcome.headers, seen));
  const own = expectation.headers
    .filter(({ name }) => !names.has(name.toLowerCase()))
    .filter((header) => !isSameHeader(header, headerValues(seen.headers, header.name)))
    .map((header) => difference(headerDifference(header, headerValues(seen.headers, header.name))));
  return [...predicted, ...own];
}

/** Every value that directives set must be there; what the program or another module adds is no difference. */
function predictedDifference(
  name: string,
  headers: Observation['outcome']['headers'],
  seen: Seen,
): Difference[] {
  const split = (values: readonly string[]): string[] =>
    values.flatMap((value) => value.split(',')).map((item) => item.trim().toLowerCase());
  const wanted = headerValues(headers, name);
  const actual = headerValues(seen.headers, name);
  const present = split(actual);
  if (split(wanted).every((item) => present.includes(item))) return [];
  const written = headers.find(([one]) => one.toLowerCase() === name)?.[0] ?? name;
  return [
    difference(headerDifference({ name: written, value: textOfByteString(wanted.join(', ')) }, actual)),
  ];
}

const difference = ([what, expected, actual]: [string, string, string]): Difference => ({
  what,
  expected,
  actual,
});
