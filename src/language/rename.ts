import type { Position, Range, TextEdit, WorkspaceEdit } from 'vscode-languageserver';
import { textOfByteString } from '../text/bytes';
import { environmentNameAt } from './environmentNames';
import { fileNames, renamedFile } from './fileNames';
import { variablesIn } from './navigation';
import type { SiteFile, SiteMap } from './siteMap';

/** What can be renamed at a position: an environment variable that a .htaccess of the site sets; undefined for anything else. */
export function prepareRename(
  map: SiteMap,
  position: Position,
): { range: Range; placeholder: string } | undefined {
  const { document } = map;
  if (document.isTooLarge) return undefined;
  const at = environmentNameAt(document, document.offsetAt(position));
  if (at === undefined || !variablesIn(map, at.name).some(({ found }) => found.role === 'set'))
    return undefined;
  return { range: document.rangeOf(at.span), placeholder: textOfByteString(at.name) };
}

/** Names that every directive takes without quotes. */
const USUAL_NAME = /^[A-Za-z_][A-Za-z0-9_-]*$/;

/** Why a name cannot be given; undefined for a good one. */
export function renameProblem(map: SiteMap, position: Position, name: string): string | undefined {
  if (!USUAL_NAME.test(name))
    return `“${name}” is no name for an environment variable: letters, digits, _ and - only, no digit first.`;
  const old = environmentNameAt(map.document, map.document.offsetAt(position))?.name;
  const isTaken = old?.toLowerCase() !== name.toLowerCase() && variablesIn(map, name).length > 0;
  return isTaken ? `There is a variable ${name} already.` : undefined;
}

/** The edits that rename a variable in every file that sees it; `REDIRECT_` before the name stays. */
export function rename(map: SiteMap, position: Position, name: string): WorkspaceEdit | undefined {
  if (prepareRename(map, position) === undefined || renameProblem(map, position, name) !== undefined)
    return undefined;
  const old = environmentNameAt(map.document, map.document.offsetAt(position))?.name ?? '';
  const changes = new EditsByFile();
  for (const { file, found } of variablesIn(map, old))
    changes.add(file, { range: file.document.rangeOf(found.span), newText: name });
  return changes.result;
}

/** A file or folder that moves; absolute paths on the server, byte strings. */
export interface MovedFile {
  readonly from: string;
  readonly to: string;
}

/** The edits by which .htaccess files name moved files as before. */
export function moveFiles(
  files: readonly SiteFile[],
  moved: readonly MovedFile[],
  documentRoot: string,
): WorkspaceEdit | undefined {
  const changes = new EditsByFile();
  for (const file of files) {
    if (file.document.isTooLarge || moved.some(({ from }) => file.directory.startsWith(`${from}/`))) continue;
    for (const name of fileNames(file.document, { directory: file.directory, documentRoot })) {
      const made = moved.flatMap(({ from, to }) => {
        const path = movedPath(name.path, from, to);
        return path === undefined ? [] : [renamedFile(name, path, file, documentRoot)];
      })[0];
      if (made !== undefined && made !== name.written)
        changes.add(file, { range: file.document.rangeOf(name.span), newText: textOfByteString(made) });
    }
  }
  return changes.result;
}

function movedPath(path: string, from: string, to: string): string | undefined {
  if (path === from) return to;
  return path.startsWith(`${from}/`) ? to + path.slice(from.length) : undefined;
}

class EditsByFile {
  readonly #changes: Record<string, TextEdit[]> = {};

  add({ uri }: SiteFile, edit: TextEdit): void {
    (this.#changes[uri] ??= []).push(edit);
  }

  get result(): WorkspaceEdit | undefined {
    return Object.keys(this.#changes).length === 0 ? undefined : { changes: this.#changes };
  }
}
