import { execFileSync, spawn, type ChildProcess, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import * as fs from 'node:fs';
import * as net from 'node:net';
import * as os from 'node:os';
import * as path from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { hasApache, startApache } from '../oracle/apache';
import { startPrograms } from './programs';

const BUNDLES = path.join(import.meta.dirname, '../../dist/bench');
const PATHS = ['/usr/local/bin', '/usr/bin', '/bin', '/usr/sbin'];

/** A server that is measured. */
export interface Peer {
  readonly name: string;
  readonly port: number;
  /** Process ids of the server without its programs. */
  readonly pids: () => number[];
  readonly stop: () => Promise<void> | void;
}

/** Apache with mod_fcgid; null where it is not installed. */
export async function apachePeer(site: string): Promise<Peer | null> {
  if (!hasApache().available) return null;
  const log = path.join(os.tmpdir(), `bench-access-${process.pid}.log`);
  const config = `CustomLog "${log}" "%h %l %u %t \\"%r\\" %>s %b \\"%{Referer}i\\" \\"%{User-agent}i\\""`;
  const apache = await startApache({ documentRoot: site, config, processModel: 'event' });
  const stop = async (): Promise<void> => {
    await apache.stop();
    fs.rmSync(log, { force: true });
  };
  return { name: 'Apache', port: apache.port, pids: () => familyOf(apache.pid, 'apache2'), stop };
}

/** The local server in a process of its own. */
export function runnerPeer(site: string): Promise<Peer> {
  return nodePeer('runner', 'serveSite.js', [site]);
}

/** A server in Node that does nothing but pass bytes on: what no server in Node can be quicker than. */
export function barePeer(site: string): Promise<Peer> {
  return nodePeer('bare Node', 'bareNode.mjs', [dispatcherOf(site)]);
}

/** Makes the next process of the local server compile its code anew. */
export function forgetCode(): void {
  fs.rmSync(path.join(BUNDLES, 'serveSite.program.cache'), { force: true });
}

const dispatcherOf = (site: string): string => path.join(site, 'project/dispatch.fcgi');

function startNode(script: string, args: readonly string[]): ChildProcessByStdio<Writable, Readable, null> {
  return spawn(process.execPath, [path.join(BUNDLES, script), ...args], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
}

async function nodePeer(name: string, script: string, args: readonly string[]): Promise<Peer> {
  const child = startNode(script, args);
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  return { name, port: Number(line.toString()), pids: () => [child.pid ?? 0], stop: () => ended(child) };
}

async function ended(child: ChildProcess): Promise<void> {
  child.kill('SIGTERM');
  await once(child, 'exit');
}

/**
 * Milliseconds from the word to start to the first answer, for each start of a server in one process: the local server's own, or
 * bare Node's. Its programs are started anew each time.
 */
export async function startTimes(
  site: string,
  server: 'runner' | 'bare Node',
  starts: number,
): Promise<number[]> {
  const child =
    server === 'runner'
      ? startNode('serveSite.js', [site, 'turns'])
      : startNode('bareNode.mjs', [dispatcherOf(site), 'turns']);
  const times: number[] = [];
  child.stdin.write('\n');
  await once(child.stdout, 'data');
  for (let n = 0; n < starts; n++) {
    const began = performance.now();
    child.stdin.write('\n');
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    await firstAnswer(Number(line.toString()));
    times.push(performance.now() - began);
    child.stdin.write('\n');
    await once(child.stdout, 'data');
  }
  await ended(child);
  return times;
}

/** Resolves when a page of the program has come. */
async function firstAnswer(port: number): Promise<void> {
  const socket = net.connect(port, '127.0.0.1');
  socket.write('GET /project/page?x=1 HTTP/1.1\r\nHost: localhost\r\n\r\n');
  const [answer] = (await once(socket, 'data')) as [Buffer];
  socket.destroy();
  if (!answer.toString('latin1').startsWith('HTTP/1.1 200'))
    throw new Error(`the first answer: ${answer.toString()}`);
}

/**
 * Processes behind nginx, one for each connection of the load. It keeps a connection to a program open, and gives a busy program a
 * second one, on which a program that serves one at a time would let it wait for a minute: so it never has reason to.
 */
const PROGRAMS = 32;

/** Debian's nginx in front of programs that have been started; null where it cannot be had. */
export async function nginxPeer(site: string): Promise<Peer | null> {
  const nginx = installedNginx();
  if (nginx === null) return null;
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'bench-nginx-'));
  fs.chmodSync(folder, 0o755);
  const port = await freePort();
  const programs = await startPrograms(path.join(site, 'project/dispatch.fcgi'), folder, PROGRAMS);
  fs.writeFileSync(
    path.join(folder, 'nginx.conf'),
    nginxConfiguration({ site, folder, port, sockets: programs.sockets }),
  );
  const child = spawn(nginx, ['-c', path.join(folder, 'nginx.conf'), '-p', folder], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  await listening(port);
  const stop = async (): Promise<void> => {
    child.kill('SIGQUIT');
    await once(child, 'exit');
    for (const one of programs.children) one.kill('SIGKILL');
    fs.rmSync(folder, { recursive: true, force: true });
  };
  return { name: 'nginx', port, pids: () => familyOf(child.pid ?? 0, 'nginx'), stop };
}

/** Debian's nginx; installed where that may be. */
function installedNginx(): string | null {
  const find = (): string | undefined =>
    PATHS.map((one) => path.join(one, 'nginx')).find((one) => fs.existsSync(one));
  if (find() === undefined && process.getuid?.() === 0 && fs.existsSync('/usr/bin/apt-get')) {
    try {
      const policy = '/usr/sbin/policy-rc.d';
      const isOurs = !fs.existsSync(policy);
      if (isOurs) fs.writeFileSync(policy, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
      execFileSync('apt-get', ['install', '-y', '--no-install-recommends', 'nginx-light'], {
        stdio: 'ignore',
      });
      if (isOurs) fs.rmSync(policy);
    } catch {
      return null;
    }
  }
  return find() ?? null;
}

function nginxConfiguration(place: {
  site: string;
  folder: string;
  port: number;
  sockets: readonly string[];
}): string {
  const names = [
    'QUERY_STRING $query_string',
    'REQUEST_METHOD $request_method',
    'CONTENT_LENGTH $content_length',
    'REQUEST_URI $request_uri',
    'DOCUMENT_ROOT $document_root',
    'SERVER_PROTOCOL $server_protocol',
    'REQUEST_SCHEME $scheme',
    'GATEWAY_INTERFACE CGI/1.1',
    'SERVER_SOFTWARE nginx',
    'REMOTE_ADDR $remote_addr',
    'REMOTE_PORT $remote_port',
    'SERVER_ADDR $server_addr',
    'SERVER_PORT $server_port',
    'SERVER_NAME $server_name',
    'PATH_INFO $fastcgi_path_info',
    'SCRIPT_NAME /project/dispatch.fcgi',
    `SCRIPT_FILENAME ${place.site}/project/dispatch.fcgi`,
    'REDIRECT_STATUS 200',
  ];
  return `daemon off;
worker_processes 1;
pid ${place.folder}/pid;
error_log ${place.folder}/error.log;
${process.getuid?.() === 0 ? 'user www-data;' : ''}
events { worker_connections 256; }
http {
  access_log ${place.folder}/access.log combined;
  keepalive_requests 100;
  upstream programs { least_conn; ${place.sockets.map((one) => `server unix:${one};`).join(' ')} keepalive ${PROGRAMS}; }
  server {
    listen 127.0.0.1:${place.port};
    root ${place.site};
    location ~* ^/project(?!/(?:dispatch\\.fcgi|static|more_static)).*(?<!css|png|jpg|gif)$ {
      fastcgi_split_path_info ^(/project)(/.*)$;
      fastcgi_keep_conn on;
      ${names.map((one) => `fastcgi_param ${one};`).join(' ')}
      fastcgi_pass programs;
    }
  }
}
`;
}

/** A process and its descendants of one name, by /proc. */
function familyOf(parent: number, name: string): number[] {
  const table = execFileSync('ps', ['-e', '-o', 'pid=,ppid=,comm='], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/));
  const family = new Set([parent]);
  for (let grown = true; grown;) {
    const more = table.filter(([pid, above]) => !family.has(Number(pid)) && family.has(Number(above)));
    for (const [pid] of more) family.add(Number(pid));
    grown = more.length > 0;
  }
  return table
    .filter(([pid, , comm]) => family.has(Number(pid)) && comm === name)
    .map(([pid]) => Number(pid));
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = net.createServer();
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as net.AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}

async function listening(port: number): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    const isUp = await new Promise<boolean>((resolve) => {
      const socket = net.connect(port, '127.0.0.1', () => resolve(true));
      socket.on('error', () => resolve(false));
      socket.on('connect', () => socket.destroy());
    });
    if (isUp) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
