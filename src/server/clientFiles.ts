import type { Connection } from 'vscode-languageserver';
import type { FileEntry, WorkspaceFiles } from './files';
import { FILES_REQUEST, type FilesRequest } from './protocol';

/** Files that only the editor can read: of virtual workspaces, and all in a browser. */
export class ClientFiles implements WorkspaceFiles {
  readonly #connection: Connection;
  /** Whether the editor said that it answers. */
  isOffered = false;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  canRead(): boolean {
    return this.isOffered;
  }

  async list(folder: string, path: string): Promise<readonly FileEntry[]> {
    return (await this.#ask<readonly FileEntry[]>({ ask: 'list', folder, path })) ?? [];
  }

  stat(folder: string, path: string): Promise<FileEntry | undefined> {
    return this.#ask<FileEntry>({ ask: 'stat', folder, path });
  }

  async read(folder: string, path: string): Promise<Uint8Array | undefined> {
    const content = await this.#ask<string>({ ask: 'read', folder, path });
    return content === undefined ? undefined : Uint8Array.from(atob(content), (one) => one.charCodeAt(0));
  }

  async #ask<Answer>(asked: FilesRequest): Promise<Answer | undefined> {
    try {
      return (await this.#connection.sendRequest<Answer | null>(FILES_REQUEST, asked)) ?? undefined;
    } catch {
      // The editor is gone, or cannot read the file after all: as if it were not there.
      return undefined;
    }
  }
}
