import { byteStringOfText, textOfByteString } from '../text/bytes';
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
  const path = decoded(uri.slice(holder.folder.length));
  const root = (holder.documentRoot ?? '.').split('/').filter((name) => name !== '' && name !== '.');
  return {
    directory: treeRoot + byteStringOfText(path.slice(0, path.lastIndexOf('/') + 1)),
    documentRoot: byteStringOfText([treeRoot, ...root, ''].join('/')),
  };
}

/** A path on the server as one below the workspace folder, without slash at its start; undefined for one outside of it. */
export function pathInFolder(path: string, { host }: FolderHost): string | undefined {
  if (!path.startsWith(`${host.treeRoot}/`)) return undefined;
  const relative = textOfByteString(path.slice(host.treeRoot.length + 1));
  return relative.split('/').includes('..') ? undefined : relative;
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    // A stray % is no escape: the path is taken as it is written.
    return path;
  }
}
