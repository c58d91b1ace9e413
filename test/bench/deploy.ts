import { execFileSync, fork, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { touch } from '../../src/deploy/touch';
import { uploadFile, uploadProject } from '../../src/deploy/upload';
import { connect, type RemoteConnection } from '../../src/remote/connection';
import { createUser, isRoot, sshdMissing, startSshd, type Sshd, type TestUser } from '../oracle/sshd';
import { prompts } from '../remote/prompts';
import { median, runBench, type Report, type Row } from './measure';

/** Uploads beside rsync, scp and sftp over the same line, with the round-trip times of a machine next door and of one in another country. */
const roundTrips = [0, 40];
const files = 2000;
/** scp and sftp wait for each file: at 40 ms they would take minutes. */
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

/** A site of many small files, 110 folders and about nine megabytes, as old as a project is. */
function writeSite(root: string, count: number): void {
  for (let at = 0; at < count; at++) {
    const path = join(root, `part${at % 10}/group${at % 110}/file${at}.py`);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, `# ${at}\n${'value = 1\n'.repeat(100 + ((at * 37) % 700))}`);
    utimesSync(path, 1e9, 1e9);
  }
}

/** The site here, and the folder of an account that was made for the run: with what a new account has, and no shell start-up of somebody's. */
class Place {
  readonly local: string;
  readonly remote: string;
  /** The folder of the others: what they change is not ours to go over. */
  readonly theirs: string;
  readonly #user: TestUser;

  constructor(scratch: string, user: TestUser) {
    this.#user = user;
    this.local = join(scratch, 'local');
    this.remote = join(user.home, 'public_html');
    this.theirs = join(user.home, 'theirs');
  }

  empty(): void {
    rmSync(join(this.#user.home, '.fastcgi-deploy'), { recursive: true, force: true });
    for (const folder of [this.remote, this.theirs]) {
      rmSync(folder, { recursive: true, force: true });
      mkdirSync(folder);
      chownSync(folder, this.#user.uid, this.#user.uid);
    }
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

  upload(connection: RemoteConnection, localRoot = this.#place.local) {
    return uploadProject(connection, { localRoot, remotePath: this.#place.remote });
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
      `${this.#sshd.user}@127.0.0.1:${this.#place.theirs}/`,
    ]);
  }

  scp(source: string): Promise<number> {
    const to = `${this.#sshd.user}@127.0.0.1:${this.#place.theirs}/`;
    return timed('scp', ['-q', '-r', ...this.#ssh(), '-P', String(this.#line.port), source, to]);
  }

  sftp(source: string): Promise<number> {
    const to = `${this.#sshd.user}@127.0.0.1`;
    const commands = `put -r ${source} ${this.#place.theirs}/\n`;
    return timed('sftp', ['-q', ...this.#ssh(), '-P', String(this.#line.port), '-b', '-', to], commands);
  }

  row(what: string, pairs: readonly Pair[], of: { peerName: string; aim?: number | undefined }): void {
    const { peerName, aim } = of;
    const ratio = median(pairs.map(({ ours, peer }) => ours / peer));
    this.rows.push({
      what: `${what}, ${this.#line.roundTrip} ms`,
      unit: 'ms',
      ours: median(pairs.map(({ ours }) => ours)),
      peer: median(pairs.map(({ peer }) => peer)),
      peerName,
      ratio,
      ...(aim === undefined ? {} : { aim: `≤ ${aim} × ${peerName}`, isMet: ratio <= aim }),
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

/** The same work by both, one right after the other. */
interface Pair {
  readonly ours: number;
  readonly peer: number;
}

async function pairs(rounds: number, work: (round: number) => Promise<Pair>): Promise<Pair[]> {
  const done: Pair[] = [];
  for (let round = 0; round < rounds; round++) done.push(await work(round));
  return done;
}

/** All that is measured over one line. */
interface Lines {
  /** An account with a shell, and the same one over SFTP alone. */
  readonly bench: Bench;
  readonly plain: Bench;
  readonly place: Place;
  readonly roundTrip: number;
  readonly rounds: number;
  /** For what is made on the way. */
  readonly scratch: string;
}

/** Each round sends a site that nobody has read before; rsync, which connects anew each time, sends the same. */
async function firstUploads({ bench, plain, place, roundTrip, rounds, scratch }: Lines): Promise<void> {
  const cold: number[] = [];
  for (const [by, what, aim] of [
    [bench, 'first', roundTrip === 0 ? 1.3 : 0.6],
    [plain, 'first, SFTP only', roundTrip === 0 ? 1.3 : 1],
  ] as const) {
    const connecting = performance.now();
    const connection = await by.login();
    cold.push(performance.now() - connecting);
    await connection.hasShell();
    const done = await pairs(rounds, async (round) => {
      const site = join(scratch, `site-${roundTrip}-${what.length}-${round}`);
      writeSite(site, files);
      place.empty();
      const ours = await took(() => by.upload(connection, site));
      const peer = await bench.rsync(`${site}/`, '-z');
      rmSync(site, { recursive: true });
      return { ours, peer };
    });
    connection.dispose();
    bench.row(`${files} files, ${what}`, done, { peerName: 'rsync -az', aim });
    const connected = done.map(({ ours, peer }) => ({ ours: ours + median(cold), peer }));
    bench.row(`${files} files, ${what}, with connecting`, connected, { peerName: 'rsync -az' });
  }
}

/** Nothing to do, ten changed, one saved, touch. */
async function laterUploads({ bench, place, roundTrip, rounds }: Lines): Promise<void> {
  const source = `${place.local}/`;
  const aim = roundTrip === 0 ? undefined : 0.5;
  const connection = await bench.login();
  try {
    place.empty();
    await bench.upload(connection);
    await bench.rsync(source, '-z');
    const nothing = await pairs(rounds, async () => ({
      ours: await took(() => bench.upload(connection)),
      peer: await took(() => bench.rsync(source, '-z')),
    }));
    bench.row('no change', nothing, { peerName: 'rsync -az', aim });
    const ten = await pairs(rounds, async (round) => {
      const ours = await changed(place, `ours ${round}`, () => bench.upload(connection));
      const peer = await changed(place, `theirs ${round}`, () => bench.rsync(source, '-z'));
      return { ours, peer };
    });
    bench.row(`10 of ${files} changed`, ten, { peerName: 'rsync -az', aim });
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
  for (let at = 0; at < 5; at++) {
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

/** Those that wait for each file, with a part of the files. */
async function slowPeers({ bench, plain, place, scratch }: Lines): Promise<void> {
  const few = join(scratch, 'few');
  writeSite(few, slowFiles);
  const connection = await plain.login();
  try {
    await connection.hasShell();
    for (const peerName of ['sftp', 'scp'] as const) {
      place.empty();
      const ours = await took(() => plain.upload(connection, few));
      const peer = await bench[peerName](few);
      bench.row(`${slowFiles} files, first, SFTP only`, [{ ours, peer }], { peerName });
    }
  } finally {
    connection.dispose();
  }
}

async function largeFile({ bench, place, scratch }: Lines): Promise<void> {
  const folder = join(scratch, 'large');
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'large.bin');
  if (!existsSync(file)) {
    for (let at = 0; at < 16; at++) writeFileSync(file, randomBytes(16 * 1024 * 1024), { flag: 'a' });
    utimesSync(file, 1e9, 1e9);
  }
  const connection = await bench.login();
  try {
    place.empty();
    const ours = await took(() => bench.upload(connection, folder));
    for (const peerName of ['rsync', 'scp'] as const) {
      place.empty();
      const peer = await bench[peerName](file);
      bench.row('256 MiB', [{ ours, peer }], { peerName: peerName === 'rsync' ? 'rsync -a' : peerName });
    }
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

await runBench(async (rounds): Promise<Report> => {
  if (sshdMissing !== undefined || !isRoot || !hasRsync()) {
    return { rows: [], remarks: ['left out: it needs root, sshd and rsync on this machine'] };
  }
  const inMemory = existsSync('/dev/shm');
  const scratch = mkdtempSync(join(inMemory ? '/dev/shm' : tmpdir(), 'fastcgi-bench-'));
  chmodSync(scratch, 0o755);
  const user = createUser(scratch);
  const place = new Place(scratch, user);
  writeSite(place.local, files);
  const sshd = await startSshd({ user: user.name });
  const sftpOnly = await startSshd({ user: user.name, config: ['ForceCommand internal-sftp'] });
  const rows: Row[] = [];
  try {
    for (const roundTrip of roundTrips) {
      const line = await startLine(sshd.port, roundTrip);
      const other = await startLine(sftpOnly.port, roundTrip);
      const bench = new Bench(sshd, line, place);
      const plain = new Bench(sftpOnly, other, place);
      const lines = { bench, plain, place, roundTrip, rounds, scratch };
      try {
        await firstUploads(lines);
        await laterUploads(lines);
        await slowPeers(lines);
        await largeFile(lines);
      } finally {
        line.stop();
        other.stop();
        rows.push(...bench.rows);
      }
    }
  } finally {
    await sshd.stop();
    await sftpOnly.stop();
    user.remove();
    rmSync(scratch, { recursive: true, force: true });
  }
  const remarks = [
    'rsync, scp and sftp connect anew each time, as they do; ours is an open connection, as the editor has one',
    `the account is made for the run, its files lie ${inMemory ? 'in memory' : 'on a disk, which decides about much of it'}`,
    `scp and sftp wait for each file, so they send ${slowFiles}`,
  ];
  return { rows, remarks };
});
