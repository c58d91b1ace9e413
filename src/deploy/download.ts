import { randomBytes } from 'node:crypto';
import { mkdir, open, readFile, realpath, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import type { RemoteConnection } from '../remote/connection';
import { cancelled, RemoteError } from '../remote/errors';
import type { SftpSession } from '../remote/sftp';
import { contentHere, isRewritten, nameHere, nameThere } from './alias';
import { ignoreRules, type IgnoreRules } from './ignoreRules';
import type { Alias } from './manifest';
import { joinRemote, nameOf } from './names';
import { forEachLimited, readRemoteFile, remotePieces } from './remoteFiles';
import { asSent } from './scan';
import { StateFolder } from './stateFolder';
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
  /** Whether names that differ in case alone are one file here; found out where it is not said. */
  readonly ignoresCase?: boolean;
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
  const alias = await aliasOf(session, target);
  return new Download({ session, target, alias, options }).run();
}

async function aliasOf(session: SftpSession, target: string): Promise<Alias | undefined> {
  const state = await StateFolder.open(session, target, false);
  return (await state?.inventory())?.alias;
}

/** The local name of a file of a target: the dispatcher may bear another one there. */
export async function nameOfDeployed(
  connection: RemoteConnection,
  remotePath: string,
  path: string,
): Promise<string> {
  const session = await connection.sftp();
  const alias = await aliasOf(session, await resolveTargetFolder(session, remotePath));
  return nameHere(path, alias) ?? path;
}

/** The content of one file of a target by its local path, as it would be here: with the dispatcher's own name. */
export async function readDeployed(
  connection: RemoteConnection,
  remotePath: string,
  path: string,
): Promise<Buffer> {
  const session = await connection.sftp();
  const target = await resolveTargetFolder(session, remotePath);
  const alias = await aliasOf(session, target);
  const content = await readRemoteFile(session, joinRemote(target, nameThere(path, alias)));
  return contentHere(path, content, alias);
}

interface DownloadParts {
  readonly session: SftpSession;
  /** Absolute folder on the server. */
  readonly target: string;
  readonly alias: Alias | undefined;
  readonly options: DownloadOptions;
}

/** A file that is to be written here. */
interface Fetched {
  readonly path: string;
  /** Absent where it is read piece by piece. */
  readonly content: Buffer | undefined;
  readonly exists: boolean;
}

/** Most that is compared in memory, in bytes. */
const comparedSize = 256 * 1024 * 1024;

/** Paths are local ones: what the dispatcher is called on the server is nobody's concern here. */
class Download {
  readonly #of: DownloadParts;
  readonly #session: SftpSession;
  readonly #options: DownloadOptions;
  readonly #rules: IgnoreRules;
  readonly #notes: string[] = [];
  /** What is there by its local path, with its permission bits. */
  readonly #found = new Map<string, number>();

  constructor(of: DownloadParts) {
    this.#of = of;
    this.#session = of.session;
    this.#options = of.options;
    this.#rules = ignoreRules(of.options.ignore);
  }

  async run(): Promise<DownloadReport> {
    await this.#collect(this.#options.path);
    await this.#leaveOutTwins();
    const different: Fetched[] = [];
    let same = 0;
    await forEachLimited(this.#found.keys(), 8, async (path) => {
      const here = await readFile(join(this.#options.localRoot, path)).catch(() => undefined);
      const content = here || isRewritten(path, this.#of.alias) ? await this.#content(path) : undefined;
      if (here && (content?.equals(here) || content?.equals(asSent(here)))) same++;
      else different.push({ path, content, exists: here !== undefined });
    });
    const replaced = different.filter(({ exists }) => exists).map(({ path }) => path);
    const may = replaced.length === 0 || (await this.#options.mayReplace?.(replaced.sort())) === true;
    if (!may) throw cancelled('The download');
    const written = await this.#write(different);
    return { written, same, notes: this.#notes };
  }

  #there(path: string): string {
    return joinRemote(this.#of.target, nameThere(path, this.#of.alias));
  }

  async #content(path: string): Promise<Buffer> {
    const content = await readRemoteFile(this.#session, this.#there(path), comparedSize);
    return contentHere(path, content, this.#of.alias);
  }

  async #write(files: readonly Fetched[]): Promise<string[]> {
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
    const { kind, mode } = await this.#session.lstat(this.#there(path));
    if (kind === 'file') this.#found.set(path, mode);
    else if (kind === 'directory') await this.#folder(path);
    else this.#notes.push(`${path} is a link or no file; it was left out.`);
  }

  async #folder(folder: string): Promise<void> {
    for (const { name, kind, mode } of await this.#session.readdir(joinRemote(this.#of.target, folder))) {
      const there = folder === '' ? name : `${folder}/${name}`;
      const path = nameHere(there, this.#of.alias);
      if (!isPossible(name)) this.#notes.push(`${there} cannot be a file here; it was left out.`);
      else if (path === undefined || this.#rules.ignores(path, kind === 'directory')) continue;
      else if (kind === 'directory') await this.#folder(path);
      else if (kind === 'file') this.#found.set(path, mode);
      else this.#notes.push(`${path} is a link or no file; it was left out.`);
    }
  }

  /** On a disk that ignores case, of two such files one would silently become the other. */
  async #leaveOutTwins(): Promise<void> {
    const { localRoot, ignoresCase = await isCaseIgnored(localRoot) } = this.#options;
    if (!ignoresCase) return;
    const bySpelling = new Map<string, string[]>();
    for (const path of this.#found.keys()) {
      const spelling = path.normalize('NFC').toLowerCase();
      bySpelling.set(spelling, [...(bySpelling.get(spelling) ?? []), path]);
    }
    const twins = [...bySpelling.values()].filter((paths) => paths.length > 1);
    for (const paths of twins) {
      this.#notes.push(`${paths.sort().join(' and ')} would be one file here; they were left out.`);
    }
    for (const path of twins.flat()) this.#found.delete(path);
  }

  async #file(path: string, content: Buffer | undefined): Promise<void> {
    const file = join(this.#options.localRoot, path);
    await mkdir(dirname(file), { recursive: true });
    await this.#stayInside(dirname(file));
    const temporary = join(dirname(file), `.${nameOf(path)}.${randomBytes(4).toString('hex')}.up~`);
    const runs = ((this.#found.get(path) ?? 0) & 0o100) !== 0;
    const handle = await open(temporary, 'wx', runs ? 0o777 : 0o666);
    try {
      const before = await stat(file).catch(() => undefined);
      if (before) await handle.chmod(before.mode & 0o777);
      const pieces = content ? [content] : remotePieces(this.#session, this.#there(path));
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

/** Whether a folder is on a disk that takes names in another case for the same. */
async function isCaseIgnored(folder: string): Promise<boolean> {
  const other = folder.replace(/[a-z]/gi, (one) =>
    one === one.toLowerCase() ? one.toUpperCase() : one.toLowerCase(),
  );
  const [here, there] = await Promise.all([stat(folder), stat(other).catch(() => undefined)]);
  return other !== folder && here.ino === there?.ino && here.dev === there.dev;
}
