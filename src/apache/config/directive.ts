import { readWord } from '../syntax/words';
import type { ConfigFile, LogicalLine } from '../syntax/lines';
import type { RegisteredDirective } from './registry';

/** Who registered a name; undefined for an unknown one. */
type Records = readonly RegisteredDirective[] | undefined;

/** What a line says on a host wherever it stands: read once, since files are read again and again while somebody writes them. */
export class LineContent {
  /** The line, trimmed. */
  readonly text: string;
  /** The first word: the registered spelling where the directive is known, else as written; sections begin with `<`. */
  readonly name: string;
  /** True where there is no word at all, as in `""`. */
  readonly isEmpty: boolean;
  readonly records: Records;
  /** Whether `${…}` is to be replaced before it is read. */
  readonly hasVariables: boolean;
  /** What the directive's module keeps of the arguments, which mean the same each time. */
  made: unknown;
  /** Where the arguments begin in the text: they are cut off when they are asked for, files have thousands of lines. */
  readonly #argsAt: number;

  /** Reads a line; `find` gives the records of its first word. */
  constructor(text: string, find: (name: string) => Records) {
    const { value, next } = readWord(text, 0);
    const isOpening = value[1] !== '/';
    const name = isOpening && value.endsWith('>') ? value.slice(0, -1) : value;
    this.text = text;
    this.records = find(name);
    this.name = this.records?.[0]?.name ?? name;
    this.isEmpty = value === '';
    this.hasVariables = text.includes('${');
    this.made = undefined;
    this.#argsAt = isOpening && name.startsWith('<') && next >= text.length ? CLOSED_AT_ONCE : next;
  }

  /** What follows the name; ends with `>` for a section. */
  get args(): string {
    return this.#argsAt === CLOSED_AT_ONCE ? '>' : this.text.slice(this.#argsAt);
  }
}

const CLOSED_AT_ONCE = -1;

/** A directive in the tree that Apache builds before it carries anything out (ap_directive_t): siblings and children are linked. */
export class ConfigDirective {
  readonly content: LineContent;
  /** What was read: `.htaccess`, or a macro as Apache's messages name it. */
  readonly file: string;
  /** 1-based, the last physical line; in a macro, counted within it. */
  readonly line: number;
  /** The first physical line, counted likewise. */
  readonly firstLine: number;
  /** Offsets in the source of the whole logical line. */
  readonly start: number;
  readonly end: number;
  next: ConfigDirective | null;
  firstChild: ConfigDirective | null;
  parent: ConfigDirective | null;

  constructor(
    content: LineContent,
    line: Pick<LogicalLine, 'firstLine' | 'start' | 'end'>,
    file: Pick<ConfigFile, 'name' | 'lineNumber'>,
  ) {
    this.content = content;
    this.file = file.name;
    this.line = file.lineNumber;
    this.firstLine = line.firstLine;
    this.start = line.start;
    this.end = line.end;
    this.next = null;
    this.firstChild = null;
    this.parent = null;
  }

  /** The registered spelling where the directive is known, else as written; sections begin with `<`. */
  get name(): string {
    return this.content.name;
  }

  /** What follows the name, `${…}` replaced; ends with `>` for a section. */
  get args(): string {
    return this.content.args;
  }
}

/** The nearest section of that name around a directive; null when there is none. */
export function findParent(directive: ConfigDirective | null, name: string): ConfigDirective | null {
  const wanted = name.toLowerCase();
  for (let at = directive?.parent ?? null; at !== null; at = at.parent)
    if (at.name.toLowerCase() === wanted) return at;
  return null;
}
