import {
  compileRegex,
  isRegexProblem,
  type Regex,
  type RegexMatch,
  type RegexOptions,
} from '../../../src/apache/regex';

/** What is told apart: the options that pcre2check understands, as bits of pcre2.h. */
export function optionBits(options: RegexOptions): number {
  return (
    (options.caseless ? 0x8 : 0) |
    (options.dollarEndOnly ? 0x10 : 0) |
    (options.dotAll ? 0x20 : 0) |
    (options.duplicateNames ? 0x40 : 0) |
    (options.extended ? 0x80 : 0) |
    (options.multiline ? 0x400 : 0)
  );
}

/** Our answer in the words of pcre2check.c. */
export function describeAnswer(
  pattern: string,
  options: RegexOptions,
  subjects: readonly string[],
  from = 0,
): string {
  const regex = compileRegex(pattern, options);
  if (isRegexProblem(regex)) return `E ${regex.code} ${regex.offset} ${regex.message}`;
  const answers = subjects.map((subject) => describeMatch(regex.exec(subject, from)));
  return ['M', regex.groupCount, describeNames(regex), ...answers].join(' ');
}

function describeMatch(match: RegexMatch | null | 'limit'): string {
  if (match === null) return 'n';
  return match === 'limit' ? 'l' : match.join(',');
}

function describeNames(regex: Regex): string {
  const entries = [...regex.groupNames].sort(([a], [b]) => (a < b ? -1 : 1));
  const names = entries.flatMap(([name, numbers]) => numbers.map((number) => `${name}=${number}`));
  return names.length === 0 ? '-' : names.join(',');
}
