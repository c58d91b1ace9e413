/** How the path in an argument is meant: by a visitor, on the server, in the folder of the .htaccess, or as a bare name in it. */
export type PathKind = 'url' | 'server' | 'relative' | 'name';

/** An argument that names a file of the site or the server. */
export interface FileArgument {
  readonly kind: PathKind;
  /** Counted from 0; every one, or the last of at least two. */
  readonly at: number | 'every' | 'last';
  /** It may be something else, and is a path only when it begins with a slash. */
  readonly mayBeOther?: true;
  /** Files are offered there, but what stands there is not taken for the name of one: a folder, or perhaps a pattern. */
  readonly isOnlyOffered?: true;
}

/**
 * Directives that name files, in lower case, sections with `<`. RewriteRule and RewriteCond are not among them: they are not
 * read as words, and where their paths are depends on what is written.
 */
export const FILE_ARGUMENTS: Readonly<Record<string, FileArgument>> = {
  errordocument: { kind: 'url', at: 1, mayBeOther: true },
  fallbackresource: { kind: 'url', at: 0 },
  action: { kind: 'url', at: 1 },
  indexstylesheet: { kind: 'url', at: 0 },
  rewritebase: { kind: 'url', at: 0, isOnlyOffered: true },
  redirect: { kind: 'url', at: 'last', mayBeOther: true },
  redirectmatch: { kind: 'url', at: 'last', mayBeOther: true, isOnlyOffered: true },
  directoryindex: { kind: 'relative', at: 'every' },
  headername: { kind: 'relative', at: 0 },
  readmename: { kind: 'relative', at: 0 },
  authuserfile: { kind: 'server', at: 0 },
  authgroupfile: { kind: 'server', at: 0 },
  authdbmuserfile: { kind: 'server', at: 0 },
  fcgidwrapper: { kind: 'server', at: 0 },
  '<files': { kind: 'name', at: 0 },
};
