import { execFile } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { promisify } from 'node:util';

/** A debugpy that can be run by its folder. */
export interface Debugpy {
  /** The package's folder: `python FOLDER` and `python FOLDER/adapter` work. */
  readonly folder: string;
  /** The interpreter that its adapter runs with. */
  readonly python: string;
}

/** Where Debian's python3-debugpy lies. */
const DEBIAN = { folder: '/usr/lib/python3/dist-packages/debugpy', python: '/usr/bin/python3' };

const WHERE = 'import debugpy, os; print(os.path.dirname(os.path.abspath(debugpy.__file__)))';

/**
 * A debugpy: the one of the program's own interpreter, the one that the Python Debugger extension brings along (`extensionPath`),
 * or Debian's. Undefined where there is none.
 */
export async function findDebugpy(
  python: string,
  extensionPath: string | undefined,
  debian: Debugpy = DEBIAN,
): Promise<Debugpy | undefined> {
  const own = await folderIn(python);
  if (own !== undefined) return { folder: own, python };
  const bundled = path.join(extensionPath ?? '', 'bundled', 'libs', 'debugpy');
  if (extensionPath !== undefined && fs.existsSync(bundled)) return { folder: bundled, python };
  return fs.existsSync(debian.folder) && fs.existsSync(debian.python) ? debian : undefined;
}

async function folderIn(python: string): Promise<string | undefined> {
  try {
    const { stdout } = await promisify(execFile)(python, ['-c', WHERE], { timeout: 10_000 });
    return stdout.trim() || undefined;
  } catch {
    // No such interpreter, or it has none: both leave the next place to look.
    return undefined;
  }
}
