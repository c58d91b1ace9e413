import * as vscode from 'vscode';
import type { Commands } from '../commands';
import { DisposableStore } from '../disposables';
import type { Projects } from '../projects';
import type { RunnerFeature } from '../runner';
import type { TargetsFeature } from '../targets/targets';
import type { UrlEvaluator } from '../watch/evaluator';
import { LocalLog } from './localLog';
import { LogView } from './logView';
import { RemoteLog } from './remoteLog';

export interface LogContext {
  readonly extension: vscode.ExtensionContext;
  readonly log: vscode.LogOutputChannel;
  readonly commands: Commands;
  readonly projects: Projects;
  readonly targets: TargetsFeature;
  readonly runner: RunnerFeature;
  readonly evaluator: UrlEvaluator;
}

/** Everything about logs: the panel, the server's logs in it, the local runner's in it. */
export class LogFeature {
  readonly #store = new DisposableStore();
  readonly #remote: RemoteLog;

  constructor({ extension, log, commands, projects, targets, runner, evaluator }: LogContext) {
    const { chosen, sessions, onDidDeploy, programsThere } = targets;
    const current = () => this.#remote.current;
    const view = this.#store.add(
      new LogView({ extension, commands, sessions, evaluator, programsThere, current }),
    );
    const memory = extension.workspaceState;
    this.#remote = this.#store.add(
      new RemoteLog({ log, commands, projects, chosen, sessions, view, memory, onDidDeploy }),
    );
    const isRemote = () => this.#remote.isConnected;
    this.#store.add(new LocalLog({ onEvent: runner.onEvent, projects, view, isRemote }));
  }

  /** Goes on with what was followed when the window was closed. */
  start(): Promise<void> {
    return this.#remote.resume();
  }

  dispose(): void {
    this.#store.dispose();
  }
}
