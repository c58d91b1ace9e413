#!/usr/bin/env node
// Looks like a desktop VS Code executable to @vscode/test-electron, but runs VS Code's server and shows its workbench in a
// headless Chromium. Environment: VSCODE_VERSION (newest or oldest), LAUNCHER_TIMEOUT (seconds), LAUNCHER_SCREENSHOT (a PNG
// of the end), LAUNCHER_VERBOSE (the workbench's own log lines too).
// Exit code: 0 or 1 as the tests say, 124 time is up, 125 browser or server died, 2 wrong use.
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { format, parseArgs } from 'node:util';
import { installServer } from './install.mjs';
import { beforeEnd, endEverything, endEverythingOnSignals, onParentEnd } from './processes.mjs';
import { launchBrowser, quietSettings, startServer, workbenchUrl, writeUserSettings } from './server.mjs';

const TIME_IS_UP = 124;
const DIED = 125;

/** Those of VS Code's options that mean something here; the others are for its window and are ignored. */
const options = {
  extensionDevelopmentPath: { type: 'string', multiple: true, default: [] },
  extensionTestsPath: { type: 'string' },
  'extensions-dir': { type: 'string' },
  'user-data-dir': { type: 'string' },
  'disable-extensions': { type: 'boolean' },
};

/** Lines that the workbench logs about itself. The rest is what a terminal would show: the extension host's console. */
const workbenchNoise =
  /^(Ignoring fetching|Resolv|Creating a socket|Updating additional|ChatSessionStore|\[?\[?(reconnection|AgentHost|ChatModel|AccountPolicy|Service Worker|RemoteAgent))/;

endEverythingOnSignals();
// Whoever started us may be killed without a chance to end us.
onParentEnd(() => void endEverything().finally(() => process.exit(DIED)));
try {
  process.exitCode = await main(parseArgs({ options, strict: false, allowPositionals: true }));
} catch (error) {
  console.error(error.stack);
  process.exitCode = DIED;
}
await endEverything();
process.exit();

async function main({ values, positionals }) {
  if (!values.extensionTestsPath) {
    console.error('This launcher only runs tests: --extensionTestsPath is missing.');
    return 2;
  }
  const installed = await installServer(process.env['VSCODE_VERSION'] ?? 'newest');
  const dataFolder = values['user-data-dir'] ?? temporaryFolder();
  writeUserSettings(dataFolder, { ...quietSettings, ...desktopSettings(dataFolder) });
  const server = await startServer({
    installed,
    dataFolder,
    extensionsFolder: values['extensions-dir'],
    fewExtensions: true,
    testDriver: true,
  });
  const browser = await launchBrowser();
  beforeEnd(() => browser.close());
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  const { ended } = await watchTests({ page, server });
  const url = workbenchUrl(server, { ...workspace(positionals), payload: payload(values, server.port) });
  // On a busy machine the browser takes its time to read so large a page.
  await page.goto(url, { waitUntil: 'domcontentloaded', timeout: 120_000 });
  const code = await ended;
  const screenshot = process.env['LAUNCHER_SCREENSHOT'];
  if (screenshot && code !== 0) await page.screenshot({ path: screenshot }).catch(() => undefined);
  return code;
}

/** What the page is to load. Paths are the server's, so they carry its address. */
function payload(values, port) {
  const remote = (place) => `vscode-remote://127.0.0.1:${port}${path.resolve(place)}`;
  const pairs = values.extensionDevelopmentPath.map((place) => ['extensionDevelopmentPath', remote(place)]);
  pairs.push(['extensionTestsPath', remote(values.extensionTestsPath)]);
  if (values['disable-extensions']) pairs.push(['disableExtensions', 'true']);
  return pairs;
}

/** The workbench calls two functions of the page: one per line of the extension host's console, one with run()'s verdict. */
async function watchTests({ page, server }) {
  let resolve;
  const ended = new Promise((settle) => (resolve = settle));
  await page.exposeFunction('codeAutomationExit', resolve);
  await page.exposeFunction('codeAutomationLog', (type, args) => {
    const text = format(...args);
    if (!process.env['LAUNCHER_VERBOSE'] && workbenchNoise.test(text)) return;
    if (type === 'error') console.error(text);
    else console.log(text);
  });
  let over = false;
  void ended.then(() => (over = true));
  const died = (what) => () => {
    if (over) return;
    console.error(`${what} before the tests ended.`);
    resolve(DIED);
  };
  page.on('crash', died('The page crashed'));
  server.child.once('exit', died('The VS Code server ended'));
  const seconds = Number(process.env['LAUNCHER_TIMEOUT'] ?? 180);
  setTimeout(() => {
    console.error(`The tests did not end within ${seconds} s.`);
    resolve(TIME_IS_UP);
  }, seconds * 1000).unref();
  return { ended };
}

function workspace(positionals) {
  const place = positionals.find((candidate) => existsSync(candidate));
  if (!place) return {};
  return statSync(place).isDirectory() ? { folder: place } : { workspaceFile: place };
}

/** Where a desktop VS Code would find its user settings, so that one test setup serves both. */
function desktopSettings(dataFolder) {
  const file = path.join(dataFolder, 'User/settings.json');
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
}

function temporaryFolder() {
  const folder = mkdtempSync(path.join(tmpdir(), 'vscode-data-'));
  beforeEnd(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
