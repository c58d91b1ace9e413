import { spawn } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openWorkbench, whyNoUi, type Workbench } from '../ui';
import { describeTarget } from './describe';

/** One window for both. */
describe.skipIf(whyNoUi)('URLs of a site', () => {
  let workbench: Workbench;
  let tests: string;

  beforeAll(async () => {
    workbench = await openWorkbench({ settings: { 'files.autoSave': 'off' } });
    tests = readFileSync(file(), 'utf8');
  });

  afterAll(async () => {
    await workbench?.close();
  });

  const file = () => path.join(workbench.folder, 'project/site.urls');

  /** The site, and the window, as they were: nothing is left of what was watched. */
  async function startAgain(): Promise<Workbench> {
    await workbench.page.setViewportSize({ width: 1280, height: 800 });
    await workbench.theme('Light Modern');
    await workbench.openFile('project/site.urls');
    await workbench.runCommand('View: Revert and Close Editor');
    await workbench.runCommand('View: Close All Editors');
    writeFileSync(file(), tests);
    rmSync(path.join(workbench.folder, '.htaccess'));
    return workbench;
  }

  describe('watching a URL', () => {
    watching(() => workbench);
  });
  describe('URL tests in the Test Explorer', () => {
    urlTests(startAgain);
  });
});

/** "Watch a URL" as a person uses it: the marks follow every keystroke, and the panel shows the way. */
function watching(opened: () => Workbench): void {
  let workbench: Workbench;

  beforeAll(async () => {
    workbench = opened();
    writeFileSync(path.join(workbench.folder, '.htaccess'), '# The folder above\n');
    await workbench.openFile('project/.htaccess');
  });

  const editorText = () => workbench.page.locator('.editor-instance .view-lines').first().innerText();
  const marks = () =>
    workbench.page
      .locator('.editor-instance .view-lines .view-line')
      .evaluateAll((lines) =>
        lines.flatMap((line) =>
          [...line.querySelectorAll('span')].map((span) => getComputedStyle(span, '::after').content),
        ),
      );

  /** The pictures beside the numbers of the visible lines. */
  const signs = () =>
    workbench.page
      .locator('.editor-instance .glyph-margin-widgets > *')
      .evaluateAll((signs) => signs.map((sign) => getComputedStyle(sign).backgroundImage));

  const kindsOfSigns = async () => new Set(await signs()).size;

  async function marksHave(text: RegExp): Promise<void> {
    await expect.poll(async () => (await marks()).join('\n')).toMatch(text);
  }

  it('lets the keyboard choose one of the URLs where none is watched', async () => {
    await workbench.runCommand('FastCGI: Show URLs');
    const panel = workbench.webview();
    const rows = panel.locator('.url-row');
    await rows.first().waitFor();
    const stop = panel.locator('.url-row[tabindex="0"]');
    expect(await stop.count()).toBe(1);
    await stop.press('Enter');
    await panel.locator('.url-row[aria-selected="true"]:focus').press('End');
    await panel.locator('.url-row[aria-selected="true"]:focus').press('Home');
    await rows.first().and(panel.locator('[aria-selected="true"]')).waitFor();
    await workbench.runCommand('FastCGI: Stop Watching');
    await workbench.openFile('project/.htaccess');
  });

  it('offers the URLs of the tests and shows what they meet', async () => {
    await workbench.runCommand('FastCGI: Watch a URL...');
    await workbench.page
      .locator('.quick-input-list .monaco-list-row', { hasText: '/project/form?x=1' })
      .waitFor();
    await workbench.screenshot('watch-1-ask');
    await workbench.pick('/project/form?x=1');
    await marksHave(/✓ .*\/project\/form/);
    await marksHave(/dispatch\.fcgi PATH_INFO=\/form/);
    await expect.poll(kindsOfSigns).toBe(2);
    await workbench.screenshot('watch-2-marks');
    const item = await workbench.statusBarItem('watch');
    await expect.poll(() => item.innerText()).toContain('dispatch.fcgi PATH_INFO=/form');
  });

  it('follows what is typed, before it is saved', async () => {
    await workbench.page.keyboard.press('Control+End');
    await workbench.page.keyboard.press('Control+Home');
    // In one piece: the suggestions for a path that is typed would take the Enter.
    await workbench.page.keyboard.insertText('Redirect 301 /project/form /project/newform\n');
    await marksHave(/→ .*newform/);
    await marksHave(/301 \/project\/newform/);
    await workbench.screenshot('watch-3-typed');
    expect(await editorText()).toContain('newform');
    await workbench.page.keyboard.press('Control+Home');
    await workbench.page.keyboard.press('Control+Shift+K');
    await marksHave(/dispatch\.fcgi PATH_INFO=\/form/);
  });

  it('loses nothing of what is typed while the machine is busy', async () => {
    const file = path.join(workbench.folder, 'project/.htaccess');
    const before = readFileSync(file, 'utf8');
    // Paths, because suggestions come and go with each slash; the lines end where some text stands already.
    const typed = 'Redirect 301 /project/form /project/newform\nRewriteRule ^a/(.*)$ static/$1 [L,R=302]\n';
    const busy = [1, 2].map(() => spawn(process.execPath, ['-e', 'for (;;);']));
    try {
      await workbench.page.keyboard.press('Control+Home');
      await workbench.page.keyboard.type(typed);
    } finally {
      for (const one of busy) one.kill('SIGKILL');
    }
    await workbench.page.keyboard.press('Control+S');
    await expect.poll(() => readFileSync(file, 'utf8')).toBe(typed + before);
    for (const key of ['Control+Home', 'Control+Shift+K', 'Control+Shift+K', 'Control+S'])
      await workbench.page.keyboard.press(key);
    await expect.poll(() => readFileSync(file, 'utf8')).toBe(before);
  });

  it('follows what is typed in the folder above', async () => {
    await workbench.runCommand('View: Split Editor Right');
    await workbench.openTopFile('.htaccess');
    await workbench.page.keyboard.press('Control+Home');
    await workbench.page.keyboard.insertText('Redirect 301 /project/form /from-above\n');
    await marksHave(/⇒ .*301 \/from-above[^]*⇒ .*301 \/from-above/);
    await workbench.screenshot('watch-9-above');
    await workbench.runCommand('View: Revert and Close Editor');
    await workbench.runCommand('View: Close Editor');
    await marksHave(/⇒ .*dispatch\.fcgi PATH_INFO=\/form/);
  });

  it('shows all URLs with their outcomes beside the steps', async () => {
    await workbench.runCommand('FastCGI: Show URLs');
    const panel = workbench.webview();
    await panel.locator('.url-row', { hasText: '/project/static/site.css' }).click();
    await panel.locator('.url-heading', { hasText: 'file static/site.css' }).waitFor();
    await panel.locator('.trace-row').first().waitFor();
    await workbench.screenshot('watch-4-panel');
    await panel.locator('.url-row', { hasText: '/project/hello/World' }).click();
    await panel.locator('.trace-row', { hasText: 'RewriteRule' }).first().waitFor();
    await workbench.screenshot('watch-5-steps');
    await panel.locator('.trace-row .place').first().click();
    await workbench.page.locator('.tabs-container .tab.active', { hasText: '.htaccess' }).waitFor();
    await workbench.page.locator('.editor-instance .monaco-editor.focused').waitFor();
  });

  it('keeps the keyboard on a button while what is watched changes', async () => {
    const panel = workbench.webview();
    const button = panel.getByRole('button', { name: 'Record as URL Test' });
    const above = path.join(workbench.folder, '.htaccess');
    const before = readFileSync(above, 'utf8');
    await button.focus();
    await panel.locator('.trace').evaluate((one) => one.classList.add('before'));
    writeFileSync(above, `${before}SetEnv CHANGED 1\n`);
    await panel.locator('.trace:not(.before)').waitFor();
    expect(await button.evaluate((one) => one === document.activeElement)).toBe(true);
    writeFileSync(above, before);
  });

  it('lets the steps be walked with the keyboard, each to its line', async () => {
    const panel = workbench.webview();
    const focused = () =>
      panel.locator('[data-step]:focus').evaluate((one) => one.ariaLabel ?? one.textContent ?? '');
    await panel.locator('.trace-heading').first().click();
    await workbench.page.keyboard.press('ArrowDown');
    await expect.poll(focused).toBe('.htaccess');
    await workbench.page.keyboard.press('ArrowDown');
    await expect.poll(focused).toBe('project/.htaccess');
    await workbench.page.keyboard.press('ArrowDown');
    await expect.poll(focused).toMatch(/^matches, RewriteRule .*project\/\.htaccess:12$/);
    await workbench.page.keyboard.press('ArrowRight');
    await expect.poll(focused).toMatch(/^met, RewriteCond .*project\/\.htaccess:8$/);
    await workbench.screenshot('watch-7-keyboard');
    await workbench.page.keyboard.press('Enter');
    const position = await workbench.statusBarItem('status.editor.selection');
    await expect.poll(() => position.innerText()).toContain('Ln 8,');
  });

  it('records the outcome as a test', async () => {
    await workbench.runCommand('FastCGI: Watch a URL...');
    const box = workbench.page.locator('.quick-input-widget', { hasText: 'Watch a URL' });
    await box.locator('.quick-input-title', { hasText: 'Watch a URL' }).waitFor();
    await workbench.page.keyboard.type('/project/recorded?a=b');
    await workbench.page.locator('.quick-input-list .monaco-list-row', { hasText: 'as typed' }).click();
    const panel = workbench.webview();
    await panel.locator('.url-heading', { hasText: '/project/recorded' }).waitFor();
    await panel.getByRole('button', { name: 'Record as URL Test' }).click();
    await workbench.page.locator('.tabs-container .tab.active', { hasText: 'site.urls' }).waitFor();
    await workbench.page.keyboard.press('Control+S');
    const file = path.join(workbench.folder, 'project/site.urls');
    await expect
      .poll(() => readFileSync(file, 'utf8'))
      .toContain('/project/recorded?a=b -> dispatch.fcgi PATH_INFO=/recorded QUERY_STRING=a=b');
  });

  it('marks a failed expectation, and stops', async () => {
    await workbench.page.keyboard.press('Control+End');
    await workbench.page.keyboard.type('/project/static/site.css -> 404\n');
    const panel = workbench.webview();
    await panel.locator('.url-row.failed', { hasText: 'expected 404' }).first().waitFor();
    await panel.getByText('1 of 14 tests fail').waitFor();
    await panel.getByRole('button', { name: 'Next Failed' }).click();
    await panel.locator('.url-row.failed[aria-selected="true"]').waitFor();
    await workbench.screenshot('watch-6-failed');
    await workbench.page.locator('.tabs-container .tab', { hasText: '.htaccess' }).click();
    await workbench.page.locator('.tabs-container .tab.active', { hasText: '.htaccess' }).waitFor();
    const why = 'Not looked at: a condition before it is not met.';
    await expect.poll(() => workbench.hover('more_static')).toContain(why);
    await expect.poll(kindsOfSigns).toBe(3);
    await workbench.runCommand('Preferences: Toggle between Light/Dark Themes');
    await workbench.page.setViewportSize({ width: 640, height: 700 });
    await workbench.page.locator('.monaco-workbench.vs-dark').waitFor();
    await marksHave(/⇒ .*site\.css/);
    const buttons = panel.locator('.urls-detail .buttons button');
    const tops = () => buttons.evaluateAll((all) => all.map((one) => one.getBoundingClientRect().top));
    await expect.poll(async () => [(await tops()).length, new Set(await tops()).size]).toEqual([3, 1]);
    await panel.getByRole('button', { name: 'Record as URL Test' }).waitFor();
    await workbench.screenshot('watch-8-narrow-dark');
    await workbench.theme('Dark High Contrast');
    await expect.poll(() => workbench.hover('RewriteBase')).toContain('RewriteBase');
    await workbench.hover('static [NC]');
    await workbench.screenshot('watch-10-high-contrast');
    await workbench.theme('Light High Contrast');
    await workbench.screenshot('watch-11-light-high-contrast');
    await workbench.runCommand('FastCGI: Stop Watching');
    await expect.poll(async () => (await marks()).join('')).not.toMatch(/dispatch/);
  });
}

/** A site that is not as it should be: it knows one page, and sends everybody else to it. */
async function startLiveSite(): Promise<Server> {
  const server = createServer(({ url }, response) => {
    if (url === '/') response.end('<p>Home</p>');
    else response.writeHead(302, { Location: '/' }).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

/** `*.urls` files as tests. */
function urlTests(opened: () => Promise<Workbench>): void {
  let workbench: Workbench;
  let live: Server;

  beforeAll(async () => {
    live = await startLiveSite();
    workbench = await opened();
    const file = path.join(workbench.folder, 'project/site.urls');
    writeFileSync(file, `${readFileSync(file, 'utf8')}/project/static/site.css -> 404\nnonsense\n`);
    await workbench.openFile('project/site.urls');
  });

  afterAll(() => {
    live?.close();
  });

  const item = (text: string) => workbench.page.locator('.test-explorer .monaco-list-row', { hasText: text });

  it('marks a line that is no test', async () => {
    expect(await workbench.squiggles()).toBe(1);
  });

  it('runs every line, with the difference at the line that failed', async () => {
    await workbench.runCommand('Test: Run All Tests');
    await workbench.runCommand('Testing: Focus on Test Explorer View');
    await item('site.urls').locator('.codicon-testing-failed-icon').first().waitFor();
    // VS Code opens the results by itself, but not where something else took their place meanwhile.
    await workbench.runCommand('Focus on Test Results View');
    const results = workbench.page.locator('.part.panel .test-output-peek-tree');
    await results.locator('.monaco-list-row', { hasText: 'status: expec' }).first().click();
    const shown = workbench.page.locator('.part.panel .monaco-diff-editor .view-line', { hasText: '404' });
    await shown.first().waitFor();
    await workbench.screenshot('tests-1-failed');
  });

  it('shows which rules the tests reach', async () => {
    await workbench.runCommand('Test: Run All Tests with Coverage');
    await workbench.page.locator('.part.sidebar', { hasText: '100.00%' }).waitFor();
    await workbench.openFile('project/.htaccess');
    await workbench.page
      .locator('.codelens-decoration', { hasText: 'URL tests pass through' })
      .first()
      .waitFor();
    await workbench.page.waitForTimeout(1500);
    await workbench.screenshot('tests-2-coverage');
  });

  it('runs them again after every save', async () => {
    await workbench.runCommand('Test: Start Continuous Run');
    await workbench.openFile('project/.htaccess');
    await workbench.page.keyboard.press('Control+Home');
    await workbench.page.keyboard.insertText('Redirect 410 /project/form\n');
    await workbench.page.keyboard.press('Control+S');
    await item('POST /project/form').locator('.codicon-testing-failed-icon').waitFor();
    await workbench.screenshot('tests-3-on-save');
    await workbench.page.keyboard.press('Control+Home');
    await workbench.page.keyboard.press('Control+Shift+K');
    await workbench.page.keyboard.press('Control+S');
    await item('POST /project/form').locator('.codicon-testing-passed-icon').waitFor();
    await workbench.runCommand('Test: Stop Continuous Run');
  });

  it('compares with the real site, and marks what differs there', async () => {
    const url = `http://127.0.0.1:${(live.address() as AddressInfo).port}/`;
    await describeTarget(workbench, 'staging', { ssh: 'nowhere.example', path: '/site', url });
    await workbench.contextMenu(item('site.urls'), 'Execute Using Profile...');
    await workbench.pick('Compare with the real site');
    await workbench.runCommand('Focus on Test Results View');
    const results = workbench.page.locator('.part.panel .test-output-peek-tree .monaco-list-row');
    await results.filter({ hasText: 'The real site differs' }).first().click();
    await item('/project/nothing').locator('.codicon-testing-failed-icon').waitFor();
    await workbench.screenshot('tests-4-live');
  });
}
