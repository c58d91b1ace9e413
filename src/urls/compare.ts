import type { Outcome } from '../apache/request/outcome';
import { byteStringOfText, textOfByteString } from '../text/bytes';
import type { Expectation, ExpectedAnswer, WrittenHeader, WrittenVariable } from './case';
import { headerValues, mediaType, type Observation } from './observation';
import { absolutePath, writtenPath, type Place } from './paths';
import { formatAnswer } from './print';
import { comparableLocation } from './request';
import { lookup } from '../text/lookup';

/** One thing that is not as expected; ordinary text, in the words of the `*.urls` file. */
export interface Difference {
  /** `status`, `location`, `answer`, `type`, `variable NAME`, `header NAME`. */
  readonly what: string;
  readonly expected: string;
  readonly actual: string;
}

/** What a comparison gives. */
export interface Comparison {
  readonly differences: readonly Difference[];
  /** What only the program knows, so that it can be compared with a running site alone: `status`, `type`, `header NAME`. */
  readonly unchecked: readonly string[];
}

/** Compares what came of a request with what was expected of it. */
export function compare(expectation: Expectation, observation: Observation, place: Place): Comparison {
  const comparer = new Comparer(expectation, observation, place);
  return comparer.compare();
}

const NOTHING = '(none)';

class Comparer {
  readonly #expectation: Expectation;
  readonly #observation: Observation;
  readonly #outcome: Outcome;
  readonly #place: Place;
  readonly #differences: Difference[] = [];
  readonly #unchecked: string[] = [];

  constructor(expectation: Expectation, observation: Observation, place: Place) {
    this.#expectation = expectation;
    this.#observation = observation;
    this.#outcome = observation.outcome;
    this.#place = place;
  }

  compare(): Comparison {
    const { answer, status, location, type, variables, headers } = this.#expectation;
    const isAnswered = answer === undefined || this.#compareAnswer(answer);
    if (status !== undefined) this.#compareStatus(status);
    else if (answer !== undefined && isAnswered) this.#compareStatus(200);
    if (location !== undefined) this.#compareLocation(location);
    if (type !== undefined) this.#compareType(type);
    for (const variable of variables) this.#compareVariable(variable);
    for (const header of headers) this.#compareHeader(header);
    return { differences: this.#differences, unchecked: this.#unchecked };
  }

  get #isProgram(): boolean {
    return this.#outcome.answer.kind === 'handler';
  }

  #differ(what: string, expected: string, actual: string): void {
    this.#differences.push({ what, expected, actual });
  }

  #compareAnswer(expected: ExpectedAnswer): boolean {
    const { answer } = this.#outcome;
    const isKind = answerKind(answer) === expected.kind;
    const path = expected.path;
    const isPath =
      path === undefined ||
      ('file' in answer && absolutePath(byteStringOfText(path), this.#place) === withoutSlash(answer.file));
    if (isKind && isPath) return true;
    this.#differ('answer', formatAnswer(expected), answerWords(this.#outcome, this.#place));
    return false;
  }

  /** A program that is reached decides on its status itself: 200 stands for "its own". */
  #compareStatus(expected: number): void {
    const { status } = this.#outcome;
    if (status === expected) return;
    if (this.#isProgram && status === 200) this.#unchecked.push('status');
    else this.#differ('status', String(expected), String(status));
  }

  #compareLocation(expected: string): void {
    const { location } = this.#outcome;
    const { origins } = this.#observation;
    if (location === null && this.#isProgram) this.#unchecked.push('location');
    else if (
      location === null ||
      comparableLocation(location, origins) !== comparableLocation(byteStringOfText(expected), origins)
    ) {
      this.#differ('location', expected, location === null ? NOTHING : shownLocation(location, origins));
    }
  }

  #compareType(expected: string): void {
    const { answer } = this.#outcome;
    if (this.#isProgram) this.#unchecked.push('type');
    else {
      const actual = answer.kind === 'file' ? (answer.contentType ?? '') : '';
      if (!isSameType(expected, actual)) this.#differ('type', expected, textOfByteString(actual) || NOTHING);
    }
  }

  #compareVariable({ name, value }: WrittenVariable): void {
    const actual = lookup(this.#observation.variables, name);
    if (value === null ? actual === undefined : (actual ?? '') === byteStringOfText(value)) return;
    const expected = value === null ? '(not set)' : value;
    this.#differ(`variable ${name}`, expected, actual === undefined ? '(not set)' : textOfByteString(actual));
  }

  #compareHeader(header: WrittenHeader): void {
    const actual = headerValues(knownHeaders(this.#outcome), header.name);
    if (actual.length === 0 && (this.#isProgram || isOfApache(header.name))) {
      this.#unchecked.push(`header ${header.name}`);
    } else if (!isSameHeader(header, actual)) {
      this.#differ(...headerDifference(header, actual));
    }
  }
}

/** The names of a difference in a header. */
export function headerDifference(
  { name, value }: WrittenHeader,
  actual: readonly string[],
): [what: string, expected: string, actual: string] {
  const shown = actual.length === 0 ? NOTHING : textOfByteString(actual.join(', '));
  return [`header ${name}`, value ?? NOTHING, shown];
}

/** Several headers of one name are compared one by one and as one list. */
export function isSameHeader({ value }: WrittenHeader, actual: readonly string[]): boolean {
  if (value === null) return actual.length === 0;
  const wanted = byteStringOfText(value);
  return actual.length > 0 && [...actual, actual.join(', ')].includes(wanted);
}

/** Parameters count only where they are expected. */
export function isSameType(expected: string, actual: string): boolean {
  if (!expected.includes(';')) return mediaType(expected) === mediaType(actual);
  const plain = (type: string): string => type.toLowerCase().replaceAll(/\s*;\s*/g, ';');
  return plain(expected) === plain(actual);
}

/** What directives set, and the type of a static file. */
function knownHeaders({ headers, answer }: Outcome): Outcome['headers'] {
  if (answer.kind !== 'file' || answer.contentType === null) return headers;
  return [
    ...headers.filter(([name]) => name.toLowerCase() !== 'content-type'),
    ['Content-Type', answer.contentType],
  ];
}

/** Headers that Apache adds by itself while it answers. */
function isOfApache(name: string): boolean {
  return /^(?:accept-ranges|allow|connection|content-(?:encoding|length|location)|date|etag|keep-alive|last-modified|server|transfer-encoding|upgrade)$/i.test(
    name,
  );
}

/** The written kind of an answer; undefined for errors and redirects. */
export function answerKind(answer: Outcome['answer']): ExpectedAnswer['kind'] | undefined {
  if (answer.kind === 'handler') return 'script';
  return answer.kind === 'file' || answer.kind === 'listing' ? answer.kind : undefined;
}

/** Who answered, as it would be written. */
function answerWords(outcome: Outcome, place: Place): string {
  const { answer, status, location } = outcome;
  const kind = answerKind(answer);
  if (kind !== undefined && 'file' in answer) {
    return formatAnswer({ kind, path: textOfByteString(writtenPath(answer.file, place)) });
  }
  return location === null ? String(status) : `${status} ${textOfByteString(location)}`;
}

const withoutSlash = (path: string): string => (path.length > 1 ? path.replace(/\/+$/, '') : path);

/** A Location of this host as a path. */
export function shownLocation(location: string, origins: readonly string[]): string {
  return textOfByteString(comparableLocation(location, origins));
}
