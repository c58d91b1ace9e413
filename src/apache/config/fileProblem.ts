import { mergePath } from '../paths';
import type { Site } from '../site';

/** NAME_MAX and PATH_MAX of Linux. */
const MAX_NAME = 255;
const MAX_PATH = 4095;

/** The number and text of the error that `stat` ends in on Linux, as APR writes them; undefined where it succeeds. */
export function fileProblem(site: Site, path: string): string | undefined {
  const names = path.split('/');
  if (path.length > MAX_PATH) return '(36)File name too long';
  let folder = '';
  for (const name of names.slice(0, -1)) {
    folder = name === '' ? folder : `${folder}/${name}`;
    const problem = folder === '' ? undefined : folderProblem(site, folder, name);
    if (problem !== undefined) return problem;
  }
  const last = names.at(-1) ?? '';
  if (last.length > MAX_NAME) return '(36)File name too long';
  return isThere(site, path) ? undefined : '(2)No such file or directory';
}

function folderProblem(site: Site, folder: string, name: string): string | undefined {
  if (name.length > MAX_NAME) return '(36)File name too long';
  const found = site.stat(mergePath(folder));
  if (found === undefined) return '(2)No such file or directory';
  return found.kind === 'directory' ? undefined : '(20)Not a directory';
}

const isThere = (site: Site, path: string): boolean => {
  const bare = mergePath(path).replace(/(?<=.)\/$/, '');
  return bare === '/' || site.stat(bare) !== undefined;
};
