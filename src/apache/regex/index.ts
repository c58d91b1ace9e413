/** How Apache compiles: RewriteRule and most others with DOTALL and DOLLAR_ENDONLY since 2.4.41, NC adds CASELESS. Never UTF. */
export interface RegexOptions {
  readonly caseless?: boolean;
  readonly dotAll?: boolean;
  readonly dollarEndOnly?: boolean;
  /** PCRE2_DUPNAMES. */
  readonly duplicateNames?: boolean;
  readonly multiline?: boolean;
  readonly extended?: boolean;
}

/** PCRE2's refusal of a pattern: its error number, its own text, and the offset (in bytes) that it reports. */
export interface RegexProblem {
  readonly code: number;
  readonly message: string;
  readonly offset: number;
}

/** A match: offsets in pairs, [start, end) of the whole and of each group; -1 where a group took no part. */
export type RegexMatch = Int32Array;

/** What every match of a pattern has, as numbers: to go through thousands of patterns in no time. */
export interface Needs {
  /** A bit for each byte (its value modulo 32, so that case does not matter) that the subject must have somewhere. */
  readonly letters: number;
  /** The first bytes of the subject, up to four, the first one lowest, and which bits of them are known. */
  readonly head: number;
  readonly headMask: number;
}

/** A compiled pattern over byte strings. */
export interface Regex {
  readonly pattern: string;
  /** Number of capturing groups, without group 0. */
  readonly groupCount: number;
  /** Names of groups with their numbers. */
  readonly groupNames: ReadonlyMap<string, readonly number[]>;
  /** Absent where nobody has looked. */
  readonly needs?: Needs;
  /** The leftmost match at or after `from`; null for none; 'limit' when PCRE2's match limit would have been reached (Apache takes it for no match). */
  exec(subject: string, from?: number): RegexMatch | null | 'limit';
}

export { headOf, lettersOf } from './prefilter';
export { APACHE_REGEX, compilePlain, compileRegex, isRegexProblem, parseRegex } from './compile';
export type { ParsedRegex } from './compile';
export type * from './ast';
