import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import type { Dirent } from 'node:fs';
import { lstat, readdir, readFile, realpath, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { codeOf, RemoteError, textOf } from '../remote/errors';
import { ignoreRules, type IgnoreRules } from './ignoreRules';
import type { LocalFile } from './plan';

export interface LocalTree {
  readonly files: ReadonlyMap<string, LocalFile>;
  /** Sentences on what was left out although no rule says so, as links that lead out of the folder. */
  readonly notes: readonly string[];
}

const scriptLimit = 4 * 1024 * 1024;

/**
 * All files below a folder that are to be on the server, with the hash of what would be sent. `forSending`: what is read is kept for
 * `takeContent`, up to a limit.
 */
export async function scanLocal(
  root: string,
  ignore: readonly string[] = [],
  { forSending = false } = {},
): Promise<LocalTree> {
  const scan = new Scan(await existingRoot(root), ignoreRules(ignore));
  await scan.folder('');
  const files = await scan.describe(forSending ? mostRead : 0);
  return { files: new Map(files.map((file) => [file.path, file])), notes: scan.notes };
}

/**
 * Paths of the files that `scanLocal` would describe, in no order; nothing is read. `skipsUnreadable`: for who looks for one file,
 * a folder that may not be read holds none.
 */
export async function listLocal(
  root: string,
  ignore: readonly string[] = [],
  { skipsUnreadable = false } = {},
): Promise<readonly string[]> {
  const scan = new Scan(await existingRoot(root), ignoreRules(ignore), skipsUnreadable);
  await scan.folder('');
  return scan.paths;
}

/** One file by its relative path; undefined where it does not exist, is ignored or is no file. */
export async function scanFile(
  root: string,
  path: string,
  ignore: readonly string[] = [],
): Promise<LocalFile | undefined> {
  const rules = ignoreRules(ignore);
  const segments = path.split('/');
  const hidden = segments.some((_, index) =>
    rules.ignores(segments.slice(0, index + 1).join('/'), index < segments.length - 1),
  );
  if (hidden) return undefined;
  const found = await stat(join(root, path)).catch(() => undefined);
  return found?.isFile() ? describeFile(root, path) : undefined;
}

/** The files that some paths stand for, files or folders, relative to the root; what does not exist is left out. */
export async function scanSelection(
  root: string,
  paths: readonly string[],
  ignore: readonly string[] = [],
): Promise<LocalTree> {
  if (paths.includes('')) return scanLocal(root, ignore);
  const scan = new Scan(await existingRoot(root), ignoreRules(ignore));
  const files = new Map<string, LocalFile>();
  for (const path of paths) {
    const found = await stat(join(root, path)).catch(() => undefined);
    if (found?.isDirectory()) await scan.below(path);
    const file = found?.isFile() ? await scanFile(root, path, ignore) : undefined;
    if (file) files.set(path, file);
  }
  for (const file of await scan.describe()) files.set(file.path, file);
  return { files, notes: scan.notes };
}

async function existingRoot(root: string): Promise<string> {
  try {
    return await realpath(root);
  } catch (error) {
    throw new RemoteError('no-such-file', `The local folder ${root} cannot be read: ${textOf(error)}`, {
      cause: error,
    });
  }
}

function unreadable(what: 'file' | 'folder', path: string, error: unknown): RemoteError {
  const mode = what === 'file' ? 'u+r' : 'u+rx';
  const message =
    codeOf(error) === 'EACCES'
      ? `The local ${what} ${path} may not be read by you. Give yourself the permission to (chmod ${mode}), or name it in "ignore" in .vscode/fastcgi.json.`
      : `The local ${what} ${path} cannot be read: ${textOf(error)}`;
  return new RemoteError('failure', message, { cause: error });
}

class Scan {
  readonly notes: string[] = [];
  readonly paths: string[] = [];
  readonly #root: string;
  readonly #rules: IgnoreRules;
  readonly #skipsUnreadable: boolean;

  constructor(root: string, rules: IgnoreRules, skipsUnreadable = false) {
    this.#root = root;
    this.#rules = rules;
    this.#skipsUnreadable = skipsUnreadable;
  }

  /** A folder that was named: what hides one above it hides it, too. */
  async below(path: string): Promise<void> {
    const segments = path.split('/');
    const hidden = segments.some((_, index) =>
      this.#rules.ignores(segments.slice(0, index + 1).join('/'), true),
    );
    if (!hidden) await this.folder(path);
  }

  async folder(path: string): Promise<void> {
    for (const entry of await this.#entries(join(this.#root, path)))
      await this.#entry(path === '' ? entry.name : `${path}/${entry.name}`, entry);
  }

  async #entries(folder: string): Promise<readonly Dirent[]> {
    try {
      return await readdir(folder, { withFileTypes: true });
    } catch (error) {
      if (this.#skipsUnreadable && folder !== this.#root) return [];
      throw unreadable('folder', folder, error);
    }
  }

  async #entry(path: string, entry: Dirent): Promise<void> {
    if (this.#rules.ignores(path, entry.isDirectory())) return;
    if (await isNoText(entry.name, join(this.#root, path)))
      this.notes.push(`${path} was left out, as its name is not UTF-8. Give it another one.`);
    else if (entry.isDirectory()) await this.folder(path);
    else if (entry.isFile()) this.paths.push(path);
    else if (entry.isSymbolicLink()) await this.#link(path);
  }

  /** A link to a file of the project is sent as that file. Others could publish what lies outside, or never end. */
  async #link(path: string): Promise<void> {
    const target = await realpath(join(this.#root, path)).catch(() => undefined);
    const inside = target?.startsWith(this.#root + sep) === true;
    if (target !== undefined && inside && (await stat(target)).isFile()) this.paths.push(path);
    else this.notes.push(`${path} is a link that is not a file of this folder; it was left out.`);
  }

  async #describe(path: string, how: Reading): Promise<LocalFile> {
    try {
      return await describeFile(this.#root, path, how);
    } catch (error) {
      throw unreadable('file', join(this.#root, path), error);
    }
  }

  /** `mostKept`: bytes of contents that may be left in memory for `takeContent`. */
  async describe(mostKept = 0): Promise<LocalFile[]> {
    const files: LocalFile[] = [];
    const budget = { bytes: mostKept };
    let access = quickAccess;
    let pauses = 0;
    while (files.length < this.paths.length) {
      const start = performance.now();
      const batch = this.paths.slice(files.length, files.length + access.atOnce);
      const how = { access, budget };
      files.push(...(await Promise.all(batch.map((path) => this.#describe(path, how)))));
      pauses = performance.now() - start > longestPause ? pauses + 1 : 0;
      if (pauses === 2) access = patientAccess;
      await new Promise((resolve) => setImmediate(resolve));
    }
    return files;
  }
}

/** Whether a name has bytes that are no UTF-8: what is read in their place names no file. */
async function isNoText(name: string, file: string): Promise<boolean> {
  if (!name.includes('\uFFFD')) return false;
  return lstat(file).then(
    () => false,
    () => true,
  );
}

/** How files are described, and how many bytes of contents may still be kept. */
interface Reading {
  readonly access: FileAccess;
  readonly budget: { bytes: number };
}

/** How local files are asked. */
interface FileAccess {
  /** How many are asked before other work gets its turn. */
  readonly atOnce: number;
  readonly stat: (file: string) => fs.BigIntStats | Promise<fs.BigIntStats>;
  readonly read: (file: string) => Buffer | Promise<Buffer>;
}

/** On a disk that answers at once, handing each step to another thread takes several times as long as the step. */
const quickAccess: FileAccess = {
  atOnce: 8,
  stat: (file) => fs.statSync(file, { bigint: true }),
  read: (file) => fs.readFileSync(file),
};

/** On every other disk, and for large files, nothing must wait for it. */
const patientAccess: FileAccess = {
  atOnce: 32,
  stat: (file) => stat(file, { bigint: true }),
  read: (file) => readFile(file),
};

/** Milliseconds for which a quick disk may keep everything else waiting; once it may have been the processor that was busy. */
const longestPause = 8;

/** What was found out about local files in this process: while size and times are the same, so is the content. */
const described = new Map<string, { stamp: string; file: LocalFile }>();
const mostDescribed = 50_000;

/** Contents that were read for a description and are likely to be sent next, with the stamp of their file. */
const read = new WeakMap<LocalFile, { stamp: string; sent: Buffer; access: FileAccess }>();

/** Bytes of contents that one scan may leave in memory until they are sent. */
const mostRead = 32 * 1024 * 1024;

async function describeFile(
  root: string,
  path: string,
  { access, budget }: Reading = alone(),
): Promise<LocalFile> {
  const file = join(root, path);
  const { size, stamp, mtime } = stampOf(await access.stat(file));
  const known = described.get(file);
  if (known?.stamp === stamp && known.file.path === path) return known.file;
  const { sent, ...found } = await readDescription(file, { path, size, access });
  // What was written just now may be written again within the same tick of the file system's clock.
  if (Date.now() - mtime <= 2000) return found;
  if (described.size >= mostDescribed) described.clear();
  described.set(file, { stamp, file: found });
  if (!sent || (budget.bytes -= sent.length) < 0) return found;
  // Its own object, with which the content goes.
  const once = { ...found };
  read.set(once, { stamp, sent, access });
  return once;
}

/** Whether a file is a program, by its name or its first line. */
export function isProgram(path: string, content?: Buffer): boolean {
  return /\.f?cgi$/i.test(path) || (content !== undefined && hasShebang(content));
}

function alone() {
  return { access: patientAccess, budget: { bytes: 0 } };
}

/** What tells one content of a file from another; `mtime` in milliseconds since 1970. */
function stampOf({ size, mtimeNs, ctimeNs, ino }: fs.BigIntStats) {
  const stamp = [size, mtimeNs, ctimeNs, ino].join(' ');
  return { size: Number(size), stamp, mtime: Number(mtimeNs / 1_000_000n) };
}

async function readDescription(
  file: string,
  { path, size, access }: { path: string; size: number; access: FileAccess },
): Promise<LocalFile & { sent?: Buffer }> {
  if (size > scriptLimit) return { path, size, sha256: await hashOfFile(file), executable: isProgram(path) };
  const content = await access.read(file);
  const sent = asSent(content);
  const sha256 = createHash('sha256').update(sent).digest('hex');
  return { path, size: sent.length, sha256, executable: isProgram(path, content), sent };
}

/** What is sent for a small file, given once where the scan has just read it; undefined where it must be read, as after a change. */
export async function takeContent(root: string, local: LocalFile): Promise<Buffer | undefined> {
  const known = read.get(local);
  read.delete(local);
  if (!known) return undefined;
  try {
    const now = stampOf(await known.access.stat(join(root, local.source ?? local.path)));
    return now.stamp === known.stamp ? known.sent : undefined;
  } catch {
    return undefined;
  }
}

async function hashOfFile(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of fs.createReadStream(file)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

/** CRLF becomes LF, and a byte order mark goes: with either, the kernel looks for an interpreter that does not exist. */
export function withUnixLineEnds(content: Buffer): Buffer {
  const text = content.toString('latin1');
  const clean = text.replace(/^\u00ef\u00bb\u00bf/, '').replaceAll('\r\n', '\n');
  return clean.length === text.length ? content : Buffer.from(clean, 'latin1');
}

/** Hex SHA-256 of the first bytes of what is sent for a file. */
export async function hashOfLocalStart(root: string, file: LocalFile, bytes: number): Promise<string> {
  const hash = createHash('sha256');
  let left = bytes;
  for await (const piece of contentOf(root, file, 1024 * 1024)) {
    hash.update(piece.subarray(0, left));
    left -= piece.length;
    if (left <= 0) break;
  }
  return hash.digest('hex');
}

/** The bytes that are sent for a file, in pieces. */
export async function* contentOf(
  root: string,
  file: LocalFile,
  pieceSize: number,
): AsyncGenerator<Buffer, void, void> {
  const path = join(root, file.source ?? file.path);
  if (file.content === undefined && file.size > scriptLimit) {
    for await (const piece of fs.createReadStream(path, { highWaterMark: pieceSize })) yield piece as Buffer;
    return;
  }
  const content =
    file.content === undefined
      ? ((await takeContent(root, file)) ?? asSent(await readFile(path)))
      : Buffer.from(file.content);
  for (let at = 0; at < content.length; at += pieceSize) yield content.subarray(at, at + pieceSize);
}

/** A script with the line ends that a Unix system needs, everything else as it is. */
export function asSent(content: Buffer): Buffer {
  return hasShebang(content) ? withUnixLineEnds(content) : content;
}

function hasShebang(content: Buffer): boolean {
  const text = content.toString('latin1', 0, 5);
  return text.startsWith('#!') || text.startsWith('\u00ef\u00bb\u00bf#!');
}
