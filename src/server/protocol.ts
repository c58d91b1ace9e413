import type { SeveritySetting } from '../advice';
import type { HostProfile } from '../apache/host';

/** What is known of a workspace folder: it holds for everything below it. */
export interface FolderHost {
  /** URI of the folder, without a slash at the end. */
  readonly folder: string;
  readonly host: HostProfile;
  /** The folder that the web server shows as `/`, relative to `folder`; `.` when absent. */
  readonly documentRoot?: string;
  /** How loudly each advice is shown, by its code, as the project file says. */
  readonly advice?: Readonly<Record<string, SeveritySetting>>;
}

/** Editor to server: the host profiles of all folders; replaces what was sent before. Parameters: `FolderHost[]`. */
export const HOSTS_NOTIFICATION = 'fastcgi/hosts';

/** What an editor may tell when it starts the server. */
export interface InitializationOptions {
  /** The editor knows VS Code's command `editor.action.triggerSuggest`: a list may lead to the next one. */
  readonly canSuggestAgain?: boolean;
  /** The editor sends `CLOSING_TAG_REQUEST`; others get closing tags when they ask to format what is typed. */
  readonly closesTags?: boolean;
  /** The editor reads the project files itself and sends `HOSTS_NOTIFICATION`. */
  readonly sendsHosts?: boolean;
  /** The editor answers `FILES_REQUEST`, for folders that are not on the server's disk. */
  readonly readsFiles?: boolean;
}

/** Server to editor: something about a file of a workspace folder. Parameters: `FilesRequest`. */
export const FILES_REQUEST = 'fastcgi/files';

/**
 * What is asked: `list` is answered by `FileEntry[]`, `stat` by a `FileEntry` or null, `read` by the content in base64 or
 * null. Nothing is rejected.
 */
export interface FilesRequest {
  readonly ask: 'list' | 'stat' | 'read';
  /** URI of the workspace folder. */
  readonly folder: string;
  /** Relative to it, ordinary text; empty for the folder itself. */
  readonly path: string;
}

/** The innermost folder that holds a document. */
export function folderOf(uri: string, hosts: readonly FolderHost[]): FolderHost | undefined {
  const around = hosts.filter(({ folder }) => uri.startsWith(`${folder}/`));
  return around.sort((one, other) => other.folder.length - one.folder.length)[0];
}

/** The profile for a document: that of the innermost folder that holds it. */
export function hostOf(uri: string, hosts: readonly FolderHost[]): HostProfile | undefined {
  return folderOf(uri, hosts)?.host;
}

/** Editor to server: the closing tag that belongs below a new line. Parameters: `TextDocumentPositionParams`; answer: text or null. */
export const CLOSING_TAG_REQUEST = 'fastcgi/closingTag';
