// Bundles what ships: extension, language server, `fastcgi` command and webview panels. `--watch` rebuilds, `--production` minifies.
import { build, context } from 'esbuild';
import { chmodSync, existsSync, mkdirSync, rmSync } from 'node:fs';

const production = process.argv.includes('--production');
const watch = process.argv.includes('--watch');

/** ssh2 asks for native addons inside try/catch and does without them. */
const node = {
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  external: ['vscode', 'cpu-features', '*.node'],
};

const common = {
  bundle: true,
  minify: production,
  sourcemap: production ? false : 'linked',
  // At `info` esbuild says when a watched build starts and ends, which .vscode/tasks.json waits for.
  logLevel: watch ? 'info' : 'warning',
  legalComments: 'none',
};

const bundles = [
  { ...node, entryPoints: { extension: 'src/extension/main.ts' } },
  { ...node, entryPoints: { server: 'src/server/node.ts' } },
  { ...node, entryPoints: { cli: 'src/cli/main.ts' }, banner: { js: '#!/usr/bin/env node' } },
  {
    platform: 'browser',
    target: 'es2022',
    format: 'iife',
    entryPoints: { 'panels/log': 'src/panels/log/main.ts', 'panels/requests': 'src/panels/requests/main.ts' },
  },
];

if (!watch) rmSync('dist', { recursive: true, force: true });
mkdirSync('dist', { recursive: true });

const watched = [];
for (const bundle of bundles) {
  for (const entry of Object.values(bundle.entryPoints)) {
    if (!existsSync(entry)) throw new Error(`${entry} is missing`);
  }
  const options = { ...common, ...bundle, outdir: 'dist' };
  if (watch) watched.push(await context(options));
  else await build(options);
}
if (!watch) chmodSync('dist/cli.js', 0o755);

// All are built before the first is watched, so that the first "build finished" means all of them. Errors are printed by
// esbuild and wait for the next change.
for (const bundle of watched) await bundle.rebuild().catch(() => undefined);
for (const bundle of watched) await bundle.watch();
