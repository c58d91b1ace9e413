import { LuaError, LuaLexer, type Token } from './lexer';

/** What an expression statement begins with. */
type Primary = 'variable' | 'call' | 'other';

/** Left and right priority of the binary operators. */
const PRIORITY: ReadonlyMap<string, readonly [left: number, right: number]> = new Map([
  ['or', [1, 1]], ['and', [2, 2]], ['<', [3, 3]], ['>', [3, 3]], ['<=', [3, 3]], ['>=', [3, 3]], ['~=', [3, 3]], ['==', [3, 3]],
  ['|', [4, 4]], ['~', [5, 5]], ['&', [6, 6]], ['<<', [7, 7]], ['>>', [7, 7]], ['..', [9, 8]], ['+', [10, 10]], ['-', [10, 10]],
  ['*', [11, 11]], ['/', [11, 11]], ['//', [11, 11]], ['%', [11, 11]], ['^', [14, 13]],
]); // prettier-ignore

const UNARY_PRIORITY = 12;
const UNARY: ReadonlySet<string> = new Set(['not', '-', '~', '#']);
const BLOCK_ENDS: ReadonlySet<string> = new Set(['else', 'elseif', 'end', '<eof>', 'until']);

/** LUAI_MAXCCALLS: statements and expressions within each other. */
const MAX_LEVELS = 200;

/** A `goto` or `break` that looks for its label. */
interface Jump {
  readonly label: string;
  readonly line: number;
}

interface Block {
  readonly isLoop: boolean;
  readonly labels: Map<string, number>;
  readonly jumps: Jump[];
}

/** A function's body: what `...` and labels may be used in. */
interface FunctionState {
  readonly isVararg: boolean;
  readonly line: number;
  readonly blocks: Block[];
}

/** A recursive parser of Lua 5.3 that gives nothing but its first error, in Lua's words. */
class LuaParser {
  readonly #lexer: LuaLexer;
  readonly #functions: FunctionState[] = [{ isVararg: true, line: 0, blocks: [] }];
  #token: Token;
  #ahead: Token | undefined;
  #level = 0;

  constructor(lexer: LuaLexer) {
    this.#lexer = lexer;
    this.#token = lexer.next();
  }

  chunk(): void {
    const block = this.#block();
    if (this.#token.kind !== '<eof>') this.#expected('<eof>');
    this.#resolve(block);
  }

  #advance(): void {
    this.#token = this.#ahead ?? this.#lexer.next();
    this.#ahead = undefined;
  }

  #fail(message: string): never {
    return this.#lexer.fail(`${message} near ${this.#token.shown}`);
  }

  #expected(kind: string): never {
    return this.#fail(`${shown(kind)} expected`);
  }

  #isAt(kind: string): boolean {
    return this.#token.kind === kind;
  }

  #take(kind: string): boolean {
    if (!this.#isAt(kind)) return false;
    this.#advance();
    return true;
  }

  #need(kind: string): void {
    if (!this.#take(kind)) this.#expected(kind);
  }

  #needName(): string {
    const name = this.#token.shown.slice(1, -1);
    this.#need('<name>');
    return name;
  }

  /** The token that closes what was opened on a line. */
  #needMatch(kind: string, opened: string, line: number): void {
    if (this.#take(kind)) return;
    if (line === this.#lexer.line) this.#expected(kind);
    this.#fail(`${shown(kind)} expected (to close ${shown(opened)} at line ${line})`);
  }

  get #function(): FunctionState {
    return this.#functions.at(-1) as FunctionState;
  }

  #enter(): void {
    this.#level += 1;
    if (this.#level <= MAX_LEVELS) return;
    const { line } = this.#function;
    this.#fail(
      `too many C levels (limit is ${MAX_LEVELS}) in ${line === 0 ? 'main function' : `function at line ${line}`}`,
    );
  }

  /** Statements up to the end of a block; its open jumps are handed to the block around it. */
  #block(isLoop = false, atEnd?: () => void): Block {
    const block: Block = { isLoop, labels: new Map(), jumps: [] };
    const { blocks } = this.#function;
    blocks.push(block);
    while (!BLOCK_ENDS.has(this.#token.kind)) {
      const isReturn = this.#token.kind === 'return';
      this.#statement();
      if (isReturn) break;
    }
    atEnd?.();
    blocks.pop();
    blocks.at(-1)?.jumps.push(...openJumps(block));
    return block;
  }

  /** At a function's end every jump must have found its label. */
  #resolve(block: Block): void {
    const [jump] = openJumps(block);
    if (jump === undefined) return;
    this.#lexer.fail(
      jump.label === 'break'
        ? `<break> at line ${jump.line} not inside a loop`
        : `no visible label '${jump.label}' for <goto> at line ${jump.line}`,
    );
  }

  #statement(): void {
    this.#enter();
    const line = this.#lexer.line;
    switch (this.#token.kind) {
      case ';':
        this.#advance();
        break;
      case 'if':
        this.#if(line);
        break;
      case 'while':
        this.#advance();
        this.#expression(0);
        this.#doBlock('while', line);
        break;
      case 'do':
        this.#advance();
        this.#block();
        this.#needMatch('end', 'do', line);
        break;
      case 'for':
        this.#for(line);
        break;
      case 'repeat':
        this.#advance();
        this.#block(true, () => {
          this.#needMatch('until', 'repeat', line);
          this.#expression(0);
        });
        break;
      case 'function':
        this.#namedFunction(line);
        break;
      case 'local':
        this.#local();
        break;
      case '::':
        this.#label();
        break;
      case 'return':
        this.#return();
        break;
      case 'break':
      case 'goto':
        this.#jump(line);
        break;
      default:
        this.#expressionStatement();
    }
    this.#level -= 1;
  }

  #doBlock(opened: string, line: number): void {
    this.#need('do');
    this.#block(true);
    this.#needMatch('end', opened, line);
  }

  #if(line: number): void {
    do {
      this.#advance();
      this.#expression(0);
      this.#need('then');
      this.#block();
    } while (this.#token.kind === 'elseif');
    if (this.#take('else')) this.#block();
    this.#needMatch('end', 'if', line);
  }

  #for(line: number): void {
    this.#advance();
    this.#needName();
    if (this.#take('=')) {
      this.#expression(0);
      this.#need(',');
      this.#expression(0);
      if (this.#take(',')) this.#expression(0);
    } else if (this.#token.kind === ',' || this.#token.kind === 'in') {
      while (this.#take(',')) this.#needName();
      this.#need('in');
      this.#expressions();
    } else {
      this.#fail("'=' or 'in' expected");
    }
    this.#doBlock('for', line);
  }

  #namedFunction(line: number): void {
    this.#advance();
    this.#needName();
    while (this.#take('.')) this.#needName();
    if (this.#take(':')) this.#needName();
    this.#body(line);
  }

  #local(): void {
    this.#advance();
    if (this.#take('function')) {
      this.#needName();
      this.#body(this.#lexer.line);
      return;
    }
    do this.#needName();
    while (this.#take(','));
    if (this.#take('=')) this.#expressions();
  }

  #label(): void {
    this.#advance();
    const line = this.#lexer.line;
    const name = this.#needName();
    const labels = this.#function.blocks.at(-1)?.labels;
    const known = labels?.get(name);
    if (known !== undefined) this.#lexer.fail(`label '${name}' already defined on line ${known}`);
    this.#need('::');
    labels?.set(name, line);
  }

  #return(): void {
    this.#advance();
    if (!BLOCK_ENDS.has(this.#token.kind) && this.#token.kind !== ';') this.#expressions();
    this.#take(';');
  }

  #jump(line: number): void {
    const isBreak = this.#token.kind === 'break';
    this.#advance();
    const label = isBreak ? 'break' : this.#needName();
    this.#function.blocks.at(-1)?.jumps.push({ label, line });
  }

  #expressionStatement(): void {
    const primary = this.#suffixed();
    if (this.#token.kind === '=' || this.#token.kind === ',') this.#assignment(primary);
    else if (primary !== 'call') this.#fail('syntax error');
  }

  #assignment(first: Primary): void {
    let primary = first;
    for (;;) {
      if (primary !== 'variable') this.#fail('syntax error');
      if (!this.#take(',')) break;
      primary = this.#suffixed();
    }
    this.#need('=');
    this.#expressions();
  }

  #expressions(): void {
    do this.#expression(0);
    while (this.#take(','));
  }

  #primary(): Primary {
    const line = this.#lexer.line;
    if (this.#take('<name>')) return 'variable';
    if (!this.#take('(')) this.#fail('unexpected symbol');
    this.#expression(0);
    this.#needMatch(')', '(', line);
    return 'other';
  }

  #suffixed(): Primary {
    const line = this.#lexer.line;
    let primary = this.#primary();
    for (;;) {
      switch (this.#token.kind) {
        case '.':
          this.#advance();
          this.#needName();
          primary = 'variable';
          break;
        case '[':
          this.#index();
          primary = 'variable';
          break;
        case ':':
          this.#advance();
          this.#needName();
          this.#callArguments(line);
          primary = 'call';
          break;
        case '(':
        case '<string>':
        case '{':
          this.#callArguments(line);
          primary = 'call';
          break;
        default:
          return primary;
      }
    }
  }

  #index(): void {
    this.#advance();
    this.#expression(0);
    this.#need(']');
  }

  #callArguments(line: number): void {
    if (this.#token.kind === '{') this.#table();
    else if (this.#take('(')) {
      if (this.#token.kind !== ')') this.#expressions();
      this.#needMatch(')', '(', line);
    } else if (!this.#take('<string>')) this.#fail('function arguments expected');
  }

  #table(): void {
    const line = this.#lexer.line;
    this.#need('{');
    do {
      if (this.#token.kind === '}') break;
      this.#field();
    } while (this.#take(',') || this.#take(';'));
    this.#needMatch('}', '{', line);
  }

  #field(): void {
    if (this.#token.kind === '<name>') {
      this.#ahead = this.#lexer.next();
      if (this.#ahead.kind === '=') this.#advance();
    } else if (this.#token.kind === '[') {
      this.#index();
      if (!this.#isAt('=')) this.#expected('=');
    }
    this.#take('=');
    this.#expression(0);
  }

  #simple(): void {
    switch (this.#token.kind) {
      case '<number>':
      case '<string>':
      case 'nil':
      case 'true':
      case 'false':
        this.#advance();
        return;
      case '...':
        if (!this.#function.isVararg) this.#fail("cannot use '...' outside a vararg function");
        this.#advance();
        return;
      case '{':
        this.#table();
        return;
      case 'function':
        this.#advance();
        this.#body(this.#lexer.line);
        return;
      default:
        this.#suffixed();
    }
  }

  #expression(limit: number): void {
    this.#enter();
    if (UNARY.has(this.#token.kind)) {
      this.#advance();
      this.#expression(UNARY_PRIORITY);
    } else this.#simple();
    for (let priority = PRIORITY.get(this.#token.kind); priority !== undefined && priority[0] > limit;) {
      this.#advance();
      this.#expression(priority[1]);
      priority = PRIORITY.get(this.#token.kind);
    }
    this.#level -= 1;
  }

  #body(line: number): void {
    this.#need('(');
    const isVararg = this.#parameters();
    this.#functions.push({ isVararg, line, blocks: [] });
    this.#need(')');
    const block = this.#block();
    this.#needMatch('end', 'function', line);
    this.#functions.pop();
    this.#resolve(block);
  }

  #parameters(): boolean {
    if (this.#token.kind === ')') return false;
    do {
      if (this.#take('...')) return true;
      if (!this.#take('<name>')) this.#fail("<name> or '...' expected");
    } while (this.#take(','));
    return false;
  }
}

function openJumps({ isLoop, jumps, labels }: Block): Jump[] {
  return jumps.filter(({ label }) => !(isLoop && label === 'break') && !labels.has(label));
}

/** A kind of token as messages name it: quoted, but for those in angle brackets. */
function shown(kind: string): string {
  return kind.startsWith('<') && kind.length > 2 ? kind : `'${kind}'`;
}

/** What Lua 5.3 says of a text that it cannot compile, and the line it says it of; undefined for one that it can. */
export function luaProblem(
  source: string,
  firstLine: number,
): { readonly line: number; readonly message: string } | undefined {
  try {
    new LuaParser(new LuaLexer(source, firstLine)).chunk();
    return undefined;
  } catch (error) {
    if (error instanceof LuaError) return { line: error.line, message: error.message };
    throw error;
  }
}
