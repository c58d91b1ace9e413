// Runs the suites of test/host/suite inside a real VS Code, through @vscode/test-electron.
//   node test/host/runTests.mjs [--version newest|oldest] [--desktop] [--suite NAME]
// Suites directly in the folder form the suite "main"; a sub-folder is a suite with a window of its own. Its workspace.json
// may name the sample site to open, `{"site": "classic"}`, and user `settings`. The window gets a copy that tests may change.
// Results: test-output/results/host-VERSION.json, `{"passed": n, "failed": n, "skipped": n}`.
import { build } from 'esbuild';
import { once } from 'node:events';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { runTests } from '@vscode/test-electron';
import { findDesktop } from './desktop.mjs';
import { endEverything, onParentEnd } from './processes.mjs';

const root = path.resolve(fileURLToPath(new URL('../..', import.meta.url)));
const suiteFolder = path.join(root, 'test/host/suite');
const resultsFolder = path.join(root, 'test-output/results');

const { values } = parseArgs({
  options: {
    version: { type: 'string', default: 'newest' },
    desktop: { type: 'boolean', default: false },
    suite: { type: 'string' },
  },
});

let interrupted = false;
// test-electron ends its VS Code on SIGINT only.
process.on('SIGINT', () => (interrupted = true));
const interrupt = () => process.kill(process.pid, 'SIGINT');
for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, interrupt);
onParentEnd(interrupt);

const name = `host-${values.desktop ? 'desktop' : values.version}`;
// Of its own, so that two versions can be tested at the same time.
const bundleFolder = path.join(root, 'dist/test', name);
mkdirSync(resultsFolder, { recursive: true });
const suites = findSuites().filter((suite) => !values.suite || suite.name === values.suite);
await bundle(suites);
const total = { passed: 0, failed: 0, skipped: 0 };
for (const suite of suites) {
  if (interrupted) break;
  const counts = await runSuite(suite);
  for (const key of Object.keys(total)) total[key] += counts[key];
}
writeFileSync(path.join(resultsFolder, `${name}.json`), JSON.stringify(total));
await endEverything();
process.exit(interrupted ? 130 : total.failed > 0 || suites.length === 0 ? 1 : 0);

function findSuites() {
  const entries = readdirSync(suiteFolder, { withFileTypes: true });
  const folders = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  return ['', ...folders.toSorted()]
    .map((folder) => ({
      name: folder || 'main',
      files: testFiles(path.join(suiteFolder, folder)),
      ...readWorkspace(path.join(suiteFolder, folder, 'workspace.json')),
    }))
    .filter((suite) => suite.files.length > 0);
}

function testFiles(folder) {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.test.ts'))
    .toSorted()
    .map((file) => path.join(folder, file));
}

function readWorkspace(file) {
  const { site = 'classic', settings = {} } = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
  return { site, settings };
}

/** Every test file becomes one bundle; `vscode` comes from the extension host, mocha (an ES module) from node_modules. */
async function bundle(suites) {
  rmSync(bundleFolder, { recursive: true, force: true });
  await build({
    entryPoints: [path.join(suiteFolder, 'index.ts'), ...suites.flatMap((suite) => suite.files)],
    outbase: suiteFolder,
    outdir: bundleFolder,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    sourcemap: 'inline',
    external: ['vscode', 'mocha', 'cpu-features', '*.node'],
    logLevel: 'warning',
  });
}

/** One VS Code, one workspace. What it does not report counts as one failure: a crash must not look like success. */
async function runSuite(suite) {
  const label = `${name}-${suite.name}`;
  console.log(`\n${label}: test/sites/${suite.site}`);
  const temporary = mkdtempSync(path.join(tmpdir(), 'vscode-fastcgi-'));
  const results = path.join(resultsFolder, `${label}.json`);
  rmSync(results, { force: true });
  try {
    await runTests(testOptions({ suite, label, temporary, results, port: await freePort() }));
  } catch (error) {
    console.error(`${label}: ${error.message}`);
    if (!existsSync(results)) return { passed: 0, failed: 1, skipped: 0 };
    const counts = JSON.parse(readFileSync(results, 'utf8'));
    return { ...counts, failed: Math.max(counts.failed, 1) };
  } finally {
    rmSync(temporary, { recursive: true, force: true, maxRetries: 5 });
  }
  return existsSync(results)
    ? JSON.parse(readFileSync(results, 'utf8'))
    : { passed: 0, failed: 1, skipped: 0 };
}

/** For the local server of a site: two versions may be tested at the same time. */
async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  return port;
}

function testOptions({ suite, label, temporary, results, port }) {
  const workspace = path.join(temporary, suite.site);
  cpSync(path.join(root, 'test/sites', suite.site), workspace, { recursive: true, verbatimSymlinks: true });
  writeFileSync(
    path.join(workspace, '.vscode/fastcgi.json'),
    JSON.stringify({ documentRoot: '.', runner: { port } }),
  );
  // As a file of folders, so that tests can add more of them without a restart of the extension host.
  const folders = path.join(temporary, 'tested.code-workspace');
  writeFileSync(folders, JSON.stringify({ folders: [{ path: suite.site }] }));
  const data = path.join(temporary, 'data');
  mkdirSync(path.join(data, 'User'), { recursive: true });
  writeFileSync(path.join(data, 'User/settings.json'), JSON.stringify(suite.settings));
  const compiled = (file) =>
    path.join(bundleFolder, path.relative(suiteFolder, file).replace(/\.ts$/, '.js'));
  return {
    vscodeExecutablePath: values.desktop
      ? findDesktop()
      : fileURLToPath(new URL('launcher.mjs', import.meta.url)),
    extensionDevelopmentPath: root,
    extensionTestsPath: path.join(bundleFolder, 'index.js'),
    launchArgs: [
      folders,
      `--user-data-dir=${data}`,
      `--extensions-dir=${path.join(temporary, 'extensions')}`,
    ],
    extensionTestsEnv: {
      VSCODE_VERSION: values.version,
      LAUNCHER_SCREENSHOT: path.join(root, 'test-output/screenshots', `${label}-failed.png`),
      SITE_PORT: String(port),
      TEST_FILES: JSON.stringify(suite.files.map(compiled)),
      TEST_RESULTS: results,
    },
  };
}
