import { execFileSync, fork, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { touch } from '../../src/deploy/touch';
import { uploadFile, uploadProject } from '../../src/deploy/upload';
import { connect, type RemoteConnection } from '../../src/remote/connection';
import { isRoot, sshdMissing, startSshd, type Sshd } from '../oracle/sshd';
import { prompts } from '../remote/prompts';
import { median, runBench, type Report, type Row } from './measure';

/** Uploads beside rsync, scp and sftp over the same line, with the round-trip times of a machine next door and of one in another country. */
const roundTrips = [0, 40];
const files = 2000;
/** scp and sftp wait for each file: at 40 ms they take minutes, so fewer files are sent and the time is multiplied. */
const slowFiles = 100;

interface Line {
  readonly port: number;
  readonly roundTrip: number;
  stop(): void;
}

function startLine(target: number, roundTrip: number): Promise<Line> {
  const script = join(import.meta.dirname, 'delayLine.mjs');
  const child = fork(script, [String(target), String(roundTrip)], {
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.stdout?.once('data', (text: Buffer) =>
      resolve({ port: Number(text.toString()), roundTrip, stop: () => child.kill() }),
    );
  });
}

/** A site of many small files, 110 folders and about nine megabytes. */
function writeSite(root: string, count: number): void {
  for (let at = 0; at < count; at++) {
    const path = join(root, `part${at % 10}/group${at % 110}/file${at}.py`);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, `# ${at}\n${'value = 1\n'.repeat(100 + ((at * 37) % 700))}`);
  }
}

class Place {
  readonly local: string;
  readonly remote: string;
  readonly #scratch: string;

  constructor(scratch: string) {
    this.#scratch = scratch;
    this.local = join(scratch, 'local');
    this.remote = join(scratch, 'remote');
  }

  empty(): void {
    rmSync(this.remote, { recursive: true, force: true });
    rmSync(join(this.#scratch, '.fastcgi-deploy'), { recursive: true, force: true });
    mkdirSync(this.remote, { recursive: true });
  }
}

class Bench {
  readonly #sshd: Sshd;
  readonly #line: Line;
  readonly #place: Place;
  readonly rows: Row[] = [];

  constructor(sshd: Sshd, line: Line, place: Place) {
    this.#sshd = sshd;
    this.#line = line;
    this.#place = place;
  }

  login(): Promise<RemoteConnection> {
    return connect(
      {
        host: '127.0.0.1',
        port: this.#line.port,
        user: this.#sshd.user,
        identityFile: this.#sshd.clientKey,
        knownHostsFiles: ['/nowhere/known_hosts'],
        agent: 'none',
        configFile: 'none',
      },
      { prompts: prompts({ hostKey: async () => 'once' }) },
    );
  }

  upload(connection: RemoteConnection) {
    return uploadProject(connection, { localRoot: this.#place.local, remotePath: this.#place.remote });
  }

  #ssh(): string[] {
    const options = [
      'StrictHostKeyChecking=no',
      'UserKnownHostsFile=/dev/null',
      'LogLevel=ERROR',
      'IdentitiesOnly=yes',
    ];
    return ['-F', 'none', '-i', this.#sshd.clientKey, ...options.flatMap((one) => ['-o', one])];
  }

  rsync(source: string, ...more: string[]): Promise<number> {
    const shell = ['ssh', ...this.#ssh(), '-p', String(this.#line.port)].join(' ');
    return timed('rsync', [
      '-a',
      ...more,
      '-e',
      shell,
      source,
      `${this.#sshd.user}@127.0.0.1:${this.#place.remote}/`,
    ]);
  }

  scp(source: string): Promise<number> {
    const to = `${this.#sshd.user}@127.0.0.1:${this.#place.remote}/`;
    return timed('scp', ['-q', '-r', ...this.#ssh(), '-P', String(this.#line.port), source, to]);
  }

  sftp(source: string): Promise<number> {
    const to = `${this.#sshd.user}@127.0.0.1`;
    const commands = `put -r ${source} ${this.#place.remote}/\n`;
    return timed('sftp', ['-q', ...this.#ssh(), '-P', String(this.#line.port), '-b', '-', to], commands);
  }

  row(what: string, of: { ours: number; peer?: number; peerName?: string; aim?: number }): void {
    const { ours, peer, peerName, aim } = of;
    const ratio = peer === undefined ? undefined : ours / peer;
    this.rows.push({
      what: `${what}, ${this.#line.roundTrip} ms`,
      unit: 'ms',
      ours,
      ...(peer === undefined || peerName === undefined || ratio === undefined
        ? {}
        : { peer, peerName, ratio }),
      ...(aim === undefined || ratio === undefined
        ? {}
        : { aim: `≤ ${aim} × ${peerName ?? ''}`, isMet: ratio <= aim }),
    });
  }

  limit(what: string, ours: number, limit: number, aim: string): void {
    this.rows.push({
      what: `${what}, ${this.#line.roundTrip} ms`,
      unit: 'ms',
      ours,
      aim,
      isMet: ours <= limit,
    });
  }
}

function timed(program: string, args: readonly string[], input = ''): Promise<number> {
  const start = performance.now();
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ['pipe', 'ignore', 'pipe'] });
    let stderr = '';
    child.stderr.on('data', (text: Buffer) => (stderr += text.toString()));
    child.once('error', reject);
    child.once('close', (code) =>
      code === 0
        ? resolve(performance.now() - start)
        : reject(new Error(`${program} ended with ${code}: ${stderr}`)),
    );
    child.stdin.end(input);
  });
}

async function took(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/** First upload, nothing to do, ten changed, one saved, touch; each beside rsync, which connects anew each time. */
async function manyFiles(bench: Bench, place: Place, roundTrip: number): Promise<void> {
  const source = `${place.local}/`;
  const connection = await bench.login();
  const cold = await took(async () => (await bench.login()).dispose());
  try {
    await connection.hasShell();
    place.empty();
    const first = await took(() => bench.upload(connection));
    place.empty();
    const peer = await bench.rsync(source, '-z');
    const aim = roundTrip === 0 ? 1.3 : 0.6;
    bench.row(`${files} files, first, connected`, { ours: first, peer, peerName: 'rsync -az', aim });
    bench.row(`${files} files, first, with connecting`, { ours: first + cold, peer, peerName: 'rsync -az' });
    const again = median([
      await took(() => bench.rsync(source, '-z')),
      await took(() => bench.rsync(source, '-z')),
    ]);
    place.empty();
    await bench.upload(connection);
    const nothing = median([
      await took(() => bench.upload(connection)),
      await took(() => bench.upload(connection)),
    ]);
    bench.row('no change', {
      ours: nothing,
      peer: again,
      peerName: 'rsync -az',
      ...(roundTrip === 0 ? {} : { aim: 0.5 }),
    });
    const ours = await changed(place, 'ours', () => bench.upload(connection));
    const theirs = await changed(place, 'theirs', () => bench.rsync(source, '-z'));
    bench.row(`10 of ${files} changed`, {
      ours,
      peer: theirs,
      peerName: 'rsync -az',
      ...(roundTrip === 0 ? {} : { aim: 0.5 }),
    });
    await bench.upload(connection);
    await savedAndTouched(bench, place, { connection, roundTrip });
  } finally {
    connection.dispose();
  }
}

async function changed(place: Place, mark: string, work: () => Promise<unknown>): Promise<number> {
  for (let at = 0; at < 10; at++) {
    const file = at * 190;
    writeFileSync(
      join(place.local, `part${file % 10}/group${file % 110}/file${file}.py`),
      `# ${mark} ${at}\n`,
    );
  }
  return took(work);
}

async function savedAndTouched(
  bench: Bench,
  place: Place,
  of: { connection: RemoteConnection; roundTrip: number },
): Promise<void> {
  const { connection, roundTrip } = of;
  const file = 'part0/group0/file0.py';
  const saves: number[] = [];
  for (let at = 0; at < 3; at++) {
    writeFileSync(join(place.local, file), `# saved ${at}\n`);
    saves.push(
      await took(() => uploadFile(connection, { localRoot: place.local, remotePath: place.remote, file })),
    );
  }
  const saved = median(saves);
  bench.limit('one file saved', saved, 4 * roundTrip + 40, 'four round trips (and 40 ms)');
  const session = await connection.sftp();
  const path = join(place.remote, file);
  await touch(session, path);
  const touches: number[] = [];
  for (let at = 0; at < 5; at++) touches.push(await took(() => touch(session, path)));
  bench.limit('touch', median(touches), roundTrip + 5, 'one round trip and 5 ms');
}

async function withoutShell(bench: Bench, place: Place, peer: Bench): Promise<void> {
  const connection = await bench.login();
  try {
    await connection.hasShell();
    place.empty();
    const ours = await took(() => bench.upload(connection));
    place.empty();
    const theirs = await peer.rsync(`${place.local}/`, '-z');
    bench.row(`${files} files, first, SFTP only`, { ours, peer: theirs, peerName: 'rsync -az', aim: 1 });
  } finally {
    connection.dispose();
  }
}

/** scp and sftp with a part of the files. */
async function slowPeers(bench: Bench, scratch: string, place: Place): Promise<void> {
  const few = join(scratch, 'few');
  writeSite(few, slowFiles);
  for (const peerName of ['scp', 'sftp'] as const) {
    place.empty();
    const peer = await bench[peerName](few);
    bench.row(`${slowFiles} files by ${peerName}`, { ours: peer });
  }
}

async function largeFile(bench: Bench, scratch: string, place: Place): Promise<void> {
  const folder = join(scratch, 'large');
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'large.bin');
  if (!existsSync(file)) {
    for (let at = 0; at < 16; at++) writeFileSync(file, randomBytes(16 * 1024 * 1024), { flag: 'a' });
  }
  const connection = await bench.login();
  try {
    place.empty();
    const ours = await took(() => uploadProject(connection, { localRoot: folder, remotePath: place.remote }));
    place.empty();
    const peer = await bench.rsync(file);
    bench.row('256 MiB, connected', { ours, peer, peerName: 'rsync -a' });
    place.empty();
    bench.row('256 MiB by scp', { ours: await bench.scp(file) });
  } finally {
    connection.dispose();
  }
}

function hasRsync(): boolean {
  try {
    execFileSync('rsync', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

await runBench(async (): Promise<Report> => {
  if (sshdMissing !== undefined || !isRoot || !hasRsync()) {
    return { rows: [], remarks: ['left out: it needs root, sshd and rsync on this machine'] };
  }
  const scratch = mkdtempSync(join(tmpdir(), 'fastcgi-bench-'));
  const place = new Place(scratch);
  writeSite(place.local, files);
  const sshd = await startSshd();
  const sftpOnly = await startSshd({ config: ['ForceCommand internal-sftp'] });
  const rows: Row[] = [];
  try {
    for (const roundTrip of roundTrips) {
      const line = await startLine(sshd.port, roundTrip);
      const other = await startLine(sftpOnly.port, roundTrip);
      const bench = new Bench(sshd, line, place);
      const plain = new Bench(sftpOnly, other, place);
      try {
        await manyFiles(bench, place, roundTrip);
        await withoutShell(plain, place, bench);
        await slowPeers(bench, scratch, place);
        await largeFile(bench, scratch, place);
      } finally {
        line.stop();
        other.stop();
        rows.push(...bench.rows, ...plain.rows);
      }
    }
  } finally {
    await sshd.stop();
    await sftpOnly.stop();
    rmSync(scratch, { recursive: true, force: true });
  }
  const remarks = [
    'rsync, scp and sftp connect anew each time, as they do; "connected" is an open connection, as the editor has one',
  ];
  return { rows, remarks };
});
