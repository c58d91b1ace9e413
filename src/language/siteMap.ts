import type { HtaccessDocument } from './document';

/** A .htaccess among others of its site. */
export interface SiteFile {
  readonly uri: string;
  readonly document: HtaccessDocument;
  /** Absolute path on the server of its folder, with a slash at its end; a byte string. */
  readonly directory: string;
}

/** A document among the files of its site: what goes from file to file needs this. Paths are byte strings. */
export interface SiteMap extends SiteFile {
  /** Absolute path on the server of the folder that visitors see as `/`, with a slash at its end. */
  readonly documentRoot: string;
  /** Every .htaccess of the site with this one, outer folders before inner ones. */
  readonly files: readonly SiteFile[];
  /** What lies at an absolute path on the server. */
  kindOf(path: string): 'file' | 'directory' | undefined;
  /** The address of a path in the editor; undefined for one outside of the workspace. */
  uriOf(path: string): string | undefined;
}

/** Whether one .htaccess works in the folder of another one: its folder is that folder, or around it. */
export function worksIn(one: SiteFile, other: SiteFile): boolean {
  return other.directory.startsWith(one.directory);
}
