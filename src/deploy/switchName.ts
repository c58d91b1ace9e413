import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { judge } from '../apache/config/judge';
import type { HostProfile } from '../apache/host';
import type { RemoteConnection } from '../remote/connection';
import { RemoteError } from '../remote/errors';
import type { RemoteStat, SftpSession } from '../remote/sftp';
import { byteStringOf } from '../text/bytes';
import { inMemory, names, nextAlias, renamedIn } from './alias';
import { CarryOut } from './carryOut';
import type { Commit } from './history';
import type { RecoveryReport } from './journal';
import type { Alias } from './manifest';
import { folderOf, joinRemote, nameOf } from './names';
import { groupFor, wantedMode, type LocalFile, type Modes } from './plan';
import { afterRecovery } from './refused';
import { readRemoteFile, replacesAtOnce } from './remoteFiles';
import { routesTo, type SiteText } from './routes';
import { asSent } from './scan';
import { StateFolder } from './stateFolder';
import { survey, type Survey } from './survey';
import { resolveTargetFolder } from './targetFolder';
import { recoverUnder } from './recover';

export interface SwitchOptions {
  /** The target's `path`. */
  readonly remotePath: string;
  /** The dispatcher, relative to the document root, under its own name. */
  readonly dispatcher: string;
  /** The folder here whose dispatcher is sent; absent: what is on the server is copied. */
  readonly localRoot?: string;
  readonly host: HostProfile;
  readonly commit?: Commit | undefined;
  readonly signal?: AbortSignal;
  readonly onStep?: (text: string) => void;
}

export interface SwitchReport {
  readonly from: string;
  readonly to: string;
  /** The .htaccess files that name it, now by its new name. */
  readonly rewritten: readonly string[];
  readonly id: string | undefined;
}

/**
 * Gives the dispatcher a name that the server has no bad memory of: the file arrives under a new name, then every .htaccess that names it
 * is replaced in one burst. The old file stays for requests that still wait (see `retired.ts`). Refuses before anything is changed
 * when afterwards a request would go nowhere, or Apache would show the program's source.
 */
export async function switchName(
  connection: RemoteConnection,
  options: SwitchOptions,
): Promise<SwitchReport> {
  const session = await connection.sftp();
  const target = await resolveTargetFolder(session, options.remotePath);
  if (!(await replacesAtOnce(connection, session))) throw noOneStep();
  const state = await StateFolder.open(session, target, true);
  const lock = await state.lock();
  let recovered: RecoveryReport | undefined;
  try {
    recovered = await recoverUnder({ session, state, target });
    const inventory = await state.inventory();
    const { dispatcher } = options;
    const folder = joinRemote(target, folderOf(dispatcher));
    const there = new Set((await session.readdir(folder)).map(({ name }) => name));
    const known = inventory.alias?.from === dispatcher ? inventory.alias : undefined;
    const alias = nextAlias({ dispatcher, alias: known, now: lock.serverTime }, (path) =>
      there.has(nameOf(path)),
    );
    const current = known?.to ?? dispatcher;
    const local = await newFiles({ session, target, options }, current, alias);
    const was = await session.find(joinRemote(target, current));
    const modes = modesOf(was, local.get(alias.to));
    const scope = { target, local, only: [...local.keys()], overwrite: true, modes };
    const found = withGroup(await survey(session, scope, { files: inventory.files }), alias.to, was);
    const what = { kind: 'switch', alias, commit: options.commit } as const;
    const parts = { connection, session, state, lock, inventory, what };
    const place = { localRoot: options.localRoot ?? '/nowhere', target, dispatcher: alias.to };
    const { id } = await new CarryOut(parts, { ...place, signal: options.signal }).run({
      ...found,
      manifest: inventory.files,
    });
    options.onStep?.(`The dispatcher is called ${alias.to} on the server now.`);
    const rewritten = [...local.keys()].filter((path) => path !== alias.to);
    return { from: current, to: alias.to, rewritten, id };
  } catch (error) {
    throw await afterRecovery(session, error, recovered);
  } finally {
    await lock.release();
  }
}

interface SwitchPlace {
  readonly session: SftpSession;
  readonly target: string;
  readonly options: SwitchOptions;
}

/** The dispatcher under its new name, and each .htaccess that names it. */
async function newFiles(
  place: SwitchPlace,
  current: string,
  alias: Alias,
): Promise<ReadonlyMap<string, LocalFile>> {
  const { session, target, options } = place;
  const program = asSent(
    options.localRoot === undefined
      ? await readRemoteFile(session, joinRemote(target, current))
      : await readFile(join(options.localRoot, options.dispatcher)),
  );
  const before = await htaccessFiles(session, target, options.dispatcher);
  const after = new Map([...before].map(([path, text]) => [path, renamedIn(text, current, alias.to)]));
  const changed = [...after].filter(([path]) => names(before.get(path) ?? new Uint8Array(), current));
  if (changed.length === 0) throw noReference(current);
  for (const [path, text] of changed) {
    const verdict = judge(byteStringOf(text), options.host);
    const old = judge(byteStringOf(before.get(path) ?? new Uint8Array()), options.host);
    if (old.ok && !verdict.ok) throw unsafe(`${path} would be refused by Apache: ${verdict.message ?? ''}`);
  }
  checkRoutes({ before, after, host: options.host }, current, alias.to);
  return new Map([
    [alias.to, inMemory({ path: alias.to, executable: true }, program)],
    ...changed.map(([path, text]) => [path, inMemory({ path, executable: false }, text)] as const),
  ]);
}

/** Under its new name the program may do and be read as before. */
function modesOf(was: RemoteStat | undefined, program: LocalFile | undefined): Modes | undefined {
  return was && program ? { programs: wantedMode(program, was) } : undefined;
}

function withGroup(found: Survey, program: string, was: RemoteStat | undefined): Survey {
  const create = found.plan.create.map((one) =>
    one.path === program ? { ...one, group: groupFor(one.mode, was?.gid) } : one,
  );
  return { ...found, plan: { ...found.plan, create } };
}

/** Every .htaccess on the way to the dispatcher, as the server has it now. */
async function htaccessFiles(
  session: SftpSession,
  target: string,
  dispatcher: string,
): Promise<Map<string, Uint8Array>> {
  const files = new Map<string, Uint8Array>();
  const segments = dispatcher.split('/').slice(0, -1);
  const folders = ['', ...segments.map((_, index) => segments.slice(0, index + 1).join('/'))];
  for (const path of folders.map((folder) => (folder === '' ? '.htaccess' : `${folder}/.htaccess`))) {
    const found = await session.find(joinRemote(target, path));
    if (found?.kind === 'file') files.set(path, await readRemoteFile(session, joinRemote(target, path)));
  }
  return files;
}

/** What reached the program before must reach it afterwards, and its own address must never show its source. */
function checkRoutes(
  of: { before: SiteText; after: SiteText; host: HostProfile },
  current: string,
  next: string,
): void {
  const old = routesTo({ files: of.before, program: current, host: of.host });
  const fresh = routesTo({ files: of.after, program: next, host: of.host, others: [current] });
  if (fresh.own.kind === 'file') throw unsafe(`Apache would show the source of ${next}`);
  const lost = old.reached.filter((path) => !fresh.reached.includes(path));
  if (lost.length > 0) throw unsafe(`${lost[0] ?? '/'} would no longer reach the program`);
}

function noOneStep(): RemoteError {
  return new RemoteError(
    'not-supported',
    'This server cannot replace a .htaccess in one step (no posix-rename, no shell): for a moment Apache would show the source of the program. Nothing was changed.',
  );
}

function noReference(current: string): RemoteError {
  return new RemoteError(
    'configuration',
    `No .htaccess on the server names ${current}, so another name for it would change nothing. Nothing was changed.`,
  );
}

function unsafe(why: string): RemoteError {
  return new RemoteError(
    'configuration',
    `The dispatcher cannot get another name: ${why}. Nothing was changed.`,
  );
}
