import { isAtLeast, type HostProfile } from '../host';
import { APACHE_REGEX, compileRegex, isRegexProblem, type Regex, type RegexOptions } from '../regex';

/** Patterns that are kept compiled, for files that are read again and again while somebody writes them. */
const MOST_KEPT = 20_000;

const kept = new Map<string, Regex | undefined>();

/** A regular expression as the host's Apache compiles it: since 2.4.41 `.` takes a line end and `$` only the very end. Undefined when PCRE refuses it. */
export function compilePattern(host: HostProfile, pattern: string, caseless = false): Regex | undefined {
  const isModern = isAtLeast(host, 41);
  const key = `${isModern ? 'm' : 'o'}${caseless ? 'i' : 's'}${pattern}`;
  if (kept.has(key)) return kept.get(key);
  const options: RegexOptions = isModern ? APACHE_REGEX : { duplicateNames: true };
  const compiled = compileRegex(pattern, { ...options, caseless });
  const regex = isRegexProblem(compiled) ? undefined : compiled;
  if (kept.size >= MOST_KEPT) kept.clear();
  kept.set(key, regex);
  return regex;
}
