import { readWords } from '../../syntax/words';
import type { Command, Refusal } from '../define';
import { eachFlag, splitArguments } from './arguments';
import type { ConditionTest, RewriteConfig, RewriteOptions, RuleFlags } from './config';
import { noFlags, setRuleFlag } from './flags';

/** RewriteCond: a condition that waits for the next RewriteRule (cmd_rewritecond). */
export function addCondition(cmd: Command, config: RewriteConfig, args: string): Refusal {
  const split = splitArguments(args);
  if (split === undefined) return `RewriteCond: bad argument line '${args}'`;
  const flags = { noCase: false, orNext: false, noVary: false };
  if (split.flags !== undefined) {
    const refusal = eachFlag(split.flags, (key) => setConditionFlag(flags, key));
    if (refusal !== undefined) return `RewriteCond: ${refusal}`;
  }
  const bang = split.second.startsWith('!');
  const written = bang ? split.second.slice(1) : split.second;
  const operator = readOperator(split.first, written);
  const pattern = written.slice(operator.length);
  if (flags.noCase && operator.kind !== 'regex' && operator.kind !== 'string') {
    cmd.warn(
      `AH00665: RewriteCond: NoCase option for non-regex pattern '${pattern}' is not supported and will be ignored.`,
    );
    flags.noCase = false;
  }
  const test = conditionTest(cmd, { operator, pattern, noCase: flags.noCase });
  if ('refusal' in test) return test.refusal;
  config.conditions.push({
    input: split.first,
    pattern,
    written: split.second,
    test,
    isNegated: bang !== operator.inverts,
    ...flags,
    line: cmd.directive.line,
  });
  return undefined;
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
  const split = splitArguments(args);
  if (split === undefined) return `RewriteRule: bad argument line '${args}'`;
  const flags = noFlags();
  if (split.flags !== undefined) {
    const refusal = eachFlag(split.flags, (key, value) => setRuleFlag(flags, key, value));
    if (refusal !== undefined) return `RewriteRule: ${refusal}`;
  }
  const isNegated = split.first.startsWith('!');
  const pattern = isNegated ? split.first.slice(1) : split.first;
  const regex = cmd.compile(pattern, { caseless: flags.noCase });
  if (regex === undefined) return `RewriteRule: cannot compile regular expression '${pattern}'`;
  const substitution = readSubstitution(split.second, flags);
  const { conditions } = config;
  config.conditions = [];
  config.rules.push({
    pattern,
    regex,
    isNegated,
    substitution,
    conditions,
    flags,
    line: cmd.directive.line,
    origin: cmd.path,
  });
  return undefined;
}

/** The substitution without a literal `?` at its end, which only says what becomes of the query. */
function readSubstitution(written: string, flags: RuleFlags): string {
  if (written === '-') flags.noSubstitution = true;
  if (written.endsWith('?')) {
    if (flags.queryAppend) {
      flags.queryLast = true;
      return written;
    }
    flags.queryNone = true;
    return written.slice(0, -1);
  }
  if (flags.queryDiscard && !written.includes('?')) flags.queryNone = true;
  return written;
}

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
  for (const { value: word } of readWords(value)) {
    const key = word.toLowerCase();
    if (key.startsWith('maxredirects=')) {
      cmd.warn(
        'AH00664: RewriteOptions: MaxRedirects option has been removed in favor of the global LimitInternalRecursion directive and will be ignored.',
      );
      continue;
    }
    const option = Object.hasOwn(OPTIONS, key) ? OPTIONS[key] : undefined;
    if (option === undefined) return `RewriteOptions: unknown option '${word}'`;
    if (option !== '') config.options = { ...config.options, [option]: true };
  }
  config.areOptionsSet = true;
  return undefined;
}
