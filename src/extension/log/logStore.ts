import {
  IncidentStream,
  parseLogLine,
  secondsOf,
  splitGlued,
  zoneBetween,
  type Incident,
  type Level,
  type LogLine,
} from '../../errorlog';
import { LOUDNESS, ROW_KINDS, type Loudness, type RowBatch, type RowKind } from '../../panels/log/messages';

/** Rows in one batch: large enough to be quick, small enough not to block the panel. */
const BATCH = 2000;

/** Most characters of a line that are kept: a longer one is no message, and ten megabytes of it are no use to anybody. */
const LONGEST = 16_384;

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] extends readonly (infer One)[] ? One[] : T[Key] };

/**
 * The last lines of all logs that are followed, as batches for the panel, and the incidents that they tell. Bounded by a number of
 * lines; ids ascend without gaps as long as the store lives.
 */
export class LogStore {
  #maximum: number;
  readonly #stream = new IncidentStream();
  readonly #before = new Map<string, LogLine>();
  readonly #nameIds = new Map<string, number>();
  #names: string[] = [];
  #batches: Mutable<RowBatch>[] = [];
  #next = 1;
  #clockText = '';
  #clockSeconds = -1;
  #zone: number | null = null;

  constructor(maximum: number) {
    this.#maximum = maximum;
  }

  /** Keeps so many lines from now on. */
  limit(maximum: number): void {
    this.#maximum = maximum;
  }

  /** Id of the newest row; 0 before the first. */
  get newest(): number {
    return this.#next - 1;
  }

  /** Id of the oldest row that is kept. */
  get oldest(): number {
    return Math.max(1, this.#next - this.#maximum, this.#batches[0]?.first ?? this.#next);
  }

  /** Minutes of the server's clock east of UTC, where a log has told it. */
  get zone(): number | null {
    return this.#zone;
  }

  /** Names that rows refer to. */
  get names(): readonly string[] {
    return this.#names;
  }

  /** What is known now, newest first. */
  get incidents(): readonly Incident[] {
    return this.#stream.incidents;
  }

  /** Takes lines as they come, of the log with this name. */
  add(source: string, lines: readonly string[]): void {
    const sourceId = this.#name(source);
    for (const line of lines) {
      const text = line.length > LONGEST ? `${line.slice(0, LONGEST)} … (${line.length} characters)` : line;
      for (const part of splitGlued(text)) this.#addOne(part, source, sourceId);
    }
    this.#trim();
  }

  /** All of a log until this moment (seconds since 1970) is here: its last line tells the server's time then. */
  written(source: string, seconds: number): void {
    const time = this.#before.get(source)?.time ?? null;
    if (this.#zone === null && time !== null) this.#zone = zoneBetween(secondsOf(time), seconds);
  }

  /** What comes is of another server. */
  forgetZone(): void {
    this.#zone = null;
  }

  /** A line of our own between the others. `time`: seconds of the server's local time, -1 where unknown. */
  note(text: string, time = -1): number {
    this.#push({
      text,
      start: 0,
      time,
      loudness: 'info',
      kind: 'note',
      source: this.#name(''),
      origin: this.#name(''),
    });
    return this.newest;
  }

  clear(): void {
    this.#batches = [];
    this.#before.clear();
    this.#stream.clear();
  }

  /** Rows after an id, at most so many, in batches whose names are empty: they are told with `namesFrom`. */
  *batchesAfter(id: number): Generator<RowBatch> {
    for (const batch of this.#batches) {
      const skip = Math.max(0, id + 1 - batch.first, this.oldest - batch.first);
      if (skip >= batch.texts.length) continue;
      yield skip === 0 ? batch : cut(batch, skip);
    }
  }

  /** Name of the log that a row came from; empty where the row is gone. */
  sourceOf(id: number): string {
    const batch = this.#batches.find(({ first, texts }) => id >= first && id < first + texts.length);
    return this.#names[batch?.sources[id - batch.first] ?? -1] ?? '';
  }

  /** Time of a row as it is shown; -1 where it has none or is gone. */
  timeOf(id: number): number {
    const batch = this.#batches.find(({ first, texts }) => id >= first && id < first + texts.length);
    return batch?.times[id - batch.first] ?? -1;
  }

  /** The last row that is not younger than a time; 0 where all are. */
  lastUntil(seconds: number): number {
    let found = 0;
    for (const { first, times } of this.#batches) {
      for (const [at, time] of times.entries()) if (time >= 0 && time <= seconds) found = first + at;
    }
    return found;
  }

  /**
   * The last row that is older than a moment, 0 where none is. Times are whole seconds: what came in the same second may be younger,
   * and is better shown than hidden.
   */
  lastBefore(seconds: number): number {
    return this.lastUntil(Math.floor(seconds) - 1);
  }

  #addOne(text: string, source: string, sourceId: number): void {
    const line = parseLogLine(text, this.#before.get(source));
    this.#before.set(source, line);
    if (line.access) this.#zone = line.access.zone;
    this.#stream.add(line, this.#next);
    const isRaw = line.kind === 'raw';
    this.#push({
      text: line.text,
      start: isRaw || line.kind === 'access' ? 0 : Math.max(0, line.text.lastIndexOf(line.message)),
      time: this.#seconds(line.time),
      loudness: loudnessOf(line.level),
      kind: isRaw ? 'raw' : 'entry',
      source: sourceId,
      origin: this.#name(isRaw ? '' : originOf(line)),
    });
  }

  #push(row: {
    text: string;
    start: number;
    time: number;
    loudness: Loudness;
    kind: RowKind;
    source: number;
    origin: number;
  }): void {
    let batch = this.#batches.at(-1);
    if (batch === undefined || batch.texts.length >= BATCH) {
      batch = {
        first: this.#next,
        texts: [],
        starts: [],
        times: [],
        looks: [],
        sources: [],
        origins: [],
        names: [],
      };
      this.#batches.push(batch);
    }
    batch.texts.push(row.text);
    batch.starts.push(row.start);
    batch.times.push(row.time);
    batch.looks.push(LOUDNESS.indexOf(row.loudness) + 4 * ROW_KINDS.indexOf(row.kind));
    batch.sources.push(row.source);
    batch.origins.push(row.origin);
    this.#next += 1;
  }

  /** Most lines in a row have the same time. */
  #seconds(time: string | null): number {
    if (time === null) return -1;
    if (time !== this.#clockText) {
      this.#clockText = time;
      const seconds = secondsOf(time);
      this.#clockSeconds = Number.isNaN(seconds) ? -1 : Math.floor(seconds);
    }
    return this.#clockSeconds;
  }

  #name(name: string): number {
    const known = this.#nameIds.get(name);
    if (known !== undefined) return known;
    // A log can hold any number of strange origins; they need no name of their own.
    if (this.#names.length >= 1000) return 0;
    this.#nameIds.set(name, this.#names.length);
    this.#names.push(name);
    return this.#names.length - 1;
  }

  #trim(): void {
    const gone = this.#batches.findIndex(
      ({ first, texts }) => first + texts.length > this.#next - this.#maximum,
    );
    if (gone > 0) this.#batches.splice(0, gone);
  }
}

function cut(batch: RowBatch, skip: number): RowBatch {
  return {
    first: batch.first + skip,
    texts: batch.texts.slice(skip),
    starts: batch.starts.slice(skip),
    times: batch.times.slice(skip),
    looks: batch.looks.slice(skip),
    sources: batch.sources.slice(skip),
    origins: batch.origins.slice(skip),
    names: batch.names,
  };
}

function originOf({ kind, level, module, code, access }: LogLine): string {
  if (access) return `access ${access.status}`;
  if (kind === 'suexec' || kind === 'php') return `${level} ${kind}`;
  return [level, module, code].filter((part) => part !== null).join(' ');
}

/** Apache's sixteen levels as the four that the panel tells apart. */
export function loudnessOf(level: Level): Loudness {
  if (level === 'emerg' || level === 'alert' || level === 'crit' || level === 'error') return 'error';
  if (level === 'warn') return 'warning';
  return level === 'notice' || level === 'info' ? 'info' : 'debug';
}
