import { randomBytes } from 'node:crypto';
import { hostProfile, type HostProfile } from '../apache/host';
import { cancelled, hasReason, RemoteError, textOf } from '../remote/errors';
import type { RemoteConnection } from '../remote/connection';
import type { RemoteStat, SftpSession } from '../remote/sftp';
import { backOffText, type BackOff } from './backOff';
import { newDeployId, ourselves, remember, type HistoryEntry } from './history';
import { keepOldInode, pruneKeeps } from './keep';
import {
  knownModule,
  moduleByLog,
  moduleByProcesses,
  rememberModule,
  type FastcgiModule,
  type KnownModule,
} from './moduleProbe';
import { folderOf, joinRemote, nameOf, stagingPath } from './names';
import { probe, type ProbeAnswer } from './proof';
import { backOffIn, readLogEnd } from './readBackOff';
import { groupFor } from './plan';
import { explained } from './refused';
import { giveGroup, readRemoteFile, replaceRemote } from './remoteFiles';
import { withUnixLineEnds } from './scan';
import { StateFolder } from './stateFolder';
import { switchName } from './switchName';
import { resolveTargetFolder } from './targetFolder';
import { touch } from './touch';
import { endOldWorkers, isSame, listWorkers, type Worker } from './workers';

export type ReloadStrategy = 'replace' | 'touch' | 'restart-file' | 'end-workers' | 'new-name' | 'command';

export interface ReloadOptions {
  /** The site's folder on the server. */
  readonly remotePath: string;
  /** The dispatcher, relative to it. */
  readonly dispatcher: string;
  /** An address that the dispatcher answers; without it the reload is done but not proved. */
  readonly url?: string;
  /** `auto` replaces the file, and walks on when the proof fails. */
  readonly strategy?: 'auto' | ReloadStrategy;
  /** For `command`: run in the login shell, in the user's home. */
  readonly command?: string;
  /** The error log on the server: tells whether the program is in back-off, when nothing of this would help. */
  readonly log?: string;
  /** For `new-name`: by which it is judged whether the .htaccess is safe; a usual shared host by default. */
  readonly host?: HostProfile;
  readonly signal?: AbortSignal;
  /** Called with a sentence for each step. */
  readonly onStep?: (text: string) => void;
}

/** How sure it is that new code answers. */
export type ReloadEvidence =
  /** A process that was not there before runs the dispatcher, and the site answered. */
  | 'new-process'
  /** The dispatcher's own probe header changed. */
  | 'probe-header'
  /** The site answered after the file had been replaced; who answered could not be seen. */
  | 'answered'
  /** The old process answered. */
  | 'old-process'
  /** The site answered with a server error, or not at all. */
  | 'failing'
  /** No address was given. */
  | 'not-asked'
  /** The server will not start the program for a while, whatever is done to its file: nothing was done. */
  | 'backed-off';

export interface ReloadReport {
  /** True only for `new-process` and `probe-header`. */
  readonly proved: boolean;
  readonly evidence: ReloadEvidence;
  /** The strategy that was used last. */
  readonly strategy: ReloadStrategy;
  /** Status of the last request. */
  readonly status: number | undefined;
  /** What was done and seen, in order, in plain words. */
  readonly steps: readonly string[];
  readonly endedWorkers: readonly number[];
  /** For `backed-off`. */
  readonly backOff?: BackOff;
  /** What runs the dispatcher, where that is known or was seen. */
  readonly module?: FastcgiModule | undefined;
}

/** Makes the server run the dispatcher anew, and finds out whether it does. Throws RemoteError when the files cannot be handled. */
export async function reload(connection: RemoteConnection, options: ReloadOptions): Promise<ReloadReport> {
  const session = await connection.sftp();
  const folder = await resolveTargetFolder(session, options.remotePath);
  const given = options.remotePath.startsWith('/')
    ? joinRemote(options.remotePath.replace(/(.)\/+$/, '$1'), options.dispatcher)
    : undefined;
  const state = await StateFolder.open(session, folder, false);
  const [inventory, module] = await Promise.all([state?.inventory(), knownModule(state)]);
  const alias = inventory?.alias;
  const dispatcher = alias?.from === options.dispatcher ? alias.to : options.dispatcher;
  const path = joinRemote(folder, dispatcher);
  const names = given === undefined || given === path ? [path] : [path, given];
  const asked = {
    ...options,
    ...(options.url ? { url: renamedUrl(options.url, options.dispatcher, dispatcher) } : {}),
  };
  const work = new Reload({ connection, session, options: asked, path, names, module });
  const report = await work.run().catch(async (error: unknown) => {
    throw await explained(session, error, 'The program was not reloaded.');
  });
  const { noticed } = work;
  if (state && !module && noticed) await rememberModule(state, noticed).catch(() => undefined);
  if (state) await remember(session, state, entryOf(report)).catch(() => undefined);
  return { ...report, module: module ?? noticed?.module };
}

/** Asked by its own old name, the old program would answer as long as its file is there. */
function renamedUrl(url: string, own: string, there: string): string {
  return url.endsWith(own) ? url.slice(0, url.length - own.length) + there : url;
}

function entryOf({ evidence, strategy }: ReloadReport): HistoryEntry {
  const id = newDeployId('r');
  return { id, kind: 'reload', time: Date.now(), by: ourselves(), changes: [], evidence, strategy };
}

class Reload {
  readonly #connection: RemoteConnection;
  readonly #session: SftpSession;
  readonly #options: ReloadOptions;
  #path: string;
  /** The dispatcher's path as we and as Apache may write it. */
  #names: readonly string[];
  readonly #module: FastcgiModule | undefined;
  readonly #steps: string[] = [];
  #noticed: KnownModule | undefined;

  constructor(of: {
    connection: RemoteConnection;
    session: SftpSession;
    options: ReloadOptions;
    path: string;
    names: readonly string[];
    module: FastcgiModule | undefined;
  }) {
    this.#connection = of.connection;
    this.#session = of.session;
    this.#options = of.options;
    this.#path = of.path;
    this.#names = of.names;
    this.#module = of.module;
  }

  /** What was seen by the way of the module that runs the dispatcher. */
  get noticed(): KnownModule | undefined {
    return this.#noticed;
  }

  async run(): Promise<ReloadReport> {
    const silence = await this.#silence();
    if (silence) return silence;
    const before = await this.#look();
    const chosen = this.#options.strategy ?? 'auto';
    const strategies: readonly ReloadStrategy[] = chosen === 'auto' ? await this.#automatic() : [chosen];
    let seen: Seen = { evidence: 'not-asked', answer: undefined };
    let used: ReloadStrategy = strategies[0] ?? 'replace';
    for (const strategy of strategies) {
      if (this.#options.signal?.aborted) throw cancelled('The reload');
      used = strategy;
      await this.#apply(strategy, before);
      seen = await this.#see(before);
      if (seen.evidence !== 'old-process') break;
      this.#say(`The old process still answers; "${strategy}" was not enough.`);
    }
    const endedWorkers = await this.#endOld(before.workers, seen.evidence);
    this.#conclude(seen);
    const proved = seen.evidence === 'new-process' || seen.evidence === 'probe-header';
    return {
      proved,
      evidence: seen.evidence,
      strategy: used,
      status: seen.answer?.status,
      steps: this.#steps,
      endedWorkers,
    };
  }

  /** mod_fastcgi's ten minutes: a touch, a new file, a kill are ignored or counted; only another name ends them. */
  async #silence(): Promise<ReloadReport | undefined> {
    const { log, strategy } = this.#options;
    if (log === undefined || strategy === 'new-name') return undefined;
    const end = await readLogEnd(this.#connection, log);
    if (!end) return undefined;
    this.#noticed = moduleByLog(end.lines);
    const backOff = await backOffIn(this.#connection, end, this.#path);
    if (backOff?.kind !== 'backed-off' || backOff.secondsLeft === 0) return undefined;
    this.#say(backOffText(backOff));
    const nothing = { proved: false, status: undefined, endedWorkers: [], strategy: 'replace' } as const;
    return { ...nothing, evidence: 'backed-off', steps: this.#steps, backOff };
  }

  /** Replacing serves mod_fcgid and, by its time stamp, mod_fastcgi; the restart file is Passenger's. */
  async #automatic(): Promise<ReloadStrategy[]> {
    // Without -autoUpdate it never looks at the file again, and each process that is ended counts as a failure.
    if ((this.#module ?? this.#noticed?.module) === 'mod_fastcgi') return ['replace', 'new-name'];
    const passenger =
      (await this.#session.find(joinRemote(folderOf(this.#path), 'tmp')))?.kind === 'directory';
    return [
      'replace',
      ...(passenger ? (['restart-file'] as const) : []),
      ...(this.#options.command ? (['command'] as const) : []),
      ...((await this.#connection.hasShell()) ? (['end-workers'] as const) : []),
    ];
  }

  async #look(): Promise<Before> {
    const workers = await this.#workers();
    // Only a dispatcher that names itself can tell the old process from the new one by a request.
    const identity =
      this.#options.url === undefined ? undefined : (await this.#probe(this.#options.url)).identity;
    return { workers, identity };
  }

  /** Their parent tells more surely than a log, which may be of many sites, what runs them. */
  async #workers(): Promise<readonly Worker[]> {
    const workers = await listWorkers(this.#connection, this.#names);
    this.#noticed = moduleByProcesses(workers) ?? this.#noticed;
    return workers;
  }

  #probe(url: string): Promise<ProbeAnswer> {
    return probe(url, { signal: this.#options.signal });
  }

  async #apply(strategy: ReloadStrategy, before: Before): Promise<void> {
    switch (strategy) {
      case 'replace':
        return this.#replace();
      case 'touch':
        await touch(this.#session, this.#path);
        return this.#say(`Gave ${this.#path} a new time stamp.`);
      case 'restart-file':
        return this.#restartFile();
      case 'end-workers':
        return this.#endWorkers(before.workers);
      case 'new-name':
        return this.#newName();
      case 'command':
        return this.#command();
    }
  }

  /** mod_fcgid starts a new one at the next request. Under mod_fastcgi each end counts towards its ten minutes of silence. */
  async #endWorkers(old: readonly Worker[]): Promise<void> {
    if (!(await this.#connection.hasShell())) {
      return this.#say('Processes cannot be ended: the account has no shell.');
    }
    const { ended, left } = await endOldWorkers(this.#connection, this.#names, old);
    this.#say(
      `Ended ${ended.length} idle process(es)${left.length > 0 ? `; ${left.length} left alone` : ''}.`,
    );
  }

  async #newName(): Promise<void> {
    const { remotePath, dispatcher, host = hostProfile() } = this.#options;
    const { to } = await switchName(this.#connection, { remotePath, dispatcher, host });
    const folder = this.#path.slice(0, this.#path.length - nameOf(this.#path).length);
    this.#path = folder + nameOf(to);
    this.#names = [this.#path];
    this.#say(`The dispatcher is called ${to} on the server now.`);
  }

  async #replace(): Promise<void> {
    const { stat, content } = await this.#read();
    const temporary = stagingPath(this.#path, randomBytes(4).toString('hex'));
    await this.#copyTo(temporary, content, stat);
    const kept = await keepOldInode(this.#session, this.#path);
    try {
      await replaceRemote(this.#session, temporary, this.#path);
    } catch (error) {
      await this.#session.unlink(temporary).catch(() => undefined);
      throw error;
    }
    this.#say(`Replaced ${this.#path} by a fresh copy of itself.`);
    if (kept === undefined)
      this.#say('The server has no hard links, so an old process may answer for the new file by chance.');
    await pruneKeeps(this.#session, this.#path).catch(() => undefined);
  }

  async #read(): Promise<{ stat: RemoteStat; content: Buffer }> {
    try {
      const stat = await this.#session.lstat(this.#path);
      if (stat.kind !== 'file') {
        throw new RemoteError(
          'failure',
          `${this.#path} is not an ordinary file. Reload it with "touch" or a command.`,
          { path: this.#path },
        );
      }
      const content = await readRemoteFile(this.#session, this.#path);
      return {
        stat,
        content: content.toString('latin1', 0, 5).includes('#!') ? withUnixLineEnds(content) : content,
      };
    } catch (error) {
      if (!hasReason(error, 'no-such-file')) throw error;
      throw new RemoteError(
        'no-such-file',
        `There is no dispatcher ${this.#path} on the server. Upload it, then reload.`,
        { path: this.#path, cause: error },
      );
    }
  }

  async #copyTo(temporary: string, content: Buffer, stat: RemoteStat): Promise<void> {
    const handle = await this.#session.open(temporary, 'new', 0o600);
    try {
      for (let at = 0; at < content.length; at += this.#session.writeSize) {
        await this.#session.write(handle, content.subarray(at, at + this.#session.writeSize), at, temporary);
      }
      await this.#session.fsetstat(handle, { mode: safeMode(stat.mode) }, temporary);
      const copy = await this.#session.fstat(handle, temporary);
      const mtime = Math.max(stat.mtime + 1, copy.mtime);
      await this.#session.fsetstat(handle, { atime: mtime, mtime }, temporary);
      await this.#session.fsync(handle, temporary);
      await this.#keepGroup(temporary, stat);
    } catch (error) {
      await this.#session.unlink(temporary).catch(() => undefined);
      throw error;
    } finally {
      await this.#session.closeHandle(handle, temporary);
    }
  }

  async #keepGroup(temporary: string, { mode, gid }: RemoteStat): Promise<void> {
    const group = groupFor(safeMode(mode), gid);
    if (group === undefined || (await giveGroup(this.#session, temporary, group))) return;
    this.#say(`The fresh copy could not keep its group (${group}), which this account is no member of.`);
  }

  async #restartFile(): Promise<void> {
    const folder = joinRemote(folderOf(this.#path), 'tmp');
    const path = joinRemote(folder, 'restart.txt');
    const stat = await this.#session.find(path);
    if (!stat && !(await this.#session.find(folder))) await this.#session.mkdir(folder, 0o755);
    if (stat) await touch(this.#session, path);
    else await this.#session.closeHandle(await this.#session.open(path, 'new', 0o644), path);
    this.#say(`Gave ${path} a new time stamp.`);
  }

  async #command(): Promise<void> {
    const { command } = this.#options;
    if (!command)
      throw new RemoteError('configuration', 'The reload strategy is "command", but no command is set.');
    const { code, stderr } = await this.#connection.exec(command);
    if (code !== 0) {
      throw new RemoteError(
        'failure',
        `The reload command ended with status ${code ?? 'unknown'}: ${stderr.trim().slice(0, 500)}`,
      );
    }
    this.#say('Ran the reload command.');
  }

  async #see(before: Before): Promise<Seen> {
    if (this.#options.url === undefined) return { evidence: 'not-asked', answer: undefined };
    const answer = await this.#probe(this.#options.url);
    const after = await this.#workers();
    return { evidence: judge({ before, answer, after }), answer };
  }

  async #endOld(old: readonly Worker[], evidence: ReloadEvidence): Promise<readonly number[]> {
    // Without a new process that works, the old one is the only one that answers.
    if (evidence !== 'new-process' && evidence !== 'probe-header') return [];
    try {
      const { ended, left } = await endOldWorkers(this.#connection, this.#names, old);
      if (ended.length > 0) this.#say(`Ended ${ended.length} idle old process(es): ${ended.join(', ')}.`);
      if (left.length > 0)
        this.#say(`Left ${left.length} old process(es) alone: ${left.join(', ')}; they get no new requests.`);
      return ended;
    } catch (error) {
      this.#say(`Old processes could not be ended: ${textOf(error)}`);
      return [];
    }
  }

  #conclude({ evidence, answer }: Seen): void {
    const status = answer?.status === undefined ? (answer?.failure ?? '') : `status ${answer.status}`;
    this.#say(conclusions[evidence].replace('{status}', status));
  }

  #say(text: string): void {
    this.#steps.push(text);
    this.#options.onStep?.(text);
  }
}

interface Before {
  readonly workers: readonly Worker[];
  readonly identity: string | undefined;
}

interface Seen {
  readonly evidence: ReloadEvidence;
  readonly answer: ProbeAnswer | undefined;
}

const conclusions: Readonly<Record<ReloadEvidence, string>> = {
  'new-process': 'A new process runs the dispatcher, and the site answered with {status}.',
  'probe-header': 'A new process answered ({status}): its probe header differs from the one before.',
  answered:
    'The site answered with {status} after the reload. Whether a new process answered could not be seen: there is no shell and no probe header.',
  'old-process':
    'The old process still answers ({status}). The server may need a restart in its control panel, or a "command" in the settings.',
  failing: 'The site does not work after the reload ({status}). Look into the error log.',
  'backed-off': 'Nothing was done.',
  'not-asked': 'Whether it worked was not checked: no "url" is set for this target.',
};

/** What an answer and the processes after it prove. */
export function judge(of: { before: Before; answer: ProbeAnswer; after: readonly Worker[] }): ReloadEvidence {
  const { before, answer, after } = of;
  if (answer.status === undefined || answer.status >= 500) return 'failing';
  if (answer.identity !== undefined && before.identity !== undefined) {
    return answer.identity === before.identity ? 'old-process' : 'probe-header';
  }
  if (after.some((worker) => !before.workers.some((old) => isSame(worker, old)))) return 'new-process';
  return before.workers.some((old) => after.some((worker) => isSame(worker, old)))
    ? 'old-process'
    : 'answered';
}

/** The mode that was there, without write permission for others (suEXEC refuses such programs), and executable. */
function safeMode(mode: number): number {
  const kept = mode & ~0o7022;
  return (kept & 0o500) === 0o500 ? kept : 0o755;
}
