import type { HostProfile } from '../apache/host';

/** The host profile that holds for everything below a folder. */
export interface FolderHost {
  /** URI of the folder, without a slash at the end. */
  readonly folder: string;
  readonly host: HostProfile;
}

/** Editor to server: the host profiles of all folders; replaces what was sent before. Parameters: `FolderHost[]`. */
export const HOSTS_NOTIFICATION = 'fastcgi/hosts';

/** The profile for a document: that of the innermost folder that holds it. */
export function hostOf(uri: string, hosts: readonly FolderHost[]): HostProfile | undefined {
  const around = hosts.filter(({ folder }) => uri.startsWith(`${folder}/`));
  return around.sort((one, other) => other.folder.length - one.folder.length)[0]?.host;
}
