import { existsSync } from 'node:fs';
import { basename, dirname, join, relative, sep } from 'node:path';
import { advise, type Advice, type AdviceOptions } from '../advice';
import type { HtaccessPlace } from '../apache/config/command';
import type { HostProfile } from '../apache/host';
import { DiskSite } from '../runner/diskSite';
import type { DispatcherPlace } from '../runner/dispatcherFacts';
import { byteStringOfText } from '../text/bytes';
import type { Workspace } from './workspace';

/** Knows where the .htaccess files of one workspace lie, and gives advice on them with an eye on the files beside them. */
export class WorkspaceAdvisor {
  readonly #workspace: Workspace;
  #site: DiskSite | undefined;

  constructor(workspace: Workspace) {
    this.#workspace = workspace;
  }

  /** The host that the project describes. */
  get host(): HostProfile {
    return this.#workspace.project.host;
  }

  /** Whether the project has a file of its own. */
  get described(): boolean {
    return this.#workspace.described;
  }

  /** What a dispatcher of the workspace belongs to. */
  get dispatcherPlace(): DispatcherPlace {
    const { folder, documentRoot, project } = this.#workspace;
    return { folder, documentRoot, host: project.host };
  }

  /** Advice on a file of the workspace; `source` is its content as a byte string. */
  on(path: string, source: string): readonly Advice[] {
    const { host, advice } = this.#workspace.project;
    return advise(source, host, { ...this.#surroundingsOf(path), severities: advice });
  }

  /** The folder of a .htaccess on the server and the files there; of a template, the topmost folder alone. */
  placeOf(path: string): HtaccessPlace {
    const { site, directory = this.host.treeRoot } = this.#surroundingsOf(path);
    return { directory: `${directory}/`, ...(site === undefined ? {} : { site }) };
  }

  /** Where a real .htaccess lies on the server. Of a template (`htaccess.txt`) nobody knows. */
  #surroundingsOf(path: string): AdviceOptions {
    const { folder, project, described, documentRoot } = this.#workspace;
    if (basename(path) !== '.htaccess' || !isInside(path, folder)) return {};
    const { treeRoot } = project.host;
    this.#site ??= new DiskSite({ folder, treeRoot, cacheLife: 60_000 });
    const root =
      described && isInside(path, documentRoot) ? documentRoot : outermostWithHtaccess(folder, path);
    return {
      site: this.#site,
      directory: serverPath(treeRoot, relative(folder, dirname(path))),
      documentRoot: serverPath(treeRoot, relative(folder, root)),
    };
  }
}

function serverPath(treeRoot: string, below: string): string {
  const path = byteStringOfText(below.split(sep).join('/'));
  return path === '' ? treeRoot : `${treeRoot}/${path}`;
}

function isInside(path: string, folder: string): boolean {
  const below = relative(folder, path);
  return below !== '' && !below.startsWith('..') && below !== path;
}

/** Without a project file: the outermost folder on the way that has a .htaccess is taken for the document root. */
function outermostWithHtaccess(folder: string, path: string): string {
  const steps = relative(folder, dirname(path)).split(sep);
  let at = folder;
  for (const step of steps) {
    if (existsSync(join(at, '.htaccess'))) return at;
    at = join(at, step);
  }
  return dirname(path);
}
