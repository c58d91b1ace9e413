import type { LogicalLine } from '../apache/syntax/lines';
import { readWord, readWords } from '../apache/syntax/words';
import type { Span } from '../text/lines';
import type { Entry, HtaccessDocument } from './document';
import { FILE_ARGUMENTS, type FileArgument, type PathKind } from './fileArguments';
import type { SiteFile, SiteMap } from './siteMap';
import { rewritePieces, spanInSource } from './spans';
import { lookup } from '../text/lookup';

/** A file that a directive names. */
export interface FileName {
  readonly kind: PathKind;
  /** As written, without quotes and query. */
  readonly written: string;
  /** Absolute on the server, without `.` and `..`. */
  readonly path: string;
  /** Bytes of what is written. */
  readonly span: Span;
  readonly entry: Entry;
}

type Folders = Pick<SiteMap, 'directory' | 'documentRoot'>;

/** Every file that a document names, whether it is there or not, in order. */
export function fileNames(document: HtaccessDocument, folders: Folders): FileName[] {
  return document.entries.flatMap((entry) => fileNamesOn(entry, folders));
}

/** The file whose name holds a byte offset. */
export function fileNameAt(entry: Entry, offset: number, folders: Folders): FileName | undefined {
  return fileNamesOn(entry, folders).find(({ span }) => span.start <= offset && offset <= span.end);
}

function fileNamesOn(entry: Entry, folders: Folders): FileName[] {
  if (entry.kind !== 'directive' && entry.kind !== 'section') return [];
  return pathsOn(entry.line).flatMap(({ kind, start, end }) => {
    const written = entry.line.text.slice(start, end);
    const path = resolved(written, kind, folders);
    if (path === undefined) return [];
    return [{ kind, written, path, span: spanInSource(entry.line, start, end), entry }];
  });
}

/** A path in a line's text. */
interface Written extends Span {
  readonly kind: PathKind;
}

interface Word extends Span {
  readonly value: string;
}

function pathsOn({ text }: LogicalLine): readonly Written[] {
  const name = readWord(text, 0);
  const directive = name.value.toLowerCase();
  if (directive === 'rewriterule') return substitution(rewritePieces(text, name.next)[1], text);
  if (directive === 'rewritecond') return tested(rewritePieces(text, name.next)[0], text);
  const named = lookup(FILE_ARGUMENTS, directive);
  if (named === undefined || named.isOnlyOffered === true) return [];
  const args =
    directive.startsWith('<') && text.endsWith('>') ? text.slice(name.next, -1) : text.slice(name.next);
  const words = readWords(args).map(({ value, start, end }) => ({
    value,
    start: name.next + start,
    end: name.next + end,
  }));
  const { kind } = named;
  return wordsAt(words, named)
    .filter(({ value }) => IS_PATH[kind].test(value) && !isKeyword(directive, value))
    .flatMap((word) => unquoted(word, kind, text));
}

function wordsAt(words: readonly Word[], { at }: FileArgument): readonly Word[] {
  if (at === 'every') return words;
  if (at === 'last') return words.length > 1 ? words.slice(-1) : [];
  return words.slice(at, at + 1);
}

/** What is a path, and nothing that is made of variables or patterns. */
const IS_PATH: Readonly<Record<PathKind, RegExp>> = {
  url: /^\/(?!\/)[^%$]*$/,
  server: /^\//,
  relative: /^[^%$*?[\]{}:]+$/,
  name: /^[^%$*?[\]{}:]+$/,
};

const isKeyword = (directive: string, word: string): boolean =>
  directive === 'directoryindex' && word.toLowerCase() === 'disabled';

/** A word without its quotes; nothing for one with escapes, whose bytes are not its value. */
function unquoted({ value, start, end }: Word, kind: PathKind, text: string): readonly Written[] {
  const quote = /["']/.test(text[start] ?? '') ? 1 : 0;
  const written = text.slice(start + quote, end);
  if (!written.startsWith(value)) return [];
  return withoutQuery({ kind, start: start + quote, end: start + quote + value.length }, text);
}

function withoutQuery({ kind, start, end }: Written, text: string): readonly Written[] {
  const length = kind === 'server' ? end - start : text.slice(start, end).search(/[?#]|$/);
  return length === 0 ? [] : [{ kind, start, end: start + length }];
}

/** The substitution of a rule, where it is a path without anything to put in. */
function substitution(piece: Word | undefined, text: string): readonly Written[] {
  if (piece === undefined || piece.value === '-' || /[%$:\\]/.test(piece.value)) return [];
  return unquoted(piece, piece.value.startsWith('/') ? 'url' : 'relative', text);
}

/** `%{DOCUMENT_ROOT}/maintenance.html`. */
function tested(piece: Word | undefined, text: string): readonly Written[] {
  const found = /^%\{DOCUMENT_ROOT\}(\/[^%$\\]+)$/i.exec(piece?.value ?? '')?.[1];
  if (piece === undefined || found === undefined) return [];
  const start = text.indexOf(found, piece.start);
  return [{ kind: 'url', start, end: start + found.length }];
}

function resolved(written: string, kind: PathKind, { directory, documentRoot }: Folders): string | undefined {
  if (kind === 'server') return normalized(written);
  if (kind === 'name') return written.includes('/') ? undefined : `${directory}${written}`;
  if (written.startsWith(documentRoot)) return normalized(written);
  return normalized(written.startsWith('/') ? documentRoot + written.slice(1) : directory + written);
}

/** A path without `.`, `..` and double slashes; undefined for one that leads above the root. */
function normalized(path: string): string | undefined {
  const segments: string[] = [];
  for (const segment of path.split('/')) {
    if (segment === '..' && segments.pop() === undefined) return undefined;
    if (segment !== '' && segment !== '.' && segment !== '..') segments.push(segment);
  }
  return `/${segments.join('/')}`;
}

/**
 * How a file name has to be written after the file moved; undefined where that name cannot name the new place, or would
 * need quoting that the old one has not.
 */
export function renamedFile(
  name: FileName,
  path: string,
  { directory }: SiteFile,
  documentRoot: string,
): string | undefined {
  const made = writtenAnew(name, path, { directory, documentRoot });
  return made === undefined || /[\s"'\\$%?#*[\]{}]/.test(made) ? undefined : made;
}

function writtenAnew(
  { kind, written }: FileName,
  path: string,
  { directory, documentRoot }: Folders,
): string | undefined {
  const inFolder = path.startsWith(directory) ? path.slice(directory.length) : undefined;
  const url = path.startsWith(documentRoot) ? `/${path.slice(documentRoot.length)}` : undefined;
  switch (kind) {
    case 'name':
      return inFolder?.includes('/') === true ? undefined : inFolder;
    case 'server':
      return path;
    case 'url':
      return written.startsWith(documentRoot) ? path : url;
    case 'relative':
      return written.startsWith('/') ? url : (inFolder ?? url);
  }
}
