import {
  appendFileSync,
  chmodSync,
  chownSync,
  mkdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import type { Frame } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openWorkbench, type Workbench } from '../ui';
import { clearToasts, describeTarget } from './describe';
import { hasSiteHost, startSiteHost, type SiteHost } from './siteHost';

/** A site that fails in several ways on a real server, and its log in the panel: what a person sees who looks for the reason. */
describe.skipIf(!hasSiteHost)('the log panel', () => {
  let host: SiteHost;
  let workbench: Workbench;

  beforeAll(async () => {
    host = await startSiteHost({
      // Kept-alive connections of this process take one each.
      children: 12,
      config:
        'CustomLog access.log combined\n<IfModule mod_log_config.c>\nLogFormat "%h %l %u %t \\"%r\\" %>s %b \\"%{Referer}i\\" \\"%{User-Agent}i\\"" combined\n</IfModule>',
    });
    workbench = await openWorkbench();
  });

  afterAll(async () => {
    await workbench?.close();
    await host?.stop();
  });

  const panel = () => workbench.webview();
  /** Two pages are open, and VS Code names neither frame by its title. */
  const frameWith = async (selector: string): Promise<Frame> => {
    const find = async (): Promise<Frame | undefined> => {
      for (const frame of workbench.page.frames())
        if ((await frame.locator(selector).count()) > 0) return frame;
      return undefined;
    };
    await expect.poll(find).toBeDefined();
    const found = await find();
    if (!found) throw new Error(`${selector} has gone again`);
    return found;
  };
  const status = async (target: string) => (await fetch(`${host.apache.url}${target}`)).status;
  const incident = (text: string) => panel().locator('.incident', { hasText: text });

  it('is calm where nothing has failed', async () => {
    await describeTarget(workbench, 'production', {
      ask: false,
      ssh: { host: '127.0.0.1', port: host.sshd.port, user: host.user.name },
      path: host.remote,
      url: `${host.apache.url}/`,
      log: host.apache.errorLog,
      logs: { access: path.join(host.apache.folder, 'access.log') },
    });
    await workbench.runCommand('FastCGI: Upload Project');
    await workbench.page
      .locator('.monaco-dialog-box')
      .getByRole('button', { name: 'Trust for This Session' })
      .click();
    const password = workbench.page.locator('.quick-input-widget input[type=password]');
    await password.fill(host.user.password);
    await workbench.page.keyboard.press('Enter');
    await workbench.toast(/Uploaded to production/);
    await workbench.runCommand('FastCGI: Follow Log');
    await panel().locator('#state.live').waitFor();
    await panel().getByRole('heading', { name: 'No failure in this log' }).waitFor();
    await clearToasts(workbench);
    await workbench.screenshot('log-1-calm');
  });

  it('says what failed, how often and where, without a line of the log being read', async () => {
    for (let n = 0; n < 3; n++) expect(await status('/project/error?n=' + n)).toBe(500);
    const broken = path.join(host.remote, 'project/broken');
    mkdirSync(broken);
    writeFileSync(path.join(broken, '.htaccess'), 'RewritEngine On\n');
    expect(await status('/project/broken/')).toBe(500);
    const start = path.join(host.remote, 'start.fcgi');
    writeFileSync(start, '#!/usr/bin/python3\r\nprint(1)\r\n');
    chmodSync(start, 0o755);
    expect(await status('/start.fcgi')).toBe(500);
    await incident('This page always fails').waitFor();
    await incident('RewritEngine').waitFor();
    await incident('ended before it took a request').waitFor();
    // Which request it was stands in the access log, whose lines may come later.
    await expect
      .poll(() => incident('This page always fails').innerText())
      .toMatch(/3 times.*app\.py:\d+.*GET \/project\/error\?n=2/s);
    await expect.poll(() => panel().locator('.incident').count()).toBe(3);
    await workbench.screenshot('log-2-incidents');
    // The upload came before the log was followed, and all of these after it.
    const since = panel().locator('#since');
    await expect.poll(() => since.isEnabled()).toBe(true);
    await since.click();
    await expect.poll(() => panel().locator('.incident .new').count()).toBe(3);
    expect(await panel().locator('.incident').count()).toBe(3);
    await since.click();
  });

  it('shows the whole of an incident, and leads to its line', async () => {
    await incident('This page always fails').click();
    const detail = panel().locator('#incident');
    await detail.getByText('Where, innermost first').waitFor();
    await workbench.screenshot('log-3-incident-light');
    await workbench.theme('Dark Modern');
    await workbench.screenshot('log-4-incident-dark');
    await workbench.theme('Dark High Contrast');
    await workbench.screenshot('log-5-incident-high-contrast');
    await workbench.theme('Light Modern');
    await detail.locator('.stack button.link').first().click();
    await workbench.page.locator('.tabs-container .tab.active', { hasText: 'app.py' }).waitFor();
    const seen = async () => (await workbench.problems()).join('\n');
    await expect.poll(seen).toMatch(/seen on production 3 times, last \d\d:\d\d/);
    await workbench.screenshot('log-6-problem');
    await workbench.runCommand('FastCGI: Clear Errors Seen on the Server');
    await workbench.runCommand('FastCGI: Follow Log');
  });

  it('goes to the rule that decides, and mends on the server', async () => {
    for (const root of [workbench.folder, host.remote]) {
      const circle = path.join(root, 'project/circle');
      mkdirSync(circle);
      writeFileSync(path.join(circle, '.htaccess'), '# A circle\nRewriteEngine On\nRewriteRule ^(.*)$ x$1\n');
    }
    expect(await status('/project/circle/a')).toBe(500);
    await incident('GET /project/circle/a').click();
    const detail = panel().locator('#incident');
    const cursor = workbench.page.locator('.statusbar-item[id="status.editor.selection"]');
    // The file is so new that VS Code may not have told of it: until it has, the rule of the folder above decides.
    const goToRule = async () => {
      await detail.getByRole('button', { name: 'Go to Rule' }).click();
      await workbench.page.locator('.tabs-container .tab.active', { hasText: '.htaccess' }).waitFor();
      return cursor.innerText();
    };
    await expect.poll(goToRule, { interval: 500 }).toMatch(/^Ln 3,/);

    const closed = path.join(host.remote, 'closed.html');
    writeFileSync(closed, 'closed');
    chownSync(closed, host.user.uid, host.user.uid);
    chmodSync(closed, 0o000);
    expect(await status('/closed.html')).toBe(403);
    await incident('closed.html').click();
    await detail.getByRole('button', { name: 'Set Mode 644 on the Server' }).click();
    await workbench.page
      .locator('.monaco-dialog-box')
      .getByRole('button', { name: 'Set Mode', exact: true })
      .click();
    await expect.poll(() => statSync(closed).mode & 0o777, { timeout: 10_000 }).toBe(0o644);
    expect(await status('/closed.html')).toBe(200);
  });

  it('shows the lines, finds by a pattern, and keeps all that over hiding', async () => {
    await panel().locator('#tab-lines').click();
    await panel().locator('.row', { hasText: 'This page always fails' }).first().waitFor();
    await panel().locator('#regex').click();
    await panel().locator('#filter').fill('End of script .* start\\.fcgi');
    await expect.poll(() => panel().locator('.row').count(), { timeout: 5000 }).toBe(1);
    await panel().locator('.row').first().click();
    await panel().locator('#detail', { hasText: 'What to do:' }).waitFor();
    await workbench.screenshot('log-7-lines');
    await workbench.runCommand('View: Toggle Output');
    await workbench.runCommand('FastCGI: Follow Log');
    await expect.poll(() => panel().locator('.row').count()).toBe(1);
    expect(await panel().locator('#filter').inputValue()).toContain('End of script');
    await panel().locator('#filter').fill('');
    await panel().locator('#regex').click();
  });

  it('shows HTML, colour codes and bytes as text', async () => {
    appendFileSync(
      host.apache.errorLog,
      Buffer.from('<img src=x onerror=alert(1)> \u001b[31mred\u001b[0m \xff\xfe\0\n', 'latin1'),
    );
    await panel().locator('.row', { hasText: '<img src=x onerror=alert(1)>' }).waitFor();
    expect(await panel().locator('.row img').count()).toBe(0);
    appendFileSync(host.apache.errorLog, `${'long '.repeat(2_000_000)}\n`);
    await panel().locator('.row', { hasText: 'long long' }).last().waitFor();
  });

  it('stands a flood, and lets the reader be where they are', async () => {
    const line = (n: number) =>
      `[Mon Nov 23 12:34:56.789012 2026] [fcgid:warn] [pid 7:tid 8] [client 192.0.2.1:${n % 60_000}] mod_fcgid: stderr: request ${n} served in 12 ms\n`;
    await panel().locator('#log').focus();
    await workbench.page.keyboard.press('Home');
    const top = await panel().locator('.row').first().innerText();
    for (let n = 0; n < 10; n++) {
      appendFileSync(
        host.apache.errorLog,
        Array.from({ length: 1000 }, (_, at) => line(n * 1000 + at)).join(''),
      );
    }
    await panel()
      .locator('#newer', { hasText: /\d{4,} new lines/ })
      .waitFor();
    expect(await panel().locator('.row').first().innerText()).toBe(top);
    await workbench.screenshot('log-8-flood');
    await panel().locator('#newer').click();
    await panel().locator('.row', { hasText: 'request 9999 served' }).waitFor();
  });

  it('can be read in a narrow window, and in a wide one', async () => {
    await panel().locator('#tab-incidents').click();
    await workbench.page.setViewportSize({ width: 520, height: 800 });
    await workbench.screenshot('log-9-narrow');
    await panel().locator('.incident').first().click();
    await workbench.screenshot('log-10-narrow-open');
    await workbench.page.setViewportSize({ width: 1800, height: 1000 });
    await workbench.screenshot('log-11-wide');
    await workbench.page.setViewportSize({ width: 1280, height: 800 });
  });

  it('tells once what is new after an upload', async () => {
    const file = path.join(workbench.folder, 'project/app.py');
    writeFileSync(file, readFileSync(file, 'utf8').replace("'It works'", 'undefined_name'));
    await workbench.runCommand('FastCGI: Upload Project');
    await workbench.toast(/Uploaded to production/);
    await workbench.runCommand('FastCGI: Reload');
    await expect.poll(() => status('/project/'), { timeout: 30_000 }).toBe(500);
    const toast = await workbench.toast(/New on production since the last upload or reload: NameError/);
    await workbench.screenshot('log-12-notification');
    await toast.getByRole('button', { name: 'Show' }).click();
    await panel().locator('#incident h2', { hasText: 'NameError' }).waitFor();
    await incident('NameError').locator('.new').waitFor();
    // A progress cannot be cleared: the reload asks the failing site for a while.
    await workbench.page
      .locator('.notification-list-item', { hasText: /^Reloading production/ })
      .waitFor({ state: 'detached', timeout: 60_000 });
    await clearToasts(workbench);
    await workbench.screenshot('log-13-new');
  });

  it('says why the site fails, the cause first', async () => {
    await workbench.runCommand('FastCGI: Why Is My Site Failing?');
    await workbench.page
      .locator('.tabs-container .tab.active', { hasText: 'Why Is My Site Failing?' })
      .waitFor({ timeout: 40_000 });
    const report = await frameWith('.verdict');
    await workbench.screenshot('log-14-doctor');
    expect(await report.locator('.verdict').innerText()).toContain('NameError');
    expect(await report.locator('.finding').count()).toBeGreaterThan(4);
    await report.getByRole('button', { name: 'Examine Again' }).press('Enter');
    // The button is a new one then: the keyboard is at the top of the new report.
    await report.locator('h1:focus').waitFor({ timeout: 60_000 });
    await report.getByRole('button', { name: 'Learn the Server' }).click();
    const dialog = workbench.page.locator('.monaco-dialog-box');
    await dialog.getByRole('button', { name: 'Ask the Server' }).click();
    await dialog.getByText(/AllowOverride All/).waitFor();
    await workbench.screenshot('log-16-learned');
    await dialog.getByRole('button', { name: 'Save as Host Profile' }).click();
    const described = () => readFileSync(path.join(workbench.folder, '.vscode/fastcgi.json'), 'utf8');
    await expect.poll(described).toMatch(/"modules": \[\s+"core"/);
    await report.locator('.finding').first().getByRole('button', { name: 'Go to Line' }).click();
    await workbench.page.locator('.tabs-container .tab.active', { hasText: 'app.py' }).waitFor();
  });

  it('is as it was after a reload of the window', async () => {
    await workbench.runCommand('FastCGI: Follow Log');
    await panel().locator('#tab-lines').click();
    await panel().locator('#filter').fill('NameError');
    await expect.poll(() => panel().locator('.row').count(), { timeout: 10_000 }).toBeGreaterThan(0);
    await workbench.runCommand('Developer: Reload Window');
    // The key is trusted, and the password known, for a session only: nothing is asked before somebody wants something.
    await panel().getByRole('button', { name: 'Follow Log' }).click({ timeout: 60_000 });
    await workbench.page
      .locator('.monaco-dialog-box')
      .getByRole('button', { name: 'Trust for This Session' })
      .click({ timeout: 60_000 });
    await workbench.page.locator('.quick-input-widget input[type=password]').fill(host.user.password);
    await workbench.page.keyboard.press('Enter');
    await panel().locator('.row', { hasText: 'NameError' }).first().waitFor({ timeout: 30_000 });
    expect(await panel().locator('#filter').inputValue()).toBe('NameError');
    expect(await panel().locator('#tab-lines').getAttribute('aria-selected')).toBe('true');
    expect(await panel().locator('.row').allInnerTexts()).toSatisfy((rows: string[]) =>
      rows.every((row) => row.includes('NameError')),
    );
    await workbench.screenshot('log-15-reloaded');
  });
});
