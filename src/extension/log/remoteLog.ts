import { setTimeout as sleep } from 'node:timers/promises';
import * as vscode from 'vscode';
import type { PanelAction, PanelStatus } from '../../panels/log/messages';
import type { ProjectProblem } from '../../project';
import { hasReason } from '../../remote/errors';
import { followFile } from '../../remote/follow';
import { setContextKey, type Commands } from '../commands';
import { DisposableStore } from '../disposables';
import { Failure, requireTrust } from '../failures';
import { CONTEXT_KEYS, VIEWS } from '../manifest';
import type { Projects } from '../projects';
import { addressOf, type ChosenTarget, type FolderTarget } from '../targets/chosenTarget';
import type { RemoteSessions } from '../targets/sessions';
import type { LogView } from './logView';
import { Seam } from './seam';

export interface RemoteLogContext {
  readonly log: vscode.LogOutputChannel;
  readonly commands: Commands;
  readonly projects: Projects;
  readonly chosen: ChosenTarget;
  readonly sessions: RemoteSessions;
  readonly view: LogView;
}

/** Milliseconds to wait before each new attempt after a lost connection; then a person is asked. */
const PAUSES = [1000, 2000, 5000, 10_000, 20_000];

/** Lines of the past that are shown at the start, and read again after an interruption. */
const FIRST_LINES = 200;

/** Follows the error log of a target into the panel, from "Follow Log" until "Disconnect". */
export class RemoteLog {
  readonly #context: RemoteLogContext;
  readonly #store = new DisposableStore();
  #stop: AbortController | undefined;
  readonly #seam = new Seam(FIRST_LINES);
  /** The log whose lines are in the panel. */
  #shown = '';

  constructor(context: RemoteLogContext) {
    this.#context = context;
    const { commands, projects, chosen } = context;
    this.#store.add(commands.register('fastcgi.log.follow', () => this.#follow()));
    this.#store.add(commands.register('fastcgi.log.stop', () => this.#disconnect()));
    const refresh = () => this.#showIdle();
    this.#store.add(projects.onDidChange(refresh));
    this.#store.add(chosen.onDidChange(refresh));
    this.#store.add(vscode.workspace.onDidGrantWorkspaceTrust(refresh));
    this.#showIdle();
  }

  dispose(): void {
    this.#stop?.abort();
    this.#store.dispose();
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
    if (one?.target.log === undefined) this.#showIdle();
    else void this.#run(one, fromHome(one.target.log));
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
    this.#stop?.abort();
  }

  async #run(one: FolderTarget, path: string): Promise<void> {
    const stop = new AbortController();
    this.#stop = stop;
    setContextKey(CONTEXT_KEYS.logConnected, true);
    this.#turnTo(JSON.stringify([one.target.ssh, path]));
    let failure: unknown;
    try {
      await this.#persist(one, path, stop.signal);
    } catch (error) {
      failure = error;
    }
    this.#stop = undefined;
    setContextKey(CONTEXT_KEYS.logConnected, false);
    if (stop.signal.aborted || failure instanceof vscode.CancellationError) this.#showIdle();
    else this.#showFailure(failure);
  }

  /** The lines of another log go. */
  #turnTo(log: string): void {
    if (log === this.#shown) return;
    this.#shown = log;
    this.#seam.clear();
    this.#context.view.clear();
  }

  /** Comes back after a lost connection, a few times; a server that never answered is not tried again. Ends only by a failure or by the signal. */
  async #persist(one: FolderTarget, path: string, signal: AbortSignal): Promise<void> {
    let wasLive = false;
    for (let attempt = 0; ; attempt++) {
      const onLive = () => {
        wasLive = true;
        attempt = 0;
      };
      try {
        return await this.#followOnce(one, { path, signal, onLive });
      } catch (error) {
        const pause = PAUSES[attempt];
        if (signal.aborted || !wasLive || pause === undefined || !isLost(error)) throw error;
        this.#setStatus('busy', vscode.l10n.t('The connection was lost; trying again.'), messageOf(error), [
          stop(),
        ]);
        await sleep(pause, undefined, { signal });
      }
    }
  }

  async #followOnce(
    { target }: FolderTarget,
    options: { path: string; signal: AbortSignal; onLive: () => void },
  ): Promise<void> {
    const { path, signal, onLive } = options;
    this.#setStatus('busy', vscode.l10n.t('Connecting to {0}', addressOf(target)), path, [stop()]);
    await this.#context.sessions.use(target, signal, async (connection) => {
      onLive();
      this.#seam.reopen();
      const live = vscode.l10n.t('{0} on {1}', path, target.name);
      this.#setStatus('live', live, vscode.l10n.t('No line yet. New ones appear here by themselves.'), [
        stop(),
      ]);
      const following = followFile(connection, path, {
        lines: FIRST_LINES,
        signal,
        onLines: (lines) => this.#context.view.add(this.#seam.take(lines)),
        onNote: (note) => {
          this.#context.log.info(note);
          this.#setStatus('live', live, note, [stop()]);
        },
      });
      await following.done;
    });
  }

  #showIdle(): void {
    if (this.#stop || this.#store.isDisposed) return;
    const current = this.#context.chosen.current();
    const { title, detail, actions } = idleStatus(current, this.#context.projects);
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

function idleStatus(current: FolderTarget | undefined, projects: Projects): Omit<PanelStatus, 'kind'> {
  if (!vscode.workspace.isTrusted) {
    const detail = vscode.l10n.t('Nothing is read from a server before you trust this workspace.');
    return { title: vscode.l10n.t('The workspace is not trusted'), detail, actions: [] };
  }
  const error = projects.current()?.error;
  if (error) return brokenProject(error);
  if (!current) return noTarget(projects);
  const { target } = current;
  if (target.log === undefined) {
    return {
      title: vscode.l10n.t('{0} has no log yet', target.name),
      detail: vscode.l10n.t('Add the path of its error log as "log" to .vscode/fastcgi.json.'),
      actions: [openProject()],
    };
  }
  return {
    title: vscode.l10n.t('Not connected'),
    detail: vscode.l10n.t('{0} on {1}', target.log, addressOf(target)),
    actions: [{ label: vscode.l10n.t('Follow Log'), command: 'fastcgi.log.follow' }],
  };
}

function brokenProject({ line, message }: ProjectProblem): Omit<PanelStatus, 'kind'> {
  return {
    title: vscode.l10n.t('The project file has an error'),
    detail: vscode.l10n.t('.vscode/fastcgi.json, line {0}: {1}', line + 1, message),
    actions: [openProject()],
  };
}

function noTarget(projects: Projects): Omit<PanelStatus, 'kind'> {
  const several = Object.keys(projects.current()?.project.targets ?? {}).length > 0;
  if (several) {
    return {
      title: vscode.l10n.t('Which server?'),
      detail: vscode.l10n.t('Several targets are described. Choose the one whose log you want to see.'),
      actions: [{ label: vscode.l10n.t('Choose Target'), command: 'fastcgi.chooseTarget' }],
    };
  }
  return {
    title: vscode.l10n.t('No server is described yet'),
    detail: vscode.l10n.t(
      'Describe it under "targets" in .vscode/fastcgi.json: its SSH name, its folder, its error log.',
    ),
    actions: [openProject()],
  };
}

function openProject(): PanelAction {
  return { label: vscode.l10n.t('Open Project File'), command: 'fastcgi.openProjectFile' };
}

function stop(): PanelAction {
  return { label: vscode.l10n.t('Disconnect'), command: 'fastcgi.log.stop' };
}

/** SFTP and `tail` start in the account's home, and neither knows `~`. */
function fromHome(path: string): string {
  return path.replace(/^~\//, '');
}

function isLost(error: unknown): boolean {
  const cause = error instanceof Failure ? error.cause : error;
  return hasReason(cause, 'connection-lost', 'unreachable', 'timeout');
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
