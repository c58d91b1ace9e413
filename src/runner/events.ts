import type { FaultPlace } from './pages';
import type { RequestRecord } from './record';

/** A dispatcher that fails again and again is not started for a while. */
export interface CrashPause {
  /** Failed starts in a row. */
  readonly failures: number;
  /** When the next start may be tried: milliseconds since 1970. */
  readonly until: number;
  /** Why the last start failed. */
  readonly message: string;
}

/** What a running site tells about itself, in order. Times are milliseconds. */
export type RunnerEvent =
  | { readonly kind: 'started'; readonly dispatcher: string; readonly pid: number }
  | {
      readonly kind: 'exited';
      readonly dispatcher: string;
      readonly pid: number;
      readonly code: number | null;
      readonly signal: string | null;
      /** The runner ended the process: restart, time limit, dispose. */
      readonly expected: boolean;
    }
  /** What a process wrote: to its own standard output or error, or to the FastCGI error stream (as `stderr`). */
  | {
      readonly kind: 'output';
      readonly stream: 'stdout' | 'stderr';
      readonly text: string;
      readonly dispatcher: string;
      readonly pid: number;
    }
  /** A request has come; its `request` event with the same id follows when it is answered. */
  | {
      readonly kind: 'arrived';
      readonly id: number;
      /** Milliseconds since 1970. */
      readonly time: number;
      readonly method: string;
      readonly target: string;
    }
  | {
      readonly kind: 'request';
      readonly id: number;
      readonly method: string;
      readonly target: string;
      readonly status: number;
      readonly milliseconds: number;
      /** Path of the program that answered; null for files, redirects and pages of the server. */
      readonly dispatcher: string | null;
      /** Everything about it, when the runner was asked to record. */
      readonly record: RequestRecord | null;
    }
  /** Something is wrong; the message says what happened, why, and what to do. */
  | {
      readonly kind: 'problem';
      readonly message: string;
      readonly dispatcher: string | null;
      /** Id of the request that met it; null outside of all requests. */
      readonly request: number | null;
      /** The line of a `.htaccess` that is at fault. */
      readonly place?: FaultPlace;
    }
  /** A dispatcher failed several times in a row and must wait. */
  | ({ readonly kind: 'paused'; readonly dispatcher: string } & CrashPause)
  /** It may be started again: time is up, a file has changed, or somebody asked for it. */
  | { readonly kind: 'resumed'; readonly dispatcher: string }
  /** Files have changed: programs start anew with the next request, `.htaccess` files are read again. */
  | { readonly kind: 'reloaded'; readonly files: readonly string[] };

/** Takes events; must not throw. */
export type EventSink = (event: RunnerEvent) => void;
