import { readWord } from '../apache/syntax/words';
import type { SectionNode } from '../apache/syntax/tree';
import type { HtaccessDocument } from './document';

/** How many of a set of files use each directive: lower-case names, sections with `<`. */
export interface Usage {
  readonly files: number;
  readonly counts: Readonly<Record<string, number>>;
}

/**
 * How many of the sample files of this project use each directive. Each sample is one thing that people write a .htaccess
 * for: front controllers of well-known programs, redirects, caching, access, languages, dispatchers. A test counts them anew.
 */
export const SAMPLE_USAGE: Usage = {
  files: 45,
  counts: { rewriteengine: 29, rewriterule: 29, rewritecond: 28, options: 16, '<ifmodule': 15, header: 11, '<filesmatch': 10, require: 10, '<files': 7, addhandler: 7, directoryindex: 6, order: 6, rewritebase: 6, deny: 5, errordocument: 4, setenvifnocase: 4, adddefaultcharset: 3, addtype: 3, allow: 3, authname: 3, authtype: 3, authuserfile: 3, expiresactive: 3, expiresdefault: 3, setenv: 3, '<else': 2, '<if': 2, '<limit': 2, '<requireall': 2, browsermatch: 2, expiresbytype: 2, indexignore: 2, redirectmatch: 2, requestheader: 2, setenvif: 2, '<elseif': 1, '<limitexcept': 1, '<requireany': 1, acceptpathinfo: 1, addcharset: 1, adddescription: 1, addencoding: 1, addiconbytype: 1, addlanguage: 1, addoutputfilterbytype: 1, authdigestprovider: 1, authgroupfile: 1, browsermatchnocase: 1, checkspelling: 1, contentdigest: 1, defaultlanguage: 1, directoryslash: 1, fallbackresource: 1, fcgidwrapper: 1, fileetag: 1, forcelanguagepriority: 1, forcetype: 1, headername: 1, indexoptions: 1, indexorderdefault: 1, languagepriority: 1, php_flag: 1, php_value: 1, readmename: 1, redirect: 1, redirectpermanent: 1, redirecttemp: 1, satisfy: 1, serversignature: 1, sethandler: 1, xbithack: 1 },
}; // prettier-ignore

/** How many of these documents use each directive. */
export function usageIn(documents: readonly HtaccessDocument[]): Usage {
  const counts: Record<string, number> = {};
  for (const document of documents)
    for (const name of namesIn(document)) counts[name] = (counts[name] ?? 0) + 1;
  return { files: documents.length, counts };
}

/** In which part of the files a directive is used, from 0 to 1. */
export function shareOf({ files, counts }: Usage, name: string): number {
  return files === 0 ? 0 : (counts[name.toLowerCase()] ?? 0) / files;
}

const known = new WeakMap<HtaccessDocument, ReadonlySet<string>>();

function namesIn(document: HtaccessDocument): ReadonlySet<string> {
  const before = known.get(document);
  if (before !== undefined) return before;
  const names = new Set<string>();
  for (const { kind, line, node } of document.entries) {
    if (kind === 'directive') names.add(readWord(line.text, 0).value.toLowerCase());
    else if (kind === 'section') names.add(`<${(node as SectionNode).name.toLowerCase()}`);
  }
  known.set(document, names);
  return names;
}
