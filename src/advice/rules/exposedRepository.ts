import { appended, filesBeside, servedAsIs, wholeFile } from '../exposure';
import type { AdviceFile } from '../file';
import type { AdviceRule } from '../rule';

/**
 * A `.git` (or `.svn`, `.hg`) in the public folder holds every version of every file, and can be downloaded file by file.
 * Said only where the site is known and our evaluator finds that Apache would send a file of it.
 *
 * Manual: https://httpd.apache.org/docs/2.4/mod/mod_alias.html#redirectmatch
 */
export const exposedRepository: AdviceRule = {
  code: 'exposure.repository',
  title: 'Visitors can download the repository',
  severity: 'warning',
  *check(file) {
    if (!file.verdict.ok) return;
    for (const folder of filesBeside(file).filter((name) => REPOSITORIES.has(name))) {
      if (servedAsIs(file, someFiles(file, folder)).length === 0) continue;
      yield {
        message: `Visitors can download ${folder} with all versions of all files, also of those that were deleted.`,
        ...wholeFile(file),
        fix: appended(file, `Hide ${folder}`, [`RedirectMatch 404 "/\\${folder}(/|$)"`]),
      };
    }
  },
};

const REPOSITORIES: ReadonlySet<string> = new Set(['.git', '.svn', '.hg', '.bzr']);

function someFiles({ site, directory }: AdviceFile, folder: string): readonly string[] {
  const names = site?.list(directory + folder) ?? [];
  const files = names.filter((name) => site?.stat(`${directory}${folder}/${name}`)?.kind === 'file');
  return files.slice(0, 3).map((name) => `${folder}/${name}`);
}
