import { readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openWorkbench, type Workbench } from '../ui';
import { hasSiteHost, startSiteHost, type SiteHost } from './siteHost';

/** The whole job once round, as a user does it: every step needs the one before. */
describe.skipIf(!hasSiteHost)('edit, run, upload, reload, read the log', () => {
  let host: SiteHost;
  let workbench: Workbench;

  beforeAll(async () => {
    host = await startSiteHost();
    // VS Code in a browser saves by itself, at any moment.
    workbench = await openWorkbench({ settings: { 'files.autoSave': 'off' } });
  });

  afterAll(async () => {
    await workbench?.close();
    await host?.stop();
  });

  const local = (name: string) => path.join(workbench.folder, name);
  const page = async (url: string) => {
    const response = await fetch(url);
    return { status: response.status, text: await response.text() };
  };

  it('shows a mistake in .htaccess, and takes it back when it is gone', async () => {
    const file = local('project/.htaccess');
    const text = readFileSync(file, 'utf8');
    await workbench.openFile('project/.htaccess');
    await workbench.page.locator('.editor-instance .view-lines').first().click();
    await workbench.page.keyboard.press('Control+End');
    await workbench.page.keyboard.type('\nRewritEngine On');
    const problems = async () => (await workbench.problems()).join('\n');
    await expect.poll(problems).toContain("Invalid command 'RewritEngine'");
    expect(await workbench.squiggles('error')).toBe(1);
    await workbench.screenshot('loop-1-mistake');
    await workbench.runCommand('File: Revert File');
    await workbench.page.locator('.squiggly-error').first().waitFor({ state: 'detached' });
    expect(readFileSync(file, 'utf8')).toBe(text);
    await workbench.screenshot('loop-2-no-mistake');
  });

  it('shows CRLF in a dispatcher, and a save writes LF', async () => {
    const file = local('project/dispatch.fcgi');
    const text = readFileSync(file, 'utf8');
    writeFileSync(file, text.replaceAll('\n', '\r\n'));
    await workbench.openFile('project/dispatch.fcgi');
    expect(await workbench.squiggles('error')).toBeGreaterThan(0);
    await workbench.screenshot('loop-3-crlf');
    await workbench.page.locator('.editor-instance .view-lines').first().click();
    await workbench.page.keyboard.press('Control+S');
    await expect.poll(() => readFileSync(file, 'utf8'), { timeout: 10_000 }).toBe(text);
    await workbench.page.locator('.squiggly-error').first().waitFor({ state: 'detached' });
    expect(statSync(file).mode & 0o111).not.toBe(0);
  });

  it('runs the dispatcher locally', async () => {
    await workbench.runCommand('FastCGI: Run Dispatcher Locally');
    const toast = await workbench.toast(/The site is served on/);
    const [url] = /http:\/\/\S+/.exec(await toast.innerText()) ?? [];
    await workbench.screenshot('loop-4-running');
    const { status, text } = await page(`${url}project/hello/World`);
    expect(status).toBe(200);
    expect(text).toContain('Hello, World!');
    await workbench.runCommand('FastCGI: Stop');
    await expect.poll(() => fetch(url ?? '').catch(() => 'refused'), { timeout: 10_000 }).toBe('refused');
  });

  it('uploads, after asking for the host key and the password', async () => {
    const target = {
      ssh: { host: '127.0.0.1', port: host.sshd.port, user: host.user.name },
      path: host.remote,
      url: `${host.apache.url}/`,
      log: host.apache.errorLog,
      ask: false,
    };
    const project = { documentRoot: '.', runner: { port: 0 }, targets: { production: target } };
    writeFileSync(local('.vscode/fastcgi.json'), JSON.stringify(project, null, 2));
    await workbench.statusBarItem('target');
    await workbench.runCommand('FastCGI: Upload Project');
    const dialog = workbench.page.locator('.monaco-dialog-box');
    await dialog.waitFor();
    expect(await dialog.innerText()).toContain('SHA256:');
    await workbench.screenshot('loop-5-host-key');
    await dialog.getByRole('button', { name: 'Trust for This Session' }).click();
    const password = workbench.page.locator('.quick-input-widget input[type=password]');
    await password.waitFor();
    await workbench.screenshot('loop-6-password');
    await password.fill(host.user.password);
    await workbench.page.keyboard.press('Enter');
    await workbench.toast(/Uploaded to production: \d+ sent/);
    await workbench.screenshot('loop-7-uploaded');
    expect(await page(`${host.apache.url}/project/`)).toMatchObject({ status: 200 });
    expect((await page(`${host.apache.url}/project/`)).text).toContain('It works');
  });

  it('reloads: the new code answers', async () => {
    const file = local('project/app.py');
    writeFileSync(file, readFileSync(file, 'utf8').replace("'It works'", "'It works anew'"));
    await workbench.openFile('project/app.py');
    await workbench.runCommand('FastCGI: Upload This File');
    const sent = () => readFileSync(path.join(host.remote, 'project/app.py'), 'utf8');
    await expect.poll(sent).toContain('It works anew');
    expect((await page(`${host.apache.url}/project/`)).text).not.toContain('It works anew');
    const target = await workbench.statusBarItem('target');
    await target.click();
    // The item, not the message: VS Code leaves messages out that follow each other within a second.
    await expect.poll(() => target.innerText(), { timeout: 30_000 }).toMatch(/production \d/);
    await workbench.screenshot('loop-8-reloaded');
    expect((await page(`${host.apache.url}/project/`)).text).toContain('It works anew');
  });

  it("shows the dispatcher's standard error in the log panel", async () => {
    await workbench.runCommand('FastCGI: Follow Log');
    const panel = workbench.webview();
    await panel.locator('#state.live').waitFor();
    expect((await page(`${host.apache.url}/project/error`)).status).toBe(500);
    await panel.locator('.incident', { hasText: 'This page always fails' }).first().click();
    await panel.locator('#incident', { hasText: 'app.py' }).waitFor();
    await workbench.runCommand('Notifications: Clear All Notifications');
    await workbench.screenshot('loop-9-log');
    await panel.locator('#tab-lines').click();
    await panel.locator('.row', { hasText: 'This page always fails' }).first().click();
    await workbench.theme('Dark Modern');
    await workbench.screenshot('loop-10-log-dark');
  });
});
