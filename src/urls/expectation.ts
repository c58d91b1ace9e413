import type { Expectation, ExpectedAnswer, WrittenHeader, WrittenVariable } from './case';
import type { Word, WordProblem } from './words';

/** RFC 9110, section 5.6.2. */
const HEADER = /^(!?)([!#$%&'*+.^_`|~0-9A-Za-z-]+)(?::[ \t]*(.*))?$/s;
const VARIABLE = /^([A-Za-z_][\w.-]*)=/;
const NO_VARIABLE = /^!([A-Za-z_][\w.-]*)$/;
const STATUS = /^[1-5]\d\d$/;
const ADDRESS = /^(?:\/|[A-Za-z][A-Za-z0-9+.-]*:)/;
const KEYWORD = /^(?:file|listing|type)$/;
const HOW =
  'Write what should come of it: a script (dispatch.fcgi PATH_INFO=/x), "file static/site.css", "listing", a status (404) or a redirect (301 /new).';

/** Whether a word without quotes can only be a path. */
export function isScriptPath(text: string): boolean {
  return /[./]/.test(text) && !VARIABLE.test(text) && !text.startsWith('!');
}

/** Whether a word without quotes behind `file` or `listing` is a path, not the next part of the expectation. */
export function isPlainArgument(text: string): boolean {
  const isOther = KEYWORD.test(text) || STATUS.test(text) || VARIABLE.test(text) || NO_VARIABLE.test(text);
  return !isOther && text !== '';
}

type Draft = {
  -readonly [Key in keyof Expectation]: Expectation[Key];
} & { readonly variables: WrittenVariable[]; readonly headers: WrittenHeader[] };

/** Reads the words behind the arrow; `end` is where they end. */
export function readExpectation(words: readonly Word[], end: number): Expectation | WordProblem {
  if (words.length === 0) return { start: end, end, message: `Nothing is expected. ${HOW}` };
  return new ExpectationReader(words).read();
}

class ExpectationReader {
  readonly #words: readonly Word[];
  readonly #draft: Draft = { variables: [], headers: [] };
  #at = 0;

  constructor(words: readonly Word[]) {
    this.#words = words;
  }

  read(): Expectation | WordProblem {
    while (this.#at < this.#words.length) {
      const word = this.#words[this.#at] as Word;
      this.#at += 1;
      const message = this.#take(word);
      if (message !== undefined) return { start: word.start, end: word.end, message };
    }
    return this.#draft;
  }

  /** Takes a word and those that belong to it; gives what is wrong with it. */
  #take(word: Word): string | undefined {
    if (word.kind === 'arrow')
      return 'There is one arrow to a line; write "->" in quotes where it is a text.';
    if (word.kind === 'header') return this.#header(word.text);
    if (word.isQuoted) return this.#answer({ kind: 'script', path: word.text });
    if (STATUS.test(word.text)) return this.#status(Number(word.text));
    if (word.text === 'file') return this.#file();
    if (word.text === 'listing') return this.#listing();
    if (word.text === 'type') return this.#type();
    return this.#variable(word.text) ? undefined : this.#script(word.text);
  }

  #header(text: string): string | undefined {
    const header = headerOf(text);
    if (typeof header === 'string') return header;
    this.#draft.headers.push(header);
    return undefined;
  }

  #status(status: number): string | undefined {
    if (this.#draft.status !== undefined) return 'A case has one status.';
    this.#draft.status = status;
    const next = this.#words[this.#at];
    if (status < 300 || status > 399 || next?.kind !== 'word' || !ADDRESS.test(next.text)) return undefined;
    this.#draft.location = next.text;
    this.#at += 1;
    return undefined;
  }

  #file(): string | undefined {
    const path = this.#argument();
    if (path === undefined) return 'The file is missing: file static/site.css.';
    return this.#answer({ kind: 'file', path });
  }

  #listing(): string | undefined {
    const path = this.#argument();
    return this.#answer(path === undefined ? { kind: 'listing' } : { kind: 'listing', path });
  }

  #type(): string | undefined {
    const type = this.#argument();
    if (type === undefined || !type.includes('/')) return 'The media type is missing: type text/css.';
    if (this.#draft.type !== undefined) return 'A case has one type.';
    this.#draft.type = type;
    return undefined;
  }

  /** The next word, where it is one that can be a path. */
  #argument(): string | undefined {
    const next = this.#words[this.#at];
    if (next?.kind !== 'word') return undefined;
    if (!next.isQuoted && !isPlainArgument(next.text)) return undefined;
    this.#at += 1;
    return next.text;
  }

  #answer(answer: ExpectedAnswer): string | undefined {
    if (this.#draft.answer !== undefined) {
      return 'One script, file or listing answers a request; a value with blanks is written NAME="a b".';
    }
    this.#draft.answer = answer;
    return undefined;
  }

  /** Whether the word is a variable, which is taken then. */
  #variable(text: string): boolean {
    const name = VARIABLE.exec(text)?.[1];
    const unset = NO_VARIABLE.exec(text)?.[1];
    if (name !== undefined) this.#draft.variables.push({ name, value: text.slice(name.length + 1) });
    else if (unset !== undefined) this.#draft.variables.push({ name: unset, value: null });
    else return false;
    return true;
  }

  #script(text: string): string | undefined {
    if (!isScriptPath(text)) {
      return `"${text}" is no expectation. ${HOW} A script without an extension is written ./${text}.`;
    }
    return this.#answer({ kind: 'script', path: text });
  }
}

/** `Name: value` or `!Name`; a sentence where it is neither. */
export function headerOf(text: string): WrittenHeader | string {
  const [, not, name = '', value] = HEADER.exec(text.trim()) ?? [];
  const isWhole = not === '!' ? value === undefined : value !== undefined;
  if (name === '' || !isWhole) return 'A header is written {Name: value}; one that must be absent {!Name}.';
  if (/[\u0000-\u0008\u000A-\u001F\u007F]/.test(value ?? '')) return 'A header holds no control characters.';
  return { name, value: value?.trim() ?? null };
}
