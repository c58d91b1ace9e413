// Installs VS Code servers from the npm registry into a cache folder. Node's built-ins only.
// From the command line: `node test/host/install.mjs newest oldest`.
import { copyFileSync, existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs';
import { readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { beforeEnd, endEverything, endEverythingOnSignals, isAlive, npm, run } from './processes.mjs';

/** Raised when the way of installing changes, so that older installs are redone. */
const RECIPE = 1;

const RIPGREP = '@vscode/ripgrep-universal@1.18.0';

/**
 * The two ends of what `engines.vscode` promises. npm's code-server package holds a whole VS Code server under lib/vscode.
 * `nodeMajors`: versions of Node that run it (measured); when ours is none of them, `node` is fetched from npm.
 * `download`, `disk`: megabytes, measured on linux-x64.
 */
export const versions = {
  newest: {
    vscode: '1.139.1',
    codeServer: '4.139.1',
    nodeMajors: [24],
    node: '24.21.0',
    download: 220,
    disk: 360,
  },
  oldest: {
    vscode: '1.100.3',
    codeServer: '4.100.3',
    nodeMajors: [20],
    node: '20.20.2',
    download: 100,
    disk: 270,
  },
};

/** Native modules that would need a compiler, and what takes their place. */
const standIns = [
  { file: '@vscode/spdlog/index.js', from: fileURLToPath(new URL('spdlogStandIn.cjs', import.meta.url)) },
  {
    file: '@vscode/native-watchdog/index.js',
    text: 'exports.start = () => {};\nexports.exit = (code) => process.exit(code);\n',
  },
  {
    file: 'native-watchdog/index.js',
    text: 'exports.start = () => {};\nexports.exit = (code) => process.exit(code);\n',
  },
];

/** Large parts that nothing here uses: chat agents, sandboxes, container tools, diagrams in Markdown. */
const unused = [
  'node_modules/@github',
  'node_modules/@microsoft/mxc-sdk',
  'node_modules/@devcontainers',
  'extensions/copilot',
  'extensions/mermaid-markdown-features',
];

/** Where installs and data folders are kept; outside the repository so that a fresh clone finds them. */
export function cacheFolder() {
  const caches = process.env['XDG_CACHE_HOME'] || path.join(homedir(), '.cache');
  return process.env['VSCODE_FASTCGI_CACHE'] || path.join(caches, 'vscode-fastcgi');
}

/**
 * Makes sure that a VS Code server is installed and says where. Milliseconds when it is.
 * @param {'newest' | 'oldest'} name
 * @returns {Promise<{ version: string, server: string, node: string }>} absolute paths of server-main.js and of the Node that runs it
 * @throws when npm fails; the next call starts over
 */
export async function installServer(name) {
  const wanted = versions[name];
  if (!wanted) throw new Error(`There is no VS Code called "${name}". Use newest or oldest.`);
  const folder = path.join(cacheFolder(), `vscode-${wanted.vscode}`);
  const stamp = path.join(folder, 'installed.json');
  const recipe = JSON.stringify({
    recipe: RECIPE,
    node: ownNodeFits(wanted) ? null : wanted.node,
    ...wanted,
  });
  const done = () => existsSync(stamp) && readFileSync(stamp, 'utf8') === recipe;
  if (!done()) {
    mkdirSync(cacheFolder(), { recursive: true });
    await withLock(`${folder}.lock`, async () => {
      if (done()) return;
      await install(folder, wanted);
      writeFileSync(stamp, recipe);
    });
  }
  return {
    version: wanted.vscode,
    server: path.join(folder, 'vscode/out/server-main.js'),
    node: ownNodeFits(wanted) ? process.execPath : path.join(folder, 'node/bin/node'),
  };
}

async function install(folder, wanted) {
  console.log(
    `Installing VS Code ${wanted.vscode} (npm package code-server ${wanted.codeServer}) into ${folder}\n` +
      `  about ${wanted.download} MB to download, ${wanted.disk} MB on disk; nothing is installed outside that folder.`,
  );
  const started = Date.now();
  rmSync(folder, { recursive: true, force: true });
  const parts = path.join(folder, 'parts');
  mkdirSync(parts, { recursive: true });
  await unpack(`code-server@${wanted.codeServer}`, {
    parts,
    into: folder,
    member: 'package/lib/vscode',
    strip: 2,
  });
  if (!ownNodeFits(wanted)) await installNode(folder, parts, wanted);
  const vscode = path.join(folder, 'vscode');
  // `npm ci` refuses: the package's own shrinkwrap and package.json disagree. `npm install` still follows the shrinkwrap.
  await npmOrThrow(['install', '--omit=dev', '--ignore-scripts'], vscode);
  replaceNativeModules(vscode);
  await installRipgrep(vscode, parts);
  for (const name of [...unused, '../parts'])
    rmSync(path.join(vscode, name), { recursive: true, force: true });
  console.log(`Installed VS Code ${wanted.vscode} in ${Math.round((Date.now() - started) / 1000)} s.`);
}

/** Of npm's `node` only the binary for this machine: the package itself would run an install script to choose it. */
async function installNode(folder, parts, wanted) {
  if (process.platform !== 'linux') {
    throw new Error(
      `VS Code ${wanted.vscode} needs Node ${wanted.nodeMajors.join(' or ')} here; this is ${process.version}.`,
    );
  }
  const into = path.join(folder, 'node');
  mkdirSync(into);
  await unpack(`node-linux-${process.arch}@${wanted.node}`, {
    parts,
    into,
    member: 'package/bin/node',
    strip: 1,
  });
}

/** Searching files starts ripgrep. The newest server brings it; the older one would fetch it from GitHub in an install script. */
async function installRipgrep(vscode, parts) {
  const older = path.join(vscode, 'node_modules/@vscode/ripgrep');
  if (existsSync(older)) {
    const binary = `package/bin/${process.platform}-${process.arch}/rg`;
    mkdirSync(path.join(older, 'bin'), { recursive: true });
    await unpack(RIPGREP, { parts, into: path.join(older, 'bin'), member: binary, strip: 3 });
  }
  const all = path.join(vscode, 'node_modules/@vscode/ripgrep-universal/bin');
  if (!existsSync(all)) return;
  for (const name of readdirSync(all)) {
    if (name !== `${process.platform}-${process.arch}`) rmSync(path.join(all, name), { recursive: true });
  }
}

function replaceNativeModules(vscode) {
  for (const { file, from, text } of standIns) {
    const target = path.join(vscode, 'node_modules', file);
    if (!existsSync(path.dirname(target))) continue;
    if (from) copyFileSync(from, target);
    else writeFileSync(target, text);
  }
}

/** Fetches one npm package and unpacks one member of it; npm checks the registry's integrity hash. */
async function unpack(specification, { parts, into, member, strip }) {
  const folder = path.join(parts, specification.replaceAll(/[@/]/g, '_'));
  mkdirSync(folder, { recursive: true });
  await npmOrThrow(['pack', '--silent', specification], folder);
  const archive = path.join(folder, readdirSync(folder)[0]);
  const args = ['-xzf', archive, '-C', into, `--strip-components=${strip}`, member];
  orThrow(`Unpacking ${specification}`, await run('tar', args, { quiet: true }));
}

async function npmOrThrow(args, cwd) {
  const all = [...args, '--no-audit', '--no-fund', '--no-update-notifier'];
  orThrow(`npm ${args.join(' ')}`, await npm(all, { cwd, env: withoutProject(process.env), quiet: true }));
}

function orThrow(what, { code, output }) {
  if (code === 0) return;
  throw new Error(`${what} failed with ${code}:\n${output.trim().split('\n').slice(-15).join('\n')}`);
}

/** `npm test` tells its children which project they belong to; the packages fetched here belong to none. */
function withoutProject(env) {
  const foreign =
    /^(npm_(package|lifecycle)_|npm_config_(local_prefix|global_prefix|omit|include)$|INIT_CWD$)/;
  return Object.fromEntries(Object.entries(env).filter(([name]) => !foreign.test(name)));
}

function ownNodeFits(wanted) {
  return wanted.nodeMajors.includes(Number(process.versions.node.split('.')[0]));
}

/** Only one process installs at a time; a lock whose owner is dead is taken over. */
async function withLock(lock, work) {
  while (!takeLock(lock)) {
    if (lockIsStale(lock)) breakLock(lock);
    else await sleep(300);
  }
  const release = beforeEnd(() => rmSync(lock, { recursive: true, force: true }));
  try {
    await work();
  } finally {
    await release();
  }
}

function takeLock(lock) {
  try {
    mkdirSync(lock);
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
  writeFileSync(path.join(lock, 'pid'), String(process.pid));
  return true;
}

function lockIsStale(lock) {
  try {
    const pid = Number(readFileSync(path.join(lock, 'pid'), 'utf8'));
    if (pid > 0) return !isAlive(pid);
  } catch {
    // Its owner has not written its number yet, or died before it could.
  }
  return existsSync(lock) && Date.now() - statSync(lock).mtimeMs > 10_000;
}

/** Renamed first: of two that find it stale, only one gets it. */
function breakLock(lock) {
  const aside = `${lock}.${process.pid}`;
  try {
    renameSync(lock, aside);
  } catch {
    return;
  }
  rmSync(aside, { recursive: true, force: true });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  endEverythingOnSignals();
  try {
    for (const name of process.argv.slice(2)) console.log(await installServer(name));
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
  await endEverything();
}
