import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const found = spawnSync('nvim', ['--version'], { encoding: 'utf8' });

/** What test/oracle/neovim.lua saw. */
interface Seen {
  readonly problem?: string;
  readonly opened: readonly Problem[];
  readonly closed: readonly Problem[];
  readonly corrected: readonly Problem[];
  readonly hover: { readonly contents: { readonly value: string } };
  readonly completion: readonly string[];
  readonly actions: readonly string[];
  readonly formatted: readonly string[];
  readonly renamed: readonly string[];
}

interface Problem {
  readonly line: number;
  readonly code: string;
  readonly message: string;
}

const SITE = {
  '.vscode/fastcgi.json':
    '{ "host": { "apache": "2.4.37" }, "advice": { "rewrite.child-drops-parent": "off" } }',
  '.htaccess': 'DirectoryIndex index.html\nErrorDocumnt 404 /404.html\n',
  'blog/.htaccess': 'RedirectRelative On\n',
  '404.html': '',
};

describe.skipIf(found.status !== 0)('fastcgi language-server in Neovim', () => {
  let folder: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'fastcgi-neovim-'));
    for (const [path, text] of Object.entries(SITE)) {
      mkdirSync(join(folder, 'site', path, '..'), { recursive: true });
      writeFileSync(join(folder, 'site', path), text);
    }
    await build({
      entryPoints: { cli: fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url)) },
      outdir: folder,
      bundle: true,
      platform: 'node',
      format: 'cjs',
      external: ['cpu-features', '*.node'],
      logLevel: 'error',
    });
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('shows verdicts of open and closed files, completes, explains, formats, mends and renames', () => {
    const command = [process.execPath, join(folder, 'cli.js'), 'language-server', '--stdio'];
    const script = fileURLToPath(new URL('neovim.lua', import.meta.url));
    const env = {
      ...process.env,
      HOME: folder,
      COMMAND: JSON.stringify(command),
      SITE: join(folder, 'site'),
      RESULT: join(folder, 'result.json'),
    };
    const args = ['--headless', '--clean', '-c', `luafile ${script}`];
    const { stderr } = spawnSync('nvim', args, { env, encoding: 'utf8', timeout: 60_000 });
    const seen = JSON.parse(readFileSync(env.RESULT, 'utf8')) as Seen;
    expect([seen.problem, stderr]).toEqual([undefined, '']);
    expect(seen.opened).toMatchObject([{ line: 1, code: 'apache.invalid-command' }]);
    expect(seen.closed).toMatchObject([{ line: 0, message: expect.stringContaining('since Apache 2.4.58') }]);
    expect(seen.hover.contents.value).toContain('DirectoryIndex');
    expect(seen.completion).toEqual(expect.arrayContaining(['404.html', 'blog/']));
    expect(seen.actions).toEqual(expect.arrayContaining([expect.stringContaining('ErrorDocument')]));
    expect(seen.renamed).toEqual(['SetEnv FRESH 1', 'Header set X-A "%{FRESH}e"']);
    expect(seen.corrected).toEqual([]);
    expect(seen.formatted).toEqual([
      'DirectoryIndex index.html',
      '<IfModule mod_dir.c>',
      expect.stringMatching(/^\s+DirectoryIndex a\.html$/),
      '</IfModule>',
    ]);
  });
});
