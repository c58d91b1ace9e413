import type { Expectation, ExpectedAnswer, WrittenCase, WrittenHeader, WrittenRequest } from './case';
import { isPlainArgument, isScriptPath } from './expectation';
import { inBraces, inQuotes, quoted, quotedValue } from './words';

/** A case as one line, without line end: what `parseUrls` reads as the same case. */
export function formatCase(written: WrittenCase): string {
  return `${formatRequest(written)} -> ${formatExpectation(written.expectation)}`;
}

/** The left side; GET is not written. */
export function formatRequest({ method, url, headers }: WrittenRequest): string {
  const words = [quoted(url), ...headers.map(formatHeader)];
  return (method === 'GET' ? words : [method, ...words]).join(' ');
}

/** The right side: status and Location, who answers, type, variables, headers. */
export function formatExpectation(expectation: Expectation): string {
  const { status, location, answer, type, variables, headers } = expectation;
  const statusWords = status === undefined ? [] : [String(status)];
  const answerWords = answer === undefined ? [] : [formatAnswer(answer)];
  if (location !== undefined) statusWords.push(quoted(location));
  // Behind a status 3xx alone, a path would be read as its Location.
  const isLast = location === undefined && isRedirectStatus(status);
  return [
    ...(isLast ? [...answerWords, ...statusWords] : [...statusWords, ...answerWords]),
    ...(type === undefined ? [] : [`type ${quoted(type)}`]),
    ...variables.map(({ name, value }) => (value === null ? `!${name}` : `${name}=${quotedValue(value)}`)),
    ...headers.map(formatHeader),
  ].join(' ');
}

const isRedirectStatus = (status = 0): boolean => status >= 300 && status <= 399;

/** Who answers, in the file's own words. */
export function formatAnswer(answer: ExpectedAnswer): string {
  if (answer.kind === 'script') return isPlain(answer.path) ? answer.path : inQuotes(answer.path);
  if (answer.kind === 'file') return `file ${pathWord(answer.path)}`;
  return answer.path === undefined ? 'listing' : `listing ${pathWord(answer.path)}`;
}

const isPlain = (path: string): boolean => isScriptPath(path) && quoted(path) === path;

/** A path behind `file` or `listing`: in quotes where it would be taken for something else. */
function pathWord(path: string): string {
  return isPlainArgument(path) ? quoted(path) : inQuotes(path);
}

function formatHeader({ name, value }: WrittenHeader): string {
  return value === null ? `{!${name}}` : inBraces(`${name}: ${value}`);
}
