import { build } from 'esbuild';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openWorkbench, whyNoUi, type Workbench } from '../ui';

/** Makes an extension for browsers that knows files of the scheme `memory`; gives its folder. */
async function memoryExtension(temporary: string): Promise<string> {
  const folder = path.join(temporary, 'test.memory-0.0.1');
  mkdirSync(folder);
  const manifest = {
    name: 'memory',
    publisher: 'test',
    version: '0.0.1',
    engines: { vscode: '^1.100.0' },
    browser: './extension.js',
    activationEvents: ['onFileSystem:memory'],
  };
  writeFileSync(path.join(folder, 'package.json'), JSON.stringify(manifest));
  await build({
    entryPoints: [fileURLToPath(new URL('../memoryExtension.ts', import.meta.url))],
    outfile: path.join(folder, 'extension.js'),
    bundle: true,
    platform: 'browser',
    format: 'cjs',
    external: ['vscode'],
    logLevel: 'error',
  });
  return folder;
}

/**
 * The extension in the worker of a page, as on a web editor without a machine behind it: no Node, and a workspace that is on
 * no disk and that VS Code cannot search, since only another extension knows its files. The setting keeps VS Code from
 * running ours beside the server.
 */
describe.skipIf(whyNoUi !== undefined)('the extension in a browser', () => {
  let workbench: Workbench;
  let temporary: string;

  beforeAll(async () => {
    temporary = mkdtempSync(path.join(tmpdir(), 'vscode-fastcgi-memory-'));
    workbench = await openWorkbench({
      settings: { 'remote.extensionKind': { 'vscode-fastcgi.vscode-fastcgi': ['web'] } },
      extensions: [await memoryExtension(temporary)],
      open: 'memory:/site',
    });
  });

  afterAll(async () => {
    await workbench?.close();
    rmSync(temporary, { recursive: true });
  });

  const openFromExplorer = async (name: string): Promise<void> => {
    const row = workbench.page
      .locator('.explorer-folders-view .monaco-list-row')
      .filter({ has: workbench.page.getByText(name, { exact: true }) });
    // The files are there when the extension that knows them has been started.
    await row.first().waitFor({ timeout: 60_000 });
    await row.first().dblclick();
    await workbench.page.locator('.tabs-container .tab.active', { hasText: name }).waitFor();
  };

  const line = (text: string) =>
    workbench.page.locator('.editor-instance .view-line').getByText(text).first();

  it('runs in the worker', async () => {
    await openFromExplorer('.htaccess');
    expect(await workbench.runningExtension('FastCGI and .htaccess')).toContain('web worker');
  });

  it('checks open and closed files, by the host of the project file', async () => {
    await expect.poll(() => workbench.squiggles()).toBe(1);
    await expect
      .poll(async () => (await workbench.problems()).join('\n'))
      .toMatch(/(?=[\s\S]*since Apache 2\.4\.58)(?=[\s\S]*'RewriteRuel')(?=[\s\S]*run\.fcgi)/);
    await workbench.screenshot('web-problems');
  });

  it('explains, and completes names of files', async () => {
    await expect.poll(() => workbench.hover('ErrorDocument')).toContain('ErrorDocument');
    await line('ErrorDocument').click();
    await workbench.page.keyboard.press('End');
    const rows = workbench.page.locator('.suggest-widget .monaco-list-row');
    await workbench.open('Control+Space', rows.filter({ hasText: 'index.html' }).first());
    await workbench.screenshot('web-completion');
    await workbench.page.keyboard.press('Escape');
  });

  it('watches a URL of the tests, and counts them over the rule', async () => {
    const { page } = workbench;
    await line('RewriteRuel').click({ clickCount: 3 });
    await page.keyboard.type('# No more rules');
    await page.locator('.codelens-decoration', { hasText: '1 of 2 URL tests pass through' }).waitFor();
    await workbench.runCommand('FastCGI: Watch a URL...');
    await workbench.pick('/hello');
    const item = await workbench.statusBarItem('watch');
    await expect.poll(() => item.innerText()).toContain('/hello → file index.html');
    await workbench.screenshot('web-watch');
  });

  it('runs the tests of URLs in the Test Explorer', async () => {
    await workbench.runCommand('Test: Run All Tests');
    const rows = workbench.page.locator('.test-explorer .monaco-list-row');
    await workbench.runCommand('Testing: Focus on Test Explorer View');
    await rows.filter({ hasText: 'site.urls' }).locator('.codicon-testing-failed-icon').waitFor();
    await workbench.screenshot('web-tests');
  });

  it('says why nothing can be run or uploaded there', async () => {
    await workbench.runCommand('FastCGI: Run Dispatcher Locally');
    await workbench.toast(/A browser alone can neither run programs nor connect/);
    await workbench.screenshot('web-refusal');
  });
});
