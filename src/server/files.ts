/** One name in a folder of the workspace. */
export interface FileEntry {
  /** Ordinary text. */
  readonly name: string;
  readonly kind: 'file' | 'directory' | 'link';
  /** Bytes. */
  readonly size: number;
  /** Permission bits, as 0o755. */
  readonly mode: number;
  /** Seconds since 1970, when known. */
  readonly mtime?: number;
  /** Where a link leads, relative to the workspace folder; absent where it leads out of it. */
  readonly target?: string;
}

/**
 * The files of workspace folders, wherever they lie. `path` is relative to the folder, ordinary text with `/`, empty for
 * the folder itself. Nothing outside of the folder is read, no link is followed, and nothing rejects.
 */
export interface WorkspaceFiles {
  /** Whether this is the one to ask about a folder. */
  canRead(folderUri: string): boolean;
  /** What is in a folder; nothing where it cannot be read. */
  list(folderUri: string, path: string): Promise<readonly FileEntry[]>;
  /** What lies at a path. */
  stat(folderUri: string, path: string): Promise<FileEntry | undefined>;
  /** A file's bytes; undefined where it cannot be read. */
  read(folderUri: string, path: string): Promise<Uint8Array | undefined>;
}

/** No files at all: for an editor that cannot be asked for them. */
export const NO_FILES: WorkspaceFiles = {
  canRead: () => false,
  list: () => Promise.resolve([]),
  stat: () => Promise.resolve(undefined),
  read: () => Promise.resolve(undefined),
};
