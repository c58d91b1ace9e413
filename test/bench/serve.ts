import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import * as fs from 'node:fs';
import * as net from 'node:net';
import * as os from 'node:os';
import * as path from 'node:path';
import { hasApache, startApache } from '../oracle/apache';
import { loadOn, type Load } from './load';
import { median, runBench, type Report, type Row } from './measure';

// The local server beside Apache with mod_fcgid and nginx: the same C and Python programs, the classic .htaccess (nginx
// has none: its rule stands in its configuration), an access log everywhere, connections kept.

/** A round takes half a minute: more than these are not made. */
const MOST_ROUNDS = 3;
/** Milliseconds of one measurement. */
const TIME = 2500;
const PATHS = ['/usr/local/bin', '/usr/bin', '/bin', '/usr/sbin'];

interface Peer {
  readonly name: string;
  readonly port: number;
  /** Process ids of the server without its programs. */
  readonly pids: () => number[];
  readonly stop: () => Promise<void> | void;
}

interface Measured extends Load {
  /** Microseconds of processor time of the server's own processes, per request. */
  readonly cpu: number;
}

const RULES = `RewriteEngine On
RewriteBase /project

RewriteCond %{REQUEST_URI} !^/project/dispatch.fcgi [NC]
RewriteCond %{REQUEST_URI} !^/project/static [NC]
RewriteCond %{REQUEST_URI} !^/project/more_static [NC]
RewriteCond %{REQUEST_URI} !\\.(css|png|jpg|gif)$ [NC]
RewriteRule ^(.*)$ dispatch.fcgi/$1 [QSA,NC]
`;

/** A FastCGI responder without a library: reads records, answers with the path info. */
const C_PROGRAM = `#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
static unsigned char b[70000];
static int all(int c, unsigned char *p, int n) {
  while (n > 0) { int r = read(c, p, n); if (r <= 0) return 0; p += r; n -= r; }
  return 1;
}
int main(void) {
  static const char body[] = "Content-Type: text/plain\\r\\n\\r\\nhello, this is a small page of a program\\n";
  unsigned char out[256];
  int len = sizeof body - 1, pad = -len & 7;
  for (;;) {
    int c = accept(0, 0, 0), keep = 0;
    while (c >= 0) {
      unsigned char h[8];
      if (!all(c, h, 8)) break;
      int n = h[4] << 8 | h[5];
      if (n + h[6] > 0 && !all(c, b, n + h[6])) break;
      if (h[1] == 1) keep = b[2] & 1;
      if (h[1] != 5 || n > 0) continue;
      memset(out, 0, sizeof out);
      out[0] = 1; out[1] = 6; out[3] = 1; out[5] = len; out[6] = pad;
      memcpy(out + 8, body, len);
      unsigned char *e = out + 8 + len + pad;
      e[0] = 1; e[1] = 3; e[3] = 1; e[5] = 8;
      if (write(c, out, 8 + len + pad + 16) < 0) break;
      if (!keep) break;
    }
    close(c);
  }
}
`;

const PYTHON_PROGRAM = `#!/usr/bin/env python3
import socket, struct
listener = socket.fromfd(0, socket.AF_UNIX, socket.SOCK_STREAM)
BODY = b'Content-Type: text/plain\\r\\n\\r\\nhello, this is a small page of a program\\n'
ANSWER = struct.pack('!BBHHBx', 1, 6, 1, len(BODY), 0) + BODY + struct.pack('!BBHHBx', 1, 3, 1, 8, 0) + bytes(8)
while True:
    connection = listener.accept()[0]
    stream, keep = connection.makefile('rb'), False
    while True:
        head = stream.read(8)
        if len(head) < 8:
            break
        _, kind, _, length, padding = struct.unpack('!BBHHBx', head)
        content = stream.read(length + padding)
        if kind == 1:
            keep = content[2] & 1
        if kind == 5 and not length:
            connection.sendall(ANSWER)
            if not keep:
                break
    stream.close()
    connection.close()
`;

function writeSite(language: 'C' | 'Python'): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'bench-site-'));
  const project = path.join(folder, 'project');
  fs.chmodSync(folder, 0o755);
  fs.mkdirSync(project);
  fs.writeFileSync(path.join(project, '.htaccess'), RULES);
  const program = path.join(project, 'dispatch.fcgi');
  if (language === 'Python') fs.writeFileSync(program, PYTHON_PROGRAM, { mode: 0o755 });
  else {
    fs.writeFileSync(path.join(folder, 'program.c'), C_PROGRAM);
    execFileSync('cc', ['-O2', '-o', program, path.join(folder, 'program.c')]);
  }
  return folder;
}

async function apachePeer(site: string): Promise<Peer | null> {
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

async function runnerPeer(site: string, mode: string): Promise<Peer> {
  const script = path.join(import.meta.dirname, '../../dist/bench/serveSite.mjs');
  const child = spawn(process.execPath, [script, site, mode], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  return {
    name: mode,
    port: Number(line.toString()),
    pids: () => [child.pid ?? 0],
    stop: async () => {
      child.kill('SIGTERM');
      await once(child, 'exit');
    },
  };
}

async function nginxPeer(site: string): Promise<Peer | null> {
  const nginx = installedNginx();
  if (nginx === null) return null;
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'bench-nginx-'));
  const port = await freePort();
  const programs = await startPrograms(path.join(site, 'project/dispatch.fcgi'), folder);
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

async function startPrograms(
  program: string,
  folder: string,
): Promise<{ sockets: string[]; children: ChildProcess[] }> {
  const sockets: string[] = [];
  const children: ChildProcess[] = [];
  for (let n = 0; n < 4; n++) {
    const bound = path.join(folder, `${n}b`);
    const socket = path.join(folder, `${n}`);
    const server = net.createServer();
    server.listen({ path: bound, backlog: 511 });
    await once(server, 'listening');
    fs.linkSync(bound, socket);
    fs.chmodSync(socket, 0o777);
    const descriptor = (server as unknown as { _handle: { fd: number } })._handle.fd;
    children.push(spawn(program, [], { stdio: [descriptor, 'ignore', 'inherit'] }));
    server.close();
    sockets.push(socket);
  }
  return { sockets, children };
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
  upstream programs { ${place.sockets.map((one) => `server unix:${one};`).join(' ')} keepalive 4; }
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

/** Milliseconds of processor time that processes have used, in ticks of 10 ms. */
function cpuOf(pids: readonly number[]): number {
  let ticks = 0;
  for (const pid of pids) {
    try {
      const fields = fs
        .readFileSync(`/proc/${pid}/stat`, 'latin1')
        .replace(/^.*\) /s, '')
        .split(' ');
      ticks += Number(fields[11]) + Number(fields[12]);
    } catch {
      // It ended meanwhile.
    }
  }
  return ticks * 10;
}

async function measured(peer: Peer, connections: number, distinct: boolean): Promise<Measured> {
  const pids = peer.pids();
  const before = cpuOf(pids);
  const load = await loadOn({ port: peer.port, connections, milliseconds: TIME, distinct });
  return { ...load, cpu: ((cpuOf(pids) - before) * 1000) / load.requests };
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

type Results = Map<string, Measured[]>;

async function roundOf(peers: readonly Peer[], results: Results): Promise<void> {
  for (const peer of peers) {
    for (const connections of [1, 32]) {
      for (const distinct of peer.name === 'kind' ? [false, true] : [false]) {
        const key = `${peer.name} ${connections}${distinct ? ' distinct' : ''}`;
        const list = results.get(key) ?? [];
        list.push(await measured(peer, connections, distinct));
        results.set(key, list);
      }
    }
  }
}

function rowsOf(language: string, results: Results): Row[] {
  const rows: Row[] = [];
  const value = (key: string, of: (one: Measured) => number): number | undefined => {
    const list = results.get(key);
    return list === undefined ? undefined : median(list.map(of));
  };
  for (const connections of [1, 32]) {
    const what = `${language}, ${connections} connection${connections === 1 ? '' : 's'}`;
    const add = (name: string, unit: Row['unit'], of: (one: Measured) => number, aims: Aims): void => {
      for (const [kind, note] of [
        ['kind', ''],
        ['kind', ' distinct'],
      ] as const) {
        const ours = value(`${kind} ${connections}${note}`, of);
        if (ours === undefined) continue;
        for (const peerName of ['Apache', 'nginx']) {
          const peer = value(`${peerName} ${connections}`, of);
          if (peer === undefined) continue;
          const ratio = ours / peer;
          const aim = note === '' ? aims[peerName] : undefined;
          const judged = aim === undefined ? {} : { aim: aim.text, isMet: aim.holds(ratio) };
          rows.push({
            what: `${what}, ${name}${note === '' ? '' : ', every URL new'}`,
            unit,
            ours,
            peerName,
            peer,
            ratio,
            ...judged,
          });
        }
      }
    };
    add('requests/s', '1/s', ({ perSecond }) => perSecond, {
      Apache: { text: '1.8 × Apache', holds: (ratio) => ratio >= 1.8 },
      nginx: { text: '0.8 × nginx', holds: (ratio) => ratio >= 0.8 },
    });
    add('CPU of the server per request', 'µs', ({ cpu }) => cpu, {
      Apache: { text: 'at most 0.5 × Apache', holds: (ratio) => ratio <= 0.5 },
    });
    const p99: Aims =
      connections === 1 ? {} : { Apache: { text: 'at most 0.1 × Apache', holds: (ratio) => ratio <= 0.1 } };
    add('p99', 'ms', ({ p99: of }) => of, p99);
  }
  return rows;
}

type Aims = Readonly<Record<string, { readonly text: string; readonly holds: (ratio: number) => boolean }>>;

/** From the start of the runner to its first answer by Python, beside the interpreter's own start. */
async function startupRow(site: string): Promise<Row> {
  const ours: number[] = [];
  const bare: number[] = [];
  for (let n = 0; n < 5; n++) {
    const peer = await runnerPeer(site, 'first');
    ours.push(peer.port / 1000);
    await peer.stop();
    const began = performance.now();
    execFileSync('python3', ['-c', 'import socket, struct']);
    bare.push(performance.now() - began);
  }
  const ratio = median(ours) / median(bare);
  return {
    what: 'start of the runner to the first answer of Python',
    unit: 'ms',
    ours: median(ours),
    peerName: 'python3',
    peer: median(bare),
    ratio,
    aim: "1.3 × the interpreter's start",
    isMet: ratio <= 1.3,
  };
}

async function bench(rounds: number): Promise<Report> {
  const rows: Row[] = [];
  const remarks: string[] = [];
  for (const language of ['C', 'Python'] as const) {
    const site = writeSite(language);
    const peers = [await apachePeer(site), await nginxPeer(site), await runnerPeer(site, 'kind')].filter(
      (peer) => peer !== null,
    );
    const results: Results = new Map();
    try {
      for (const peer of peers)
        await loadOn({ port: peer.port, connections: 32, milliseconds: 1000, distinct: false });
      for (let round = 0; round < Math.min(rounds, MOST_ROUNDS); round++) await roundOf(peers, results);
    } finally {
      for (const peer of peers) await peer.stop();
    }
    rows.push(...rowsOf(language, results));
    const failures = [...results].map(
      ([key, list]) => `${key}: ${list.reduce((sum, { failed }) => sum + failed, 0)}`,
    );
    if (failures.some((one) => !one.endsWith(': 0')))
      remarks.push(`${language}, answers that were not 200: ${failures.join(', ')}`);
    if (language === 'Python') rows.push(await startupRow(site));
    fs.rmSync(site, { recursive: true, force: true });
  }
  remarks.push(
    'nginx has no .htaccess: the rule stands in its configuration, and its programs were started before',
  );
  return { rows, remarks };
}

await runBench(bench);
