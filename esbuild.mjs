// Bundles what ships: extension, language server, `fastcgi` command and webview panels. `--watch` rebuilds, `--production` minifies.
import { build, context } from 'esbuild';
import { chmodSync, copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const production = process.argv.includes('--production');
const watch = process.argv.includes('--watch');

/**
 * ssh2 reaches PuTTY's agent by a small program of its own, which it looks for one folder above its code. Bundled, it finds the copy
 * beside the bundle.
 */
const pageant = {
  name: 'pageant',
  setup({ onLoad }) {
    onLoad({ filter: /ssh2[\\/]lib[\\/]agent\.js$/ }, ({ path }) => {
      const text = readFileSync(path, 'utf8');
      const contents = text.replace(
        "resolve(__dirname, '..', 'util/pagent.exe')",
        "resolve(__dirname, 'pagent.exe')",
      );
      if (contents === text) throw new Error('ssh2 looks for pagent.exe in another way now');
      return { contents, loader: 'js' };
    });
  },
};

/** ssh2 asks for native addons inside try/catch and does without them. */
const node = {
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  external: ['vscode', 'cpu-features', '*.node'],
  plugins: [pageant],
};

const browser = { platform: 'browser', target: 'es2022', format: 'iife' };

const common = {
  bundle: true,
  minify: production,
  sourcemap: production ? false : 'linked',
  // At `info` esbuild says when a watched build starts and ends, which .vscode/tasks.json waits for.
  logLevel: watch ? 'info' : 'warning',
  legalComments: 'none',
};

const bundles = [
  { ...node, entryPoints: { 'extension.program': 'src/extension/main.ts' } },
  { ...node, entryPoints: { 'server.program': 'src/server/node.ts' } },
  { ...node, entryPoints: { 'cli.program': 'src/cli/main.ts' } },
  // Each starts the program beside it, with the code that V8 has kept of it.
  { ...node, entryPoints: { extension: 'src/codeCache/main.ts', server: 'src/codeCache/main.ts' } },
  { ...node, entryPoints: { cli: 'src/codeCache/main.ts' }, banner: { js: '#!/usr/bin/env node' } },
  // The worker that runs extensions in a browser hands `module`, `exports` and `require('vscode')` over.
  {
    ...browser,
    format: 'cjs',
    external: ['vscode'],
    entryPoints: { 'browser/extension': 'src/extension/browser.ts' },
  },
  { ...browser, entryPoints: { 'browser/server': 'src/server/browser.ts' } },
  {
    ...browser,
    entryPoints: {
      'panels/log': 'src/panels/log/main.ts',
      'panels/requests': 'src/panels/requests/main.ts',
      'panels/urls': 'src/panels/urls/main.ts',
      'panels/doctor': 'src/panels/doctor/main.ts',
    },
  },
];

if (!watch) rmSync('dist', { recursive: true, force: true });
mkdirSync('dist', { recursive: true });
copyFileSync(createRequire(import.meta.url).resolve('ssh2/util/pagent.exe'), 'dist/pagent.exe');

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
if (production) writeFileSync('dist/README.md', asShown(readFileSync('README.md', 'utf8')));

/** The README as VS Code shows it of an installed extension: there, pictures have to be on the web, and links to files lead nowhere. */
function asShown(text) {
  return text
    .replaceAll(/^ *!\[.*\]\(docs\/images\/.*\)\n\n/gm, '')
    .replaceAll(/\[([^\]]*)\]\((?!https?:|#)([^)#]*)[^)]*\)/g, (_, words, file) =>
      words === file ? words : `${words} (${file})`,
    );
}

// All are built before the first is watched, so that the first "build finished" means all of them. Errors are printed by
// esbuild and wait for the next change.
for (const bundle of watched) await bundle.rebuild().catch(() => undefined);
for (const bundle of watched) await bundle.watch();
