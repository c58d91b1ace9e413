import type { EvidenceLine } from './incident';
import { baseName, headlineOf, type Headline } from './headline';
import { explainLine } from './explain';
import { parseLogLine, type LogLine } from './line';
import type { Explanation } from './messages/known';
import { beginsTraceback, isSuspicious, tracebacksIn } from './traceback';

const MOST_LINES = 120;
const MOST_EXPLANATIONS = 20;

/** One time that something failed: lines of one request, or of one start of a program. Bounded. */
export class Occurrence {
  readonly client: string | null;
  first: string | null = null;
  last: string | null = null;
  /** Time of the first line of its own: a raw line only has that of the line before it. */
  began: string | null = null;
  /** A line has said that the request is over; what comes later on the same connection is another one. */
  ended = false;
  /** Its own lines changed since the headline was made. */
  stale = true;
  request: string | null = null;
  status: number | null = null;
  /** What it takes over from the failed start that is behind it. */
  borrowed: Headline | undefined;
  headline: Headline | undefined;
  readonly lines: EvidenceLine[] = [];
  readonly output: string[] = [];
  readonly explanations: Explanation[] = [];

  constructor(client: string | null) {
    this.client = client;
  }

  /** Lines of other occurrences that belong to this one. */
  absorb(other: Occurrence): void {
    for (const one of other.output) if (this.output.length < MOST_LINES) this.output.push(one);
    for (const one of other.explanations) this.explain(one);
    this.lines.unshift(...other.lines.slice(0, MOST_LINES - this.lines.length));
    this.#span(other.first);
    this.#span(other.last);
    this.request ??= other.request;
    this.status ??= other.status;
    this.stale = true;
  }

  take(line: LogLine, id: number): void {
    this.#span(line.time);
    if (line.kind !== 'raw') this.began ??= line.time;
    if (this.lines.length < MOST_LINES) this.lines.push({ id, text: line.text.slice(0, 4096) });
    if (line.kind !== 'apache' && this.output.length < MOST_LINES)
      this.output.push(line.message.slice(0, 4096));
    this.stale = true;
  }

  explain(explanation: Explanation): void {
    const known = this.explanations.some(
      ({ code, summary }) => code === explanation.code && summary === explanation.summary,
    );
    if (!known && this.explanations.length < MOST_EXPLANATIONS) this.explanations.push(explanation);
    this.stale = true;
  }

  has(code: string): boolean {
    return this.explanations.some((one) => one.code === code);
  }

  /** Whether it is a request that got nothing from the program with this bare name. */
  failedFor(name: string): boolean {
    return this.explanations.some(
      ({ code, script = '' }) => code === 'core.no-output' && baseName(script) === name,
    );
  }

  /** Whether another error begins with this line although one has been told already. */
  isNext(text: string): boolean {
    if (!beginsTraceback(text) || this.output.length === 0) return false;
    const before = this.output.at(-1) ?? '';
    const beforeThat = this.output.at(-2) ?? '';
    const chained = /^(?:During handling|The above exception)/;
    return !chained.test(before) && !chained.test(beforeThat) && tracebacksIn(this.output).length > 0;
  }

  /** Makes the headline anew. */
  settle(): Headline | undefined {
    if (!this.stale) return this.headline;
    this.stale = false;
    const suspicious = this.output.filter((text) => isSuspicious(text));
    const words = suspicious.flatMap((text) => explainLine({ ...RAW, message: text, text }) ?? []);
    this.headline = headlineOf({
      explanations: [...this.explanations, ...words],
      tracebacks: tracebacksIn(this.output),
      output: this.output,
      status: this.status,
    });
    return this.headline;
  }

  #span(time: string | null): void {
    if (time === null) return;
    if (this.first === null || time < this.first) this.first = time;
    if (this.last === null || time > this.last) this.last = time;
  }
}

const RAW = parseLogLine('');
