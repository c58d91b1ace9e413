import { LineBuffer, type LineReader, type LogicalLine } from '../syntax/lines';
import { readWord } from '../syntax/words';
import { resolveVariables } from './variables';
import type { ConfigDirective } from './directive';
import { MAX_NESTING, type CommandState } from './command';

/** Where new directives are added: Apache's `current`, `curr_parent` and `conftree`. */
interface TreeCursor {
  current: ConfigDirective | null;
  parent: ConfigDirective | null;
  first: ConfigDirective | null;
}

/** Reads a whole file into a tree of directives (ap_build_config). Sections with execOnRead are carried out on the way. */
export class TreeBuilder {
  readonly #reader: LineReader;
  readonly #state: CommandState;
  #depth = 0;

  constructor(reader: LineReader, state: CommandState) {
    this.#reader = reader;
    this.#state = state;
  }

  /** The first directive of the tree, or Apache's refusal. */
  build(): { readonly first: ConfigDirective | null } | { readonly refusal: string } {
    const cursor: TreeCursor = { current: null, parent: null, first: null };
    const buffer = new LineBuffer();
    let line = this.#reader.next(buffer);
    for (; typeof line !== 'string'; line = this.#reader.next(buffer)) {
      const refusal = this.#addLine(line, cursor);
      if (refusal !== undefined) return { refusal };
      cursor.first ??= cursor.parent ?? cursor.current;
    }
    if (line === 'too-long') return { refusal: this.#tooLong() };
    if (cursor.parent !== null) return { refusal: this.#notClosed(cursor.parent) };
    return { first: cursor.first };
  }

  /** Reads on to the closing tag of `name`, whose directives become the tree's next ones (ap_build_cont_config). */
  buildContainer(name: string): { readonly first: ConfigDirective | null } | { readonly refusal: string } {
    if (this.#depth >= MAX_NESTING)
      return { refusal: `${name}> sections are nested more deeply than Apache's stack bears` };
    this.#depth += 1;
    const closing = `${name.slice(1)}>`.toLowerCase();
    const cursor: TreeCursor = { current: null, parent: null, first: null };
    const buffer = new LineBuffer();
    let line = this.#reader.next(buffer);
    for (; typeof line !== 'string'; line = this.#reader.next(buffer)) {
      if (
        cursor.parent === null &&
        line.text.startsWith('</') &&
        line.text.slice(2).toLowerCase() === closing
      )
        break;
      const refusal = this.#addLine(line, cursor);
      if (refusal !== undefined) return { refusal };
      cursor.first ??= cursor.parent ?? cursor.current;
    }
    this.#depth -= 1;
    return line === 'too-long' ? { refusal: this.#tooLong() } : { first: cursor.first };
  }

  /** Skips to the closing tag of `name`, with balanced sections inside (ap_soak_end_container). */
  soakContainer(name: string): string | undefined {
    const open = [name];
    const buffers = [new LineBuffer()];
    for (;;) {
      const line = this.#reader.next(buffers.at(-1) ?? new LineBuffer());
      if (line === 'too-long') return this.#tooLong();
      const innermost = open.at(-1) ?? name;
      if (line === 'end') return `Expected </${innermost.slice(1)}> before end of configuration`;
      const word = readWord(line.text, 0);
      if (!word.value.startsWith('<')) continue;
      if (word.value[1] !== '/') {
        const bare = word.next >= line.text.length && word.value.endsWith('>');
        open.push(bare ? word.value.slice(0, -1) : word.value);
        buffers.push(new LineBuffer());
        continue;
      }
      const tag = word.value.slice(0, -1);
      if (tag.slice(2).toLowerCase() !== innermost.slice(1).toLowerCase()) {
        return `Expected </${innermost.slice(1)}> but saw ${tag}>`;
      }
      open.pop();
      buffers.pop();
      if (open.length === 0) return undefined;
    }
  }

  #addLine(line: LogicalLine, cursor: TreeCursor): string | undefined {
    if (line.text === '' || line.text.startsWith('#')) return undefined;
    const text = resolveVariables(line.text, this.#state);
    const word = readWord(text, 0);
    if (word.value === '') return undefined;
    let name = word.value;
    let args = text.slice(word.next);
    if (name[1] !== '/') {
      if (name.endsWith('>')) name = name.slice(0, -1);
      if (name.startsWith('<') && args === '') args = '>';
    }
    const records = this.#state.registry.find(name);
    const directive: ConfigDirective = {
      name: records?.[0]?.name ?? name,
      args,
      line: line.line,
      start: line.start,
      end: line.end,
      next: null,
      firstChild: null,
      parent: null,
    };
    if (records?.[0]?.directive.execOnRead === true) return this.#carryOutNow(directive, cursor);
    if (!name.startsWith('<')) cursor.current = addNode(cursor, directive, false);
    else if (name[1] !== '/') cursor.current = addNode(cursor, directive, true);
    else return this.#close(name, directive, cursor);
    return undefined;
  }

  #carryOutNow(directive: ConfigDirective, cursor: TreeCursor): string | undefined {
    const result = this.#state.executeOnRead(directive);
    const subtree = result.first;
    if (cursor.current !== null) {
      cursor.current.next = subtree;
    } else {
      cursor.current = subtree;
      if (cursor.parent !== null) cursor.parent.firstChild = subtree;
      if (subtree !== null) subtree.parent = cursor.parent;
    }
    if (cursor.current !== null) {
      cursor.first ??= cursor.current;
      while (cursor.current.next !== null) {
        cursor.current = cursor.current.next;
        cursor.current.parent = cursor.parent;
      }
    }
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
    if (closed.toLowerCase() !== parent.name.slice(1).toLowerCase()) {
      return refuse(`Expected </${parent.name.slice(1)}> but saw ${name.slice(0, -1)}>`);
    }
    cursor.current = parent;
    cursor.parent = parent.parent;
    return undefined;
  }

  #tooLong(): string {
    return `Error reading .htaccess at line ${this.#reader.lineNumber}: Line too long`;
  }

  #notClosed(innermost: ConfigDirective): string {
    const lines: string[] = [];
    for (let open: ConfigDirective | null = innermost; open !== null; open = open.parent) {
      lines.push(`.htaccess:${open.line}: ${open.name}> was not closed.`);
      this.#state.errorDirective = open;
    }
    return lines.join('\n');
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
