// Which of VS Code's own extensions the tests run with.
import { existsSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import path from 'node:path';

/** What a site is written in, what checks and shows the files that ours writes, and colours. */
const needed = [
  'configuration-editing',
  'css',
  'diff',
  'html',
  'ini',
  'javascript',
  'json',
  'json-language-features',
  'log',
  'markdown-basics',
  'markdown-language-features',
  'perl',
  'php',
  'python',
  'ruby',
  'search-result',
  'shellscript',
  'simple-browser',
  'theme-defaults',
  'theme-modern-icons',
  'theme-seti',
];

/**
 * Makes a folder of links to these in a server's data folder, for `--builtin-extensions-dir`, and gives its path. With all 90 of them
 * a window does a fifth more until it can be used.
 * @param {import('./install.d.mts').InstalledServer} installed
 * @param {string} dataFolder
 */
export function neededExtensions({ server }, dataFolder) {
  const all = path.join(path.dirname(server), '../extensions');
  const folder = path.join(dataFolder, 'builtin-extensions');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const name of needed) {
    const place = path.join(all, name);
    if (existsSync(place)) symlinkSync(place, path.join(folder, name), 'dir');
  }
  return folder;
}
