import * as fs from 'node:fs';
import * as net from 'node:net';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { launch } from '../../src/runner/launch';
import { interpretedCommand, launchPlan, pythonCommand } from '../../src/runner/launchPlan';
import { ownCommand, programFor } from '../../src/runner/programs';
import { ask, testSite } from './testSite';

const folders: string[] = [];

function script(name: string, text: string): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'launch-'));
  folders.push(folder);
  const file = path.join(folder, name);
  fs.writeFileSync(file, text, { mode: 0o755 });
  return file;
}

afterEach(() => {
  for (const folder of folders.splice(0)) fs.rmSync(folder, { recursive: true, force: true });
  vi.unstubAllEnvs();
});

const php = { file: 'php-cgi', program: 'php-cgi', args: ['-d', 'a=1'], folder: '/' };

describe('how a program is started', () => {
  it('is by its descriptor on Linux and macOS', () => {
    for (const platform of ['linux', 'darwin', 'freebsd'] as const)
      expect(launchPlan(platform, php)).toEqual({ kind: 'descriptor' });
  });

  it('is on a port on Windows, where the language can', () => {
    const plan = launchPlan('win32', php);
    expect(plan.kind === 'port' && plan.commandFor(9000)).toEqual([
      'php-cgi',
      '-d',
      'a=1',
      '-b',
      '127.0.0.1:9000',
    ]);
    const exe = { ...php, program: 'C:\\PHP 8\\php-cgi.exe' };
    expect(launchPlan('win32', exe).kind).toBe('port');
    const python = ownCommand(script('dispatch.fcgi', '#!/usr/bin/env python3\r\nprint(1)\n'));
    const shimmed = launchPlan('win32', python);
    const words = shimmed.kind === 'port' ? shimmed.commandFor(9001) : [];
    expect([words[0], words.at(-2), words.at(-1)]).toEqual(['python', '9001', python.file]);
  });

  it('is as CGI on Windows, where it cannot, by the interpreter of the #! line', () => {
    const file = script('x.fcgi', '#!/usr/bin/perl -w\nprint 1;\n');
    expect(launchPlan('win32', ownCommand(file)).kind).toBe('none');
    const program = programFor({ kind: 'handler', file, handler: 'fcgid-script' }, file, {}, 'win32');
    expect(program).toMatchObject({ via: 'cgi', command: { program: 'perl', args: ['-w', file] } });
    const ruby = ownCommand(script('y.cgi', '#!/usr/bin/env ruby\n'));
    expect(interpretedCommand(ruby)).toMatchObject({ program: 'ruby', args: [ruby.file] });
  });

  it('on a port works for a Python dispatcher that asks for descriptor 0', async () => {
    const text =
      '#!/usr/bin/env python3\nimport socket, sys\nlistener = socket.fromfd(0, socket.AF_UNIX, socket.SOCK_STREAM)\nconnection, _ = listener.accept()\nconnection.sendall(sys.argv[0].encode())\nconnection.close()\n';
    const command = ownCommand(script('dispatch.fcgi', text));
    const plan = {
      kind: 'port' as const,
      commandFor: (port: number) => pythonCommand('python3', command, port),
    };
    const environment = { PATH: process.env['PATH'] ?? '' };
    const { child, address } = await launch({
      command,
      environment,
      socketFolder: '/tmp',
      socketName: 'unused',
      plan,
    });
    const received = await new Promise<string>((resolve, reject) => {
      const tryAgain = (left: number): void => {
        const socket = net.connect('port' in address ? address.port : 0, '127.0.0.1');
        socket.on('error', (error) =>
          left === 0 ? reject(error) : setTimeout(() => tryAgain(left - 1), 50),
        );
        socket.on('data', (data) => resolve(data.toString()));
      };
      tryAgain(100);
    });
    child.kill('SIGKILL');
    expect(received).toBe(command.file);
  });
});

describe('folders', () => {
  it('may have a long temporary folder, blanks, quotes and other letters in their names', async () => {
    const long = path.join(os.tmpdir(), 'l'.repeat(100));
    fs.mkdirSync(long, { recursive: true });
    folders.push(long);
    vi.stubEnv('TMPDIR', long);
    const program = `#!/usr/bin/env python3
import socket, struct, os
c = socket.fromfd(0, socket.AF_UNIX, socket.SOCK_STREAM).accept()[0]
c.recv(65536)
body = ('Content-Type: text/plain\\n\\n' + os.path.basename(os.getcwd())).encode()
c.sendall(struct.pack('!BBHHBx', 1, 6, 1, len(body), 0) + body + struct.pack('!BBHHBx', 1, 3, 1, 8, 0) + bytes(8))
`;
    const site = await testSite({ 'it\'s "ä" $HOME/x.fcgi': program });
    const answer = await ask(site.runner, '/it%27s%20%22%C3%A4%22%20$HOME/x.fcgi');
    await site.dispose();
    expect(answer.body).toBe(Buffer.from('it\'s "ä" $HOME').toString('latin1'));
    expect(fs.readdirSync(long).filter((name) => !name.startsWith('site-'))).toEqual([]);
  });
});
