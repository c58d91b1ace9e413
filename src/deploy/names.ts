import { createHash, randomBytes } from 'node:crypto';

/** Joins a server folder and a relative path. */
export function joinRemote(folder: string, path: string): string {
  if (path === '') return folder;
  return folder.endsWith('/') ? folder + path : `${folder}/${path}`;
}

/** The folder of a path; '' for a name without one. */
export function folderOf(path: string): string {
  const slash = path.lastIndexOf('/');
  if (slash === 0) return '/';
  return slash < 0 ? '' : path.slice(0, slash);
}

export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** Longest name that our additions still leave below the 255 bytes of common file systems. */
const longestName = 200;

/** The name under which new content waits beside its target: `.<name>.<sha8>.up~`, in the same folder and so on the same file system. */
export function stagingPath(path: string, sha256: string): string {
  const name = nameOf(path);
  const short =
    Buffer.byteLength(name) > longestName
      ? createHash('sha256').update(name).digest('hex').slice(0, 32)
      : name;
  return joinRemote(folderOf(path), `.${short}.${sha256.slice(0, 8)}.up~`);
}

/** The name under which a new folder is filled before it is renamed as a whole; `id` is eight hex digits. */
export function stagingFolder(path: string, id: string): string {
  return stagingPath(path, id);
}

const stagingName = /^\..+\.[0-9a-f]{8}\.up~$/;
const keepName = /^\.(.+)\.keep-(\d+)-[0-9a-f]+$/;

/** Whether a name is one of ours, which must neither be uploaded nor count as somebody's file. */
export function isOwnTemporaryName(name: string): boolean {
  return stagingName.test(name) || keepName.test(name);
}

/** The path that something under a temporary name will have; any other path as it is. */
export function finalPath(path: string): string {
  return path
    .split('/')
    .map((name) => (stagingName.test(name) ? name.slice(1, -'.00000000.up~'.length) : name))
    .join('/');
}

export function isStagingName(name: string): boolean {
  return stagingName.test(name);
}

/** A second name that keeps a replaced dispatcher's inode alive: `.dispatch.fcgi.keep-<seconds>-<random>`; unique, or the link would fail. */
export function keepPath(path: string, seconds: number): string {
  return joinRemote(folderOf(path), `.${nameOf(path)}.keep-${seconds}-${randomBytes(4).toString('hex')}`);
}

/** When a kept name of this dispatcher was made, in seconds; undefined for any other name. */
export function keptSince(name: string, dispatcher: string): number | undefined {
  const match = keepName.exec(name);
  return match?.[1] === dispatcher ? Number(match[2]) : undefined;
}
