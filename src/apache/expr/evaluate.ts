import type { RegexMatch } from '../regex';
import type { Site } from '../site';
import type {
  CallNode,
  CompareNode,
  ConcatNode,
  ConditionNode,
  Expr,
  InNode,
  MatchNode,
  VariableNode,
  WordNode,
} from './ast';
import { callFunction } from './contextFunctions';
import { applyBinary, applyUnary } from './operators';

/** What `$0` to `$9` stand for: the text of the last match with groups, and its offsets. */
export interface ExprCaptures {
  readonly subject: string;
  readonly match: RegexMatch;
}

/** Everything outside of an expression. All strings are byte strings; undefined stands for Apache's NULL. */
export interface ExprContext {
  /** A variable by its name in upper case (`REQUEST_URI`, `SSL_PROTOCOL`), except those that stand for request headers. */
  variable(name: string): string | undefined;
  requestHeader(name: string): string | undefined;
  /** headers_out, or else err_headers_out. */
  responseHeader(name: string): string | undefined;
  note(name: string): string | undefined;
  /** The request's environment: SetEnv, SetEnvIf, `[E=]`. */
  requestEnvironment(name: string): string | undefined;
  /** The server process's environment. */
  processEnvironment(name: string): string | undefined;
  /** Numeric address of the client, for `-R`. */
  readonly clientAddress: string;
  readonly site: Pick<Site, 'stat' | 'lstat' | 'read'>;
  /** Whether a subrequest for a URL path (`-U`, `-A`) would end below 400; for a file (`-F`) below 300 with an existing file. */
  subrequestSucceeds(target: string, kind: 'url' | 'file'): boolean;
  /** The numeric address of a name, for `-ipmatch` on a host name; undefined where it cannot be found. */
  resolveHost?(name: string): string | undefined;
  /** The values of a client certificate's extension, for `PeerExtList`. */
  peerExtensions?(oid: string): readonly string[];
}

export interface EvaluateOptions {
  /** mod_ssl's old comparisons (SSLRequire): by length first, then byte by byte, for every operator. */
  readonly sslCompatible?: boolean;
  /** What `$0` … `$9` mean before the first match of this expression. */
  readonly captures?: ExprCaptures;
  /** The N of Apache 2.4.N; 71 when absent. */
  readonly patch?: number;
}

export interface EvaluatedExpr {
  /** True or false of a condition, the text of a string expression; false or '' beside a problem. */
  readonly value: boolean | string;
  /** What Apache logs as "Evaluation of expression from … failed: …". */
  readonly problem?: string;
  readonly captures?: ExprCaptures;
  /** Request headers that a condition has read, in Apache's order; it merges them into Vary unless told not to. */
  readonly vary: readonly string[];
}

/** AP_EXPR_MAX_RECURSION. */
const MAX_RECURSION = 20;

/** Variables that are read from a request header. */
const HEADER_VARIABLES: ReadonlyMap<string, string> = new Map([
  ['HTTP_USER_AGENT', 'User-Agent'],
  ['HTTP_PROXY_CONNECTION', 'Proxy-Connection'],
  ['HTTP_REFERER', 'Referer'],
  ['HTTP_COOKIE', 'Cookie'],
  ['HTTP_FORWARDED', 'Forwarded'],
  ['HTTP_HOST', 'Host'],
  ['HTTP_ACCEPT', 'Accept'],
]);

/** Evaluates an expression as ap_expr_exec does. Never throws on a tree of parseExpr. */
export function evaluateExpr(expr: Expr, context: ExprContext, options: EvaluateOptions = {}): EvaluatedExpr {
  return new Evaluation(context, options).run(expr);
}

/** One run of an expression: what is counted, captured and complained of on the way. */
export class Evaluation {
  readonly context: ExprContext;
  readonly #sslCompatible: boolean;
  readonly #patch: number;
  #captures: ExprCaptures | undefined;
  #problem: string | undefined;
  #depth = 0;
  readonly #vary: string[] = [];

  constructor(context: ExprContext, options: EvaluateOptions) {
    this.context = context;
    this.#sslCompatible = options.sslCompatible ?? false;
    this.#captures = options.captures;
    this.#patch = options.patch ?? 71;
  }

  run(expr: Expr): EvaluatedExpr {
    const value = expr.mode === 'string' ? this.#word(expr.root) : this.#condition(expr.root);
    const captures = this.#captures && { captures: this.#captures };
    if (this.#problem === undefined) {
      return { value, ...captures, vary: expr.mode === 'string' ? [] : this.#vary };
    }
    return { value: expr.mode === 'string' ? '' : false, problem: this.#problem, ...captures, vary: [] };
  }

  /** Notes an error of evaluation; the last one is reported. */
  fail(message: string): void {
    this.#problem = message;
  }

  /** A request header whose reading makes the answer depend on it; Host no longer counts since 2.4.29. */
  readHeader(name: string): string | undefined {
    if (name.toLowerCase() !== 'host' || this.#patch < 29) this.#vary.push(name);
    return this.context.requestHeader(name);
  }

  /** False once the recursion limit is reached; from then on everything is cut short. */
  #enter(): boolean {
    if (this.#depth < MAX_RECURSION) {
      this.#depth++;
      return true;
    }
    this.fail('Recursion limit reached');
    this.#depth = Infinity;
    return false;
  }

  #condition(root: ConditionNode): boolean {
    if (!this.#enter()) return false;
    const value = this.#chain(root);
    this.#depth--;
    return value;
  }

  /** Follows negations and the right sides of && and || in a loop, as Apache does: they do not count as recursion. */
  #chain(root: ConditionNode): boolean {
    let negated = false;
    for (let node = root; ;) {
      switch (node.kind) {
        case 'not':
          negated = !negated;
          node = node.operand;
          break;
        case 'or':
        case 'and': {
          const decisive = node.kind === 'or';
          if (this.#leftSide(node.left) === decisive) return decisive !== negated;
          node = node.right;
          break;
        }
        default:
          return this.#simple(node) !== negated;
      }
    }
  }

  /** One negation before a left side is free of the recursion count, too. */
  #leftSide(node: ConditionNode): boolean {
    return node.kind === 'not' ? !this.#condition(node.operand) : this.#condition(node);
  }

  #simple(node: Exclude<ConditionNode, { kind: 'not' | 'or' | 'and' }>): boolean {
    switch (node.kind) {
      case 'true':
      case 'false':
        return node.kind === 'true';
      case 'unary':
        return applyUnary(node, this.#word(node.argument), this.context);
      case 'binary': {
        const [left, right] = this.#pair(node);
        return applyBinary(node, { left, right }, this.context);
      }
      case 'compare':
        return this.#compare(node);
      case 'in':
        return this.#isIn(node);
      case 'match':
        return this.#match(node) !== node.negated;
    }
  }

  /** Apache's compiler evaluates the right operand first; the order shows in Vary. */
  #pair({ left, right }: { readonly left: WordNode; readonly right: WordNode }): readonly [string, string] {
    const second = this.#word(right);
    return [this.#word(left), second];
  }

  #compare(node: CompareNode): boolean {
    const [left, right] = this.#pair(node);
    const byNumber = node.operator.startsWith('-');
    const order = this.#sslCompatible
      ? compareSsl(left, right)
      : byNumber
        ? compareValues(integerOf(left), integerOf(right))
        : compareValues(left, right);
    return ORDER_TESTS[node.operator](order);
  }

  #isIn({ needle, haystack }: InNode): boolean {
    const wanted = this.#word(needle);
    if (haystack.kind === 'list') {
      return haystack.elements.toReversed().some((element) => this.#word(element) === wanted);
    }
    const values = this.context.peerExtensions?.(this.#word(haystack.argument)) ?? [];
    return values.includes(wanted);
  }

  /** Only a pattern with groups touches $0 … $9: a match sets them, a failure empties them. */
  #match({ subject, regex }: MatchNode): boolean {
    const text = this.#word(subject);
    const match = regex.regex?.exec(text) ?? null;
    const found = match !== null && match !== 'limit';
    if (regex.regex && regex.regex.groupCount > 0)
      this.#captures = found ? { subject: text, match } : undefined;
    return found;
  }

  #word(node: WordNode): string {
    if (!this.#enter()) return '';
    const value = this.#value(node);
    this.#depth--;
    return value ?? '';
  }

  #value(node: WordNode): string | undefined {
    switch (node.kind) {
      case 'string':
      case 'digit':
        return node.value;
      case 'variable':
        return this.#variable(node);
      case 'call':
        return this.#call(node);
      case 'concat':
        return this.#concat(node);
      case 'backreference':
        return this.#backreference(node.group);
    }
  }

  #variable({ name }: VariableNode): string | undefined {
    const canonical = name.toUpperCase();
    const header = HEADER_VARIABLES.get(canonical);
    return header === undefined ? this.context.variable(canonical) : this.readHeader(header);
  }

  #call({ name, argument }: CallNode): string | undefined {
    return callFunction(name.toLowerCase(), this.#word(argument), this);
  }

  /**
   * A chain that leans left is evaluated from its end to its beginning, any other one forwards, all on one level. Before
   * 2.4.13 each step to the left counted as recursion, so that a text of more than 20 parts failed.
   */
  #concat(node: ConcatNode): string {
    const leansLeft = node.left.kind === 'concat';
    if (leansLeft && node.right.kind !== 'concat' && this.#patch < 13) {
      return this.#word(node.left) + this.#word(node.right);
    }
    const backwards = leansLeft && this.#patch >= 13;
    const parts: string[] = [];
    let rest: WordNode = node;
    while (rest.kind === 'concat') {
      parts.push(this.#word(backwards ? rest.right : rest.left));
      rest = backwards ? rest.left : rest.right;
    }
    parts.push(this.#word(rest));
    return (backwards ? parts.reverse() : parts).join('');
  }

  #backreference(group: number): string {
    const captures = this.#captures;
    const start = captures?.match[group * 2] ?? -1;
    const end = captures?.match[group * 2 + 1] ?? -1;
    return captures === undefined || start < 0 ? '' : captures.subject.slice(start, end);
  }
}

const ORDER_TESTS: Readonly<Record<CompareNode['operator'], (order: number) => boolean>> = {
  '-eq': (order) => order === 0,
  '-ne': (order) => order !== 0,
  '-lt': (order) => order < 0,
  '-le': (order) => order <= 0,
  '-gt': (order) => order > 0,
  '-ge': (order) => order >= 0,
  '==': (order) => order === 0,
  '!=': (order) => order !== 0,
  '<': (order) => order < 0,
  '<=': (order) => order <= 0,
  '>': (order) => order > 0,
  '>=': (order) => order >= 0,
};

function compareValues<T extends string | bigint>(left: T, right: T): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

/** mod_ssl's strcmplex: the longer text is the greater one; bytes are signed. */
function compareSsl(left: string, right: string): number {
  if (left.length !== right.length) return left.length - right.length;
  for (let at = 0; at < left.length; at++) {
    const difference = signed(left.charCodeAt(at)) - signed(right.charCodeAt(at));
    if (difference !== 0) return difference;
  }
  return 0;
}

function signed(byte: number): number {
  return byte > 127 ? byte - 256 : byte;
}

/** apr_atoi64: leading blanks, a sign, digits; the rest is ignored, no digits mean 0, and 64 bits are the limit. */
function integerOf(text: string): bigint {
  const digits = /^[ \t\n\v\f\r]*([+-]?)([0-9]+)/.exec(text);
  if (!digits) return 0n;
  const limited = BigInt((digits[2] ?? '0').replace(/^0+(?=.)/, '').slice(0, 20));
  const value = digits[1] === '-' ? -limited : limited;
  return value < -(2n ** 63n) ? -(2n ** 63n) : value >= 2n ** 63n ? 2n ** 63n - 1n : value;
}
