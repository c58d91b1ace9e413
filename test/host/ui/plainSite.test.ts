import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openWorkbench, whyNoUi, type Workbench } from '../ui';

/** A site of PHP or plain files as most are: nothing in it but a .htaccess speaks of the extension, and nobody has opened that. */
describe.skipIf(whyNoUi !== undefined)('a folder with a .htaccess alone', () => {
  let folder: string;
  let workbench: Workbench;

  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'vscode-fastcgi-plain-'));
    writeFileSync(path.join(folder, 'index.php'), '<?php echo "Hello";\n');
    writeFileSync(path.join(folder, '.htaccess'), 'RewritEngine On\n');
    workbench = await openWorkbench({ open: folder });
  });

  afterAll(async () => {
    await workbench?.close();
    rmSync(folder, { recursive: true });
  });

  it('is checked before anything of it is opened', async () => {
    await workbench.runCommand('View: Focus Problems');
    const problem = workbench.page.locator('.markers-panel .monaco-list-row', { hasText: 'RewritEngine' });
    await problem.first().waitFor({ timeout: 60_000 });
    await workbench.screenshot('plain-site-checked');
  });

  it('says in the empty list of tests how a URL test is written', async () => {
    const { page } = workbench;
    await workbench.runCommand('Testing: Focus on Test Explorer View');
    await page.locator('.welcome-view-content', { hasText: '/old -> 301 /new' }).waitFor();
    await workbench.screenshot('plain-site-tests');
    await page.getByRole('button', { name: 'Watch a URL' }).click();
    await page.locator('.quick-input-widget input[type=text]').waitFor();
    await page.keyboard.press('Escape');
  });

  it('leads from a check without a dispatcher to what shows such a site', async () => {
    await workbench.runCommand('FastCGI: Check Dispatcher');
    const toast = await workbench.toast('A site of PHP or plain files needs none');
    await toast.getByRole('button', { name: 'Run Locally' }).waitFor();
    await workbench.screenshot('plain-site-no-dispatcher');
    await workbench.runCommand('Notifications: Clear All Notifications');
  });

  it('has uploads in the menu of the explorer once it has a target', async () => {
    const { page } = workbench;
    const menu = page.locator('.context-view .action-item');
    const offered = async (): Promise<readonly string[]> => {
      await page
        .locator('.explorer-folders-view .monaco-list-row', { hasText: 'index.php' })
        .click({ button: 'right' });
      await menu.filter({ hasText: 'Rename...' }).waitFor();
      const titles = await menu.allInnerTexts();
      await page.keyboard.press('Escape');
      await menu.first().waitFor({ state: 'hidden' });
      return titles.map((title) => title.trim()).filter((title) => /Server$|^Upload/.test(title));
    };
    await workbench.runCommand('View: Show Explorer');
    expect(await offered()).toEqual([]);
    const targets = { live: { ssh: 'nowhere.example', path: '/site' } };
    mkdirSync(path.join(folder, '.vscode'));
    writeFileSync(path.join(folder, '.vscode/fastcgi.json'), JSON.stringify({ targets }));
    await workbench.statusBarItem('target');
    await expect
      .poll(offered)
      .toEqual(['Compare with Server', 'Upload This File or Selection', 'Download from Server']);
  });
});

/** Somebody who has the extension for another project. */
describe.skipIf(whyNoUi !== undefined)('a folder that has nothing to do with the extension', () => {
  let folder: string;
  let workbench: Workbench;

  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'unrelated-'));
    writeFileSync(path.join(folder, 'main.c'), 'int main(void) { return 0; }\n');
    workbench = await openWorkbench({ open: folder });
  });

  afterAll(async () => {
    await workbench?.close();
    rmSync(folder, { recursive: true });
  });

  it('shows nothing of it until it is called', async () => {
    const { page } = workbench;
    const tabs = page.locator('.part.panel .composite-bar .action-item');
    const tab = (name: string) => tabs.filter({ has: page.getByText(name, { exact: true }) });
    await workbench.openFile('main.c');
    await workbench.runCommand('View: Focus Problems');
    await tab('Problems').waitFor();
    await workbench.screenshot('other-folder');
    expect(await page.getByText(/fastcgi/i).allInnerTexts()).toEqual([]);
    await workbench.runCommand('FastCGI: Show Requests');
    await tab('FastCGI Requests').waitFor();
    await workbench.screenshot('other-folder-called');
  });
});
