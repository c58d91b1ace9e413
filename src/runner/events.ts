import type { RequestRecord } from './record';

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
  | { readonly kind: 'problem'; readonly message: string; readonly dispatcher: string | null }
  /** Files have changed: programs start anew with the next request, `.htaccess` files are read again. */
  | { readonly kind: 'reloaded'; readonly files: readonly string[] };

/** Takes events; must not throw. */
export type EventSink = (event: RunnerEvent) => void;
