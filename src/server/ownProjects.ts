import type { Diagnostic, WorkspaceFoldersChangeEvent } from 'vscode-languageserver';
import { parseProject, type ProjectProblem } from '../project';
import type { WorkspaceFiles } from './files';
import { decodedPath } from './names';
import type { FolderHost } from './protocol';

/** The project file, relative to the workspace folder. */
const PROJECT_FILE = '.vscode/fastcgi.json';

/** What reading project files needs of the server. */
export interface OwnProjectsOptions {
  readonly files: readonly WorkspaceFiles[];
  readonly setHosts: (hosts: readonly FolderHost[]) => void;
  readonly publish: (uri: string, diagnostics: readonly Diagnostic[]) => void;
}

/** The project files of workspace folders, for editors that know nothing of them. */
export class OwnProjects {
  readonly #options: OwnProjectsOptions;
  #folders: readonly string[] = [];
  #reading: Promise<void> = Promise.resolve();

  constructor(options: OwnProjectsOptions) {
    this.#options = options;
  }

  /** Takes other workspace folders: their URIs. */
  setFolders(uris: readonly string[]): void {
    this.#folders = uris.map((uri) => uri.replace(/\/+$/, ''));
    this.#readAgain();
  }

  /** These files have changed on disk. */
  changed(uris: readonly string[]): void {
    const own = new Set(this.#folders.map((folder) => decodedPath(`${folder}/${PROJECT_FILE}`)));
    if (uris.some((uri) => own.has(decodedPath(uri)))) this.#readAgain();
  }

  /** Takes some folders more, and some less. */
  change({ added, removed }: WorkspaceFoldersChangeEvent): void {
    const gone = new Set(removed.map(({ uri }) => uri.replace(/\/+$/, '')));
    this.setFolders([...this.#folders.filter((uri) => !gone.has(uri)), ...added.map(({ uri }) => uri)]);
  }

  #readAgain(): void {
    this.#reading = this.#readAll(this.#reading);
  }

  async #readAll(earlier: Promise<void>): Promise<void> {
    await earlier;
    this.#options.setHosts(await Promise.all(this.#folders.map((folder) => this.#read(folder))));
  }

  async #read(folder: string): Promise<FolderHost> {
    const files = this.#options.files.find((one) => one.canRead(folder));
    const bytes = await files?.read(folder, PROJECT_FILE);
    const { project, problems } = parseProject(bytes === undefined ? '{}' : new TextDecoder().decode(bytes));
    this.#options.publish(`${folder}/${PROJECT_FILE}`, problems.map(diagnosticOf));
    return { folder, host: project.host, documentRoot: project.documentRoot, advice: project.advice };
  }
}

function diagnosticOf({ line, character, length, code, message, severity }: ProjectProblem): Diagnostic {
  const range = { start: { line, character }, end: { line, character: character + length } };
  return { range, code, message, source: 'FastCGI', severity: severity === 'error' ? 1 : 2 };
}
