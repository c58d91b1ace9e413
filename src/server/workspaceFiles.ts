import { readdirSync, realpathSync } from 'node:fs';
import { join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * Names in a folder below a workspace folder, those of folders with a slash at their end. Undefined for what is no folder
 * on disk, and for what a link leads to outside of the workspace folder.
 */
export function listWorkspaceFolder(folderUri: string, relative: string): readonly string[] | undefined {
  if (!folderUri.startsWith('file:')) return undefined;
  try {
    const root = realpathSync(fileURLToPath(folderUri));
    const folder = realpathSync(join(root, relative));
    if (folder !== root && !folder.startsWith(root + sep)) return undefined;
    const entries = readdirSync(folder, { withFileTypes: true });
    return entries.map((entry) => (entry.isDirectory() ? `${entry.name}/` : entry.name));
  } catch {
    // Not there, or not readable: nothing to propose.
    return undefined;
  }
}
