import type { Location, Position } from 'vscode-languageserver';
import type { SectionNode } from '../apache/syntax/tree';
import type { Span } from '../text/lines';
import { capturedGroupAt } from './backreferences';
import type { Entry } from './document';
import { environmentNameAt, environmentNames, sameVariable, type EnvironmentName } from './environmentNames';
import { fileNameAt, fileNames } from './fileNames';
import { overriddenBy, overriding } from './overrides';
import { worksIn, type SiteFile, type SiteMap } from './siteMap';
import { nameSpan, wholeSpan } from './spans';

/** Where something comes from: a file, the place that sets a variable, a group, an opening tag, a line of a folder above. Never throws. */
export function definition(map: SiteMap, position: Position): Location[] {
  const at = lookAt(map, position);
  if (at === undefined) return [];
  const { entry, offset } = at;
  const name = nameSpan(entry.line);
  if (offset <= name.end) {
    if (entry.kind === 'close')
      return entry.parent === undefined ? [] : [own(map, nameSpan(entry.parent.line))];
    return overriddenBy(map, entry, map.files).map(({ file, entry: line }) =>
      own(file, wholeSpan(line.line)),
    );
  }
  const group = capturedGroupAt(map.document, entry, offset)?.group;
  if (group !== undefined) return [own(map, group)];
  const variable = environmentNameAt(map.document, offset);
  if (variable !== undefined)
    return variablesIn(map, variable.name)
      .filter(({ found }) => found.role === 'set')
      .map(({ file, found }) => own(file, found.span));
  return fileAt(map, entry, offset);
}

/** Every place that has to do with what the cursor is on, in all files that work together. Never throws. */
export function references(map: SiteMap, position: Position, withDeclaration: boolean): Location[] {
  const at = lookAt(map, position);
  if (at === undefined) return [];
  const { entry, offset } = at;
  const name = nameSpan(entry.line);
  if (offset <= name.end) return referencesOfName(map, entry);
  const group = capturedGroupAt(map.document, entry, offset);
  if (group !== undefined) {
    const declared = withDeclaration && group.group !== undefined ? [group.group] : [];
    return [...declared, ...group.uses].map((span) => own(map, span));
  }
  const variable = environmentNameAt(map.document, offset);
  if (variable !== undefined)
    return variablesIn(map, variable.name)
      .filter(({ found }) => withDeclaration || found.role !== 'set')
      .map(({ file, found }) => own(file, found.span));
  const file = fileNameAt(entry, offset, map);
  return file === undefined ? [] : namesOfFile(map, file.path);
}

/**
 * Every place that names a variable, in the files that see the same one: those of the outermost folder above that names
 * it, and below. What only may be a variable counts where one of that name is set.
 */
export function variablesIn(
  map: SiteMap,
  name: string,
): readonly { readonly file: SiteFile; readonly found: EnvironmentName }[] {
  const namedIn = (file: SiteFile): EnvironmentName[] =>
    environmentNames(file.document).filter((found) => sameVariable(found.name, name));
  const top = map.files.find((file) => worksIn(file, map) && namedIn(file).length > 0) ?? map;
  const all = map.files
    .filter((file) => worksIn(top, file))
    .flatMap((file) => namedIn(file).map((found) => ({ file, found })));
  const isSet = all.some(({ found }) => found.role === 'set');
  return isSet ? all : all.filter(({ found }) => found.isGuess !== true);
}

/** Every place in the site that names a file. */
export function namesOfFile(map: SiteMap, path: string): Location[] {
  return map.files.flatMap((file) =>
    fileNames(file.document, { directory: file.directory, documentRoot: map.documentRoot })
      .filter((name) => name.path === path)
      .map((name) => own(file, name.span)),
  );
}

function lookAt({ document }: SiteFile, position: Position): { entry: Entry; offset: number } | undefined {
  if (document.isTooLarge) return undefined;
  const offset = document.offsetAt(position);
  const entry = document.entryAt(offset);
  return entry === undefined || entry.kind === 'comment' || entry.kind === 'blank'
    ? undefined
    : { entry, offset };
}

const own = ({ uri, document }: SiteFile, span: Span): Location => ({ uri, range: document.rangeOf(span) });

function fileAt(map: SiteMap, entry: Entry, offset: number): Location[] {
  const file = fileNameAt(entry, offset, map);
  const uri = file === undefined || map.kindOf(file.path) !== 'file' ? undefined : map.uriOf(file.path);
  const start = { line: 0, character: 0 };
  return uri === undefined ? [] : [{ uri, range: { start, end: start } }];
}

/** The tags of a section; of a directive, the lines of deeper folders that put it out of force. */
function referencesOfName(map: SiteMap, entry: Entry): Location[] {
  if (entry.kind === 'section' || entry.kind === 'close') {
    const opening = entry.kind === 'section' ? entry.line : entry.parent?.line;
    const { close } = entry.node as SectionNode;
    return [opening, close].flatMap((line) => (line === undefined ? [] : [own(map, nameSpan(line))]));
  }
  const others = overriding(map, entry, map.files);
  const lines = [{ file: map as SiteFile, entry }, ...others];
  return others.length === 0 ? [] : lines.map(({ file, entry: { line } }) => own(file, wholeSpan(line)));
}
