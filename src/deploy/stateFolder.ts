import { createHash } from 'node:crypto';
import { hasReason } from '../remote/errors';
import type { SftpSession } from '../remote/sftp';
import { LockTaking, type Lock } from './lock';
import { parseManifest, printManifest, readHead, type ManifestHead } from './manifest';
import { folderOf, joinRemote, nameOf, isStagingName } from './names';
import type { Manifest } from './plan';
import {
  allOf,
  ignoreMissing,
  readRemoteFile,
  replaceRemote,
  stageRemoteFile,
  writeRemoteFile,
} from './remoteFiles';
import { homeFolder } from './targetFolder';

const folderName = '.fastcgi-deploy';
const denyAll = '# Written by the FastCGI extension: nothing in here is for visitors.\nRequire all denied\n';

const manifestName = 'manifest.json';

/** What we put on a server, and the deploy that was the last to change it. */
export interface Inventory extends ManifestHead {
  readonly files: Manifest;
}

/** A manifest and what its file looks like. */
interface KnownManifest {
  readonly inventory: Inventory;
  readonly mtime: number;
  readonly size: number;
}

/** A manifest that waits under a temporary name. */
export interface StagedManifest extends KnownManifest {
  readonly temporary: string;
}

/** The manifests that were read or written over a connection, by state folder. */
const remembered = new WeakMap<SftpSession, Map<string, KnownManifest>>();

/**
 * Where a target keeps its manifest, journal, lock and trash: `.fastcgi-deploy/<name>-<hash>/` in the account's home when the
 * target lies below it (so outside what is served), else beside the target, else, where neither can be written, inside it.
 * Mode 700, and an .htaccess that denies everything, since a folder beside the target may still be served.
 */
export class StateFolder {
  readonly path: string;
  /** Number of the account that has made it, ours; undefined for a new one. */
  readonly owner: number | undefined;
  readonly #session: SftpSession;
  /** Settled once a new folder is closed to visitors. */
  readonly #guarded: Promise<void>;

  /** Finds the folder; where there is none, creates it or gives undefined. */
  static open(session: SftpSession, target: string, create: true): Promise<StateFolder>;
  static open(session: SftpSession, target: string, create: false): Promise<StateFolder | undefined>;
  static async open(session: SftpSession, target: string, create: boolean): Promise<StateFolder | undefined> {
    const name = stateName(target);
    const parents = await candidateFolders(session, target);
    const found = await Promise.all(
      parents.map((parent) => session.find(joinRemote(parent, name)).catch(() => undefined)),
    );
    const at = found.findIndex((stat) => stat?.kind === 'directory');
    const parent = parents[at];
    if (parent !== undefined)
      return new StateFolder(session, { path: joinRemote(parent, name), owner: found[at]?.uid });
    return create ? StateFolder.create(session, target) : undefined;
  }

  /** Makes one where `open` has found none. */
  static async create(session: SftpSession, target: string): Promise<StateFolder> {
    const parents = await candidateFolders(session, target);
    return new StateFolder(session, await makeFirst(session, parents, stateName(target)));
  }

  private constructor(session: SftpSession, made: MadeFolder) {
    this.#session = session;
    this.path = made.path;
    this.owner = made.owner;
    this.#guarded = made.guarded ?? Promise.resolve();
  }

  /**
   * What we put there so far, and by which deploy. A damaged manifest counts as none: then every difference is a conflict, and nothing is
   * deleted. It is read once over a connection, and then again when its time stamp or size is another: each new one has a later stamp.
   */
  async inventory(): Promise<Inventory> {
    const seen = this.#remembered();
    const known = seen.get(this.path);
    const path = this.pathOf(manifestName);
    const finding = this.#session.find(path);
    // Looked at first, it cannot seem newer than what is read.
    if (known || !this.#session.inOrder) await finding;
    const stat = known ? await finding : undefined;
    if (known && stat && stat.mtime === known.mtime && stat.size === known.size) return known.inventory;
    const [found, text] = await Promise.all([finding, this.#read(manifestName)]);
    const files = text === undefined ? undefined : parseManifest(text);
    const inventory = { ...(files ? readHead(text ?? '') : {}), files: files ?? new Map() };
    if (found && this.#session.inOrder) seen.set(this.path, { ...found, inventory });
    else seen.delete(this.path);
    return inventory;
  }

  async saveManifest(inventory: Inventory): Promise<void> {
    const staged = await this.stageManifest(inventory);
    try {
      await this.putManifest(staged);
    } catch (error) {
      await this.#session.unlink(staged.temporary).catch(() => undefined);
      throw error;
    }
  }

  /** Writes the manifest under a temporary name, with a later time stamp than the present one: `inventory` tells them apart by it. */
  async stageManifest(inventory: Inventory): Promise<StagedManifest> {
    const { text, mtime, size } = await this.nextManifest(inventory);
    const content = { text, mode: 0o600, ...(this.#session.inOrder ? { mtime } : {}) };
    const temporary = await stageRemoteFile(this.#session, this.pathOf(manifestName), content);
    return { temporary, inventory, mtime, size };
  }

  /** What `stageManifest` writes. */
  async nextManifest(inventory: Inventory): Promise<KnownManifest & { readonly text: string }> {
    const { files, ...head } = inventory;
    const text = printManifest(files, head);
    const before = this.#remembered().get(this.path) ?? (await this.#session.find(this.pathOf(manifestName)));
    const mtime = Math.max((before?.mtime ?? 0) + 1, Math.floor(Date.now() / 1000));
    return { inventory, text, mtime, size: Buffer.byteLength(text) };
  }

  /** Remembers a manifest that is in its place now. */
  remember({ inventory, mtime, size }: KnownManifest): void {
    if (this.#session.inOrder) this.#remembered().set(this.path, { inventory, mtime, size });
  }

  /** The manifest as it was seen last over this connection. */
  get remembered(): Inventory | undefined {
    return this.#remembered().get(this.path)?.inventory;
  }

  /** Puts a staged manifest in the place of the present one. */
  async putManifest({ temporary, ...known }: StagedManifest): Promise<void> {
    await replaceRemote(this.#session, temporary, this.pathOf(manifestName));
    this.remember(known);
  }

  #remembered(): Map<string, KnownManifest> {
    const seen = remembered.get(this.#session) ?? new Map<string, KnownManifest>();
    remembered.set(this.#session, seen);
    return seen;
  }

  /** Absolute path of a file of this folder. */
  pathOf(name: string): string {
    return joinRemote(this.path, name);
  }

  /** Where what one deploy replaced or removed is kept; '' for the folder with all of it. */
  trashPath(id: string, path: string): string {
    return joinRemote(this.pathOf(`trash/${id}`), path);
  }

  /** Removes half-written files of this folder, which a dead upload left. Only under the lock. */
  async sweep(): Promise<void> {
    const entries = await this.#session.readdir(this.path);
    const dead = entries.filter(({ name }) => isStagingName(name) || /^lock\.[0-9a-f]+$/.test(name));
    await Promise.all(dead.map(({ name }) => this.#session.unlink(this.pathOf(name)).catch(() => undefined)));
  }

  /** A small text file of this folder, whole or not at all, for its owner only. */
  write(name: string, text: string): Promise<void> {
    return writeRemoteFile(this.#session, joinRemote(this.path, name), { text, mode: 0o600 });
  }

  async remove(name: string): Promise<void> {
    await this.#session.unlink(joinRemote(this.path, name)).catch(ignoreMissing);
  }

  /** Whether a file of this folder is there. */
  async has(name: string): Promise<boolean> {
    return (await this.#session.find(this.pathOf(name))) !== undefined;
  }

  /** The text of a file of this folder; undefined where it is missing. */
  read(name: string): Promise<string | undefined> {
    return this.#read(name);
  }

  async #read(name: string): Promise<string | undefined> {
    try {
      return (await readRemoteFile(this.#session, joinRemote(this.path, name), 64 * 1024 * 1024)).toString(
        'utf8',
      );
    } catch (error) {
      if (hasReason(error, 'no-such-file')) return undefined;
      throw error;
    }
  }

  /**
   * Takes the lock; throws RemoteError 'locked' while somebody else holds it. A lock is taken over when its process is gone (same
   * machine and user) or when it is older than ten minutes by the server's clock.
   */
  lock(): Promise<Lock> {
    return new LockTaking(this.#session, this, this.#guarded).take();
  }
}

async function candidateFolders(session: SftpSession, target: string): Promise<string[]> {
  const home = await homeFolder(session);
  const below = target !== home && target.startsWith(home.endsWith('/') ? home : `${home}/`);
  const beside = folderOf(target);
  return [...new Set([...(below ? [home] : []), ...(target === '/' ? [] : [beside]), target])].map((folder) =>
    joinRemote(folder, folderName),
  );
}

function stateName(target: string): string {
  const hash = createHash('sha256').update(target).digest('hex').slice(0, 8);
  return `${nameOf(target) || 'root'}-${hash}`;
}

interface MadeFolder {
  readonly path: string;
  readonly owner?: number | undefined;
  /** Settled once the folder is closed to visitors; absent: it is. */
  readonly guarded?: Promise<void>;
}

/** Creates the folder in the first place that allows it. */
async function makeFirst(
  session: SftpSession,
  parents: readonly string[],
  name: string,
): Promise<MadeFolder> {
  let refusal: unknown;
  for (const parent of parents) {
    try {
      return await makePrivateFolder(session, parent, joinRemote(parent, name));
    } catch (error) {
      if (!hasReason(error, 'permission-denied', 'failure', 'no-such-file')) throw error;
      refusal = error;
    }
  }
  throw refusal;
}

async function makePrivateFolder(session: SftpSession, parent: string, path: string): Promise<MadeFolder> {
  const above = makeFolder(session, parent);
  if (!session.inOrder) await above;
  const guarded = denyVisitors(session, parent);
  guarded.catch(() => undefined);
  if (!session.inOrder) await guarded;
  await allOf([above, makeFolder(session, path)]);
  return { path, guarded };
}

async function denyVisitors(session: SftpSession, folder: string): Promise<void> {
  const file = joinRemote(folder, '.htaccess');
  const finding = session.find(file);
  if (!session.inOrder && (await finding)) return;
  const staging = stageRemoteFile(session, file, { text: denyAll, mode: 0o600 });
  const [found, temporary] = await Promise.all([finding, staging]);
  if (found) await session.unlink(temporary);
  else await replaceRemote(session, temporary, file);
}

/** For the owner only. Another upload may have been faster. */
async function makeFolder(session: SftpSession, path: string): Promise<void> {
  await session.mkdir(path, 0o700).catch(async (error: unknown) => {
    if (!hasReason(error, 'failure') || (await session.find(path))?.kind !== 'directory') throw error;
  });
}
