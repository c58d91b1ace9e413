import * as os from 'node:os';
import * as path from 'node:path';
import { startRunner } from '../../src/runner';
import { loadOn } from './load';

// Serves a site for the bench, in a process of its own; writes its port. With `first` it asks the first question itself, and
// writes how many microseconds that took from the start of the runner.
const [root = '.', mode] = process.argv.slice(2);
const began = performance.now();
const runner = await startRunner({
  root,
  accessLog: path.join(os.tmpdir(), `bench-access-${process.pid}.log`),
});
if (mode === 'first') {
  await loadOn({ port: runner.port, connections: 1, milliseconds: 1, distinct: false });
  process.stdout.write(`${Math.round((performance.now() - began) * 1000)}\n`);
} else process.stdout.write(`${runner.port}\n`);
process.once('SIGTERM', () => void runner.dispose().then(() => process.exit(0)));
