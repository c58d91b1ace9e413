import * as vscode from 'vscode';
import { DEFAULT_PROJECT, parseProject, type Project, type ProjectProblem } from '../project';
import { DisposableStore } from './disposables';
import { PROJECT_FILE } from './manifest';

/** A workspace folder with what its project file says; the defaults where there is none. */
export interface FolderProject {
  readonly folder: vscode.WorkspaceFolder;
  readonly project: Project;
  /** False where there is no project file. */
  readonly described: boolean;
  /** The first error in the project file: what it says is then not all that was meant. */
  readonly error?: ProjectProblem;
}

/** The project files of all workspace folders, kept fresh, with their problems as diagnostics. */
export class Projects {
  readonly #store = new DisposableStore();
  readonly #changed = this.#store.add(new vscode.EventEmitter<void>());
  readonly #diagnostics = this.#store.add(vscode.languages.createDiagnosticCollection('fastcgi.project'));
  readonly #known = new Map<string, FolderProject>();
  #reading: Promise<void> = Promise.resolve();

  /** Fires after one or more project files were read again. */
  readonly onDidChange = this.#changed.event;

  constructor() {
    const watcher = this.#store.add(vscode.workspace.createFileSystemWatcher(`**/${PROJECT_FILE}`));
    for (const event of [watcher.onDidChange, watcher.onDidCreate, watcher.onDidDelete]) {
      this.#store.add(event(() => void this.refresh()));
    }
    // A folder that comes with its file may be told of alone (seen on Linux).
    const folders = this.#store.add(
      vscode.workspace.createFileSystemWatcher(`**/${PROJECT_FILE.split('/')[0]}`, false, true, true),
    );
    this.#store.add(folders.onDidCreate(() => void this.refresh()));
    this.#store.add(vscode.workspace.onDidChangeWorkspaceFolders(() => void this.refresh()));
    this.#store.add(vscode.workspace.onDidChangeTextDocument(({ document }) => this.#check(document)));
  }

  /** One entry for each workspace folder. */
  get all(): readonly FolderProject[] {
    return [...this.#known.values()];
  }

  /** The folder of a file, else of the active editor, else the first with a project file, else the first. */
  current(uri = vscode.window.activeTextEditor?.document.uri): FolderProject | undefined {
    const holder = uri && vscode.workspace.getWorkspaceFolder(uri);
    const own = holder && this.#known.get(holder.uri.toString());
    return own ?? this.all.find((one) => one.described) ?? this.all[0];
  }

  /** Reads all project files again. Calls in a row are served one after the other. */
  refresh(): Promise<void> {
    this.#reading = this.#reading.then(() => this.#readAll());
    return this.#reading;
  }

  /** Resolves when what was asked to be read has been read. */
  settled(): Promise<void> {
    return this.#reading;
  }

  dispose(): void {
    this.#store.dispose();
  }

  async #readAll(): Promise<void> {
    const folders = vscode.workspace.workspaceFolders ?? [];
    const read = await Promise.all(folders.map((folder) => this.#read(folder)));
    if (this.#store.isDisposed) return;
    this.#known.clear();
    for (const one of read) this.#known.set(one.folder.uri.toString(), one);
    this.#changed.fire();
  }

  async #read(folder: vscode.WorkspaceFolder): Promise<FolderProject> {
    const file = projectFileOf(folder);
    const text = await textOf(file);
    if (text === undefined) {
      this.#diagnostics.delete(file);
      return { folder, project: DEFAULT_PROJECT, described: false };
    }
    const { project, problems } = parseProject(text);
    this.#publish(file, problems);
    const error = problems.find(({ severity }) => severity === 'error');
    return { folder, project, described: true, ...(error && { error }) };
  }

  /** While a project file is edited its problems follow the text; the project itself follows the saved file. */
  #check(document: vscode.TextDocument): void {
    const folder = vscode.workspace.getWorkspaceFolder(document.uri);
    if (!folder || document.uri.toString() !== projectFileOf(folder).toString()) return;
    this.#publish(document.uri, parseProject(document.getText()).problems);
  }

  #publish(file: vscode.Uri, problems: readonly ProjectProblem[]): void {
    if (!this.#store.isDisposed) this.#diagnostics.set(file, problems.map(diagnosticOf));
  }
}

/** The place of a folder's project file. */
export function projectFileOf(folder: vscode.WorkspaceFolder): vscode.Uri {
  return vscode.Uri.joinPath(folder.uri, ...PROJECT_FILE.split('/'));
}

async function textOf(file: vscode.Uri): Promise<string | undefined> {
  try {
    return new TextDecoder().decode(await vscode.workspace.fs.readFile(file));
  } catch {
    // No project file: the defaults hold.
    return undefined;
  }
}

function diagnosticOf(problem: ProjectProblem): vscode.Diagnostic {
  const { line, character, length, severity } = problem;
  const diagnostic = new vscode.Diagnostic(
    new vscode.Range(line, character, line, character + length),
    problem.message,
    severity === 'error' ? vscode.DiagnosticSeverity.Error : vscode.DiagnosticSeverity.Warning,
  );
  diagnostic.source = 'FastCGI';
  diagnostic.code = problem.code;
  return diagnostic;
}
