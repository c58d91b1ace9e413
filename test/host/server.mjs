// Starts and stops the VS Code server and the browser that shows its workbench.
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import path from 'node:path';
import { neededExtensions } from './builtinExtensions.mjs';
import { run, start, stop } from './processes.mjs';

/** What a test, or somebody who only wants to see the sample, must not meet: chat, welcome pages, look-ups in galleries. */
export const quietSettings = {
  'chat.disableAIFeatures': true,
  'extensions.autoCheckUpdates': false,
  'extensions.ignoreRecommendations': true,
  'git.openRepositoryInParentFolders': 'never',
  'security.workspace.trust.enabled': false,
  'telemetry.telemetryLevel': 'off',
  'window.autoDetectColorScheme': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.startupEditor': 'none',
};

/** Writes the user settings of a server's data folder (in the web, user settings belong to the server). */
export function writeUserSettings(dataFolder, settings) {
  const folder = path.join(dataFolder, 'data/User');
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'settings.json'), JSON.stringify(settings, null, 2));
}

/**
 * Starts a VS Code server on a free port of 127.0.0.1. Only who knows its token gets in: it can open terminals, and other
 * users of the machine reach the same port.
 * @param {import('./server.d.mts').ServerOptions} options
 * @returns {Promise<import('./server.d.mts').RunningServer>}
 * @throws when the server ends or says nothing for 60 s; the message has its output
 */
export async function startServer({
  installed,
  dataFolder,
  extensionsFolder,
  fewExtensions = false,
  testDriver = false,
  port = 0,
  env = {},
  token,
}) {
  const secret = token ?? randomBytes(24).toString('hex');
  const args = [
    installed.server,
    '--host',
    '127.0.0.1',
    '--port',
    String(port),
    '--connection-token',
    secret,
  ];
  args.push('--accept-server-license-terms', '--disable-telemetry', '--telemetry-level', 'off');
  args.push('--disable-experiments', '--disable-update-check', '--server-data-dir', dataFolder);
  // Without this switch a built VS Code ignores which extension and which tests the page asks for.
  if (testDriver) args.push('--enable-smoke-test-driver');
  if (fewExtensions) args.push('--builtin-extensions-dir', neededExtensions(installed, dataFolder));
  if (extensionsFolder) args.push('--extensions-dir', extensionsFolder);
  const child = start(installed.node, args, {
    env: { ...serverEnvironment(), VSCODE_PROXY_URI: await portAddress(), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const heard = await listeningPort(child);
  return {
    child,
    port: heard,
    token: secret,
    url: `http://127.0.0.1:${heard}/?tkn=${secret}`,
    stop: () => stop(child),
  };
}

/** Runs one of the server's own commands, such as --install-extension, to its end. */
export function serverCommand(installed, dataFolder, args) {
  const all = [installed.server, '--accept-server-license-terms', '--server-data-dir', dataFolder, ...args];
  return run(installed.node, all, { env: serverEnvironment(), quiet: true, timeoutSeconds: 120 });
}

/**
 * The workbench's address for a folder, with what the page is to load besides.
 * @param {import('./server.d.mts').RunningServer} server
 * @param {{ folder?: string, workspaceFile?: string, payload?: [string, string][] }} [options]
 */
export function workbenchUrl(server, { folder, workspaceFile, payload = [] } = {}) {
  const url = new URL(server.url);
  if (folder) url.searchParams.set('folder', /^\w+:\//.test(folder) ? folder : path.resolve(folder));
  else if (workspaceFile) url.searchParams.set('workspace', path.resolve(workspaceFile));
  else url.searchParams.set('ew', 'true');
  if (payload.length > 0) url.searchParams.set('payload', JSON.stringify(payload));
  return url.href;
}

/** The browser binary: $CHROMIUM, else the usual places; undefined when there is none. */
export function findBrowser() {
  const places = [
    // The same browser without windows and what belongs to them: less to start.
    '/usr/bin/chromium-headless-shell',
    '/usr/bin/chromium',
    '/usr/bin/chromium-browser',
    '/usr/bin/google-chrome',
    '/snap/bin/chromium',
  ];
  return [process.env['CHROMIUM'], ...places].find((place) => place && existsSync(place));
}

/**
 * Starts a headless Chromium.
 * @returns {Promise<import('playwright-core').Browser>}
 * @throws when there is none, saying how to get one
 */
export async function launchBrowser() {
  const executablePath = findBrowser();
  if (!executablePath)
    throw new Error(
      'There is no Chromium. Install it (Debian: apt-get install chromium-headless-shell) or name it in $CHROMIUM.',
    );
  const { chromium } = await import('playwright-core');
  const quiet = [
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    '--no-first-run',
  ];
  // Containers give root no sandbox and little /dev/shm.
  const container = ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu', '--disable-quic'];
  const signals = { handleSIGINT: false, handleSIGTERM: false, handleSIGHUP: false };
  return await chromium.launch({
    executablePath,
    headless: true,
    args: [...quiet, ...container],
    ...signals,
  });
}

/** Started from a terminal inside VS Code we would hand its variables on, and the server would believe that it is that one. */
function serverEnvironment() {
  const foreign = /^(VSCODE_(?!FASTCGI)|ELECTRON_|NODE_OPTIONS$|VITEST|npm_)/;
  const own = Object.fromEntries(Object.entries(process.env).filter(([name]) => !foreign.test(name)));
  // Without a gallery nothing is looked up on the internet. Started as by its command line, VS Code takes the environment that it
  // is given, where else it would ask a login shell, which costs a second and puts a version manager's stand-ins first.
  return { ...own, EXTENSIONS_GALLERY: '{"serviceUrl":""}', VSCODE_CLI: '1' };
}

/**
 * The address under which the workbench opens a port of this machine, for code-server to fill in. By itself it would take a path of
 * the server's own, which only code-server's wrapper answers; here a redirect leads to the port.
 */
function portAddress() {
  const redirects = createServer(({ url }, response) => {
    const [, port, rest] = /^\/(\d+)(\/.*)$/.exec(url) ?? [];
    if (port === undefined) response.writeHead(404).end();
    else response.writeHead(302, { Location: `http://localhost:${port}${rest}` }).end();
  });
  redirects.unref();
  return new Promise((resolve, reject) => {
    redirects.once('error', reject);
    redirects.listen(0, '127.0.0.1', () => resolve(`http://127.0.0.1:${redirects.address().port}/{{port}}/`));
  });
}

function listeningPort(child) {
  return new Promise((resolve, reject) => {
    let output = '';
    const fail = (what) => reject(new Error(`The VS Code server ${what}:\n${output.slice(0, 4000)}`));
    const timer = setTimeout(() => {
      void stop(child);
      fail('did not start within 60 s');
    }, 60_000);
    const listen = (part) => {
      if (output.length < 10_000) output += part;
      const match = /Extension host agent listening on (\d+)/.exec(output);
      if (!match) return;
      clearTimeout(timer);
      resolve(Number(match[1]));
    };
    child.stdout.on('data', listen);
    child.stderr.on('data', listen);
    child.once('error', (error) => fail(`cannot be started (${error.message})`));
    child.once('exit', (code) => {
      clearTimeout(timer);
      fail(`ended with ${code}`);
    });
  });
}
