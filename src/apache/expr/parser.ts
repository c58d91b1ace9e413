import { USUAL_MODULES } from '../host';
import type { Regex, RegexOptions, RegexProblem } from '../regex';
import type { BinaryNode, ConditionNode, Expr, ExprNode, ListNode, RegexNode, UnaryNode, WordNode } from './ast';
import { STATES, type State } from './automaton';
import { COMPARE_TOKENS, type ActionName, type Rule } from './grammar';
import { lookUpName, type NameAnswer, type NameKind } from './names';
import { Scanner, type Token } from './scanner';

/** Compiles a pattern, as `compileRegex` of the regex room. */
export type RegexCompiler = (pattern: string, options: RegexOptions) => Regex | RegexProblem;

export interface ExprOptions {
  /** 'condition' for `<If>` and the like; 'string' for a text with variables in it (`Redirect`, `Header … expr=`). */
  readonly mode: 'condition' | 'string';
  readonly compileRegex: RegexCompiler;
  /** The N of Apache 2.4.N; 71 when absent. */
  readonly patch?: number;
  /** Loaded modules by name, which decide on `%{SSL_…}` and others; a usual host's when absent. */
  readonly modules?: readonly string[];
  /** True where file() and filesize() are refused: see `isRestricted` in places.ts. */
  readonly restricted?: boolean;
}

/** Apache's refusal of an expression, without the words that the directive puts before it. */
export interface ExprProblem {
  readonly message: string;
  /** Where the offending token or name stands, [offset, offset + length) in bytes. */
  readonly offset: number;
  readonly length: number;
  /** True where Apache does not answer at all: the process that reads this text ends itself. */
  readonly fatal?: true;
}

/** A tree, or a problem; beside a problem with names alone stands the tree with those names marked as unknown. */
export type ParsedExpr = { readonly ast: Expr } | { readonly problem: ExprProblem; readonly ast?: Expr };

/** YYMAXDEPTH: with as many states on its stack the parser gives up. */
const MAX_DEPTH = 10_000;

/**
 * Parses an expression as Apache's ap_expr_parse does: same verdict, same words. Never throws; time is linear.
 * @param text byte string, after the directive's own quotes and escapes are removed
 */
export function parseExpr(text: string, options: ExprOptions): ParsedExpr {
  return new Parser(text, options).run();
}

/** One entry of the parser's stack. */
interface Entry {
  readonly state: number;
  readonly start: number;
  readonly end: number;
  readonly text: string;
  readonly node: ExprNode | undefined;
}

interface Detail {
  readonly message: string;
  readonly offset: number;
  readonly length: number;
}

type Outcome = 'continue' | 'accepted' | 'aborted' | Detail;

class Parser {
  readonly #text: string;
  readonly #options: ExprOptions;
  readonly #modules: ReadonlySet<string>;
  readonly #scanner: Scanner;
  readonly #stack: Entry[] = [{ state: 0, start: 0, end: 0, text: '', node: undefined }];
  #lookahead: Token | undefined;
  /** The last complaint of scanner or names; Apache appends it to a syntax error, or reports it alone. */
  #detail: Detail | undefined;
  #failure: Detail | undefined;
  #root: ExprNode | undefined;

  constructor(text: string, options: ExprOptions) {
    this.#text = text;
    this.#options = options;
    this.#modules = new Set(options.modules ?? USUAL_MODULES);
    this.#scanner = new Scanner(text, options.mode === 'string');
  }

  run(): ParsedExpr {
    for (;;) {
      const outcome = this.#step();
      if (outcome === 'continue') continue;
      if (typeof outcome === 'object') this.#failure = outcome;
      return this.#result();
    }
  }

  #result(): ParsedExpr {
    const { mode } = this.#options;
    const ast = this.#root && ({ mode, root: this.#root, text: this.#text } as Expr);
    if (this.#lookahead?.name === 'jammed') return { problem: jam(this.#lookahead) };
    const problem = this.#problem();
    if (problem) return ast ? { problem, ast } : { problem };
    return ast ? { ast } : { problem: { message: 'syntax error', offset: 0, length: this.#text.length } };
  }

  #problem(): ExprProblem | undefined {
    const failure = this.#failure;
    const detail = this.#detail;
    if (!failure || !detail) return failure ?? detail;
    return { ...failure, message: `${failure.message}: ${detail.message}` };
  }

  #step(): Outcome {
    if (this.#stack.length >= MAX_DEPTH) return this.#here('memory exhausted');
    const state = STATES[this.#top().state] as State;
    if (state.accept) return 'accepted';
    if (state.shift.size === 0) return this.#reduce(state.reduce as Rule);
    this.#lookahead ??= this.#read();
    const target = state.shift.get(this.#lookahead.name);
    if (target !== undefined) return this.#shift(target, this.#lookahead);
    if (this.#lookahead.name === 'jammed') return 'aborted';
    return state.reduce ? this.#reduce(state.reduce) : this.#here(syntaxError(state, this.#lookahead));
  }

  #top(): Entry {
    return this.#stack.at(-1) as Entry;
  }

  #read(): Token {
    const token = this.#scanner.next();
    if (token.name === 'T_ERROR') this.#note(token.text, token);
    return token;
  }

  #note(message: string, at: { readonly start: number; readonly end: number }): void {
    this.#detail = { message, offset: at.start, length: at.end - at.start };
  }

  #here(message: string): Detail {
    const { start, end } = this.#lookahead ?? this.#top();
    return { message, offset: start, length: end - start };
  }

  #shift(state: number, { start, end, text }: Token): Outcome {
    this.#stack.push({ state, start, end, text, node: undefined });
    this.#lookahead = undefined;
    return 'continue';
  }

  #reduce(rule: Rule): Outcome {
    const entries = this.#stack.splice(-rule.right.length);
    if (rule.action === 'abort') return 'aborted';
    const span = { start: entries[0]?.start ?? 0, end: entries.at(-1)?.end ?? 0 };
    const node = this.#build(rule, entries, span);
    if (!node) return { message: 'Failed to compile regular expression', offset: span.start, length: span.end - span.start };
    if (rule.left === 'root') this.#root = node;
    const state = STATES[this.#top().state]?.goto.get(rule.left) ?? 0;
    this.#stack.push({ ...span, state, text: '', node });
    return 'continue';
  }

  /** The node of a recognised rule; undefined for a pattern that does not compile. */
  #build(rule: Rule, entries: readonly Entry[], span: Place): ExprNode | undefined {
    const parts: Parts = { rule, entries, span, provide: (query) => this.#provide(query) };
    return rule.action === 'regex' ? this.#compile(parts) : BUILDERS[rule.action]?.(parts);
  }

  #compile({ rule, entries, span }: Parts): RegexNode | undefined {
    const caseless = rule.right[0] === 'T_REGEX_I';
    const pattern = entries[0]?.text ?? '';
    const modern = (this.#options.patch ?? 71) >= 41;
    const regex = this.#options.compileRegex(pattern, {
      caseless,
      dotAll: modern,
      dollarEndOnly: modern,
      duplicateNames: true,
    });
    return 'exec' in regex ? { kind: 'regex', pattern, caseless, regex, ...span } : undefined;
  }

  #provide(query: ProvideQuery): NameAnswer {
    const { kind, entry, argument } = query;
    const constant = argument?.kind === 'string' ? argument.value : undefined;
    const answer = lookUpName(
      { kind, name: entry.text, argument: constant },
      {
        patch: this.#options.patch ?? 71,
        modules: this.#modules,
        restricted: this.#options.restricted ?? false,
      },
    );
    if ('problem' in answer) this.#note(answer.problem, entry);
    return answer;
  }
}

interface Place {
  readonly start: number;
  readonly end: number;
}

interface ProvideQuery {
  readonly kind: NameKind;
  readonly entry: Entry;
  readonly argument?: WordNode;
}

interface Parts {
  readonly rule: Rule;
  readonly entries: readonly Entry[];
  readonly span: Place;
  readonly provide: (query: ProvideQuery) => NameAnswer;
}

function jam(token: Token): ExprProblem {
  return { message: 'flex scanner jammed', offset: token.start, length: token.end - token.start, fatal: true };
}

/** bison's words: at most four expected tokens are named; with more, none. */
function syntaxError(state: State, lookahead: Token): string {
  const expected = [...state.shift.keys()];
  const list = expected.length > 4 ? '' : `, expecting ${expected.join(' or ')}`;
  return `syntax error, unexpected ${lookahead.name}${list}`;
}

function nodeAt<T extends ExprNode>({ entries }: Parts, at: number): T {
  return entries[at]?.node as T;
}

function entryAt({ entries }: Parts, at: number): Entry {
  return entries[at] as Entry;
}

/** Name fields of a node, and whether the name is known. */
function named(parts: Parts, at: number, query: Omit<ProvideQuery, 'entry'>) {
  const entry = entryAt(parts, at);
  const answer = parts.provide({ ...query, entry });
  const found = 'found' in answer;
  const fields = { name: entry.text, nameStart: entry.end - entry.text.length, known: found };
  return { fields, subnet: found ? answer.subnet : undefined };
}

function call(parts: Parts, name: number, argument: number): ExprNode {
  const node = nodeAt<WordNode>(parts, argument);
  return {
    kind: 'call',
    ...named(parts, name, { kind: 'function', argument: node }).fields,
    argument: node,
    ...parts.span,
  };
}

function unary(parts: Parts): UnaryNode {
  const argument = nodeAt<WordNode>(parts, 1);
  const { fields, subnet } = named(parts, 0, { kind: 'unary', argument });
  return { kind: 'unary', ...fields, argument, subnet, ...parts.span };
}

function binary(parts: Parts): BinaryNode {
  const right = nodeAt<WordNode>(parts, 2);
  const { fields, subnet } = named(parts, 1, { kind: 'binary', argument: right });
  return { kind: 'binary', ...fields, left: nodeAt(parts, 0), right, subnet, ...parts.span };
}

/** Adds to the growing list in place, so that a long list takes linear time. */
function nextElement(parts: Parts): ListNode {
  const elements = nodeAt<ListNode>(parts, 0).elements as WordNode[];
  elements.push(nodeAt(parts, 2));
  return { kind: 'list', elements, ...parts.span };
}

function concat(parts: Parts, right: number): ExprNode {
  return { kind: 'concat', left: nodeAt(parts, 0), right: nodeAt(parts, right), ...parts.span };
}

const BUILDERS: Readonly<Partial<Record<ActionName, (parts: Parts) => ExprNode>>> = {
  'pass first': (parts) => nodeAt(parts, 0),
  'pass second': (parts) => nodeAt(parts, 1),
  literal: ({ rule, span }) => ({ kind: rule.right[0] === 'T_TRUE' ? 'true' : 'false', ...span }),
  not: (parts) => ({ kind: 'not', operand: nodeAt(parts, 1), ...parts.span }),
  logical: (parts) => ({
    kind: parts.rule.right[1] === 'T_OP_OR' ? 'or' : 'and',
    left: nodeAt<ConditionNode>(parts, 0),
    right: nodeAt<ConditionNode>(parts, 2),
    ...parts.span,
  }),
  compare: (parts) => ({
    kind: 'compare',
    operator: COMPARE_TOKENS.get(parts.rule.right[1] ?? '') ?? '==',
    left: nodeAt(parts, 0),
    right: nodeAt(parts, 2),
    ...parts.span,
  }),
  in: (parts) => ({ kind: 'in', needle: nodeAt(parts, 0), haystack: nodeAt(parts, 2), ...parts.span }),
  match: (parts) => ({
    kind: 'match',
    negated: parts.rule.right[1] === 'T_OP_NRE',
    subject: nodeAt(parts, 0),
    regex: nodeAt(parts, 2),
    ...parts.span,
  }),
  unary,
  binary,
  list: (parts) => ({ ...nodeAt<ListNode>(parts, 1), ...parts.span }),
  'first element': (parts) => ({ kind: 'list', elements: [nodeAt<WordNode>(parts, 0)], ...parts.span }),
  'next element': nextElement,
  'list call': (parts) => {
    const argument = nodeAt<WordNode>(parts, 2);
    const { fields } = named(parts, 0, { kind: 'listFunction', argument });
    return { kind: 'listCall', ...fields, argument, ...parts.span };
  },
  'concat parts': (parts) => concat(parts, 1),
  'concat words': (parts) => concat(parts, 2),
  string: ({ entries, span }) => ({ kind: 'string', value: entries[0]?.text ?? '', ...span }),
  digit: ({ entries, span }) => ({ kind: 'digit', value: entries[0]?.text ?? '', ...span }),
  'empty string': ({ span }) => ({ kind: 'string', value: '', ...span }),
  variable: (parts) => ({ kind: 'variable', ...named(parts, 1, { kind: 'variable' }).fields, ...parts.span }),
  'function in braces': (parts) => call(parts, 1, 3),
  function: (parts) => call(parts, 0, 2),
  backreference: ({ entries, span }) => ({ kind: 'backreference', group: Number(entries[0]?.text), ...span }),
};
