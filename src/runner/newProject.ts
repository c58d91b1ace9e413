import { randomBytes } from 'node:crypto';
import { chmod, lstat, mkdir, readFile, writeFile } from 'node:fs/promises';
import * as path from 'node:path';
import { projectText, type ProjectTemplate } from '../project/templates';
import { writeFault } from './writeFault';

/** What is written, from where, and where to. */
export interface NewProject {
  readonly template: ProjectTemplate;
  /** The folder media/templates, absolute. */
  readonly templates: string;
  /** The project's folder, absolute; made where it is not there. */
  readonly folder: string;
}

/** Files of that name are there already; nothing was written. */
export class ProjectExistsError extends Error {
  readonly reason = 'exists';
  /** Below the folder, with slashes. */
  readonly paths: readonly string[];

  constructor(paths: readonly string[]) {
    const [first = '', ...others] = paths;
    const more = others.length === 0 ? '' : ` and ${others.length} more`;
    super(`There is already ${first}${more}. Nothing was written.`);
    this.paths = paths;
  }
}

/** The folder takes no files; the message says why. */
export class ProjectUnwritableError extends Error {
  readonly reason = 'unwritable';

  constructor(folder: string, cause: unknown) {
    const why = writeFault(cause, { ENOENT: 'there can be no folder of this name' });
    super(`The project cannot be written to ${folder}: ${why}.`, { cause });
  }
}

/**
 * Writes a new project: LF, programs executable, and no file that is there is touched. Gives the paths below the folder.
 * Fails with a ProjectExistsError before anything is written, or with a ProjectUnwritableError.
 */
export async function createProject({ template, templates, folder }: NewProject): Promise<readonly string[]> {
  const taken = await Promise.all(template.files.map((file) => isThere(path.join(folder, file.path))));
  const conflicts = template.files.filter((_, at) => taken[at]).map((file) => file.path);
  if (conflicts.length > 0) throw new ProjectExistsError(conflicts);
  const secret = randomBytes(32).toString('hex');
  for (const file of template.files) {
    const text = projectText(await readFile(path.join(templates, file.source), 'utf8'), secret);
    await writeNew(path.join(folder, file.path), text.replaceAll('\r\n', '\n'), file.mode).catch(
      (error: unknown) => {
        throw new ProjectUnwritableError(folder, error);
      },
    );
  }
  return template.files.map((file) => file.path);
}

async function writeNew(file: string, text: string, mode: number): Promise<void> {
  await makeFolder(path.dirname(file));
  await writeFile(file, text, { flag: 'wx', mode });
  // The umask may have taken a permission away, and suEXEC refuses one too many.
  await chmod(file, mode);
}

/** With those above it. Node's own way never ends below a folder such as /proc, which is there but takes no other. */
async function makeFolder(folder: string): Promise<void> {
  const above = path.dirname(folder);
  try {
    await mkdir(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return;
    if (code !== 'ENOENT' || above === folder) throw error;
    await makeFolder(above);
    await mkdir(folder);
  }
}

/** A link that leads nowhere is there, too. */
async function isThere(file: string): Promise<boolean> {
  return lstat(file).then(
    () => true,
    () => false,
  );
}
