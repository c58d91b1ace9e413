import type { Origin } from '../modules/define';

/**
 * One thing that happened on the way of a request, in order. Two readers are served: people who compare with
 * `LogLevel rewrite:trace8` read `text` of the steps with a `level`, programs that show what each line of a .htaccess did
 * read the steps with an `event`. A step without an event is a detail of the event before it.
 */
export interface TraceStep extends Origin {
  /** Apache's module, or `core`. */
  readonly module: string;
  /** Apache's own trace text, where one exists (`rewrite:trace8`), else ours. */
  readonly text: string;
  /** N of `rewrite:traceN`, where the text is mod_rewrite's own; absent from steps with words of ours. */
  readonly level?: number;
  /** The folder that mod_rewrite names in front of the text. */
  readonly perdir?: string;
  /** Which request of the chain, as mod_rewrite names it: `initial`, `initial/redir#1`, `subreq`. */
  readonly request?: string;
  /** The same as a number: requests and subrequests are counted as they begin, from 0. */
  readonly requestId?: number;
  /** What it was, in parts. */
  readonly event?: TraceEvent;
}

/** What a step was. All texts are byte strings. */
export interface TraceEvent {
  readonly result: EventResult;
  /** The directive as Apache spells it, a section with `<`: `RewriteRule`, `<Files`; absent for what no directive does. */
  readonly directive?: string;
  /** Its arguments as Apache reads them, variables replaced; absent where they are not kept. */
  readonly args?: string;
  /** What was compared with what. */
  readonly comparison?: Comparison;
  /** Groups of a match by number, 0 for the whole match; null for a group that took no part. */
  readonly captures?: readonly (string | null)[];
  /** What became different, in order. */
  readonly changes?: readonly Change[];
  /** Why it came out so: why a rule was skipped or left, what refused a request. A short phrase of ours, or Apache's words. */
  readonly reason?: string;
  /** Lines of conditions of the same file that are not looked at because of this. */
  readonly untested?: readonly number[];
  /** The request (`requestId`) that asked for this one; only with the result 'begun'. */
  readonly parent?: number;
}

/**
 * - `begun`: a request of the chain, or a subrequest, starts; `reason` tells why.
 * - `read`: a folder's .htaccess was read and taken.
 * - `matched`, `not matched`: a test was made; `comparison` tells which.
 * - `skipped`: its turn came without a test; `reason` tells why.
 * - `not reached`: its turn did not come; `reason` tells what ended the list.
 * - `applied`: it did what `changes` say.
 * - `refused`: the request ends here with an error; `reason` tells why.
 * - `answered`: who answers in the end.
 */
export type EventResult =
  | 'begun'
  | 'read'
  | 'matched'
  | 'not matched'
  | 'skipped'
  | 'not reached'
  | 'applied'
  | 'refused'
  | 'answered';

/** A test: is the subject like the pattern? */
export interface Comparison {
  /** What was looked at, expanded. */
  readonly subject: string;
  /** As in the file, without `!`: a regular expression, an expression, an operator with its value (`-f`, `=on`). */
  readonly pattern: string;
  readonly isNegated?: boolean;
  readonly isCaseless?: boolean;
}

/** Something that is different now. */
export interface Change {
  readonly what:
    | 'uri'
    | 'file'
    | 'path info'
    | 'query'
    | 'status'
    | 'location'
    | 'variable'
    | 'request header'
    | 'response header'
    | 'cookie'
    | 'handler'
    | 'content type'
    | 'encoding'
    | 'language'
    | 'user';
  /** Of a variable, header or cookie. */
  readonly name?: string;
  /** Null or absent: there was none. */
  readonly before?: string | null;
  /** Null: it is gone. */
  readonly after: string | null;
}

/** A change of a single value; undefined where nothing is different. */
export function changeOf(
  what: Change['what'],
  before: string | null | undefined,
  after: string | null | undefined,
): Change | undefined {
  return (before ?? null) === (after ?? null)
    ? undefined
    : { what, before: before ?? null, after: after ?? null };
}

/** The changes among some that may be none. */
export function onlyChanges(changes: readonly (Change | undefined)[]): readonly Change[] {
  return changes.filter((change) => change !== undefined);
}
