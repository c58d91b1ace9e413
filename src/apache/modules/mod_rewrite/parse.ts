import { readWords } from '../../syntax/words';
import type { Command, Origin, Refusal } from '../define';
import { eachFlag, splitArguments } from './arguments';
import type { ConditionTest, RewriteCondition, RewriteConfig, RewriteOptions } from './config';
import { readRule, WrittenRule } from './writtenRule';
import { lookup } from '../../../text/lookup';

/** A line's condition with what Apache logs about it, or mod_rewrite's refusal of it. */
type KeptCondition = { readonly condition: RewriteCondition; readonly warning: string | undefined } | string;

/** RewriteCond: a condition that waits for the next RewriteRule (cmd_rewritecond). */
export function addCondition(cmd: Command, config: RewriteConfig, args: string): Refusal {
  const { content } = cmd.directive;
  let kept = content.made as KeptCondition | undefined;
  if (kept === undefined || (typeof kept !== 'string' && !isAt(kept.condition, cmd)))
    content.made = kept = parseCondition(cmd, args, kept);
  if (typeof kept === 'string') return kept;
  if (kept.warning !== undefined) cmd.warn(kept.warning);
  config.conditions.push(kept.condition);
  return undefined;
}

/** Whether a line was last read at the very place where it stands now: then nothing of it is new. */
function isAt({ line, origin }: { readonly line: number; readonly origin: Origin }, cmd: Command): boolean {
  if (line !== cmd.directive.line) return false;
  const now = cmd.origin;
  return origin.file === now.file && origin.line === now.line && origin.firstLine === now.firstLine;
}

function parseCondition(
  cmd: Command,
  args: string,
  known: Exclude<KeptCondition, string> | undefined,
): KeptCondition {
  const { line } = cmd.directive;
  const { origin } = cmd;
  if (known === undefined) return readCondition(cmd, args, { line, origin });
  const { input, pattern, written, test, isNegated, noCase, orNext, noVary } = known.condition;
  return {
    condition: { input, pattern, written, test, isNegated, noCase, orNext, noVary, line, origin, args },
    warning: known.warning,
  };
}

function readCondition(
  cmd: Command,
  args: string,
  { line, origin }: Pick<RewriteCondition, 'line' | 'origin'>,
): KeptCondition {
  const split = splitArguments(args);
  if (split === undefined) return `RewriteCond: bad argument line '${args}'`;
  const flags = { noCase: false, orNext: false, noVary: false };
  if (split.flags !== undefined) {
    const refusal = eachFlag(split.flags, (key) => setConditionFlag(flags, key));
    if (refusal !== undefined) return `RewriteCond: ${refusal}`;
  }
  const bang = split.second.startsWith('!');
  const given = bang ? split.second.slice(1) : split.second;
  const operator = readOperator(split.first, given);
  const pattern = given.slice(operator.length);
  let warning: string | undefined;
  if (flags.noCase && operator.kind !== 'regex' && operator.kind !== 'string') {
    warning = `AH00665: RewriteCond: NoCase option for non-regex pattern '${pattern}' is not supported and will be ignored.`;
    flags.noCase = false;
  }
  const { noCase, orNext, noVary } = flags;
  const test = conditionTest(cmd, { operator, pattern, noCase });
  if ('refusal' in test) return test.refusal;
  const { first: input, second: written } = split;
  const isNegated = bang !== operator.inverts;
  return {
    condition: { input, pattern, written, test, isNegated, noCase, orNext, noVary, line, origin, args },
    warning,
  };
}

function setConditionFlag(
  flags: { noCase: boolean; orNext: boolean; noVary: boolean },
  key: string,
): string | undefined {
  const name = key.toLowerCase();
  if (name === 'nc' || name === 'nocase') flags.noCase = true;
  else if (name === 'or' || name === 'ornext') flags.orNext = true;
  else if (name === 'nv' || name === 'novary') flags.noVary = true;
  else return `unknown flag '${key}'`;
  return undefined;
}

/** The kind of a condition's pattern, and how many characters of it are the operator. */
interface Operator {
  readonly kind: 'regex' | 'expr' | 'integer' | 'string' | 'test';
  readonly length: number;
  /** `-ne` is `-eq` turned round. */
  readonly inverts: boolean;
  readonly word: string;
}

const FILE_TESTS: ReadonlySet<string> = new Set(['f', 's', 'd', 'x', 'h', 'L', 'l', 'U', 'F']);

function readOperator(input: string, pattern: string): Operator {
  const found = (kind: Operator['kind'], word: string, length = 0): Operator => ({
    kind,
    word,
    length,
    inverts: word === 'ne',
  });
  if (input.toLowerCase() === 'expr') return found('expr', '');
  if (pattern.length < 2) return found('regex', '');
  if (pattern.startsWith('-')) {
    if (pattern.length === 2 && FILE_TESTS.has(pattern.slice(1))) return found('test', pattern.slice(1));
    const word = /^-(lt|le|gt|ge|eq|ne)./s.exec(pattern)?.[1];
    return word === undefined ? found('regex', '') : found('integer', word, 3);
  }
  const sign = /^(?:[<>]=?|=)/.exec(pattern)?.[0];
  if (sign === undefined) return found('regex', '');
  return found('string', sign, pattern === '=""' ? 3 : sign.length);
}

const TEST_KINDS = {
  f: 'file',
  s: 'size',
  d: 'directory',
  x: 'executable',
  h: 'link',
  L: 'link',
  l: 'link',
  U: 'subrequestUri',
  F: 'subrequestFile',
} as const;

const INTEGER_OPERATORS = { lt: 'lt', le: 'le', gt: 'gt', ge: 'ge', eq: 'eq', ne: 'eq' } as const;

function conditionTest(
  cmd: Command,
  given: { operator: Operator; pattern: string; noCase: boolean },
): ConditionTest | { readonly refusal: string } {
  const { operator, pattern, noCase } = given;
  switch (operator.kind) {
    case 'test':
      return { kind: TEST_KINDS[operator.word as keyof typeof TEST_KINDS] };
    case 'integer':
      return {
        kind: 'integer',
        operator: INTEGER_OPERATORS[operator.word as keyof typeof INTEGER_OPERATORS],
      };
    case 'string':
      return { kind: 'string', operator: operator.word as '<' };
    case 'expr': {
      const parsed = cmd.parseExpr('RewriteCond', pattern);
      return 'refusal' in parsed ? parsed : { kind: 'expr', expr: parsed.expr };
    }
    case 'regex': {
      const regex = cmd.compile(pattern, { caseless: noCase });
      if (regex === undefined) {
        return { refusal: `RewriteCond: cannot compile regular expression '${pattern}'` };
      }
      return { kind: 'regex', regex };
    }
  }
}

/** RewriteRule, which takes the conditions before it (cmd_rewriterule). */
export function addRule(cmd: Command, config: RewriteConfig, args: string): Refusal {
  const conditions = config.conditions.length === 0 ? NO_CONDITIONS : config.conditions;
  if (conditions !== NO_CONDITIONS) config.conditions = [];
  const { content } = cmd.directive;
  const kept = content.made as WrittenRule | string | undefined;
  if (typeof kept === 'object' && kept.standsAt(cmd) && areSame(kept.conditions, conditions)) {
    config.rules.push(kept);
    return undefined;
  }
  if (typeof kept === 'string') return kept;
  const parts = kept === undefined ? readRule(args, cmd) : undefined;
  if (typeof parts === 'string') return (content.made = parts);
  const rule = new WrittenRule(cmd, conditions, kept);
  content.made = rule;
  config.rules.push(rule);
  return undefined;
}

const NO_CONDITIONS: readonly RewriteCondition[] = [];

const areSame = (some: readonly RewriteCondition[], others: readonly RewriteCondition[]): boolean =>
  some === others || (some.length === others.length && some.every((one, at) => one === others[at]));

const OPTIONS: Readonly<Record<string, keyof RewriteOptions | ''>> = {
  inherit: 'inherit',
  inheritbefore: 'inheritBefore',
  inheritdown: 'inheritDown',
  inheritdownbefore: 'inheritDownBefore',
  ignoreinherit: 'ignoreInherit',
  allownoslash: 'allowNoSlash',
  allowanyuri: '',
  mergebase: 'mergeBase',
  ignorecontextinfo: 'ignoreContextInfo',
  legacyprefixdocroot: '',
  unsafeprefixstat: '',
};

/** One word of RewriteOptions, which may itself be several words in quotes. */
export function addOptions(cmd: Command, config: RewriteConfig, value: string): Refusal {
  const words = readWords(value).map((word) => word.value);
  for (const word of words.length === 0 ? [''] : words) {
    const key = word.toLowerCase();
    if (key.startsWith('maxredirects=')) {
      cmd.warn(
        'AH00664: RewriteOptions: MaxRedirects option has been removed in favor of the global LimitInternalRecursion directive and will be ignored.',
      );
      continue;
    }
    const option = lookup(OPTIONS, key);
    if (option === undefined) return `RewriteOptions: unknown option '${word}'`;
    if (option !== '') config.options = { ...config.options, [option]: true };
  }
  config.areOptionsSet = true;
  return undefined;
}
