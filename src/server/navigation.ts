import {
  ErrorCodes,
  ResponseError,
  type Connection,
  type FileRename,
  type TextDocumentPositionParams,
  type WorkspaceEdit,
} from 'vscode-languageserver';
import {
  definition,
  documentLinks,
  moveFiles,
  prepareRename,
  references,
  rename,
  renameProblem,
  type MovedFile,
  type SiteMap,
} from '../language';
import type { FeatureSurroundings } from './features';
import { placeOf } from './place';
import type { FolderHost } from './protocol';
import type { SiteMaps } from './siteMaps';

/** What going from file to file needs. */
export interface NavigationSurroundings extends Pick<FeatureSurroundings, 'analysisOf'> {
  readonly maps: SiteMaps;
  /** Resolves when the files of the workspace are known, or after a moment. */
  filesKnown(): Promise<void>;
}

/** Answers requests that lead to other places: definition, references, links, renaming of variables and of files. */
export function answerNavigation(connection: Connection, around: NavigationSurroundings): void {
  const mapOf = async (uri: string): Promise<SiteMap | undefined> => {
    // The text of this moment: positions are of it.
    const analysis = around.analysisOf(uri);
    await around.filesKnown();
    return analysis === undefined ? undefined : around.maps.mapOf(uri, analysis.document);
  };
  const asked = ({ textDocument }: TextDocumentPositionParams): Promise<SiteMap | undefined> =>
    mapOf(textDocument.uri);
  connection.onDefinition(async (params) => {
    const map = await asked(params);
    return map === undefined ? [] : definition(map, params.position);
  });
  connection.onReferences(async (params) => {
    const map = await asked(params);
    return map === undefined ? [] : references(map, params.position, params.context.includeDeclaration);
  });
  connection.onDocumentLinks(async ({ textDocument }) => {
    const map = await mapOf(textDocument.uri);
    return map === undefined ? [] : documentLinks(map);
  });
  connection.onPrepareRename(async (params) => {
    const map = await asked(params);
    return map === undefined ? null : (prepareRename(map, params.position) ?? null);
  });
  connection.onRenameRequest(async (params) => {
    const map = await asked(params);
    if (map === undefined) return null;
    const problem = renameProblem(map, params.position, params.newName);
    if (problem !== undefined) throw new ResponseError(ErrorCodes.InvalidParams, problem);
    return rename(map, params.position, params.newName) ?? null;
  });
  connection.workspace.onWillRenameFiles(async ({ files }) => {
    await around.filesKnown();
    return renamedFiles(files, around.maps);
  });
}

/** The edits in all workspace folders in which something moves. A file that leaves its folder is named no more. */
function renamedFiles(files: readonly FileRename[], maps: SiteMaps): WorkspaceEdit | null {
  const moved = new Map<FolderHost, MovedFile[]>();
  for (const { oldUri, newUri } of files) {
    const [from, to] = [maps.pathOf(oldUri), maps.pathOf(newUri)];
    if (from === undefined || to?.folder !== from.folder) continue;
    moved.set(from.folder, [...(moved.get(from.folder) ?? []), { from: from.path, to: to.path }]);
  }
  const changes: NonNullable<WorkspaceEdit['changes']> = {};
  for (const [folder, list] of moved) {
    const root = placeOf(`${folder.folder}/`, [folder])?.documentRoot ?? '/';
    Object.assign(changes, moveFiles(maps.filesIn(folder), list, root)?.changes);
  }
  return Object.keys(changes).length === 0 ? null : { changes };
}
