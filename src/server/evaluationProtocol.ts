import type { HostProfile } from '../apache/host';
import type { TraceStep } from '../apache/request/trace';
import type { LineMark } from '../language';
import type { Seen, WrittenRequest } from '../urls';

/** Editor to server: what Apache does with a request. Parameters: `EvaluateParams`; the answer: `Evaluated`, or null outside a workspace folder. */
export const EVALUATE_REQUEST = 'fastcgi/evaluate';

/** A request, and what is to be told of it. */
export interface EvaluateParams {
  /** Any document of the workspace folder; paths in the outcome begin at its folder. */
  readonly uri: string;
  readonly request: WrittenRequest;
  /** Lines of .htaccess files to be marked, one-based, both included. */
  readonly marks?: readonly { readonly uri: string; readonly first: number; readonly last: number }[];
  /** Whether the steps are wanted. */
  readonly trace?: boolean;
}

/** How a request ends, for colours. */
export type OutcomeTone = 'answered' | 'redirect' | 'error';

/** What comes of a request. */
export interface Evaluated {
  readonly status: number;
  readonly tone: OutcomeTone;
  /** In the notation of a `*.urls` file: `dispatch.fcgi PATH_INFO=/hello`. */
  readonly outcome: string;
  /** The line that decided. */
  readonly decisive?: PlaceInFile;
  /** Marks of each asked file, in the order of the question. */
  readonly marks: readonly (readonly LineMark[])[];
  readonly trace?: readonly TraceStep[];
  /** URIs of the files that the steps name, by their paths on the server. */
  readonly files: Readonly<Record<string, string>>;
}

/** A line of a document, one-based. */
export interface PlaceInFile {
  readonly uri: string;
  readonly line: number;
}

/** Editor to server: runs the cases of a `*.urls` file. Parameters: `UrlTestsParams`; the answer: `UrlTestsResult`, or null outside a workspace folder. */
export const URL_TESTS_REQUEST = 'fastcgi/urlTests';

/** A `*.urls` file. */
export interface UrlTestsParams {
  readonly uri: string;
  readonly text: string;
  /** One-based lines; all cases when absent. */
  readonly lines?: readonly number[];
  /** What the real site answered, by one-based lines: it is compared with the prediction. `host`: what its address says of the server. */
  readonly live?: {
    readonly host: Partial<HostProfile>;
    readonly seen: readonly (readonly [line: number, Seen])[];
  };
  /** Whether the lines of .htaccess files through which the cases pass are wanted. */
  readonly coverage?: boolean;
}

/** What became of one case. */
export interface UrlTestResult {
  /** One-based. */
  readonly line: number;
  readonly ok: boolean;
  readonly expected: string;
  readonly actual: string;
  /** In words, one for each difference. */
  readonly differences: readonly string[];
  /** What could not be compared, because only the program knows it: `status`, `header NAME`. */
  readonly unchecked: readonly string[];
  readonly decisive?: PlaceInFile;
  /** Where the real site differs from the prediction, in words; absent where it was not asked. */
  readonly live?: readonly string[];
}

/** What became of the cases, and through which lines they went. */
export interface UrlTestsResult {
  readonly results: readonly UrlTestResult[];
  /** Of each .htaccess with rules: its lines, and how many of the cases they acted upon. */
  readonly coverage: readonly FileCoverage[];
}

/** How often the lines of a file had a part in the run cases. */
export interface FileCoverage {
  readonly uri: string;
  /** One-based: the rule's own line, and the first of its conditions or itself. */
  readonly lines: readonly { readonly first: number; readonly line: number; readonly count: number }[];
}

/** Editor to server: looks around at a step of a request. Parameters: `InspectParams`; the answer: `Inspection`, or null where there is no such step. */
export const INSPECT_REQUEST = 'fastcgi/inspect';

/** A step of a request, by its place in the trace that `EVALUATE_REQUEST` gave. */
export interface InspectParams {
  readonly uri: string;
  readonly request: WrittenRequest;
  readonly step: number;
  /** An ap_expr to be evaluated there; ordinary text. */
  readonly expression?: string;
}

/** Editor to server: where breakpoints can stand. Parameters: `BreakpointsParams`; the answer: `BreakpointLines`, or null for a file that is no .htaccess of a workspace folder. */
export const BREAKPOINTS_REQUEST = 'fastcgi/breakpoints';

/** Lines of a .htaccess, one-based, on which breakpoints are wanted. */
export interface BreakpointsParams {
  readonly uri: string;
  readonly lines: readonly number[];
}

/** In the order of the question: the line on which a request can stop, or null where there is none below. */
export type BreakpointLines = readonly (number | null)[];
