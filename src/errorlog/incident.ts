import type { Fix } from './messages/known';
import type { Frame, Traceback } from './traceback';

export type Severity = 'error' | 'warning' | 'info';

/** A line that belongs to an incident. */
export interface EvidenceLine {
  /** The number under which the caller gave the line. */
  readonly id: number;
  readonly text: string;
}

/** A failure as a person thinks of it: all its lines together, and how often it came. */
export interface Incident {
  /** Ascending in the order of first appearance; stays while the incident is known. */
  readonly id: number;
  /** Name of its kind, as `fcgid.died-at-start` or `python.exception`. */
  readonly code: string;
  readonly severity: Severity;
  /** What happened, in one sentence. */
  readonly summary: string;
  readonly cause: string;
  readonly remedy: string;
  /** What else its lines say, one sentence each. */
  readonly also: readonly string[];
  readonly fixes: readonly Fix[];
  /** The program or file that it is about, as the log names it. */
  readonly script: string | null;
  readonly traceback: Traceback | null;
  /** Where in the author's code, if a stack says so. */
  readonly place: Frame | null;
  /** What was asked for, as `GET /project/x`, of the last request; null where the log does not say. */
  readonly request: string | null;
  /** What the visitor got; null where the log does not say. */
  readonly status: number | null;
  /** How many requests (or starts, where no request is named). */
  readonly count: number;
  /** Local times of the server; null where its lines have none. */
  readonly first: string | null;
  readonly last: string | null;
  /** Clients of the last occurrences, as `192.0.2.1`. */
  readonly clients: readonly string[];
  /** The lines of the last occurrence, oldest first. */
  readonly lines: readonly EvidenceLine[];
}
