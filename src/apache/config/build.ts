import { lowerCase } from '../../text/bytes';
import { LineBuffer, PlainLine, PoolClock, type ConfigFile, type LogicalLine } from '../syntax/lines';
import { readWord } from '../syntax/words';
import { resolveVariables } from './variables';
import { ConfigDirective, type LineContent } from './directive';
import type { CommandState } from './command';
import { InsertedLines } from './insertedLines';

/** Where new directives are added: Apache's `current`, `curr_parent` and `conftree`. */
interface TreeCursor {
  current: ConfigDirective | null;
  parent: ConfigDirective | null;
  first: ConfigDirective | null;
}

/** A loop that adds lines to a tree: that of the whole file, or that of a section which is being carried out. */
interface Loop {
  readonly cursor: TreeCursor;
  readonly buffer: LineBuffer;
  /** The tag that ends it, in lower case, without `</`; undefined for the whole file. */
  readonly closing: string | undefined;
}

function newLoop(pool: PoolClock, closing?: string): Loop {
  return { cursor: { current: null, parent: null, first: null }, buffer: new LineBuffer(pool), closing };
}

/**
 * Reads a whole file into a tree of directives (ap_build_config). Sections with execOnRead are carried out on the way;
 * those that stay (ap_build_cont_config) are read by loops on a stack of its own, so that no nesting is too deep.
 */
export class TreeBuilder {
  readonly #state: CommandState;
  readonly #pool = new PoolClock();
  #file: ConfigFile;
  /** Set by a directive that is carried out now: its section's lines are to be read next. */
  #requested: string | undefined;

  constructor(file: ConfigFile, state: CommandState) {
    this.#file = file;
    this.#state = state;
  }

  /** What is being read now: the file, or lines that stand in for a directive of it. */
  get file(): ConfigFile {
    return this.#file;
  }

  /** The first directive of the tree, or Apache's refusal. */
  build(): { readonly first: ConfigDirective | null } | { readonly refusal: string } {
    const loops = [newLoop(this.#pool)];
    for (let loop = loops.at(-1); loop !== undefined; loop = loops.at(-1)) {
      const line = this.#file.next(loop.buffer);
      if (line === 'too-long') return { refusal: this.#tooLong() };
      const isEnd = line === 'end' || isClosing(line, loop);
      const refusal = isEnd ? this.#end(loops) : this.#addLine(line, loop.cursor);
      if (refusal !== undefined) return { refusal };
      if (isEnd && loop.closing === undefined) return { first: loop.cursor.first };
      if (this.#requested !== undefined) loops.push(newLoop(this.#pool, this.#takeRequest()));
      else if (!isEnd) loop.cursor.first ??= loop.cursor.parent ?? loop.cursor.current;
    }
    return { first: null };
  }

  /** Asks for the lines up to the closing tag of `name`: their directives become the tree's next ones. */
  requestContainer(name: string): void {
    this.#requested = name;
  }

  /** Has lines read before the rest of the file, in the place of `directive`. */
  insert(lines: readonly string[], name: string, { start, end }: ConfigDirective): void {
    const onEnd = (next: ConfigFile): void => void (this.#file = next);
    this.#file = new InsertedLines({ lines, name, next: this.#file, start, end, onEnd });
  }

  /** Skips to the closing tag of `name`, with balanced sections inside (ap_soak_end_container). */
  soakContainer(name: string): string | undefined {
    const open = [name];
    const buffers = [new LineBuffer(this.#pool)];
    for (;;) {
      const line = this.#file.next(buffers.at(-1) ?? new LineBuffer(this.#pool));
      if (line === 'too-long') return this.#tooLong();
      const innermost = open.at(-1) ?? name;
      if (line === 'end') return `Expected </${innermost.slice(1)}> before end of configuration`;
      const word = readWord(line.text, 0);
      this.#pool.taken += 1;
      if (!word.value.startsWith('<')) continue;
      if (word.value[1] !== '/') {
        const bare = word.next >= line.text.length && word.value.endsWith('>');
        open.push(bare ? word.value.slice(0, -1) : word.value);
        buffers.push(new LineBuffer(this.#pool));
        continue;
      }
      const tag = word.value.slice(0, -1);
      if (lowerCase(tag.slice(2)) !== lowerCase(innermost.slice(1))) {
        return `Expected </${innermost.slice(1)}> but saw ${tag}>`;
      }
      open.pop();
      buffers.pop();
      if (open.length === 0) return undefined;
    }
  }

  #takeRequest(): string {
    const name = this.#requested ?? '';
    this.#requested = undefined;
    return lowerCase(`${name.slice(1)}>`);
  }

  /** The innermost loop is over: its directives go into the loop around it. */
  #end(loops: Loop[]): string | undefined {
    const ended = loops.pop();
    const outer = loops.at(-1);
    if (ended === undefined) return undefined;
    if (outer === undefined)
      return ended.cursor.parent === null ? undefined : this.#notClosed(ended.cursor.parent);
    addSubtree(outer.cursor, ended.cursor.first);
    outer.cursor.first ??= outer.cursor.parent ?? outer.cursor.current;
    return undefined;
  }

  #addLine(line: LogicalLine, cursor: TreeCursor): string | undefined {
    if (line.text === '' || line.text.startsWith('#')) return undefined;
    this.#pool.taken += 1;
    const content = this.#read(line);
    const { name, records } = content;
    if (content.isEmpty) return undefined;
    const directive = new ConfigDirective(content, line, this.#file);
    if (records?.[0]?.directive.execOnRead === true) return this.#carryOutNow(directive, cursor);
    if (!name.startsWith('<')) cursor.current = addNode(cursor, directive, false);
    else if (name[1] !== '/') cursor.current = addNode(cursor, directive, true);
    else return this.#close(name, directive, cursor);
    return undefined;
  }

  #read(line: LogicalLine): LineContent {
    const { registry } = this.#state;
    const { memory } = this.#file;
    const isKept = memory !== undefined && line instanceof PlainLine;
    const content = isKept ? memory.keep(line, registry.readLine) : registry.line(line.text);
    return content.hasVariables ? registry.line(resolveVariables(line.text, this.#state)) : content;
  }

  #carryOutNow(directive: ConfigDirective, cursor: TreeCursor): string | undefined {
    const result = this.#state.executeOnRead(directive);
    if (result.refusal === undefined && this.#requested === undefined) addSubtree(cursor, result.first);
    return result.refusal;
  }

  #close(name: string, directive: ConfigDirective, cursor: TreeCursor): string | undefined {
    const parent = cursor.parent;
    const refuse = (message: string): string => {
      this.#state.errorDirective = directive;
      return message;
    };
    if (parent === null) return refuse(`${name} without matching <${name.slice(2)} section`);
    if (!name.endsWith('>')) return refuse(`${name}> directive missing closing '>'`);
    const closed = name.slice(2, -1);
    if (lowerCase(closed) !== lowerCase(parent.name.slice(1))) {
      return refuse(`Expected </${parent.name.slice(1)}> but saw ${name.slice(0, -1)}>`);
    }
    cursor.current = parent;
    cursor.parent = parent.parent;
    return undefined;
  }

  #tooLong(): string {
    return `Error reading ${this.#file.name} at line ${this.#file.lineNumber}: Line too long`;
  }

  #notClosed(innermost: ConfigDirective): string {
    const lines: string[] = [];
    for (let open: ConfigDirective | null = innermost; open !== null; open = open.parent) {
      lines.push(`${open.file}:${open.line}: ${open.name}> was not closed.`);
      this.#state.errorDirective = open;
    }
    return lines.join('\n');
  }
}

/** True for the tag that ends a loop, when no section is open in it. */
function isClosing({ text }: LogicalLine, { closing, cursor }: Loop): boolean {
  if (closing === undefined || cursor.parent !== null || !text.startsWith('</')) return false;
  return lowerCase(text.slice(2)) === closing;
}

/** Puts the directives that a section left behind in its place. */
function addSubtree(cursor: TreeCursor, subtree: ConfigDirective | null): void {
  if (cursor.current !== null) {
    cursor.current.next = subtree;
  } else {
    cursor.current = subtree;
    if (cursor.parent !== null) cursor.parent.firstChild = subtree;
    if (subtree !== null) subtree.parent = cursor.parent;
  }
  if (cursor.current === null) return;
  cursor.first ??= cursor.current;
  while (cursor.current.next !== null) {
    cursor.current = cursor.current.next;
    cursor.current.parent = cursor.parent;
  }
}

/** Adds behind the current directive or as the first child of the open section; gives the new `current` (ap_add_node). */
function addNode(cursor: TreeCursor, added: ConfigDirective, isSection: boolean): ConfigDirective | null {
  added.parent = cursor.parent;
  if (cursor.current !== null) cursor.current.next = added;
  else if (cursor.parent !== null) cursor.parent.firstChild = added;
  if (!isSection) return added;
  cursor.parent = added;
  return null;
}
