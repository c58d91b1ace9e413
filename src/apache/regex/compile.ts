/** From a pattern to something that can be executed; parsing at once, everything else when it is first needed. */
import type { Pattern } from './ast';
import { checkPattern, type LookbehindLengths } from './check';
import { errorText } from './errors';
import type { Regex, RegexMatch, RegexOptions, RegexProblem } from './index';
import { LIMIT, Matcher } from './match';
import { type Refusal, parsePattern } from './parse';
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
  const parsed = parsePattern(pattern, options);
  if (parsed.refusal !== undefined) return problemOf(parsed.refusal);
  const checked = checkPattern(parsed.pattern);
  if (checked.refusal !== undefined) return problemOf(checked.refusal);
  return new CompiledRegex(parsed.pattern, checked.lookbehindLengths, options);
}

class CompiledRegex implements Regex {
  readonly pattern: string;
  readonly groupCount: number;
  readonly groupNames: ReadonlyMap<string, readonly number[]>;
  private readonly tree: Pattern;
  private readonly lengths: LookbehindLengths;
  private readonly options: RegexOptions;
  private matcher: Matcher | undefined;

  constructor(tree: Pattern, lengths: LookbehindLengths, options: RegexOptions) {
    this.pattern = tree.source;
    this.groupCount = tree.groupCount;
    this.groupNames = tree.names;
    this.tree = tree;
    this.lengths = lengths;
    this.options = options;
  }

  exec(subject: string, from = 0): RegexMatch | null | 'limit' {
    return this.execOwn(subject, from);
  }

  /** As exec(), always by the own matcher. */
  execOwn(subject: string, from: number): RegexMatch | null | 'limit' {
    this.matcher ??= new Matcher(buildProgram(this.tree, this.lengths, this.options.dollarEndOnly === true));
    const result = this.matcher.run(subject, from);
    if (typeof result !== 'number') return result;
    return result === LIMIT ? 'limit' : null;
  }
}

/** Tells a refusal from a compiled pattern. */
export function isRegexProblem(result: Regex | RegexProblem): result is RegexProblem {
  return 'code' in result;
}

function problemOf({ code, offset }: Refusal): RegexProblem {
  return { code, message: errorText(code), offset };
}
