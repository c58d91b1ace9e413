import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import * as net from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { evaluate } from '../../src/apache/request';
import { perlPlan, phpPlan, rubyPlan, type DebugPlan, type PlanInput } from '../../src/extension/debug/plans';
import { programStart, type ProgramCommand } from '../../src/runner';
import { ask, testSite, type TestSite } from '../runner/testSite';

/** What the programs of other languages do when they are started for their debuggers: the real interpreters, and a debugger that only listens. */
const has = (command: string, ...args: string[]) => spawnSync(command, args).status === 0;
const hasXdebug = spawnSync('php-cgi', ['-m'], { encoding: 'utf8' }).stdout?.includes('Xdebug') ?? false;
const PHP = '#!/usr/bin/env php-cgi\n<?php $name = "PHP";\necho "Hello from $name";\n';
const PERL = `#!/usr/bin/env perl
use FCGI;
my $request = FCGI::Request();
while ($request->Accept() >= 0) { print "Content-Type: text/plain\\r\\n\\r\\nHello from Perl"; }
`;

let site: TestSite | undefined;
let server: net.Server | undefined;

afterEach(async () => {
  await site?.dispose();
  server?.close();
});

async function listening(): Promise<number> {
  server = net.createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as net.AddressInfo).port;
}

async function serve(
  program: string,
  port: number,
  plan: (input: PlanInput) => DebugPlan,
  name = 'run.fcgi',
): Promise<TestSite> {
  const prepare = async (command: ProgramCommand) => {
    const start = programStart(command, process.env['PATH'] ?? '');
    return plan({ name, dispatcher: command.file, start, port }).preparation;
  };
  const files = { '.htaccess': `RewriteEngine On\nRewriteRule ^app ${name}\n`, [name]: program };
  site = await testSite(files, { evaluate, prepare, requestTimeLimit: 0, maxProcesses: 1 });
  return site;
}

/** The debugger's end of a connection, and all that the program has said there. */
class Conversation {
  readonly socket: net.Socket;
  #said = '';

  constructor(socket: net.Socket) {
    this.socket = socket;
    socket
      .on('error', () => undefined)
      .on('data', (part: Buffer) => {
        this.#said += part.toString('latin1');
      });
  }

  /** Waits until the text has come; gives what came since the last call. */
  async heard(wanted: string): Promise<string> {
    for (let tries = 0; !this.#said.includes(wanted); tries++) {
      if (tries === 500) throw new Error(`no ${wanted} in ${this.#said}`);
      await sleep(20);
    }
    const said = this.#said;
    this.#said = '';
    return said;
  }
}

async function connected(): Promise<Conversation> {
  if (server === undefined) throw new Error('nothing listens');
  const [socket] = (await once(server, 'connection')) as [net.Socket];
  return new Conversation(socket);
}

describe('programs under their debuggers', { timeout: 20_000 }, () => {
  it.skipIf(!hasXdebug).each([
    ['run.fcgi', PHP],
    ['index.php', PHP.replace(/^#!.*/, '<?php ?>')],
  ])(
    'PHP in %s: Xdebug connects with the request, stops at a breakpoint, and goes on',
    async (name, program) => {
      const port = await listening();
      const { runner, folder } = await serve(program, port, phpPlan, name);
      const answer = ask(runner, '/app');
      const debuggee = await connected();
      expect(await debuggee.heard('fileuri')).toContain(`${folder}/${name}`);
      debuggee.socket.write(`breakpoint_set -i 1 -t line -f file://${folder}/${name} -n 3\0run -i 2\0`);
      expect(await debuggee.heard('status="break"')).toContain('lineno="3"');
      debuggee.socket.write('property_get -i 3 -n name\0');
      expect(await debuggee.heard('transaction_id="3"')).toContain(Buffer.from('PHP').toString('base64'));
      debuggee.socket.write('detach -i 4\0');
      expect((await answer).body).toContain('Hello from PHP');
    },
  );

  it.skipIf(!has('perl', '-MFCGI', '-e', '1'))(
    'Perl: its debugger connects at the start, and is obeyed',
    async () => {
      const port = await listening();
      const { runner } = await serve(PERL, port, perlPlan);
      const answer = ask(runner, '/app');
      const debuggee = await connected();
      await debuggee.heard('DB<1>');
      debuggee.socket.write('c\n');
      expect((await answer).body).toContain('Hello from Perl');
    },
  );

  it.skipIf(!has('ruby', '-rdebug', '-e', '1'))('Ruby: waits for its debugger at the port', async () => {
    const free = await listening();
    await new Promise((resolve) => server?.close(resolve));
    const served = await serve('#!/usr/bin/env ruby\nexit 3\n', free, rubyPlan);
    const answer = ask(served.runner, '/app');
    const said = await served.waitFor('output', ({ text }) => text.includes('Debugger can attach'));
    expect(said.text).toContain(`Debugger can attach via TCP/IP (127.0.0.1:${free})`);
    await site?.dispose();
    site = undefined;
    await answer.catch(() => undefined);
  });
});
