import type { Site } from './site';

/** What a URL path leads to, and is not there. */
export interface MissingTarget {
  /** Absolute path on the server, a byte string. */
  readonly path: string;
  readonly name: string;
  readonly isFolder: boolean;
}

/**
 * The first part of a URL path that is not there below the document root; undefined where all is there, a file takes the rest as its
 * path info, or the site does not know.
 */
export function missingTarget(site: Site, documentRoot: string, urlPath: string): MissingTarget | undefined {
  let path = documentRoot;
  const segments = urlPath.split('/').filter((segment) => segment !== '');
  for (const [at, name] of segments.entries()) {
    path += `/${name}`;
    const stat = site.stat(path);
    if (stat?.kind === 'directory') continue;
    if (stat !== undefined || site.knows?.(path) === false) return undefined;
    const goesOn = at < segments.length - 1 || urlPath.endsWith('/');
    return { path, name, isFolder: goesOn && !/[^.]\.\w+$/.test(name) };
  }
  return undefined;
}
