import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { FrameLocator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openWorkbench, whyNoUi, type Workbench } from '../ui';

/** Ids of processes whose command line fits. */
function processes(fits: (line: string) => boolean): string[] {
  return readdirSync('/proc').filter((pid) => /^\d+$/.test(pid) && fits(commandLine(pid)));
}

function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    // Ended meanwhile.
    return '';
  }
}

/** The panel of local requests as a user sees it: filled, failing, filtered, narrow, in other colours, empty. */
describe.skipIf(whyNoUi !== undefined)('the requests panel', () => {
  let workbench: Workbench;
  let panel: FrameLocator;
  let url: string;

  beforeAll(async () => {
    workbench = await openWorkbench({ settings: { 'files.autoSave': 'off' } });
    writeFileSync(
      path.join(workbench.folder, '.vscode/fastcgi.json'),
      JSON.stringify({ documentRoot: '.', runner: { port: 0 } }),
    );
    panel = workbench.webview();
  });

  afterAll(() => workbench?.close());

  const row = (text: string) => panel.locator('.row', { hasText: text });

  it('says what to do while no site is served', async () => {
    await workbench.runCommand('FastCGI: Show Requests');
    await panel.getByText('No site is being served.').waitFor();
    await workbench.screenshot('requests-1-idle');
    await panel.getByRole('button', { name: 'Run Dispatcher Locally' }).click();
    const toast = await workbench.toast(/The site is served on/);
    url = /http:\/\/\S+/.exec(await toast.innerText())?.[0] ?? '';
    await panel.getByText('No requests yet.').waitFor();
    await workbench.runCommand('Notifications: Clear All Notifications');
    await workbench.screenshot('requests-2-empty');
  });

  it('lists requests with status, rule, program and time', async () => {
    await fetch(`${url}project/hello/World?x=1`);
    await fetch(`${url}project/static/site.css`);
    await fetch(`${url}project`, { redirect: 'manual' });
    await fetch(`${url}project/${'long-'.repeat(60)}?${'q'.repeat(200)}`);
    await fetch(`${url}project/form`, {
      method: 'POST',
      body: 'text=Grüße',
      headers: { 'Content-Type': 'text/plain' },
    });
    await fetch(`${url}nothing.css`);
    await fetch(`${url}project/error`);
    await row('/project/error').waitFor();
    await expect.poll(() => panel.locator('.row').count()).toBe(7);
    const first = row('/project/hello/World');
    expect(await first.innerText()).toMatch(
      /GET\s+200\s+.*project\/\.htaccess:12\s+dispatch\.fcgi · \d+\s+[\d.]+ m?s/s,
    );
    await workbench.screenshot('requests-3-list');
  });

  it('shows what a program wrote, with links into the editor', async () => {
    await row('/project/error').click();
    await panel.locator('.errors').getByText('RuntimeError').waitFor();
    await workbench.screenshot('requests-4-errors');
    await panel.locator('.errors .place', { hasText: 'app.py' }).first().click();
    await workbench.page.locator('.tabs-container .tab.active', { hasText: 'app.py' }).waitFor();
  });

  it('shows headers, body, environment and trace', async () => {
    await row('/project/form').click();
    await panel.getByRole('tab', { name: 'Headers' }).click();
    await panel.locator('dd', { hasText: 'text/plain' }).first().waitFor();
    await workbench.screenshot('requests-5-headers');
    await panel.getByRole('tab', { name: 'Headers' }).press('ArrowRight');
    await panel.locator('pre.body', { hasText: 'text=Grüße' }).waitFor();
    await panel.getByRole('tab', { name: 'Body' }).press('ArrowRight');
    await panel.locator('dt', { hasText: 'PATH_INFO' }).waitFor();
    await panel.getByRole('tab', { name: 'Environment' }).press('End');
    await panel.locator('.trace-row.acted').first().waitFor();
    await workbench.screenshot('requests-6-trace');
    await panel.locator('.trace-row .place').first().click();
    await workbench.page.locator('.tabs-container .tab.active', { hasText: '.htaccess' }).waitFor();
  });

  it('replays a request, copies it, and records it as a test', async () => {
    await row('/project/hello/World').first().click();
    await panel.getByRole('button', { name: 'Replay' }).click();
    await expect.poll(() => row('/project/hello/World').count(), { timeout: 10_000 }).toBe(2);
    await panel.getByRole('button', { name: 'Copy as curl' }).click();
    const copied = () => workbench.page.evaluate(() => navigator.clipboard.readText());
    await expect
      .poll(copied, { timeout: 10_000 })
      .toContain(`curl -i --path-as-is -g '${url}project/hello/World?x=1'`);
    await panel.getByRole('button', { name: 'Record as URL Test' }).click();
    await workbench.page.locator('.tabs-container .tab.active', { hasText: 'site.urls' }).waitFor();
    const tests = () => readFileSync(path.join(workbench.folder, 'project/site.urls'), 'utf8');
    const line = '/project/hello/World?x=1 -> dispatch.fcgi PATH_INFO=/hello/World QUERY_STRING=x=1';
    await expect.poll(tests, { timeout: 10_000 }).toContain(`\n${line}\n`);
    await workbench.screenshot('requests-7-recorded');
  });

  it('filters, walks with the keyboard, and fits dark and narrow windows', async () => {
    await panel.locator('#filter').fill('500');
    await expect.poll(() => panel.locator('.row').count()).toBe(1);
    await panel.locator('#filter').press('ArrowDown');
    await panel.locator('.row.selected:focus').waitFor();
    await panel.locator('#filter').fill('');
    await expect.poll(() => panel.locator('.row').count()).toBeGreaterThan(7);
    await panel.locator('#filter').press('ArrowDown');
    await panel.locator('.row.selected:focus').press('Home');
    await panel.locator('.row.selected:focus').press('ArrowDown');
    // Closed details leave the keyboard where it was.
    await panel.locator('.row.selected:focus', { hasText: 'site.css' }).press('Escape');
    await panel.locator('.row:not(.selected):focus', { hasText: 'site.css' }).press('Enter');
    await panel.locator('.row.selected:focus', { hasText: 'site.css' }).press('Escape');
    await panel.locator('.row:focus').press('ArrowUp');
    await panel.locator('.row.selected:focus', { hasText: '/project/hello' }).waitFor();
    await workbench.theme('Dark Modern');
    await workbench.page.setViewportSize({ width: 720, height: 800 });
    const cut = () =>
      panel.locator('.requests-detail > .buttons').evaluate((bar) => bar.scrollWidth - bar.clientWidth);
    await expect.poll(cut).toBeLessThanOrEqual(0);
    await workbench.screenshot('requests-8-dark-narrow');
    await workbench.page.setViewportSize({ width: 1280, height: 800 });
    await workbench.theme('Dark High Contrast');
    await workbench.screenshot('requests-9-contrast');
  });

  it('keeps the selected request in view when the filter goes, and selected when the site starts anew', async () => {
    for (let count = 0; count < 40; count++) await fetch(`${url}nothing-${count}.css`);
    await panel.locator('#filter').fill('/project/error');
    await row('/project/error').click();
    await panel.locator('#filter').fill('');
    const selected = panel.locator('.row.selected', { hasText: '/project/error' });
    const isInView = () =>
      selected.evaluate((one) => {
        const [list, shown] = [one.closest('#requests'), one].map((part) => part?.getBoundingClientRect());
        return (
          list !== undefined && shown !== undefined && shown.top >= list.top && shown.bottom <= list.bottom
        );
      });
    await expect.poll(isInView).toBe(true);
    await workbench.runCommand('FastCGI: Run Dispatcher Locally');
    const served = async () =>
      `http://${(await (await workbench.statusBarItem('runner')).innerText()).trim()}/`;
    await expect.poll(served).not.toBe(url);
    url = await served();
    await expect.poll(isInView).toBe(true);
    await panel.locator('h2.title', { hasText: '/project/error' }).waitFor();
    await workbench.runCommand('Notifications: Clear All Notifications');
  });

  it('reloads pages in the browser when a file changes', async () => {
    await workbench.theme('Light Modern');
    const browser = await workbench.page.context().newPage();
    await browser.goto(`${url}project/`);
    await browser.getByText('It works').first().waitFor();
    const app = path.join(workbench.folder, 'project/app.py');
    const text = readFileSync(app, 'utf8');
    writeFileSync(app, text.replace("'It works'", "'It works anew'"));
    await browser.getByText('It works anew').first().waitFor();
    writeFileSync(app, text);
    await browser.getByText('It works anew').first().waitFor({ state: 'detached' });
    await browser.close();
  });

  it('explains a failing program in the browser, with links into the editor, and waits where all see it', async () => {
    const broken = path.join(workbench.folder, 'project/dispatch.fcgi');
    const text = readFileSync(broken, 'utf8');
    writeFileSync(broken, text.replace('\n', '\nimport not_there\n'));
    const browser = await workbench.page.context().newPage();
    // The program that is running answers until the change is noticed.
    const shown = async () => {
      await browser.goto(`${url}project/${'long-'.repeat(30)}`);
      return await browser.content();
    };
    await expect.poll(shown).toContain('ModuleNotFoundError');
    await browser.frameLocator('iframe').getByText('Internal Server Error').first().waitFor();
    await browser.screenshot({ path: 'test-output/screenshots/requests-10-error-page.png', fullPage: true });
    await browser.emulateMedia({ colorScheme: 'dark' });
    await browser.setViewportSize({ width: 420, height: 800 });
    await browser.screenshot({ path: 'test-output/screenshots/requests-11-error-page-narrow.png' });
    await browser.locator('a', { hasText: 'dispatch.fcgi' }).first().click();
    await workbench.page.locator('.tabs-container .tab.active', { hasText: 'dispatch.fcgi' }).waitFor();
    await browser.close();
    await workbench.page.locator('.pane-header', { hasText: 'FastCGI' }).click();
    const tree = workbench.page.locator('.pane-body').getByRole('treeitem');
    // On a slow machine the change may be noticed only now, and what has failed before does not count then.
    const isPaused = async () => {
      await fetch(`${url}project/`);
      return (await tree.filter({ hasText: /failed \d times/ }).count()) > 0;
    };
    await expect.poll(isPaused).toBe(true);
    await workbench.runCommand('Notifications: Clear All Notifications');
    await workbench.screenshot('requests-12-tree-paused');
    writeFileSync(broken, text);
    // A process that is started before the change is noticed ends once more.
    const isRunning = async () => {
      const { status } = await fetch(`${url}project/`);
      return status === 200 && (await tree.filter({ hasText: /Process \d+/ }).count()) > 0;
    };
    await expect.poll(isRunning).toBe(true);
    await workbench.page.getByRole('treeitem', { name: 'Output', exact: true }).waitFor();
    await workbench.screenshot('requests-13-tree');
  });

  it('opens the site in VS Code itself', async () => {
    await workbench.runCommand('FastCGI: Open in VS Code');
    await workbench.page.locator('.tabs-container .tab.active', { hasText: 'Simple Browser' }).waitFor();
    const site = () => workbench.page.frames().find((frame) => frame.url().startsWith(url));
    await expect.poll(() => site()?.locator('h1').first().innerText()).toMatch(/\S/);
    await workbench.screenshot('requests-14-inside');
  });

  it('leaves nothing running when VS Code ends, also while it debugs', async () => {
    const isAdapter = (line: string) => line.includes('debugpy/adapter');
    const others = new Set(processes(isAdapter));
    await workbench.runCommand('FastCGI: Debug Dispatcher Locally');
    await workbench.page.locator('.debug-toolbar').waitFor();
    const runner = await workbench.statusBarItem('runner');
    // Until the new one is there, the item may show the address of the one before.
    const served = async () => {
      url = `http://${(await runner.innerText()).trim()}/`;
      return (await fetch(`${url}project/`).catch(() => undefined))?.status;
    };
    await expect.poll(served).toBe(200);
    await workbench.screenshot('requests-15-debugging');
    const { folder } = workbench;
    const program = path.join(folder, 'project/dispatch.fcgi');
    const ours = () => [
      ...processes((line) => line.includes(program)),
      ...processes(isAdapter).filter((pid) => !others.has(pid)),
    ];
    expect(ours().length).toBeGreaterThanOrEqual(2);
    await workbench.close();
    await expect.poll(ours, { timeout: 15_000 }).toEqual([]);
  });
});
