/** A line of a file that can be opened. */
export interface TracePlace {
  /** As it is shown: `project/.htaccess:12`. */
  readonly label: string;
  /** What the extension opens it by. */
  readonly file: string;
  /** 1-based. */
  readonly line: number;
}

/** A condition of a rule, or something that it did. */
export interface TraceDetail {
  readonly tone: 'met' | 'failed' | 'effect';
  /** `met`, `not met`, `rewritten to` …, in the reader's language. */
  readonly name: string;
  readonly text: string;
  /** What it was compared with. */
  readonly subject?: string;
  /** The condition's own line. */
  readonly place?: TracePlace;
}

/** A rule that was looked at, or another step of a request. */
export interface TraceRow {
  readonly tone: 'acted' | 'matched' | 'missed' | 'note';
  /** `matched`, `no match`, or the module. */
  readonly tag: string;
  readonly title: string;
  /** What it was compared with. */
  readonly subject?: string;
  readonly place?: TracePlace;
  readonly details: readonly TraceDetail[];
}

/** One request of the chain of internal redirects. */
export interface TracePart {
  readonly heading: string;
  /** The chain of .htaccess files that were read for it, in order. */
  readonly files: readonly TracePlace[];
  readonly rows: readonly TraceRow[];
}
