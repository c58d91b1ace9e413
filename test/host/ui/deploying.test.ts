import { execFileSync } from 'node:child_process';
import { chownSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createUser, isRoot, sshdMissing, startSshd, type Sshd, type TestUser } from '../../oracle/sshd';
import { openWorkbench, whyNoUi, type Workbench } from '../ui';
import { clearToasts, onlyToast } from './describe';
import { failedUploads } from './failedUploads';

const usable = whyNoUi === undefined && sshdMissing === undefined && isRoot;

/** One window for all of it; every step needs the ones before. */
describe.skipIf(!usable)('deploying', () => {
  let workbench: Workbench;

  beforeAll(async () => {
    workbench = await openWorkbench({ settings: { 'files.autoSave': 'off', 'fastcgi.upload.onSave': true } });
  });

  afterAll(async () => {
    await workbench?.close();
  });

  describe('an upload that cannot be done', () => {
    failedUploads(() => workbench);
  });
  describe('preview, conflicts, upload on save, roll back', () => {
    deploys(() => workbench);
  });
});

/** What a person does with a server besides uploading. */
function deploys(opened: () => Workbench): void {
  let user: TestUser;
  let sshd: Sshd;
  let workbench: Workbench;
  let remote: string;
  let other: string;
  let errorLog: string;
  /** The program's module before anybody changes it. */
  let sound: string;

  beforeAll(async () => {
    user = createUser();
    remote = path.join(user.home, 'public_html');
    other = path.join(user.home, 'staging');
    errorLog = path.join(user.home, 'error.log');
    for (const folder of [remote, other]) {
      mkdirSync(folder);
      chownSync(folder, user.uid, user.uid);
    }
    writeFileSync(errorLog, '');
    sshd = await startSshd({ user: user.name });
    workbench = opened();
  });

  afterAll(async () => {
    await sshd?.stop();
    user?.remove();
  });

  const local = (name: string) => path.join(workbench.folder, name);
  const onServer = (name: string) => readFileSync(path.join(remote, name), 'utf8');
  const dialog = (button: string) =>
    workbench.page.locator('.monaco-dialog-box').getByRole('button', { name: button });
  const inExplorer = (name: string, command: string) => workbench.contextMenu(explorerRow(name), command);
  const explorerRow = (name: string) =>
    workbench.page.locator('.explorer-folders-view .monaco-list-row', { hasText: name }).first();
  const clear = () => clearToasts(workbench);

  it('shows what would be done, and asks before production is changed', async () => {
    const ssh = { host: '127.0.0.1', port: sshd.port, user: user.name, identityFile: sshd.clientKey };
    const target = { ssh, path: remote };
    const modes = { files: '640', programs: '700' };
    const test = { ...target, path: other, ignore: ['*.sql'], modes, reload: 'touch' };
    const targets = { production: { ...target, log: errorLog }, test };
    const project = { documentRoot: '.', targets, defaultTarget: 'production' };
    writeFileSync(local('.vscode/fastcgi.json'), JSON.stringify(project));
    writeFileSync(local('project/dump.sql'), 'secret\n');
    sound = readFileSync(local('project/app.py'), 'utf8');
    const git = (...args: string[]) => execFileSync('git', ['-C', workbench.folder, ...args]);
    git('init', '-q');
    git('add', '.');
    git('-c', 'user.name=A', '-c', 'user.email=a@example.test', 'commit', '-q', '-m', 'First');
    await (await workbench.statusBarItem('target')).getByText('production').waitFor();
    await workbench.runCommand('FastCGI: Preview Upload');
    await dialog('Trust for This Session').click();
    const view = workbench.page.locator('.part.panel .monaco-list-row');
    await view.filter({ hasText: 'New' }).first().waitFor();
    await view.filter({ hasText: 'looks like a database' }).first().waitFor();
    await workbench.page.locator('.part.panel', { hasText: /production: \d+ to send/ }).waitFor();
    await workbench.screenshot('deploying-1-preview');
    await workbench.runCommand('FastCGI: Upload Project');
    await dialog('Upload').waitFor();
    const where = `${user.name}@127.0.0.1:${sshd.port}:${remote}`;
    expect(await workbench.page.locator('.monaco-dialog-box').innerText()).toContain(where);
    await workbench.screenshot('deploying-2-production-asks');
    await dialog('Upload').click();
    await workbench.toast(/Uploaded to production: \d+ sent/);
    expect(onServer('project/app.py')).toBe(readFileSync(local('project/app.py'), 'utf8'));
    // No terminal in the place of the preview.
    await workbench.page.locator('.part.panel').waitFor({ state: 'hidden' });
    await clear();
  });

  it('sends a file when it is saved', async () => {
    await workbench.openFile('project/app.py');
    await workbench.page.locator('.editor-instance .view-lines').first().click();
    await workbench.page.keyboard.press('Control+Home');
    await workbench.page.keyboard.type('# saved\n');
    await workbench.page.keyboard.press('Control+S');
    await dialog('Upload').waitFor();
    await workbench.screenshot('deploying-3-on-save-asks');
    expect(onServer('project/app.py').slice(0, 8)).not.toBe('# saved\n');
    await dialog('Upload').click();
    await expect.poll(() => onServer('project/app.py').slice(0, 8)).toBe('# saved\n');
    // Once for the window.
    await workbench.type('# again\n');
    await workbench.page.keyboard.press('Control+S');
    await expect.poll(() => onServer('project/app.py').slice(0, 16)).toBe('# saved\n# again\n');
    await workbench.screenshot('deploying-3-on-save');
  });

  it('shows a foreign edit in the diff editor, and sends what was merged', async () => {
    writeFileSync(path.join(remote, 'project/app.py'), '# somebody else was here\n');
    await workbench.openFile('project/app.py');
    await workbench.page.locator('.editor-instance .view-lines').first().click();
    await workbench.page.keyboard.press('Control+Home');
    await workbench.page.keyboard.type('# mine\n');
    await workbench.page.keyboard.press('Control+S');
    const toast = await workbench.toast(/somebody else changed it there/);
    await workbench.screenshot('deploying-4-conflict');
    await toast.getByRole('button', { name: 'Compare...' }).click();
    await workbench.page.locator('.monaco-diff-editor').first().waitFor();
    await workbench.page.locator('.quick-input-widget').getByText('Upload mine').waitFor();
    await workbench.page.locator('.view-line', { hasText: 'somebody else was here' }).first().waitFor();
    await workbench.screenshot('deploying-5-compare');
    await workbench.page.keyboard.press('Enter');
    await expect.poll(() => onServer('project/app.py').slice(0, 7)).toBe('# mine\n');
    await clear();
  });

  it('says what is deployed, and rolls back', async () => {
    await workbench.runCommand('FastCGI: What Is Deployed?');
    const rows = workbench.page.locator('.quick-input-list .monaco-list-row');
    await rows.filter({ hasText: 'project/app.py' }).first().waitFor();
    await workbench.screenshot('deploying-6-deployed');
    await workbench.page.keyboard.press('Escape');
    await workbench.runCommand('FastCGI: Roll Back...');
    await rows.filter({ hasText: 'project/app.py' }).first().waitFor();
    await workbench.screenshot('deploying-7-releases');
    await workbench.page.keyboard.press('Enter');
    await dialog('Roll Back').click();
    await workbench.toast(/has the state of .* again/).catch(async (error: unknown) => {
      await workbench.screenshot('deploying-8-failed');
      throw error;
    });
    await workbench.screenshot('deploying-8-rolled-back');
    expect(onServer('project/app.py')).toContain('# somebody else was here');
  });

  it('uploads to several targets after one question, each by its own rules, and tells it once', async () => {
    const copy = path.join(user.home, 'copy');
    const rows = workbench.page.locator('.quick-input-list .monaco-list-row');
    await clear();
    writeFileSync(local('project/app.py'), sound);
    const described = readFileSync(local('.vscode/fastcgi.json'), 'utf8');
    const project = JSON.parse(described) as { targets: Record<string, Record<string, unknown>> };
    const { test } = project.targets;
    mkdirSync(copy);
    chownSync(copy, user.uid, user.uid);
    Object.assign(project.targets, { copy: { ...test, path: copy }, gone: { ...test, path: `${copy}-2` } });
    writeFileSync(local('.vscode/fastcgi.json'), JSON.stringify(project));
    await workbench.runCommand('FastCGI: Upload to Several Targets...');
    await rows.filter({ hasText: 'gone' }).waitFor();
    await rows.filter({ hasText: 'production' }).click();
    await workbench.screenshot('deploying-14-several');
    await workbench.page.locator('.quick-input-widget').getByRole('button', { name: 'OK' }).click();
    await dialog('Upload').waitFor();
    await workbench.screenshot('deploying-15-several-preview');
    await dialog('Upload').click();
    const told = /Uploaded to 3 of 4 targets\. production: .* gone: There is no folder/;
    expect(await onlyToast(workbench, told)).toEqual(['Details...']);
    await workbench.screenshot('deploying-21-several-result');
    for (const place of [other, copy])
      expect(existsSync(path.join(place, 'project/dispatch.fcgi'))).toBe(true);
    await (await workbench.toast(/Uploaded to 3/)).getByRole('button', { name: 'Details...' }).click();
    const own = await workbench.toast('There is no folder');
    await own.getByRole('button', { name: 'Retry' }).waitFor();
    writeFileSync(local('.vscode/fastcgi.json'), described);
    const modeOf = (name: string) => (statSync(path.join(other, name)).mode & 0o777).toString(8);
    expect(['project/dispatch.fcgi', 'project/app.py'].map(modeOf)).toEqual(['700', '640']);
    expect(existsSync(path.join(other, 'project/dump.sql'))).toBe(false);
    expect(existsSync(path.join(remote, 'project/dump.sql'))).toBe(true);
    await clear();
  });

  it('opens a file of the server, saves it there, and downloads it', async () => {
    const css = 'project/static/site.css';
    writeFileSync(path.join(remote, css), '/* theirs */\n');
    const mine = readFileSync(local(css), 'utf8');
    await workbench.openFile(css);
    await workbench.runCommand('FastCGI: Open File on Server');
    await workbench.page
      .locator('.quick-input-list .monaco-list-row', { hasText: 'the open file' })
      .waitFor();
    await workbench.screenshot('deploying-11-open-on-server');
    await workbench.pick('the open file');
    const line = workbench.page.locator('.editor-instance .view-line', { hasText: 'theirs' }).first();
    await line.click();
    await workbench.page.keyboard.press('Control+Home');
    await workbench.page.keyboard.type('/* edited there */');
    await workbench.runCommand('FastCGI: Upload This File');
    await dialog('Save').waitFor();
    await workbench.screenshot('deploying-12-save-there');
    await dialog('Save').click();
    const edited = '/* edited there *//* theirs */\n';
    await expect.poll(() => onServer(css)).toBe(edited);
    expect(readFileSync(local(css), 'utf8')).toBe(mine);
    await workbench.page.locator('.tabs-container .tab.active:not(.dirty)').waitFor();
    await workbench.runCommand('FastCGI: Download from Server');
    await dialog('Replace').waitFor();
    await workbench.screenshot('deploying-13-replace');
    await dialog('Replace').click();
    await expect.poll(() => readFileSync(local(css), 'utf8')).toBe(edited);
    writeFileSync(path.join(remote, css), '/* theirs again */\n');
    await workbench.runCommand('FastCGI: Compare with Server');
    await workbench.page.locator('.monaco-diff-editor .view-line', { hasText: 'again' }).waitFor();
    await workbench.screenshot('deploying-18-compare');
    await clear();
  });

  it('downloads a folder, and uploads what is selected and what git changed', async () => {
    const inStatic = (name: string) => `project/static/${name}.txt`;
    writeFileSync(path.join(remote, inStatic('from-there')), 'x');
    await inExplorer('static', 'Download from Server');
    await dialog('Replace').click();
    await expect.poll(() => existsSync(local(inStatic('from-there')))).toBe(true);

    for (const name of ['first', 'second', 'third']) writeFileSync(local(inStatic(name)), 'x');
    await explorerRow('first.txt').click();
    await explorerRow('second.txt').click({ modifiers: ['Control'] });
    await inExplorer('second.txt', 'Upload This File or Selection');
    await dialog('Upload').click();
    const there = () =>
      ['first', 'second', 'third'].filter((name) => existsSync(path.join(remote, inStatic(name))));
    await expect.poll(there).toEqual(['first', 'second']);
    await workbench.screenshot('deploying-20-selection');
    await workbench.runCommand('FastCGI: Upload What Changed Since the Last Upload');
    await dialog('Upload').click();
    await expect.poll(there).toEqual(['first', 'second', 'third']);
    await clear();
  });

  it('shows a back-off in the status bar, and gives the program another name', async () => {
    const program = path.join(remote, 'project/dispatch.fcgi');
    const now = new Date(Date.now() - 5000).toString().slice(0, 24).split(' ');
    const at = `[${now.slice(0, 3).join(' ')} ${now[4]} ${now[3]}] [:warn] [pid 7:tid 7] FastCGI: (dynamic) server "${program}"`;
    const lines = ['started (pid 12)', "(pid 12) terminated by calling exit with status '1'"];
    const silent =
      'has failed to remain running for 30 seconds given 3 attempts, its restart interval has been backed off to 600 seconds';
    writeFileSync(errorLog, [...lines, silent].map((line) => `${at} ${line}\n`).join(''));
    await workbench.runCommand('FastCGI: Reload');
    const toast = await workbench.toast(/failed four times/);
    const item = await workbench.statusBarItem('target');
    await expect.poll(() => item.innerText()).toMatch(/production: backed off until \d/);
    await workbench.screenshot('deploying-16-backed-off');
    await toast.getByRole('button', { name: 'Recover...' }).click();
    await dialog('Upload Under Another Name').waitFor();
    await workbench.screenshot('deploying-17-recover');
    await dialog('Upload Under Another Name').click();
    await workbench.toast(/production is back: its program is called project\/dispatch-2\.fcgi there now/);
    expect(onServer('project/.htaccess')).toContain('dispatch-2.fcgi');
    await expect.poll(() => item.innerText()).not.toContain('backed off');
    await clear();
  });

  it('asks before it uploads what a URL test forbids', async () => {
    const tests = readFileSync(local('project/site.urls'), 'utf8');
    writeFileSync(local('project/site.urls'), `${tests}\n/project/nowhere.css -> 301 /elsewhere\n`);
    await workbench.runCommand('FastCGI: Upload Project');
    await dialog('Show Error').waitFor();
    const text = await workbench.page.locator('.monaco-dialog-box').innerText();
    expect(text).toContain('A URL test fails for production.');
    expect(text).toMatch(/project\/site\.urls:\d+: \/project\/nowhere\.css should give 301 \/elsewhere/);
    await workbench.screenshot('deploying-19-url-test');
    await dialog('Show Error').click();
    await workbench.page.locator('.tabs-container .tab.active', { hasText: 'site.urls' }).waitFor();
    writeFileSync(local('project/site.urls'), tests);
  });

  it('looks good in the dark and in a narrow window', async () => {
    await clear();
    await workbench.page.setViewportSize({ width: 700, height: 700 });
    await workbench.theme('Dark Modern');
    writeFileSync(local('project/.htaccess'), 'RewritEngine On\n');
    await workbench.runCommand('FastCGI: Upload Project');
    await dialog('Show Error').waitFor();
    await workbench.screenshot('deploying-9-refused-dark');
    await workbench.page.keyboard.press('Escape');
    await workbench.runCommand('FastCGI: Preview Upload');
    await workbench.page.locator('.part.panel .monaco-list-row', { hasText: 'Changed' }).first().waitFor();
    await workbench.screenshot('deploying-10-preview-dark');
  });
}
