import type { RegisteredDirective } from './registry';

/** What a line says on a host wherever it stands: read once, since files are read again and again while somebody writes them. */
export interface LineContent {
  /** The first word: the registered spelling where the directive is known, else as written; sections begin with `<`. */
  readonly name: string;
  /** What follows the name; ends with `>` for a section. */
  readonly args: string;
  /** True where there is no word at all, as in `""`. */
  readonly isEmpty: boolean;
  /** Who registered the name; undefined for an unknown one. */
  readonly records: readonly RegisteredDirective[] | undefined;
  /** Whether `${…}` is to be replaced before it is read. */
  readonly hasVariables: boolean;
  /** What the directive's module keeps of the arguments, which mean the same each time. */
  made: unknown;
}

/** A directive in the tree that Apache builds before it carries anything out (ap_directive_t): siblings and children are linked. */
export interface ConfigDirective {
  /** The registered spelling where the directive is known, else as written; sections begin with `<`. */
  readonly name: string;
  /** What follows the name, `${…}` replaced; ends with `>` for a section. */
  readonly args: string;
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
}

/** The nearest section of that name around a directive; null when there is none. */
export function findParent(directive: ConfigDirective | null, name: string): ConfigDirective | null {
  const wanted = name.toLowerCase();
  for (let at = directive?.parent ?? null; at !== null; at = at.parent)
    if (at.name.toLowerCase() === wanted) return at;
  return null;
}
