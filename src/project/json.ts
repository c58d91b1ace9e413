/**
 * JSON as VS Code's own files allow it: comments, trailing commas. The parser keeps offsets, goes on after an error
 * and never throws, so that a half-typed file still gives what can be read of it.
 */

export type JsonPath = readonly (string | number)[];

/** A value with its place: offsets into the text, `end` exclusive. */
export type JsonNode = { readonly start: number; readonly end: number } & (
  | { readonly kind: 'object'; readonly members: readonly JsonMember[] }
  | { readonly kind: 'array'; readonly items: readonly JsonNode[] }
  | { readonly kind: 'scalar'; readonly value: string | number | boolean | null }
);

export interface JsonMember {
  readonly name: string;
  readonly nameStart: number;
  readonly nameEnd: number;
  readonly value: JsonNode;
}

export interface JsonProblem {
  readonly offset: number;
  readonly length: number;
  readonly message: string;
}

/** Deeper nesting is refused, so that no file can exhaust the stack. */
const DEEPEST = 64;

const BLANK = /[\s\uFEFF]+|\/\/[^\n]*|\/\*[^]*?\*\//y;
const STRING_PART = /[^"\\\r\n]*(?:"|\\.)/y;
const WORD = /[^\s"{}[\],:/]+/y;
const WORDS = new Map<string, boolean | null>([
  ['true', true],
  ['false', false],
  ['null', null],
]);

class Parser {
  readonly problems: JsonProblem[] = [];
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  document(): JsonNode | undefined {
    const root = this.#value(0);
    if (root !== undefined && this.#peek() !== '') this.#problem('Nothing may follow the closing brace.');
    return root;
  }

  #value(depth: number): JsonNode | undefined {
    const next = this.#peek();
    if (depth > DEEPEST) return this.#problem(`More than ${DEEPEST} levels are not read.`);
    if (next === '{') return this.#object(depth);
    if (next === '[') return this.#array(depth);
    return this.#scalar(next);
  }

  #object(depth: number): JsonNode {
    const members: JsonMember[] = [];
    const start = this.#at++;
    while (!this.#closes('}')) {
      const member = this.#member(depth);
      if (member === undefined) break;
      members.push(member);
      if (!this.#separates('}')) break;
    }
    return { kind: 'object', members, start, end: this.#at };
  }

  #array(depth: number): JsonNode {
    const items: JsonNode[] = [];
    const start = this.#at++;
    while (!this.#closes(']')) {
      const item = this.#value(depth + 1);
      if (item === undefined) break;
      items.push(item);
      if (!this.#separates(']')) break;
    }
    return { kind: 'array', items, start, end: this.#at };
  }

  #member(depth: number): JsonMember | undefined {
    const name = this.#peek() === '"' ? this.#scalar('"') : undefined;
    if (name?.kind !== 'scalar') return this.#problem('A name in double quotes is missing here.');
    if (this.#peek() !== ':') return this.#problem('A colon is missing after the name.');
    this.#at++;
    const value = this.#value(depth + 1);
    return value && { name: String(name.value), nameStart: name.start, nameEnd: name.end, value };
  }

  #scalar(next: string): JsonNode | undefined {
    const start = this.#at;
    const source = next === '"' ? this.#string() : this.#take(WORD);
    if (source === '')
      return this.#problem(next === '"' ? 'The string is not closed.' : 'A value is missing.');
    const value = scalarOf(source);
    if (value !== undefined) return { kind: 'scalar', value, start, end: this.#at };
    this.#at = start;
    return this.#problem(`${source.slice(0, 40)} is not a JSON value.`, source.length);
  }

  /** The source of a string with its quotes; empty where it is not closed on its line. */
  #string(): string {
    const start = this.#at++;
    for (let part = this.#take(STRING_PART); part !== ''; part = this.#take(STRING_PART)) {
      if (part.endsWith('"') && !part.endsWith('\\"')) return this.#text.slice(start, this.#at);
    }
    this.#at = start;
    return '';
  }

  /** Consumes the closing bracket, or reports that the text ends before it. */
  #closes(bracket: string): boolean {
    const next = this.#peek();
    if (next === '') this.#problem(`The closing ${bracket} is missing.`);
    if (next === bracket) this.#at++;
    return next === '' || next === bracket;
  }

  /** After a value: true where another may follow; a missing comma is reported and passed over. */
  #separates(bracket: string): boolean {
    const next = this.#peek();
    if (next === ',') this.#at++;
    else if (next !== bracket && next !== '') this.#problem('A comma is missing here.');
    return next === ',' || next === bracket || next === '' || next === '"' || next === '{';
  }

  #peek(): string {
    while (this.#take(BLANK) !== '');
    return this.#text.charAt(this.#at);
  }

  #take(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0] ?? '';
    this.#at += found.length;
    return found;
  }

  /** Only the first problem is kept: what follows it is mostly its echo. */
  #problem(message: string, length = 1): undefined {
    if (this.problems.length === 0) this.problems.push({ offset: this.#at, length, message });
    return undefined;
  }
}

function scalarOf(source: string): string | number | boolean | null | undefined {
  if (WORDS.has(source)) return WORDS.get(source);
  if (!/^["\d-]/.test(source)) return undefined;
  try {
    return JSON.parse(source) as string | number;
  } catch {
    return undefined;
  }
}

/** The tree of a text, as far as it can be read, and its first syntax problem. An empty text has no root and one problem. */
export function parseJson(text: string): { root: JsonNode | undefined; problems: readonly JsonProblem[] } {
  const parser = new Parser(text);
  const root = parser.document();
  return { root, problems: parser.problems };
}

/** The plain value of a tree. Of a name that is given twice the last one counts, as in JSON.parse. */
export function jsonValue(node: JsonNode): unknown {
  if (node.kind === 'scalar') return node.value;
  if (node.kind === 'array') return node.items.map(jsonValue);
  return Object.fromEntries(node.members.map((member) => [member.name, jsonValue(member.value)]));
}

/** Where a path leads: the span of the member's name (or of the item); of the deepest known part where the path goes on. */
export function spanAt(root: JsonNode, path: JsonPath): { start: number; end: number } {
  let node = root;
  let span: { start: number; end: number } = root;
  for (const step of path) {
    const member = node.kind === 'object' ? node.members.findLast((one) => one.name === step) : undefined;
    const next = member?.value ?? (node.kind === 'array' ? node.items[Number(step)] : undefined);
    if (next === undefined) break;
    span = member ? { start: member.nameStart, end: member.nameEnd } : next;
    node = next;
  }
  return span;
}
