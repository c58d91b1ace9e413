import type { DocumentLink } from 'vscode-languageserver';
import { fileNames } from './fileNames';
import type { SiteMap } from './siteMap';

/** Names of files that are there, as links that open them. Never throws. */
export function documentLinks(map: SiteMap): DocumentLink[] {
  const { document } = map;
  if (document.isTooLarge) return [];
  return fileNames(document, map).flatMap(({ span, path }) => {
    const target = map.kindOf(path) === 'file' ? map.uriOf(path) : undefined;
    return target === undefined ? [] : [{ range: document.rangeOf(span), target }];
  });
}
