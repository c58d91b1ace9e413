import { beforeAll, expect, it } from 'vitest';
import type { Workbench } from '../ui';

/** Stepping through the rules of a .htaccess, as with any other program. Needs a window in which nothing was changed yet. */
export function htaccessDebug(opened: () => Workbench): void {
  let workbench: Workbench;

  beforeAll(async () => {
    workbench = opened();
    await workbench.openFile('project/.htaccess');
  });

  const stoppedAt = (line: number) =>
    workbench.page
      .locator('.debug-call-stack .monaco-list-row', { hasText: `${line}:1` })
      .first()
      .waitFor();

  it('asks for a URL and stops at the first line that it meets', async () => {
    await workbench.page.locator('.editor-instance .view-line', { hasText: 'RewriteBase' }).first().click();
    await workbench.open(
      'F5',
      workbench.page.locator('.quick-input-title', { hasText: 'Step Through a URL' }),
    );
    await chooseUrl('/project/hello');
    await workbench.page.locator('.editor-instance .codicon-debug-stackframe').first().waitFor();
    await workbench.runCommand('View: Show Run and Debug');
    await stoppedAt(12);
    await workbench.page.locator('.part.sidebar .monaco-list-row', { hasText: 'Captures' }).click();
    await workbench.page.locator('.part.sidebar .monaco-list-row', { hasText: '$1' }).first().waitFor();
    await workbench.screenshot('htaccess-debug-1');
  });

  it('steps to the conditions', async () => {
    await workbench.runCommand('Debug: Step Over');
    await stoppedAt(8);
    await workbench.runCommand('Debug: Step Over');
    await stoppedAt(9);
    await workbench.screenshot('htaccess-debug-2');
  });

  it('moves a breakpoint on a comment to the next line that can stop', async () => {
    await workbench.page.locator('.editor-instance .view-line', { hasText: 'Every request below' }).click();
    await workbench.runCommand('Debug: Toggle Breakpoint');
    const breakpoint = workbench.page.locator('.debug-breakpoints .monaco-list-row', {
      hasText: '.htaccess',
    });
    await breakpoint.locator('.line-number', { hasText: '8' }).waitFor();
    await workbench.screenshot('htaccess-debug-6-moved');
    await workbench.runCommand('Remove All Breakpoints');
    await breakpoint.waitFor({ state: 'detached' });
  });

  it('steps out to the next request', async () => {
    await workbench.runCommand('Debug: Step Out');
    await workbench.page
      .locator('.debug-call-stack .monaco-list-row', { hasText: 'initial/redir#1' })
      .first()
      .waitFor();
    await workbench.screenshot('htaccess-debug-3');
  });

  it('ends with the outcome', async () => {
    await workbench.runCommand('Debug: Continue');
    await workbench.runCommand('Debug Console: Focus on Debug Console View');
    const console = workbench.page.locator('.repl', { hasText: 'The request ends: dispatch.fcgi' });
    await console.waitFor();
    // Output of a program: what comes as "console" is shown as a warning.
    await console.locator('.value.info', { hasText: 'The request ends' }).first().waitFor();
    await workbench.screenshot('htaccess-debug-4');
    expect(await console.innerText()).toContain('PATH_INFO=/hello');
  });

  it('begins anew with another URL, and stops at a condition where an expression holds', async () => {
    const { page } = workbench;
    await page.locator('.editor-instance .view-line', { hasText: 'css|png' }).first().click();
    await workbench.runCommand('Debug: Add Conditional Breakpoint...');
    const widget = page.locator('.breakpoint-widget .view-lines');
    await page.locator('.breakpoint-widget .monaco-editor.focused').waitFor();
    await page.keyboard.type('%{REQUEST_URI} =~ m#/second$#');
    await expect.poll(() => widget.innerText()).toContain('second');
    await page.keyboard.press('Enter');
    await page.locator('.editor-instance .codicon-debug-breakpoint-conditional').first().waitFor();
    await workbench.open('F5', page.locator('.quick-input-title', { hasText: 'Step Through a URL' }));
    await chooseUrl('/project/first');
    await stoppedAt(12);
    const header = page.locator('.pane-header', { hasText: 'Watch' });
    await header.hover();
    await header.locator('a.action-label[aria-label*="Add Expression"]').click();
    await page
      .locator('.part.sidebar input.input:visible')
      .fill('%{REQUEST_URI} =~ m#(.)econd# && %{QUERY_STRING} == "a=b"');
    await page.keyboard.press('Enter');
    const watched = (value: string) =>
      page.locator('.part.sidebar .debug-watch .monaco-list-row', { hasText: value }).first().waitFor();
    await watched('false');
    await anotherUrl('/project/first', '/project/second?a=b');
    await watched('true');
    await stoppedAt(12);
    await workbench.runCommand('Debug: Continue');
    await stoppedAt(11);
    await workbench.screenshot('htaccess-debug-5-condition');
    await anotherUrl('/project/second?a=b', '/project/third');
    await stoppedAt(12);
    await workbench.runCommand('Debug: Continue');
    await page.locator('.repl', { hasText: 'PATH_INFO=/third' }).waitFor();
  });

  const chooseUrl = async (url: string) => {
    await workbench.page.locator('.quick-input-widget input[type=text]').fill(url);
    await workbench.page.locator('.quick-input-list .monaco-list-row', { hasText: `${url}as typed` }).click();
    await workbench.page.locator('.quick-input-widget').waitFor({ state: 'hidden' });
  };

  /** The box holds the present one at first. */
  const anotherUrl = async (present: string, wanted: string) => {
    await workbench.runCommand('FastCGI: Step Through Another URL...');
    await workbench.page.locator('.quick-input-title', { hasText: 'Step Through a URL' }).waitFor();
    const box = workbench.page.locator('.quick-input-widget input[type=text]');
    expect(await box.inputValue()).toBe(present);
    await chooseUrl(wanted);
  };
}
