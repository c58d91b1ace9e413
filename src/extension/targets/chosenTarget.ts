import * as vscode from 'vscode';
import { resolveTarget, type ProjectProblem, type Target } from '../../project';
import { commandWayOut, Failure, noFolder } from '../failures';
import type { FolderProject, Projects } from '../projects';

/** A target with the folder that is uploaded to it. */
export interface FolderTarget {
  readonly folder: vscode.WorkspaceFolder;
  readonly project: FolderProject['project'];
  readonly target: Target;
}

/** Which target each folder works with: the one that was chosen last, else the project file's own default. */
export class ChosenTarget {
  readonly #projects: Projects;
  readonly #memory: vscode.Memento;
  readonly #changed = new vscode.EventEmitter<void>();

  /** Fires after a choice. */
  readonly onDidChange = this.#changed.event;

  constructor(projects: Projects, memory: vscode.Memento) {
    this.#projects = projects;
    this.#memory = memory;
  }

  dispose(): void {
    this.#changed.dispose();
  }

  /** The target of a file's folder (of the active editor's by default), without a question; undefined where none is meant. */
  current(uri?: vscode.Uri): FolderTarget | undefined {
    const one = this.#projects.current(uri);
    if (!one) return undefined;
    const resolved = resolveTarget(one.project, this.#nameIn(one));
    return 'target' in resolved ? { ...one, target: resolved.target } : undefined;
  }

  /**
   * The same, with a question where several targets could be meant.
   * @throws Failure where no target is described or the project file has errors, CancellationError where nothing was chosen
   */
  async need(uri?: vscode.Uri): Promise<FolderTarget> {
    await this.#projects.settled();
    // Where an entry is not understood its default holds, and that could be the wrong folder.
    const error = this.#projects.current(uri)?.error;
    if (error) throw brokenProject(error);
    return this.current(uri) ?? this.choose(uri);
  }

  /** Asks, and remembers the answer for this workspace. */
  async choose(uri?: vscode.Uri): Promise<FolderTarget> {
    await this.#projects.settled();
    const one = this.#projects.current(uri);
    if (!one) throw noFolder();
    if (one.error) throw brokenProject(one.error);
    const targets = Object.values(one.project.targets);
    if (targets.length === 0) throw noTarget(one);
    const current = this.current(uri)?.target.name;
    const items = targets.map((target) => ({
      label: target.name,
      description: target.name === current ? vscode.l10n.t('current') : '',
      detail: `${addressOf(target)}:${target.path}`,
      target,
    }));
    const placeHolder = vscode.l10n.t('Which server do Upload, Reload and the log work with?');
    const chosen = await vscode.window.showQuickPick(items, { placeHolder, matchOnDetail: true });
    if (!chosen) throw new vscode.CancellationError();
    await this.#memory.update(keyOf(one), chosen.target.name);
    this.#changed.fire();
    return { ...one, target: chosen.target };
  }

  /** Asks for any number of the folder's targets. @throws as `choose` */
  async chooseSeveral(): Promise<readonly FolderTarget[]> {
    await this.#projects.settled();
    const one = this.#projects.current();
    if (!one) throw noFolder();
    if (one.error) throw brokenProject(one.error);
    const targets = Object.values(one.project.targets);
    if (targets.length === 0) throw noTarget(one);
    const items = targets.map((target) => ({
      label: target.name,
      detail: `${addressOf(target)}:${target.path}`,
      picked: !target.ask,
      target,
    }));
    const placeHolder = vscode.l10n.t('To which servers?');
    const chosen = await vscode.window.showQuickPick(items, { placeHolder, canPickMany: true });
    if (!chosen || chosen.length === 0) throw new vscode.CancellationError();
    return chosen.map(({ target }) => ({ ...one, target }));
  }

  /** A remembered name that the project file no longer has does not count. */
  #nameIn(one: FolderProject): string | undefined {
    const name = this.#memory.get<string>(keyOf(one));
    return name !== undefined && Object.hasOwn(one.project.targets, name) ? name : undefined;
  }
}

/** The server's name for people. */
export function addressOf({ ssh }: Target): string {
  if (typeof ssh === 'string') return ssh;
  const host = ssh.user === undefined ? ssh.host : `${ssh.user}@${ssh.host}`;
  return ssh.port === undefined || ssh.port === 22 ? host : `${host}:${ssh.port}`;
}

function keyOf({ folder }: FolderProject): string {
  return `fastcgi.target ${folder.uri.toString()}`;
}

function brokenProject({ line, message }: ProjectProblem): Failure {
  return new Failure(
    vscode.l10n.t('Nothing was sent: correct line {0} of .vscode/fastcgi.json. {1}', line + 1, message),
    [commandWayOut(vscode.l10n.t('Open Project File'), 'fastcgi.openProjectFile')],
  );
}

function noTarget({ described }: FolderProject): Failure {
  const open = commandWayOut(
    described ? vscode.l10n.t('Open Project File') : vscode.l10n.t('Create Project File'),
    'fastcgi.openProjectFile',
  );
  return new Failure(
    vscode.l10n.t('No server is described yet. Add one under "targets" in .vscode/fastcgi.json.'),
    [open],
  );
}
