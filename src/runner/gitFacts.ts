import { execFile } from 'node:child_process';
import * as path from 'node:path';
import type { GitFacts } from '../dispatcher';

/** Milliseconds after which git is not waited for. */
const TIME_LIMIT = 5000;

/** What git's index has of a file; undefined for a file that git does not know, and where there is no git. */
export async function gitFactsOf(file: string): Promise<GitFacts | undefined> {
  const folder = path.dirname(file);
  const listed = await git(folder, ['ls-files', '-s', '--eol', '--', path.basename(file)]);
  const found = /^(\d{6}) \S+ 0\ti\/(\S*)\s+w\/\S*\s+attr\/(.*?)\s*\t/.exec(listed ?? '');
  if (!found) return undefined;
  const [, mode, endings = '', attributes = ''] = found;
  const autocrlf = attributes === '' ? await git(folder, ['config', '--get', 'core.autocrlf']) : undefined;
  return {
    isExecutable: mode === '100755',
    endings: endings === 'lf' || endings === 'crlf' || endings === 'mixed' ? endings : 'none',
    keepsLf: /\beol=lf\b|-text\b/.test(attributes) && !(/-text\b/.test(attributes) && endings !== 'lf'),
    writesCrlf: autocrlf?.trim() === 'true',
  };
}

/** Sets the executable bit of a file in git's index. Fails with git's own words. */
export async function makeExecutableInGit(file: string): Promise<void> {
  const args = ['update-index', '--chmod=+x', '--', path.basename(file)];
  await new Promise<void>((resolve, reject) => {
    execFile('git', args, { cwd: path.dirname(file), timeout: TIME_LIMIT }, (error, _, errors) =>
      error ? reject(new Error(errors.trim() || error.message)) : resolve(),
    );
  });
}

function git(folder: string, args: readonly string[]): Promise<string | undefined> {
  return new Promise((resolve) => {
    const options = { cwd: folder, timeout: TIME_LIMIT, maxBuffer: 1 << 20 };
    execFile('git', args, options, (error, output) => resolve(error ? undefined : output));
  });
}
