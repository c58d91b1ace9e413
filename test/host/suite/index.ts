import Mocha from 'mocha';
import { writeFileSync } from 'node:fs';

/**
 * Runs the test files named in $TEST_FILES (a JSON list) inside the extension host and writes how many passed, failed and
 * were skipped to $TEST_RESULTS. VS Code calls it; a rejection becomes its exit code 1.
 */
export async function run(): Promise<void> {
  const mocha = new Mocha({ ui: 'bdd', timeout: 30_000, color: true });
  for (const file of JSON.parse(process.env['TEST_FILES'] ?? '[]') as string[]) mocha.addFile(file);
  const stats = await new Promise<Mocha.Stats>((resolve) => {
    const runner = mocha.run(() => resolve(runner.stats ?? noStats));
  });
  const counts = { passed: stats.passes, failed: stats.failures, skipped: stats.pending };
  writeFileSync(process.env['TEST_RESULTS'] ?? '', JSON.stringify(counts));
  if (counts.failed > 0) throw new Error(`${counts.failed} tests failed`);
  if (counts.passed === 0) throw new Error('No test ran');
}

const noStats: Mocha.Stats = { suites: 0, tests: 0, passes: 0, pending: 0, failures: 1 };
