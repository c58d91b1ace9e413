import type { Position, Range } from 'vscode-languageserver';
import type { LogicalLine } from '../apache/syntax/lines';
import { parse, type HtaccessTree, type Node, type SectionNode } from '../apache/syntax/tree';
import { byteStringOfText, isAscii, textOfByteString } from '../text/bytes';
import { LineIndex, type Span } from '../text/lines';

/** Characters of a text beyond which nothing is worked out while somebody types: a .htaccess is read anew for every request. */
export const MOST_CHARACTERS = 2_000_000;

/** One logical line of a file with its surroundings: a directive, an opening or a closing tag, a comment, a blank. */
export interface Entry {
  /** `close`: the closing tag of `node`. */
  readonly kind: Node['kind'] | 'close';
  readonly node: Node;
  readonly line: LogicalLine;
  /** The opening tag of the section around it; of a closing tag, its own section's. */
  readonly parent: Entry | undefined;
}

/**
 * A .htaccess in an editor. Editors count UTF-16 units in lines, Apache reads bytes: everything below works on byte
 * offsets of `source`, and this is the one place that turns them into positions and back.
 */
export class HtaccessDocument {
  readonly text: string;
  /** The text's bytes in UTF-8, as a byte string; empty where the text is too large. */
  readonly source: string;
  readonly isTooLarge: boolean;
  /** Bytes, about; exactly where the text is not too large. */
  readonly size: number;
  readonly #isAscii: boolean;
  #tree: HtaccessTree | undefined;
  #entries: readonly Entry[] | undefined;
  #editorLines: readonly number[] | undefined;
  #nearLine = 0;
  #textLines: LineIndex | undefined;
  #byteLines: LineIndex | undefined;

  /** `source` is given where the bytes are known, which need not be UTF-8; `size` where they were too many to be read. */
  constructor(text: string, { source, size }: { readonly source?: string; readonly size?: number } = {}) {
    this.text = text;
    this.isTooLarge = size !== undefined || text.length > MOST_CHARACTERS;
    this.source = this.isTooLarge ? '' : (source ?? byteStringOfText(text));
    this.size = this.isTooLarge ? (size ?? estimatedBytes(text)) : this.source.length;
    this.#isAscii = isAscii(this.source);
  }

  /** A file as it is saved: a byte string. */
  static ofBytes(source: string): HtaccessDocument {
    return new HtaccessDocument(textOfByteString(source), { source });
  }

  /** A file of so many bytes that it was not read. */
  static tooLarge(size: number): HtaccessDocument {
    return new HtaccessDocument('', { size });
  }

  get tree(): HtaccessTree {
    return (this.#tree ??= parse(this.source));
  }

  /** Every logical line in the order of the file. */
  get entries(): readonly Entry[] {
    return (this.#entries ??= entriesOf(this.tree));
  }

  /** The line that holds a byte offset; undefined behind the last line end, and where Apache does not read. */
  entryAt(offset: number): Entry | undefined {
    const { entries } = this;
    let low = 0;
    let high = entries.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((entries[middle]?.line.start ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    const found = entries[low];
    if (found === undefined || offset < found.line.start || offset > found.line.end) return undefined;
    const isBehind = offset === found.line.end && this.source[offset - 1] === '\n';
    return isBehind && !this.#endsContinued(offset) ? undefined : found;
  }

  /** The place of one of `entries` among them. */
  indexOf({ line, kind }: Entry): number {
    const { entries } = this;
    let low = 0;
    let high = entries.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((entries[middle]?.line.start ?? 0) < line.start) low = middle + 1;
      else high = middle;
    }
    return entries[low]?.kind === kind ? low : -1;
  }

  /** The section that is open at the end of the file, as the tree sees it. */
  get openAtEnd(): Entry | undefined {
    const last = this.entries.at(-1);
    if (last?.kind === 'section') return last;
    return last?.kind === 'close' ? last.parent?.parent : last?.parent;
  }

  /** The line end that the file uses. */
  get lineEnd(): string {
    const first = this.source.indexOf('\n');
    return first > 0 && this.source[first - 1] === '\r' ? '\r\n' : '\n';
  }

  /** Ordinary text of a piece of the source. */
  textOf(bytes: string): string {
    return this.#isAscii ? bytes : textOfByteString(bytes);
  }

  /** The editor's position of a byte offset; inside a character, the one behind it. */
  positionAt(offset: number): Position {
    return this.positionOfCharacter(this.#characterAt(offset));
  }

  /** The editor's position of an offset in `text`. */
  positionOfCharacter(character: number): Position {
    const starts = (this.#editorLines ??= editorLineStarts(this.text));
    const near = this.#nearLine;
    let low = 0;
    let high = starts.length - 1;
    // What is asked for mostly lies where the last answer was: features go through a file from its start.
    if ((starts[near] ?? 0) <= character) {
      low = near;
      if (character < (starts[near + 2] ?? Number.POSITIVE_INFINITY)) high = Math.min(high, near + 1);
    }
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] ?? 0) <= character) low = middle;
      else high = middle - 1;
    }
    this.#nearLine = low;
    return { line: low, character: character - (starts[low] ?? 0) };
  }

  /** The byte offset of an editor's position, clamped to the line. */
  offsetAt({ line, character }: Position): number {
    const starts = (this.#editorLines ??= editorLineStarts(this.text));
    if (line < 0 || this.isTooLarge) return 0;
    const start = starts[line];
    if (start === undefined) return this.source.length;
    const end = this.#endOfLine(start, starts[line + 1] ?? this.text.length);
    return this.#byteAt(Math.min(start + Math.max(0, character), end));
  }

  /** The editor's range of a span of bytes. */
  rangeOf({ start, end }: Span): Range {
    return { start: this.positionAt(start), end: this.positionAt(Math.max(start, end)) };
  }

  /** A backslash at the end of the file: what is written next still belongs to the line. */
  #endsContinued(offset: number): boolean {
    return offset === this.source.length && /\\\r?\n$/.test(this.source.slice(-3));
  }

  /** Where the visible part of a line ends. */
  #endOfLine(start: number, following: number): number {
    let end = following;
    while (end > start && /[\r\n]/.test(this.text[end - 1] ?? '')) end -= 1;
    return end;
  }

  #characterAt(byte: number): number {
    const at = Math.max(0, Math.min(byte, this.source.length));
    if (this.#isAscii) return at;
    const { line, character } = this.#bytes.positionAt(at);
    let found = this.#characters.startOf(line);
    for (let from = at - character; from < at; from++) found += unitsOfByte(this.source.charCodeAt(from));
    return Math.min(found, this.text.length);
  }

  #byteAt(character: number): number {
    if (this.#isAscii) return Math.min(character, this.source.length);
    const { line, character: inLine } = this.#characters.positionAt(character);
    const start = character - inLine;
    return this.#bytes.startOf(line) + byteStringOfText(this.text.slice(start, character)).length;
  }

  get #characters(): LineIndex {
    return (this.#textLines ??= new LineIndex(this.text));
  }

  get #bytes(): LineIndex {
    return (this.#byteLines ??= new LineIndex(this.source));
  }
}

/** Bytes of a text, judged by its first part. */
function estimatedBytes(text: string): number {
  const sample = text.slice(0, 10_000);
  return text.length * (byteStringOfText(sample).length / sample.length);
}

/** UTF-16 units that begin with a byte of UTF-8: none with a continuation byte, two with the first of four. */
function unitsOfByte(byte: number): number {
  if (byte >= 0x80 && byte < 0xc0) return 0;
  return byte >= 0xf0 ? 2 : 1;
}

/** Editors end a line at LF, CR LF and a lone CR; Apache only at LF. */
function editorLineStarts(text: string): number[] {
  const starts = [0];
  if (text.includes('\r')) {
    for (const match of text.matchAll(/\r\n?|\n/g)) starts.push(match.index + match[0].length);
    return starts;
  }
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

/** The lines of a tree in order. Without recursion: nothing bounds the depth of sections. */
export function entriesOf(tree: HtaccessTree): Entry[] {
  const entries: Entry[] = [];
  const waiting: Entry[] = [];
  const wait = (nodes: readonly Node[], parent: Entry | undefined): void => {
    for (let at = nodes.length - 1; at >= 0; at--) {
      const node = nodes[at] as Node;
      waiting.push({ kind: node.kind, node, line: node.line, parent });
    }
  };
  wait(tree.children, undefined);
  for (let entry = waiting.pop(); entry !== undefined; entry = waiting.pop()) {
    entries.push(entry);
    if (entry.kind !== 'section') continue;
    const node = entry.node as SectionNode;
    if (node.close !== undefined) waiting.push({ kind: 'close', node, line: node.close, parent: entry });
    wait(node.children, entry);
  }
  return entries;
}
