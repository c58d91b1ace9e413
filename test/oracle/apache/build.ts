import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const SOURCE_FOLDER = import.meta.dirname;
const SOURCES = ['mod_judge.c', 'mod_oracle.c', 'mod_foreign.c', 'json_writer.h'];
const COMPILERS = ['/usr/bin/apxs', '/usr/bin/apxs2'];
const execute = promisify(execFile);

/** Paths of the compiled modules. */
export interface OracleModules {
  readonly judge: string;
  readonly oracle: string;
  readonly foreign: string;
}

/** The modules could not be compiled; `reason` tells a missing compiler from a failing one. */
export class OracleBuildError extends Error {
  readonly reason: 'missing-apxs' | 'failed';

  constructor(reason: 'missing-apxs' | 'failed', detail: string) {
    super(detail);
    this.reason = reason;
  }
}

/** Apache's own compiler driver, or undefined where apache2-dev is not installed. */
export function findApxs(): string | undefined {
  return COMPILERS.find((path) => existsSync(path));
}

/**
 * Compiles mod_judge, mod_oracle and mod_foreign, once for each state of their sources and version of Apache: later calls find them in
 * the user's cache folder (or that of XDG_CACHE_HOME). Takes about a second.
 */
export async function buildOracleModules(): Promise<OracleModules> {
  const cache = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'vscode-fastcgi', 'oracle');
  const folder = join(cache, await contentHash());
  if (!existsSync(folder)) await compileInto(cache, folder);
  const [judge, oracle, foreign] = ['judge', 'oracle', 'foreign'].map((name) =>
    join(folder, `mod_${name}.so`),
  ) as [string, string, string];
  return { judge, oracle, foreign };
}

async function contentHash(): Promise<string> {
  const hash = createHash('sha256');
  for (const name of SOURCES) hash.update(readFileSync(join(SOURCE_FOLDER, name)));
  hash.update((await execute('/usr/sbin/apache2', ['-v'])).stdout);
  return hash.digest('hex').slice(0, 16);
}

/** apxs writes beside the source, so it works on copies; the finished folder appears at once, for concurrent suites. */
async function compileInto(cache: string, folder: string): Promise<void> {
  mkdirSync(cache, { recursive: true });
  const work = mkdtempSync(join(cache, 'build-'));
  try {
    for (const name of SOURCES) copyFileSync(join(SOURCE_FOLDER, name), join(work, name));
    await compile(work, 'mod_judge');
    await compile(work, 'mod_oracle');
    await compile(work, 'mod_foreign');
    chmodSync(work, 0o755);
    renameSync(work, folder);
  } catch (error) {
    if (!existsSync(folder)) throw error;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

async function compile(folder: string, name: string): Promise<void> {
  const apxs = findApxs();
  if (apxs === undefined)
    throw new OracleBuildError('missing-apxs', 'apxs is missing; install the package apache2-dev');
  try {
    await execute(apxs, ['-c', '-Wc,-Wall', '-Wc,-Wextra', '-Wc,-Werror', `${name}.c`], { cwd: folder });
    renameSync(join(folder, '.libs', `${name}.so`), join(folder, `${name}.so`));
  } catch (error) {
    throw new OracleBuildError('failed', `${name}.c does not compile: ${String(error)}`);
  }
}
