import { byteStringOfText, textOfByteString } from '../text/bytes';
import type {
  Expectation,
  ExpectedAnswer,
  WrittenCase,
  WrittenHeader,
  WrittenRequest,
  WrittenVariable,
} from './case';
import { answerKind, shownLocation } from './compare';
import { headerValues, type Observation } from './observation';
import { writtenPath, type Place } from './paths';
import { lookup } from '../text/lookup';

/** What is written down besides status, Location and who answers. */
export interface RecordOptions {
  /** Variables, `PATH_INFO` and `QUERY_STRING` of a script when absent (if not empty). */
  readonly variables?: readonly string[];
  /** Response headers; none when absent. */
  readonly headers?: readonly string[];
  /** Whether the type of a static file is written; false when absent. */
  readonly type?: boolean;
}

/** "Record as test": the case that expects what came of a request. Values that a line cannot hold are left out. */
export function recordCase(
  request: WrittenRequest,
  observation: Observation,
  place: Place,
  options: RecordOptions = {},
): WrittenCase {
  return { ...request, expectation: expectationOf(observation, place, options) };
}

/** What came of a request, as an expectation. */
export function expectationOf(
  observation: Observation,
  place: Place,
  options: RecordOptions = {},
): Expectation {
  const { answer, status, location } = observation.outcome;
  const written = writtenAnswer(observation, place);
  const type = answer.kind === 'file' && options.type === true ? answer.contentType : null;
  return {
    ...(written === undefined || status !== 200 ? { status } : {}),
    ...(location === null || !isWritable(location) || status < 300 || status > 399
      ? {}
      : { location: shownLocation(location, observation.origins) }),
    ...(written === undefined ? {} : { answer: written }),
    ...(type === null || !isWritable(type) ? {} : { type: textOfByteString(type) }),
    variables: variablesOf(observation, options.variables),
    headers: headersOf(observation, options.headers ?? []),
  };
}

function writtenAnswer({ outcome: { answer } }: Observation, place: Place): ExpectedAnswer | undefined {
  const kind = answerKind(answer);
  if (kind === undefined || !('file' in answer)) return undefined;
  const path = writtenPath(answer.file, place);
  return isWritable(path) ? { kind, path: textOfByteString(path) } : undefined;
}

function variablesOf(
  { variables, outcome }: Observation,
  names: readonly string[] | undefined,
): Expectation['variables'] {
  const usual = outcome.answer.kind === 'handler' ? ['PATH_INFO', 'QUERY_STRING'] : [];
  return (names ?? usual).flatMap((name): WrittenVariable[] => {
    const value = lookup(variables, name);
    if (value === undefined) return names === undefined ? [] : [{ name, value: null }];
    return isWritable(value) && (value !== '' || names !== undefined)
      ? [{ name, value: textOfByteString(value) }]
      : [];
  });
}

function headersOf({ outcome }: Observation, names: readonly string[]): Expectation['headers'] {
  return names.flatMap((name): WrittenHeader[] => {
    const values = headerValues(outcome.headers, name);
    const value = values.join(', ');
    if (values.length === 0) return [{ name, value: null }];
    return isWritable(value) ? [{ name, value: textOfByteString(value).trim() }] : [];
  });
}

/** Whether a byte string is UTF-8 without control characters. */
function isWritable(value: string): boolean {
  const text = textOfByteString(value);
  return !/[\u0000-\u0008\u000A-\u001F\u007F]/.test(text) && byteStringOfText(text) === value;
}
