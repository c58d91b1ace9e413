import { byteStringOfText } from '../../../text/bytes';

/** Raised within the Lua room only: what Lua says of the first thing that is wrong, with its line. */
export class LuaError extends Error {
  readonly line: number;

  constructor(line: number, message: string) {
    super(message);
    this.line = line;
  }
}

/** A token: `kind` is a keyword, an operator, or one of the four that carry text. */
export interface Token {
  readonly kind: string;
  /** As Lua shows it behind "near". */
  readonly shown: string;
}

const KEYWORDS: ReadonlySet<string> = new Set(
  'and break do else elseif end false for function goto if in local nil not or repeat return then true until while'.split(
    ' ',
  ),
);

/** The longest first. */
const OPERATORS = ['...', '..', '==', '>=', '<=', '~=', '<<', '>>', '//', '::'];

const DECIMAL = /^(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const HEXADECIMAL = /^0[xX](?:[\da-fA-F]+\.?[\da-fA-F]*|\.[\da-fA-F]+)(?:[pP][+-]?\d+)?$/;

/** A character as Lua shows it; what cannot be printed as its number. */
const shownCharacter = (character: string): string =>
  /^[ -~]$/.test(character) ? `'${character}'` : `'<\\${character.charCodeAt(0)}>'`;

/** The tokens of Lua 5.3, with its own messages for what is none. */
export class LuaLexer {
  readonly #source: string;
  #at = 0;
  /** The line that has been read up to. */
  line: number;

  constructor(source: string, firstLine: number) {
    this.#source = source;
    this.line = firstLine;
  }

  next(): Token {
    for (;;) {
      const character = this.#source[this.#at];
      if (character === undefined) return { kind: '<eof>', shown: '<eof>' };
      if (character === '\n' || character === '\r') this.#lineEnd();
      else if (/[ \t\v\f]/.test(character)) this.#at += 1;
      else if (this.#source.startsWith('--', this.#at)) this.#comment();
      else return this.#token(character);
    }
  }

  #lineEnd(): void {
    const [first, second] = [this.#source[this.#at], this.#source[this.#at + 1]];
    this.#at += (second === '\n' || second === '\r') && second !== first ? 2 : 1;
    this.line += 1;
  }

  #comment(): void {
    this.#at += 2;
    const level = this.#longBracket();
    if (level >= 0) {
      this.#longText(level, 'comment');
      return;
    }
    while (this.#at < this.#source.length && !/[\r\n]/.test(this.#source[this.#at] ?? '')) this.#at += 1;
  }

  /** The number of `=` in `[==[`; -1 for none. */
  #longBracket(): number {
    const found = /^\[(=*)\[/.exec(this.#source.slice(this.#at, this.#at + 300));
    return found?.[1]?.length ?? -1;
  }

  #longText(level: number, what: 'string' | 'comment'): string {
    const start = this.#at;
    const firstLine = this.line;
    const close = `]${'='.repeat(level)}]`;
    this.#at += level + 2;
    while (!this.#source.startsWith(close, this.#at)) {
      const character = this.#source[this.#at];
      if (character === undefined) {
        this.fail(`unfinished long ${what} (starting at line ${firstLine}) near <eof>`);
      }
      if (character === '\n' || character === '\r') this.#lineEnd();
      else this.#at += 1;
    }
    this.#at += close.length;
    return this.#source.slice(start, this.#at);
  }

  #token(character: string): Token {
    const rest = this.#source.slice(this.#at, this.#at + 3);
    if (/[A-Za-z_]/.test(character)) return this.#word();
    if (/^\.?\d/.test(rest)) return this.#number();
    if (character === '"' || character === "'") return this.#string(character);
    if (character === '[') {
      const level = this.#longBracket();
      if (level >= 0) return { kind: '<string>', shown: `'${this.#longText(level, 'string')}'` };
      const broken = /^\[=+/.exec(this.#source.slice(this.#at))?.[0];
      if (broken !== undefined) this.fail(`invalid long string delimiter near '${broken}'`);
    }
    const operator = OPERATORS.find((one) => rest.startsWith(one));
    this.#at += operator?.length ?? 1;
    return operator === undefined
      ? { kind: character, shown: shownCharacter(character) }
      : { kind: operator, shown: `'${operator}'` };
  }

  #word(): Token {
    const start = this.#at;
    while (/\w/.test(this.#source[this.#at] ?? '')) this.#at += 1;
    const word = this.#source.slice(start, this.#at);
    return { kind: KEYWORDS.has(word) ? word : '<name>', shown: `'${word}'` };
  }

  #number(): Token {
    const start = this.#at;
    const isHexadecimal = /^0[xX]/.test(this.#source.slice(start, start + 2));
    this.#at += isHexadecimal ? 2 : 1;
    const exponent = isHexadecimal ? /[pP]/ : /[eE]/;
    for (;;) {
      if (exponent.test(this.#source[this.#at] ?? '')) {
        this.#at += 1;
        if (/[+-]/.test(this.#source[this.#at] ?? '')) this.#at += 1;
      }
      if (!/[\da-fA-F.]/.test(this.#source[this.#at] ?? '')) break;
      this.#at += 1;
    }
    const text = this.#source.slice(start, this.#at);
    if (!(isHexadecimal ? HEXADECIMAL : DECIMAL).test(text)) this.fail(`malformed number near '${text}'`);
    return { kind: '<number>', shown: `'${text}'` };
  }

  #string(quote: string): Token {
    let text = quote;
    this.#at += 1;
    for (;;) {
      const character = this.#source[this.#at];
      if (character === undefined) this.fail('unfinished string near <eof>');
      if (character === '\n' || character === '\r') this.fail(`unfinished string near '${text}'`);
      if (character === '\\') {
        text += this.#escape(text);
        continue;
      }
      text += character;
      this.#at += 1;
      if (character === quote) return { kind: '<string>', shown: `'${text}'` };
    }
  }

  /** What an escape stands for; `before` is the text so far, for messages. */
  #escape(before: string): string {
    this.#at += 1;
    const letter = this.#source[this.#at] ?? '';
    const wrong = (message: string, read: string): never =>
      this.fail(`${message} near '${before}\\${read}${this.#source[this.#at + read.length] ?? ''}'`);
    if (letter === '') return '';
    if (letter === '\n' || letter === '\r') {
      this.#lineEnd();
      return '\n';
    }
    const rest = this.#source.slice(this.#at, this.#at + 12);
    if (letter === 'z') {
      this.#at += 1;
      while (/\s/.test(this.#source[this.#at] ?? '')) {
        if (/[\r\n]/.test(this.#source[this.#at] ?? '')) this.#lineEnd();
        else this.#at += 1;
      }
      return '';
    }
    if (letter === 'x') {
      const digits = /^x[\da-fA-F]{0,2}/.exec(rest)?.[0] ?? '';
      if (digits.length < 3) wrong('hexadecimal digit expected', digits);
      this.#at += 3;
      return String.fromCharCode(Number.parseInt(digits.slice(1), 16));
    }
    if (letter === 'u') return this.#unicodeEscape(rest, wrong);
    const decimal = /^\d{1,3}/.exec(rest)?.[0];
    if (decimal !== undefined) {
      if (Number(decimal) > 255) wrong('decimal escape too large', decimal);
      this.#at += decimal.length;
      return String.fromCharCode(Number(decimal));
    }
    const at = 'abfnrtv\\"\''.indexOf(letter);
    if (at < 0) wrong('invalid escape sequence', '');
    this.#at += 1;
    return '\x07\b\f\n\r\t\v\\"\''[at] ?? '';
  }

  #unicodeEscape(rest: string, wrong: (message: string, read: string) => never): string {
    if (rest[1] !== '{') wrong("missing '{'", 'u');
    const digits = /^u\{([\da-fA-F]*)/.exec(rest)?.[1] ?? '';
    if (digits === '') wrong('hexadecimal digit expected', 'u{');
    for (let count = 1; count <= digits.length; count++) {
      const value = Number.parseInt(digits.slice(0, count), 16);
      if (value > 0x10ffff) wrong('UTF-8 value too large', `u{${digits.slice(0, count - 1)}`);
    }
    const read = `u{${digits}`;
    if (rest[read.length] !== '}') wrong("missing '}'", read);
    this.#at += read.length + 1;
    return byteStringOfText(String.fromCodePoint(Number.parseInt(digits, 16)));
  }

  /** Ends the reading with a message for the line that was read last. */
  fail(message: string): never {
    throw new LuaError(this.line, message);
  }
}
