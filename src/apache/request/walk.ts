import { DirConfig } from '../config/dirConfig';
import { readHtaccess, type ReadHtaccess } from '../config/judge';
import type { HostProfile } from '../host';
import { core } from '../modules/core';
import { OPTION } from '../modules/core/config';
import type { FileStat, Site } from '../site';
import { FOLDER, isAbove, statPath } from './files';
import { mergePath } from '../paths';
import type { RequestRecord } from './record';
import { changeOf, onlyChanges } from './trace';
import { directoryConfigFor } from './serverConfig';
import { applyWalk } from './walkCache';

/** A folder's .htaccess after it was read and taken, or what stops the request. */
type FolderConfig = DirConfig | undefined | { readonly status: number };

const parsed = new WeakMap<Site, Map<string, { content: string; host: HostProfile; read: ReadHtaccess }>>();

/** The .htaccess of a folder (path with slash), parsed once for each content. */
function folderConfig(r: RequestRecord, folder: string): FolderConfig {
  if (!folder.startsWith(`${r.host.treeRoot}/`)) return undefined;
  const path = `${folder}.htaccess`;
  const file = r.site.read(path);
  if (file === undefined && r.site.stat(path) === undefined) return undefined;
  // What is there and no file, as a folder of that name, is as bad as one without permission.
  if (file === undefined || file === 'unreadable') {
    r.logError(
      `AH00529: ${path} pcfg_openfile: unable to check htaccess file, ensure it is readable and that '${folder}' is executable`,
      { file: path },
      'refused',
    );
    return { status: 403 };
  }
  const { verdict, config, origin } = readOnce(r, path, file.content, folder);
  if (verdict.ok) {
    r.addTrace({ module: 'core', text: `${path} is read`, file: path, event: { result: 'read' } });
    return config;
  }
  const message = `${path}: ${(verdict.message ?? '').replaceAll(/^\.htaccess:/gm, `${path}:`)}`;
  r.logError(message, origin, 'refused');
  return { status: 500 };
}

function readOnce(r: RequestRecord, path: string, content: string, folder: string): ReadHtaccess {
  let files = parsed.get(r.site);
  if (files === undefined) parsed.set(r.site, (files = new Map()));
  const known = files.get(path);
  if (known !== undefined && known.content === content && known.host === r.host) return known.read;
  const read = readHtaccess(content, r.host, { directory: folder, site: r.site });
  files.set(path, { content, host: r.host, read });
  return read;
}

const canOverride = (host: HostProfile): boolean =>
  host.allowOverrideList.length > 0 || host.allowOverride.some((word) => word.toLowerCase() !== 'none');

/**
 * Goes down from the root to `r.filename`, reads each folder's .htaccess, and splits off the path info at the first
 * segment that is no folder (ap_directory_walk). Gives a status where the walk ends in an error.
 */
export function directoryWalk(r: RequestRecord): 'ok' | number {
  const target = mergePath(r.filename ?? '/');
  r.finfo = statPath(r, target);
  if (r.finfo !== undefined && r.finfo.kind !== 'directory' && target.endsWith('/')) r.finfo = undefined;
  const savedPathInfo = r.pathInfo;
  const savedKind = r.finfo?.kind;
  const matched = [directoryConfigFor(r.host)];
  let filename = '/';
  let rest = target.slice(1);
  let found: FileStat | undefined = FOLDER;
  for (;;) {
    const folder = filename.endsWith('/') ? filename : `${filename}/`;
    const added = canOverride(r.host) ? folderConfig(r, folder) : undefined;
    if (added !== undefined && !(added instanceof DirConfig)) {
      // Whoever looked ahead sees how far the walk came.
      r.filename = folder;
      return added.status;
    }
    if (added !== undefined) matched.push(added);
    if (rest === '') break;
    const slash = rest.indexOf('/', rest.startsWith('/') ? 1 : 0);
    const segment = slash < 0 ? rest : rest.slice(0, slash);
    filename += segment;
    rest = slash < 0 ? '' : rest.slice(slash);
    if (segment === '/') break;
    const step = enter(r, filename, matched);
    if (typeof step === 'number') return step;
    found = step;
    if (found === undefined || found.kind === 'file') break;
    if (found.kind !== 'directory') {
      r.logError(`AH00038: Forbidden: ${filename} doesn't point to a file or directory`);
      return 403;
    }
  }
  r.filename = filename;
  r.finfo ??= found?.kind === 'directory' && rest !== '' ? undefined : found;
  r.pathInfo = joinPathInfo(rest, savedPathInfo);
  r.addTrace({
    module: 'core',
    text: `maps to file ${filename}${r.pathInfo === null ? '' : ` with path info ${r.pathInfo}`}`,
    event: {
      result: 'applied',
      changes: onlyChanges([{ what: 'file', after: filename }, changeOf('path info', null, r.pathInfo)]),
      ...(r.finfo === undefined ? { reason: 'there is no such file' } : {}),
    },
  });
  const isPlain = savedKind === 'file' || (savedKind === 'directory' && savedPathInfo === null);
  applyWalk(r, {
    walk: 'directory',
    place: isPlain ? folderOf(target, savedKind === 'directory') : '',
    remembered: r.finfo?.kind === 'directory' ? filename : folderOf(filename, false),
    matched,
  });
  return 'ok';
}

/** A folder's path with a slash at its end: of the path itself, or of what holds it. */
function folderOf(path: string, isFolder: boolean): string {
  if (isFolder) return path.endsWith('/') ? path : `${path}/`;
  return path.slice(0, path.lastIndexOf('/') + 1);
}

function joinPathInfo(rest: string, saved: string | null): string | null {
  const joined = rest + (saved ?? '');
  return joined === '' ? null : joined;
}

/** As Linux (NAME_MAX). */
const LONGEST_NAME = 255;

/** What the next segment is, links followed where Options allow it. */
function enter(r: RequestRecord, path: string, matched: readonly DirConfig[]): FileStat | undefined | number {
  if (isAbove(path, r.host.treeRoot)) return FOLDER;
  if (path.length - path.lastIndexOf('/') - 1 > LONGEST_NAME) {
    r.logError(`(36)File name too long: AH00036: access to ${r.uri} failed (filesystem path '${path}')`);
    return 403;
  }
  const here = r.site.lstat(path);
  if (here?.kind !== 'link') return here;
  let merged = r.perDirConfig;
  for (const config of matched) merged = DirConfig.merge(merged, config);
  const options = merged.get(core)?.options ?? 0;
  const target = r.site.stat(path);
  const isAllowed =
    (options & OPTION.followSymLinks) !== 0 ||
    ((options & OPTION.symLinksIfOwnerMatch) !== 0 && here.uid !== undefined && here.uid === target?.uid);
  if (isAllowed && target !== undefined) return target;
  if (isAllowed && here.leadsOut === true) noteLink(r, path);
  const message = `AH00037: Symbolic link not allowed or link target not accessible: ${path}`;
  r.logError(message, merged.lastUse('Options')?.origin, 'refused');
  return 403;
}

const A_LINK = {};

function noteLink(r: RequestRecord, path: string): void {
  const reason = `the link ${path} leads out of the tree: what the server has there is not known, and counts as missing`;
  r.noteUnknown({ name: 'link', args: path, origin: A_LINK }, reason);
}
