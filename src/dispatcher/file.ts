import { byteStringOf } from '../text/bytes';
import type { Position } from '../text/lines';
import type { OnTarget } from './onTarget';

/** What is known of a dispatcher beside its content. What is absent is not known, and nothing is said about it. */
export interface DispatcherFacts {
  /** For messages; any form of path. */
  readonly path: string;
  /** Permission bits, as 0o755; absent where they mean nothing (Windows) or are unknown. */
  readonly mode?: number;
  /** Whether a program (a path, or a name along PATH) can be started on this machine. */
  readonly hasProgram?: (program: string) => boolean;
  /** What git has of the file. */
  readonly git?: GitFacts;
  /** What the rules of the site make of a request for the file itself. */
  readonly served?: 'run' | 'source' | 'no-exec-cgi';
  /** Where Python finds a top-level module. */
  readonly pythonModule?: (name: string) => ModulePlace;
  /** Whether a distribution, which may give a module of another name, is installed for Python. */
  readonly hasPythonPackage?: (name: string) => boolean;
  /** What was last seen of the file on targets of the project. */
  readonly onTargets?: readonly OnTarget[];
}

/** `other-case`: beside the script, but written otherwise (App.py for app), which only some systems overlook. */
export type ModulePlace = 'beside' | 'other-case' | 'installed' | 'nowhere';

/** What git has of a file. */
export interface GitFacts {
  /** In the index: `100755` is executable. */
  readonly isExecutable: boolean;
  /** Line endings in the index. */
  readonly endings: 'lf' | 'crlf' | 'mixed' | 'none';
  /** `.gitattributes` say that every checkout has LF. */
  readonly keepsLf: boolean;
  /** This machine's git writes CR LF where the attributes say nothing (`core.autocrlf`). */
  readonly writesCrlf: boolean;
}

/** Zero-based, `end` exclusive; characters counted in the units of the given content (bytes or UTF-16). */
export interface Range {
  readonly start: Position;
  readonly end: Position;
}

/** A dispatcher prepared for the checks. */
export interface DispatcherFile {
  readonly facts: DispatcherFacts;
  /** The name without folders, as Apache's messages show it. */
  readonly name: string;
  /** The content: ordinary text, or one character per byte. */
  readonly text: string;
  /** `utf-8` for a UTF-8 byte order mark at the start; UTF-16 also without a mark where every second byte is 0. */
  readonly encoding: 'plain' | 'utf-8-mark' | 'utf-16le' | 'utf-16be';
  /** Number of characters that the byte order mark takes. */
  readonly markLength: number;
  /** False for bytes that are no UTF-8. */
  readonly isUtf8: boolean;
  /** What stands after `#!` (after a byte order mark, too), without line ending; undefined without `#!`. */
  readonly shebang: Shebang | undefined;
}

export interface Shebang {
  /** Path of the interpreter as written. */
  readonly interpreter: string;
  /** Everything after it: the kernel hands it over as one argument. Empty for none. */
  readonly argument: string;
  /** True where a carriage return stands at the end of the line. */
  readonly endsInCr: boolean;
  /** Place of the line, without line ending. */
  readonly range: Range;
}

/** Prepares a content. Never fails. */
export function dispatcherFile(content: Uint8Array | string, facts: DispatcherFacts): DispatcherFile {
  const text = typeof content === 'string' ? content : byteStringOf(content);
  const { encoding, markLength } = encodingOf(text);
  const name = facts.path.split(/[/\\]/).at(-1) ?? facts.path;
  const wide = encoding === 'utf-16le' || encoding === 'utf-16be';
  const shebang = wide ? undefined : shebangOf(text, markLength);
  const isUtf8 = typeof content === 'string' || wide || isValidUtf8(content);
  return { facts, name, text, encoding, markLength, isUtf8, shebang };
}

const strictDecoder = new TextDecoder('utf-8', { fatal: true });

function isValidUtf8(bytes: Uint8Array): boolean {
  try {
    strictDecoder.decode(bytes);
    return true;
  } catch {
    return false;
  }
}

function encodingOf(text: string): Pick<DispatcherFile, 'encoding' | 'markLength'> {
  if (text.startsWith('\u00EF\u00BB\u00BF')) return { encoding: 'utf-8-mark', markLength: 3 };
  if (text.startsWith('\uFEFF')) return { encoding: 'utf-8-mark', markLength: 1 };
  if (text.startsWith('\u00FF\u00FE')) return { encoding: 'utf-16le', markLength: 2 };
  if (text.startsWith('\u00FE\u00FF')) return { encoding: 'utf-16be', markLength: 2 };
  if (text.startsWith('#\0!\0')) return { encoding: 'utf-16le', markLength: 0 };
  if (text.startsWith('\0#\0!')) return { encoding: 'utf-16be', markLength: 0 };
  return { encoding: 'plain', markLength: 0 };
}

/** The kernel reads the line up to LF and skips blanks around the interpreter (execve(2), "Interpreter scripts"). */
function shebangOf(text: string, at: number): Shebang | undefined {
  if (!text.startsWith('#!', at)) return undefined;
  const end = text.indexOf('\n', at);
  const line = text.slice(at + 2, end < 0 ? undefined : end);
  const shown = firstLineLength(text);
  const found = /^[ \t]*([^ \t\r]*)[ \t]*/.exec(line);
  return {
    interpreter: found?.[1] ?? '',
    argument: trimmedEnd(line.slice(found?.[0].length ?? 0)),
    endsInCr: line.includes('\r'),
    range: { start: { line: 0, character: at }, end: { line: 0, character: shown } },
  };
}

/** Length of the first line as an editor shows it: CR, LF and CR LF all end it. */
function firstLineLength(text: string): number {
  const found = text.search(/[\r\n]/);
  return found < 0 ? text.length : found;
}

/** Without blanks and carriage returns at the end, in linear time. */
function trimmedEnd(text: string): string {
  let end = text.length;
  while (end > 0 && ' \t\r'.includes(text.charAt(end - 1))) end--;
  return text.slice(0, end);
}

/** The first line as a range, for findings that concern the whole file. */
export function firstLineOf(file: DispatcherFile): Range {
  return { start: { line: 0, character: 0 }, end: { line: 0, character: firstLineLength(file.text) } };
}
