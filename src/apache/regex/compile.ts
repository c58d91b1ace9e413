/**
 * From a pattern to something that can be executed; parsing at once, everything else when it is first needed.
 *
 * Known differences from libpcre2 10.42: over all starting points together a match may take TOTAL_STEPS (match.ts), where the library
 * counts each starting point for itself; after (*UTF), \C takes a whole character, characters above U+00FF match only as themselves,
 * and the part of a subject before `from` must be valid too; where the prefilter says no, a limit is not found out.
 */
import type { Pattern } from './ast';
import { checkPattern } from './check';
import { errorText } from './errors';
import type { Needs, Regex, RegexMatch, RegexOptions, RegexProblem } from './index';
import { LIMIT, Matcher } from './match';
import { nativeSource } from './native';
import { type Refusal, parsePattern } from './parse';
import { decodeUtf8 } from './startItems';
import { isPlain } from './plain';
import { mayMatch, needsOf, prefilterOf, type Prefilter } from './prefilter';
import { buildProgram } from './program';

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
  const plain = compilePlain(pattern, options);
  if (plain !== undefined) return plain;
  const parsed = parsePattern(pattern, options);
  if (parsed.refusal !== undefined) return problemOf(parsed.refusal);
  const { refusal } = checkPattern(parsed.pattern);
  if (refusal !== undefined) return problemOf(refusal);
  return new CompiledRegex(pattern, options, factsOf(parsed.pattern, options));
}

/** A pattern that is known to compile without being parsed, which costs next to nothing; undefined says nothing about any other. */
export function compilePlain(pattern: string, options: RegexOptions): Regex | undefined {
  return isPlain(pattern, options) ? new CompiledRegex(pattern, options) : undefined;
}

// What the built-in engine may cost: paths from one starting point, and over all of them. Beyond, the own matcher with its limits.
const NATIVE_PATHS = 1_000_000;
const NATIVE_TOTAL = 4_000_000;

/**
 * All that is kept of a tree: what the first, cheap test needs. Most of the thousands of patterns of a large file never match
 * anything, and the tree of one that does is made again.
 */
interface Facts {
  readonly groupCount: number;
  readonly groupNames: ReadonlyMap<string, readonly number[]>;
  readonly filter: Prefilter;
  readonly needs: Needs;
  readonly utf: boolean;
  /** The longest subject with which no engine can take long, so that PCRE2's limits are out of reach; below 0 for none. */
  readonly longestCheap: number;
}

function factsOf(tree: Pattern, options: RegexOptions): Facts {
  const { loops, groupLoops, choices, reference, verb } = tree.features;
  const isUnbounded = groupLoops > 0 || reference || verb;
  const fewPaths = choices <= NATIVE_PATHS ? Number.POSITIVE_INFINITY : 0;
  const paths = loops === 0 ? fewPaths : (NATIVE_PATHS / choices) ** (1 / loops);
  const total = (NATIVE_TOTAL / choices) ** (1 / (loops + 1));
  const filter = prefilterOf(tree, options.dollarEndOnly === true);
  return {
    groupCount: tree.groupCount,
    groupNames: tree.names,
    filter,
    needs: needsOf(filter),
    utf: tree.settings.utf,
    longestCheap: isUnbounded ? -1 : Math.floor(Math.min(paths, total)) - 1,
  };
}

/** A pattern that compiles. It is parsed when something about it is asked for the first time, where that was not needed before. */
class CompiledRegex implements Regex {
  readonly pattern: string;
  private readonly options: RegexOptions;
  private known: Facts | undefined;
  /** Undefined: not built yet; null: only the own matcher will do. */
  private native: RegExp | null | undefined;
  private nativeWithIndices: RegExp | undefined;
  private matcher: Matcher | undefined;

  constructor(pattern: string, options: RegexOptions, facts?: Facts) {
    this.pattern = pattern;
    this.options = options;
    this.known = facts;
    this.native = undefined;
    this.nativeWithIndices = undefined;
    this.matcher = undefined;
  }

  get groupCount(): number {
    return this.facts.groupCount;
  }

  get groupNames(): ReadonlyMap<string, readonly number[]> {
    return this.facts.groupNames;
  }

  get needs(): Needs {
    return this.facts.needs;
  }

  exec(subject: string, from = 0): RegexMatch | null | 'limit' {
    if (from < 0 || from > subject.length) return null;
    const { utf, longestCheap, filter } = this.facts;
    if (utf) return this.execUtf(subject, from);
    if (subject.length > longestCheap) return this.execOwn(subject, from);
    if (from === 0 && !mayMatch(filter, subject)) return null;
    if (this.native === undefined) this.native = this.buildNative();
    return this.native === null ? this.execOwn(subject, from) : this.execNative(this.native, subject, from);
  }

  private get facts(): Facts {
    return (this.known ??= factsOf(parsePattern(this.pattern, this.options).pattern, this.options));
  }

  /** As exec(), always by the own matcher. */
  private execOwn(subject: string, from: number): RegexMatch | null | 'limit' {
    this.matcher ??= this.buildMatcher();
    const result = this.matcher.run(subject, from);
    if (typeof result !== 'number') return result;
    return result === LIMIT ? 'limit' : null;
  }

  /** After (*UTF) the matcher sees one character for each sequence of bytes; offsets stay those of bytes. */
  private execUtf(subject: string, from: number): RegexMatch | null | 'limit' {
    const decoded = decodeUtf8(subject);
    if (decoded === undefined) return null;
    const start = decoded.offsets.indexOf(from);
    if (start < 0) return null;
    const match = this.execOwn(decoded.text, start);
    return match instanceof Int32Array ? match.map((at) => (at < 0 ? at : decoded.offsets[at]!)) : match;
  }

  private buildMatcher(): Matcher {
    const { pattern } = parsePattern(this.pattern, this.options);
    const { lookbehindLengths } = checkPattern(pattern);
    return new Matcher(buildProgram(pattern, lookbehindLengths, this.options.dollarEndOnly === true));
  }

  private buildNative(): RegExp | null {
    const { pattern } = parsePattern(this.pattern, this.options);
    const source = nativeSource(pattern, this.options.dollarEndOnly === true);
    return source === undefined ? null : new RegExp(source, 'g');
  }

  private execNative(native: RegExp, subject: string, from: number): RegexMatch | null {
    native.lastIndex = from;
    if (this.groupCount === 0) {
      const match = native.exec(subject);
      return match === null ? null : Int32Array.of(match.index, native.lastIndex);
    }
    if (!native.test(subject)) return null;
    const vector = new Int32Array(2 * this.groupCount + 2).fill(-1);
    this.nativeWithIndices ??= new RegExp(native.source, 'dg');
    this.nativeWithIndices.lastIndex = from;
    const { indices } = this.nativeWithIndices.exec(subject)!;
    indices!.forEach((pair, group) => pair && vector.set(pair, 2 * group));
    return vector;
  }
}

/** Tells a refusal from a compiled pattern. */
export function isRegexProblem(result: Regex | RegexProblem): result is RegexProblem {
  return 'code' in result;
}

function problemOf({ code, offset }: Refusal): RegexProblem {
  return { code, message: errorText(code), offset };
}
