import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openWorkbench, whyNoUi, type Workbench } from '../ui';

/** Command lines of this machine that name the folder: what was started for it. */
function startedFor(folder: string): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        return [readFileSync(`/proc/${pid}/cmdline`, 'latin1').replaceAll('\0', ' ')];
      } catch {
        return []; // It has ended meanwhile.
      }
    })
    .filter((line) => line.includes(folder) && /dispatch\.fcgi|\b(python|perl|ruby|php|ssh)/.test(line));
}

/** A folder that the user has not said to trust: it is checked and explained, and nothing of it is run. */
describe.skipIf(whyNoUi !== undefined)('a workspace that is not trusted', () => {
  let workbench: Workbench;

  beforeAll(async () => {
    workbench = await openWorkbench({
      settings: {
        'security.workspace.trust.enabled': true,
        'security.workspace.trust.startupPrompt': 'never',
        'files.autoSave': 'off',
      },
    });
  });

  afterAll(() => workbench?.close());

  it('is checked', async () => {
    writeFileSync(path.join(workbench.folder, 'project/.htaccess'), 'RewriteEngine On\nRewritBase /\n');
    await workbench.openFile('project/.htaccess');
    await workbench.page.locator('.statusbar-item', { hasText: 'Restricted Mode' }).waitFor();
    expect(await workbench.squiggles()).toBe(1);
    await expect.poll(() => workbench.hover('RewriteEngine')).toContain('Switches rewriting on or off');
    await workbench.screenshot('trust-1-checked');
  });

  it('has nothing run, and no command offered that would', async () => {
    await workbench.page.keyboard.press('F1');
    const offered = workbench.page.locator('.quick-input-list .monaco-list-row', { hasText: /^FastCGI: / });
    await workbench.page.locator('.quick-input-widget input[type=text]').fill('>FastCGI: ');
    await offered.filter({ hasText: 'Watch a URL' }).waitFor();
    const titles = (await offered.allInnerTexts()).join('\n');
    expect(titles).not.toMatch(/Run|Debug|Check Dispatcher|Upload|Reload|Download|Roll Back/);
    await workbench.screenshot('trust-2-commands');
    await workbench.page.keyboard.press('Escape');
    await workbench.runCommand('FastCGI: Follow Log');
    await workbench.toast(/Nothing is run or sent from a workspace that you do not trust/);
    await workbench.screenshot('trust-3-refused');
    expect(startedFor(path.join(workbench.folder, 'project'))).toEqual([]);
  });
});
