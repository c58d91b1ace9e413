import { execFile } from 'node:child_process';
import type { Commit } from './history';

/**
 * The commit that a folder is at; undefined where there is no git or no repository. Starts git, and a repository may name programs that
 * git runs: only for folders that are trusted.
 */
export async function commitOf(folder: string): Promise<Commit | undefined> {
  const head = await git(folder, ['log', '-1', '--format=%H%x00%s']).catch(() => '');
  const [hash, subject] = head.trim().split('\0');
  if (!hash || subject === undefined) return undefined;
  const [status, branch] = await Promise.all([
    git(folder, ['status', '--porcelain', '--', '.']).catch(() => ''),
    git(folder, ['symbolic-ref', '--short', '-q', 'HEAD']).catch(() => ''),
  ]);
  return {
    hash,
    subject,
    ...(branch.trim() === '' ? {} : { branch: branch.trim() }),
    dirty: status.trim() !== '',
  };
}

/**
 * Paths below a folder, relative to it, that differ from a commit: changed, new and not ignored, or gone. Undefined where git does not
 * know the commit.
 */
export async function changedSince(folder: string, hash: string): Promise<readonly string[] | undefined> {
  if (!/^[0-9a-f]{4,64}$/.test(hash)) return undefined;
  try {
    const [tracked, untracked] = await Promise.all([
      git(folder, ['diff', '--name-only', '--no-renames', '--relative', '-z', hash, '--', '.']),
      git(folder, ['ls-files', '--others', '--exclude-standard', '-z', '--', '.']),
    ]);
    return [...new Set(`${tracked}${untracked}`.split('\0').filter((path) => path !== ''))].sort();
  } catch {
    return undefined;
  }
}

function git(folder: string, args: readonly string[]): Promise<string> {
  const options = {
    cwd: folder,
    timeout: 10_000,
    maxBuffer: 64 * 1024 * 1024,
    env: { ...process.env, GIT_OPTIONAL_LOCKS: '0', GIT_TERMINAL_PROMPT: '0' },
  };
  return new Promise((resolve, reject) => {
    execFile('git', ['-c', 'core.fsmonitor=false', ...args], options, (error, stdout) => {
      if (error) reject(error);
      else resolve(stdout);
    });
  });
}
