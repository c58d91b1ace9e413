import { setTimeout as sleep } from 'node:timers/promises';
import * as vscode from 'vscode';
import type { PanelAction, PanelStatus } from '../../panels/log/messages';
import type { RemoteConnection } from '../../remote/connection';
import { hasReason } from '../../remote/errors';
import { followFile, type Following } from '../../remote/follow';
import type { LogPlace } from '../../remote/place';
import { setContextKey, type Commands } from '../commands';
import { DisposableStore } from '../disposables';
import { Failure, requireTrust } from '../failures';
import { CONTEXT_KEYS, VIEWS } from '../manifest';
import type { Projects } from '../projects';
import { addressOf, type ChosenTarget, type FolderTarget } from '../targets/chosenTarget';
import type { RemoteSessions } from '../targets/sessions';
import type { Deployed } from '../targets/targetItem';
import { chooseLogs, type NamedLog } from './chooseLogs';
import { idleStatus, openProject, stop } from './idleStatus';
import type { LogView } from './logView';
import { SiteFiles } from './siteFiles';

export interface RemoteLogContext {
  readonly log: vscode.LogOutputChannel;
  readonly commands: Commands;
  readonly projects: Projects;
  readonly chosen: ChosenTarget;
  readonly sessions: RemoteSessions;
  readonly view: LogView;
  readonly memory: vscode.Memento;
  readonly onDidDeploy: vscode.Event<Deployed>;
}

/** Milliseconds to wait before each new attempt after a lost connection; then a person is asked. */
const PAUSES = [1000, 2000, 5000, 10_000, 20_000];

/** Lines of the past that are shown at the start. */
const FIRST_LINES = 1000;

/** Under which it is kept that a log was being followed when the window was closed. */
const FOLLOWING = 'fastcgi.log.following';

/** Follows the logs of a target into the panel, from "Follow Log" until "Disconnect". */
export class RemoteLog {
  readonly #context: RemoteLogContext;
  readonly #store = new DisposableStore();
  #stop: AbortController | undefined;
  readonly #resuming = new AbortController();
  /** How far each log has been read, so that it is read on from there after an interruption. */
  readonly #places = new Map<string, LogPlace>();
  /** The logs whose lines are in the panel. */
  #shown = '';
  #current: FolderTarget | undefined;
  /** When something was last put on each target, by this machine's clock in milliseconds. */
  readonly #deploys = new Map<string, number>();

  constructor(context: RemoteLogContext) {
    this.#context = context;
    const { commands, projects, chosen } = context;
    this.#store.add(commands.register('fastcgi.log.follow', () => this.#follow()));
    this.#store.add(commands.register('fastcgi.log.stop', () => this.#disconnect()));
    const refresh = () => this.#showIdle();
    this.#store.add(projects.onDidChange(refresh));
    this.#store.add(chosen.onDidChange(refresh));
    this.#store.add(vscode.workspace.onDidGrantWorkspaceTrust(refresh));
    this.#store.add(context.onDidDeploy((one) => this.#onDeploy(one)));
    this.#showIdle();
  }

  dispose(): void {
    this.#stop?.abort();
    this.#resuming.abort();
    this.#store.dispose();
  }

  /** The target whose log is shown. */
  get current(): FolderTarget | undefined {
    return this.#current ?? this.#context.chosen.current();
  }

  /** Whether a server's log is being read. */
  get isConnected(): boolean {
    return this.#stop !== undefined;
  }

  /** After the window was loaded anew: what was followed before is followed again, if nothing has to be asked for it. */
  async resume(): Promise<void> {
    await this.#context.projects.settled();
    const one = this.#context.chosen.current();
    if (!vscode.workspace.isTrusted || one === undefined || this.#stop) return;
    if (this.#context.memory.get<string>(FOLLOWING) !== keyOf(one)) return;
    const { sessions } = this.#context;
    const wouldAsk = await sessions.wouldAsk(one.target, this.#resuming.signal);
    if (!wouldAsk && !this.#stop && !this.#resuming.signal.aborted) await this.#run(one);
  }

  /** Connects; while connected, goes back to the newest line. */
  async #follow(): Promise<void> {
    requireTrust();
    await vscode.commands.executeCommand(`${VIEWS.log}.focus`);
    this.#context.view.setFollow(true);
    if (this.#stop) return;
    const one = await this.#needTarget();
    // Another "Follow" may have come while a question was open.
    if (this.#stop) return;
    if (one) void this.#run(one);
    else this.#showIdle();
  }

  /** Undefined where none is described, or not rightly: the panel says so itself, and what to do. */
  async #needTarget(): Promise<FolderTarget | undefined> {
    const { projects, chosen } = this.#context;
    await projects.settled();
    const one = projects.current();
    if (!one || one.error) return undefined;
    return Object.keys(one.project.targets).length === 0 ? undefined : chosen.need();
  }

  #disconnect(): void {
    void this.#context.memory.update(FOLLOWING, undefined);
    this.#stop?.abort();
  }

  async #run(one: FolderTarget): Promise<void> {
    const stopper = new AbortController();
    this.#stop = stopper;
    this.#current = one;
    setContextKey(CONTEXT_KEYS.logConnected, true);
    void this.#context.memory.update(FOLLOWING, keyOf(one));
    let failure: unknown;
    try {
      await this.#persist(one, stopper.signal);
    } catch (error) {
      failure = error;
    }
    this.#stop = undefined;
    setContextKey(CONTEXT_KEYS.logConnected, false);
    if (stopper.signal.aborted || failure instanceof vscode.CancellationError) this.#showIdle();
    else this.#showFailure(failure);
  }

  /** The lines of another target go. False where they are the same as before. */
  #turnTo(key: string): boolean {
    if (key === this.#shown) return false;
    if (this.#shown !== '') this.#context.view.startAnew();
    this.#shown = key;
    this.#places.clear();
    return true;
  }

  /** Comes back after a lost connection, a few times; a server that never answered is not tried again. Ends only by a failure or by the signal. */
  async #persist(one: FolderTarget, signal: AbortSignal): Promise<void> {
    let wasLive = false;
    for (let attempt = 0; ; attempt++) {
      const onLive = () => {
        if (wasLive && attempt > 0) this.#context.view.note(vscode.l10n.t('Connected again; reading on.'));
        wasLive = true;
        attempt = 0;
      };
      try {
        return await this.#followOnce(one, { signal, onLive });
      } catch (error) {
        const pause = PAUSES[attempt];
        if (signal.aborted || !wasLive || pause === undefined || !isLost(error)) throw error;
        if (attempt === 0) this.#context.view.note(vscode.l10n.t('The connection was lost.'));
        this.#setStatus('busy', vscode.l10n.t('The connection was lost; trying again.'), messageOf(error), [
          stop(),
        ]);
        await sleep(pause, undefined, { signal });
      }
    }
  }

  async #followOnce(
    one: FolderTarget,
    { signal, onLive }: { signal: AbortSignal; onLive: () => void },
  ): Promise<void> {
    const { target } = one;
    this.#setStatus('busy', vscode.l10n.t('Connecting to {0}', addressOf(target)), target.log ?? '', [
      stop(),
    ]);
    await this.#context.sessions.use(target, signal, async (connection) => {
      onLive();
      const logs = await chooseLogs(one, connection);
      const isNew = this.#turnTo(JSON.stringify([target.ssh, logs.map(({ path }) => path)]));
      this.#context.view.belongTo(await filesOf(one, connection), target.name);
      void this.#learnClock(connection, isNew ? target.name : undefined);
      const names = logs.map(({ path }) => path.slice(path.lastIndexOf('/') + 1)).join(', ');
      const live = vscode.l10n.t('{0} on {1}', names, target.name);
      const waiting = vscode.l10n.t('No line yet. New ones appear here by themselves.');
      this.#setStatus('live', live, waiting, [stop()]);
      await this.#followAll(logs, { connection, signal, live });
    });
  }

  /** All at once; the first that fails ends the others, and all are begun anew. */
  async #followAll(
    logs: readonly NamedLog[],
    of: { connection: RemoteConnection; signal: AbortSignal; live: string },
  ): Promise<void> {
    const followings = logs.map((log) => this.#followLog(log, of));
    try {
      await Promise.all(followings.map(({ done }) => done));
    } finally {
      for (const [at, following] of followings.entries()) {
        following.dispose();
        this.#places.set(logs[at]?.path ?? '', following.place);
      }
    }
  }

  #followLog(
    { name, path }: NamedLog,
    { connection, signal, live }: { connection: RemoteConnection; signal: AbortSignal; live: string },
  ): Following {
    const place = this.#places.get(path);
    return followFile(connection, path, {
      lines: FIRST_LINES,
      archives: true,
      signal,
      ...(place && { place }),
      onLines: (lines) => this.#context.view.add(name, lines),
      onCaughtUp: (written) => this.#context.view.written(name, written),
      onNote: (note) => {
        this.#context.log.info(note);
        this.#context.view.note(note);
        this.#setStatus('live', live, note, [stop()]);
      },
    });
  }

  /** The server's shell tells its time zone, and by how much its clock is wrong; without one, the logs do. */
  async #learnClock(connection: RemoteConnection, target: string | undefined): Promise<void> {
    const deploy = this.#deploys.get(target ?? '');
    const tell = (ahead: number) => {
      if (deploy === undefined || deploy !== this.#deploys.get(target ?? '')) return;
      this.#context.view.deployedBefore((deploy + ahead) / 1000);
    };
    try {
      if (!(await connection.hasShell())) return tell(0);
      const { stdout } = await connection.exec("date '+%s %z'", { timeout: 10_000 });
      const [, now, sign, hours, minutes] = /(\d*) ([+-])(\d\d)(\d\d)\s*$/.exec(stdout) ?? [];
      tell(now ? Number(now) * 1000 - Date.now() : 0);
      if (hours === undefined) return;
      const offset = Number(hours) * 60 + Number(minutes);
      this.#context.view.setZone(sign === '-' ? -offset : offset);
    } catch (error) {
      this.#context.log.debug(messageOf(error));
    }
  }

  #onDeploy({ target, kind }: Deployed): void {
    this.#deploys.set(target.name, Date.now());
    if (this.#current?.target.name !== target.name) return;
    const texts = {
      upload: vscode.l10n.t('Uploaded to {0}', target.name),
      rollback: vscode.l10n.t('Rolled back on {0}', target.name),
      reload: vscode.l10n.t('Reloaded on {0}', target.name),
    };
    this.#context.view.deployed(texts[kind]);
  }

  #showIdle(): void {
    if (this.#stop || this.#store.isDisposed) return;
    const { title, detail, actions } = idleStatus(this.#context.chosen.current(), this.#context.projects);
    this.#setStatus('idle', title, detail, actions);
  }

  #showFailure(error: unknown): void {
    if (this.#store.isDisposed) return;
    this.#context.log.error(error instanceof Error ? error : String(error));
    const again = { label: vscode.l10n.t('Try Again'), command: 'fastcgi.log.follow' };
    const actions = error instanceof Failure && error.waysOut.length > 0 ? [again, openProject()] : [again];
    this.#setStatus('failed', vscode.l10n.t('The log cannot be read'), messageOf(error), actions);
  }

  #setStatus(
    kind: PanelStatus['kind'],
    title: string,
    detail: string,
    actions: readonly PanelAction[],
  ): void {
    this.#context.view.setStatus({ kind, title, detail, actions });
  }
}

/** The workspace's files, with the target's folder as the server resolves it: Apache may name either. */
async function filesOf(one: FolderTarget, connection: RemoteConnection): Promise<SiteFiles> {
  const session = await connection.sftp();
  const resolved = await session.realpath(one.target.path).catch(() => undefined);
  return new SiteFiles(one, [one.target.path, ...(resolved === undefined ? [] : [resolved])]);
}

function keyOf({ folder, target }: FolderTarget): string {
  return JSON.stringify([folder.uri.toString(), target.name]);
}

function isLost(error: unknown): boolean {
  const cause = error instanceof Failure ? error.cause : error;
  return hasReason(cause, 'connection-lost', 'unreachable', 'timeout');
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
