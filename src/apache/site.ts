/** What `stat` tells of a path on the server. */
export interface FileStat {
  readonly kind: 'file' | 'directory' | 'link' | 'other';
  /** Bytes. */
  readonly size: number;
  /** Permission bits, as 0o755. */
  readonly mode: number;
  /** Seconds since 1970, when known; with microseconds where the site knows them. */
  readonly mtime?: number;
  /** The file's number on its disk, when known. */
  readonly inode?: number;
  /** Owner, when known: for SymLinksIfOwnerMatch. */
  readonly uid?: number;
  /** Of a link: it leads out of the tree, or to where nobody told. */
  readonly leadsOut?: true;
}

/**
 * The files of a site as Apache would see them. Paths are absolute on the server (below `HostProfile.treeRoot`), with
 * `/` between segments, and byte strings. Answers are immediate: from memory, a cache or a synchronous call.
 */
export interface Site {
  /** Follows symbolic links. Undefined where nothing is, or a link leads nowhere. */
  stat(path: string): FileStat | undefined;
  /** Does not follow a link in the last segment. */
  lstat(path: string): FileStat | undefined;
  /** Content as a byte string; 'unreadable' where permission is missing or links lead round and round; undefined where there is no file. */
  read(path: string): { readonly content: string } | 'unreadable' | undefined;
  /** True where an undefined `stat` means that nothing is there; not given: below `HostProfile.treeRoot`. */
  knows?(path: string): boolean;
  /** Names in a folder, without `.` and `..`; undefined where it is no folder. */
  list(path: string): readonly string[] | undefined;
}
