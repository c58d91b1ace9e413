import { lowerCase } from '../../text/bytes';
import { LineBuffer, LineReader, type LogicalLine } from './lines';
import { readWord } from './words';

/** A directive with its arguments; also a closing tag that closes nothing. */
export interface DirectiveNode {
  readonly kind: 'directive';
  /** As written: `RewriteRule`. */
  readonly name: string;
  readonly line: LogicalLine;
  /** Offset of the arguments in the line's text. */
  readonly argumentsAt: number;
}

/** `<Name …>` with all that stands before its closing tag. */
export interface SectionNode {
  readonly kind: 'section';
  /** Without brackets: `IfModule`. */
  readonly name: string;
  readonly line: LogicalLine;
  readonly argumentsAt: number;
  readonly children: readonly Node[];
  /** Undefined where the text ends first. */
  readonly close: LogicalLine | undefined;
}

/** A comment or an empty line. */
export interface TriviaNode {
  readonly kind: 'comment' | 'blank';
  readonly line: LogicalLine;
}

export type Node = DirectiveNode | SectionNode | TriviaNode;

/** A whole file. The source is kept, so that printing gives back every byte. */
export interface HtaccessTree {
  readonly source: string;
  readonly children: readonly Node[];
  /** Offset of the first byte that is in no node: the source's length, unless Apache stops at or loses a line. */
  readonly unread: number;
}

interface OpenSection {
  readonly name: string;
  readonly line: LogicalLine;
  readonly argumentsAt: number;
  readonly children: Node[];
}

/**
 * The structure of a .htaccess for editors: sections by name, whatever their tests would say. Never throws; linear.
 * A closing tag closes the nearest open section of its name (those within stay unclosed); one without any is a directive.
 */
export function parse(source: string): HtaccessTree {
  const reader = new LineReader(source);
  const buffer = new LineBuffer();
  const builder = new TreeBuilder();
  for (let line = reader.next(buffer); typeof line !== 'string'; line = reader.next(buffer))
    builder.add(line);
  return { source, children: builder.finish(), unread: builder.end };
}

class TreeBuilder {
  readonly #root: Node[] = [];
  readonly #open: OpenSection[] = [];
  readonly #openByName = new Map<string, number>();
  end = 0;

  add(line: LogicalLine): void {
    this.end = line.end;
    if (line.text === '') this.#append({ kind: 'blank', line });
    else if (line.text.startsWith('#')) this.#append({ kind: 'comment', line });
    else this.#addDirective(line);
  }

  finish(): readonly Node[] {
    while (this.#open.length > 0) this.#closeInnermost(undefined);
    return this.#root;
  }

  #addDirective(line: LogicalLine): void {
    const word = readWord(line.text, 0);
    const name = word.value;
    if (name.startsWith('</')) this.#addClosing(line, name);
    else if (name.startsWith('<') && name.length > 1) this.#openSection(line, sectionName(name), word.next);
    else this.#append({ kind: 'directive', name, line, argumentsAt: word.next });
  }

  #openSection(line: LogicalLine, name: string, argumentsAt: number): void {
    this.#open.push({ name, line, argumentsAt, children: [] });
    const key = lowerCase(name);
    this.#openByName.set(key, (this.#openByName.get(key) ?? 0) + 1);
  }

  #addClosing(line: LogicalLine, tag: string): void {
    const key = lowerCase(sectionName(tag.slice(1)));
    if ((this.#openByName.get(key) ?? 0) === 0) {
      this.#append({ kind: 'directive', name: tag, line, argumentsAt: line.text.length });
      return;
    }
    while (lowerCase(this.#open.at(-1)?.name ?? '') !== key) this.#closeInnermost(undefined);
    this.#closeInnermost(line);
  }

  #closeInnermost(close: LogicalLine | undefined): void {
    const section = this.#open.pop();
    if (section === undefined) return;
    const key = lowerCase(section.name);
    this.#openByName.set(key, (this.#openByName.get(key) ?? 1) - 1);
    this.#append({ kind: 'section', ...section, close });
  }

  #append(node: Node): void {
    (this.#open.at(-1)?.children ?? this.#root).push(node);
  }
}

/** `<IfModule` or `<IfModule>` -> `IfModule`. */
function sectionName(tag: string): string {
  return tag.endsWith('>') ? tag.slice(1, -1) : tag.slice(1);
}

/** The text of a tree: for a tree made by `parse`, its source byte for byte. */
export function print(tree: HtaccessTree): string {
  const parts: string[] = [];
  const raw = (line: LogicalLine): number => parts.push(tree.source.slice(line.start, line.end));
  // A stack of its own instead of recursion: 100,000 nested sections must not end in a stack overflow.
  const stack: (Node | LogicalLine)[] = [...tree.children].reverse();
  for (let item = stack.pop(); item !== undefined; item = stack.pop()) {
    if (!('kind' in item)) {
      raw(item);
      continue;
    }
    raw(item.line);
    if (item.kind !== 'section') continue;
    if (item.close !== undefined) stack.push(item.close);
    for (let at = item.children.length - 1; at >= 0; at--) stack.push(item.children[at] as Node);
  }
  return parts.join('') + tree.source.slice(tree.unread);
}
