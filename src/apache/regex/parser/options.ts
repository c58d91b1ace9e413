/** Option bits that a pattern can change on its way. */
export const CASELESS = 1;
export const DOT_ALL = 2;
export const DUPLICATE_NAMES = 4;
export const EXTENDED = 8;
export const EXTENDED_MORE = 16;
export const MULTILINE = 32;
export const NO_AUTO_CAPTURE = 64;
export const UNGREEDY = 128;

/** By the letter that sets or unsets them, as in `(?i)`. */
export const optionLetters: Readonly<Record<string, number>> = {
  J: DUPLICATE_NAMES,
  i: CASELESS,
  m: MULTILINE,
  n: NO_AUTO_CAPTURE,
  s: DOT_ALL,
  U: UNGREEDY,
  x: EXTENDED,
};

/** The library's limits. */
export const MAX_DEPTH = 250;
export const MAX_GROUPS = 65535;
export const MAX_NAME_LENGTH = 32;

export interface ParseOptions {
  readonly caseless?: boolean;
  readonly dotAll?: boolean;
  readonly duplicateNames?: boolean;
  readonly multiline?: boolean;
  readonly extended?: boolean;
}

/** The bits of what holds from the beginning. */
export function initialOptions(options: ParseOptions): number {
  return (
    (options.caseless ? CASELESS : 0) |
    (options.dotAll ? DOT_ALL : 0) |
    (options.duplicateNames ? DUPLICATE_NAMES : 0) |
    (options.multiline ? MULTILINE : 0) |
    (options.extended ? EXTENDED : 0)
  );
}
