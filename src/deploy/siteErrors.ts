import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { readHtaccess } from '../apache/config/judge';
import type { HostProfile } from '../apache/host';
import { memorySite } from '../apache/memorySite';
import type { Site } from '../apache/site';
import { checkDispatcher } from '../dispatcher';
import { byteStringOf, byteStringOfText, textOfByteString } from '../text/bytes';
import { listLocal } from './scan';

/** One thing that would make the uploaded site answer 500. */
export interface SiteError {
  /** Relative to the document root, with `/`. */
  readonly file: string;
  /** 1-based; null where the whole file is meant. */
  readonly line: number | null;
  /** `apache.refused`, or the code of a dispatcher's problem. */
  readonly code: string;
  readonly message: string;
}

/** What the upload itself puts right. */
const MENDED = new Set([
  'dispatcher.crlf',
  'dispatcher.bom',
  'dispatcher.not-executable',
  'dispatcher.writable-by-others',
]);

/** What is uploaded, and to what kind of server. */
export interface SiteErrorsOptions {
  readonly ignore: readonly string[];
  readonly host: HostProfile;
  /** Where `localRoot` lies in the tree of the host profile; `.` when absent. */
  readonly documentRoot?: string;
}

/** Looks for what Apache would refuse in the files that are about to be uploaded, with an eye on all of them (<IfFile>). */
export async function siteErrors(
  localRoot: string,
  { ignore, host, documentRoot = '.' }: SiteErrorsOptions,
): Promise<readonly SiteError[]> {
  const paths = [...(await listLocal(localRoot, ignore))].sort();
  const uploaded = { host, ...uploadedSite(paths, { host, documentRoot }) };
  const errors: SiteError[] = [];
  for (const path of paths) errors.push(...(await errorsOf(localRoot, path, uploaded)));
  return errors;
}

interface Uploaded {
  readonly host: HostProfile;
  readonly site: Site;
  /** Absolute on the server, with a slash at its end. */
  readonly folder: string;
}

/** What is there after the upload. There may be more on the server: what is not known here may be there all the same. */
function uploadedSite(
  paths: readonly string[],
  { host, documentRoot }: { readonly host: HostProfile; readonly documentRoot: string },
): Pick<Uploaded, 'site' | 'folder'> {
  const prefix = documentRoot === '.' ? '' : `${documentRoot}/`;
  const files = memorySite(Object.fromEntries(paths.map((path) => [prefix + path, ''])), host);
  const site: Site = {
    stat: (path) => files.stat(path),
    lstat: (path) => files.lstat(path),
    read: (path) => files.read(path),
    list: (path) => files.list(path),
    knows: (path) => files.stat(path) !== undefined,
  };
  return { site, folder: `${host.treeRoot}/${byteStringOfText(prefix)}` };
}

async function errorsOf(root: string, path: string, uploaded: Uploaded): Promise<readonly SiteError[]> {
  if (basename(path) === '.htaccess') return htaccessErrors(path, await readFile(join(root, path)), uploaded);
  if (path.endsWith('.fcgi')) return dispatcherErrors(path, await readFile(join(root, path)));
  return [];
}

function htaccessErrors(
  file: string,
  bytes: Uint8Array,
  { host, site, folder }: Uploaded,
): readonly SiteError[] {
  const directory = folder + byteStringOfText(file.slice(0, file.lastIndexOf('/') + 1));
  const { verdict } = readHtaccess(byteStringOf(bytes), host, { directory, site });
  if (verdict.ok) return [];
  const message = `Apache answers 500: ${textOfByteString(verdict.message ?? '')}`;
  return [{ file, line: verdict.line, code: 'apache.refused', message }];
}

function dispatcherErrors(file: string, bytes: Uint8Array): readonly SiteError[] {
  return checkDispatcher(bytes, { path: file })
    .filter(({ severity, code }) => severity === 'error' && !MENDED.has(code))
    .map(({ code, message, range }) => ({ file, line: range.start.line + 1, code, message }));
}
