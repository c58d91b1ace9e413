import { compilePattern } from '../../config/compile';
import type { LineContent } from '../../config/directive';
import { TextCache } from '../../config/textCache';
import type { HostProfile } from '../../host';
import type { Regex } from '../../regex';
import type { Command, Origin } from '../define';
import { eachFlag, splitArguments } from './arguments';
import type { RewriteCondition, RewriteRule, RuleFlags } from './config';
import { noFlags, setRuleFlag } from './flags';

/** What the arguments of a RewriteRule say. */
type RuleParts = Pick<RewriteRule, 'pattern' | 'regex' | 'isNegated' | 'substitution' | 'flags'>;

/**
 * A rule that Apache takes. Its arguments are read again when it is asked for: most of the thousands of rules of a large file are
 * judged, and never looked at.
 */
export class WrittenRule implements RewriteRule {
  readonly conditions: readonly RewriteCondition[];
  readonly line: number;
  readonly #content: LineContent;
  readonly #host: HostProfile;
  /** As in its origin. */
  readonly #file: string | undefined;
  readonly #firstLine: number | undefined;
  #parts: RuleParts | undefined;

  /** `known` is the same rule at another place, or behind other conditions. */
  constructor(cmd: Command, conditions: readonly RewriteCondition[], known?: WrittenRule) {
    const { content, line } = cmd.directive;
    const { file, firstLine } = cmd.origin;
    this.conditions = conditions;
    this.line = line;
    this.#content = content;
    this.#host = cmd.host;
    this.#file = file;
    this.#firstLine = firstLine;
    this.#parts = known === undefined ? undefined : known.#parts;
  }

  /** Whether the rule stands where it was last read: then nothing of it is new. */
  standsAt(cmd: Command): boolean {
    const { file, firstLine } = cmd.origin;
    return this.line === cmd.directive.line && this.#file === file && this.#firstLine === firstLine;
  }

  get args(): string {
    return this.#content.args;
  }

  get origin(): Origin {
    const { line } = this;
    const file = this.#file;
    if (file === undefined) return {};
    return this.#firstLine === undefined ? { file, line } : { file, line, firstLine: this.#firstLine };
  }

  get pattern(): string {
    return this.#read().pattern;
  }

  get regex(): Regex {
    return this.#read().regex;
  }

  get isNegated(): boolean {
    return this.#read().isNegated;
  }

  get substitution(): string {
    return this.#read().substitution;
  }

  get flags(): Readonly<RuleFlags> {
    return this.#read().flags;
  }

  #read(): RuleParts {
    // What was taken once is not refused now.
    this.#parts ??= readRule(this.args, {
      compile: (pattern, options) => compilePattern(this.#host, pattern, options?.caseless),
    }) as RuleParts;
    return this.#parts;
  }
}

/** The parts of a rule, or mod_rewrite's refusal of it. */
export function readRule(args: string, compiler: Pick<Command, 'compile'>): RuleParts | string {
  const split = splitArguments(args);
  if (split === undefined) return `RewriteRule: bad argument line '${args}'`;
  const given = split.flags === undefined ? WITHOUT_FLAGS : flagsOf(split.flags);
  if (typeof given === 'string') return `RewriteRule: ${given}`;
  const isNegated = split.first.startsWith('!');
  const pattern = isNegated ? split.first.slice(1) : split.first;
  const regex = compiler.compile(pattern, { caseless: given.noCase });
  if (regex === undefined) return `RewriteRule: cannot compile regular expression '${pattern}'`;
  return { pattern, regex, isNegated, ...readSubstitution(split.second, given) };
}

const WITHOUT_FLAGS: Readonly<RuleFlags> = noFlags();

/** Flags that many rules share, before a substitution adds to them; or mod_rewrite's refusal. */
const KNOWN_FLAGS = new TextCache<Readonly<RuleFlags> | string>();

/** Longer ones name something, and are hardly shared. */
const LONGEST_SHARED = 24;

function flagsOf(text: string): Readonly<RuleFlags> | string {
  return text.length > LONGEST_SHARED ? parseFlags(text) : KNOWN_FLAGS.get(text, parseFlags);
}

function parseFlags(text: string): Readonly<RuleFlags> | string {
  const flags = noFlags();
  return eachFlag(text, (key, value) => setRuleFlag(flags, key, value)) ?? flags;
}

/** Sets one more flag; rules that have the same flags go on to share them. */
function adding(
  flag: 'noSubstitution' | 'queryLast' | 'queryNone',
): (flags: Readonly<RuleFlags>) => Readonly<RuleFlags> {
  const known = new WeakMap<Readonly<RuleFlags>, Readonly<RuleFlags>>();
  return (flags) => {
    let more = known.get(flags);
    if (more === undefined) known.set(flags, (more = { ...flags, [flag]: true }));
    return more;
  };
}

const withoutSubstitution = adding('noSubstitution');
const withLastQuery = adding('queryLast');
const withoutQuery = adding('queryNone');

/** The substitution without a literal `?` at its end, which only says what becomes of the query. */
function readSubstitution(
  written: string,
  given: Readonly<RuleFlags>,
): Pick<RewriteRule, 'substitution' | 'flags'> {
  const flags = written === '-' ? withoutSubstitution(given) : given;
  if (written.endsWith('?')) {
    if (flags.queryAppend) return { substitution: written, flags: withLastQuery(flags) };
    return { substitution: written.slice(0, -1), flags: withoutQuery(flags) };
  }
  const isDropped = flags.queryDiscard && !written.includes('?');
  return { substitution: written, flags: isDropped ? withoutQuery(flags) : flags };
}
