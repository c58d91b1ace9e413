// What `npm run bench` does: bundles the benches into dist/bench, runs each in a process of its own, prints a table.
//   npm run bench -- [--only check,evaluate] [--rounds N] [--json FILE]
// How to read the figures: docs/benchmarks.md. The exit code says only whether the benches could run, not whether aims are met.
import { build } from 'esbuild';
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { findPeersFirst } from '../host/peers.mjs';

const here = path.dirname(fileURLToPath(import.meta.url));
const root = path.join(here, '../..');
const output = path.join(root, 'dist/bench');
const names = ['check', 'deploy', 'server', 'editor', 'evaluate', 'log', 'memory', 'serve', 'startup'];
/** What a bench starts as a process of its own. */
const helpers = { serve: ['bareNode'] };
/** The same, started as what ships is: with the code that V8 has kept of it. */
const programs = { serve: ['serveSite'] };

/** Modules of the tests find their fixtures beside themselves, also from a bundle. */
const ownFolders = {
  name: 'own-folders',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]test[\\/].*\.ts$/ }, ({ path: file }) => ({
      contents: readFileSync(file, 'utf8').replaceAll(
        'import.meta.dirname',
        JSON.stringify(path.dirname(file)),
      ),
      loader: 'ts',
    }));
  },
};

/** What CommonJS modules expect to be there. */
const commonJs = [
  "import { createRequire as benchRequire } from 'node:module';",
  'const require = benchRequire(import.meta.url);',
  'const __filename = import.meta.filename;',
  'const __dirname = import.meta.dirname;',
].join('\n');

async function bundle(chosen) {
  mkdirSync(output, { recursive: true });
  await build({
    entryPoints: chosen
      .flatMap((name) => [name, ...(helpers[name] ?? [])])
      .map((name) => path.join(here, `${name}.ts`)),
    outdir: output,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    // ssh2 and the protocol's library are CommonJS; native parts stay away, as in what ships.
    banner: { js: commonJs },
    logLevel: 'warning',
    // They load files of their own beside themselves.
    external: ['esbuild', 'playwright-core', 'cpu-features', '*.node'],
    plugins: [ownFolders],
  });
  for (const name of chosen.flatMap((one) => programs[one] ?? [])) await bundleProgram(name);
}

function bundleProgram(name) {
  return build({
    entryPoints: {
      [name]: path.join(root, 'src/codeCache/main.ts'),
      [`${name}.program`]: path.join(here, `${name}.ts`),
    },
    outdir: output,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    logLevel: 'warning',
  });
}

/** Runs one bench to its end; undefined when it failed, which it has said itself then. */
function run(name, rounds) {
  const out = path.join(output, `${name}.json`);
  rmSync(out, { force: true });
  const script = path.join(output, `${name}.mjs`);
  const child = spawnSync(
    process.execPath,
    ['--expose-gc', script, '--rounds', String(rounds), '--out', out],
    {
      stdio: 'inherit',
    },
  );
  return child.status === 0 ? JSON.parse(readFileSync(out, 'utf8')) : undefined;
}

function figure(value, unit) {
  const digits = value >= 100 ? 0 : value >= 10 ? 1 : value >= 1 ? 2 : 3;
  return `${value.toFixed(digits)} ${unit}`;
}

function verdict({ aim, isMet }) {
  return aim === undefined ? '' : `${isMet ? 'met   ' : 'MISSED'} ${aim}`;
}

function line(row) {
  const cells = [row.what.padEnd(54), figure(row.ours, row.unit).padStart(11)];
  const peer = row.peer === undefined ? '' : `${figure(row.peer, row.unit)} ${row.peerName}`;
  cells.push(peer.padStart(22), (row.ratio === undefined ? '' : `${row.ratio.toFixed(3)} ×`).padStart(10));
  return `  ${cells.join(' ')}  ${verdict(row)}`.trimEnd();
}

function print(name, { rows, remarks }) {
  console.log(`\n${name}`);
  for (const row of rows) console.log(line(row));
  for (const remark of remarks) console.log(`  (${remark})`);
}

function choose(only) {
  const chosen = only?.split(',') ?? names;
  const unknown = chosen.filter((name) => !names.includes(name));
  if (unknown.length > 0)
    throw new Error(`There is no bench ${unknown.join(', ')}. There are: ${names.join(', ')}`);
  return chosen;
}

async function main() {
  const { values } = parseArgs({
    options: {
      only: { type: 'string' },
      rounds: { type: 'string', default: '5' },
      json: { type: 'string' },
    },
  });
  const chosen = choose(values.only);
  const rounds = Number(values.rounds);
  if (!Number.isInteger(rounds) || rounds < 1) throw new Error('--rounds takes a whole number from 1 on');
  await bundle(chosen);
  const reports = {};
  for (const name of chosen) {
    const report = run(name, rounds);
    if (report === undefined) continue;
    reports[name] = report;
    print(name, report);
  }
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(reports, undefined, 2)}\n`);
  return chosen.every((name) => reports[name] !== undefined) ? 0 : 1;
}

findPeersFirst();
try {
  process.exitCode = await main();
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
