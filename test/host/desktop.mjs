// Finds a desktop VS Code. Node's built-ins only.
import { accessSync, constants, statSync } from 'node:fs';
import path from 'node:path';

/** The desktop's VS Code: $VSCODE, else `code` in PATH; undefined when there is none. */
export function findDesktop() {
  const named = process.env['VSCODE'];
  if (named) return named;
  const names = process.platform === 'win32' ? ['code.cmd', 'code.exe'] : ['code'];
  const folders = (process.env['PATH'] ?? '').split(path.delimiter).filter(Boolean);
  return folders.flatMap((folder) => names.map((name) => path.join(folder, name))).find(isExecutable);
}

function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
