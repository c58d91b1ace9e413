import * as vscode from 'vscode';
import { pathInSite } from '../../errorlog';
import type { FolderProject } from '../projects';

/** Which file of the workspace a path of the server is. */
export class SiteFiles {
  readonly #root: vscode.Uri;
  readonly #roots: readonly string[];
  readonly #known = new Map<string, vscode.Uri | undefined>();

  /** `remote`: the folder of the site on the server, as it is given and as the server resolves it. */
  constructor(
    { folder, project }: Pick<FolderProject, 'folder' | 'project'>,
    remote: readonly string[] = [],
  ) {
    this.#root =
      project.documentRoot === '.'
        ? folder.uri
        : vscode.Uri.joinPath(folder.uri, ...project.documentRoot.split('/'));
    this.#roots = [...remote, this.#root.path];
  }

  /** The file, if the workspace has it. */
  async find(path: string): Promise<vscode.Uri | undefined> {
    if (this.#known.has(path)) return this.#known.get(path);
    const uri = await this.#look(path);
    if (this.#known.size > 2000) this.#known.clear();
    this.#known.set(path, uri);
    return uri;
  }

  /** The path by which the web server shows a file of the site, as `/app/x.fcgi`; undefined for other files. */
  addressOf(path: string): string | undefined {
    const own = pathInSite(path, this.#roots);
    return own === undefined ? undefined : `/${own}`;
  }

  /** Files may have come or gone. */
  forget(): void {
    this.#known.clear();
  }

  async #look(path: string): Promise<vscode.Uri | undefined> {
    const own = pathInSite(path, this.#roots);
    if (own === undefined) return undefined;
    const uri = vscode.Uri.joinPath(this.#root, ...own.split('/'));
    try {
      const { type } = await vscode.workspace.fs.stat(uri);
      return (type & vscode.FileType.File) === 0 ? undefined : uri;
    } catch {
      // Not in the workspace: a file of the server alone.
      return undefined;
    }
  }
}
