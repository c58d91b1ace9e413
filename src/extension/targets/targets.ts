import * as vscode from 'vscode';
import { setContextKey, type Commands } from '../commands';
import { DisposableStore } from '../disposables';
import { CONTEXT_KEYS } from '../manifest';
import { showInformationMessage } from '../notifications';
import type { Projects } from '../projects';
import { ChosenTarget } from './chosenTarget';
import { registerDownloads } from './downloads';
import { importTargets } from './importTargets';
import { ModuleQuestion } from './moduleQuestion';
import { ProgramsThere } from './programsThere';
import { ReleasesFeature } from './releases';
import { RemoteDocuments } from './remoteDocuments';
import { ReloadFeature } from './reload';
import { RemoteSessions } from './sessions';
import { TargetItem, type Deployed } from './targetItem';
import { UploadFeature } from './upload';

export interface TargetsContext {
  readonly extension: vscode.ExtensionContext;
  readonly log: vscode.LogOutputChannel;
  readonly commands: Commands;
  readonly projects: Projects;
}

/** Everything about servers: which one, the connections, upload, reload, and the status bar. */
export class TargetsFeature {
  readonly sessions: RemoteSessions;
  readonly chosen: ChosenTarget;
  readonly programsThere: ProgramsThere;
  /** Fires after an upload or a reload has succeeded. */
  readonly onDidDeploy: vscode.Event<Deployed>;
  readonly #store = new DisposableStore();

  constructor({ extension, log, commands, projects }: TargetsContext) {
    this.sessions = this.#store.add(new RemoteSessions(extension, log));
    this.chosen = this.#store.add(new ChosenTarget(projects, extension.workspaceState));
    const item = this.#store.add(new TargetItem(projects, this.chosen));
    this.onDidDeploy = item.onDidDeploy;
    this.#store.add(projects.onDidChange(() => showWhatNeedsTarget(projects)));
    showWhatNeedsTarget(projects);
    const { chosen, sessions } = this;
    const basics = { log, commands, chosen, sessions, item };
    const memory = extension.workspaceState;
    const question = this.#store.add(new ModuleQuestion({ ...basics, memory }));
    const reloads = this.#store.add(new ReloadFeature({ ...basics, question }));
    const documents = this.#store.add(new RemoteDocuments({ ...basics, reloads }));
    this.programsThere = this.#store.add(new ProgramsThere(projects, sessions));
    const parts = { ...basics, reloads, documents, programsThere: this.programsThere };
    this.#store.add(new UploadFeature(parts));
    this.#store.add(new ReleasesFeature(parts));
    this.#store.add(registerDownloads(parts));
    this.#store.add(commands.register('fastcgi.chooseTarget', async () => void (await this.chosen.choose())));
    this.#store.add(
      commands.register('fastcgi.importTargets', () => importTargets(projects, this.sessions.passwords)),
    );
    this.#store.add(commands.register('fastcgi.forgetPasswords', () => this.#forgetPasswords()));
  }

  dispose(): void {
    this.#store.dispose();
  }

  async #forgetPasswords(): Promise<void> {
    const count = await this.sessions.passwords.forgetAll();
    const message =
      count === 0
        ? vscode.l10n.t('No password is kept.')
        : count === 1
          ? vscode.l10n.t('Forgot the password of one account.')
          : vscode.l10n.t('Forgot the passwords of {0} accounts.', count);
    void showInformationMessage(message);
  }
}

/** In the explorer's menu of folders that go to no server, uploads and downloads would only be in the way. */
function showWhatNeedsTarget(projects: Projects): void {
  const hasTarget = projects.all.some(
    ({ project, error }) => error !== undefined || Object.keys(project.targets).length > 0,
  );
  setContextKey(CONTEXT_KEYS.hasTarget, hasTarget);
}
