import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import {
  DEFAULT_PROJECT,
  parseProject,
  resolveTarget,
  type Project,
  type ProjectProblem,
  type Target,
} from '../project';
import { ActionError, UsageError } from './command';
import type { Terminal } from './terminal';

/** The folder that a command works on, and what its project file says. */
export interface Workspace {
  /** Absolute; the folder that contains `.vscode`, or the folder given where there is no project file. */
  readonly folder: string;
  readonly project: Project;
  /** The folder that the web server shows as `/`, absolute. */
  readonly documentRoot: string;
  /** The folder that was asked for, absolute: `folder` or one below it. */
  readonly start: string;
  /** Whether a project file was found. */
  readonly described: boolean;
  /** What is wrong with the project file. */
  readonly problems: readonly ProjectProblem[];
}

/** Where the project file lies, below the workspace's folder. */
export const PROJECT_FILE = join('.vscode', 'fastcgi.json');

/**
 * Finds the project file in a folder or above it and reads it. Without one the folder itself is the document root.
 * Problems of the file are shown as warnings; they are no failure.
 */
export function findWorkspace(from: string, terminal: Terminal): Workspace {
  const workspace = readWorkspace(from, terminal.cwd);
  const file = join(workspace.folder, PROJECT_FILE);
  for (const { line, character, severity, message } of workspace.problems) {
    terminal.err(`${file}:${line + 1}:${character + 1}: ${severity}: ${message}\n`);
  }
  return workspace;
}

/** As `findWorkspace`, but what is wrong with the project file is left to the caller to tell. */
export function readWorkspace(from: string, cwd: string): Workspace {
  const start = resolve(cwd, from);
  if (!existsSync(start)) throw new ActionError(`There is no file or folder ${start}.`);
  for (let folder = start; ; folder = dirname(folder)) {
    const file = join(folder, PROJECT_FILE);
    if (existsSync(file)) return { ...describedWorkspace(folder, file), start };
    if (dirname(folder) === folder) break;
  }
  const bare = { folder: start, documentRoot: start, described: false, problems: [] };
  return { ...bare, start, project: DEFAULT_PROJECT };
}

function describedWorkspace(folder: string, file: string): Omit<Workspace, 'start'> {
  const { project, problems } = parseProject(readFileSync(file, 'utf8'));
  return { folder, project, documentRoot: resolve(folder, project.documentRoot), described: true, problems };
}

/**
 * The place that a command works on. A folder that is named and holds no project file of its own is the document root
 * itself, described by the project file above it.
 */
export function namedSite(folder: string | undefined, terminal: Terminal): Workspace {
  const workspace = findWorkspace(folder ?? '.', terminal);
  const { start } = workspace;
  if (folder === undefined || start === workspace.folder) return workspace;
  return { ...workspace, folder: start, documentRoot: start };
}

/** The target that a command's argument means; a friendly refusal where none can be meant. */
export function targetOf(workspace: Workspace, name: string | undefined): Target {
  const resolved = resolveTarget(workspace.project, name);
  if ('target' in resolved) return resolved.target;
  // The one that is missing may be the one with the error.
  if (Object.keys(workspace.project.targets).length === 0) refuseBrokenProject(workspace);
  refuseFaultyTarget(workspace, name ?? workspace.project.defaultTarget);
  throw name === undefined ? new ActionError(resolved.problem) : new UsageError(resolved.problem);
}

/** A target with an error is not there for anybody, which is no reason to call it missing. */
function refuseFaultyTarget({ problems }: Workspace, name: string | undefined): void {
  const fault = problems.find(
    ({ severity, path: [first, second] }) => severity === 'error' && first === 'targets' && second === name,
  );
  if (fault === undefined || name === undefined) return;
  throw new ActionError(
    `The target "${name}" cannot be used: ${fault.message} Correct line ${fault.line + 1} of .vscode/fastcgi.json.`,
  );
}

/**
 * Ends a command that would change something on a server by a project file that is not understood: where an entry has an
 * error its default holds, and that could be the wrong folder, or no pattern to leave files out.
 */
export function refuseBrokenProject({ problems }: Workspace): void {
  const error = problems.find(({ severity }) => severity === 'error');
  if (error === undefined) return;
  throw new ActionError(`Nothing was sent: correct line ${error.line + 1} of .vscode/fastcgi.json first.`);
}
