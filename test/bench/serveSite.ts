import { once } from 'node:events';
import * as http from 'node:http';
import * as os from 'node:os';
import * as path from 'node:path';
import { startRunner } from '../../src/runner';

// Serves a site for the bench, in a process of its own; writes its port. With `first` it asks the first question itself, and
// writes how many microseconds that took from the start of the runner.
const [root = '.', mode] = process.argv.slice(2);
const began = performance.now();
const runner = await startRunner({
  root,
  accessLog: path.join(os.tmpdir(), `bench-access-${process.pid}.log`),
});
if (mode === 'first') {
  const request = http.get({ port: runner.port, host: '127.0.0.1', path: '/project/page?x=1', agent: false });
  const [answer] = (await once(request, 'response')) as [http.IncomingMessage];
  await once(answer.resume(), 'end');
  if (answer.statusCode !== 200) throw new Error(`the first answer was ${answer.statusCode}`);
  process.stdout.write(`${Math.round((performance.now() - began) * 1000)}\n`);
} else process.stdout.write(`${runner.port}\n`);
process.once('SIGTERM', () => void runner.dispose().then(() => process.exit(0)));
