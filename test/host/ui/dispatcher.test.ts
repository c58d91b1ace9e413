import { chmodSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openWorkbench, whyNoUi, type Workbench } from '../ui';
import { clearToasts, onlyToast } from './describe';

/** A dispatcher of flup as people copy it, on Windows. */
const COPIED = [
  '#!/usr/bin/env python3',
  'import cgi, cgitb',
  'import sys',
  'from flup.server.fcgi import WSGIServer',
  'from app import application',
  '',
  'cgitb.enable()',
  "print('starting')",
  'WSGIServer(application).run()',
  '',
];

/** From an empty folder to a dispatcher that works, and one that does not. */
describe.skipIf(whyNoUi)('a new project and its dispatcher', () => {
  let workbench: Workbench;

  beforeAll(async () => {
    workbench = await openWorkbench({ settings: { 'files.autoSave': 'off' } });
    await workbench.openFile('index.html');
  });

  afterAll(async () => {
    await workbench?.close();
  });

  const local = (name: string) => path.join(workbench.folder, name);
  const report = () => workbench.webview();

  it('is not written over files that are there', async () => {
    await workbench.runCommand('FastCGI: New Project...');
    await workbench.page.locator('.quick-input-list .monaco-list-row', { hasText: 'Django' }).waitFor();
    await workbench.screenshot('dispatcher-1-new-project');
    await workbench.pick('Python (WSGI)');
    await workbench.page.locator('.quick-input-list .monaco-list-row', { hasText: 'Into another' }).waitFor();
    await workbench.screenshot('dispatcher-2-new-project-folder');
    await workbench.pick('Into the open folder');
    const buttons = await onlyToast(
      workbench,
      /There is already \.vscode\/fastcgi\.json\. Nothing was written\./,
    );
    expect(buttons).toEqual(['Choose Another Folder', 'Show .vscode/fastcgi.json', 'Retry']);
    await workbench.screenshot('dispatcher-3-new-project-exists');
    expect(readdirSync(workbench.folder).sort()).toEqual(['.vscode', 'index.html', 'project']);
    await clearToasts(workbench);
  });

  it('is written into an empty folder, with the modes of its files', async () => {
    for (const name of readdirSync(workbench.folder)) rmSync(local(name), { recursive: true });
    await workbench.runCommand('FastCGI: New Project...');
    await workbench.pick('Python (WSGI)');
    await workbench.pick('Into the open folder');
    const toast = await workbench.toast('The project "Python (WSGI)" is written.');
    await workbench.page.locator('.tabs-container .tab.active', { hasText: 'app.py' }).waitFor();
    expect(statSync(local('dispatch.fcgi')).mode & 0o777).toBe(0o755);
    expect(statSync(local('.htaccess')).mode & 0o777).toBe(0o644);
    await workbench.screenshot('dispatcher-4-written');
    await toast.getByRole('button', { name: 'Check Dispatcher' }).click();
  });

  it('passes its check, which says so in a page', async () => {
    const text = report().locator('body');
    await report().getByText('It works on this machine').waitFor();
    expect(await text.innerText()).toMatch(
      /As the web server starts it[^]*status 200[^]*As a shell starts it/,
    );
    await workbench.screenshot('dispatcher-5-check-works');
  });

  it('fails its check with the reason and a mark on the line', async () => {
    writeFileSync(local('app.py'), 'import not_there_module\n');
    // By the explorer: Quick Open remembers the file of this name that was removed with the old site.
    await workbench.page
      .locator('.explorer-folders-view .monaco-list-row', { hasText: 'dispatch.fcgi' })
      .dblclick();
    await workbench.page.locator('.editor-instance .view-lines:visible').first().waitFor();
    await workbench.runCommand('FastCGI: Check Dispatcher');
    await report().getByText('It does not work on this machine').waitFor();
    expect(await report().locator('body').innerText()).toContain("No module named 'not_there_module'");
    await workbench.screenshot('dispatcher-6-check-fails');
    const problems = async () => (await workbench.problems()).join('\n');
    await expect.poll(problems).toMatch(/No module named 'not_there_module'.*Ln 1/);
    await report().getByRole('link', { name: 'app.py:1', exact: true }).first().click();
    await workbench.page.locator('.tabs-container .tab.active', { hasText: 'app.py' }).waitFor();
  });

  it('has its dispatchers checked although they are not open', async () => {
    writeFileSync(local('old.fcgi'), COPIED.join('\r\n'));
    chmodSync(local('old.fcgi'), 0o777);
    const problems = async () => (await workbench.problems()).join('\n');
    await expect.poll(problems).toContain('old.fcgi');
    await workbench.openFile('old.fcgi');
    await expect
      .poll(problems)
      .toMatch(/CR LF[^]*mode 777[^]*no module cgi since[^]*main error log[^]*Visitors see/);
    await workbench.screenshot('dispatcher-7-guard');
  });

  it('offers a way out of each', async () => {
    const fixAt = async (line: number, title: string) => {
      await workbench.goTo(line);
      const fix = workbench.page.locator('.action-widget .monaco-list-row', { hasText: title }).first();
      await workbench.open('Control+.', fix);
      if (line === 1) await workbench.screenshot('dispatcher-8-fixes');
      await fix.click();
    };
    await fixAt(9, 'Show no traceback to visitors');
    await fixAt(8, 'Print to sys.stderr');
    await fixAt(1, 'Keep LF in git and in editors');
    await expect.poll(() => readFileSync(local('.gitattributes'), 'utf8')).toContain('*.cgi text eol=lf');
    await fixAt(1, 'Set the mode to 755');
    await expect.poll(() => statSync(local('old.fcgi')).mode & 0o777).toBe(0o755);
    await workbench.runCommand('File: Save');
    await expect.poll(() => readFileSync(local('old.fcgi'), 'utf8')).toContain('debug=False).run()\n');
    expect(readFileSync(local('old.fcgi'), 'utf8')).toContain("print('starting', file=sys.stderr)\n");
  });

  it('is led through by a walkthrough', async () => {
    await workbench.runCommand('View: Hide Panel');
    await workbench.runCommand('View: Toggle Primary Side Bar Visibility');
    await workbench.runCommand('Preferences: Toggle between Light/Dark Themes');
    await workbench.page.locator('.monaco-workbench.vs-dark').waitFor();
    await workbench.runCommand('Welcome: Open Walkthrough...');
    await workbench.pick('A FastCGI site, from the first file to the error log');
    const step = (title: string) =>
      workbench.page.locator('.gettingStartedContainer .getting-started-step', { hasText: title });
    await step('Reload, with proof').waitFor();
    await workbench.screenshot('dispatcher-9-walkthrough');
    await step('See what each rule does').click();
    await workbench.screenshot('dispatcher-11-walkthrough-rules');
    await step('Keep it true with URL tests').click();
    // The picture follows a moment later.
    await workbench.page.waitForTimeout(1000);
    await workbench.screenshot('dispatcher-12-walkthrough-tests');
    // Last of all: the picture beside the step takes the keyboard.
    await step('Reload, with proof').click();
    await workbench.screenshot('dispatcher-10-walkthrough-reload');
  });
});
