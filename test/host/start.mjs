// What `npm start` does: opens the sample site in VS Code with the extension built from here, and runs the site. Node's
// built-ins only, so that a fresh clone needs nothing but Node and npm.
//   npm start [-- --no-editor]
// The editor is the desktop's VS Code ($VSCODE, else `code` in PATH), else one from npm, shown in a browser.
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { installDependencies, root } from './dependencies.mjs';
import { findDesktop } from './desktop.mjs';
import { cacheFolder, installServer } from './install.mjs';
import { beforeEnd, endEverything, endEverythingOnSignals, npm, start } from './processes.mjs';
import { quietSettings, startServer, workbenchUrl, writeUserSettings } from './server.mjs';

const site = path.join(root, 'test/sites/classic');
const dataFolder = path.join(cacheFolder(), 'start');

/** The first ports that are tried. */
const SITE_PORT = 8400;
const EDITOR_PORT = 8500;

const SITE_START_LIMIT = 20_000;

endEverythingOnSignals();
try {
  await main();
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
await endEverything();
process.exit();

async function main() {
  const { values } = parseArgs({ options: { 'no-editor': { type: 'boolean', default: false } } });
  await installDependencies();
  console.log('Building the extension ...');
  const { code, output } = await npm(['run', '--silent', 'build'], { cwd: root, quiet: true });
  if (code !== 0) throw new Error(`The build failed:\n${output}`);
  const runner = await startSite();
  const editor = values['no-editor'] ? undefined : await startEditor();
  const names = { site: 'The sample site', editor: 'VS Code with it' };
  console.log(`\n  ${names.site}   ${runner.address}`);
  if (editor) console.log(`  ${names.editor}   ${editor.address}`);
  console.log('\nPress Ctrl-C to end.');
  await Promise.race([runner.ended, ...(editor ? [editor.ended] : [])]);
}

/** Runs the sample site with the `fastcgi` command that was just built. */
async function startSite() {
  const port = await freePort(SITE_PORT);
  const child = start(
    process.execPath,
    [path.join(root, 'dist/cli.js'), 'serve', site, '--port', String(port)],
    { cwd: root },
  );
  const ended = end(child, 'The local runner');
  const limit = Date.now() + SITE_START_LIMIT;
  while (child.exitCode === null && !(await accepts(port))) {
    if (Date.now() > limit) throw new Error(`The local runner did not listen on port ${port} within 20 s.`);
    await sleep(100);
  }
  if (child.exitCode !== null) await ended;
  return { address: `http://127.0.0.1:${port}/`, ended };
}

function startEditor() {
  const desktop = findDesktop();
  return desktop ? startDesktop(desktop) : startInBrowser();
}

/** Own data folders: the visitor's settings and extensions stay as they are, and the sample opens trusted. */
function startDesktop(executable) {
  const args = ['--new-window', '--wait', '--disable-workspace-trust', '--skip-welcome', '--disable-updates'];
  const data = path.join(dataFolder, 'desktop');
  args.push('--user-data-dir', data, '--extensions-dir', path.join(dataFolder, 'desktop-extensions'));
  args.push(`--extensionDevelopmentPath=${root}`, site);
  const child = start(executable, args);
  beforeEnd(() => endDesktop(path.join(data, 'code.lock')));
  return { address: `opens in a window of its own (${executable})`, ended: end(child, 'VS Code') };
}

/** `code` only asks the real program to open a window; that one writes its process id here. */
function endDesktop(lock) {
  if (!existsSync(lock)) return;
  const pid = Number(readFileSync(lock, 'utf8'));
  if (pid > 1) process.kill(pid, 'SIGTERM');
}

async function startInBrowser() {
  const installed = await installServer('newest');
  console.log(
    `VS Code ${installed.version} and its data are kept in ${cacheFolder()}; remove that folder to be rid of them.`,
  );
  if (!existsSync(path.join(dataFolder, 'data/User/settings.json')))
    writeUserSettings(dataFolder, quietSettings);
  linkExtension();
  const port = await freePort(EDITOR_PORT);
  const server = await startServer({ installed, dataFolder, port, token: keptToken() });
  const address = workbenchUrl(server, { folder: site });
  if (process.env['DISPLAY'])
    start('xdg-open', [address], { stdio: 'ignore' }).once('error', () => undefined);
  return { address, ended: end(server.child, 'The VS Code server') };
}

/** Extensions are scanned anew only where their list is missing, so a rebuilt manifest is seen at every start. */
function linkExtension() {
  const manifest = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  const extensions = path.join(dataFolder, 'extensions');
  rmSync(extensions, { recursive: true, force: true });
  rmSync(path.join(dataFolder, 'data/CachedProfilesData'), { recursive: true, force: true });
  mkdirSync(extensions, { recursive: true });
  symlinkSync(
    root,
    path.join(extensions, `${manifest.publisher}.${manifest.name}-${manifest.version}`),
    'dir',
  );
}

/** The same token every time, so that the address can be kept; readable for its owner only. */
function keptToken() {
  const file = path.join(dataFolder, 'token');
  if (!existsSync(file)) writeFileSync(file, randomBytes(24).toString('hex'), { mode: 0o600 });
  return readFileSync(file, 'utf8');
}

/** Settles when a child ends; a bad end is an error. */
async function end(child, name) {
  const code = await new Promise((resolve, reject) => {
    child.once('exit', (status, signal) => resolve(status ?? signal));
    child.once('error', (error) => reject(new Error(`${name} cannot be started: ${error.message}`)));
  });
  if (code !== 0) throw new Error(`${name} ended with ${code}.`);
  console.log(`${name} ended.`);
}

async function freePort(first) {
  for (let port = first; port < first + 100; port++) if (await isFree(port)) return port;
  throw new Error(`No port from ${first} to ${first + 99} is free.`);
}

function isFree(port) {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

function accepts(port) {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}
