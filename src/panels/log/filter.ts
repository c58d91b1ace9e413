import { LOUDNESS, type LogRow, type Loudness } from './messages';

/** What the reader wants to see. */
export interface LogFilter {
  /** Words, all of which must occur; `client:`, `pid:`, `file:` and `log:` before one say where; or one pattern. */
  readonly text: string;
  readonly regex: boolean;
  readonly matchCase: boolean;
  readonly quietest: Loudness;
  /** Name of a log; empty for all. */
  readonly source: string;
  /** Only lines from this one on. */
  readonly from: number;
}

export const NO_FILTER: LogFilter = {
  text: '',
  regex: false,
  matchCase: false,
  quietest: 'debug',
  source: '',
  from: 0,
};

type Test = (row: LogRow) => boolean;

/** A test of rows; undefined where all pass. `problem`: the pattern is none, and nothing is filtered by it. */
export function compileFilter(filter: LogFilter): {
  readonly test: Test | undefined;
  readonly problem: boolean;
} {
  const loudest = LOUDNESS.indexOf(filter.quietest);
  const { text, problem } = textTest(filter);
  const tests: Test[] = [
    ...(filter.from > 0 ? [({ id }: LogRow) => id >= filter.from] : []),
    ...(loudest < LOUDNESS.length - 1
      ? [({ loudness }: LogRow) => LOUDNESS.indexOf(loudness) <= loudest]
      : []),
    ...(filter.source === '' ? [] : [({ source }: LogRow) => source === filter.source]),
    ...text,
  ];
  if (tests.length === 0) return { test: undefined, problem };
  return { test: (row) => tests.every((one) => one(row)), problem };
}

function textTest(filter: LogFilter): { text: Test[]; problem: boolean } {
  const { regex, matchCase } = filter;
  const wanted = filter.text.trim();
  if (wanted === '') return { text: [], problem: false };
  if (!regex) return { text: wanted.split(/\s+/).map((word) => wordTest(word, matchCase)), problem: false };
  try {
    const pattern = new RegExp(wanted, matchCase ? 'u' : 'iu');
    return { text: [({ text }) => pattern.test(text)], problem: false };
  } catch {
    return { text: [], problem: true };
  }
}

/** Where a word with a name before it is looked for; the same fields as in Apache's prefix and in an access log. */
const FIELDS: Readonly<Record<string, (value: string, row: LogRow) => boolean>> = {
  client: (value, { text }) =>
    text.includes(`[client ${value}`) || text.startsWith(`${value.replace(/:\d+$/, '')} `),
  pid: (value, { text }) => text.includes(`[pid ${value}:`) || text.includes(`[pid ${value}]`),
  file: (value, { text }) => text.includes(value),
  log: (value, { source }) => source.toLowerCase().includes(value.toLowerCase()),
};

function wordTest(word: string, matchCase: boolean): Test {
  const at = word.indexOf(':');
  const name = word.slice(0, Math.max(at, 0));
  const field = Object.hasOwn(FIELDS, name) ? FIELDS[name] : undefined;
  const value = word.slice(at + 1);
  if (field && value !== '') return (row) => field(value, row);
  const needle = matchCase ? word : word.toLowerCase();
  return ({ text }) => (matchCase ? text : text.toLowerCase()).includes(needle);
}

/** Words that show only the request or the process of a line; undefined where it names none. */
export function sameRequest({ text }: LogRow): { client?: string; pid?: string } {
  const client = /\[(?:client|remote) (\S{1,100})\]/.exec(text)?.[1];
  const pid = /\[pid (\d{1,10})[:\]]/.exec(text)?.[1];
  return { ...(client === undefined ? {} : { client }), ...(pid === undefined ? {} : { pid }) };
}
