import { readWord, readWords } from '../apache/syntax/words';
import type { Entry, HtaccessDocument } from './document';
import { directiveName } from './rewriteBlock';
import { worksIn, type SiteFile } from './siteMap';

/** What mod_rewrite has of a folder: with one of these, a .htaccess drops all rules of the folders above. */
const REWRITE: ReadonlySet<string> = new Set([
  'rewriteengine',
  'rewriterule',
  'rewritecond',
  'rewritebase',
  'rewriteoptions',
]);

/** Directives of which the deepest folder's alone counts. */
const SINGLE: ReadonlySet<string> = new Set([
  'fallbackresource',
  'directoryindex',
  'directoryslash',
  'authuserfile',
  'authgroupfile',
  'authname',
  'authtype',
  'adddefaultcharset',
  'forcetype',
  'sethandler',
  'fileetag',
  'expiresactive',
  'expiresdefault',
  'acceptpathinfo',
]);

/** Directives of which the deepest folder's counts for each first argument. */
const BY_FIRST: ReadonlySet<string> = new Set(['errordocument', 'setenv', 'expiresbytype']);

/** Lines in the folders above that a line puts out of force, the nearest folder's. */
export function overriddenBy(file: SiteFile, entry: Entry, files: readonly SiteFile[]): readonly Place[] {
  if (!isWholeFolder(entry)) return [];
  const above = files.filter((one) => one.uri !== file.uri && worksIn(one, file));
  for (const one of above.toReversed()) {
    const places = matchesIn(one, entry, file.document);
    if (places.length > 0) return places;
  }
  return [];
}

/** Lines in the folders below that put a line out of force. */
export function overriding(file: SiteFile, entry: Entry, files: readonly SiteFile[]): readonly Place[] {
  if (!isWholeFolder(entry)) return [];
  const below = files.filter((one) => one.uri !== file.uri && worksIn(file, one));
  return below.flatMap((one) => matchesIn(one, entry, one.document).slice(0, 1));
}

/** A line of a file of the site. */
export interface Place {
  readonly file: SiteFile;
  readonly entry: Entry;
}

/** Sections other than IfModule and its kind have a configuration of their own. */
function isWholeFolder({ parent }: Entry): boolean {
  for (let around = parent; around !== undefined; around = around.parent)
    if (!/^<If(?:Module|Define|Version|File|Directive|Section)/i.test(around.line.text)) return false;
  return true;
}

/** The lines of a file that work on the same thing as a line. `deeper` is the file of the deeper folder. */
function matchesIn(file: SiteFile, line: Entry, deeper: HtaccessDocument): readonly Place[] {
  const name = directiveName(line);
  const isRewrite = REWRITE.has(name);
  if (isRewrite && takesOver(deeper)) return [];
  const key = keyOf(line);
  return file.document.entries.flatMap((entry) => {
    const own = directiveName(entry);
    const isSame = isRewrite
      ? own === 'rewriterule' || own === 'rewriteengine'
      : own === name && keyOf(entry) === key;
    return isSame && isWholeFolder(entry) && (isRewrite || SINGLE.has(name) || BY_FIRST.has(name))
      ? [{ file, entry }]
      : [];
  });
}

function keyOf(entry: Entry): string {
  if (!BY_FIRST.has(directiveName(entry))) return '';
  const { text } = entry.line;
  return readWord(text, readWord(text, 0).next).value;
}

/** A file that has the rules of the folders above, too. */
function takesOver(document: HtaccessDocument): boolean {
  return document.entries.some((entry) => {
    if (directiveName(entry) !== 'rewriteoptions') return false;
    return readWords(entry.line.text).some(({ value }) => /^inherit(?:before)?$/i.test(value));
  });
}
