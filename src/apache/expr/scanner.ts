import type { TokenName } from './grammar';

/** A token: its name, its place, and its text (of strings: after escapes; of T_ERROR: what is wrong). */
export interface Token {
  /** 'jammed': Apache's scanner has no rule for this byte and ends its process. */
  readonly name: TokenName | 'jammed';
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** Apache's MAX_STRING_LEN: a string part or a pattern of this many bytes is too long. */
const LONGEST = 8192;

const UNTERMINATED = 'Unterminated string or variable';
const REGEX_DELIMITERS = '/#$%^,;:_?|-!.\'"';

// prettier-ignore
const KEYWORDS: ReadonlyMap<string, TokenName> = new Map<string, TokenName>([
  ['and', 'T_OP_AND'], ['or', 'T_OP_OR'], ['not', 'T_OP_NOT'], ['true', 'T_TRUE'], ['false', 'T_FALSE'],
  ['lt', 'T_OP_LT'], ['le', 'T_OP_LE'], ['gt', 'T_OP_GT'], ['ge', 'T_OP_GE'], ['ne', 'T_OP_NE'], ['eq', 'T_OP_EQ'],
  ['in', 'T_OP_IN'], ['-in', 'T_OP_IN'], ['-eq', 'T_OP_EQ'], ['-ne', 'T_OP_NE'], ['-ge', 'T_OP_GE'],
  ['-le', 'T_OP_LE'], ['-gt', 'T_OP_GT'], ['-lt', 'T_OP_LT'],
]);

// prettier-ignore
const OPERATORS: readonly (readonly [string, TokenName])[] = [
  ['==', 'T_OP_STR_EQ'], ['=~', 'T_OP_REG'], ['!=', 'T_OP_STR_NE'], ['!~', 'T_OP_NRE'], ['<=', 'T_OP_STR_LE'],
  ['>=', 'T_OP_STR_GE'], ['&&', 'T_OP_AND'], ['||', 'T_OP_OR'], ['=', 'T_OP_STR_EQ'], ['!', 'T_OP_NOT'],
  ['<', 'T_OP_STR_LT'], ['>', 'T_OP_STR_GT'], ['.', 'T_OP_CONCAT'], ['(', "'('"], [')', "')'"], ['{', "'{'"],
  ['}', "'}'"], [',', "','"], [':', "':'"],
];

const BLANKS = /[ \t\n]*/y;
const WORD = /-?[0-9]+|-[a-zA-Z_][a-zA-Z_0-9]*|[a-zA-Z][a-zA-Z0-9_]*/y;
const NAME = /[a-zA-Z][a-zA-Z0-9_]*/y;
const PLAIN_TEXT = /[^\\\n"'%}$]+/y;
const DIGITS = /[0-9]+/y;

const SIMPLE_ESCAPES: ReadonlyMap<string, string> = new Map([
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
  ['b', '\b'],
  ['f', '\f'],
]);

/** Where the scanner stands: between words, in a quoted text, in `%{name`, or in `%{name:argument`. */
type Condition = 'between' | 'quoted' | 'name' | 'argument';

/**
 * Apache's scanner of expressions. It is asked for one token at a time, because the parser takes some decisions before
 * it looks at the next token. `text` is a byte string; like a C string it ends at its first NUL.
 */
export class Scanner {
  readonly #text: string;
  readonly #stringMode: boolean;
  /** Conditions to return to at the `}` of each open `%{`. */
  readonly #outer: Condition[] = [];
  #condition: Condition = 'between';
  #at = 0;
  #started = false;
  /** The quote that ends the text; empty in a string expression, where quotes are ordinary. */
  #delimiter = '';

  constructor(text: string, stringMode: boolean) {
    const nul = text.indexOf('\0');
    this.#text = nul < 0 ? text : text.slice(0, nul);
    this.#stringMode = stringMode;
  }

  /** The next token. After '$end', 'T_ERROR' or 'jammed' it must not be asked again. */
  next(): Token {
    if (!this.#started) return this.#start();
    switch (this.#condition) {
      case 'between':
        return this.#between();
      case 'name':
        return this.#name();
      default:
        return this.#textPart();
    }
  }

  #start(): Token {
    this.#started = true;
    if (!this.#stringMode) return this.#token('T_EXPR_BOOL', 0);
    this.#condition = 'quoted';
    return this.#token('T_EXPR_STRING', 0);
  }

  #token(name: Token['name'], length: number, text?: string): Token {
    const start = this.#at;
    this.#at += length;
    return { name, start, end: this.#at, text: text ?? this.#text.slice(start, this.#at) };
  }

  #error(message: string, length = 1): Token {
    return this.#token('T_ERROR', Math.min(length, this.#text.length - this.#at), message);
  }

  #between(): Token {
    this.#at += lengthOf(BLANKS, this.#text, this.#at);
    const first = this.#text[this.#at];
    if (first === undefined) return this.#token('$end', 0);
    if (first === '"' || first === "'") {
      this.#delimiter = first;
      this.#condition = 'quoted';
      return this.#token('T_STR_BEGIN', 1);
    }
    if (first === '/') return this.#regex(1);
    return this.#openOrReference() ?? this.#word() ?? this.#operator();
  }

  #openOrReference(): Token | undefined {
    if (this.#text.startsWith('%{', this.#at)) {
      this.#outer.push(this.#condition);
      this.#condition = 'name';
      return this.#token('T_VAR_BEGIN', 2);
    }
    if (this.#text[this.#at] === '$' && isDigit(this.#text[this.#at + 1])) {
      return this.#token('T_REGEX_BACKREF', 2, this.#text[this.#at + 1]);
    }
    return undefined;
  }

  /** Names, keywords, `-op`, numbers, and `m#…#`, which is a pattern unless a longer name begins there. */
  #word(): Token | undefined {
    const length = lengthOf(WORD, this.#text, this.#at);
    if (length <= 2 && this.#text[this.#at] === 'm' && this.#isRegexDelimiter(this.#at + 1))
      return this.#regex(2);
    if (length === 0) return undefined;
    const word = this.#text.slice(this.#at, this.#at + length);
    const keyword = KEYWORDS.get(word);
    if (keyword) return this.#token(keyword, length);
    if (/^-?[0-9]+$/.test(word)) return this.#token('T_DIGIT', length);
    if (!word.startsWith('-')) return this.#token('T_ID', length);
    return this.#token(length === 2 ? 'T_OP_UNARY' : 'T_OP_BINARY', length, word.slice(1));
  }

  #isRegexDelimiter(at: number): boolean {
    const byte = this.#text[at];
    return byte !== undefined && REGEX_DELIMITERS.includes(byte);
  }

  #operator(): Token {
    const found = OPERATORS.find(([spelling]) => this.#text.startsWith(spelling, this.#at));
    if (found) return this.#token(found[1], found[0].length);
    return this.#error(`Parse error near '${this.#text[this.#at]}'`);
  }

  /** A pattern whose opening takes `opening` bytes. Without a closing delimiter the text simply ends there. */
  #regex(opening: number): Token {
    const from = this.#at + opening;
    const close = this.#text.indexOf(this.#text[from - 1] as string, from);
    const length = (close < 0 ? this.#text.length : close) - from;
    if (length >= LONGEST) return this.#error('Regexp too long', opening + LONGEST);
    if (close < 0) return this.#token('$end', this.#text.length - this.#at);
    const pattern = this.#text.slice(from, close);
    const caseless = this.#text[close + 1] === 'i';
    return this.#token(caseless ? 'T_REGEX_I' : 'T_REGEX', opening + length + (caseless ? 2 : 1), pattern);
  }

  #name(): Token {
    const length = lengthOf(NAME, this.#text, this.#at);
    if (length > 0) return this.#token('T_ID', length);
    const byte = this.#text[this.#at];
    if (byte === undefined || byte === '\n') return this.#error(UNTERMINATED);
    if (byte === ':') {
      this.#condition = 'argument';
      return this.#token("':'", 1);
    }
    if (byte === '}') return this.#closeVariable();
    return this.#error(`Invalid character in variable name '${byte}'`);
  }

  #closeVariable(): Token {
    this.#condition = this.#outer.pop() ?? 'between';
    return this.#token('T_VAR_END', 1);
  }

  /** Text between quotes or in an argument: as much as belongs together, or what interrupts it. */
  #textPart(): Token {
    const run = new TextRun(this.#text, this.#at, this.#condition === 'quoted' ? this.#delimiter : undefined);
    const stop = run.read(LONGEST);
    if (stop.problem !== undefined) {
      this.#at = stop.at;
      return this.#error(stop.problem, stop.length);
    }
    if (stop.reason === 'jam') {
      this.#at = stop.at;
      return this.#token('jammed', 1);
    }
    if (stop.at > this.#at && stop.reason !== 'end') return this.#string(run.value, stop.at);
    return this.#interruption(stop, run.value);
  }

  #string(value: string, end: number): Token {
    const nul = value.indexOf('\0');
    return this.#token('T_STRING', end - this.#at, nul < 0 ? value : value.slice(0, nul));
  }

  #interruption(stop: Stop, value: string): Token {
    switch (stop.reason) {
      case 'reference':
        return this.#openOrReference() ?? this.#error(UNTERMINATED);
      case 'close':
        if (this.#condition === 'argument') return this.#closeVariable();
        this.#condition = 'between';
        return this.#token('T_STR_END', 1);
      default:
        return this.#endOfText(stop, value);
    }
  }

  #endOfText(stop: Stop, value: string): Token {
    if (this.#condition === 'argument' || !this.#stringMode) {
      this.#at = stop.at;
      return this.#error(UNTERMINATED);
    }
    this.#condition = 'between';
    return this.#string(value, stop.at);
  }
}

interface Stop {
  readonly at: number;
  readonly reason: 'reference' | 'close' | 'end' | 'jam' | 'problem';
  readonly problem?: string;
  readonly length?: number;
}

/** Reads plain text and escapes up to what interrupts them. */
class TextRun {
  value = '';
  readonly #text: string;
  #at: number;
  /** The closing quote, empty for none; undefined in an argument, which `}` closes and where quotes jam the scanner. */
  readonly #delimiter: string | undefined;

  constructor(text: string, at: number, delimiter: string | undefined) {
    this.#text = text;
    this.#at = at;
    this.#delimiter = delimiter;
  }

  /** Reads until something else begins; a problem once `longest` bytes are collected. */
  read(longest: number): Stop {
    for (;;) {
      const plain = lengthOf(PLAIN_TEXT, this.#text, this.#at);
      this.value += this.#text.slice(this.#at, this.#at + plain);
      this.#at += plain;
      if (this.value.length >= longest) return this.#problem('String too long');
      const stop = this.#special();
      if (stop) return stop;
      if (this.value.length >= longest) return this.#problem('String too long');
    }
  }

  #problem(problem: string, length = 1): Stop {
    return { at: this.#at, reason: 'problem', problem, length };
  }

  #stop(reason: Stop['reason']): Stop {
    return { at: this.#at, reason };
  }

  /** Handles one special byte: undefined when it was taken as text. */
  #special(): Stop | undefined {
    const byte = this.#text[this.#at];
    if (byte === undefined) return this.#stop('end');
    if (byte === '\n') return this.#problem(UNTERMINATED);
    if (byte === '\\') return this.#escape();
    const next = this.#text[this.#at + 1];
    if ((byte === '%' && next === '{') || (byte === '$' && isDigit(next))) return this.#stop('reference');
    if (byte === (this.#delimiter ?? '}')) return this.#stop('close');
    if (this.#delimiter === undefined && (byte === '"' || byte === "'")) return this.#stop('jam');
    this.value += byte;
    this.#at++;
    return undefined;
  }

  #escape(): Stop | undefined {
    const next = this.#text[this.#at + 1];
    if (next === undefined) return this.#stop('jam');
    const digits = lengthOf(DIGITS, this.#text, this.#at + 1);
    if (digits > 0) return this.#numericEscape(this.#text.slice(this.#at + 1, this.#at + 1 + digits));
    this.value += SIMPLE_ESCAPES.get(next) ?? next;
    this.#at += 2;
    return undefined;
  }

  #numericEscape(digits: string): Stop | undefined {
    if (!/^[0-7]{1,3}$/.test(digits)) return this.#problem('Bad escape sequence', digits.length + 1);
    const code = Number.parseInt(digits, 8);
    if (code > 0xff) return this.#problem('Escape sequence out of bound', digits.length + 1);
    this.value += String.fromCharCode(code);
    this.#at += digits.length + 1;
    return undefined;
  }
}

function isDigit(byte: string | undefined): boolean {
  return byte !== undefined && byte >= '0' && byte <= '9';
}

/** How many bytes from `at` a sticky pattern takes; 0 for none. */
function lengthOf(sticky: RegExp, text: string, at: number): number {
  sticky.lastIndex = at;
  return sticky.test(text) ? sticky.lastIndex - at : 0;
}
