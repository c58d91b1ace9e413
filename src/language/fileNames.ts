import type { LogicalLine } from '../apache/syntax/lines';
import { readWord, readWords } from '../apache/syntax/words';
import type { Span } from '../text/lines';
import type { Entry, HtaccessDocument } from './document';
import type { SiteFile, SiteMap } from './siteMap';
import { rewritePieces, spanInSource } from './spans';

/** How the path in an argument is meant: by a visitor, on the server, in the folder of the .htaccess, or as a bare name in it. */
export type PathKind = 'url' | 'server' | 'relative' | 'name';

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
  const find = WHERE[directive];
  if (find === undefined) return [];
  const args =
    directive.startsWith('<') && text.endsWith('>') ? text.slice(name.next, -1) : text.slice(name.next);
  const words = readWords(args).map(({ value, start, end }) => ({
    value,
    start: name.next + start,
    end: name.next + end,
  }));
  return find(words).flatMap(({ kind, word }) => unquoted(word, kind, text));
}

type Finder = (words: readonly Word[]) => readonly { readonly kind: PathKind; readonly word: Word }[];

/** Only at one place in the arguments, and only what the pattern takes. */
const at =
  (index: number, kind: PathKind, pattern: RegExp): Finder =>
  (words) => {
    const word = words[index];
    return word !== undefined && pattern.test(word.value) ? [{ kind, word }] : [];
  };

const URL_PATH = /^\/(?!\/)[^%$]*$/;
const FILE_PATH = /^\//;
const PLAIN = /^[^%$*?[\]{}:]+$/;

const WHERE: Readonly<Record<string, Finder>> = {
  errordocument: at(1, 'url', URL_PATH),
  fallbackresource: at(0, 'url', URL_PATH),
  action: at(1, 'url', URL_PATH),
  indexstylesheet: at(0, 'url', URL_PATH),
  directoryindex: (words) =>
    words.flatMap((word) =>
      PLAIN.test(word.value) && word.value.toLowerCase() !== 'disabled' ? [{ kind: 'relative', word }] : [],
    ),
  headername: at(0, 'relative', PLAIN),
  readmename: at(0, 'relative', PLAIN),
  authuserfile: at(0, 'server', FILE_PATH),
  authgroupfile: at(0, 'server', FILE_PATH),
  authdbmuserfile: at(0, 'server', FILE_PATH),
  fcgidwrapper: at(0, 'server', FILE_PATH),
  '<files': at(0, 'name', PLAIN),
  redirect: (words) => {
    const last = words.at(-1);
    return last !== undefined && words.length > 1 && URL_PATH.test(last.value)
      ? [{ kind: 'url', word: last }]
      : [];
  },
};

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
