// Makes a fresh clone usable: npm's dependencies. Node's built-ins only.
import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { npm } from './processes.mjs';

/** The repository's root, absolute. */
export const root = path.resolve(fileURLToPath(new URL('../..', import.meta.url)));

const OLDEST_NODE = 20;

/**
 * Runs `npm ci` when node_modules is missing or older than package-lock.json.
 * @throws when Node is too old or npm fails
 */
export async function installDependencies() {
  const major = Number(process.versions.node.split('.')[0]);
  if (major < OLDEST_NODE)
    throw new Error(`Node ${OLDEST_NODE} or newer is needed; this is ${process.version}.`);
  if (!outdated()) return;
  console.log('Installing the npm packages of package-lock.json into node_modules (about 300 MB): npm ci');
  const { code } = await npm(['ci', '--no-audit', '--no-fund'], { cwd: root });
  if (code !== 0) throw new Error(`npm ci failed with ${code}.`);
}

/** npm writes this file at the end of an install, so a broken one counts as none. */
function outdated() {
  const installed = path.join(root, 'node_modules/.package-lock.json');
  return (
    !existsSync(installed) ||
    statSync(installed).mtimeMs < statSync(path.join(root, 'package-lock.json')).mtimeMs
  );
}
