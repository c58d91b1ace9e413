import { createHash } from 'node:crypto';
import { createReadStream, type Dirent } from 'node:fs';
import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { RemoteError, textOf } from '../remote/errors';
import { ignoreRules, type IgnoreRules } from './ignoreRules';
import type { LocalFile } from './plan';

export interface LocalTree {
  readonly files: ReadonlyMap<string, LocalFile>;
  /** Sentences on what was left out although no rule says so, as links that lead out of the folder. */
  readonly notes: readonly string[];
}

const scriptLimit = 4 * 1024 * 1024;
const parallel = 32;

/** All files below a folder that are to be on the server, with the hash of what would be sent. */
export async function scanLocal(root: string, ignore: readonly string[] = []): Promise<LocalTree> {
  const scan = new Scan(await existingRoot(root), ignoreRules(ignore));
  await scan.folder('');
  const files = await scan.describe();
  return { files: new Map(files.map((file) => [file.path, file])), notes: scan.notes };
}

/** Paths of the files that `scanLocal` would describe, in no order; nothing is read. */
export async function listLocal(root: string, ignore: readonly string[] = []): Promise<readonly string[]> {
  const scan = new Scan(await existingRoot(root), ignoreRules(ignore));
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

class Scan {
  readonly notes: string[] = [];
  readonly paths: string[] = [];
  readonly #root: string;
  readonly #rules: IgnoreRules;

  constructor(root: string, rules: IgnoreRules) {
    this.#root = root;
    this.#rules = rules;
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
    const entries = await readdir(join(this.#root, path), { withFileTypes: true });
    for (const entry of entries) await this.#entry(path === '' ? entry.name : `${path}/${entry.name}`, entry);
  }

  async #entry(path: string, entry: Dirent): Promise<void> {
    if (this.#rules.ignores(path, entry.isDirectory())) return;
    if (entry.isDirectory()) await this.folder(path);
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

  async describe(): Promise<LocalFile[]> {
    const files: LocalFile[] = [];
    for (let at = 0; at < this.paths.length; at += parallel) {
      files.push(
        ...(await Promise.all(
          this.paths.slice(at, at + parallel).map((path) => describeFile(this.#root, path)),
        )),
      );
    }
    return files;
  }
}

/** What was found out about local files in this process: while size and times are the same, so is the content. */
const described = new Map<string, { stamp: string; file: LocalFile }>();
const mostDescribed = 50_000;

async function describeFile(root: string, path: string): Promise<LocalFile> {
  const file = join(root, path);
  const { size, mtimeNs, ctimeNs, ino } = await stat(file, { bigint: true });
  const stamp = [size, mtimeNs, ctimeNs, ino].join(' ');
  const known = described.get(file);
  if (known?.stamp === stamp && known.file.path === path) return known.file;
  const found = await readDescription(file, path, Number(size));
  if (described.size >= mostDescribed) described.clear();
  // What was written just now may be written again within the same tick of the file system's clock.
  if (Date.now() - Number(mtimeNs / 1_000_000n) > 2000) described.set(file, { stamp, file: found });
  return found;
}

/** Whether a file is a program, by its name or its first line. */
export function isProgram(path: string, content?: Buffer): boolean {
  return /\.f?cgi$/i.test(path) || (content !== undefined && hasShebang(content));
}

async function readDescription(file: string, path: string, size: number): Promise<LocalFile> {
  if (size > scriptLimit) return { path, size, sha256: await hashOfFile(file), executable: isProgram(path) };
  const content = await readFile(file);
  const sent = asSent(content);
  const sha256 = createHash('sha256').update(sent).digest('hex');
  return { path, size: sent.length, sha256, executable: isProgram(path, content) };
}

async function hashOfFile(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
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
    for await (const piece of createReadStream(path, { highWaterMark: pieceSize })) yield piece as Buffer;
    return;
  }
  const content = file.content === undefined ? asSent(await readFile(path)) : Buffer.from(file.content);
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
