import { chmodSync, chownSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { createUser, freePort, startSshd, type Sshd, type TestUser } from '../../oracle/sshd';
import type { Workbench } from '../ui';
import { clearToasts, describeTarget, onlyToast, toasts } from './describe';

/**
 * What goes wrong with a server, in the order in which a person meets it: each gives one message with a way out. Needs a window in which
 * no server is described yet.
 */
export function failedUploads(opened: () => Workbench): void {
  let user: TestUser;
  let sshd: Sshd;
  let workbench: Workbench;
  let remote: string;

  beforeAll(async () => {
    user = createUser();
    remote = path.join(user.home, 'public_html');
    sshd = await startSshd({ user: user.name });
    workbench = opened();
  });

  afterEach(async () => {
    await clearToasts(workbench);
  });

  afterAll(async () => {
    await sshd?.stop();
    user?.remove();
  });

  const local = (name: string) => path.join(workbench.folder, name);
  const dialog = () => workbench.page.locator('.monaco-dialog-box');
  const passwordBox = () => workbench.page.locator('.quick-input-widget input[type=password]');
  const target = () => ({ ssh: { host: '127.0.0.1', port: sshd.port, user: user.name }, path: remote });
  const upload = () => workbench.runCommand('FastCGI: Upload Project');

  /** Waits for a message, and holds that it is the only one and that nothing goes on beside it. */
  const only = (text: RegExp) => onlyToast(workbench, text);

  async function answerHostKey(button: string): Promise<void> {
    await dialog().waitFor();
    await dialog().getByRole('button', { name: button }).click();
  }

  it('says where to describe a server when none is', async () => {
    await upload();
    const buttons = await only(/No server is described yet/);
    await workbench.screenshot('servers-1-none');
    expect(buttons).toContain('Open Project File');
    await (await workbench.toast(/No server/)).getByRole('button', { name: 'Open Project File' }).click();
    await workbench.page.locator('.tabs-container .tab.active', { hasText: 'fastcgi.json' }).waitFor();
  });

  it('sends nothing by a project file that it does not understand, and shows the line', async () => {
    await describeTarget(workbench, 'broken', { ssh: 'nowhere', path: 'public_html' });
    const file = local('.vscode/fastcgi.json');
    writeFileSync(file, readFileSync(file, 'utf8').replace('"documentRoot": "."', '"documentRoot": 5'));
    await workbench.page.locator('.squiggly-error').first().waitFor({ state: 'attached' });
    await upload();
    const buttons = await only(/Nothing was sent: correct line 2 of .*"documentRoot"/);
    await workbench.screenshot('servers-8-project-file');
    expect(buttons[0]).toBe('Open Project File');
  });

  it('says that a server cannot be reached', async () => {
    const port = await freePort();
    await describeTarget(workbench, 'silent', { ssh: { host: '127.0.0.1', port }, path: 'public_html' });
    await upload();
    const buttons = await only(/Could not connect to 127\.0\.0\.1, port \d+: .*Check host, port/);
    await workbench.screenshot('servers-2-unreachable');
    expect(buttons).toEqual(['Open Project File', 'Retry', 'Show Output']);
  });

  it('sends nothing to a server whose key was refused', async () => {
    await describeTarget(workbench, 'refused', target());
    await upload();
    await answerHostKey('Cancel');
    expect(await only(/was not accepted/)).toContain('Retry');
    await workbench.screenshot('servers-3-host-key');
    expect(sshd.log()).not.toContain('password');
  });

  it('asks for a refused password again, then says who was refused', async () => {
    await upload();
    await answerHostKey('Trust for This Session');
    for (let attempt = 1; attempt <= 3; attempt++) {
      await passwordBox().waitFor();
      if (attempt > 1) await workbench.page.getByText('The server refused the password before').waitFor();
      await passwordBox().fill(`wrong-${attempt}`);
      await workbench.page.keyboard.press('Enter');
    }
    const buttons = await only(/was refused\..*Check the user name/);
    await workbench.screenshot('servers-4-password');
    expect(buttons).toEqual(['Open Project File', 'Retry', 'Show Output']);
  });

  it('stops without a word when the password is not given', async () => {
    await upload();
    await passwordBox().waitFor();
    await workbench.page.keyboard.press('Escape');
    // At once, as it stays for five seconds only.
    await workbench.page.locator('.statusbar', { hasText: 'The upload to refused was stopped.' }).waitFor();
    await expect.poll(() => toasts(workbench)).toEqual([]);
  });

  it('says that the folder is missing on the server', async () => {
    await upload();
    await passwordBox().waitFor();
    await passwordBox().fill(user.password);
    await workbench.page.keyboard.press('Enter');
    const remember = await workbench.toast(/Remember the password/);
    await remember.getByRole('button', { name: 'Not Now' }).click();
    const buttons = await only(/There is no folder .*public_html on the server/);
    await workbench.screenshot('servers-5-folder');
    expect(buttons).toEqual(['Open Project File', 'Retry', 'Show Output']);
  });

  it('asks before it uploads a .htaccess that answers 500, and shows the line', async () => {
    mkdirSync(remote);
    chownSync(remote, user.uid, user.uid);
    const good = readFileSync(local('project/.htaccess'), 'utf8');
    writeFileSync(local('project/.htaccess'), `${good}\nRewritEngine On\n`);
    await upload();
    await dialog().waitFor();
    const text = await dialog().innerText();
    expect(text).toContain('The site would answer 500 on refused.');
    expect(text).toMatch(/project\/\.htaccess:\d+: .*Invalid command 'RewritEngine'/);
    await workbench.screenshot('servers-6-broken');
    await dialog().getByRole('button', { name: 'Show Error' }).click();
    await workbench.page.locator('.tabs-container .tab.active', { hasText: '.htaccess' }).waitFor();
    expect(existsSync(path.join(remote, 'index.html'))).toBe(false);

    await workbench.runCommand('FastCGI: Upload This File');
    expect(await dialog().innerText()).toContain("Invalid command 'RewritEngine'");
    await dialog().getByRole('button', { name: 'Cancel' }).click();
    expect(existsSync(path.join(remote, 'project/.htaccess'))).toBe(false);

    await upload();
    await answerHostKey('Upload Anyway');
    expect(await only(/Uploaded to refused: \d+ sent/)).toEqual(['Reload']);
    expect(readFileSync(path.join(remote, 'project/.htaccess'), 'utf8')).toContain('RewritEngine');
    writeFileSync(local('project/.htaccess'), good);
  });

  it("leaves somebody else's change alone until it is to be overwritten", async () => {
    const theirs = path.join(remote, 'index.html');
    writeFileSync(theirs, '<p>Theirs, and longer than it was before.</p>\n');
    writeFileSync(local('index.html'), '<p>Ours</p>\n');
    await upload();
    const buttons = await only(/index\.html was left alone on refused: somebody else changed it there/);
    await workbench.screenshot('servers-7-conflict');
    expect(buttons).toEqual(['Compare...', 'Overwrite', 'Show Output']);
    expect(readFileSync(theirs, 'utf8')).toContain('Theirs');
    await (await workbench.toast(/left alone/)).getByRole('button', { name: 'Overwrite' }).click();
    await only(/Uploaded to refused: 1 sent/);
    expect(readFileSync(theirs, 'utf8')).toBe('<p>Ours</p>\n');
  });

  const problems = async () => (await workbench.problems()).join('\n');
  const onTarget = () => workbench.page.locator('.markers-panel .monaco-list-row', { hasText: 'On refused' });

  it('shows in the dispatcher which mode it has on the server, and mends it there', async () => {
    const theirs = path.join(remote, 'project/dispatch.fcgi');
    chmodSync(theirs, 0o644);
    await workbench.runCommand('FastCGI: Check Dispatcher on Target');
    await workbench.webview().getByText('It does not work on refused').waitFor();
    await workbench.openFile('project/dispatch.fcgi');
    await expect.poll(problems).toMatch(/On refused Apache answers 500: .*mode 644/);
    await workbench.screenshot('servers-9-mode-on-target');
    // Back from the list of problems into the editor.
    await workbench.openFile('project/dispatch.fcgi');
    const row = workbench.page.locator('.action-widget .monaco-list-row');
    const fix = row.filter({ hasText: 'Set the mode on refused to 755' });
    await workbench.open('Control+.', fix);
    await fix.click();
    await expect.poll(() => statSync(theirs).mode & 0o777).toBe(0o755);
    await expect.poll(() => onTarget().count()).toBe(0);
  });

  it('puts a program that the server cannot run live only when it is wanted', async () => {
    const file = local('project/dispatch.fcgi');
    const good = readFileSync(file, 'utf8');
    writeFileSync(file, good.replace(/^#!.*/, '#!/usr/bin/env python9'));
    await upload();
    const buttons = await only(/Nothing was put live: project\/dispatch\.fcgi .*There is no python9/);
    await workbench.screenshot('servers-10-trial');
    expect(buttons).toEqual(['Open dispatch.fcgi', 'Upload Anyway', 'Retry']);
    const theirs = path.join(remote, 'project/dispatch.fcgi');
    expect(readFileSync(theirs, 'utf8')).toBe(good);
    await expect.poll(problems).toMatch(/On refused Apache answers 500: the server has no python9/);
    await (await workbench.toast(/put live/)).getByRole('button', { name: 'Upload Anyway' }).click();
    await only(/Uploaded to refused: 1 sent/);
    expect(readFileSync(theirs, 'utf8')).toContain('python9');
    await expect.poll(problems).toContain('the server has no python9');
    writeFileSync(file, good);
    await expect.poll(() => onTarget().count()).toBe(0);
  });
}
