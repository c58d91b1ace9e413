import type { CompareOperator } from './ast';

/**
 * The tokens of Apache's expression language in the order in which its parser numbers them. The order shows: a
 * "syntax error, unexpected …, expecting … or …" names the expected tokens in it.
 */
// prettier-ignore
export const TOKENS = [
  '$end', 'T_TRUE', 'T_FALSE', 'T_EXPR_BOOL', 'T_EXPR_STRING', 'T_ERROR', 'T_DIGIT', 'T_ID', 'T_STRING', 'T_REGEX',
  'T_REGEX_I', 'T_REGEX_BACKREF', 'T_OP_UNARY', 'T_OP_BINARY', 'T_STR_BEGIN', 'T_STR_END', 'T_VAR_BEGIN', 'T_VAR_END',
  'T_OP_EQ', 'T_OP_NE', 'T_OP_LT', 'T_OP_LE', 'T_OP_GT', 'T_OP_GE', 'T_OP_REG', 'T_OP_NRE', 'T_OP_IN',
  'T_OP_STR_EQ', 'T_OP_STR_NE', 'T_OP_STR_LT', 'T_OP_STR_LE', 'T_OP_STR_GT', 'T_OP_STR_GE', 'T_OP_CONCAT',
  'T_OP_OR', 'T_OP_AND', 'T_OP_NOT', "'('", "')'", "'{'", "'}'", "','", "':'",
] as const;

export type TokenName = (typeof TOKENS)[number];

/** The names of what a rule of the grammar does once it is recognised; parser.ts has the code. */
export type ActionName =
  | 'pass second'
  | 'pass first'
  | 'abort'
  | 'literal'
  | 'not'
  | 'logical'
  | 'compare'
  | 'in'
  | 'match'
  | 'unary'
  | 'binary'
  | 'list'
  | 'first element'
  | 'next element'
  | 'list call'
  | 'concat parts'
  | 'concat words'
  | 'string'
  | 'digit'
  | 'empty string'
  | 'variable'
  | 'function in braces'
  | 'function'
  | 'regex'
  | 'backreference';

export interface Rule {
  readonly left: string;
  readonly right: readonly string[];
  readonly action: ActionName;
}

function rule(left: string, right: string, action: ActionName): Rule {
  return { left, right: right.split(' '), action };
}

/** The comparison operators' tokens and what they mean in the tree. */
export const COMPARE_TOKENS: ReadonlyMap<string, CompareOperator> = new Map([
  ['T_OP_EQ', '-eq'],
  ['T_OP_NE', '-ne'],
  ['T_OP_LT', '-lt'],
  ['T_OP_LE', '-le'],
  ['T_OP_GT', '-gt'],
  ['T_OP_GE', '-ge'],
  ['T_OP_STR_EQ', '=='],
  ['T_OP_STR_NE', '!='],
  ['T_OP_STR_LT', '<'],
  ['T_OP_STR_LE', '<='],
  ['T_OP_STR_GT', '>'],
  ['T_OP_STR_GE', '>='],
]);

/**
 * The grammar of ap_expr (manual: expr.html; its productions decide which tokens an error message names). The first
 * symbol's rules start a text: in a condition after T_EXPR_BOOL, in a string after T_EXPR_STRING.
 */
export const RULES: readonly Rule[] = [
  rule('root', 'T_EXPR_BOOL expr', 'pass second'),
  rule('root', 'T_EXPR_STRING string', 'pass second'),
  rule('root', 'T_ERROR', 'abort'),

  rule('expr', 'T_TRUE', 'literal'),
  rule('expr', 'T_FALSE', 'literal'),
  rule('expr', 'T_OP_NOT expr', 'not'),
  rule('expr', 'expr T_OP_OR expr', 'logical'),
  rule('expr', 'expr T_OP_AND expr', 'logical'),
  rule('expr', 'comparison', 'pass first'),
  rule('expr', 'T_OP_UNARY word', 'unary'),
  rule('expr', 'word T_OP_BINARY word', 'binary'),
  rule('expr', "'(' expr ')'", 'pass second'),
  rule('expr', 'T_ERROR', 'abort'),

  ...[...COMPARE_TOKENS.keys()].map((token) => rule('comparison', `word ${token} word`, 'compare')),
  rule('comparison', 'word T_OP_IN wordlist', 'in'),
  rule('comparison', 'word T_OP_REG regex', 'match'),
  rule('comparison', 'word T_OP_NRE regex', 'match'),

  rule('wordlist', 'lstfunccall', 'pass first'),
  rule('wordlist', "'{' words '}'", 'list'),
  rule('words', 'word', 'first element'),
  rule('words', "words ',' word", 'next element'),

  rule('string', 'string strpart', 'concat parts'),
  rule('string', 'strpart', 'pass first'),
  rule('string', 'T_ERROR', 'abort'),
  rule('strpart', 'T_STRING', 'string'),
  rule('strpart', 'var', 'pass first'),
  rule('strpart', 'backref', 'pass first'),

  rule('var', 'T_VAR_BEGIN T_ID T_VAR_END', 'variable'),
  rule('var', "T_VAR_BEGIN T_ID ':' string T_VAR_END", 'function in braces'),

  rule('word', 'T_DIGIT', 'digit'),
  rule('word', 'word T_OP_CONCAT word', 'concat words'),
  rule('word', 'var', 'pass first'),
  rule('word', 'backref', 'pass first'),
  rule('word', 'strfunccall', 'pass first'),
  rule('word', 'T_STR_BEGIN string T_STR_END', 'pass second'),
  rule('word', 'T_STR_BEGIN T_STR_END', 'empty string'),

  rule('regex', 'T_REGEX', 'regex'),
  rule('regex', 'T_REGEX_I', 'regex'),
  rule('backref', 'T_REGEX_BACKREF', 'backreference'),
  rule('lstfunccall', "T_ID '(' word ')'", 'list call'),
  rule('strfunccall', "T_ID '(' word ')'", 'function'),
];

/** Operators that bind rightwards, the loosest first. */
export const PRECEDENCE: readonly string[] = ['T_OP_OR', 'T_OP_AND', 'T_OP_NOT', 'T_OP_CONCAT'];
