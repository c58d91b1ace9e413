import * as path from 'node:path';

/** A place of a file that a text names. */
export interface NamedPlace {
  /** Offsets of the words that name it. */
  readonly start: number;
  readonly end: number;
  /** Absolute. */
  readonly file: string;
  /** 1-based. */
  readonly line: number;
}

/** How programs name a line of a file: Python; PHP; Perl; Ruby, PHP's stack and most others. One branch each. */
const PLACES =
  /File "(?<python>[^"\n]{1,1024})", line (?<pythonLine>\d{1,7})|in (?<php>\/[^\n:]{1,1024}?) on line (?<phpLine>\d{1,7})|at (?<perl>[^\s"'][^\n"']{0,1024}?) line (?<perlLine>\d{1,7})|(?<![\w:/])(?<other>\/[^\s/:()"'<>][^\s:()"'<>]{0,1023})(?::(?<colonLine>\d{1,7})\b|\((?<bracketLine>\d{1,7})\))/g;

/** Longest text that is searched. */
const LONGEST = 262_144;

/**
 * The places that a traceback or message of Python, Perl, PHP, Ruby or a similar language names, in order. Relative paths
 * begin at `folder`. Whether such a file exists is not asked.
 */
export function namedPlaces(text: string, folder: string): NamedPlace[] {
  return [...text.slice(0, LONGEST).matchAll(PLACES)].flatMap((match) => {
    const found = fileAndLine(match.groups ?? {});
    if (found === undefined) return [];
    const file = path.resolve(folder, found.file);
    return [{ start: match.index, end: match.index + match[0].length, file, line: found.line }];
  });
}

function fileAndLine(groups: Readonly<Record<string, string | undefined>>) {
  const { python, php, perl, other } = groups;
  const file = python ?? php ?? perl ?? other;
  const line = groups['pythonLine'] ?? groups['phpLine'] ?? groups['perlLine'];
  const number = Number(line ?? groups['colonLine'] ?? groups['bracketLine']);
  // `<string>` and `(eval 3)` are no files.
  if (file === undefined || number === 0 || /^[<(]/.test(file)) return undefined;
  return { file, line: number };
}
