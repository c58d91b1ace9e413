/**
 * Patterns of which a look at their characters tells that PCRE2 compiles them. Most patterns of a .htaccess are among them,
 * so that a file with thousands can be judged before any of them is parsed.
 */
import type { RegexOptions } from './index';

/** No loop, group or class of these can make a pattern of this length too large. */
const LONGEST = 1000;

const ESCAPE = String.raw`\\[^A-Za-z0-9]|\\[dDwWsS]`;
/** Only these ranges; another hyphen only first or last. What could begin a POSIX class is left out. */
const CLASS = String.raw`\[(?![:.=])\^?-?(?:(?:a-z|A-Z|0-9|a-f|A-F|[^\\[\]\-^a-zA-Z0-9]|[a-zA-Z0-9](?!-)|${ESCAPE})(?!-[^\]]))+-?\]`;
/** Least and most in their order. */
const COUNT = String.raw`\{(?:\d{1,2},?|0,\d{1,2}|1,[1-9]\d?|[2-9],[1-9]\d|2,[2-9])\}`;
const LOOP = String.raw`(?:[*+?][+?]?|${COUNT})?`;
const SINGLE = String.raw`(?:[^\\[\](){}^$|*+?]|${ESCAPE}|${CLASS})${LOOP}|[\^$|]`;

/** A group within one may not be counted: what is counted twice multiplies. */
const group = (inner: string): string => String.raw`\((?:\?[:=!])?(?:${inner})*\)(?:[*+?][+?]?)?`;

const INNER = group(SINGLE);
const MIDDLE = group(`${SINGLE}|${INNER}`);
const PLAIN = new RegExp(`^(?:${SINGLE}|${MIDDLE})*$`, 's');

/** True for a pattern that certainly compiles; false says nothing. Takes time in proportion to the pattern. */
export function isPlain(pattern: string, options: RegexOptions): boolean {
  return options.extended !== true && pattern.length <= LONGEST && PLAIN.test(pattern);
}
