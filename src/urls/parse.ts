import type { UrlCase, UrlProblem, WrittenRequest } from './case';
import { headerOf, readExpectation } from './expectation';
import { wordsOf, type Word, type WordProblem } from './words';

/** What a `*.urls` file says. */
export interface UrlFile {
  readonly cases: readonly UrlCase[];
  /** Lines that are no case; in order. */
  readonly problems: readonly UrlProblem[];
}

/** Reads a `*.urls` file (ordinary text). Lines with a problem give no case. Never throws; linear. */
export function parseUrls(text: string): UrlFile {
  const cases: UrlCase[] = [];
  const problems: UrlProblem[] = [];
  let line = 0;
  for (let start = 0; start <= text.length;) {
    const feed = text.indexOf('\n', start);
    const end = feed < 0 ? text.length : feed;
    line += 1;
    const from = start === 0 && text.startsWith('\uFEFF') ? 1 : start;
    const read = readLine(text, from, end);
    if (read !== undefined && 'message' in read) {
      problems.push({ ...read, line, column: read.start - start + 1 });
    } else if (read !== undefined) cases.push({ ...read, line });
    start = end + 1;
  }
  return { cases, problems };
}

/** The case of one line, undefined for an empty one. */
function readLine(text: string, start: number, end: number): Omit<UrlCase, 'line'> | WordProblem | undefined {
  const { words, problem } = wordsOf(text, start, end);
  if (problem !== undefined) return problem;
  const [first] = words;
  const last = words.at(-1);
  if (first === undefined || last === undefined) return undefined;
  const arrow = words.findIndex((word) => word.kind === 'arrow');
  if (arrow < 0) {
    const message = '" -> " and what is expected are missing: /old -> 301 /new.';
    return { start: first.start, end: last.end, message };
  }
  const request = readRequest(words.slice(0, arrow), words[arrow] as Word);
  if ('message' in request) return request;
  const expectation = readExpectation(words.slice(arrow + 1), last.end);
  if ('message' in expectation) return expectation;
  return { ...request, expectation, start: first.start, end: last.end };
}

const METHOD = /^[A-Z][A-Z-]*$/;
const URL = /^(?:\/|https?:\/\/[^/?#])/i;

function readRequest(words: readonly Word[], arrow: Word): WrittenRequest | WordProblem {
  const [first, second] = words;
  const at = (word: Word, message: string): WordProblem => ({ start: word.start, end: word.end, message });
  if (first?.kind !== 'word') return at(first ?? arrow, 'The URL is missing: /project/hello -> 200.');
  const hasMethod = !first.isQuoted && METHOD.test(first.text);
  const url = hasMethod ? second : first;
  if (url?.kind !== 'word') return at(first, `The URL is missing: ${first.text} /project/hello -> 200.`);
  if (!URL.test(url.text)) {
    const isMethod = /^[a-z]+$/i.test(url.text) && words.length > 1;
    const capitals = isMethod ? ' Methods are written in capitals: GET.' : '';
    return at(url, `A URL begins with "/", "http://" or "https://".${capitals}`);
  }
  const headers = readHeaders(words.slice(hasMethod ? 2 : 1));
  if ('message' in headers) return headers;
  return { method: hasMethod ? first.text : 'GET', url: url.text, headers: headers.list };
}

function readHeaders(words: readonly Word[]): { readonly list: WrittenRequest['headers'] } | WordProblem {
  const list: { name: string; value: string }[] = [];
  for (const { kind, text, start, end } of words) {
    const problem = (message: string): WordProblem => ({ start, end, message });
    if (kind !== 'header') {
      return problem(`"${text}" is too much: behind the URL come headers, {Accept-Language: de}, then "->".`);
    }
    const header = headerOf(text);
    if (typeof header === 'string') return problem(header);
    const { name, value } = header;
    if (value === null) return problem('A request header is written {Name: value}.');
    list.push({ name, value });
  }
  return { list };
}
