// What `npm test` does: installs what is missing, then builds, checks and runs every suite. Node's built-ins only.
//   npm test -- [--only unit,oracle] [--no-skip]
// The last line is "N passed, N failed", and ", N skipped" when there were any. With CI=true or --no-skip a skip is a failure.
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { installDependencies, root } from './host/dependencies.mjs';
import { findDesktop } from './host/desktop.mjs';
import { findPeersFirst, installPeers } from './host/peers.mjs';
import { endEverything, endEverythingOnSignals, LONG_GRACE, npm } from './host/processes.mjs';
import { findBrowser } from './host/server.mjs';

const results = path.join(root, 'test-output/results');

/** A check without tests of its own counts as one. Minutes are limits, not expectations. */
const steps = [
  { name: 'build', script: 'build', minutes: 2 },
  { name: 'format', script: 'format:check', minutes: 2 },
  { name: 'lint', script: 'lint', minutes: 3 },
  { name: 'types', script: 'typecheck', minutes: 3 },
  vitest('unit', 7),
  vitest('oracle', 12),
  host('newest'),
  host('oldest'),
  { ...vitest('ui', 14), needsBuild: true },
];

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

/** Counts of vitest's JSON report. A file that could not even be loaded has no tests, and is one failure. */
function readVitest(text) {
  const report = JSON.parse(text);
  const broken = report.testResults.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'),
  );
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + broken.length,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}

/** Runs one step and says how it went: `{name, seconds, passed, failed, skipped, remark?}`. */
async function runStep(step, buildFailed) {
  console.log(`\n=== ${step.name}`);
  const started = Date.now();
  const counts = await countStep(step, buildFailed);
  return { name: step.name, seconds: (Date.now() - started) / 1000, ...counts };
}

async function countStep(step, buildFailed) {
  const whyNot = step.whyNot?.();
  if (whyNot) return { passed: 0, failed: 0, skipped: 1, remark: whyNot };
  if (step.needsBuild && buildFailed)
    return { passed: 0, failed: 1, skipped: 0, remark: 'not run: the build failed' };
  if (step.file) rmSync(step.file, { force: true });
  const { code, timedOut } = await npm(['run', '--silent', step.script, '--', ...(step.args ?? [])], {
    cwd: root,
    timeoutSeconds: step.minutes * 60,
  });
  const remark = timedOut
    ? `ended after ${step.minutes} minutes`
    : code === 0
      ? undefined
      : `ended with ${code}`;
  const failed = code === 0 ? 0 : 1;
  if (!step.file) return { passed: 1 - failed, failed, skipped: 0, remark };
  if (!existsSync(step.file))
    return { passed: 0, failed: 1, skipped: 0, remark: remark ?? 'wrote no results' };
  const counts = step.read(readFileSync(step.file, 'utf8'));
  return { ...counts, failed: Math.max(counts.failed, failed), remark };
}

function choose(only) {
  const names = only?.split(',') ?? steps.map((step) => step.name);
  const unknown = names.filter((name) => !steps.some((step) => step.name === name));
  if (unknown.length > 0)
    throw new Error(
      `There is no suite ${unknown.join(', ')}. There are: ${steps.map((step) => step.name).join(', ')}`,
    );
  const wanted = steps.filter((step) => names.includes(step.name));
  const build = wanted.some((step) => step.needsBuild) && !names.includes('build');
  return build ? [steps[0], ...wanted] : wanted;
}

function describe({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

function sum(outcomes, strict) {
  const total = { passed: 0, failed: 0, skipped: 0 };
  for (const outcome of outcomes) for (const key of Object.keys(total)) total[key] += outcome[key];
  return strict ? { ...total, failed: total.failed + total.skipped, skipped: 0 } : total;
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

async function main() {
  const { values } = parseArgs({ options: { only: { type: 'string' }, 'no-skip': { type: 'boolean' } } });
  const strict = values['no-skip'] === true || process.env['CI'] === 'true';
  const chosen = choose(values.only);
  const started = Date.now();
  findPeersFirst();
  await Promise.all([installDependencies(), installPeers()]);
  mkdirSync(results, { recursive: true });
  const outcomes = [];
  for (const step of chosen)
    outcomes.push(
      await runStep(
        step,
        outcomes.some((outcome) => outcome.name === 'build' && outcome.failed > 0),
      ),
    );
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
