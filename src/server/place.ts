import { byteStringOfText, textOfByteString } from '../text/bytes';
import { decodedPath } from './names';
import { folderOf, type FolderHost } from './protocol';

/** Where a .htaccess lies on the server: absolute paths as byte strings. */
export interface Place {
  /** Its folder, with a slash at its end. */
  readonly directory: string;
  /** The folder that visitors see as `/`, with a slash at its end. */
  readonly documentRoot: string;
}

/** The place of a document in its workspace folder; undefined for one that is in none. */
export function placeOf(uri: string, hosts: readonly FolderHost[]): Place | undefined {
  const holder = folderOf(uri, hosts);
  if (holder === undefined) return undefined;
  const { treeRoot } = holder.host;
  const path = decodedPath(uri.slice(holder.folder.length));
  const root = (holder.documentRoot ?? '.').split('/').filter((name) => name !== '' && name !== '.');
  return {
    directory: treeRoot + byteStringOfText(path.slice(0, path.lastIndexOf('/') + 1)),
    documentRoot: byteStringOfText([treeRoot, ...root, ''].join('/')),
  };
}

/** The path on the server of what lies in a workspace folder; a byte string. */
export function pathOnServer(uri: string, { folder, host }: FolderHost): string {
  return host.treeRoot + byteStringOfText(decodedPath(uri.slice(folder.length)));
}

/** The URI of a path on the server; undefined for one outside of the workspace folder. */
export function uriOnServer(path: string, { folder, host }: FolderHost): string | undefined {
  if (!path.startsWith(`${host.treeRoot}/`)) return undefined;
  const segments = textOfByteString(path.slice(host.treeRoot.length + 1)).split('/');
  return [folder, ...segments.map(encodeURIComponent)].join('/');
}
