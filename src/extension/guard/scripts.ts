import * as vscode from 'vscode';
import {
  checkDispatcher,
  interpreterOf,
  type DispatcherFacts,
  type DispatcherProblem,
} from '../../dispatcher';
import { byteStringOf, byteStringOfText } from '../../text/bytes';
import type { DiskTools } from '../diskTools';
import type { FolderProject } from '../projects';
import type { ProgramsThere } from '../targets/programsThere';

/** Which files are CGI or FastCGI programs. */
export const SCRIPT_ENDINGS = ['fcgi', 'cgi'] as const;

/** The same for VS Code. */
export const SCRIPT_PATTERN = `**/*.{${SCRIPT_ENDINGS.join(',')}}`;

/** True for a file that the web server would start as a program. */
export function isScript({ path, scheme }: vscode.Uri): boolean {
  return /\.f?cgi$/i.test(path) && scheme !== 'git';
}

/** What is known of scripts beside their content; nothing of it in a browser. */
export interface ScriptSources {
  readonly disk?: DiskTools | undefined;
  readonly programsThere?: Pick<ProgramsThere, 'of'> | undefined;
}

/**
 * What is wrong with a script, as it would be on the server: the file on disk where no editor has changed it, since VS Code
 * hides byte order marks and mixed line endings from the text; else the text as the next save would write it. Undefined
 * where there is no such file any more.
 */
export async function problemsOf(
  uri: vscode.Uri,
  project: FolderProject | undefined,
  { disk, programsThere }: ScriptSources,
): Promise<readonly DispatcherProblem[] | undefined> {
  const document = vscode.workspace.textDocuments.find((one) => one.uri.toString() === uri.toString());
  const content = document?.isDirty ? unsaved(document) : await saved(uri);
  if (content === undefined) return undefined;
  const facts = await factsOf(uri, content, { project, disk });
  const onTargets = programsThere?.of(uri) ?? [];
  return checkDispatcher(content, { ...facts, onTargets });
}

async function factsOf(
  uri: vscode.Uri,
  content: string | Uint8Array,
  { project, disk }: { readonly project: FolderProject | undefined; readonly disk: DiskTools | undefined },
): Promise<DispatcherFacts> {
  if (uri.scheme !== 'file' || disk === undefined) return { path: uri.path };
  const place = project?.described === true ? placeOf(project) : undefined;
  const { isTrusted } = vscode.workspace;
  return disk.factsOf(uri.fsPath, {
    isTrusted,
    interpreter: interpreterOf(content),
    ...(place && { place }),
  });
}

function placeOf({ folder, project }: FolderProject) {
  const documentRoot = vscode.Uri.joinPath(folder.uri, project.documentRoot).fsPath;
  return { folder: folder.uri.fsPath, documentRoot, host: project.host };
}

/** A document's bytes on the server, as a byte string; undefined for an unsaved text in another encoding than UTF-8. */
export async function byteStringIn(document: vscode.TextDocument): Promise<string | undefined> {
  if (document.isDirty && !/^utf8(?:bom)?$/.test(document.encoding)) return undefined;
  const content = document.isDirty ? unsaved(document) : await saved(document.uri);
  return typeof content === 'string' ? byteStringOfText(content) : content && byteStringOf(content);
}

function unsaved(document: vscode.TextDocument): string {
  return (document.encoding === 'utf8bom' ? '\uFEFF' : '') + document.getText();
}

const decoder = new TextDecoder('utf-8', { ignoreBOM: true, fatal: true });

/** UTF-8 becomes text, so that columns are those of the editor; everything else stays bytes, which is what the checks look for. */
async function saved(uri: vscode.Uri): Promise<string | Uint8Array | undefined> {
  let bytes: Uint8Array;
  try {
    bytes = await vscode.workspace.fs.readFile(uri);
  } catch {
    // Deleted: the server would not have it either.
    return undefined;
  }
  try {
    return bytes.subarray(0, 4).includes(0) ? bytes : decoder.decode(bytes);
  } catch {
    return bytes;
  }
}
