import { join, relative, sep } from 'node:path';
import * as vscode from 'vscode';
import type { RemoteTrialReport } from '../../deploy/preflight';
import type { DispatcherFault } from '../../deploy/stagedTrial';
import type { UploadReport } from '../../deploy/upload';
import type { DispatcherView } from '../../diagnosis';
import type { DispatcherFix, OnTarget } from '../../dispatcher';
import { mendOnServer } from '../../doctor';
import { DisposableStore } from '../disposables';
import { Failure, requireTrust } from '../failures';
import type { FolderProject, Projects } from '../projects';
import type { FolderTarget } from './chosenTarget';
import { askFirst } from './place';
import { SeenThere } from './seenThere';
import type { RemoteSessions } from './sessions';

type ModeFix = Extract<DispatcherFix, { readonly kind: 'set-mode-on-target' }>;

/** What is known of the workspace's programs on its targets. Learned from what a person asked to be done there; nothing connects to learn it. */
export class ProgramsThere {
  readonly #store = new DisposableStore();
  readonly #changed = this.#store.add(new vscode.EventEmitter<void>());
  readonly #seen = new SeenThere();
  readonly #projects: Projects;
  readonly #sessions: RemoteSessions;

  /** Fires when more, or something else, is known. */
  readonly onDidChange = this.#changed.event;

  constructor(projects: Projects, sessions: RemoteSessions) {
    this.#projects = projects;
    this.#sessions = sessions;
  }

  dispose(): void {
    this.#store.dispose();
  }

  /** Of one program, by target. */
  of(uri: vscode.Uri): readonly OnTarget[] {
    const one = vscode.workspace.getWorkspaceFolder(uri) && this.#projects.current(uri);
    if (!one || uri.scheme !== 'file') return [];
    const path = pathBelowRoot(one, uri);
    return Object.values(one.project.targets).flatMap((target) => {
      const seen = this.#seen.of(keyOf({ ...one, target }), { target: target.name, path });
      return seen ? [seen] : [];
    });
  }

  /** After "Check Dispatcher on Target". */
  checked(one: FolderTarget, path: string, { seen }: RemoteTrialReport): void {
    const key = keyOf(one);
    this.#seen.forgetFiles(key, path);
    if (seen) this.#seen.addFile(key, path, { there: path, ...seen });
    if (seen?.interpreter) this.#seen.addInterpreter(key, seen.interpreter.program, seen.interpreter);
    this.#changed.fire();
  }

  /** After "Why Is My Site Failing?". */
  examined(one: FolderTarget, view: DispatcherView | null): void {
    if (!view) return;
    const { name: path, kind, mode, named } = view;
    const key = keyOf(one);
    this.#seen.forgetFiles(key, path);
    if (kind === 'file') this.#seen.addFile(key, path, { there: path, mode: mode & 0o7777 });
    if (named) this.#seen.addInterpreter(key, named.program, { others: [], ...named });
    this.#changed.fire();
  }

  /** After an upload or a preview of one. `tried`: programs were started there. */
  uploaded(one: FolderTarget, { programs, dryRun }: UploadReport, tried: boolean): void {
    const key = keyOf(one);
    for (const { path, there, mode } of programs) this.#seen.addFile(key, path, { there, mode });
    if (tried && !dryRun) this.#seen.forgetMissing(key);
    this.#changed.fire();
  }

  /** After an upload that was not put live. */
  refused(one: FolderTarget, { missing }: DispatcherFault): void {
    if (!missing) return;
    this.#seen.addInterpreter(keyOf(one), missing.program, missing);
    this.#changed.fire();
  }

  /** After changes to files of the server of which not more is known. */
  forget(one: FolderTarget): void {
    this.#seen.forgetFiles(keyOf(one));
    this.#changed.fire();
  }

  /** Sets the mode of a program on a target. */
  async setMode(uri: vscode.Uri, fix: ModeFix): Promise<void> {
    requireTrust();
    const project = this.#projects.current(uri);
    const target = project?.project.targets[fix.target];
    if (!project || !target) throw new Failure(vscode.l10n.t('There is no target {0} any more.', fix.target));
    const one = { ...project, target };
    const path = pathBelowRoot(project, uri);
    const seen = this.#seen.file(keyOf(one), path);
    const there = seen?.there ?? path;
    const mode = fix.mode.toString(8);
    const question = vscode.l10n.t('Give {0} on {1} the mode {2}?', there, target.name, mode);
    await askFirst(one, question, vscode.l10n.t('Set Mode'));
    await this.#sessions.use(target, new AbortController().signal, (connection) =>
      mendOnServer(connection, { kind: 'set-mode', path: there, mode: fix.mode }, target.path),
    );
    this.#seen.addFile(keyOf(one), path, { ...seen, there, mode: fix.mode });
    this.#changed.fire();
    vscode.window.setStatusBarMessage(vscode.l10n.t('{0} has the mode {1} now.', there, mode), 5000);
  }
}

/** Relative to the document root, with `/`. */
function pathBelowRoot({ folder, project }: FolderProject, uri: vscode.Uri): string {
  return relative(join(folder.uri.fsPath, project.documentRoot), uri.fsPath).split(sep).join('/');
}

/** Where a target leads. */
function keyOf({ folder, project, target }: FolderTarget): string {
  return JSON.stringify([folder.uri.toString(), project.documentRoot, target.name, target.ssh, target.path]);
}
