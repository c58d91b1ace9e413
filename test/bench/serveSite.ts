import * as os from 'node:os';
import * as path from 'node:path';
import { startRunner } from '../../src/runner';
import { serve } from './turns';

// Serves a site for the bench.
const [root = '.', mode] = process.argv.slice(2);
const accessLog = path.join(os.tmpdir(), `bench-access-${process.pid}.log`);
await serve(mode === 'turns', () => startRunner({ root, dispatcher: 'project/dispatch.fcgi', accessLog }));
