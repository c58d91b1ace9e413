import { spawnSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { median, runBench, type Cost, type Report, type Row } from './measure';

const PROJECT = join(import.meta.dirname, '../..');
const HTACCESS =
  'RewriteEngine On\nRewriteCond %{REQUEST_FILENAME} !-f\nRewriteRule ^(.*)$ dispatch.fcgi/$1 [QSA,L]\n';

/** Writes the processor time of a process into a file when it ends. */
const REPORTER = `process.on('exit', () => require('node:fs').writeFileSync(process.env.BENCH_CPU, JSON.stringify(process.cpuUsage())));`;

/** Builds what ships into a folder of its own, so that dist/ stays as it is. */
function buildProduct(folder: string): string {
  for (const name of ['src', 'node_modules', 'README.md'])
    symlinkSync(join(PROJECT, name), join(folder, name));
  const script = join(PROJECT, 'esbuild.mjs');
  const built = spawnSync(process.execPath, [script, '--production'], { cwd: folder, encoding: 'utf8' });
  if (built.status !== 0) throw new Error(`the bundles could not be built:\n${built.stderr}`);
  return join(folder, 'dist');
}

function sizeRows(dist: string): Row[] {
  const files = readdirSync(dist, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.js'),
  );
  return files.sort().map((name) => {
    const zipped = gzipSync(readFileSync(join(dist, name))).length;
    const size = statSync(join(dist, name)).size;
    return { what: `${name} (${(zipped / 1000).toFixed(0)} kB zipped)`, unit: 'kB', ours: size / 1000 };
  });
}

function costOfProcess(folder: string, args: readonly string[]): Cost {
  const cpuFile = join(folder, 'cpu.json');
  const start = performance.now();
  const child = spawnSync(process.execPath, ['--require', join(folder, 'reporter.cjs'), ...args], {
    cwd: join(folder, 'site'),
    env: { ...process.env, BENCH_CPU: cpuFile },
    encoding: 'utf8',
  });
  const wall = performance.now() - start;
  if (child.status !== 0) throw new Error(`${args.join(' ')} ended with ${child.status}:\n${child.stderr}`);
  const { user, system } = JSON.parse(readFileSync(cpuFile, 'utf8')) as NodeJS.CpuUsage;
  const cpu = (user + system) / 1000;
  return { wall, cpu, threads: cpu };
}

interface Start {
  /** With the code that an earlier process has kept. */
  readonly ours: Cost;
  /** The first start of all: V8 compiles the code, and keeps it. */
  readonly first: Cost;
  readonly peer: Cost;
}

/** The command on one small file, beside a Node that does nothing. */
function startRows(folder: string, dist: string, rounds: number): Row[] {
  mkdirSync(join(folder, 'site'));
  writeFileSync(join(folder, 'site/.htaccess'), HTACCESS);
  writeFileSync(join(folder, 'reporter.cjs'), REPORTER);
  writeFileSync(join(folder, 'nothing.cjs'), '');
  const starts = Array.from({ length: rounds }, (): Start => {
    rmSync(join(dist, 'cli.program.cache'), { force: true });
    const first = costOfProcess(folder, [join(dist, 'cli.js'), 'check']);
    const ours = costOfProcess(folder, [join(dist, 'cli.js'), 'check']);
    return { first, ours, peer: costOfProcess(folder, [join(folder, 'nothing.cjs')]) };
  });
  return (['ours', 'first'] as const).flatMap((which) =>
    (['cpu', 'wall'] as const).map((kind) => ({
      what: `fastcgi check on one small file${which === 'first' ? ', no code kept' : ''}, ${kind === 'cpu' ? 'CPU, all threads' : 'clock'}`,
      unit: 'ms',
      ours: median(starts.map((start) => start[which][kind])),
      peerName: 'empty Node',
      peer: median(starts.map(({ peer }) => peer[kind])),
      ratio: median(starts.map((start) => start[which][kind] / start.peer[kind])),
    })),
  );
}

async function startup(rounds: number): Promise<Report> {
  const folder = mkdtempSync(join(tmpdir(), 'fastcgi-bench-'));
  try {
    const dist = buildProduct(folder);
    return { rows: [...sizeRows(dist), ...startRows(folder, dist, rounds)], remarks: [] };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

await runBench(startup);
