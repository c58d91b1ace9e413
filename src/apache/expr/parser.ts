import { USUAL_MODULES } from '../host';
import { compileRegex, isRegexProblem, type Regex, type RegexOptions, type RegexProblem } from '../regex';
import type { Expr, ExprNode, RegexNode, Span } from './ast';
import { parserStates, type State } from './automaton';
import { BUILDERS, type Part, type Parts, type ProvideQuery } from './builders';
import type { Rule } from './grammar';
import { lookUpName, type NameAnswer, type NameContext } from './names';
import { Scanner, type Token } from './scanner';

/** Compiles a pattern, as `compileRegex` of the regex room. */
export type RegexCompiler = (pattern: string, options: RegexOptions) => Regex | RegexProblem;

export interface ExprOptions {
  /** 'condition' for `<If>` and the like; 'string' for a text with variables in it (`Redirect`, `Header … expr=`). */
  readonly mode: 'condition' | 'string';
  /** Another compiler of patterns than `compileRegex` of the regex room. */
  readonly compileRegex?: RegexCompiler;
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

/** The N of 2.4.N that is meant when nothing is said. */
const NEWEST = 71;

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
interface Entry extends Part {
  readonly state: number;
}

interface Detail {
  readonly message: string;
  readonly offset: number;
  readonly length: number;
}

type Outcome = 'continue' | 'accepted' | 'aborted' | Detail;

const sets = new WeakMap<readonly string[], ReadonlySet<string>>();

/** The names of a list, which is asked for many times. */
function setOf(names: readonly string[]): ReadonlySet<string> {
  let set = sets.get(names);
  if (set === undefined) sets.set(names, (set = new Set(names)));
  return set;
}

class Parser {
  readonly #text: string;
  readonly #options: ExprOptions;
  readonly #names: NameContext;
  readonly #states = parserStates();
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
    this.#names = {
      patch: options.patch ?? NEWEST,
      modules: setOf(options.modules ?? USUAL_MODULES),
      restricted: options.restricted ?? false,
    };
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
    const state = this.#states[this.#top().state] as State;
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
    const entries = this.#take(rule.right.length);
    if (rule.action === 'abort') return 'aborted';
    const start = entries[0]?.start ?? 0;
    const end = entries.at(-1)?.end ?? 0;
    const node = this.#build(rule, entries, { start, end });
    if (!node) return { message: 'Failed to compile regular expression', offset: start, length: end - start };
    if (rule.left === 'root') this.#root = node;
    const state = this.#states[this.#top().state]?.goto.get(rule.left) ?? 0;
    this.#stack.push({ state, start, end, text: '', node });
    return 'continue';
  }

  /** Takes the symbols of a recognised rule off the stack; by pop, for splice costs most of the parser's time. */
  #take(count: number): Entry[] {
    const entries: Entry[] = [];
    for (let left = count; left > 0; left--) entries.push(this.#stack.pop() as Entry);
    return entries.reverse();
  }

  /** The node of a recognised rule; undefined for a pattern that does not compile. */
  #build(rule: Rule, entries: readonly Entry[], span: Span): ExprNode | undefined {
    const parts: Parts = { rule, parts: entries, span, provide: (query) => this.#provide(query) };
    return rule.action === 'regex' ? this.#compile(parts) : BUILDERS[rule.action]?.(parts);
  }

  #compile({ rule, parts, span }: Parts): RegexNode | undefined {
    const caseless = rule.right[0] === 'T_REGEX_I';
    const pattern = parts[0]?.text ?? '';
    const modern = this.#names.patch >= 41;
    const compile = this.#options.compileRegex ?? compileRegex;
    const regex = compile(pattern, {
      caseless,
      dotAll: modern,
      dollarEndOnly: modern,
      duplicateNames: true,
    });
    return isRegexProblem(regex) ? undefined : { kind: 'regex', pattern, caseless, regex, ...span };
  }

  #provide(query: ProvideQuery): NameAnswer {
    const { kind, part, argument } = query;
    const constant = argument?.kind === 'string' ? argument.value : undefined;
    const answer = lookUpName({ kind, name: part.text, argument: constant }, this.#names);
    if ('problem' in answer) this.#note(answer.problem, part);
    return answer;
  }
}

function jam(token: Token): ExprProblem {
  return {
    message: 'flex scanner jammed',
    offset: token.start,
    length: token.end - token.start,
    fatal: true,
  };
}

/** bison's words: at most four expected tokens are named; with more, none. */
function syntaxError(state: State, lookahead: Token): string {
  const expected = [...state.shift.keys()];
  const list = expected.length > 4 ? '' : `, expecting ${expected.join(' or ')}`;
  return `syntax error, unexpected ${lookahead.name}${list}`;
}
