import * as os from 'node:os';
import * as path from 'node:path';
import { keepCode } from '../../src/codeCache/keepCode';
import { startRunner } from '../../src/runner';
import { serve } from './turns';

// Serves a site for the bench, and keeps its code as `fastcgi serve` does.
const [root = '.', mode] = process.argv.slice(2);
const accessLog = path.join(os.tmpdir(), `bench-access-${process.pid}.log`);
process.once('exit', () => keepCode('serve'));
void serve(mode === 'turns', () => startRunner({ root, dispatcher: 'project/dispatch.fcgi', accessLog }));
