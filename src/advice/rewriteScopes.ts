import { CommandState } from '../apache/config/command';
import { eachFlag, splitArguments } from '../apache/modules/mod_rewrite/arguments';
import {
  createRewriteConfig,
  type RewriteCondition,
  type RewriteOptions,
  type RewriteRule,
} from '../apache/modules/mod_rewrite/config';
import { addCondition, addOptions, addRule } from '../apache/modules/mod_rewrite/parse';
import { readWords, skipSpace } from '../apache/syntax/words';
import type { Span } from '../text/lines';
import type { ActiveDirective, Scope } from './directives';
import type { AdviceSurroundings } from './file';

/** A flag of a rule or condition; offsets in the directive's arguments. */
export interface FlagFacts extends Span {
  /** In lower case. */
  readonly name: string;
  readonly value: string;
}

/** Where the parts of a RewriteRule or RewriteCond stand in its arguments, without quotes. */
export interface RewriteParts {
  /** The pattern of a rule, the test string of a condition. */
  readonly first: Span;
  /** The substitution of a rule, the pattern of a condition. */
  readonly second: Span;
  /** With the brackets. */
  readonly flags: Span | undefined;
  readonly eachFlag: readonly FlagFacts[];
}

/** A RewriteCond in its place. */
export interface ConditionFacts extends RewriteParts {
  readonly directive: ActiveDirective;
  readonly condition: RewriteCondition;
}

/** A RewriteRule in its place, with the conditions before it. */
export interface RuleFacts extends RewriteParts {
  readonly directive: ActiveDirective;
  readonly rule: RewriteRule;
  readonly conditions: readonly ConditionFacts[];
}

/** What mod_rewrite keeps for one scope. */
export interface RewriteScope {
  readonly scope: Scope;
  /** All directives of mod_rewrite in it. */
  readonly directives: readonly ActiveDirective[];
  /** The last RewriteEngine; undefined where there is none. */
  readonly engine: { readonly on: boolean; readonly directive: ActiveDirective } | undefined;
  readonly base: ActiveDirective | undefined;
  readonly options: RewriteOptions;
  readonly rules: readonly RuleFacts[];
  /** Conditions that no rule follows. */
  readonly dangling: readonly ConditionFacts[];
}

/** Reads what each scope says to mod_rewrite, by mod_rewrite's own functions. Scopes without a word to it are left out. */
export function rewriteScopes(scopes: readonly Scope[], surroundings: AdviceSurroundings): RewriteScope[] {
  return scopes.flatMap((scope) => {
    const directives = scope.directives.filter(({ name }) => name.startsWith('rewrite'));
    return directives.length === 0 ? [] : [readScope(scope, directives, surroundings)];
  });
}

function readScope(
  scope: Scope,
  directives: readonly ActiveDirective[],
  { host, directory }: AdviceSurroundings,
): RewriteScope {
  const state = new CommandState(host, { directory });
  const config = createRewriteConfig(directory);
  const rules: RuleFacts[] = [];
  let waiting: ConditionFacts[] = [];
  for (const directive of directives) {
    const { name, args } = directive;
    state.standAt(directive.inTree);
    if (name === 'rewriteoptions') for (const word of readWords(args)) addOptions(state, config, word.value);
    if (name === 'rewritecond' && addCondition(state, config, args) === undefined) {
      const condition = config.conditions.at(-1);
      if (condition !== undefined) waiting.push({ directive, condition, ...partsOf(args) });
    }
    if (name === 'rewriterule' && addRule(state, config, args) === undefined) {
      const rule = config.rules.at(-1);
      if (rule !== undefined) rules.push({ directive, rule, conditions: waiting, ...partsOf(args) });
      waiting = [];
    }
  }
  const engine = directives.findLast(({ name }) => name === 'rewriteengine');
  return {
    scope,
    directives,
    engine: engine && { on: /^on$/i.test(readWords(engine.args)[0]?.value ?? ''), directive: engine },
    base: directives.findLast(({ name }) => name === 'rewritebase'),
    options: config.options,
    rules,
    dangling: waiting,
  };
}

/** Whether the rules behind one may see what it made of the path, in the same pass. */
export function handsOn({ rule: { flags } }: RuleFacts): boolean {
  return !(flags.noSubstitution || flags.last || flags.end || flags.passThrough || flags.proxy);
}

/** Whether all rules of a scope may be asked again in one pass, then about what the others made of the path. */
export const hasNewRound = ({ rules }: RewriteScope): boolean =>
  rules.some(({ rule }) => rule.flags.newRound);

const NOTHING: Span = { start: 0, end: 0 };

/** Finds the parts again that mod_rewrite's splitter gives: between them stand only blanks and quotes. */
function partsOf(args: string): RewriteParts {
  const split = splitArguments(args);
  if (split === undefined) return { first: NOTHING, second: NOTHING, flags: undefined, eachFlag: [] };
  const first = locate(args, split.first, skipSpace(args, 0));
  const second = locate(args, split.second, skipSpace(args, first.end));
  const flags = split.flags === undefined ? undefined : locate(args, split.flags, second.end);
  return {
    first,
    second,
    flags,
    eachFlag: flags === undefined ? [] : flagsIn(split.flags ?? '', flags.start),
  };
}

function locate(text: string, part: string, from: number): Span {
  const start = Math.max(text.indexOf(part, from), 0);
  return { start, end: start + part.length };
}

function flagsIn(text: string, offset: number): FlagFacts[] {
  const found: FlagFacts[] = [];
  let at = 1;
  eachFlag(text, (key, value) => {
    const written =
      value === '' && !text.startsWith(`${key}=`, text.indexOf(key, at)) ? key : `${key}=${value}`;
    const start = Math.max(text.indexOf(written, at), at);
    found.push({
      name: key.toLowerCase(),
      value,
      start: offset + start,
      end: offset + start + written.length,
    });
    at = start + written.length;
    return undefined;
  });
  return found;
}
