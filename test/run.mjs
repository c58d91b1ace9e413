// What `npm test` does: installs what is missing, then builds, checks and runs every suite. Node's built-ins only.
//   npm test -- [--only unit,oracle] [--no-skip]
// The last line is "N passed, N failed", and ", N skipped" when there were any. With CI=true or --no-skip a skip is a failure.
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { installDependencies, root } from './host/dependencies.mjs';
import { findDesktop } from './host/desktop.mjs';
import { installServer, versions } from './host/install.mjs';
import { findPeersFirst, installPeers } from './host/peers.mjs';
import { endEverything, endEverythingOnSignals, LONG_GRACE, npm } from './host/processes.mjs';
import { findBrowser } from './host/server.mjs';

const results = path.join(root, 'test-output/results');
/** Lines of a failure's message that are shown at the end. */
const FAILURE_LINES = 20;

/**
 * One stage after the other; the steps of a stage at the same time, where each alone would leave a core idle. A check without
 * tests of its own counts as one. Minutes are limits, not expectations.
 */
const stages = [
  [{ name: 'build', script: 'build', minutes: 2 }],
  [
    { name: 'format', script: 'format:check', minutes: 2 },
    { name: 'lint', script: 'lint', minutes: 3 },
    { name: 'types', script: 'typecheck', minutes: 3 },
  ],
  [vitest('unit', 7)],
  [vitest('oracle', 12)],
  [host('newest'), host('oldest')],
  [{ ...vitest('ui', 14), needsBuild: true }],
];
const steps = stages.flat();

/** What needs nothing but npm's packages, and so can go on while the rest is installed. */
const withoutPeers = new Set(['build', 'format', 'lint', 'types']);

function vitest(name, minutes) {
  const file = path.join(results, `${name}.json`);
  const args = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
  return { name, script: name, args, file, minutes, read: readVitest };
}

function host(version) {
  const name = `host-${version}`;
  const file = path.join(results, `${name}.json`);
  return {
    name,
    script: 'host',
    args: ['--version', version],
    file,
    minutes: 6,
    read: JSON.parse,
    needsBuild: true,
    whyNot: noEditor,
  };
}

function noEditor() {
  if (findBrowser()) return undefined;
  const desktop = findDesktop() ? ' (`npm run host -- --desktop` uses the VS Code of this desktop)' : '';
  return `there is no Chromium to show VS Code in${desktop}`;
}

/**
 * Counts of vitest's JSON report, and what failed: `{file, test, message}` each. A file that could not even be loaded has no tests,
 * and is one failure.
 */
function readVitest(text) {
  const report = JSON.parse(text);
  const failures = report.testResults.flatMap(({ name: file, status, message, assertionResults }) => {
    const tests = assertionResults.filter((test) => test.status === 'failed');
    if (status === 'failed' && tests.length === 0) return [{ file, test: 'the file itself', message }];
    return tests.map((test) => ({ file, test: test.fullName, message: test.failureMessages.join('\n') }));
  });
  return {
    passed: report.numPassedTests,
    failed: failures.length,
    skipped: report.numPendingTests + report.numTodoTests,
    failures,
  };
}

/**
 * Runs one step and says how it went: `{name, seconds, passed, failed, skipped, remark?}`. `quiet`: what it prints is shown in
 * one piece at its end.
 */
async function runStep(step, { buildFailed, quiet }) {
  if (!quiet) console.log(`\n=== ${step.name}`);
  const started = Date.now();
  const { output, ...counts } = await countStep(step, { buildFailed, quiet });
  if (quiet) console.log(`\n=== ${step.name}\n${output ?? ''}`);
  return { name: step.name, seconds: (Date.now() - started) / 1000, ...counts };
}

async function countStep(step, { buildFailed, quiet }) {
  const whyNot = step.whyNot?.();
  if (whyNot) return { passed: 0, failed: 0, skipped: 1, remark: whyNot };
  if (step.needsBuild && buildFailed)
    return { passed: 0, failed: 1, skipped: 0, remark: 'not run: the build failed' };
  if (step.file) rmSync(step.file, { force: true });
  const { code, timedOut, output } = await npm(['run', '--silent', step.script, '--', ...(step.args ?? [])], {
    cwd: root,
    quiet,
    timeoutSeconds: step.minutes * 60,
  });
  const remark = timedOut
    ? `ended after ${step.minutes} minutes`
    : code === 0
      ? undefined
      : `ended with ${code}`;
  const failed = code === 0 ? 0 : 1;
  if (!step.file) return { passed: 1 - failed, failed, skipped: 0, remark, output };
  if (!existsSync(step.file))
    return { passed: 0, failed: 1, skipped: 0, remark: remark ?? 'wrote no results', output };
  const counts = step.read(readFileSync(step.file, 'utf8'));
  return { ...counts, failed: Math.max(counts.failed, failed), remark, output };
}

function choose(only) {
  const names = only?.split(',') ?? steps.map((step) => step.name);
  const unknown = names.filter((name) => !steps.some((step) => step.name === name));
  if (unknown.length > 0)
    throw new Error(
      `There is no suite ${unknown.join(', ')}. There are: ${steps.map((step) => step.name).join(', ')}`,
    );
  const wanted = stages.map((stage) => stage.filter((step) => names.includes(step.name)));
  if (wanted.flat().some((step) => step.needsBuild)) wanted[0] = stages[0];
  return wanted.filter((stage) => stage.length > 0);
}

function describe({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

function sum(outcomes, strict) {
  const total = { passed: 0, failed: 0, skipped: 0 };
  for (const outcome of outcomes) for (const key of Object.keys(total)) total[key] += outcome[key];
  return strict ? { ...total, failed: total.failed + total.skipped, skipped: 0 } : total;
}

/** What failed, once more at the end: the last page of a long log is what one looks at first. */
function printFailures(outcomes) {
  for (const { name, failures = [] } of outcomes) {
    for (const { file, test, message } of failures) {
      console.log(`\n=== failed in ${name}: ${path.relative(root, file)}: ${test}`);
      console.log(message.split('\n').slice(0, FAILURE_LINES).join('\n'));
    }
  }
}

function printSummary(outcomes, { strict, seconds }) {
  console.log('\n=== summary');
  for (const outcome of outcomes) {
    const remark = outcome.remark ? ` (${outcome.remark})` : '';
    console.log(
      `${outcome.name.padEnd(12)} ${outcome.seconds.toFixed(1).padStart(6)} s  ${describe(outcome)}${remark}`,
    );
  }
  console.log(`${'total'.padEnd(12)} ${seconds.toFixed(1).padStart(6)} s`);
  if (strict && outcomes.some((outcome) => outcome.skipped > 0))
    console.log('Skipped tests count as failed here.');
}

/** Both versions of VS Code. A failure is not told here: the suite that wants the editor tries again, and says why it cannot. */
async function installEditors() {
  await Promise.allSettled(Object.keys(versions).map((name) => installServer(name)));
}

async function main() {
  const { values } = parseArgs({ options: { only: { type: 'string' }, 'no-skip': { type: 'boolean' } } });
  const strict = values['no-skip'] === true || process.env['CI'] === 'true';
  const chosen = choose(values.only);
  const started = Date.now();
  findPeersFirst();
  const peers = installPeers();
  await installDependencies();
  const editors = chosen.flat().some((step) => step.needsBuild) ? installEditors() : undefined;
  mkdirSync(results, { recursive: true });
  const outcomes = [];
  for (const stage of chosen) {
    if (!stage.every((step) => withoutPeers.has(step.name))) await Promise.all([peers, editors]);
    const buildFailed = outcomes.some((outcome) => outcome.name === 'build' && outcome.failed > 0);
    const options = { buildFailed, quiet: stage.length > 1 };
    outcomes.push(...(await Promise.all(stage.map((step) => runStep(step, options)))));
  }
  await Promise.all([peers, editors]);
  printFailures(outcomes);
  printSummary(outcomes, { strict, seconds: (Date.now() - started) / 1000 });
  const total = sum(outcomes, strict);
  console.log(describe(total));
  return total.failed === 0 ? 0 : 1;
}

endEverythingOnSignals(LONG_GRACE);
try {
  process.exitCode = await main();
} catch (error) {
  console.error(error.message);
  console.log('0 passed, 1 failed');
  process.exitCode = 1;
}
await endEverything();
