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
const ATOM = String.raw`(?:[^\\[\](){}^$|*+?]|${ESCAPE}|${CLASS})${LOOP}`;
/** A group may not be counted: what is counted twice multiplies. */
const GROUP_END = String.raw`\)(?:[*+?][+?]?)?`;
const PLAIN = new RegExp(String.raw`^(?:${ATOM}|[\^$|]|\((?:\?[:=!])?|${GROUP_END})*$`, 's');

/** Groups within each other. */
const DEEPEST = 2;

/** Whether the parentheses of a pattern, which is otherwise plain, are pairs. */
function hasPairs(pattern: string): boolean {
  let depth = 0;
  let isInClass = false;
  for (let at = 0; at < pattern.length && depth >= 0 && depth <= DEEPEST; at++) {
    const c = pattern.charCodeAt(at);
    if (c === BACKSLASH) at += 1;
    else if (isInClass) isInClass = c !== CLASS_END;
    else if (c === CLASS_START) isInClass = true;
    else if (c === OPEN) depth += 1;
    else if (c === CLOSE) depth -= 1;
  }
  return depth === 0;
}

const [BACKSLASH, CLASS_START, CLASS_END, OPEN, CLOSE] = [0x5c, 0x5b, 0x5d, 0x28, 0x29];

/** True for a pattern that certainly compiles; false says nothing. Takes time in proportion to the pattern. */
export function isPlain(pattern: string, options: RegexOptions): boolean {
  const isShort = options.extended !== true && pattern.length <= LONGEST;
  return isShort && PLAIN.test(pattern) && hasPairs(pattern);
}
