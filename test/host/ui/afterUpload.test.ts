import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startSshd, type Sshd } from '../../oracle/sshd';
import { openWorkbench, type Workbench } from '../ui';
import { clearToasts, describeTarget, onlyToast, toasts } from './describe';
import { hasSiteHost, startSiteHost, type SiteHost } from './siteHost';

/** Every upload is followed by a reload, with a shell and without one. */
describe.skipIf(!hasSiteHost)('a reload after each upload', () => {
  let host: SiteHost;
  let sftpOnly: Sshd;
  let workbench: Workbench;

  beforeAll(async () => {
    host = await startSiteHost();
    sftpOnly = await startSshd({
      user: host.user.name,
      config: [`ForceCommand internal-sftp -d ${host.user.home}`, 'AllowTcpForwarding no', 'PermitTTY no'],
    });
    workbench = await openWorkbench({
      settings: {
        'files.autoSave': 'off',
        'fastcgi.reload.afterUpload': true,
        'fastcgi.upload.onSave': true,
      },
    });
  });

  afterEach(async () => {
    await clearToasts(workbench);
  });

  afterAll(async () => {
    await workbench?.close();
    await sftpOnly?.stop();
    await host?.stop();
  });

  const local = (name: string) => path.join(workbench.folder, name);
  const target = (port: number, key: string) => ({
    ask: false,
    ssh: { host: '127.0.0.1', port, user: host.user.name, identityFile: key },
    path: host.remote,
    url: `${host.apache.url}/`,
    log: host.apache.errorLog,
  });
  const trust = () =>
    workbench.page
      .locator('.monaco-dialog-box')
      .getByRole('button', { name: 'Trust for This Session' })
      .click();
  const edit = (name: string, from: string, to: string) =>
    writeFileSync(local(name), readFileSync(local(name), 'utf8').replace(from, to));

  const sent = () => readFileSync(path.join(host.remote, 'project/app.py'), 'utf8');
  const page = async () => {
    const response = await fetch(`${host.apache.url}/project/`);
    return { status: response.status, text: await response.text() };
  };

  /** All texts that were on the screen, in the order in which they came, until one is there alone. */
  async function shownUntil(last: RegExp): Promise<string[]> {
    const seen = new Set<string>();
    const isOver = async () => {
      // The newest is the uppermost.
      const now = (await toasts(workbench)).map(({ text }) => text).toReversed();
      for (const text of now) seen.add(text);
      return now.length === 1 && last.test(now[0] ?? '');
    };
    await expect.poll(isOver, { timeout: 40_000, interval: 50 }).toBe(true);
    return [...seen];
  }

  /** The upload, then the reload, then what came of it; the progress of neither stays. */
  async function uploadUntil(verdict: RegExp): Promise<void> {
    await workbench.runCommand('FastCGI: Upload Project');
    const seen = await shownUntil(verdict);
    const steps = ['Uploading', 'Reloading', verdict].map((step) =>
      seen.findIndex((text) => text.match(step)),
    );
    expect({ seen, steps }).toEqual({
      seen,
      steps: [0, ...steps.slice(1).toSorted((one, other) => one - other)],
    });
    // Two at a time may come late.
    await expect.poll(async () => (await toasts(workbench)).length, { interval: 1500 }).toBe(1);
  }

  it('proves that the new code runs', async () => {
    await describeTarget(workbench, 'shop', target(host.sshd.port, host.sshd.clientKey));
    await workbench.runCommand('FastCGI: Upload Project');
    await trust();
    await shownUntil(/^shop /);
    await clearToasts(workbench);
    expect(await page()).toMatchObject({ status: 200 });
    edit('project/app.py', "'It works'", "'It works anew'");
    await uploadUntil(/shop reloaded: a new process answered/);
    expect((await page()).text).toContain('It works anew');
  });

  it('takes back what does not work, says so, and uploads again what was mended', async () => {
    edit('project/app.py', "'It works anew'", 'undefined_name');
    await uploadUntil(/shop did not work with the new files \(status 500\), so the upload was taken back/);
    expect((await page()).text).toContain('It works anew');
    const buttons = await onlyToast(workbench, /taken back/);
    expect(buttons).toEqual(['Show Error Log', 'Upload Again', 'Show Output']);
    edit('project/app.py', 'undefined_name', "'It works, mended'");
    const toast = await workbench.toast(/taken back/);
    await toast.getByRole('button', { name: 'Upload Again' }).click();
    await shownUntil(/shop reloaded: a new process answered/);
    expect((await page()).text).toContain('It works, mended');
  });

  it('sends what is saved while a reload is going on, and takes back what does not work', async () => {
    edit('project/app.py', "'It works, mended'", "'It works anew'");
    await workbench.openFile('project/app.py');
    await workbench.page.locator('.editor-instance .view-lines').first().click();
    await workbench.page.keyboard.press('Control+Home');
    for (const line of ['# one', '# two', '# three']) {
      await workbench.page.keyboard.type(`${line}\n`);
      await workbench.page.keyboard.press('Control+S');
    }
    await expect.poll(() => sent().slice(0, 20), { timeout: 20_000 }).toContain('# three');
    await shownUntil(/shop reloaded: a new process answered/);
    await workbench.screenshot('after-upload-1-saved');
    await clearToasts(workbench);
    await workbench.type('undefined_name\n');
    await workbench.page.keyboard.press('Control+S');
    await shownUntil(/so the upload was taken back/);
    await workbench.screenshot('after-upload-2-taken-back');
    expect(sent()).not.toContain('undefined_name');
    expect(await page()).toMatchObject({ status: 200 });
  });

  it('without a shell says what could be seen, and finds what came since in the log', async () => {
    edit('project/app.py', 'undefined_name\n', '');
    await describeTarget(workbench, 'bare', target(sftpOnly.port, sftpOnly.clientKey));
    edit('project/app.py', "'It works anew'", "'It works again'");
    await workbench.runCommand('FastCGI: Upload Project');
    await trust();
    await shownUntil(/bare answers after the reload; whether by a new process could not be seen/);
    await fetch(`${host.apache.url}/project/error`);
    await workbench.runCommand('FastCGI: Follow Log');
    const panel = workbench.webview();
    await panel.locator('#state.live').waitFor();
    const before = panel.locator('.incident', { hasText: 'app.py, line 64' });
    await before.waitFor();
    await panel.locator('#since:not([disabled])').click();
    await before.waitFor({ state: 'detached' });
    await panel.locator('.incident', { hasText: 'This page always fails' }).waitFor();
    await workbench.screenshot('after-upload-3-since');
  });
});
