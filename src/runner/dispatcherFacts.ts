import { readdirSync, realpathSync, statSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import * as path from 'node:path';
import type { HostProfile } from '../apache/host';
import { evaluate } from '../apache/request';
import type { DispatcherFacts, ModulePlace } from '../dispatcher';
import { byteStringOfText } from '../text/bytes';
import { DiskSite } from './diskSite';
import { gitFactsOf } from './gitFacts';
import { findProgram } from './startFault';

/** Where a dispatcher belongs to. */
export interface DispatcherPlace {
  /** The project's folder, absolute. */
  readonly folder: string;
  /** Absolute. */
  readonly documentRoot: string;
  readonly host: HostProfile;
}

export interface FactsOptions {
  /** False: nothing outside the project's folder is read, and no program is started. */
  readonly isTrusted: boolean;
  /** Without it nothing is known about what the server makes of the file. */
  readonly place?: DispatcherPlace;
  /** What the first line names; decides where Python's packages are looked for. */
  readonly interpreter: string | undefined;
}

/** What this machine knows of a dispatcher beside its content. Never fails: what cannot be found out is left out. */
export async function dispatcherFacts(
  file: string,
  { isTrusted, place, interpreter }: FactsOptions,
): Promise<DispatcherFacts> {
  const served = place && servedAs(file, place);
  const modules = process.platform === 'win32' ? undefined : moduleFinder(file, { interpreter, isTrusted });
  const git = isTrusted ? await gitFactsOf(file) : undefined;
  return {
    path: file,
    ...(await modeOf(file)),
    ...(isTrusted && process.platform !== 'win32' && { hasProgram }),
    ...(git && { git }),
    ...(served && { served }),
    ...modules,
  };
}

/** Permission bits; none on Windows, where they say nothing of the server. */
async function modeOf(file: string): Promise<{ mode?: number }> {
  if (process.platform === 'win32') return {};
  return stat(file).then(
    ({ mode }) => ({ mode: mode & 0o7777 }),
    () => ({}),
  );
}

function hasProgram(program: string): boolean {
  return findProgram(program, process.env['PATH'] ?? '') !== null;
}

/** What a request for the file itself comes to; undefined where rules lead it elsewhere, or the file lies outside. */
function servedAs(file: string, { folder, documentRoot, host }: DispatcherPlace): DispatcherFacts['served'] {
  const below = path.relative(documentRoot, file).split(path.sep);
  if (below[0] === '..' || path.isAbsolute(below[0] ?? '') || !file.endsWith('.fcgi')) return undefined;
  const { treeRoot } = host;
  const root = path.relative(folder, documentRoot).split(path.sep).join('/');
  if (root.startsWith('..')) return undefined;
  const target = `/${below.map(encodeURIComponent).join('/')}`;
  const outcome = evaluate({
    request: { method: 'GET', target, headers: [['Host', host.serverName]] },
    site: new DiskSite({ folder, treeRoot, cacheLife: 60_000 }),
    host,
    documentRoot: root === '' ? treeRoot : `${treeRoot}/${byteStringOfText(root)}`,
    time: Math.floor(Date.now() / 1000),
  });
  const { answer, filename } = outcome;
  if (!filename.endsWith(`/${byteStringOfText(path.basename(file))}`)) return undefined;
  if (answer.kind === 'handler') return 'run';
  if (answer.kind === 'file' && outcome.status === 200) return 'source';
  return /ExecCGI/.test(outcome.logMessage ?? '') ? 'no-exec-cgi' : undefined;
}

/** Says where Python finds a module: beside the script, or in the folders of its packages. */
function moduleFinder(
  file: string,
  { interpreter, isTrusted }: { readonly interpreter: string | undefined; readonly isTrusted: boolean },
): Pick<DispatcherFacts, 'pythonModule' | 'hasPythonPackage'> {
  if (!isTrusted || !/python|pypy/.test(interpreter ?? '')) return {};
  const beside = modulesIn(path.dirname(file));
  const folders = packageFolders(interpreter ?? '');
  let installed: ReadonlySet<string> | undefined;
  const pythonModule = (name: string): ModulePlace => {
    if (beside.has(name)) return 'beside';
    installed ??= new Set(folders.flatMap((folder) => [...modulesIn(folder)]));
    // Where no folder of packages is found, Python keeps them in a place that is not known here.
    if (folders.length === 0 || installed.has(name)) return 'installed';
    const lower = name.toLowerCase();
    return [...beside].some((one) => one.toLowerCase() === lower) ? 'other-case' : 'nowhere';
  };
  const hasPythonPackage = (name: string): boolean =>
    [path.dirname(file), ...folders].some((folder) =>
      entriesOf(folder).some((entry) => entry.startsWith(`${name}-`) && /\.(?:dist|egg)-info$/.test(entry)),
    );
  return { pythonModule, hasPythonPackage };
}

/** The names under which the content of a folder can be imported. */
function modulesIn(folder: string): ReadonlySet<string> {
  const names = entriesOf(folder).flatMap((name) => {
    const [, module, ending] = /^([A-Za-z_]\w*)(\.(?:py|pyc)|\.[\w.-]*so)?$/.exec(name) ?? [];
    if (module === undefined) return [];
    return ending !== undefined || isFolder(path.join(folder, name)) ? [module] : [];
  });
  return new Set(names);
}

/** The folders of packages that exist: of a virtual environment, or of the system and the user. */
function packageFolders(interpreter: string): readonly string[] {
  const environment = path.dirname(path.dirname(interpreter));
  const isOwn = interpreter.startsWith('/') && isFile(path.join(environment, 'pyvenv.cfg'));
  const homes = isOwn ? [environment] : [...homesOfPrograms(interpreter), path.join(homedir(), '.local')];
  return homes.flatMap((home) =>
    entriesOf(path.join(home, 'lib'))
      .filter((name) => /^python3[\d.]*$/.test(name))
      .flatMap((name) =>
        ['site-packages', 'dist-packages'].map((packages) => path.join(home, 'lib', name, packages)),
      )
      .filter(isFolder),
  );
}

/** Of the program that runs, of the system, and of pyenv, whose programs are scripts that choose one of several. */
function homesOfPrograms(interpreter: string): readonly string[] {
  const program = findProgram(interpreter, process.env['PATH'] ?? '');
  const own = program === null ? [] : [path.dirname(path.dirname(realpathSync(program)))];
  const versions = path.join(homedir(), '.pyenv', 'versions');
  const chosen = entriesOf(versions).map((name) => path.join(versions, name));
  return [...new Set([...own, ...chosen, '/usr', '/usr/local'])];
}

function entriesOf(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function isFolder(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

function isFile(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false })?.isFile() ?? false;
}
