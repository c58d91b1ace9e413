import { randomBytes } from 'node:crypto';
import { mkdir, open, readFile, realpath, rename, rm } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import type { RemoteConnection } from '../remote/connection';
import { cancelled, RemoteError } from '../remote/errors';
import type { SftpSession } from '../remote/sftp';
import { ignoreRules, type IgnoreRules } from './ignoreRules';
import { joinRemote, nameOf } from './names';
import { forEachLimited, readRemoteFile, remotePieces } from './remoteFiles';
import { resolveTargetFolder } from './targetFolder';

export interface DownloadOptions {
  readonly localRoot: string;
  readonly remotePath: string;
  /** A file or a folder, relative; '' for all of it. */
  readonly path: string;
  readonly ignore?: readonly string[];
  /** Called once with the local files that would be replaced by others; false ends it. */
  readonly mayReplace?: (paths: readonly string[]) => Promise<boolean>;
  readonly onProgress?: (progress: {
    readonly files: number;
    readonly totalFiles: number;
    readonly file: string;
  }) => void;
  readonly signal?: AbortSignal;
}

export interface DownloadReport {
  readonly written: readonly string[];
  readonly same: number;
  /** Names that cannot be here, links and the like, in words. */
  readonly notes: readonly string[];
}

/** Fetches a file, or all files of a folder, that uploads would send. Each arrives under a temporary name. Throws RemoteError. */
export async function download(
  connection: RemoteConnection,
  options: DownloadOptions,
): Promise<DownloadReport> {
  const session = await connection.sftp();
  const target = await resolveTargetFolder(session, options.remotePath);
  return new Download(session, target, options).run();
}

/** The content of one file of a target, by its path relative to it. */
export async function readDeployed(
  connection: RemoteConnection,
  remotePath: string,
  path: string,
): Promise<Buffer> {
  const session = await connection.sftp();
  return readRemoteFile(session, joinRemote(await resolveTargetFolder(session, remotePath), path));
}

class Download {
  readonly #session: SftpSession;
  readonly #target: string;
  readonly #options: DownloadOptions;
  readonly #rules: IgnoreRules;
  readonly #notes: string[] = [];
  readonly #paths: string[] = [];

  constructor(session: SftpSession, target: string, options: DownloadOptions) {
    this.#session = session;
    this.#target = target;
    this.#options = options;
    this.#rules = ignoreRules(options.ignore);
  }

  async run(): Promise<DownloadReport> {
    await this.#collect(this.#options.path);
    const different: { path: string; content: Buffer | undefined; exists: boolean }[] = [];
    let same = 0;
    await forEachLimited(this.#paths, 8, async (path) => {
      const here = await readFile(join(this.#options.localRoot, path)).catch(() => undefined);
      const content = here
        ? await readRemoteFile(this.#session, joinRemote(this.#target, path), 256 * 1024 * 1024)
        : undefined;
      if (here && content?.equals(here)) same++;
      else different.push({ path, content, exists: here !== undefined });
    });
    const replaced = different.filter(({ exists }) => exists).map(({ path }) => path);
    const may = replaced.length === 0 || (await this.#options.mayReplace?.(replaced)) === true;
    if (!may) throw cancelled('The download');
    const written = await this.#write(different);
    return { written, same, notes: this.#notes };
  }

  async #write(files: readonly { path: string; content: Buffer | undefined }[]): Promise<string[]> {
    const written: string[] = [];
    await forEachLimited(files, 8, async ({ path, content }) => {
      if (this.#options.signal?.aborted) throw cancelled('The download');
      await this.#file(path, content);
      written.push(path);
      this.#options.onProgress?.({ files: written.length, totalFiles: files.length, file: path });
    });
    return written.sort();
  }

  async #collect(path: string): Promise<void> {
    const absolute = joinRemote(this.#target, path);
    const { kind } = await this.#session.lstat(absolute);
    if (kind === 'file') this.#paths.push(path);
    else if (kind === 'directory') await this.#folder(path, absolute);
    else this.#notes.push(`${path} is a link or no file; it was left out.`);
  }

  async #folder(path: string, absolute: string): Promise<void> {
    for (const { name, kind } of await this.#session.readdir(absolute)) {
      const inside = path === '' ? name : `${path}/${name}`;
      if (!isPossible(name)) this.#notes.push(`${inside} cannot be a file here; it was left out.`);
      else if (this.#rules.ignores(inside, kind === 'directory')) continue;
      else if (kind === 'directory') await this.#folder(inside, joinRemote(this.#target, inside));
      else if (kind === 'file') this.#paths.push(inside);
      else this.#notes.push(`${inside} is a link or no file; it was left out.`);
    }
  }

  async #file(path: string, content: Buffer | undefined): Promise<void> {
    const file = join(this.#options.localRoot, path);
    await mkdir(dirname(file), { recursive: true });
    await this.#stayInside(dirname(file));
    const temporary = join(dirname(file), `.${nameOf(path)}.${randomBytes(4).toString('hex')}.up~`);
    const handle = await open(temporary, 'wx');
    try {
      const pieces = content ? [content] : remotePieces(this.#session, joinRemote(this.#target, path));
      for await (const piece of pieces) await handle.write(piece);
      await handle.close();
      await rename(temporary, file);
    } catch (error) {
      await handle.close().catch(() => undefined);
      await rm(temporary, { force: true });
      throw error;
    }
  }

  /** A link among the local folders could lead out of the project. */
  async #stayInside(folder: string): Promise<void> {
    const [root, real] = await Promise.all([realpath(this.#options.localRoot), realpath(folder)]);
    if (real === root || real.startsWith(root + sep)) return;
    throw new RemoteError('failure', `${folder} leads out of the project. Nothing was written there.`);
  }
}

/** A name that a server gave and that is one name here: no way up, no separator of this system, decodable. */
function isPossible(name: string): boolean {
  if (name === '' || name === '.' || name === '..' || name.includes('/') || name.includes('\0')) return false;
  if (name.includes('\uFFFD')) return false;
  return sep === '/' || !/[\\:*?"<>|]/.test(name);
}
