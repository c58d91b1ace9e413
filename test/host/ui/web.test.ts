import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openWorkbench, whyNoUi, type Workbench } from '../ui';

/**
 * The extension in the worker of a page, as on a web editor without a machine behind it: no Node, and a workspace that only
 * VS Code's own file system reaches. The setting keeps VS Code from running it beside the server.
 */
describe.skipIf(whyNoUi !== undefined)('the extension in a browser', () => {
  let workbench: Workbench;

  beforeAll(async () => {
    const settings = { 'remote.extensionKind': { 'vscode-fastcgi.vscode-fastcgi': ['web'] } };
    workbench = await openWorkbench({ settings });
  });

  afterAll(() => workbench?.close());

  const write = (name: string, text: string): void => {
    const file = path.join(workbench.folder, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
  };

  it('runs in the worker', async () => {
    await workbench.openFile('project/.htaccess');
    expect(await workbench.runningExtension('FastCGI and .htaccess')).toContain('web worker');
  });

  it('checks open and closed files, by the host of the project file', async () => {
    write('.vscode/fastcgi.json', '{ "host": { "apache": "2.4.37" } }');
    write('older/.htaccess', 'RedirectRelative On\n');
    write('project/.htaccess', 'RewriteEngin On\nErrorDocument 404 /\n');
    await workbench.openFile('project/.htaccess');
    expect(await workbench.squiggles()).toBe(1);
    await expect
      .poll(async () => (await workbench.problems()).join('\n'), { timeout: 15_000 })
      .toMatch(
        /since Apache 2\.4\.58[\s\S]*Invalid command 'RewriteEngin'|'RewriteEngin'[\s\S]*since Apache 2\.4\.58/,
      );
    await workbench.screenshot('web-problems');
  });

  it('explains, and completes names of files', async () => {
    await workbench.openFile('project/.htaccess');
    await expect.poll(() => workbench.hover('ErrorDocument'), { timeout: 20_000 }).toContain('ErrorDocument');
    await workbench.page.locator('.editor-instance .view-line').getByText('ErrorDocument').first().click();
    await workbench.page.keyboard.press('End');
    await workbench.page.keyboard.press('Control+Space');
    const rows = workbench.page.locator('.suggest-widget .monaco-list-row');
    await rows.filter({ hasText: 'index.html' }).first().waitFor();
    await workbench.screenshot('web-completion');
    await workbench.page.keyboard.press('Escape');
  });

  it('says why nothing can be run or uploaded there', async () => {
    await workbench.runCommand('FastCGI: Run Dispatcher Locally');
    await workbench.toast(/A browser alone can neither run programs nor connect/);
    await workbench.screenshot('web-refusal');
  });
});
